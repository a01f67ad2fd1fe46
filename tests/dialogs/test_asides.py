"""What people say that is no answer: a chat, a question back, a refusal, a number that is short."""

from __future__ import annotations

import pytest

from dialogs.content import Content
from dialogs.engine import Answer, File, Handoff, Tell
from dialogs.meaning.reading import ACTS, Reading
from tests.dialogs.talk import Talk

SHORT = "1381234567"


def read(text: str, act: str = "request_help", sure: float = 0.9, **slots: str) -> Answer:
    return Answer(text, reading=Reading(act=act, confidence=sure, slots=slots))


@pytest.mark.parametrize("words", ["你会唱沪剧伐", "今朝天气倒蛮好的", "侬几岁了", "饭吃过了伐"])
@pytest.mark.parametrize("act", ["out_of_scope", "affirm", "deny"])
def test_a_chat_answers_no_question(content: Content, words: str, act: str) -> None:
    """Whatever the reader thinks: one friendly line, and the same question again."""
    assert act in ACTS
    ways = {
        "medical_aid": ((), ("8000",), ("8000", "有的"), ("8000", "有的", "可以")),
        "general": ((), ("漏水了",), ("漏水了", "可以")),
        "low_income_aid": ((), ("没有收入",)),
    }
    for flow, before in ((flow, way) for flow, found in ways.items() for way in found):
        talk = Talk(content, flow).do(*before)
        asked, keys = talk.ask, talk.keys()
        talk.do(read(words, act))
        assert talk.said == ["engine.chat"], (flow, before)
        assert (talk.ask, talk.keys()) == (asked, keys)


def test_a_chat_in_the_menu_opens_no_flow(content: Content) -> None:
    talk = Talk(content, "menu")
    assert talk.do("今朝天气倒蛮好的").said == ["engine.chat"]
    assert talk.do("你能帮我修水管吗").session is None


def test_a_wish_is_no_chat(content: Content) -> None:
    talk = Talk(content, "human").do("你能叫人来看看吗")
    assert talk.said == ["engine.not_understood.no_number"]


def test_a_chat_that_goes_on_is_for_a_human(content: Content) -> None:
    talk = Talk(content, "medical_aid").do("今天天气好", "今天天气好")
    assert talk.session is not None
    assert isinstance(talk.do("今天天气好").last, Handoff)


def test_a_story_may_be_a_chat(content: Content) -> None:
    talk = Talk(content, "psychological_support").do(read("今朝天气倒蛮好的", "out_of_scope"))
    assert talk.keys()["trouble"] == "今朝天气倒蛮好的"


def test_who_says_it_again_means_it(content: Content) -> None:
    """A reading may be wrong: it holds back an open answer once."""
    talk = Talk(content, "general").do("漏水了", "可以")
    strange = read("朱家角放生桥堍", "out_of_scope")
    assert talk.do(strange).said == ["engine.chat"]
    assert talk.do(strange).keys()["address"] == "朱家角放生桥堍"


def test_a_question_back_is_for_the_advisor(content: Content) -> None:
    talk = Talk(content, "medical_aid").do("8000", "有的", "可以")
    talk.do(read("这个能报销多少", "policy_question"))
    assert talk.said == ["engine.question_kept"]
    assert talk.keys().get("illness") is None
    trouble = Talk(content, "general").do(read("你们能帮我修水管吗", "policy_question"))
    assert trouble.keys()["trouble"] == "你们能帮我修水管吗"


def test_what_shall_not_be_told_fills_nothing(content: Content) -> None:
    words = "电话勿能讲的,骗子多"
    talk = Talk(content, "medical_aid").do("8000", "有的", "可以", words)
    assert talk.said == ["engine.need_not_say"]
    assert talk.ask.text == "得的是什么病?您慢慢说。"
    assert talk.keys().get("illness") is None
    talk.do("糖尿病", "可以")
    assert talk.ask.text == "您住在哪里?", "the number is not asked for again"
    # where leave is asked, it is a no
    talk = Talk(content, "general").do("漏水了", words)
    assert talk.keys()["consent"] == "no"
    # and at the question itself
    assert Talk(content, "general").do("漏水了", "可以", "1号", words).keys()["phone"] == "skipped"


def test_a_short_number_is_never_pretended(content: Content) -> None:
    talk = Talk(content, "human").do(SHORT)
    assert talk.said == ["engine.not_understood.phone"]
    talk.do(SHORT)
    assert talk.said == ["engine.number_not_kept"]
    assert talk.last == File({})
    # in a flow the dialog goes on, and the summary shows that there is none
    talk = Talk(content, "general").do("漏水了", "可以", "康定路1号", SHORT, SHORT)
    assert talk.said == ["engine.number_not_kept"]
    assert "电话:没说" in talk.ask.text


def test_a_short_number_takes_no_old_one_away(content: Content) -> None:
    talk = Talk(content, "general").do("漏水了", "可以", "康定路1号", "13812345678")
    talk.do("电话不对", SHORT, SHORT)
    assert talk.said == ["engine.number_not_kept"]
    assert "电话:13812345678" in talk.ask.text


def test_an_address_told_for_a_number_is_kept_and_asked_once_more(content: Content) -> None:
    talk = Talk(content, "human").do(read("康定路1号302", address="康定路1号302"))
    assert talk.said == ["engine.heard_too"]
    assert talk.ask.text == "顾问打哪个电话找您?不说也行。"
    talk.do(read("我说了康定路1号", address="康定路1号"))
    assert talk.said == ["engine.number_not_kept"]
    assert isinstance(talk.last, File)
    assert talk.last.slots["address"].key == "康定路1号302"


def test_what_was_passed_over_may_be_told_later(content: Content) -> None:
    talk = Talk(content, "general").do("漏水了", "可以", "跳过")
    talk.do(read("住康定路1号", address="康定路1号"))
    assert talk.keys()["address"] == "康定路1号"


def test_a_trouble_told_for_a_number_is_kept(content: Content) -> None:
    talk = Talk(content, "human").do(read("楼上漏水漏到床上了"), "13812345678")
    assert isinstance(talk.last, File)
    assert {key: slot.key for key, slot in talk.last.slots.items()} == {
        "trouble": "楼上漏水漏到床上了",
        "phone": "13812345678",
        "consent": "yes",
    }


def test_a_number_told_for_an_address_is_kept(content: Content) -> None:
    talk = Talk(content, "general").do("漏水了", "可以", "13812345678")
    assert talk.said == ["engine.heard_too"]
    assert talk.ask.text == "您住在哪里?"
    talk.do("康定路1号")
    assert "电话:13812345678" in talk.ask.text


def test_marks_are_nothing_to_read(content: Content) -> None:
    for words in ("?", "......", "。。。"):
        assert Talk(content, "medical_aid").do(words).said == ["engine.empty_text"]


def test_not_remembering_is_unsure_where_that_is_a_choice(content: Content) -> None:
    talk = Talk(content, "medical_aid").do("8000", "勿记得了")
    assert talk.keys()["insurance"] == "unsure"
    assert Talk(content, "low_income_aid").do("勿记得了").keys()["income"] == "skipped"


def test_their_data_is_for_a_human_at_any_step(content: Content) -> None:
    wish = read("我要删掉我的电话", "my_data")
    ways: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("human", ()), ("menu", ()), ("general", ()), ("general", ("漏水了", "可以", "1号")),
        ("medical_aid", ("8000",)),
    )  # fmt: skip
    for flow, before in ways:
        talk = Talk(content, flow).do(*before)
        known = talk.keys()
        talk.do(wish)
        assert isinstance(talk.last, Handoff)
        assert talk.last.reason == "my_data"
        assert {key: slot.key for key, slot in talk.last.slots.items()} == known
    unsure = Talk(content, "general").do(read("电话的事", "my_data", 0.5))
    assert unsure.session is not None


def test_a_need_is_named_back(content: Content) -> None:
    general = content.flows["general"]
    assert len(general.acks) >= 9
    talk = Talk(content, "general", {"need": "housing_repair"})
    assert talk.outcomes[0] == Tell("听到了。房子的事,请顾问来看。")
    assert Talk(content, "general").outcomes[0] == Tell(general.ack)


def test_grief_is_heard_in_english(english: Content) -> None:
    talk = Talk(english, "psychological_support").do("My husband passed away in May")
    assert talk.outcomes[0] == Tell("I hear you. Losing somebody close is very hard.")
    assert talk.ask.text == "May an advisor call and talk with you?"
    assert Talk(english, "general", {"need": "housing_repair"}).outcomes[0] == Tell(
        "I hear you. An advisor looks at the housing."
    )


def test_grief_is_heard(content: Content) -> None:
    grief = Tell("听到了。失去亲人,心里一定很苦。")
    talk = Talk(content, "psychological_support")
    assert talk.outcomes[0] == Tell("听到了。您别急,我在这里听。")
    talk.do("老伴走了半年了,一个人睡不着")
    assert talk.outcomes[0] == grief
    assert talk.ask.text == "请顾问打电话陪您说说话,好吗?"
    talk.do("好的")
    assert talk.keys().get("consent") is None, "leave is given with the number"
    assert talk.do("13812345678").keys()["consent"] == "yes"


GREETINGS = ["你好", "你好,有人吗", "早上好 侬好呀 我姓陈", "在吗", "喂喂", "您好呀!", "你还在吗"]


@pytest.mark.parametrize("flow", ["menu", "general", "low_income_aid"])
@pytest.mark.parametrize("words", GREETINGS)
def test_a_greeting_is_greeted_back_and_never_counted(
    content: Content, flow: str, words: str
) -> None:
    talk = Talk(content, flow)
    asked = talk.ask
    for _ in range(5):
        assert talk.do(read(words, "greet_thanks")).said == ["greet.hello"]
        assert talk.ask == asked
    assert talk.session is not None
    assert talk.session.tries == 0


@pytest.mark.parametrize("words", ["你好,家里没钱了", "早上摔了一跤", "有人吗?水管爆了", "好"])
def test_a_need_behind_a_greeting_is_no_greeting(content: Content, words: str) -> None:
    assert "greet.hello" not in Talk(content, "menu").do(words).said


@pytest.mark.parametrize("words", ["👍", "👌🏻", "🙏", "😀", "❌", "🌹🌹"])
@pytest.mark.parametrize("flow", ["menu", "general"])
def test_a_picture_in_the_menu_is_taken_kindly(content: Content, flow: str, words: str) -> None:
    talk = Talk(content, flow)
    for _ in range(3):
        assert talk.do(words).said == ["engine.emoji_only"]


@pytest.mark.parametrize("words", ["2", "第二个", "二", "我选2", "12"])
def test_a_number_tells_no_trouble(content: Content, words: str) -> None:
    talk = Talk(content, "general").do(words)
    assert talk.said == ["engine.number_alone"]
    assert talk.keys() == {}
    assert talk.do("水管爆了").keys()["trouble"] == "水管爆了"


def test_a_number_again_is_for_a_human(content: Content) -> None:
    assert isinstance(Talk(content, "general").do("2", "2").last, Handoff)


def test_a_telephone_told_as_the_trouble_is_kept_as_one(content: Content) -> None:
    talk = Talk(content, "general").do("13812345678")
    assert talk.said == ["engine.phone_kept"]
    assert talk.keys() == {"phone": "13812345678"}
