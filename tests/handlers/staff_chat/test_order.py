"""What goes first in a chat that is behind: red, what was asked for, what is told, looks."""

from __future__ import annotations

from datetime import timedelta

from handlers import delivery
from handlers.advisors import claim
from handlers.ports import STAFF_CHANNEL
from handlers.supervisors import assign
from storage.notices import Notice
from storage.outbox import Outbox
from tests.handlers.staff_chat.office import ACCOUNT, Message, Office, Phone
from tests.handlers.street import DIE, FALL, Resident


def one_by_one(office: Office, phone: Phone) -> list[Message]:
    """What came to one phone, in the order of sending."""
    before = len(phone.messages)
    office.deliver()
    while office.deliver():
        pass
    return phone.messages[before:]


def taken(office: Office) -> list[delivery.Ready]:
    """What a sender takes now."""
    street = office.street
    until = street.now + timedelta(seconds=30)
    found: list[delivery.Ready] = street.write(
        delivery.lease, STAFF_CHANNEL, ACCOUNT, "t", street.now, until, 50, street.house
    )
    return found


def test_red_goes_before_what_waits_in_the_chat(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    chen.files()
    office.run()
    office.street.act(claim.claim, viewer, chen.case.id)
    office.street.now += timedelta(seconds=1)
    for place in range(5):
        chen.says(f"第{place}句")
        office.feed()
    office.street.resident("wu").files()
    office.feed()
    office.street.resident("qian").says(DIE)
    office.feed()
    found = one_by_one(office, li)
    assert "红" in found[0].title
    assert not found[0].silent
    lines = [one for one in found if "第0句" in one.text]
    assert lines[0].text.splitlines() == [f"第{place}句" for place in range(5)]
    assert len([one for one in found if "第4句" in one.text and one.title]) == 1
    assert office.street.rows(Outbox, state="queued") == []


def test_every_red_rings_before_the_lines_of_another(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    chen.says(DIE)
    office.run()
    office.street.act(claim.claim, viewer, chen.case.id)
    office.street.now += timedelta(seconds=1)
    for _ in range(5):
        chen.sends_voice()
        office.feed()
    for name in ("wu", "qian", "sun"):
        office.street.resident(name).says(DIE)
        office.feed()
    found = one_by_one(office, li)
    assert [one.title for one in found[:3]] == [f"#{n} 没留名字 · 红" for n in (2, 3, 4)]
    assert not any(one.silent for one in found[:3])
    assert ["后面还有" in one.text for one in found[:3]] == [True, True, False]
    assert "后面还有 2 条红色的" in found[0].text


def test_a_card_on_its_way_does_not_end_the_bell_of_its_case(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    chen.files()
    office.feed()
    (ready,) = office.lease()  # the card of a new case, on its way
    chen.says(DIE)
    office.feed()
    office.street.now += timedelta(seconds=1)
    office.sent(ready)
    office.run()
    first, bell = li.messages[-2:]
    assert (first.title[-1:], first.text) == ("红", "看下面新的")
    assert (bell.title[-1:], bell.silent) == ("红", False)


def test_what_they_asked_for_goes_before_what_they_are_told(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    for name in ("a", "b", "c"):
        office.street.resident(name).files()
    office.feed()
    li.sends_only("我的")
    found = one_by_one(office, li)
    assert "手上没有事" in found[0].text
    assert len(found) == 4


def test_a_file_is_a_message_of_its_own(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    chen.files()
    office.run()
    office.street.act(claim.claim, viewer, chen.case.id)
    office.street.now += timedelta(seconds=1)
    chen.says("一", "二")
    office.feed()
    chen.sends_voice()
    chen.says("三")
    office.feed()
    found = one_by_one(office, li)
    said = [one for one in found if one.title.startswith("#1 没留名字 · ")]
    assert [one.text for one in said if not one.media] == ["一\n二", "三"]
    assert len(said) == 3


def test_only_the_newest_card_is_kept_fresh(office: Office, chen: Resident) -> None:
    li, _ = office.joined("李顾问")
    chen.says(DIE)
    (first,) = li.news()
    office.street.advance(minutes=2)
    li.news()
    chen.says(FALL)
    cards = [one for one in li.news() if "危险" in one.text]
    assert cards
    office.run()
    assert first.text == "看下面新的"
    assert first.rows == []
    edits = first.edits
    li.presses("我来", cards[-1])
    li.news()
    assert first.edits == edits
    assert "您在跟" in cards[-1].text


def test_a_card_that_waited_too_long_is_not_sent_after_a_newer_one(
    office: Office, chen: Resident
) -> None:
    li, _ = office.joined("李顾问")
    case = chen.files()
    office.feed()
    office.street.now += timedelta(seconds=30)
    li.sends_only(f"#{case.number}")
    found = one_by_one(office, li)
    assert [one.title for one in found] == [found[0].title]


def test_no_line_is_lost_when_its_case_turns_red(office: Office, chen: Resident) -> None:
    li, viewer = office.joined("李顾问")
    chen.files()
    office.run()
    office.street.act(claim.claim, viewer, chen.case.id)
    office.street.now += timedelta(seconds=1)
    chen.says("一", "二")
    office.feed()
    chen.says(DIE)
    office.feed()
    found = one_by_one(office, li)
    said = "\n".join(one.text for one in found if one.title.startswith("#1 没留名字 · ")).split(
        "\n"
    )
    assert [word for word in said if word in ("一", "二", DIE)] == ["一", "二", DIE]


def test_the_rest_of_a_long_line_comes_though_more_was_said_meanwhile(
    office: Office, chen: Resident
) -> None:
    _, viewer = office.joined("李顾问")
    chen.files()
    office.run()
    office.street.act(claim.claim, viewer, chen.case.id)
    office.street.now += timedelta(seconds=1)
    office.run()
    chen.says("一句很长的话。" * 700)
    office.feed()
    ready = taken(office)
    first = next(one.parcel for one in ready if "一句很长的话" in one.parcel.body["text"])
    assert office.street.write(
        delivery.part_sent, first, "t", 1, office.street.now, external_id="9001", until=None
    )
    chen.says("还有一句")
    office.feed()
    again = [one.parcel for one in taken(office) if one.parcel.id == first.id]
    assert [one.parts_sent for one in again] == [1]
    assert again[0].body["text"] == first.body["text"]
    assert again[0].body["what"] == "talk"
    office.street.write(
        delivery.settled, again[0], "t", "sent", office.street.now, office.street.house,
        external_id="9002",
    )  # fmt: skip
    later = taken(office)
    assert [one.parcel.body["text"] for one in later if one.parcel.body["what"] == "talk"] == [
        "还有一句"
    ]


def test_a_case_that_rings_again_while_its_bell_waits_keeps_its_place(
    office: Office, chen: Resident
) -> None:
    """Who writes on and on keeps nobody else waiting: a chat takes one message a second."""
    li, viewer = office.joined("李顾问")
    chen.says(DIE)
    office.feed()
    for _ in range(3):
        office.street.now += timedelta(minutes=1)
        chen.says(DIE)
        office.feed()
    (notice, *_) = office.street.rows(Notice, kind="ring")
    office.street.act(assign.acknowledge, viewer, notice.seq)
    office.street.resident("wu").says(DIE)
    office.feed()
    found = [one for one in one_by_one(office, li) if one.title.endswith("红")]
    assert [(one.title[:2], one.silent) for one in found] == [("#1", False), ("#2", False)]
