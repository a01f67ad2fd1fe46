"""What must hold after any number of kills: each check says in a sentence what is wrong.

`violations(seen)` is empty when nothing is. It takes plain data, so that it can be shown to see
what it should (test_checks.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from handlers.talk import OVERTAKEN, SAFETY
from tests.durability.plan import CASES, SCRIPTS, is_web, kind_of
from tests.durability.seen import Parcel, Seen, Talk

RUNGS = {"red": 3, "orange": 2, "yellow": 1, "green": 1}  # design §6, as config.yml has them
SEQUENTIAL = {"dialog", "danger", "careless", "photo", "voice"}


def violations(seen: Seen) -> list[str]:
    """Everything that is wrong; nothing may be left to do when this is asked."""
    return [wrong for check in CHECKS for wrong in check(seen)]


def _talks(check: Callable[[str, Talk], Iterator[str]]) -> Callable[[Seen], Iterator[str]]:
    def over_all(seen: Seen) -> Iterator[str]:
        for chat, talk in seen.talks.items():
            for wrong in check(chat, talk):
                yield f"{chat}: {wrong}"

    return over_all


def nothing_lost_nothing_twice(chat: str, talk: Talk) -> Iterator[str]:
    """Each accepted id is one message; one that was never acknowledged is one or none."""
    made = Counter(line.id for line in talk.log if line.sender == "me" and line.kind == "message")
    for own_id in talk.accepted:
        if not made[own_id]:
            yield f"{own_id} was accepted and is lost"
    for known, times in made.items():
        if times > 1:
            yield f"{known} stands {times} times in the log"
        if known not in talk.offered:
            yield f"{known} was never sent"


def in_order(chat: str, talk: Talk) -> Iterator[str]:
    """The order of the log is the order of arrival, and for one who waits, of sending."""
    said = [line.id for line in talk.log if line.sender == "me" and line.kind == "message"]
    arrived = [row.id for row in talk.inbox]
    if said != [each for each in arrived if each in said]:
        yield f"handled as {said}, arrived as {arrived}"
    if kind_of(chat) in SEQUENTIAL and said != sorted(said, key=str):
        yield f"handled as {said}, sent one after the other"


def no_gap(chat: str, talk: Talk) -> Iterator[str]:
    """seq is 1, 2, 3, … up to the conversation's own number."""
    found = [line.seq for line in talk.log]
    if found != list(range(1, talk.last_seq + 1)):
        yield f"seq is {found}, the last should be {talk.last_seq}"


def overtaken(talk: Talk) -> list[Parcel]:
    """Questions that were taken back: they would have come behind a safety sentence."""
    safety = max((row.seq for row in talk.outbox if row.lane == SAFETY), default=0)
    return [row for row in talk.outbox if row.state == OVERTAKEN and row.seq < safety]


def nothing_left_open(chat: str, talk: Talk) -> Iterator[str]:
    """The inbox is empty, nothing is counted as waiting, nobody holds a lease."""
    for row in talk.inbox:
        if row.state not in {"done", "parked"}:
            yield f"{row.id} is left {row.state} in the inbox"
    if talk.pending or talk.leased:
        yield f"pending {talk.pending}, leased: {talk.leased}"
    for parcel in talk.outbox:
        if parcel.state != "sent" and parcel not in overtaken(talk):
            yield f"entry {parcel.seq} is left {parcel.state} in the outbox"


def cases_once(chat: str, talk: Talk) -> Iterator[str]:
    """One case for a dialog that was filed, a danger, a voice note, a draft nobody finished."""
    kind = kind_of(chat)
    whole = len(talk.accepted) == len(SCRIPTS[kind]) and all(
        row.state == "done" for row in talk.inbox
    )
    expected = CASES.get(kind)
    if expected is not None and whole and len(talk.cases) != expected:
        yield f"{len(talk.cases)} cases ({[case.flow for case in talk.cases]}), not {expected}"
    flows = Counter(case.flow for case in talk.cases if case.flow)
    for flow, times in flows.items():
        if times > 1:
            yield f"{times} cases of {flow}"
    for case in talk.cases:
        if case.count("opened") != 1:
            yield f"case {case.id} was opened {case.count('opened')} times"


def pushed_once_in_order(seen: Seen) -> Iterator[str]:
    """On the pushing channel: everything sent, in order per chat, and twice only what a kill
    caught between "the channel took it" and "we recorded it": one a chat a kill at most."""
    where = {row.id: (chat, row) for chat, talk in seen.talks.items() for row in talk.outbox}
    lives: dict[str, list[int]] = defaultdict(list)
    order: dict[str, list[str]] = defaultdict(list)
    for each in seen.pushed:
        if each.id not in where:
            yield f"{each.address} was sent {each.id}, which is not in the outbox"
            continue
        if each.id not in lives:
            order[where[each.id][0]].append(each.id)
        lives[each.id].append(each.life)
        if each.id in seen.recorded.get(each.life, ()):
            yield f"{each.address}: {each.id} was sent in life {each.life}, and recorded before"
    for own_id, (chat, row) in where.items():
        if own_id not in lives and row.state == "sent":
            yield f"{chat}: entry {row.seq} is recorded as sent and never was"
    yield from _repeats(seen, lives, {own_id: chat for own_id, (chat, _) in where.items()})
    for chat, ids in order.items():
        for wrong in _overtaken([(where[each][1].lane > 0, where[each][1].seq) for each in ids]):
            yield f"{chat}: {wrong}"


def _repeats(seen: Seen, lives: dict[str, list[int]], chats: dict[str, str]) -> Iterator[str]:
    caught: Counter[tuple[str, int]] = Counter()
    for own_id, found in lives.items():
        for before, after in pairwise(found):
            if before == after or before not in seen.killed:
                yield f"{chats[own_id]}: {own_id} was sent again in life {after} without a kill"
            caught[chats[own_id], before] += 1
    for (chat, life), times in caught.items():
        if times > 1:
            yield f"{chat}: {times} messages were repeated after the kill of life {life}"


def _overtaken(sent: list[tuple[bool, int]]) -> Iterator[str]:
    """`sent`: (may wait, seq) in the order of sending. Only safety sentences overtake."""
    for safe in (False, True):
        lane = [seq for waits, seq in sent if waits == safe]
        if lane != sorted(lane):
            yield f"sent as {lane}, in one lane"
    highest = 0
    for waits, seq in sent:
        if not waits and seq < highest:
            yield f"the safety sentence {seq} was sent after {highest}"
        if waits:
            highest = max(highest, seq)


def delivered_once(chat: str, talk: Talk) -> Iterator[str]:
    """What was sent has one line that says so; the web has no outbox."""
    told = Counter(line.ref for line in talk.log if line.kind == "delivery")
    sent = {row.seq for row in talk.outbox if row.state == "sent"}
    sent |= {row.seq for row in overtaken(talk)}
    if is_web(chat) and talk.outbox:
        yield "the web pushes nothing, and its outbox is not empty"
    for seq in sent | set(told):
        if told[seq] != 1 or seq not in sent:
            yield f"entry {seq} has {told[seq]} notes of delivery"


def told_once(seen: Seen) -> Iterator[str]:
    """The staff's feed has no gap; each rung is pushed once, each bell rung once."""
    numbers = [seq for seq, _, _ in seen.notices]
    if numbers != list(range(1, seen.last_notice + 1)):
        yield f"{len(numbers)} notices with numbers up to {seen.last_notice}"
    told = Counter((case, kind) for _, kind, case in seen.notices)
    for chat, talk in seen.talks.items():
        for case in talk.cases:
            rungs = [rung for kind, rung in case.events if kind == "escalated"]
            # after a long sleep the highest rung that was passed is told, and not each below it
            steps = [rung for rung in rungs if rung is not None]
            if steps != sorted(set(steps)) or steps[-1:] != [RUNGS[case.urgency] - 1]:
                yield f"{chat}: a {case.urgency} case was pushed at the rungs {rungs}"
            pushes = len(rungs) + case.count("unheard")
            if told[case.id, "push"] != pushes:
                yield f"{chat}: {told[case.id, 'push']} pushes, not {pushes}"
            if told[case.id, "ring"] != case.count("rang"):
                yield f"{chat}: {told[case.id, 'ring']} bells, not {case.count('rang')}"


def nothing_forgotten(seen: Seen) -> Iterator[str]:
    """Nothing is overdue, and every case that no human touched still waits for one."""
    if seen.overdue:
        yield f"{len(seen.overdue)} rows are overdue"
    for chat, talk in seen.talks.items():
        for case in talk.cases:
            if "claim" not in seen.waits.get(case.id, ()):
                yield f"{chat}: nobody waits any more for the case {case.id}"
        if kind_of(chat) == "voice":
            notes = {line.media for line in talk.log if line.media}
            unheard = sum(case.count("unheard") for case in talk.cases)
            listening = sum(seen.tasks.count(f"listen:{note}") for note in notes)
            if (unheard, listening) != (len(notes), len(notes)):
                yield f"{chat}: {len(notes)} notes, {unheard} pushed, {listening} to hear"


def files_before_rows(seen: Seen) -> Iterator[str]:
    """No row of a photo or a voice note without its file; every file that was sent has its row."""
    for lost in seen.media - seen.files:
        yield f"the file {lost} is missing"
    for chat, talk in seen.talks.items():
        for line in talk.log:
            if line.media is not None and line.media not in seen.media:
                yield f"{chat}: entry {line.seq} names a file without a row"


CHECKS: tuple[Callable[[Seen], Iterator[str]], ...] = (
    _talks(nothing_lost_nothing_twice),
    _talks(in_order),
    _talks(no_gap),
    _talks(nothing_left_open),
    _talks(cases_once),
    pushed_once_in_order,
    _talks(delivered_once),
    told_once,
    nothing_forgotten,
    files_before_rows,
)
