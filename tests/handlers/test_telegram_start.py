"""/start, a poster's link, how this works, and what nobody can read."""

from __future__ import annotations

import pytest

from handlers.advisors import claim, reply
from handlers.ports import Viewer
from storage.due import Due
from tests.handlers.chats import Chatter, answered, extras
from tests.handlers.street import ANSWERS, CARE, FALL, Street

HELLO = "您好,这里是民生暖心屋。有难处您慢慢说。\n急事险事只管说,我马上回。要找真人,点找人工。"
HERE = "我们刚才说到这里。"
MENU = "您遇到什么难处了?"


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


def start(chen: Chatter, payload: str = "") -> list[str]:
    before = chen.last_seq
    chen.sends(kind="start", text=payload)
    return chen.heard(before)


# --- start ------------------------------------------------------------------------------------


def test_start_greets_and_opens_the_menu(chen: Chatter) -> None:
    assert start(chen) == [f"{HELLO}\n{MENU}"]
    assert chen.mine[0]["text"] == "(打开了对话)"


def test_start_twice_does_not_repeat_everything(chen: Chatter) -> None:
    start(chen)
    assert start(chen) == [f"您好。我在这里听您说。\n{MENU}"]


def test_at_most_one_message_of_a_turn_makes_a_sound(chen: Chatter) -> None:
    """Every message on Telegram is a sound in a pocket: what leads to a question is quiet."""
    for words in ({"kind": "start"}, {"text": CARE}, {"text": "没有人"}):
        chen.sends(**words)
        loud = [body for body in chen.gets() if not body["extra"].get("silent")]
        assert len(loud) == 1
        assert loud[0]["tone"] == "question"


def test_back_stands_only_where_it_can_do_something(chen: Chatter) -> None:
    start(chen)
    chen.says("看病没钱", "8000")
    asked = [body for body in chen.gets() if body["tone"] == "question"]
    assert [bool(body["extra"].get("first")) for body in asked] == [True, True, False]


def test_the_card_shows_what_they_said_and_not_that_they_came(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    start(chen)
    chen.says(CARE, *ANSWERS)
    chen.taps("对的")
    (card,) = street.queue(li)
    assert card.line == CARE
    assert card.unread == len(chen.mine) - 1


def test_start_repeats_what_was_asked_and_begins_nothing_anew(chen: Chatter) -> None:
    chen.says("看病没钱", "8000")
    asked = chen.question
    here = f"{HERE}\n{asked['text']}"
    assert start(chen) == [here]
    assert start(chen, "long_term_care") == [here]
    assert chen.question["choices"] == asked["choices"]


def test_a_posters_link_begins_its_flow(chen: Chatter) -> None:
    (said,) = start(chen, "medical_aid")
    assert said.startswith(HELLO)
    assert said.endswith("看病自己花了多少钱?")


def test_a_posters_link_in_the_open_menu_begins_its_flow(chen: Chatter) -> None:
    start(chen)
    assert start(chen, "medical_aid")[-1] == "看病自己花了多少钱?"


def test_a_link_for_a_human_calls_one(street: Street, chen: Chatter, li: Viewer) -> None:
    start(chen, "human")
    assert [card.number for card in street.queue(li)] == [chen.case.number]


def test_any_other_payload_is_kept_and_opens_the_menu(street: Street, chen: Chatter) -> None:
    assert start(chen, "poster-7") == [f"{HELLO}\n{MENU}"]
    assert extras(street, chen)[0] == {"payload": "poster-7"}


def test_start_says_nothing_over_a_human_who_speaks(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    answered(street, chen, li)
    waiting = due_of(street)
    assert start(chen) == []
    assert start(chen, "medical_aid") == []
    assert due_of(street) == waiting, "an opened chat is no question"


def test_start_with_a_case_says_how_far_it_is_and_leaves_the_way_to_the_advisor_open(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    case = answered(street, chen, li)
    street.advance(hours=1)
    assert start(chen) == ["您好,又见面了。您请说。", f"{case.number} 号,李顾问一直在跟着。"]
    assert chen.says("明天几点来?")[0].startswith("收到了。李顾问会在")


def test_start_puts_no_form_over_danger(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.says(CARE)
    chen.says(FALL)
    assert start(chen) == ["我在。请现在就打 120。\n您现在一个人吗?"]
    assert chen.question["tone"] == "danger"
    assert start(chen, "medical_aid") == ["我在。请现在就打 120。\n您现在一个人吗?"]


def test_help_is_short_and_the_question_comes_again(chen: Chatter) -> None:
    assert chen.taps("cmd:help") == ["打字、录音、拍照都行。要找真人,点找人工。", MENU]
    chen.says("看病没钱")
    assert chen.taps("cmd:help")[1:] == ["看病自己花了多少钱?"]
    assert chen.mine[-1]["text"] == "怎么用"


def test_help_says_nothing_over_a_human_and_puts_no_form_over_danger(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    chen.says(CARE, FALL)
    assert chen.taps("cmd:help") == ["打字、录音、拍照都行。要找真人,点找人工。"]
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "a1", "我来了")
    assert chen.taps("cmd:help") == []


# --- what nobody can read ---------------------------------------------------------------------


def unreadable(chen: Chatter) -> list[str]:
    before = chen.last_seq
    chen.sends(kind="unknown")
    return chen.heard(before)


KINDLY = "这个我看不了。请您打字,或者录音。"


def test_what_nobody_can_read_is_answered_kindly_and_asked_again(chen: Chatter) -> None:
    assert unreadable(chen) == [KINDLY, MENU]
    chen.says("看病没钱")
    asked = chen.question
    assert unreadable(chen) == [KINDLY, asked["text"]]
    assert chen.question["choices"] == asked["choices"]
    assert chen.mine[-1]["text"] == "(发来一样东西,这里看不了)"


def test_what_nobody_can_read_is_silent_under_a_human(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    answered(street, chen, li)
    assert unreadable(chen) == []


def test_words_beside_what_nobody_can_read_are_words(chen: Chatter) -> None:
    chen.sends(kind="unknown", text="看病没钱")
    assert chen.question["text"] == "看病自己花了多少钱?"
    chen.sends(kind="unknown", text=FALL)
    assert chen.case.urgency == "red"


def due_of(street: Street) -> set[str]:
    return {row.key for row in street.rows(Due)}
