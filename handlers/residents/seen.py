"""What the person has seen: a page says so; in a chat it follows from what they do (design §3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from handlers.due import UNSEEN
from handlers.residents.file import current_case
from handlers.talk import QUIET, SAID, SEEN, Talk, hint
from storage import cases, due, entries, shown
from storage.conversations import Conversation
from storage.database import Db
from storage.inbox import Stored


def settle(
    db: Db, conversation: Conversation, seq: int, now: datetime, only: Collection[int] | None = None
) -> None:
    """Everything up to ``seq`` was seen: nobody waits for that, and nobody has to call for it.

    ``only``: of the answers up to there these alone; the others never reached the chat.
    """
    conversation.seen_seq = max(seq, conversation.seen_seq)

    def counts(ref: str | None) -> bool:
        answer = int(ref or 0)
        return answer <= seq and (only is None or answer in only)

    for row in due.of_conversation(db, conversation.id, UNSEEN):
        if not counts(row.ref):
            continue
        case = cases.get(db, row.case_id, lock=True) if row.case_id else None
        due.drop(db, row)
        if case is not None:
            cases.record(db, case, "seen", now, seq=int(row.ref or 0))
            hint(db, case, now)
    for task in due.call_tasks(db, conversation.id):
        if task.ref is None or not counts(task.ref):
            continue
        task.done_at, task.result = now, "seen"
        case = cases.get(db, task.case_id, lock=True)
        if case is not None:
            cases.record(db, case, "seen", now, seq=int(task.ref))
            hint(db, case, now, "task")


def by_writing(talk: Talk, moment: datetime, confirmed: int = 0) -> None:
    """Who writes or taps in a chat has seen what it showed at that ``moment``.

    Counted up to the first line that is still on its way; what failed for good is never seen.
    ``confirmed``: up to this line they say so themselves.
    """
    conversation = talk.conversation
    if conversation.address is None:
        return
    found = []
    for line in shown.after(talk.db, conversation.id, conversation.seen_seq):
        sent = line.at is not None and line.at <= moment
        if line.state != "failed" and (sent or line.seq <= confirmed):
            found.append(line.seq)
        elif line.state != "failed":
            break
    if found:
        settle(talk.db, conversation, found[-1], talk.now, found)


def is_confirmation(choice: object) -> bool:
    """Whether a tap says 看到了."""
    return isinstance(choice, str) and choice.startswith(SEEN)


def confirm(talk: Talk, stored: Stored, label: str) -> None:
    """看到了 under an advisor's words: kept as a line of theirs, and nothing else comes of it.

    It is no answer, so nobody starts to wait, nothing is said, and a silence that was asked for
    holds.
    """
    number = str(stored.body["choice"]).removeprefix(SEEN)
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    answer = entries.at(talk.db, talk.conversation.id, seq)
    if answer is not None and answer.sender == "advisor" and answer.kind in SAID:
        talk.case = cases.get(talk.db, answer.case_id, lock=True) if answer.case_id else None
        by_writing(talk, stored.received_at, answer.seq)
    else:
        talk.case = current_case(talk)
    talk.write(
        kind="message",
        sender="me",
        text=label,
        client_id=stored.external_id,
        tone=entries.CONFIRMED,
        extra={QUIET: True} if talk.held else None,
    )
    if talk.case is not None and talk.case.closed_at is None:
        hint(talk.db, talk.case, talk.now)
