"""What a chat brings beside words and taps: files, albums, places, forwarded words."""

from __future__ import annotations

import pytest

from dialogs.meaning.reading import Reading
from handlers.ports import Viewer
from storage.due import Due
from storage.notices import Notice
from tests.handlers.chats import Chatter, answered, extras
from tests.handlers.street import CARE, DIE, Scripted, Street


@pytest.fixture
def chen(street: Street) -> Chatter:
    return Chatter(street)


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


def test_what_stands_beside_a_place_is_nobodys_number(street: Street, chen: Chatter) -> None:
    assert isinstance(street.reader, Scripted)
    text = "31.230400,121.473700 社区食堂 13812345678"
    street.reader.known[text] = Reading(slots={"phone": "13812345678"})
    chen.files(CARE, ("没有人", "76", "先不要"))
    before = chen.last_seq
    chen.sends(kind="place", text=text)
    said = chen.heard(before)
    assert said[0] == "位置收到了,顾问会看。"
    assert "号码记下了。顾问会打这个号码。" not in said


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
