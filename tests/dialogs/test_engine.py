"""What a turn does: taps, words, media, and the ways out."""

from __future__ import annotations

import pytest

from dialogs.content import Content
from dialogs.engine import Answer, Drop, File, Handoff, Slot, Switch, Tell, ask_again
from dialogs.meaning.reading import Reading
from tests.dialogs.talk import ID, Talk, to_summary


def test_start_says_that_it_heard_and_asks(content: Content) -> None:
    talk = Talk(content, "long_term_care")
    assert talk.outcomes[0] == Tell("听到了。养老的事,我来帮您。")
    assert [button.label for button in talk.ask.choices] == ["没有人", "有家人", "有保姆"]
    assert talk.ask.choices[0].value == f"{ID}:1:nobody"
    assert talk.ask.tone == "question"


@pytest.mark.parametrize("words", ["1", "一", "第一个", "没有人", "nobody", "①", "1\ufe0f\u20e3"])
def test_one_choice_in_many_ways(content: Content, words: str) -> None:
    assert Talk(content, "long_term_care").do(words).keys()["carer"] == "nobody"


def test_what_was_said_is_not_asked_again(content: Content) -> None:
    talk = Talk(content, "long_term_care", {"carer": "nobody", "living": "alone", "age": "83"})
    assert talk.ask.text == "您平时走得动吗?"
    talk.do("2", "可以", "跳过", "跳过")
    assert "年纪:83" in talk.ask.text
    talk.tap("对的")
    assert isinstance(talk.last, File)
    assert talk.last.slots["age"] == Slot("83", "83", "words")
    assert talk.last.slots["carer"].words == "没有人"


def test_what_cannot_be_used_is_left_out(content: Content) -> None:
    talk = Talk(
        content,
        "long_term_care",
        {"carer": "robot", "age": "very", "shoe_size": "44", "consent": "yes", "phone": ""},
    )
    assert talk.keys() == {}


def test_a_tap_of_an_earlier_question_changes_nothing(content: Content) -> None:
    talk = Talk(content, "long_term_care")
    old = talk.value("没有人")
    talk.tap("有家人")
    before, asked = talk.session, talk.ask
    talk.do(Answer(choice=old))
    assert talk.session == before
    assert talk.said == ["engine.stale_choice"]
    assert talk.ask == asked


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("zzzz9999:1:nobody", "engine.stale_choice"),
        ("abcd1234:1:robot", "engine.unknown_choice"),
        ("abcd1234", "engine.stale_choice"),
        ("cmd:sing", "engine.unknown_choice"),
        ("cmd:skip:abcd1234:7", "engine.stale_choice"),
        ("", "engine.stale_choice"),
    ],
)
def test_a_strange_tap_changes_nothing(content: Content, value: str, said: str) -> None:
    talk = Talk(content, "long_term_care")
    before = talk.session
    talk.do(Answer(choice=value))
    assert (talk.session, talk.said) == (before, [said])


def test_a_trembling_hand_skips_once(content: Content) -> None:
    talk = Talk(content, "medical_aid")
    skip = talk.value("跳过")
    talk.do(Answer(choice=skip))
    assert talk.keys() == {"bill": "skipped"}
    talk.do(Answer(choice=skip))
    assert talk.keys() == {"bill": "skipped"}
    assert talk.said == ["engine.stale_choice"]


@pytest.mark.parametrize(
    "words", ["找人工", "人工", "不是,我要找人工", "帮我转人工好伐", "跟人讲话", "cmd:human"]
)
def test_human_at_any_moment(content: Content, words: str) -> None:
    for talk in (Talk(content, "medical_aid").do("8000"), to_summary(content).do("改一下")):
        known = dict(talk.keys())
        answer = Answer(choice=words) if words.startswith("cmd:") else Answer(words)
        talk.do(answer)
        assert talk.session is None
        assert isinstance(talk.last, Handoff)
        assert talk.last.reason == "asked"
        assert {key: slot.key for key, slot in talk.last.slots.items()} == known


def test_looking_for_work_is_no_call_for_a_human(content: Content) -> None:
    assert Talk(content, "menu").do("我想找人工作").session is None
    talk = Talk(content, "general").do("帮我找人工作上的事")
    assert talk.keys()["trouble"] == "帮我找人工作上的事"


def test_twice_not_understood_is_a_human_with_what_is_known(content: Content) -> None:
    talk = Talk(content, "long_term_care").do("没有人", "西瓜甜")
    assert talk.said == ["engine.not_understood.choice"]
    talk.do("西瓜甜")
    assert talk.last == Handoff("not_understood", {"carer": Slot("nobody", "没有人", "asked")})


def test_understood_in_between_starts_anew(content: Content) -> None:
    talk = Talk(content, "long_term_care").do("西瓜甜", "没有人", "西瓜甜")
    assert talk.session is not None


@pytest.mark.parametrize("words", ["", "  ", "\u200b\u200e", "\n", "\ufeff"])
def test_nothing_visible_is_no_try(content: Content, words: str) -> None:
    talk = Talk(content, "long_term_care").do(words, words, words)
    assert talk.said == ["engine.empty_text"]
    talk.do("😀", "😀", "😀")
    assert talk.said == ["engine.emoji_only"]


@pytest.mark.parametrize("words", ["不知道", "说不清", "勿晓得", "我记不得了呀", "跳过"])
def test_not_knowing_is_a_good_answer_at_every_step(content: Content, words: str) -> None:
    asked = 0
    for flow in content.flows.values():
        if flow.kind == "menu":
            continue
        talk = Talk(content, flow.name)
        while talk.session is not None and talk.session.phase == "asking":
            talk.do(words)
            asked += 1
            assert not talk.said
    assert asked >= 15


def test_voice_keeps_the_question_open(content: Content) -> None:
    talk = Talk(content, "long_term_care")
    before, asked = talk.session, talk.ask
    talk.do(Answer(media="voice", text="我儿子"))
    assert talk.session == before
    assert (talk.said, talk.ask) == (["engine.voice_kept"], asked)


@pytest.mark.parametrize("media", ["photo", "place", "document"])
def test_photo_and_place_answer_any_question_but_leave(content: Content, media: str) -> None:
    talk = Talk(content, "medical_aid").do(Answer(media=media))
    assert talk.keys() == {"bill": f"media:{media}"}
    assert talk.said == [f"engine.{media}_kept"]
    talk.do("有")
    before = talk.session
    talk.do(Answer(media=media))
    assert talk.session == before, "a photo gives no leave"
    talk.do("不要", "不要", "对")
    assert isinstance(talk.last, File)
    assert talk.last.slots["bill"].key == ""
    assert talk.last.slots["bill"].source == "media"


def test_the_words_beside_a_photo_are_the_answer(content: Content) -> None:
    talk = Talk(content, "medical_aid").do(Answer("8000块", media="photo"))
    assert talk.keys() == {"bill": "8000"}
    assert talk.said == ["engine.photo_kept"]


def test_a_photo_whose_words_answer_nothing_is_the_answer_itself(content: Content) -> None:
    talk = Talk(content, "medical_aid").do(Answer("这是昨天开的单子", media="photo"))
    assert talk.keys() == {"bill": "media:photo"}
    assert talk.said == ["engine.photo_kept"]
    assert talk.ask.text != Talk(content, "medical_aid").ask.text, "and the dialog moves on"


def test_words_under_a_photo_that_tell_something_else_are_kept_with_it(content: Content) -> None:
    reading = Reading(slots={"age": "83"})
    talk = Talk(content, "long_term_care").do(Answer("83岁的", media="photo", reading=reading))
    assert talk.keys() == {"carer": "media:photo", "age": "83"}


def test_a_command_under_a_photo_is_a_command(content: Content) -> None:
    talk = Talk(content, "medical_aid").do(Answer("找人工", media="photo"))
    assert isinstance(talk.last, Handoff)
    assert talk.last.reason == "asked"


def test_the_figures_of_a_place_are_no_answer(content: Content) -> None:
    talk = Talk(content, "medical_aid").do(Answer("31.230400,121.473700 瑞金医院", media="place"))
    assert talk.keys() == {"bill": "media:place"}


def test_told_by_the_way_is_not_asked_later(content: Content) -> None:
    reading = Reading(slots={"age": "83", "living": "alone"})
    talk = Talk(content, "long_term_care").do(Answer("没有人,我83了", reading=reading), "2")
    assert talk.ask.text == "我记下电话和住址给顾问,可以吗?"
    # told instead of the answer: kept, and the question stands without a try
    other = Talk(content, "long_term_care").do(Answer("我今年83了", reading=reading))
    assert other.said == ["engine.heard_too"]
    assert other.ask.text == "家里有人照顾您吗?"
    assert other.keys()["age"] == "83"


@pytest.mark.parametrize("words", ["不办了", "取消", "算了"])
def test_giving_up(content: Content, words: str) -> None:
    talk = Talk(content, "medical_aid").do("8000", words)
    assert talk.session is None
    assert talk.last == Drop({"bill": Slot("8000", "8000", "asked")})


def test_an_act_can_end_it_too(content: Content) -> None:
    giving_up = Answer("我想想还是弗弄了", reading=Reading(act="cancel", confidence=0.9))
    assert isinstance(Talk(content, "long_term_care").do(giving_up).last, Drop)
    calling = Answer("叫个活人出来", reading=Reading(act="human_request", confidence=0.9))
    assert isinstance(Talk(content, "long_term_care").do(calling).last, Handoff)


def test_the_menu_leads_to_a_flow(content: Content) -> None:
    assert Talk(content, "menu").do("2").last == Switch(
        "medical_aid", {"need": Slot("medical_aid", "看病的钱", "asked")}
    )
    read = Answer("我脚骨断了", reading=Reading(needs=("long_term_care",), confidence=0.8))
    switch = Talk(content, "menu").do(read).last
    assert isinstance(switch, Switch)
    assert switch.flow == "long_term_care"
    story = Talk(content, "menu").do("楼上天天半夜拖凳子").last
    assert isinstance(story, Switch)
    assert story.flow == "general"
    assert story.slots["trouble"].words == "楼上天天半夜拖凳子"


def test_a_number_in_the_menu_means_what_is_shown(content: Content) -> None:
    talk = Talk(content, "menu").do("4")
    assert talk.ask.choices[0].label == "急事缺钱"
    assert talk.do("5").said == ["engine.not_understood.menu"]


def test_a_relay_carries_its_roles_into_the_flow(content: Content) -> None:
    talk = Talk(content, "relay", {"need": "long_term_care", "helped_name": "王阿婆"})
    switch = talk.do("知道的", "两边都告诉").last
    assert isinstance(switch, Switch)
    assert switch.flow == "long_term_care"
    after = Talk(content, switch.flow, dict(switch.slots))
    assert after.ask.text == "家里有人照顾吗?", "asked about her, not about 您"
    after.do("没有人")
    assert after.ask.text == "平时走得动吗?", "what only concerns oneself is not asked"
    after.do("1", "不要", "对")
    assert isinstance(after.last, File)
    assert {key: slot.key for key, slot in after.last.slots.items()} == {
        "about": "other", "answers_to": "both", "carer": "nobody", "consent": "no",
        "mobility": "walks", "need": "long_term_care", "relay_consent": "agreed",
    }  # fmt: skip


def test_ask_again_is_the_same_question(content: Content) -> None:
    talk = Talk(content, "long_term_care").do("没有人")
    assert talk.session is not None
    again = ask_again(talk.flow, talk.session)
    assert again == (talk.session, (talk.ask,))


def test_english(english: Content) -> None:
    talk = Talk(english, "long_term_care").do("Nobody", "没有", "I live alone", "with help", "83")
    assert talk.ask.text == "May I keep your phone and address for the advisor?"
    talk.do("yes", "skip", "back")
    assert talk.ask.text == "Which number reaches you?"
