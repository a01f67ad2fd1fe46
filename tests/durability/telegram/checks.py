"""What must hold between people's phones and the house after any number of kills (design §3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.durability.checks import (
    _overtaken,
    delivered_once,
    no_gap,
    nothing_left_open,
    overtaken,
)
from tests.durability.plan import CASES
from tests.durability.telegram.seen import Chat, Heard, Lived, Seen


def violations(seen: Seen) -> list[str]:
    """Everything that is wrong; nothing may be left to do when this is asked."""
    found = [f"{each} is nobody's conversation" for each in seen.strangers]
    for name, chat in seen.chats.items():
        for usual in USUAL:
            found += [f"{name}: {wrong}" for wrong in usual(name, chat.talk)]
        for check in CHECKS:
            found += [f"{name}: {wrong}" for wrong in check(name, chat)]
        found += [f"{name}: {wrong}" for wrong in sent_once(chat, seen.lived)]
    for name, chat in seen.staff.items():
        found += [f"{name}: {wrong}" for wrong in taken_once(chat)]
        # a card is laid out anew when it goes again, so its twin may read otherwise
        found += [f"{name}: {wrong}" for wrong in sent_once(chat, seen.lived, twins=False)]
    return [*found, *answers_once(seen)]


def stored_once(_name: str, chat: Chat) -> Iterator[str]:
    """Everything that the person did is in the inbox once, and stands once in the log."""
    stored = Counter(row.id for row in chat.talk.inbox)
    written = Counter(own_id for own_id, _ in chat.lines)
    for own_id in chat.said:
        if stored[own_id] != 1:
            yield f"{own_id} is {stored[own_id]} times in the inbox"
        # /start opens the door and says nothing
        if written[own_id] != 1 and own_id != chat.said[0]:
            yield f"{own_id} stands {written[own_id]} times in the log"
    for own_id in (stored | written).keys() - set(chat.said):
        yield f"{own_id} was never sent"


def taken_once(chat: Chat) -> Iterator[str]:
    """What a staff member did was taken in once."""
    stored = Counter(row.id for row in chat.talk.inbox)
    for own_id in chat.said[1:]:
        if stored[own_id] != 1:
            yield f"{own_id} is {stored[own_id]} times in the inbox"
    for row in chat.talk.inbox:
        if row.state != "done":
            yield f"{row.id} is left {row.state} in the inbox"


def answers_once(seen: Seen) -> Iterator[str]:
    """Each answer of an advisor came to one resident; what came twice, `sent_once` looks at."""
    came: dict[str, set[str]] = {text: set() for text in seen.answers}
    lines = 0
    for name, chat in seen.chats.items():
        lines += sum(line.sender == "advisor" for line in chat.talk.log if line.kind == "message")
        for text, names in came.items():
            if any(text in heard.words for heard in chat.heard):
                names.add(name)
    for text, names in came.items():
        if len(names) != 1:
            yield f"{text} came to {sorted(names)}"
    if lines != len(seen.answers):
        yield f"{lines} lines of advisors, {len(seen.answers)} answers"


def in_their_order(_name: str, chat: Chat) -> Iterator[str]:
    """The order of the log is the order in which the person wrote. (Telegram brings presses of
    buttons in a row of their own, so these stand aside.)"""
    wanted = [own_id for own_id in chat.said[1:] if not own_id.startswith("cb:")]
    found = [own_id for own_id, _ in chat.lines if own_id in set(wanted)]
    if found != wanted:
        place = next((n for n, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), -1)
        yield f"written as {found}, sent as {wanted}, other from place {place} on"


def cases_once(_name: str, chat: Chat) -> Iterator[str]:
    """A dialog that was gone through and a danger are one case each."""
    wanted = CASES.get(chat.kind)
    found = [case.flow for case in chat.talk.cases]
    if wanted is not None and len(found) != wanted:
        yield f"{len(found)} cases ({found}), not {wanted}"
    for flow, times in Counter(flow for flow in found if flow).items():
        if times > 1:
            yield f"{times} cases of {flow}"
    for case in chat.talk.cases:
        if case.count("opened") != 1:
            yield f"case {case.id} was opened {case.count('opened')} times"


def answered_in_order(_name: str, chat: Chat) -> Iterator[str]:
    """What the person was sent is what the house wrote, in that order; only safety overtakes."""
    lanes = {row.seq: row.lane for row in chat.talk.outbox}
    known = [heard.seq for heard in chat.heard if heard.seq is not None]
    for seq in set(known) - lanes.keys():
        yield f"line {seq} was sent, and is not in the outbox"
    for seq in lanes.keys() - set(known) - {row.seq for row in overtaken(chat.talk)}:
        yield f"line {seq} is recorded as sent and never was"
    yield from _overtaken([(lanes[seq] > 0, seq) for seq in known if seq in lanes])


def sent_once(chat: Chat, lived: list[Lived], *, twins: bool = True) -> Iterator[str]:
    """Twice came only what a kill caught between "Telegram has it" and "we recorded it": at most
    one message a chat a kill, and its twin follows."""
    caught: Counter[int] = Counter()
    for place, heard in enumerate(chat.heard):
        if heard.seq is not None:
            continue
        life = _life_of(heard, lived)
        if life is None or not lived[life].killed:
            yield f"message {heard.id} is not known to the house, and no kill was near"
        elif (
            twins
            and not overtaken(chat.talk)
            and not any(twin.whole == heard.whole for twin in chat.heard[place + 1 :])
        ):
            yield f"message {heard.id} is not known to the house and did not come again"
        else:
            caught[life] += 1
    for life, times in caught.items():
        if times > 1:
            yield f"{times} messages came twice after the kill of life {life + 1}"


def _life_of(heard: Heard, lived: list[Lived]) -> int | None:
    return next((n for n, life in enumerate(lived) if life.begun <= heard.at <= life.ended), None)


CHECKS = (
    stored_once,
    in_their_order,
    cases_once,
    answered_in_order,
)
USUAL = (no_gap, nothing_left_open, delivered_once)
