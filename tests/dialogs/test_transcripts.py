"""Golden transcripts: what a person does and what is said back, over every flow and step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dialogs.content import Content, play
from dialogs.reading_yaml import read

FOLDER = Path(__file__).parents[1] / "transcripts"
FILES = sorted(FOLDER.glob("*.yml"))


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 15


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path, content: Content) -> None:
    golden = read(path)
    assert set(golden) <= {"flow", "slots", "talk"}
    expected = [line.rstrip() for line in golden["talk"].strip().splitlines()]
    said = [line.removeprefix(">").strip() for line in expected if line.startswith(">")]
    heard = [line.rstrip() for line in play(content, golden["flow"], said, golden.get("slots"))]
    assert heard == expected


def _told(content: Content) -> dict[str, set[str]]:
    """For each flow, the lines said in transcripts while it was the flow played."""
    told: dict[str, set[str]] = {name: set() for name in content.flows}
    for path in FILES:
        golden: dict[str, Any] = read(path)
        flow = golden["flow"]
        for line in golden["talk"].splitlines():
            if line.startswith("(flow "):
                flow = line.split()[1].rstrip(")")
            told[flow].add(line)
    return told


def test_every_flow_has_a_transcript(content: Content) -> None:
    told = _told(content)
    assert told
    assert [name for name, lines in told.items() if not lines] == []


def test_every_step_is_asked_in_a_transcript(content: Content) -> None:
    told = _told(content)
    silent = [
        f"{flow.name}.{step.name}"
        for flow in content.flows.values()
        for step in flow.steps.values()
        if not {step.ask, step.ask_other} & told[flow.name]
    ]
    assert silent == []


def test_a_changed_word_is_noticed(content: Content) -> None:
    golden = read(FOLDER / "human.yml")
    assert list(play(content, "human", ["13812345679"])) != golden["talk"].strip().splitlines()
