"""Thanks, good-byes, questions about the rules, and where somebody in danger is."""

from __future__ import annotations

import pytest

from dialogs.meaning.reading import Reading
from storage.cases import Case
from tests.handlers.street import ANSWERS, CARE, DIE, FALL, Resident, Scripted, Street

RULES = Reading(act="policy_question", confidence=0.95)
MENU = "您遇到什么难处了?"
BEATEN, HOMELESS = "老公打我", "我没地方去,今天没饭吃"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


def knows(street: Street, **readings: Reading) -> None:
    assert isinstance(street.reader, Scripted)
    street.reader.known |= readings


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("谢谢", "不客气。有事随时来说。"),
        ("谢谢侬", "不客气。有事随时来说。"),
        ("再见", "好的。有事随时来说。"),
        ("没事了", "好的。有事随时来说。"),
        ("打错了,不好意思", "好的。有事随时来说。"),
        ("不用了", "好的。有事随时来说。"),
    ],
)
def test_who_wants_nothing_is_let_go(
    street: Street, chen: Resident, words: str, answer: str
) -> None:
    """At once, or with the menu before them: nothing is filed for it, and no menu comes."""
    knows(street, 谢谢侬=Reading(act="greet_thanks", confidence=0.99))
    assert chen.says(words) == [answer]
    chen.says("你好", "喂", "嗯")
    assert chen.says(words) == [answer]
    street.advance(days=1)
    assert street.rows(Case) == []
    assert chen.says("养老")[-1] == "家里有人照顾您吗?"


def test_what_was_told_is_not_let_go_for_thanks(street: Street, chen: Resident) -> None:
    chen.says("13812345678", "谢谢")
    chen.says(CARE)
    assert chen.says("再见") != ["好的。有事随时来说。"]


def test_a_plain_yes_to_the_menu_is_no_riddle(street: Street, chen: Resident) -> None:
    chen.says("你好")
    for _ in range(3):
        assert chen.says("好的") == ["不着急。您想说的时候再说。", MENU]
    assert street.rows(Case) == []


def test_a_question_about_the_rules_is_answered_honestly(street: Street, chen: Resident) -> None:
    knows(street, 你们几点上班=RULES)
    assert chen.says("你们几点上班") == ["这个要问顾问,点找人工就行。", MENU]


def test_a_question_about_an_aid_is_for_the_advisor(street: Street, chen: Resident) -> None:
    words = "低保标准多少钱一个月"
    knows(
        street,
        **{words: Reading(needs=("low_income_aid",), act="policy_question", confidence=0.84)},
    )
    said = chen.says(words)
    assert said[0] == "这个我说不准。我请顾问告诉您。"
    assert said[-1] == "您每个月有收入吗?"


def test_a_case_is_not_withdrawn_on_a_guess(street: Street, chen: Resident) -> None:
    knows(street, 谁能申请=Reading(act="cancel", confidence=0.66))
    chen.files(CARE, ANSWERS)
    assert "好的。顾问会再问您一声。" not in chen.says("谁能申请")


def test_never_mind_after_the_wish_to_die_is_a_farewell(street: Street, chen: Resident) -> None:
    knows(street, 算了=Reading(act="cancel", confidence=0.99))
    chen.says(DIE, "有人在")
    assert chen.says("算了")[0].startswith("先别走,我在。请现在就打 962525。")


@pytest.mark.parametrize(
    ("words", "slots"),
    [
        ("长寿路100弄5号", {"address": "长寿路100弄5号"}),
        ("13812345678", {"phone": "13812345678"}),
    ],
)
def test_where_the_help_must_go_is_heard(
    street: Street, chen: Resident, words: str, slots: dict[str, str]
) -> None:
    knows(street, **{words: Reading(confidence=0.9, slots=slots)})
    chen.says(FALL)
    (said,) = chen.says(words)
    assert said.startswith("我记下了,也告诉顾问了。\n我在。请现在就打 120。")
    chen.says("一个人")
    assert chen.says(words) == ["我记下了,也告诉顾问了。"]


def test_nobody_there_names_the_number_of_the_worst(street: Street) -> None:
    """The last script was of hunger, but she is beaten: 110 it is."""
    beaten = street.resident("beaten")
    knows(street, 怎么办=Reading(act="policy_question", confidence=0.9))
    beaten.says(BEATEN, "方便", HOMELESS, "有人在")
    street.advance(minutes=4)
    assert beaten.says("怎么办")[-1] == "现在没有人在线。请打 110。"


def test_a_number_that_is_wrong_is_asked_again(street: Street, chen: Resident) -> None:
    knows(street, 电话错了=Reading(act="correct_answer", confidence=0.99))
    chen.files(CARE, ANSWERS)
    assert chen.says("电话错了")[-1] == "顾问打哪个电话找您?不说也行。"
    assert chen.says("13987654321") == ["号码记下了。顾问会打这个号码。"]


@pytest.mark.parametrize("words", ["侬啥人", "你是谁", "你们是干什么的"])
def test_who_is_this(chen: Resident, words: str) -> None:
    assert chen.says(words) == ["我是机器人。后面有真人,点找人工就来。", MENU]


def test_a_number_that_comes_late_is_kept(street: Street, chen: Resident) -> None:
    """Nothing was filed, only a human called: what is told by itself is where they are called."""
    knows(street, **{"13812345678": Reading(confidence=0.9, slots={"phone": "13812345678"})})
    chen.says("找人工", "跳过")
    assert chen.says("13812345678") == ["号码记下了。顾问会打这个号码。"]
    assert street.view(street.member("李顾问"), chen.case.id).people["helped"].has_phone


@pytest.mark.parametrize("words", ["催一下", "什么时候打给我", "快点呀", "还要等多久啊"])
def test_who_urges_hears_when_each_time(chen: Resident, words: str) -> None:
    chen.files(CARE, ANSWERS)
    chen.says("好")
    for _ in range(2):
        assert chen.says(words) == ["还在等顾问。上午9点45分前回您。"]


def test_a_good_bye_needs_no_promise(street: Street, chen: Resident) -> None:
    knows(street, 再见=Reading(act="greet_thanks", confidence=0.99))
    chen.files(CARE, ANSWERS)
    assert chen.says("再见") == ["好的。有事随时来说。"]


def test_no_money_in_any_words_needs_no_menu(chen: Resident) -> None:
    for words in ("没有钱", "没铜钿"):
        assert chen.says(words)[-1] == "您每个月有收入吗?"
        chen.says("不办了")
