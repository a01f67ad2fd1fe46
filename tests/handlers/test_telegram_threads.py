"""Edits, which stand beside the original, and replies, which speak of a case."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.advisors import claim, close, reply
from handlers.ports import Viewer
from storage import entries
from storage.cases import Case
from storage.due import Due
from storage.notices import Notice
from tests.handlers.chats import Chatter
from tests.handlers.street import ANSWERS, CARE, DIE, FALL, RELAY, WHERE, Street, conversations_of


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


def lines_of(street: Street, chen: Chatter) -> list[entries.Line]:
    return street.write(entries.after, conversations_of(street, chen.who).id, 0)


def edit(chen: Chatter, original: str, text: str, number: int = 1) -> list[str]:
    before = chen.last_seq
    chen.sends(external_id=f"e{original}.{number}", kind="edit", edits=original, text=text)
    return chen.heard(before)


# --- edits ------------------------------------------------------------------------------------


def test_an_edit_stands_beside_the_original(street: Street, chen: Chatter) -> None:
    made = chen.sends(text="我住3号")
    edit(chen, made, "我住5号")
    edit(chen, made, "我住7号", 2)
    first, *edits = [line for line in lines_of(street, chen) if line.sender == "me"]
    assert first.text == "我住3号"
    assert [(line.kind, line.ref, line.text, line.extra) for line in edits] == [
        ("edited", first.seq, "我住5号", {"original": "我住3号"}),
        ("edited", first.seq, "我住7号", {"original": "我住5号"}),
    ]


def test_an_edit_that_changes_no_word_is_nothing(street: Street, chen: Chatter) -> None:
    made = chen.sends(text="我住3号")
    before = chen.last_seq
    assert edit(chen, made, "我住3号") == []
    assert chen.last_seq == before


def test_an_edit_of_what_is_not_known_is_kept(street: Street, chen: Chatter) -> None:
    edit(chen, "nothing", "我住5号")
    (line,) = [line for line in lines_of(street, chen) if line.sender == "me"]
    assert (line.kind, line.ref, line.text, line.extra) == ("edited", None, "我住5号", {})


def test_an_edit_advances_no_dialog(chen: Chatter) -> None:
    chen.says("看病没钱")
    made = chen.sends(text="勿晓得讲啥")
    asked = chen.question
    assert edit(chen, made, "8000") == []
    assert chen.question["text"] == asked["text"]


def test_an_edit_cancels_no_danger(street: Street, chen: Chatter) -> None:
    made = chen.sends(text=DIE)
    assert edit(chen, made, "打错了") == []
    assert (chen.case.urgency, chen.case.dangers) == ("red", ["suicide_selfharm"])


def test_new_danger_in_an_edit_rings_and_is_answered(street: Street, chen: Chatter) -> None:
    made = chen.sends(text="我爸出门了")
    assert "120" in "".join(edit(chen, made, FALL))
    assert chen.case.urgency == "red"
    assert street.rows(Notice, kind="ring")


def test_the_same_danger_in_an_edit_is_no_new_one(street: Street, chen: Chatter) -> None:
    made = chen.sends(text=DIE)
    rung = len(street.rows(Notice, kind="ring"))
    street.advance(minutes=2)
    assert edit(chen, made, DIE + "。") == []
    assert len(street.rows(Notice, kind="ring")) == rung


def test_an_edit_is_shown_to_whoever_has_the_case_open(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    made = chen.sends(text="明天有空伐")
    before = max(row.seq for row in street.rows(Notice))
    edit(chen, made, "后天有空伐")
    assert [one["number"] for one in street.told(li, before)] == [case.number]
    last = [line for line in street.view(li, case.id).entries if line.from_ == "resident"][-1]
    assert (last.text, last.original) == ("后天有空伐", "明天有空伐")


def test_an_edit_belongs_to_the_case_of_its_original(street: Street, chen: Chatter) -> None:
    made = chen.sends(text=CARE)
    first = files_on(chen)
    chen.says(RELAY)
    edit(chen, made, "我一个人住,想进养老院,腿脚不便")
    assert lines_of(street, chen)[-1].case_id == first.id


def test_new_danger_in_an_edit_is_the_danger_of_its_case(street: Street, chen: Chatter) -> None:
    made = chen.sends(text=CARE)
    first = files_on(chen)
    second = relays(chen)
    edit(chen, made, FALL)
    urgencies = {row.id: row.urgency for row in street.rows(Case)}
    assert urgencies[first.id] == "red"
    assert urgencies[second.id] != "red"


# --- replies ----------------------------------------------------------------------------------


def files_on(chen: Chatter) -> Case:
    """Answer what is asked after the first words, and confirm."""
    chen.says(*ANSWERS)
    chen.taps("对的")
    chen.gets()
    return chen.case  # type: ignore[no-any-return]


def relays(chen: Chatter) -> Case:
    """A second case in the same chat, for a neighbour."""
    chen.says(RELAY)
    for _ in range(10):
        if chen.log()[-1]["tone"] != "question":
            break
        chen.sends(kind="choice", choice=chen.log()[-1]["choices"][0]["value"])
    if chen.log()[-1]["tone"] == "summary":
        chen.taps("对的")
    chen.gets()
    return chen.case  # type: ignore[no-any-return]


@pytest.fixture
def two(street: Street, chen: Chatter, li: Viewer) -> tuple[Case, Case]:
    """Two cases of one chat, the second one spoken of; the advisor has written in the first."""
    chen.sends(text=CARE)
    first = files_on(chen)
    street.act(claim.claim, li, first.id)
    street.act(reply.reply, li, first.id, "a1", "您要什么样的养老院?")
    street.advance(hours=1)
    chen.gets()
    second = relays(chen)
    assert second.id != first.id
    assert spoken_of(street, chen) == second.id
    return first, second


def spoken_of(street: Street, chen: Chatter) -> Any:
    return conversations_of(street, chen.who).case_id


def seq_of(chen: Chatter, text: str) -> int:
    (found,) = [line["seq"] for line in chen.log() if line["text"] == text]
    return int(found)


def test_a_reply_selects_the_case_and_the_words_go_to_it(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    first, _ = two
    said = chen.replies(seq_of(chen, "您要什么样的养老院?"), "近一点的")
    assert spoken_of(street, chen) == first.id
    line = next(line for line in lines_of(street, chen) if line.text == "近一点的")
    assert line.case_id == first.id
    assert said[0].startswith("收到了。李顾问会在")
    assert "answer" in {row.kind for row in street.rows(Due, case_id=first.id)}


def test_a_reply_to_ones_own_line_selects_its_case_too(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    own = next(line for line in chen.mine if line["text"] == CARE)
    chen.sends(text="还有一样事体要讲", reply_to=own["id"])
    assert spoken_of(street, chen) == two[0].id


def test_another_need_in_a_reply_is_for_the_case_replied_to(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    said = chen.replies(seq_of(chen, "您要什么样的养老院?"), RELAY)
    assert said[0].startswith("收到了。李顾问会在")
    assert len(street.rows(Case)) == 2


def test_a_reply_while_a_dialog_waits_is_no_answer_to_it(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    chen.says("看病没钱")
    chen.taps("cmd:menu")
    asked = chen.question
    said = chen.replies(seq_of(chen, "您要什么样的养老院?"), "看病的钱")
    assert said[0].startswith("收到了。李顾问会在")
    assert said[-1] == asked["text"]
    assert chen.question["choices"] == asked["choices"]


def test_danger_in_a_reply_is_the_danger_of_that_case(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    first, second = two
    chen.replies(seq_of(chen, "您要什么样的养老院?"), FALL)
    urgencies = {row.id: row.urgency for row in street.rows(Case)}
    assert urgencies[first.id] == "red"
    assert urgencies[second.id] != "red"


def test_a_reply_to_a_line_of_no_case_changes_nothing(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    chen.says("看病没钱")
    chen.gets()
    before = spoken_of(street, chen)
    chen.replies(chen.question["seq"], "8000")
    assert spoken_of(street, chen) == before
    assert chen.question["text"] == "您有医保吗?", "an answer to the question is an answer"
    chen.sends(text="有", reply_to="unknown")
    assert spoken_of(street, chen) == before


def test_a_tap_never_changes_the_case_spoken_of(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    body = next(one for one in chen.bodies if one["text"] == "您要什么样的养老院?")
    chen.taps_under(body, "看到了")
    chen.sends(kind="choice", choice="cmd:where", reply_to=chen.numbers[body["seq"]])
    assert spoken_of(street, chen) == two[1].id


def test_nobody_selects_the_case_of_somebody_else(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    other = Chatter(street, "other")
    other.says("喂")
    other.sends(text="近一点的", reply_to=next(iter(chen.numbers.values())))
    assert spoken_of(street, other) is None


def test_a_reply_about_a_closed_case_speaks_of_it_again(
    street: Street, chen: Chatter, li: Viewer, two: tuple[Case, Case]
) -> None:
    first, second = two
    street.act(close.close, li, first.id, "done")
    street.act(claim.claim, li, second.id)
    street.act(close.close, li, second.id, "done")
    assert spoken_of(street, chen) == second.id
    chen.replies(seq_of(chen, "您要什么样的养老院?"), WHERE)
    assert spoken_of(street, chen) == first.id
    chen.taps("cmd:reopen")
    status = {row.id: row.status for row in street.rows(Case)}
    assert (status[first.id], status[second.id]) == ("received", "closed")


def test_a_reply_about_a_closed_case_takes_no_words_from_the_open_one(
    street: Street, chen: Chatter, li: Viewer, two: tuple[Case, Case]
) -> None:
    first, second = two
    street.act(close.close, li, first.id, "done")
    chen.replies(seq_of(chen, "您要什么样的养老院?"), "那王阿婆呢")
    assert spoken_of(street, chen) == second.id
    line = next(line for line in lines_of(street, chen) if line.text == "那王阿婆呢")
    assert line.case_id == second.id


def test_a_reply_says_to_which_line_it_is(
    street: Street, chen: Chatter, two: tuple[Case, Case]
) -> None:
    seq = seq_of(chen, "您要什么样的养老院?")
    chen.replies(seq, "近一点的")
    line = next(line for line in lines_of(street, chen) if line.text == "近一点的")
    assert line.extra == {"reply_to": seq}
