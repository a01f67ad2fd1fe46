"""What people write, and what is heard in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.answers import EXPECTED, hear, place_in, sign_only, unseen, yes_or_no
from dialogs.content import Content
from dialogs.flow import EXPECTS
from dialogs.flow_model import Step
from dialogs.meaning.reading import Reading
from dialogs.telephones import phone_in


def step(content: Content, flow: str, name: str) -> Step:
    return content.flows[flow].steps[name]


def key(content: Content, flow: str, name: str, text: str, reading: Reading | None = None) -> str:
    chosen = content.flows[flow]
    found = hear(chosen.steps[name], text, reading, chosen.common)
    return found.key if found else ""


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("没有人", "nobody"), ("没有", "nobody"), ("就我一个人", "nobody"), ("没得人照顾",
        "nobody"),
        ("没有家人照顾", "nobody"), ("呒没", "nobody"), ("没人管我", "nobody"),
        ("有家人", "family"), ("我儿子照顾我", "family"), ("有家人,就是忙", "family"),
        ("有保姆", "paid"), ("请了个保姆", "paid"), ("有保母", "paid"), ("钟点工阿姨", "paid"),
        # taken back, or two at once: better asked again than wrong
        ("老伴走了", ""), ("家里人都不在了", ""), ("儿子和保姆", ""), ("今天天气好", ""), ("有",
        ""),
    ],
)  # fmt: skip
def test_choice(content: Content, words: str, heard: str) -> None:
    assert key(content, "long_term_care", "carer", words) == heard


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("走得动", "walks"), ("走不动", "helped"), ("跑勿动", ""), ("走不动了,要人扶", "helped"),
        ("瘫在床上", "bedridden"), ("走得动,没问题", "walks"), ("轮椅", "helped"), ("走得冻", ""),
    ],
)  # fmt: skip
def test_negation_is_never_guessed(content: Content, words: str, heard: str) -> None:
    assert key(content, "long_term_care", "mobility", words) == heard


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("好的", "yes"), ("可以呀", "yes"), ("嗯", "yes"), ("对额", "yes"), ("好,好的", "yes"),
        ("👍", "yes"), ("不要", "no"), ("覅", "no"), ("先不要", "no"), ("❌", "no"), ("👍👎", ""),
    ],
)  # fmt: skip
def test_yes_and_no(content: Content, words: str, heard: str) -> None:
    assert key(content, "low_income_aid", "income", words) == {"yes": "some", "no": "none"}.get(
        heard, ""
    )


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("可以", "yes"), ("好的呀,谢谢侬", "yes"), ("嗯,可以", "yes"), ("记吧", "yes"),
        ("同意", "yes"), ("那好吧", "yes"), ("没问题", "yes"), ("👍", "yes"), ("你记好了", "yes"),
        ("先不要", "no"), ("覅", "no"), ("别记", "no"), ("不可以的", "no"), ("❌", "no"),
        # leave is given in so many words, or it is not given
        ("嗯", ""), ("嗯嗯", ""), ("哎", ""), ("有的", ""), ("对", ""), ("没有人", ""),
        ("没有", ""),
        ("晓得了", ""), ("可以不记伐", ""), ("👍👎", ""),
    ],
)  # fmt: skip
def test_leave_is_given_in_so_many_words(content: Content, words: str, heard: str) -> None:
    assert key(content, "general", "consent", words) == heard
    sure = Reading(act="affirm", confidence=0.99, slots={"consent": "yes"})
    assert key(content, "general", "consent", words, sure) == heard


def test_who_somebody_is_says_not_who_cares(content: Content) -> None:
    for words in ("是阿拉老公", "是我女儿", "是伲老伴"):
        assert key(content, "long_term_care", "carer", words) == ""
    assert key(content, "long_term_care", "carer", "女儿照顾") == "family"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("回给我", "relayer"), ("打给我", "relayer"), ("跟我讲", "relayer"), ("告诉我好了",
        "relayer"),
        ("两边讲", "both"), ("两边都讲一声", "both"), ("告诉伊自己", "helped"),
        ("打给伊", "helped"),
        ("告诉我妈", ""),
    ],
)  # fmt: skip
def test_who_is_told(content: Content, words: str, heard: str) -> None:
    assert key(content, "relay", "answers_to", words) == heard


def test_a_fact_of_the_step_is_heard(content: Content) -> None:
    told = Reading(act="deny", confidence=0.9, slots={"income": "some"})
    assert key(content, "low_income_aid", "income", "每月有800块", told) == "some"
    bill = Reading(slots={"bill": "8000"})
    assert key(content, "medical_aid", "bill", "退休金9000,药费八千", bill) == "8000"
    assert key(content, "general", "phone", "打我", Reading(slots={"phone": "83"})) == ""
    assert key(content, "long_term_care", "age", "老了", Reading(slots={"age": "300"})) == ""


@pytest.mark.parametrize(
    ("act", "confidence", "heard"),
    [("affirm", 0.9, "yes"), ("deny", 0.9, "no"), ("affirm", 0.3, ""), ("greet_thanks", 0.9, "")],
)
def test_an_act_counts_when_it_is_sure(
    content: Content, act: str, confidence: float, heard: str
) -> None:
    reading = Reading(act=act, confidence=confidence)
    assert key(content, "medical_aid", "insurance", "随便侬", reading) == heard


def test_a_reading_fills_a_choice_that_words_did_not(content: Content) -> None:
    reading = Reading(slots={"mobility": "bedridden"})
    assert key(content, "long_term_care", "mobility", "一直躺着", reading) == "bedridden"


@pytest.mark.parametrize(
    ("word", "count", "place"),
    [
        ("1", 3, 0), ("一", 3, 0), ("第一个", 3, 0), ("选2", 3, 1), ("三号", 3, 2),
        ("最后一个", 3, 2),
        ("4", 3, None), ("一个人", 3, None), ("两个", 3, None), ("83", 3, None), ("1", 0, None),
        ("0", 3, None), ("第二个吧", 3, 1),
    ],
)  # fmt: skip
def test_place(word: str, count: int, place: int | None) -> None:
    assert place_in(word, count) == place


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("13812345678", "13812345678"), ("138 1234 5678", "13812345678"),
        ("我电话是138-1234-5678谢谢", "13812345678"), ("+86 13812345678", "13812345678"),
        ("一三八一二三四五六七八", "13812345678"), ("幺三八 一二三四 五六七八", "13812345678"),
        ("62345678", "02162345678"), ("021-62345678", "02162345678"), ("(021)6234 5678",
        "02162345678"),
        ("0512 65123456", "051265123456"), ("１３８１２３４５６７８", "13812345678"),
        ("8613812345678", "13812345678"),
    ],
)  # fmt: skip
def test_phone(words: str, digits: str) -> None:
    assert phone_in(words) == digits


@pytest.mark.parametrize("words", ["1381234567", "我没有", "12345", "302室", "99999999999", ""])
def test_no_phone(words: str) -> None:
    assert phone_in(words) is None


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("83", "83"), ("八十三", "83"), ("8十3", "83"), ("今年83岁了", "83"), ("快九十了", "90"),
        ("我一个人,七十六岁", "76"), ("七十多", "70"), ("才6个月", "0"), ("1942年", ""),
        ("200岁", ""),
        ("老了", ""), ("一个人", ""),
    ],
)  # fmt: skip
def test_age(content: Content, words: str, age: str) -> None:
    assert key(content, "long_term_care", "age", words) == age


@pytest.mark.parametrize(
    ("words", "yuan"),
    [
        ("8000", "8000"), ("八千五", "8500"), ("3万8", "38000"), ("大概两万块", "20000"),
        ("住院3个月花了一万二", "12000"), ("2800元", "2800"), ("很多", ""), ("3.5万", "35000"),
    ],
)  # fmt: skip
def test_money(content: Content, words: str, yuan: str) -> None:
    assert key(content, "medical_aid", "bill", words) == yuan


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("3", "3"),
        ("一家三口", "3"),
        ("我和老伴两个人", "2"),
        ("就我", "1"),
        ("好多", ""),
        ("5个", "5"),
    ],
)
def test_household(content: Content, words: str, people: str) -> None:
    assert key(content, "low_income_aid", "household", words) == people


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("我叫王秀英", "王秀英"),
        ("姓陈", "陈"),
        ("陈阿姨", "陈阿姨"),
        ("您好,我是老李。", "老李"),
        ("138", ""),
    ],
)
def test_name(content: Content, words: str, name: str) -> None:
    flow = content.flows["human"]
    found = hear(Step("name", "?", "name"), words, None, flow.common)
    assert (found.key if found else "") == name


def test_address_is_kept_as_said(content: Content) -> None:
    assert key(content, "general", "address", " 康定路 1弄3号302 ") == "康定路 1弄3号302"
    assert key(content, "general", "address", "a") == ""


def test_long_words_are_cut_in_a_slot(content: Content) -> None:
    heard = key(content, "general", "trouble", "水" * 100_000)
    assert len(heard) == 2_000
    assert heard.endswith("…")


def test_every_expectation_is_heard() -> None:
    assert set(EXPECTED) == set(EXPECTS)


def test_signs() -> None:
    assert sign_only("😀😀")
    assert sign_only("……")
    assert unseen("😀") == "engine.emoji_only"
    assert unseen("?") == unseen("......") == unseen(" ") == unseen("。。。") == "engine.empty_text"
    assert unseen("好?") is None
    assert not sign_only("好😀")
    assert not sign_only(" ")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_hearing_never_raises(content: Content, text: str) -> None:
    for flow in content.flows.values():
        for each in flow.steps.values():
            found = hear(each, text, Reading(act="affirm", confidence=1.0), flow.common)
            assert found is None or (found.key and found.words)
        yes_or_no(text, None, flow.common)
