"""A flow played and drawn, as `nuanxin flows play|draw|check` show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.content import Content, check_wording, draw, heard, load_content, play
from dialogs.engine import Answer, Button


def test_drawn_from_the_table(content: Content) -> None:
    picture = draw(content.flows["long_term_care"])
    lines = picture.splitlines()
    assert lines[0] == "flowchart TD"
    assert '  s0 -->|"没有人"| s1' in lines
    assert '  s0 -->|"有家人 / 有保姆"| s2' in lines
    assert '  s4 -->|"先不要"| finish' in lines
    assert lines[-1] == "  finish([summary])"


def test_every_flow_is_drawn_whole(content: Content) -> None:
    assert content.flows
    for flow in content.flows.values():
        picture = draw(flow)
        assert all(step.ask in picture for step in flow.steps.values())
        assert all(choice.say in picture for s in flow.steps.values() for choice in s.choices)


def test_quotes_do_not_break_a_drawing(house: Path) -> None:
    path = house / "flows" / "human.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("顾问打哪个", '\'顾问打"哪"个').replace("不说也行。", "行。'"),
        encoding="utf-8",
    )
    assert "打&quot;哪&quot;个" in draw(load_content(folder=house).flows["human"])


def test_played_line_by_line(content: Content) -> None:
    assert list(play(content, "human", ["喂喂", "[跳过]", "还有呢"])) == [
        "顾问打哪个电话找您?不说也行。",
        "[跳过]",
        "> 喂喂",
        "您好。我在这里听您说。",
        "顾问打哪个电话找您?不说也行。",
        "[跳过]",
        "> [跳过]",
        "(file)",
    ]


def test_a_line_as_an_answer() -> None:
    buttons = (Button("没有人", "x:1:nobody"),)
    assert heard("[没有人]", buttons) == Answer(choice="x:1:nobody")
    assert heard("(photo)", buttons) == Answer(media="photo")
    assert heard("没有人", buttons) == Answer(text="没有人")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_wording_is_reported_with_its_place(house: Path, language: str) -> None:
    spoiled = {
        "zh": ("zh.yml", "收到了。\n", "请提交申请。\n"),
        "en": ("en.yml", "I have got it.\n", "One. Two. Three.\n"),
    }
    name, old, new = spoiled[language]
    path = house / "phrases" / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (fault,) = check_wording(load_content(language, house))
    assert fault.startswith("ack.received: ")
