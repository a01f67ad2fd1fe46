"""An advisor's day on a phone: a card comes, it is claimed, answered, noted, closed."""

from __future__ import annotations

from datetime import timedelta

from storage.audit import Audit
from storage.cases import Case
from tests.handlers.staff_chat.office import Office
from tests.handlers.street import CARE, Resident


def test_a_new_case_comes_as_a_card_and_is_claimed(office: Office, chen: Resident) -> None:
    phone, viewer = office.joined("李顾问")
    other, _ = office.joined("张顾问")
    case = chen.files(answers=["陈老伯"])
    (card,) = phone.news()
    assert card.title.startswith(f"#{case.number} ")
    assert CARE[:10] in card.text
    assert "还没人接" in card.text
    assert "养老照护" in card.text
    assert "应接手" in card.text
    assert {"我来", "看对话", "记一笔", "急缓"} <= set(card.labels)
    assert all(len(row) <= 3 for row in card.rows)
    (theirs,) = other.news()
    (said,) = phone.presses("我来", card)
    assert said.text == f"#{case.number} 是您的了。"
    assert "您在跟" in card.text
    assert "我来" not in card.labels
    assert "写回话" in card.labels
    assert other.news() == []
    assert "李顾问在跟" in theirs.text
    assert "我来" not in theirs.labels
    assert office.street.rows(Case)[0].assignee_id == viewer.id


def test_a_lost_claim_says_who_has_it(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    other, _ = office.joined("张顾问")
    chen.files()
    (card,), (theirs,) = phone.news(), other.news()
    old = theirs.value("我来")
    phone.presses("我来", card)
    (said,) = other.taps(old, theirs)
    assert said.text == "李顾问已经接了"


def test_the_day(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    case = chen.files()
    number = case.number
    phone.news()
    phone.presses("我来")

    # what the resident writes now comes here, once, and a reply answers it
    chen.says("我的腿又疼了")
    (line,) = phone.news()
    assert line.title.startswith(f"#{number}")
    assert line.text == "我的腿又疼了"
    assert not line.silent
    before = chen.last_seq
    (mark,) = phone.says("我下午来看您", reply_to=line.id)
    assert "我下午来看您" in chen.heard(before)
    assert mark.text == f"给 #{number} · 在网页上了,还没看到"
    assert mark.silent
    assert mark.reply_to == phone.wrote
    chen.sees()
    phone.news()
    assert mark.text == f"给 #{number} · 看到了"

    # speaking with one case
    (said,) = phone.presses("写回话", phone.find("您在跟"))
    assert said.text.startswith(f"正在和 #{number}")
    assert said.labels == ["离开"]
    before = chen.last_seq
    phone.says("带好病历")
    phone.speaks()
    assert chen.heard(before)[0] == "带好病历"
    voice = chen.log()[-1]
    assert voice["media"]["kind"] == "voice"
    assert voice["from"] == "advisor"
    (left,) = phone.presses("离开", said)
    assert left.text == f"和 #{number} 的对话结束了。"
    (asked,) = phone.says("还有一句")
    assert asked.text.startswith("这句话还没发给谁")
    before, old = chen.last_seq, asked.value(f"#{number}")
    phone.presses(f"#{number}", asked)
    assert chen.heard(before) == ["还有一句"]
    assert (asked.text, asked.labels) == (f"发给 #{number} 了。", [])
    assert phone.taps(old, asked) == []
    assert "已经发过了" in asked.text
    assert chen.heard(before) == ["还有一句"]
    (asked,) = phone.says("这句不要了")
    phone.presses("不发", asked)
    assert (asked.text, asked.labels) == ("好,不发。", [])
    assert "这句不要了" not in [row["text"] for row in chen.log()]

    # a note is for colleagues
    (asked,) = phone.presses("记一笔", phone.find("您在跟"))
    assert "只有同事看得到" in asked.text
    (kept,) = phone.says("家里没人")
    assert kept.text == f"#{number} 记下了。只有同事看得到。"
    assert "家里没人" not in [row["text"] for row in chen.log()]
    (kept,) = phone.says(f"/note {number} 钥匙在邻居家")
    assert "记下了" in kept.text
    view = office.street.view(office.viewer("李顾问"), case.id)
    assert [one.text for one in view.entries if one.from_ == "note"] == ["家里没人", "钥匙在邻居家"]

    # closed, reopened
    (asked,) = phone.presses("结案", phone.find("您在跟"))
    assert "办好了" in asked.labels
    (said,) = phone.presses("办好了", asked)
    assert said.text == f"#{number} 结案了。"
    card = phone.find("结案:办好了")
    assert {"看对话", "记一笔", "重开"} <= set(card.labels)
    assert "写回话" not in card.labels
    (said,) = phone.presses("重开", card)
    assert said.text == f"#{number} 重开了。"
    assert "您在跟" in card.text


def test_an_edit_reaches_the_resident_as_a_correction(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    chen.says("几点来")
    (line,) = phone.news()
    phone.says("三点来", reply_to=line.id)
    wrote = phone.wrote
    (mark,) = phone.sends("edit", text="四点来", edits=wrote, external_id="e1.1")
    last = chen.log()[-1]
    assert (last["kind"], last["text"]) == ("edited", "四点来")
    assert "还没看到" in mark.text
    assert mark.reply_to == wrote
    assert phone.sends("edit", text="四点来", edits=wrote, external_id="e1.2") == []
    phone.presses("记一笔", phone.find("您在跟"))
    phone.says("内部的话")
    (said,) = phone.sends("edit", text="改内部的话", edits=phone.wrote, external_id="e2.1")
    assert said.text.startswith("记下的话改不了")


def test_an_edit_in_the_talk_with_one_case_is_no_word_from_the_desk(
    office: Office, chen: Resident
) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    phone.presses("写回话")
    phone.says("三点来")
    wrote = phone.wrote
    (mark,) = phone.sends("edit", text="四点来", edits=wrote, external_id="e1.1")
    assert mark.reply_to == wrote
    assert phone.sends("edit", text="四点来", edits=wrote, external_id="e1.2") == []


def test_an_edited_message_that_was_never_sent_is_asked_about(
    office: Office, chen: Resident
) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    phone.says("您哈")
    asked, wrote, old = phone.last, phone.wrote, phone.last.value("#")
    assert phone.sends("edit", text="您好", edits=wrote, external_id="e1.1") == []
    assert asked.text.startswith("改过的这句话还没发过")
    before = chen.last_seq
    phone.taps(old, asked)
    assert chen.heard(before)[-1:] == ["您好"]
    assert phone.taps(old, asked) == []
    assert asked.text.endswith("已经发过了。")
    assert chen.heard(before).count("您好") == 1
    phone.sends("edit", text="您好呀", edits=wrote, external_id="e1.2")
    assert chen.log()[-1]["kind"] == "edited"


def test_the_talk_with_one_case_ends_by_itself_and_says_so(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    chen.files()
    phone.news()
    phone.presses("我来")
    phone.presses("写回话")
    office.street.now += office.street.house.office.live + timedelta(seconds=1)
    (said,) = phone.news()
    assert said.text.startswith("好久没写")
    (asked,) = phone.says("您在吗")
    assert asked.text.startswith("这句话还没发给谁")


def test_another_focus_ends_the_first(office: Office, chen: Resident) -> None:
    phone, _ = office.joined("李顾问")
    first, second = chen.files(), office.street.resident("wu").files()
    phone.news()
    for number in (first.number, second.number):
        phone.presses("我来", phone.find(f"#{number} "))
    phone.presses("写回话", phone.find(f"#{first.number} 没留"))
    *_, stopped, said = phone.presses("写回话", phone.find(f"#{second.number} 没留"))
    assert stopped.text == f"和 #{first.number} 的对话先停下。"
    assert said.text.startswith(f"正在和 #{second.number}")


def test_reading_the_talk(office: Office, chen: Resident) -> None:
    phone, viewer = office.joined("李顾问")
    case = chen.files()
    phone.news()
    phone.presses("我来")
    for place in range(40):
        chen.says(f"第{place}句")
    chen.sends_voice()
    phone.news()
    (page, voice) = phone.presses("看对话", phone.find("您在跟"))
    assert "居民" in page.text
    assert "第39句" in page.text
    assert "[语音" in page.text
    assert "更早的" in page.labels
    assert "写回话" in page.labels
    assert voice.media is not None
    assert voice.media["kind"] == "voice"
    assert "听过了" in voice.labels
    seen = [row for row in chen.log() if row["kind"] == "seen"]
    assert seen
    assert viewer.name in seen[-1]["text"]
    older = phone.presses("更早的", page)
    assert "第0句" in "".join(one.text for one in older) or "更早的" in older[0].labels
    (said,) = phone.presses("听过了", voice)
    assert said.text == f"#{case.number} 记下了。"
    acts = [row.act for row in office.street.rows(Audit, case_id=case.id)]
    assert {"read", "media", "listen", "claim"} <= set(acts)
