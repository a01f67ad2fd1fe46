"""The rules of talk, over everything the house says to residents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialogs.content import HERE, Content, check_wording
from dialogs.danger_scripts import load_danger
from dialogs.meaning.reading import DANGERS
from dialogs.reading_yaml import ContentError, read
from dialogs.wording import PLAIN_WORDS, Phrases, lint

PHRASES = HERE / "phrases"


def test_everything_said_keeps_the_rules_of_talk(content: Content) -> None:
    assert len(list(content.phrases)) > 100
    assert check_wording(content) == []


def test_everything_said_in_english_keeps_them_too(english: Content) -> None:
    assert check_wording(english) == []


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("您好。请坐。喝茶。", "3 sentences"),
        ("您好吗?吃了吗?", "more than one question"),
        ("您好吗\uff1f吃了吗\uff1f", "more than one question"),
        ("这一句话实在是说得太长太长了老人家听到后面就忘了前面", "characters"),
        ("你好。", "say 您"),
        ("请提交申请。", "'提交' is officialese; say '交'"),
        ("请在{when}前带上证件和户口本到窗口来", "characters"),
    ],
)
def test_lint_finds(sentence: str, fault: str) -> None:
    assert any(fault in found for found in lint(sentence))


@pytest.mark.parametrize(
    "sentence",
    ["您好。我在这里听您说。", "您的编号是 {number}。顾问会在{when}回您。", "", "3.5 万块"],
)
def test_lint_lets_pass(sentence: str) -> None:
    assert lint(sentence) == []


def test_lint_counts_english_words() -> None:
    assert lint("one " * 17, "en")
    assert not lint("Hello. I am here to listen.", "en")


def test_plain_words_are_plain() -> None:
    assert len(PLAIN_WORDS) > 30
    assert [word for word in PLAIN_WORDS.values() if word in PLAIN_WORDS] == []


def test_both_languages_say_the_same(content: Content) -> None:
    chinese, english = read(PHRASES / "zh.yml"), read(PHRASES / "en.yml")
    assert list(_keys(chinese)) == list(_keys(english))
    zh, en = Phrases.load(PHRASES, "zh"), Phrases.load(PHRASES, "en")
    keys = list(_keys(chinese))
    assert len(keys) > 100
    assert [key for key in keys if zh.params(key) != en.params(key)] == []
    han = re.compile(r"[\u3400-\u9fff]")
    assert [
        key for key in keys if han.search(en.say(key, **dict.fromkeys(en.params(key), "")))
    ] == []


def _keys(raw: object, prefix: str = "") -> list[str]:
    if not isinstance(raw, dict):
        return [prefix]
    return [
        inner
        for key, value in raw.items()
        for inner in _keys(value, f"{prefix}.{key}" if prefix else str(key))
    ]


def test_no_key_stands_in_two_files() -> None:
    owners: dict[str, str] = {}
    files = sorted(PHRASES.glob("*zh.yml"))
    assert len(files) > 2
    for path in files:
        room = path.name.removesuffix("zh.yml").rstrip(".")
        raw = read(path)
        if room and set(raw) == {room}:
            raw = raw[room]
        for key in _keys(raw, room):
            assert owners.setdefault(key, path.name) == path.name


def test_say(content: Content) -> None:
    say = content.phrases.say
    filed = say("receipt.filed", number="231", when="十点前")
    assert filed == "您的编号是 231。顾问会在十点前回您。"
    # what a person wrote is no template
    assert say("engine.corrected", label="{words}", words="{0}") == "改好了。{words}:{0}"
    with pytest.raises(KeyError, match=r"did you mean 'receipt\.filed'"):
        say("receipt.file")
    with pytest.raises(KeyError, match="needs the parameter 'number'"):
        say("receipt.filed", when="十点")


def test_group_and_rooms(tmp_path: Path) -> None:
    (tmp_path / "zh.yml").write_text("ok: 好\n", encoding="utf-8")
    (tmp_path / "page.zh.yml").write_text("page: {send: 发送, more: [一, 二]}\n", encoding="utf-8")
    (tmp_path / "staff.zh.yml").write_text("house: 屋\ndeep: {er: 深}\n", encoding="utf-8")
    (tmp_path / "en.yml").write_text("ok: fine\n", encoding="utf-8")
    phrases = Phrases.load(tmp_path, "en")
    assert phrases.group("page") == {"send": "发送", "more.0": "一", "more.1": "二"}
    assert phrases.group("staff") == {"house": "屋", "deep.er": "深"}
    assert phrases.say("ok") == "fine"
    assert "page.send" in phrases
    assert "page.sent" not in phrases


@pytest.mark.parametrize("text", ["- a", "key:\n", "a: 1\na: 2"])
def test_broken_phrases_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "zh.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"zh\.yml"):
        Phrases.load(tmp_path)


# --- safety scripts -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_danger_has_a_whole_script(language: str) -> None:
    scripts = load_danger(PHRASES / "danger.yml", language)
    assert set(scripts) == set(DANGERS)
    for script in scripts.values():
        assert script.numbers[0].value == f"tel:{script.numbers[0].number}"
        assert script.tel == script.numbers
        # the one number to dial stands in the words as well: buttons may not work
        number = re.compile(rf"(?<!\d){script.numbers[0].number}(?!\d)")
        for words in (script.do_now, script.page, script.nobody_on_duty):
            assert number.search(words), words
        assert len(re.findall(r"[?\uff1f]", script.question)) == 1
        assert 1 < len(script.choices) <= 3


def test_the_numbers_of_design(content: Content) -> None:
    first = {kind: script.numbers[0].number for kind, script in content.danger.items()}
    assert first == {
        "suicide_selfharm": "962525",
        "medical_emergency": "120",
        "trapped_missing_fire": "119",
        "violence_abuse": "110",
        "no_food_shelter": "12345",
    }
    assert "方便" in content.danger["violence_abuse"].question


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("violence_abuse:", "violence_abus:", "did you mean 'violence_abuse'?"),
        ("    question: 您现在一个人吗?\n", "", "`question` has no words"),
        ('number: "120"', 'number: "call"', "is no telephone number"),
        (
            "    page: Call 120 now. Do not move the person. Open the door.\n",
            "",
            "`page` has no words",
        ),
        (", source: 全国统一急救电话", "", "needs words and a source"),
        (', then: "请他打 120。您陪着,别走开。"', "", "needs `say` and `then`"),
        ('"请他打 120。您陪着,别走开。"', "请他打 120。您陪着,别走开。", "in quotes"),
        ('  reviewed: ""\n', "", "needs exactly"),
    ],
)
def test_a_safety_script_is_never_half_there(house: Path, old: str, new: str, words: str) -> None:
    path = house / "phrases" / "danger.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_danger(path)
    assert words in str(caught.value)
