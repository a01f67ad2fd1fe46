"""What a button does. Every value is read again, and every right is checked again."""

from __future__ import annotations

from collections.abc import Callable

from handlers.staff_chat import (
    acts,
    answers,
    choosing,
    corrections,
    duty,
    focus,
    giving,
    lists,
    parcels,
    questions,
    reading,
)
from handlers.staff_chat.buttons import unpack
from handlers.staff_chat.chat import SURE, Chat
from storage import sent
from storage.inbox import Stored

Press = Callable[..., None]
_MOST_DIGITS = 9


def press(chat: Chat, stored: Stored) -> None:
    """Do what the pressed button says; one that nobody knows says that it is old."""
    act, parts = unpack(str(stored.body.get("choice") or ""))
    found = PRESSES.get(act)
    if found is None or len(parts) not in found[1]:
        chat.say("stale")
        return
    chat.pressed = stored.body.get("reply_to")
    if act not in _BESIDE:
        questions.end(chat)
    found[0](chat, *parts)
    parcels.lay_out_again(chat.talk, stored.body.get("reply_to"))


def _list(chat: Chat, name: str, start: str = "0") -> None:
    lists.show(chat, name, _number(start))


def _duty(chat: Chat, state: str) -> None:
    duty.go(chat, state == "on")


def _read(chat: Chat, case_id: str, before: str = "0") -> None:
    reading.show(chat, case_id, _number(before))


def _claim_and_send(chat: Chat, case_id: str, own: str) -> None:
    answers.claim_and_send(chat, case_id, own, acts.take)


def _more_cases(chat: Chat, own: str, start: str) -> None:
    answers.more_cases(chat, own, _number(start))


def _cancel(chat: Chat) -> None:
    known = sent.find(chat.db, chat.conversation.id, chat.pressed) if chat.pressed else None
    chat.say("cancelled", about=known.case_id if known and known.kind == SURE else None)


def _choose_for_hand_over(chat: Chat, case_id: str, start: str = "0") -> None:
    choosing.colleague(chat, case_id, "ho", "hg", _number(start))


def _choose_for_assign(chat: Chat, case_id: str, start: str = "0") -> None:
    choosing.colleague(chat, case_id, "aw", "ag", _number(start))


def _card(chat: Chat, case_id: str) -> None:
    chat.card(case_id)


def _acknowledge(chat: Chat, seq: str) -> None:
    acts.acknowledge(chat, _number(seq))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0


PRESSES: dict[str, tuple[Press, tuple[int, ...]]] = {
    "ag": (giving.assign, (2, 3)),
    "ak": (_acknowledge, (1,)),
    "aw": (_choose_for_assign, (1, 2)),
    "cc": (acts.confirm_close, (1,)),
    "cd": (_card, (1,)),
    "cl": (acts.claim, (1,)),
    "cq": (corrections.confirmed, (1,)),
    "cr": (acts.close, (2, 3)),
    "cs": (choosing.resolution, (1,)),
    "ct": (_claim_and_send, (2,)),
    "dr": (answers.drop_kept, (1,)),
    "du": (_duty, (1,)),
    "fo": (reading.speak, (1,)),
    "hd": (acts.heard, (1,)),
    "hg": (giving.hand_over, (2, 3)),
    "ho": (_choose_for_hand_over, (1, 2)),
    "ls": (_list, (1, 2)),
    "lv": (focus.leave, (0,)),
    "nm": (questions.ask_name, (0,)),
    "no": (_cancel, (0,)),
    "nq": (questions.cancel, (2,)),
    "nt": (questions.ask_note, (1,)),
    "ph": (acts.reveal, (1, 2)),
    "pk": (acts.parked_taken, (1,)),
    "rd": (_read, (1, 2)),
    "rl": (acts.release, (1, 2)),
    "ro": (acts.reopen, (1,)),
    "td": (acts.task_done, (2, 3)),
    "tm": (_more_cases, (2,)),
    "tn": (answers.note_kept, (2,)),
    "to": (answers.send_kept, (2,)),
    "tq": (answers.send_confirmed, (2,)),
    "ur": (choosing.urgency, (1,)),
    "us": (choosing.reason, (2,)),
}  # the act, and how many parts its value has
# what is done beside an open question: a look, or what asks or answers one
_BESIDE = frozenset(
    {"cd", "dr", "du", "fo", "hd", "ls", "no", "nq", "nt", "ph", "pk", "rd", "tm", "tn", "us"}
)
