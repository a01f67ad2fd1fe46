"""What became of an answer to somebody on Telegram: sent, seen, or not, and then the telephone."""

from __future__ import annotations

from datetime import timedelta

from handlers import delivery, receive
from handlers.ports import STAFF_CHANNEL, Update
from tests.handlers.staff_chat.office import ACCOUNT, Message, Office, Phone
from tests.handlers.street import CARE, Resident

WHO = ("telegram", "5", "sender-lu")


def _lu(office: Office) -> Resident:
    """Somebody who writes on Telegram."""
    lu = Resident(office.street, WHO)
    lu.sends(kind="start", address="5001")
    return lu


def _carry(office: Office, *, error: str | None = None, gone: bool = False) -> None:
    """The residents' bot sends what waits, or cannot."""
    street = office.street
    while True:
        until = street.now + timedelta(seconds=30)
        ready = street.write(
            delivery.lease, "telegram", "5", "t", street.now, until, 50, street.house
        )
        for one in ready:
            street.write(
                delivery.settled, one.parcel, "t", "failed" if error else "sent", street.now,
                street.house, error=error, gone=gone,
                external_id=None if error else office.next_id(),
            )  # fmt: skip
        if not ready:
            return


def _answered(office: Office) -> tuple[Phone, Resident, Message]:
    phone, _ = office.joined("李顾问")
    lu = _lu(office)
    lu.files(CARE)
    _carry(office)
    phone.news()
    phone.presses("我来")
    _carry(office)
    lu.sends(text="几点来")
    (line,) = phone.news()
    (mark,) = phone.says("三点来", reply_to=line.id)
    return phone, lu, mark


def test_sending_sent_seen(office: Office) -> None:
    phone, lu, mark = _answered(office)
    number = lu.case.number
    assert mark.text == f"给 #{number} · 正在发"
    _carry(office)
    assert phone.news() == []
    assert mark.text == f"给 #{number} · 已送到"
    seq = max(row["seq"] for row in lu.log() if row["from"] == "advisor")
    lu.sends(kind="choice", choice=f"seen:{seq}")
    phone.news()
    assert mark.text == f"给 #{number} · 看到了"
    edits = mark.edits
    office.street.advance(minutes=1)
    lu.sends(text="好的")
    phone.news()
    assert mark.edits == edits


def test_blocked_means_telephone(office: Office) -> None:
    phone, lu, mark = _answered(office)
    _carry(office, error="blocked", gone=True)
    loud = [one for one in phone.news() if "没送到" in one.text]
    assert len(loud) == 1
    assert not loud[0].silent
    assert "对方关掉了机器人" in loud[0].text
    assert "没留电话,请上门" in loud[0].text
    assert "没送到" in mark.text
    assert [one for one in phone.news() if "没送到" in one.text] == []
    (task,) = [one for one in phone.says("到期") if one.title.startswith("到期")]
    labels = task.labels
    assert any(label in ("打通了", "见到了") for label in labels)
    (sure,) = phone.presses("打通了" if "打通了" in labels else "见到了", task)
    assert sure.text.startswith(f"#{lu.case.number}:记成「")
    assert phone.presses("是的", sure) == []
    assert (sure.text.startswith(f"#{lu.case.number} 记下了"), sure.labels) == (True, [])
    (again,) = phone.presses("打通了" if "打通了" in labels else "见到了", task)
    assert again.text == "这一条已经办过了。"
    assert lu.case.closed_at is None


def test_an_answer_that_failed_before_its_mark_was_sent(office: Office) -> None:
    phone, lu, _ = _answered(office)
    number = lu.case.number
    phone.presses("写回话", phone.find("您在跟"))
    street = office.street
    made = Update(
        STAFF_CHANNEL, ACCOUNT, "chat-李顾问", "9", "text", "带病历", actor="actor-李顾问"
    )
    street.write(receive.receive, made, (), street.now, street.house)
    street.work()
    _carry(office, error="blocked", gone=True)
    loud = [one for one in phone.news() if "没送到" in one.text and one.reply_to == "9"]
    assert [one.text.partition(":")[0] for one in loud] == [f"给 #{number} · 没送到"]
    assert not loud[0].silent


def test_a_line_that_cannot_be_shown_here_is_said(office: Office) -> None:
    phone, _ = office.joined("李顾问")
    lu = _lu(office)
    lu.files(CARE)
    phone.news()
    phone.presses("我来")
    office.failing["李顾问"], office.failing_only = ("too_big", False), "talk"
    lu.sends(text="您好")
    (said,) = phone.news()
    assert "请在工作台看" in said.text


def test_seen_and_opened_are_no_words(office: Office) -> None:
    phone, lu, mark = _answered(office)
    _carry(office)
    phone.news()
    answer = [line for line in lu.log() if line["from"] == "advisor"][-1]
    lu.sends(kind="choice", choice=f"seen:{answer['seq']}")
    lu.sends(kind="start")
    assert phone.news() == []
    assert "看到了" in mark.text
    lu.sends(text="好的")
    assert [one.text for one in phone.news()] == ["好的"]
