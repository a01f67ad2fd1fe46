"""A resident and an advisor, from the first words to the faces and back again."""

from __future__ import annotations

import pytest

from handlers.advisors import attend, claim, reply
from handlers.ports import Refused
from storage.case_slots import CaseSlot
from storage.cases import Case, CaseEvent
from storage.due import Due
from tests.handlers.street import ANSWERS, CARE, WHERE, Resident, Street


def kinds(street: Street, case_id: str) -> list[str]:
    rows = sorted(street.rows(CaseEvent, case_id=case_id), key=lambda row: row.seq)
    return [row.kind for row in rows]


def test_answers_by_words_number_and_tap(street: Street, chen: Resident) -> None:
    street.member()
    assert chen.says(CARE) == ["听到了。养老的事,我来帮您。", "家里有人照顾您吗?"]
    assert chen.says("1") == ["您多大年纪了?"]
    assert chen.says("七十六") == ["我记下电话和住址给顾问,可以吗?"]
    assert chen.taps("可以") == ["打哪个电话找得到您?"]
    assert chen.taps("跳过") == ["您住在哪里?"]
    assert "年纪:76" in chen.says("康定路3号")[0]
    (receipt,) = chen.taps("对的")
    assert receipt == f"您的编号是 {chen.case.number}。顾问会在上午9点45分前回您。"
    assert chen.log()[-1]["tone"] == "receipt"


def test_back_once_and_a_line_changed_leave_the_old_answer_struck_out(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    chen.says(CARE, "没有人")
    assert chen.taps("cmd:back") == ["家里有人照顾您吗?"]
    chen.says("有家人", "76", "可以", "13812345678")
    summary = chen.says("康定路3号")[0]
    assert "谁照顾:有家人" in summary
    chen.taps("改一下")
    assert chen.question["text"] == "您要改哪一条?"
    said = chen.says("电话不对,是13887654321")
    assert any("13887654321" in words for words in said)
    chen.taps("对的")
    view = street.view(li, chen.case.id)
    known = {slot.key: slot for slot in view.slots}
    assert known["carer"].words == "有家人"
    assert known["carer"].replaced == ("没有人",)
    assert known["phone"].words == "138 •••• 4321"
    assert known["phone"].replaced == ("138 •••• 5678",)
    assert view.people["helped"].phone_masked == "138 •••• 4321"


def test_the_case_holds_what_was_said_and_why_it_is_orange(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    view = street.view(li, case.id)
    assert view.card.line == CARE
    assert view.card.urgency == "orange"
    assert view.reasons == ("独居", "无人照料", "行动不便", "七十岁以上")
    assert view.people["helped"].age == "76"
    assert view.people["helped"].same_as == "asker"
    assert view.people["relayer"] is None
    assert view.entries[0].text == CARE
    assert view.next.action == "claim"
    assert view.card.due_kind == "claim"
    assert "七十岁以上" in view.events[-1].text


def test_two_taps_on_the_same_button_file_once(street: Street, chen: Resident) -> None:
    street.member()
    chen.files(CARE, ANSWERS)
    right = chen.button("对的")
    before = chen.last_seq
    chen.sends(kind="choice", choice=right)
    assert chen.heard(before) == []  # a trembling hand is not scolded
    assert len(street.rows(Case)) == 1


def test_a_button_of_an_earlier_question_changes_nothing(street: Street, chen: Resident) -> None:
    chen.says(CARE)
    old = chen.button("没有人")
    chen.says("有家人")
    asked = chen.question["text"]
    before = chen.last_seq
    chen.sends(kind="choice", choice=old)
    assert chen.heard(before) == ["那一题已经过去了。请看现在这一题。", asked]


def test_claim_answer_and_silence_of_the_bot(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    assert chen.case.status == "assessing"
    assert street.view(li, case.id).next.action == "reply"
    seq = street.act(reply.reply, li, case.id, "a1", "您好,我是李顾问。")
    line = chen.log()[-1]
    assert (line["seq"], line["from"], line["name"], line["title"]) == (
        seq,
        "advisor",
        "李顾问",
        "社区救助顾问",
    )
    assert chen.log()[-2]["kind"] == "human_joined"
    assert chen.log()[-2]["text"] == "李顾问来了。您直接说就行。"
    for words in ("好额", WHERE, "谢谢", "找人工"):
        assert chen.says(words) == []
    assert chen.taps("cmd:human") == []
    assert chen.taps("cmd:menu") == []
    assert chen.taps("cmd:back") == []
    view = street.view(li, case.id)
    assert [line.text for line in view.entries if line.from_ == "resident"][-7] == "好额"
    assert view.live
    assert view.card.unread > 0


def test_a_reply_is_said_once_whatever_the_client_repeats(street: Street, chen: Resident) -> None:
    li, wang = street.member(), street.member("王主管", "supervisor")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    first = street.act(reply.reply, li, case.id, "a1", "您好")
    assert street.act(reply.reply, li, case.id, "a1", "您好") == first
    for viewer, words in ((li, "别的话"), (wang, "您好")):
        with pytest.raises(Refused, match="same_id"):
            street.act(reply.reply, viewer, case.id, "a1", words)
    assert [line["text"] for line in chen.log() if line["from"] == "advisor"][-1] == "您好"
    assert chen.heard().count("您好") == 1


def test_a_reply_must_be_words_of_the_one_who_holds_the_case(
    street: Street, chen: Resident
) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    with pytest.raises(Refused, match="not_claimed"):
        street.act(reply.reply, li, case.id, "a1", "您好")
    street.act(claim.claim, li, case.id)
    for words, code in (("  ", "empty"), ("长" * (reply.MOST_CHARACTERS + 1), "too_long")):
        with pytest.raises(Refused, match=code):
            street.act(reply.reply, li, case.id, "a2", words)
    with pytest.raises(Refused) as refused:
        street.act(reply.reply, zhao, case.id, "a3", "我来说")
    assert (refused.value.code, refused.value.params) == ("not_yours", {"by": "李顾问"})
    assert not [line for line in chen.log() if line["from"] == "advisor"]


def test_the_second_who_claims_is_told_who_has_it(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(claim.claim, li, case.id)  # one's own claim again is no fault
    with pytest.raises(Refused) as refused:
        street.act(claim.claim, zhao, case.id)
    assert (refused.value.code, refused.value.status) == ("taken", 409)
    assert refused.value.params == {"by": "李顾问"}
    assert kinds(street, case.id).count("claimed") == 1


def test_the_bot_speaks_again_after_the_live_time(street: Street, chen: Resident) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    chen.sees()
    street.advance(minutes=20)
    chen.says("好的")
    street.act(reply.reply, li, case.id, "a2", "还有什么?")
    chen.sees()
    street.advance(minutes=29)
    assert chen.log()[-1]["kind"] != "human_left"
    street.advance(minutes=2)
    assert chen.log()[-1]["kind"] == "human_left"
    assert chen.log()[-1]["text"] == "李顾问先忙去了。有事您接着写。"
    assert not street.view(li, case.id).live
    assert chen.says("明天我在家的")[0].startswith("收到了。李顾问会在")
    assert chen.says("后天也在的") == []  # once
    assert chen.says(WHERE)[0].startswith(f"{case.number} 号,李顾问正在看。")


def test_outside_a_live_talk_each_answer_renews_the_acknowledgement(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    assert chen.says("我再说一句,楼梯很陡的") == ["收到了。顾问会在上午9点45分前回您。"]
    assert chen.says("真的很陡") == []
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "知道了")
    chen.sees()
    street.advance(minutes=31)
    assert len(chen.says("楼梯还很暗")) == 1
    assert chen.case.promised_at is not None


def test_status(street: Street, chen: Resident) -> None:
    street.member()
    assert chen.says(WHERE) == ["您还没有事在办。有难处您说。"]
    case = chen.files(CARE, ANSWERS)
    assert chen.says(WHERE) == [f"{case.number} 号收到了。上午9点45分前有人回您。"]
    street.advance(minutes=45)
    assert chen.taps("cmd:where")[-1] == "对不起,晚了。我再去催一催。"


def test_status_in_the_middle_of_a_dialog_keeps_the_question(
    street: Street, chen: Resident
) -> None:
    chen.files(CARE, ANSWERS)
    chen.says("看病没钱")
    asked = chen.question["text"]
    said = chen.says(WHERE)
    assert "号收到了" in said[0]
    assert said[-1] == asked


def test_a_second_need_is_a_case_of_its_own(street: Street, chen: Resident) -> None:
    first = chen.files(CARE, ANSWERS)
    second = chen.files("看病没钱", ("跳过", "有医保", "先不要", "先不要"))
    assert second.number != first.number
    assert second.needs == ["medical_aid"]
    assert len(chen.says(WHERE)) >= 2


def test_seen_is_said_once_by_name_and_with_the_time(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(attend.read_up_to, zhao, case.id, chen.last_seq)  # a passer-by
    assert chen.log()[-1]["kind"] != "seen"
    street.act(attend.read_up_to, li, case.id, chen.last_seq)
    mark = chen.log()[-1]
    assert mark["kind"] == "seen"
    assert mark["text"] == "李顾问看过了,上午9点45分前回您"
    assert mark["ref"] == max(line["seq"] for line in chen.log() if line["from"] == "me")
    street.act(attend.read_up_to, li, case.id, chen.last_seq)
    assert [line["kind"] for line in chen.log()].count("seen") == 1
    assert street.view(li, case.id).card.unread == 0


def test_release_gives_it_back_and_says_that_the_human_left(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    with pytest.raises(Refused, match="not_yours"):
        street.act(claim.release, zhao, case.id)
    street.act(claim.release, li, case.id)
    assert chen.log()[-1]["kind"] == "human_left"
    (card,) = street.queue(zhao)
    assert card.assignee is None
    assert "claim" in [row.kind for row in street.rows(Due, case_id=case.id)]


def test_hand_over_tells_the_colleague(street: Street, chen: Resident) -> None:
    li, zhao = street.member(), street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(claim.hand_over, li, case.id, zhao.id)
    assert chen.case.assignee_id == zhao.id
    told = [one for one in street.told(zhao) if one["kind"] == "push"]
    assert told[-1]["text"] == f"#{case.number} 派给您了"
    with pytest.raises(Refused, match="bad_staff"):
        street.act(claim.hand_over, zhao, case.id, "nobody")


def test_words_after_a_human_are_no_answer_to_an_older_question(
    street: Street, chen: Resident
) -> None:
    li = street.member()
    case = chen.files(CARE, ANSWERS)
    chen.says("看病没钱", "三万")
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "养老院的事我问好了")
    chen.sees()
    assert chen.says("没有") == []
    street.advance(minutes=31)
    assert chen.question["text"] == "上次的话说到一半。要不要接着说?"
    assert chen.says("接着说") == ["您有医保吗?"]
    slots = [row.key for row in street.rows(CaseSlot, case_id=case.id)]
    assert "insurance" not in slots
