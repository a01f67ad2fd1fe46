"""`nuanxin flows`: check, list, play and draw what advisors write."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.common import both, fail

Language = Annotated[str, typer.Option(help="zh, en")]


def add(app: typer.Typer) -> None:
    """Add the room."""
    room = typer.Typer(help="流程 · the dialogs", no_args_is_help=True)
    room.command("check")(check)
    room.command("list")(show)
    room.command("play")(play)
    room.command("draw")(draw)
    app.add_typer(room, name="flows")


def check() -> None:
    """查一遍流程和话 · check flows and sentences, in both languages."""
    from dialogs.content import check_wording, load_content
    from dialogs.reading_yaml import ContentError

    wrong: list[str] = []
    flows = sentences = 0
    for language in ("zh", "en"):
        try:
            content = load_content(language)
        except ContentError as error:
            wrong.append(str(error))
            continue
        wrong += check_wording(content)
        flows, sentences = len(content.flows), len(list(content.phrases))
    if wrong:
        for line in wrong:
            print(line, file=sys.stderr)
        raise typer.Exit(1)
    print(both("flows_good", n=str(flows), m=str(sentences)))


def show(language: Language = "zh") -> None:
    """有哪些流程 · which flows there are."""
    from dialogs.content import load_content

    for name, flow in load_content(language).flows.items():
        print(f"{name}\t{flow.kind}\t{len(flow.steps)}\t{flow.title}")


def play(flow: str, language: Language = "zh") -> None:
    """走一遍:一行一句 · play a flow, one answer a line."""
    from dialogs.content import load_content
    from dialogs.content import play as played

    content = load_content(language)
    if flow not in content.flows:
        fail(f"{flow}: {', '.join(content.flows)}")
    if sys.stdin.isatty():
        print(both("play_how"))
    for line in played(content, flow, (each.rstrip("\n") for each in sys.stdin)):
        print(line, flush=True)


def draw(flow: str, language: Language = "zh") -> None:
    """画成流程图(mermaid)· a flowchart."""
    from dialogs.content import draw as drawn
    from dialogs.content import load_content

    content = load_content(language)
    if flow not in content.flows:
        fail(f"{flow}: {', '.join(content.flows)}")
    print(drawn(content.flows[flow]))
