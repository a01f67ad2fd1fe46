"""Parcels of the house as Telegram shows them: golden tables, no library."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import text
from bot.channels.telegram.files import File
from bot.channels.telegram_staff.layout import Part, parts
from handlers.staff_chat.parcels import body

VOICE = {"id": "a" * 32, "kind": "voice", "mime": "audio/webm", "seconds": 6.6, "name": None}
SENT_VOICE = File("a" * 32, "voice", "voice.webm", "audio/webm", 7)
ROW = [{"label": "我来", "value": "cl:~abc"}, {"label": "看对话", "value": "rd:~abc"}]


def laid(what: str = "text", **more: Any) -> tuple[Part, ...]:
    media = more.pop("media", None)
    return parts(body(what, **more) | {"media": media})


GOLDEN: dict[str, tuple[dict[str, Any], tuple[Part, ...]]] = {
    "words": ({"text": "好的。"}, (Part("好的。"),)),
    "nothing": ({"what": "nothing", "text": "?"}, ()),
    "nothing to see": ({"text": " \n "}, ()),
    "a card": (
        {"what": "card", "title": "#231 陈老伯", "text": "a < b & c", "rows": [ROW],
         "silent": True},
        (
            Part(
                "<b>#231 陈老伯</b>\na &lt; b &amp; c",
                ((("我来", "cl:~abc"), ("看对话", "rd:~abc")),),
                silent=True,
            ),
        ),
    ),
    "a title alone": ({"title": "队列"}, (Part("<b>队列</b>"),)),
    "a card laid out anew": (
        {"what": "card", "title": "#231", "text": "李顾问接了", "edit": "77"},
        (Part("<b>#231</b>\n李顾问接了", edit=77),),
    ),
    "an answer": ({"text": "送到了", "reply_to": "12"}, (Part("送到了", reply_to=12),)),
    "no number": ({"text": "好", "reply_to": "cb:12"}, (Part("好"),)),
    "a voice note": ({"what": "talk", "media": VOICE}, (Part(file=SENT_VOICE),)),
    "a voice note with words": (
        {"what": "talk", "title": "陈老伯", "text": "语音", "media": VOICE, "rows": [ROW[:1]],
         "reply_to": "3"},
        (Part("<b>陈老伯</b>\n语音", ((("我来", "cl:~abc"),),), SENT_VOICE, reply_to=3),),
    ),
    "the last words": (
        {"text": "再见", "ends": True}, (Part("再见"), Part(leave=True)),
    ),
    "too long a value": (
        {"text": "好", "rows": [[{"label": "?", "value": "x" * 65}], ROW[:1]]},
        (Part("好", ((("我来", "cl:~abc"),),)),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    given_, expected = GOLDEN[name]
    assert laid(**given_) == expected


def test_long_words_are_several_and_the_buttons_stand_under_the_last() -> None:
    said = "这是一句话。" * 2_000
    made = laid(title="陈老伯", text=said, rows=[ROW], reply_to="5", silent=True)
    assert len(made) == 3
    assert [part.reply_to for part in made] == [5, None, None]
    assert [bool(part.rows) for part in made] == [False, False, True]
    assert all(part.silent for part in made)
    assert made[0].html.startswith("<b>陈老伯</b>\n这是一句话。")
    assert all(part.html.endswith("。") for part in made)


def test_more_words_than_fit_under_a_file_come_after_it() -> None:
    made = laid(title="陈老伯", text="字" * 1_100, media=VOICE, rows=[ROW])
    assert made[0] == Part(file=SENT_VOICE)
    assert made[1].html.startswith("<b>陈老伯</b>\n字")
    assert made[1].rows


def test_what_is_edited_stays_one_message() -> None:
    made = laid("card", title="#1", text="字" * 9_000, edit="77", rows=[ROW])
    assert len(made) == 1
    assert made[0].edit == 77
    assert made[0].rows


@given(st.text(max_size=60).filter(lambda title: "\n" not in title), st.text(max_size=9_000))
def test_every_part_fits_and_no_words_are_lost(title: str, said: str) -> None:
    made = laid(title=title, text=said)
    seen = [unescape(part.html.replace("<b>", "").replace("</b>", "")) for part in made]
    assert all(text.units(each) <= text.TEXT_LIMIT for each in seen)
    whole = "".join("".join(each.replace("\u2060", "").split()) for each in seen)
    said = said.replace("\u2060", "")
    title = title.replace("\u2060", "")
    assert whole == "".join(text.clean(title + said).split())


@pytest.mark.parametrize("said", ["/duty", "看 /leave", "//duty", ":/duty", "@boss 好", "a@b.cn"])
def test_a_residents_words_cannot_be_tapped(said: str) -> None:
    for made in (laid(text=said), laid(title=said)):
        seen = made[0].html.removeprefix("<b>").removesuffix("</b>")
        assert seen != said
        assert seen.replace("\u2060", "") == said
        assert not re.search(r"/\w|@\w", seen)


@pytest.mark.parametrize("said", ["停用写 /bye。", "3/4", "https://example.org/a"])
def test_other_words_stay_as_they_are(said: str) -> None:
    assert laid(text=said)[0].html == said
