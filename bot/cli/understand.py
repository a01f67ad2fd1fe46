"""`nuanxin understand`: one message a line in, one JSON a line out (design §9)."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from bot.cli.common import Config, fail, settings_of

ENGINES = ("linear", "combined")


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("understand")(understand)


def understand(
    engine: Annotated[str, typer.Option(help="linear, combined")] = "combined",
    config: Config = None,
) -> None:
    """一行一句,看听成什么 · one message a line on stdin, one JSON a line."""
    from bot.house import NLU_DATA
    from bot.understanding import load

    if engine not in ENGINES:
        fail(f"--engine {engine}: {', '.join(ENGINES)}")
    reader = load(NLU_DATA, settings_of(config).env.data / "cache")
    for raw in sys.stdin.buffer:
        text = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not text:
            continue
        found = reader.read(text).as_json()
        shown = {
            "text": text,
            **{key: found[key] for key in ("danger", "needs", "act", "who", "confidence")},
        }
        line = json.dumps(shown, ensure_ascii=False)
        sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape") + b"\n")
        sys.stdout.buffer.flush()
