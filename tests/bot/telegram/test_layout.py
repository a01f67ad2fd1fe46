"""What is sent for a line of the house: a table, and the limits of Telegram."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.part import Part
from bot.channels.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, units
from bot.channels.telegram_residents.layout import parts, pressed
from bot.house import PHRASES
from dialogs.wording import Phrases

WORDS = Phrases.load(PHRASES)
ALWAYS = (("返回", "cmd:back"), ("找人工", "cmd:human"))
VOICE = {"id": "a" * 32, "kind": "voice", "mime": "audio/ogg", "seconds": 3.6, "name": None}


def body(text: str = "", **more: Any) -> dict[str, Any]:
    plain = {"kind": "message", "from": "bot", "choices": None, "tone": None, "media": None}
    return {**plain, "text": text, **more}


def choice(label: str, value: str, **more: str) -> dict[str, str]:
    return {"label": label, "value": value, **more}


def advisor(text: str, **more: Any) -> dict[str, Any]:
    return body(text, **{"from": "advisor", "name": "李顾问", "seq": 9, **more})


SEEN = choice("看到了", "seen:9")
TABLE: dict[str, tuple[dict[str, Any], tuple[Part, ...]]] = {
    "a sentence": (body("收到了。"), (Part("收到了。"),)),
    "nothing": (body(""), ()),
    "nothing of an advisor": (advisor(""), ()),
    "what HTML would read": (body("1 < 2 & <b>"), (Part("1 &lt; 2 &amp; &lt;b&gt;"),)),
    "a question": (
        body("几岁?", tone="question", choices=[choice("70", "s:1:a"), choice("80", "s:1:b")]),
        (Part("几岁?", rows=((("70", "s:1:a"),), (("80", "s:1:b"),), ALWAYS)),),
    ),
    "a question without choices": (
        body("您说。", tone="question", choices=[]),
        (Part("您说。", rows=(ALWAYS,)),),
    ),
    "a summary": (
        body(
            "对吗?",
            tone="summary",
            choices=[choice("对", "s:9:yes"), choice("改一下", "cmd:fix")],
        ),
        (Part("对吗?", rows=((("对", "s:9:yes"),), (("改一下", "cmd:fix"),), ALWAYS)),),
    ),
    "what stands there already stands once": (
        body("还有吗?", tone="question", choices=[choice("找人工", "cmd:human")]),
        (Part("还有吗?", rows=((("找人工", "cmd:human"),), (("返回", "cmd:back"),))),),
    ),
    "danger": (
        body(
            "现在就打 120。\n您现在一个人吗?",
            tone="danger",
            choices=[
                choice("打 120", "tel:120"),
                choice("报警", "tel:110"),
                choice("一个人", "s:1:a"),
            ],
        ),
        (
            Part(
                "现在就打 120。\n您现在一个人吗?\n\n☎ 打 120\n别的电话:报警 110",
                rows=((("一个人", "s:1:a"),),),
            ),
        ),
    ),
    "faces": (
        body("好不好?", tone="face", choices=[choice("很好", "f:1", icon="face_good")]),
        (Part("好不好?", rows=((("😊 很好", "f:1"),),)),),
    ),
    "an advisor": (
        advisor("明天来看您。", choices=[SEEN]),
        (Part("李顾问:明天来看您。", rows=((("看到了", "seen:9"),),)),),
    ),
    "an advisor without a name": (
        advisor("好的", name=None), (Part("顾问:好的"),)
    ),
    "a correction": (
        advisor("更正:后天来。", kind="edited", ref=9, reply_to="1007"),
        (Part("李顾问:更正:后天来。", reply_to=1007),),
    ),
    "a mark makes no sound": (
        advisor("李顾问看过了", kind="seen"), (Part("李顾问看过了", silent=True),)
    ),
    "who came": (body("李顾问来了。", kind="human_joined"), (Part("李顾问来了。"),)),
    "a file that was lost": (
        advisor("", media_lost=True),
        (Part("李顾问:有个文件没传过来。顾问会再发。"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_is_sent(name: str) -> None:
    given, wanted = TABLE[name]
    assert parts(given, WORDS) == wanted


@pytest.mark.parametrize(
    ("kind", "mime", "way", "called"),
    [
        ("voice", "audio/ogg", "voice", "voice.ogg"),
        ("voice", "audio/ogg; codecs=opus", "voice", "voice.ogg"),
        ("voice", "audio/mpeg", "audio", "voice.mp3"),
        ("voice", "audio/mp4", "audio", "voice.m4a"),
        ("voice", "audio/wav", "document", "voice.wav"),
        ("photo", "image/jpeg", "photo", "photo.jpg"),
        ("photo", "image/gif", "document", "photo.gif"),
        ("document", "application/pdf", "document", "document.pdf"),
    ],
)
def test_each_kind_of_file_goes_the_way_that_telegram_plays(
    kind: str, mime: str, way: str, called: str
) -> None:
    media = {"id": "a" * 32, "kind": kind, "mime": mime, "seconds": None, "name": None}
    [part] = parts(advisor("请看", media=media), WORDS)
    assert part.html == "李顾问:请看"
    assert part.file is not None
    assert (part.file.way, part.file.name) == (way, called)


def test_a_file_alone_says_whose_it_is_and_a_long_text_follows_it() -> None:
    [alone] = parts(advisor("", media=VOICE, choices=[SEEN]), WORDS)
    assert alone.html == "李顾问:"
    assert alone.file is not None
    assert alone.file.seconds == 4
    assert alone.rows
    first, second = parts(
        advisor("好" * CAPTION_LIMIT, media=VOICE, choices=[SEEN], reply_to="5"), WORDS
    )
    assert (first.html, first.reply_to, first.rows) == ("", 5, ())
    assert (second.file, second.reply_to) == (None, None)
    assert second.rows


def test_a_long_text_is_several_and_the_buttons_stand_under_the_last() -> None:
    sentence = "这是一句有点长的话。"
    found = parts(
        body(sentence * 900, tone="question", choices=[choice("好", "s:1:a")], reply_to="7"), WORDS
    )
    assert len(found) == 3
    assert [bool(part.rows) for part in found] == [False, False, True]
    assert [part.reply_to for part in found] == [7, None, None]
    assert all(units(part.html) <= TEXT_LIMIT and part.html.endswith("。") for part in found)


def test_a_button_that_telegram_would_refuse_is_left_out() -> None:
    [part] = parts(body("?", choices=[choice("长", "x" * 65), choice("好", "x" * 64)]), WORDS)
    assert [row[0][0] for row in part.rows] == ["好"]


def test_what_was_pressed_stands_under_the_question() -> None:
    assert pressed("几岁 <80>?", "80 以上", WORDS) == "几岁 &lt;80&gt;?\n\n✓ 80 以上"
    assert pressed("好" * TEXT_LIMIT, "好", WORDS) is None
    assert pressed("好" * CAPTION_LIMIT, "好", WORDS, caption=True) is None


def test_back_is_left_out_where_it_would_do_nothing() -> None:
    body = {"kind": "message", "from": "bot", "text": "好?", "tone": "question", "choices": []}
    assert [label for row in parts(body, WORDS)[0].rows for label, _ in row] == ["返回", "找人工"]
    (part,) = parts({**body, "extra": {"first": True}}, WORDS)
    assert [label for row in part.rows for label, _ in row] == ["找人工"]


def test_what_another_message_follows_makes_no_sound() -> None:
    body = {"kind": "message", "from": "bot", "text": "好", "extra": {"silent": True}}
    assert parts(body, WORDS)[0].silent


def test_what_was_taken_as_an_answer_stands_over_what_is_said_next() -> None:
    body = {"kind": "message", "from": "bot", "text": "多大年纪?", "extra": {"chosen": "一个人住"}}
    assert parts(body, WORDS)[0].html == "✓ 一个人住\n\n多大年纪?"
