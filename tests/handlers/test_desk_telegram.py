"""What the desk shows of a chat on a channel that pushes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.advisors import attend, claim, correct, reply
from handlers.cards import Card
from handlers.desk.talk_view import StaffEntry, delivery_words, place_in
from handlers.ports import MediaInfo, Viewer
from storage import media, outbox, outbox_next
from storage.database import Db
from tests.handlers.street import DIE, Resident, Street

WHO = ("telegram", "4242", "sender-telegram")


class Far(Resident):
    """Somebody on a channel that pushes."""

    def posts(self, external_id: str | None = None, **update: Any) -> str:
        return super().posts(external_id, **{"address": "900", **update})


@pytest.fixture
def far(street: Street) -> Far:
    return Far(street, WHO)


def taken(street: Street, far: Far, li: Viewer) -> Any:
    """A case of theirs, in the advisor's hands."""
    far.says(DIE)
    street.act(claim.claim, li, far.case.id)
    return far.case


def sends(street: Street, seq: int, state: str, error: str | None = None) -> None:
    """The channel did this with a line, and with all before it."""

    def work(db: Db) -> None:
        until = street.now + timedelta(seconds=30)
        while parcels := outbox_next.lease(db, WHO[0], WHO[1], "o", street.now, until, 10):
            for parcel in parcels:
                mine = parcel.seq == seq
                outbox.settle(
                    db,
                    parcel.id,
                    "o",
                    state if mine else "sent",
                    street.now,
                    error=error if mine else None,
                    not_before=until if mine and state == "queued" else None,
                )
                if mine:
                    return

    street.write(work)


def entry(street: Street, li: Viewer, case_id: str, seq: int) -> StaffEntry:
    found: dict[int | None, StaffEntry] = {one.seq: one for one in street.view(li, case_id).entries}
    return found[seq]


def test_an_answer_is_sending_then_sent_then_seen(street: Street, far: Far, li: Viewer) -> None:
    case = taken(street, far, li)
    seq = street.act(reply.reply, li, case.id, "a1", "您在哪里?")
    assert entry(street, li, case.id, seq).mark == "sending"
    sends(street, seq, "sent")
    assert (entry(street, li, case.id, seq).mark, entry(street, li, case.id, seq).why) == (
        "sent",
        None,
    )
    far.sees()
    assert entry(street, li, case.id, seq).mark == "seen"


def test_what_did_not_get_through_says_why_and_was_never_seen(
    street: Street, far: Far, li: Viewer
) -> None:
    case = taken(street, far, li)
    seq = street.act(reply.reply, li, case.id, "a1", "您在哪里?")
    words = street.house.staff_words
    sends(street, seq, "queued", "unreachable")
    found = entry(street, li, case.id, seq)
    assert (found.mark, found.why) == ("sending", words.say("delivery.unreachable"))
    street.now += timedelta(minutes=1)
    sends(street, seq, "failed", "blocked")
    far.sees()
    found = entry(street, li, case.id, seq)
    assert (found.mark, found.why) == ("failed", words.say("delivery.blocked"))


def test_every_code_of_a_channel_has_words(street: Street) -> None:
    from bot.channels.telegram import errors

    words = street.house.staff_words
    codes = {*errors._GONE.values(), *errors._REFUSED.values(), errors.UNREACHABLE}
    codes |= {errors.BAD_TOKEN, errors.SECOND_POLLER, errors.ONE_CALL, "too_fast", "forbidden"}
    assert len(codes) > 15
    other = words.say("delivery.other")
    missing = {code for code in codes if f"delivery.{code}" not in words}
    assert missing <= {errors.BAD_TOKEN, errors.SECOND_POLLER, "bad_button", "bad_html"}
    assert delivery_words(words, "refused_418") == words.say("delivery.refused")
    assert delivery_words(words, "never heard of") == other
    assert delivery_words(words, None) is None


def test_on_the_web_an_answer_is_unseen_until_it_is_shown(street: Street, li: Viewer) -> None:
    chen = street.resident()
    chen.says(DIE)
    street.act(claim.claim, li, chen.case.id)
    seq = street.act(reply.reply, li, chen.case.id, "a1", "您在哪里?")
    assert entry(street, li, chen.case.id, seq).mark == "unseen"
    chen.sees()
    assert entry(street, li, chen.case.id, seq).mark == "seen"


def test_a_correction_has_a_mark_of_its_own_and_its_original(
    street: Street, far: Far, li: Viewer
) -> None:
    case = taken(street, far, li)
    first = street.act(reply.reply, li, case.id, "a1", "九点来")
    sends(street, first, "sent")
    second = street.act(correct.correct, li, case.id, first, "十点来")
    found = entry(street, li, case.id, second)
    assert (found.kind, found.from_, found.ref, found.mark) == (
        "edited",
        "advisor",
        first,
        "sending",
    )
    assert (found.text, found.original) == ("十点来", "九点来")
    assert entry(street, li, case.id, first).mark == "sent"
    events = [line.text for line in street.view(li, case.id).events]
    assert street.house.staff_words.say("events.corrected", name=li.name) in events


def test_an_edit_of_a_resident_stands_beside_its_original(
    street: Street, far: Far, li: Viewer
) -> None:
    case = taken(street, far, li)
    far.sends(external_id="77", text="住在3号201")
    far.sends(external_id="e77.1", kind="edit", text="住在3号202", edits="77")
    edited = [one for one in street.view(li, case.id).entries if one.kind == "edited"][-1]
    said = [one for one in street.view(li, case.id).entries if one.text == "住在3号201"]
    assert (edited.kind, edited.from_, edited.text) == ("edited", "resident", "住在3号202")
    assert (edited.ref, edited.original) == (said[0].seq, "住在3号201")


def test_forwarded_words_and_places(street: Street, far: Far, li: Viewer) -> None:
    case = taken(street, far, li)
    far.sends(text="医院说要先交一半", forwarded=True)
    far.sends(kind="place", text="31.230400,121.473700 长风新村 3 号")
    lines = [one for one in street.view(li, case.id).entries if one.from_ == "resident"]
    assert [one.forwarded for one in lines[-2:]] == [True, False]
    assert lines[-2].place is None
    place = lines[-1].place
    assert place is not None
    assert (place.lat, place.lon, place.words) == ("31.230400", "121.473700", "长风新村 3 号")


@pytest.mark.parametrize(
    "text", ["", "31.2,121.4", "91.000000,10.000000", "1.000000,181.000000", "x 31.2304,121.4737"]
)
def test_what_is_no_place(text: str) -> None:
    assert place_in(text) is None


def test_a_file_says_its_name_and_whether_it_is_here(street: Street, far: Far, li: Viewer) -> None:
    case = taken(street, far, li)
    made = "d" * 32
    far.sends(
        kind="document",
        media=MediaInfo(made, "document", "application/pdf", 9, "", None, "单子.pdf", "file-id"),
    )
    line = street.view(li, case.id).entries[-1]
    shown = next(one for one in street.view(li, case.id).entries if one.media is not None).media
    assert shown is not None, line
    assert (shown.kind, shown.name, shown.state) == ("document", "单子.pdf", "awaited")
    street.write(_lose, made)
    shown = next(one for one in street.view(li, case.id).entries if one.media is not None).media
    assert shown is not None
    assert shown.state == "lost"
    info = street.write(attend.media_for, li, made, street.now)
    assert (info.kind, info.name) == ("document", "单子.pdf")
    (page_file,) = [one["media"] for one in far.log() if one["media"]]
    assert (page_file["name"], page_file["state"]) == ("单子.pdf", "lost")


def _lose(db: Db, media_id: str) -> None:
    row = media.get(db, media_id)
    assert row is not None
    row.state = "lost"


def card(street: Street, li: Viewer) -> Card:
    (found,) = street.queue(li)
    assert isinstance(found, Card)
    return found


def test_who_shut_the_bot_out_is_called(street: Street, far: Far, li: Viewer) -> None:
    case = taken(street, far, li)
    street.act(reply.reply, li, case.id, "a1", "您在哪里?")
    assert not card(street, li).blocked
    assert card(street, li).channel == "telegram"
    far.posts(kind="left")
    street.work()
    assert card(street, li).blocked
    step = street.view(li, case.id).next
    assert step.action in ("call", "visit")
    task = next(one for one in street.view(li, case.id).tasks if one.kind in ("call", "visit"))
    street.act(attend.task_done, li, task.id, True)
    step = street.view(li, case.id).next  # nobody has a number here: the door is the way
    assert (step.action, step.text) == ("wait", street.house.staff_words.say("next.visit"))
    far.posts(kind="back")
    street.work()
    assert not card(street, li).blocked
