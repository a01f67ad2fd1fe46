"""People who are not of the staff cost the bot next to nothing, and learn nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from storage.database import Db
from storage.inbox import TABLE as INBOX
from storage.outbox import PUBLIC
from storage.outbox import TABLE as OUTBOX
from tests.handlers.staff_chat.office import Office


def kept(db: Db) -> int:
    return len(db.execute(select(INBOX.c.id)).all())


def test_one_sentence_a_minute_whatever_they_try(office: Office) -> None:
    phone = office.phone("somebody")
    assert len(phone.sends("start", text="guess-1")) == 1
    for number in range(5):
        assert phone.sends("start", text=f"guess-{number}") == []
        assert phone.says("队列") == []
    office.street.now += timedelta(minutes=1)
    assert len(phone.says("喂")) == 1
    assert set(office.street.write(_lanes)) == {PUBLIC}


def test_of_a_strange_group_nothing_is_kept_but_what_links_it(office: Office) -> None:
    group = office.phone("群", group=True)
    before = office.street.write(kept)
    for text in ("/queue", "/search 231", "今天谁值班", "/hereabouts"):
        assert group.says(text, person="路人") == []
    assert group.taps("cl:x", person="路人") == []
    assert office.street.write(kept) == before
    (said,) = group.says("/here@bot", person="路人")
    assert "请主管来写" in said.text
    assert group.says("/bye", person="路人") == []


def test_a_strangers_group_is_left_at_once(office: Office) -> None:
    li, _ = office.joined("李顾问")
    li.news()
    for person in ("路人", "李顾问"):
        group = office.phone(f"群{person}", group=True)
        assert group.sends("back", person=person) == [], "no word"
        assert group.left


def test_a_supervisors_group_has_ten_minutes(office: Office) -> None:
    boss, _ = office.joined("王主管", "supervisor")
    forgotten, linked = office.phone("忘", group=True), office.phone("群", group=True)
    for group in (forgotten, linked):
        assert group.sends("back", person="王主管") == []
    assert "请主管来写" in linked.says("/here", person="路人")[0].text, (
        "what waits holds up nothing"
    )
    linked.says("/here", person="王主管")
    office.street.now += timedelta(minutes=10)
    office.run()
    assert forgotten.left
    assert not linked.left
    assert boss.news() is not None


def _lanes(db: Db) -> list[int]:
    return list(db.execute(select(OUTBOX.c.lane)).scalars())
