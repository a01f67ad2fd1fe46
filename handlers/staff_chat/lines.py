"""New lines of a resident, given to the chat of who answers: each once, in order.

Lines that wait to be sent go as one message: what stands in it is put together when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.ports import House
from handlers.quoting import quoted
from handlers.staff_chat import naming, parcels
from handlers.staff_chat.deliveries import Deliveries
from storage import conversations, entries, media, staff_shown
from storage.cases import Case
from storage.conversations import Conversation
from storage.database import Db
from storage.entries import Line
from storage.staff_chats import Reader

MOST = 10  # lines at once; older ones stand in the conversation
_TOGETHER = 40  # lines in one message
_SAID = frozenset({"message", "edited"})
_NOT_WORDS = frozenset({entries.OPENED, entries.CONFIRMED})  # taps that cards and marks tell


def give(deliveries: Deliveries, reader: Reader, case: Case) -> None:
    """The lines that this chat has not had: what came after the claim, and nobody has read."""
    db, words = deliveries.db, deliveries.house.staff_words
    if reader.staff is None:
        return
    talk = conversations.get(db, case.conversation_id)
    known = staff_shown.shown(db, reader.conversation_id, case.id)
    after = known.shown_seq if known is not None else 0
    mine = case.assignee_id == reader.staff.id
    if mine:
        after = max(after, talk.read_seq)
    lines = entries.after(db, talk.id, after)
    if reader.focus_case_id == case.id:
        _own(deliveries, reader, case, lines)
    new = [line for line in lines if _is_theirs(line, case, talk)]
    if mine and case.claimed_at is not None:
        new = [line for line in new if line.at > case.claimed_at]
    if not new:
        return
    number = str(case.number)
    if len(new) > MOST:
        text = words.say("chat.talk.earlier", number=number, n=str(len(new) - MOST))
        show = parcels.shows("about", case.id)
        made = parcels.body("text", text=text, silent=True, show=show)
        deliveries.put(reader.conversation_id, made, case)
    shown = new[-MOST:]
    files = media.of_ids(db, {line.media_id for line in shown if line.media_id})
    title = title_of(db, case, deliveries.house)
    for run in _runs(shown):
        row = files.get(run[0].media_id) if run[0].media_id else None
        made = parcels.talk(
            words,
            case.id,
            run[-1].seq,
            title=title,
            text=_text(run, deliveries.house),
            media_id=row.id if row is not None else None,
            unheard=row is not None and row.kind == "voice" and row.heard_at is None,
        )
        if run[0].media_id is None:
            made[parcels.TOGETHER] = run[0].seq
        deliveries.put(reader.conversation_id, made, case)
    staff_shown.show(db, reader.conversation_id, case.id, new[-1].seq)


def _own(deliveries: Deliveries, reader: Reader, case: Case, lines: Iterable[Line]) -> None:
    """What they answered on the desk meanwhile stands in the chat too, silently."""
    db, words, here = deliveries.db, deliveries.house.staff_words, reader.conversation_id
    for line in lines:
        own = reader.staff is not None and line.staff_id == reader.staff.id
        if not own or line.sender != "advisor" or line.kind not in _SAID:
            continue
        if (line.client_id or "").startswith(f"{here}:"):
            continue
        text = words.say("chat.talk.from_desk", text=line.text)
        show = parcels.shows("about", case.id)
        made = parcels.body("text", text=text, silent=True, show=show)
        deliveries.put(here, made, case)
        staff_shown.show(db, here, case.id, line.seq)


def is_given(db: Db, conversation_id: str, made: Mapping[str, Any]) -> bool:
    """Whether an earlier message of the chat took these lines with it."""
    show = made["show"]
    return staff_shown.line_given(db, conversation_id, show["case_id"], show["seq"])


def further(
    db: Db, conversation_id: str, made: dict[str, Any], case: Case, house: House
) -> dict[str, Any]:
    """The message, with the lines that were queued behind it; a file ends it."""
    known = staff_shown.shown(db, conversation_id, case.id)
    upto = known.shown_seq if known is not None else 0
    talk = conversations.get(db, case.conversation_id)
    together: list[Line] = []
    for line in entries.after(db, talk.id, made[parcels.TOGETHER] - 1):
        if line.seq > upto or len(together) == _TOGETHER:
            break
        if not _is_theirs(line, case, talk):
            continue
        if line.media_id:
            break
        together.append(line)
    if not together or together[-1].seq <= made["show"]["seq"]:
        return made
    show = {**made["show"], "seq": together[-1].seq}
    return {
        **made,
        "title": title_of(db, case, house),
        "text": _text(together, house),
        "show": show,
    }


def _runs(lines: Iterable[Line]) -> list[list[Line]]:
    """Words that follow each other; each file by itself."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and not line.media_id and not runs[-1][-1].media_id:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _text(lines: Iterable[Line], house: House) -> str:
    return "\n".join(_words_of(line, house) for line in lines)


def _words_of(line: Line, house: House) -> str:
    """What a line says; a correction with what stood there before, a forwarded one as such."""
    words = house.staff_words
    if line.kind != "edited":
        text = quoted(line.text)
    elif before := line.extra.get("original"):
        text = words.say("chat.talk.edited_from", text=quoted(line.text), original=quoted(before))
    else:
        text = words.say("chat.talk.edited", text=quoted(line.text))
    return words.say("chat.talk.forwarded", text=text) if line.extra.get("forwarded") else text


def _is_theirs(line: Line, case: Case, talk: Conversation) -> bool:
    if line.sender != "me" or line.kind not in _SAID or line.tone in _NOT_WORDS:
        return False
    return line.case_id == case.id or (line.case_id is None and talk.case_id == case.id)


def title_of(db: Db, case: Case, house: House) -> str:
    """#5 没留名字 · 橙 · 看病."""
    words = house.staff_words
    needs = [f"dangers.{one}" for one in case.dangers] or [f"needs.{one}" for one in case.needs]
    facts = [words.say(f"urgency.{case.urgency}"), *([words.say(needs[0])] if needs else [])]
    return words.say(
        "chat.talk.title",
        number=str(case.number),
        name=naming.name_of(db, case) or words.say("card.nameless"),
        facts=" · ".join(facts),
    )
