"""What a chat brings beside words and taps: /start, files, albums, places, forwarded words."""

from __future__ import annotations

import pytest

from handlers.advisors import claim, reply
from handlers.ports import Viewer
from storage import entries
from storage.cases import Case
from storage.due import Due
from storage.notices import Notice
from tests.handlers.chats import Chatter
from tests.handlers.street import CARE, DIE, FALL, Street, conversations_of

ANSWERS = ("没有人", "76", "可以", "13812345678", "康定路3号")
HELLO = ["您好,这里是民生暖心屋。有难处您慢慢说。", "急事险事只管说,我马上回。要找真人,点找人工。"]
MENU = "您遇到什么难处了?"


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


@pytest.fixture
def li(street: Street) -> Viewer:
    return street.member()


def start(chen: Chatter, payload: str = "") -> list[str]:
    before = chen.last_seq
    chen.sends(kind="start", text=payload)
    return chen.heard(before)


# --- start ------------------------------------------------------------------------------------


def test_start_greets_and_opens_the_menu(chen: Chatter) -> None:
    assert start(chen) == [*HELLO, MENU]
    assert chen.mine[0]["text"] == "(打开了对话)"


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
    assert start(chen) == [asked["text"]]
    assert start(chen, "long_term_care") == [asked["text"]]
    assert chen.question["choices"] == asked["choices"]


def test_a_posters_link_begins_its_flow(chen: Chatter) -> None:
    said = start(chen, "medical_aid")
    assert said[:2] == HELLO
    assert said[-1] == "看病自己花了多少钱?"


def test_a_posters_link_in_the_open_menu_begins_its_flow(chen: Chatter) -> None:
    start(chen)
    assert start(chen, "medical_aid")[-1] == "看病自己花了多少钱?"


def test_a_link_for_a_human_calls_one(street: Street, chen: Chatter, li: Viewer) -> None:
    start(chen, "human")
    assert [card.number for card in street.queue(li)] == [chen.case.number]


def test_any_other_payload_is_kept_and_opens_the_menu(street: Street, chen: Chatter) -> None:
    assert start(chen, "poster-7") == [*HELLO, MENU]
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
    assert start(chen) == ["我在。请现在就打 120。"]
    assert chen.question["tone"] == "danger"
    assert start(chen, "medical_aid") == ["我在。请现在就打 120。"]


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


# --- files and places -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"), [("photo", "照片收到了,顾问会看。"), ("document", "文件收到了,顾问会看。")]
)
def test_a_file_is_kept_and_the_dialog_moves_on(
    street: Street, chen: Chatter, li: Viewer, kind: str, said: str
) -> None:
    chen.says("看病没钱")
    file = chen.file(kind, "化验单.pdf")
    chen.sends(kind=kind, media=file)
    assert chen.heard()[-2:] == [said, "您有医保吗?"]
    chen.says("有医保", "先不要", "先不要")
    chen.taps("对的")
    view = street.view(li, chen.case.id)
    assert [line.media.id for line in view.entries if line.media] == [file.id]
    assert next(slot for slot in view.slots if slot.key == "bill").source == "media"


def test_a_file_is_a_beginning_too(chen: Chatter) -> None:
    chen.sends(kind="document", media=chen.file("document"))
    assert chen.heard()[0] == "文件收到了,顾问会看。"
    assert chen.question["tone"] == "question"


def test_a_caption_is_words_and_the_photo_is_kept_with_them(chen: Chatter) -> None:
    chen.sends(kind="photo", media=chen.file(), text="看病没钱")
    assert chen.heard()[0] == "照片收到了,顾问会看。"
    assert chen.question["text"] == "看病自己花了多少钱?"
    chen.sends(kind="photo", media=chen.file(), text="8000块")
    assert chen.question["text"] == "您有医保吗?"
    assert [(line["text"], bool(line["media"])) for line in chen.mine] == [
        ("看病没钱", True),
        ("8000块", True),
    ]


def test_a_caption_that_answers_nothing_leaves_the_photo_an_answer(chen: Chatter) -> None:
    chen.says("看病没钱")
    chen.sends(kind="photo", media=chen.file(), text="这张是昨天的")
    assert chen.heard()[-2:] == ["照片收到了,顾问会看。", "您有医保吗?"]


def test_danger_in_a_caption_rings(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.sends(kind="document", media=chen.file("document"), text=DIE)
    assert chen.case.urgency == "red"
    assert [one["kind"] for one in street.told(li) if one["kind"] == "ring"]


def test_a_place_is_kept_as_it_was_given_and_the_dialog_moves_on(chen: Chatter) -> None:
    chen.says("看病没钱")
    chen.sends(kind="place", text="31.230400,121.473700 瑞金医院 瑞金二路197号")
    assert chen.heard()[-2:] == ["位置收到了,顾问会看。", "您有医保吗?"]
    assert chen.mine[-1]["text"] == "31.230400,121.473700 瑞金医院 瑞金二路197号"


def test_the_figures_of_a_place_are_no_telephone_number(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    chen.says("找人工")
    chen.sends(kind="place", text="31.138123,121.381234 567")
    assert chen.heard()[-2:] == ["位置收到了,顾问会看。", "好的。顾问在这里回您。"]
    assert not street.view(li, chen.case.id).people["helped"].has_phone


# --- albums -----------------------------------------------------------------------------------


def album(chen: Chatter, *captions: str) -> list[str]:
    before = chen.last_seq
    for caption in captions:
        chen.sends(kind="photo", media=chen.file(), album="a1", text=caption)
    return chen.heard(before)


def test_an_album_is_one_answer(street: Street, chen: Chatter) -> None:
    chen.says("看病没钱")
    assert album(chen, "", "", "") == ["照片收到了,顾问会看。", "您有医保吗?"]
    assert len([line for line in chen.mine if line["media"]]) == 3
    assert extras(street, chen)[1:] == [{"album": "a1"}] * 3


def test_another_album_is_another_answer(chen: Chatter) -> None:
    chen.says("看病没钱")
    album(chen, "", "")
    chen.sends(kind="photo", media=chen.file(), album="a2")
    assert chen.heard()[-2:] == ["照片收到了,顾问会看。", chen.question["text"]]
    assert chen.question["text"] != "您有医保吗?"


def test_danger_under_any_picture_of_an_album_rings(chen: Chatter) -> None:
    chen.says("看病没钱")
    album(chen, "", "", DIE)
    assert chen.case.urgency == "red"


def test_the_other_pictures_are_told_to_the_human(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    case = answered(street, chen, li)
    album(chen, "", "")
    lines = [line for line in street.view(li, case.id).entries if line.media]
    assert len(lines) == 2
    assert "answer" in {row.kind for row in street.rows(Due, case_id=case.id)}


# --- forwarded --------------------------------------------------------------------------------


def test_forwarded_words_are_marked(street: Street, chen: Chatter) -> None:
    chen.sends(text="看病没钱", forwarded=True)
    assert extras(street, chen)[0] == {"forwarded": True}
    assert chen.question["text"] == "看病自己花了多少钱?"


def test_danger_in_forwarded_words_rings_all_the_same(
    street: Street, chen: Chatter, li: Viewer
) -> None:
    chen.sends(text=DIE, forwarded=True)
    assert chen.case.urgency == "red"
    assert street.rows(Notice, kind="ring")


# --- what tests need --------------------------------------------------------------------------


def answered(street: Street, chen: Chatter, li: Viewer) -> Case:
    case: Case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    return case


def due_of(street: Street) -> set[str]:
    return {row.key for row in street.rows(Due)}


def extras(street: Street, chen: Chatter) -> list[dict[str, object]]:
    """What is kept beside the words of their own lines."""
    talk = conversations_of(street, chen.who).id
    lines = street.write(entries.after, talk, 0)
    return [line.extra for line in lines if line.sender == "me"]
