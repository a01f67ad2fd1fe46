"""The checks can fail: a house broken on purpose is found out, and so is a changed picture."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage.keys import Keyring
from tests.durability import faults
from tests.durability.checks import CHECKS, violations
from tests.durability.plan import KEYS
from tests.durability.seen import Case, Parcel, Pushed, Seen, Stored, Talk, Written
from tests.durability.town import Town

BURSTS = tuple(f"burst-web-9.{number}" for number in range(2, 8))
# fault → the broken life, which ends at a point, and what the checks must say
BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "acknowledge_first": ({"point": "intake.before_commit:5"}, "was accepted and is lost"),
    "record_nothing": (
        {"only": ("danger-pigeon-9.2",), "point": "deliver.after_commit:8"},
        "was sent again in life",
    ),
    "never_done": ({"point": "handle.after_commit:30"}, "times in the log"),
    "tick_again": ({"chats": 0, "point": "tick.after_commit:6"}, "was pushed at the rungs"),
    "newest_first": ({"only": BURSTS, "point": "handle.after_commit:30"}, "arrived as"),
}


@pytest.mark.kill
@pytest.mark.slow
@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_house_is_found_out(town: Town, fault: str) -> None:
    how, wrong = BROKEN[fault]
    town.lives(only=("danger-web-9.0", "danger-pigeon-9.1"))
    town.dies(fault=fault, step=61.0, **how)
    # What was lost stays lost: its client was told that it is there, and does not repeat it.
    found = violations(town.finish())
    assert any(wrong in each for each in found), found[:5]


def test_every_fault_is_tried() -> None:
    assert set(BROKEN) == set(faults.FAULTS) - {""}
    assert KEYS.text() == Keyring((b"k" * 32,), b"i" * 32, "").text()


# ---------------------------------------------------------------- a picture, changed by hand


def picture() -> Seen:
    """A pigeon's chat with a red case: two messages, three answers, all as it should be; one
    answer was sent twice, because life 1 was killed between sending and recording it."""
    chat = "danger-pigeon-0.0"
    talk = Talk(
        offered=[f"{chat}/0", f"{chat}/1"],
        accepted=[f"{chat}/0", f"{chat}/1"],
        log=[
            Written(1, "message", "me", f"{chat}/0"),
            Written(2, "message", "bot"),
            Written(3, "delivery", "bot", ref=2),
            Written(4, "message", "me", f"{chat}/1", media="f"),
            Written(5, "message", "bot"),
            Written(6, "delivery", "bot", ref=5),
        ],
        last_seq=6,
        inbox=[Stored(f"{chat}/0", 1, "done"), Stored(f"{chat}/1", 2, "done")],
        outbox=[Parcel("p2", 2, 0, "sent"), Parcel("p5", 5, 2, "sent")],
        cases=[
            Case("c", None, "red", [("opened", None), ("rang", None), ("escalated", 0),
                                    ("escalated", 2)])
        ],
    )  # fmt: skip
    return Seen(
        talks={chat: talk},
        pushed=[Pushed("p2", chat, 1), Pushed("p2", chat, 2), Pushed("p5", chat, 2)],
        recorded={1: set(), 2: set()},
        killed={1},
        notices=[(1, "ring", "c"), (2, "push", "c"), (3, "push", "c")],
        last_notice=3,
        waits={"c": {"claim"}},
        media={"f"},
        files={"f"},
    )


def _talk(seen: Seen) -> Talk:
    (found,) = seen.talks.values()
    return found


def _swap(found: list[Written], one: int, other: int) -> None:
    found[one], found[other] = (
        replace(found[other], seq=found[one].seq),
        replace(found[one], seq=found[other].seq),
    )


def _again(seen: Seen, life: int) -> None:
    seen.pushed.append(Pushed("p5", "danger-pigeon-0.0", life))


def _two_in_one_kill(seen: Seen) -> None:
    seen.pushed.insert(1, Pushed("p5", "danger-pigeon-0.0", 1))


CHANGES: dict[str, tuple[Callable[[Seen], object], str]] = {
    "a message is lost": (lambda s: _talk(s).log.pop(3), "was accepted and is lost"),
    "a message stands twice": (
        lambda s: _talk(s).log.append(Written(7, "message", "me", "danger-pigeon-0.0/0")),
        "stands 2 times",
    ),
    "a message of nobody": (
        lambda s: _talk(s).log.append(Written(7, "message", "me", "x")), "was never sent"
    ),
    "two are swapped": (lambda s: _swap(_talk(s).log, 0, 3), "arrived as"),
    "two arrived swapped": (lambda s: _talk(s).inbox.reverse(), "arrived as"),
    "a number is missing": (lambda s: _talk(s).log.pop(4), "seq is"),
    "an update is open": (
        lambda s: _talk(s).inbox.append(Stored("x", 3, "open")), "is left open in the inbox"
    ),
    "one is counted": (lambda s: setattr(_talk(s), "pending", 1), "pending 1"),
    "a lease is left": (lambda s: setattr(_talk(s), "leased", True), "leased: True"),
    "a parcel is queued": (
        lambda s: _talk(s).outbox.append(Parcel("p9", 9, 2, "queued")), "left queued"
    ),
    "no case": (lambda s: _talk(s).cases.clear(), "0 cases"),
    "a case twice": (
        lambda s: _talk(s).cases.append(copy.deepcopy(_talk(s).cases[0])), "2 cases"
    ),
    "opened twice": (
        lambda s: _talk(s).cases[0].events.append(("opened", None)), "was opened 2 times"
    ),
    "sent again without a kill": (lambda s: _again(s, 2), "without a kill"),
    "sent again after it was recorded": (
        lambda s: s.recorded[2].add("p5"), "and recorded before"
    ),
    "two repeated after one kill": (_two_in_one_kill, "2 messages were repeated"),
    "recorded and never sent": (lambda s: s.pushed.pop(), "never was"),
    "sent, and in no outbox": (lambda s: _talk(s).outbox.pop(), "not in the outbox"),
    "sent in the wrong order": (lambda s: s.pushed.reverse(), "was sent after"),
    "no note of delivery": (lambda s: _talk(s).log.pop(), "0 notes of delivery"),
    "a gap in the feed": (lambda s: s.notices.pop(1), "notices with numbers"),
    "a rung twice": (
        lambda s: _talk(s).cases[0].events.append(("escalated", 2)), "at the rungs"
    ),
    "a rung never": (lambda s: _talk(s).cases[0].events.pop(), "at the rungs"),
    "a push twice": (lambda s: s.notices.append((4, "push", "c")), "3 pushes, not 2"),
    "a bell twice": (lambda s: s.notices.append((4, "ring", "c")), "2 bells, not 1"),
    "something is overdue": (lambda s: s.overdue.append("d"), "1 rows are overdue"),
    "nobody waits": (lambda s: s.waits.clear(), "nobody waits any more"),
    "a file is missing": (lambda s: s.files.clear(), "the file f is missing"),
    "a row is missing": (lambda s: s.media.clear(), "names a file without a row"),
}  # fmt: skip


def test_the_picture_is_good() -> None:
    assert violations(picture()) == []
    assert len(CHECKS) == 10


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_found_out(change: str) -> None:
    alter, wrong = CHANGES[change]
    seen = picture()
    alter(seen)
    found = violations(seen)
    assert any(wrong in each for each in found), found
