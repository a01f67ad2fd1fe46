"""After a script was answered: their words, a farewell, the human who comes, several dangers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogs.meaning.reading import Reading
from handlers.advisors import claim, reply
from storage.cases import CaseEvent
from storage.notices import Notice
from tests.handlers.street import CARE, DIE, FALL, Resident, Scripted, Street

MENU = "您遇到什么难处了?"
STAY = "我在这里。您接着说。"
HUNGRY = "我三天没吃饭了"
BEATEN = "我老公又打我"


@pytest.fixture
def chen(street: Street) -> Resident:
    street.member("赵顾问")
    return street.resident()


def rings(street: Street) -> int:
    return len(street.rows(Notice, kind="ring"))


def test_the_menu_is_not_put_again(street: Street, chen: Resident) -> None:
    chen.says("嗯嗯嗯")
    assert chen.question["text"] == MENU
    before = chen.last_seq
    chen.says(DIE, "一个人", "我儿子不要我", "我难过", DIE, "睡不着", "打勿通", "你是机器人吗")
    street.advance(hours=4)
    assert MENU not in chen.heard(before)


def test_free_words_go_to_the_red_case_and_are_acknowledged(street: Street, chen: Resident) -> None:
    chen.says(CARE, DIE, "一个人")
    before = chen.last_seq
    said = chen.says("我儿子不要我", "我难过", "睡不着")
    assert said == [STAY, "我都听着。您慢慢说。", STAY]
    view = street.view(street.member(), chen.case.id)
    own = [line.text for line in view.entries if line.seq > before and line.text not in said]
    assert own == ["我儿子不要我", "我难过", "睡不着"]


def test_the_dialog_is_offered_once_and_not_at_once(street: Street, chen: Resident) -> None:
    chen.says(CARE)
    asked = chen.question["text"]
    chen.says(DIE, "一个人")
    offer = "上次的话说到一半。要不要接着说?"
    assert offer not in chen.says("我难过")
    street.now += timedelta(minutes=12)
    assert chen.says("好一点了") == [STAY, offer] or offer in chen.heard()[-1:]
    assert chen.says("好") == [asked]


@pytest.mark.parametrize(
    "words", ["再见", "谢谢你们", "我走了", "没人在乎我", "不想说了", "再见了,谢谢你们"]
)
@pytest.mark.parametrize("first", [(), ("一个人",)])
def test_a_farewell_after_suicide_rings_again(
    street: Street, chen: Resident, words: str, first: tuple[str, ...]
) -> None:
    chen.says(DIE, *first)
    before = rings(street)
    assert chen.says(words)[0].startswith("先别走,我在。请现在就打 962525。")
    assert rings(street) == before + 1
    assert "farewell" in [row.kind for row in street.rows(CaseEvent)]


def test_thanks_and_a_fall_are_no_farewell(street: Street, chen: Resident) -> None:
    chen.says(DIE, "一个人")
    assert chen.says("没事了,谢谢你们") == ["没事就好。想说随时说。"]
    assert chen.says("谢谢") == [STAY]
    other = street.resident("other")
    other.says(FALL, "有人在")
    assert other.says("谢谢你们") == [STAY]


def test_where_and_who_are_taken_into_the_case(street: Street, chen: Resident) -> None:
    where, number = "康定路3号402", "我电话13812345678"
    street.reader = Scripted(
        {
            where: Reading(slots={"address": where}),
            number: Reading(slots={"phone": "13812345678"}),
        }
    )
    chen.says(FALL)
    chen.says(where, "有人在", number)
    people = street.view(street.member(), chen.case.id).people
    known = [one for one in people.values() if one is not None]
    assert where in [one.address for one in known]
    assert any(one.has_phone for one in known)


@pytest.mark.parametrize("words", ["到了", "在叫了", "叫好了", "120在路上", "打通了"])
def test_who_has_called_is_heard(chen: Resident, words: str) -> None:
    chen.says(FALL)
    assert chen.says(words) == ["我记下了,也告诉顾问了。"]


def test_answers_stand_only_under_their_question(chen: Resident) -> None:
    chen.says(DIE, "一个人", DIE, "打勿通", "再见")
    lines = [line for line in chen.log() if line["tone"] == "danger"]
    assert len(lines) == 4
    for line in lines:
        answers = [one for one in line["choices"] if one["value"].startswith("danger:")]
        assert bool(answers) == line["text"].endswith("?"), line


def test_the_repeat_puts_no_question_that_was_answered(street: Street, chen: Resident) -> None:
    chen.says(DIE, "一个人")
    before = chen.last_seq
    street.advance(minutes=6)
    assert chen.heard(before) == ["还没人回您。请先打 962525。"]
    assert chen.question["choices"][0]["value"] == "tel:962525"


def test_who_waits_hears_once_that_a_human_has_it(street: Street, chen: Resident) -> None:
    li, wu = street.member(), street.member("吴顾问")
    chen.says(DIE)
    before = chen.last_seq
    street.act(claim.claim, li, chen.case.id)
    assert chen.heard(before) == ["李顾问马上来找您。"]
    street.act(claim.release, li, chen.case.id)
    street.act(claim.claim, wu, chen.case.id)
    assert chen.heard(before) == ["李顾问马上来找您。"]


def test_a_case_that_is_not_red_is_claimed_without_a_word(street: Street, chen: Resident) -> None:
    case = chen.files(CARE, ("没有人", "76", "可以", "13812345678", "康定路3号"))
    before = chen.last_seq
    street.act(claim.claim, street.member(), case.id)
    assert chen.heard(before) == []


def test_no_food_has_words_of_its_own(chen: Resident) -> None:
    chen.says(HUNGRY)
    (said,) = chen.says("就我一个人")
    assert said == "去找居委会或派出所,说您一个人。我在这里。"


def test_three_dangers_have_one_script_and_one_question(street: Street, chen: Resident) -> None:
    (said,) = chen.says(f"{BEATEN},{HUNGRY},{DIE}")
    assert said.splitlines() == [
        "您心里一定很苦。谢谢您告诉我。",
        "请先打 962525,有人听您说。",
        "还有:报警 110、市民热线 12345。",
        "您现在一个人吗?",
    ]
    values = [one["value"] for one in chen.question["choices"]]
    assert values[:3] == ["tel:962525", "tel:110", "tel:12345"]
    assert len(values) == len(set(values))
    assert chen.says("一个人")[0].startswith("我在这里")
    assert chen.says(BEATEN)[0].endswith("现在方便说话吗?"), "its own question was not put yet"


def test_a_collapse_comes_before_all(chen: Resident) -> None:
    (said,) = chen.says(f"{DIE},{FALL}")
    assert said.startswith("别慌,我陪着您。")
    assert "还有:心理热线 962525。" in said


def test_after_an_advisor_has_spoken_they_are_answered_as_ever(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    chen.says(DIE, "一个人")
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "a1", "我在")
    street.act(claim.release, li, chen.case.id)
    street.now += timedelta(minutes=2)
    assert STAY not in chen.says("我难过")
