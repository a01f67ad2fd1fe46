"""Reading a conversation on a phone: its last lines, files beside them, and pages back."""

from __future__ import annotations

from datetime import datetime

from handlers.advisors import attend
from handlers.desk.case_view import CaseView, case_view
from handlers.desk.talk_view import StaffEntry
from handlers.quoting import quoted
from handlers.staff_chat import focus, parcels
from handlers.staff_chat.buttons import Rows, button
from handlers.staff_chat.chat import Chat
from handlers.staff_chat.faces import heading
from handlers.staff_chat.times import clock
from handlers.talk import PLAIN, RED
from storage import staff_shown

A_PAGE = 40  # lines: a dialog with its corrections is read at once
A_PAGE_FILES = 10  # each is a message of its own
_BOT = 60  # characters of what the bot said: staff know its questions


def show(chat: Chat, case_id: str, before: int = 0) -> None:
    """A page of the talk; ``before`` a line's number, 0: the newest. The look is audited."""
    view = chat.act(case_view, case_id, chat.now, chat.house)
    lines = [one for one in view.entries if one.from_ != "event" and (one.text or one.media)]
    if before:
        lines = _before(lines, before)
    page = _last_page(lines)
    words = chat.words
    older = next((one.seq for one in page if one.seq is not None), None)
    last: Rows = [[]]
    if len(lines) > len(page) and older is not None:
        last[0].append(button(words.say("chat.do.older"), "rd", case_id, str(older)))
    if not before and "reply" in view.allowed:
        last[0].append(button(words.say("chat.do.reply"), "fo", case_id))
    if not before and "claim" in view.allowed:
        last[0].append(button(words.say("talk.claim"), "cl", case_id))
    text = "\n".join(line(chat, one) for one in page) or words.say("talk.empty")
    made = parcels.body(
        "talk",
        title=heading(view.card, chat.house),
        text=text,
        rows=[row for row in last if row],
        silent=True,
        show=parcels.shows("talk", case_id, page[-1].seq if page else None),
    )
    lane = RED if view.card.urgency == "red" else PLAIN
    chat.put(made, lane)
    for entry in page:
        _file(chat, case_id, entry, lane)
    if not before:
        _seen(chat, case_id, view)


def speak(chat: Chat, case_id: str) -> None:
    """写回话: what is unread is shown first, unless it has come to this chat line by line."""
    view = chat.act(case_view, case_id, chat.now, chat.house)
    given = staff_shown.shown(chat.db, chat.conversation.id, case_id)
    upto = given.shown_seq if given is not None else 0
    new = [one for one in view.entries if one.from_ == "resident" and (one.seq or 0) > upto]
    if view.card.unread and new:
        show(chat, case_id)
    focus.speak(chat, case_id)


def line(chat: Chat, entry: StaffEntry) -> str:
    """One line: who, when, and what."""
    words = chat.words
    text = quoted(entry.text)
    if entry.from_ == "bot":
        text = " ".join(text.split())
        text = text if len(text) <= _BOT else text[:_BOT] + "…"
    if entry.media is not None:
        text = " ".join(filter(None, (file_words(chat, entry), text)))
    if entry.kind == "edited":
        text = (
            words.say("chat.talk.edited_from", text=text, original=entry.original)
            if entry.original
            else words.say("chat.talk.edited", text=text)
        )
    if entry.forwarded:
        text = words.say("chat.talk.forwarded", text=text)
    return words.say(
        "chat.talk.line",
        who=_who(chat, entry),
        clock=clock(datetime.fromisoformat(entry.at), chat.now, chat.house),
        text=text,
    )


def file_words(chat: Chat, entry: StaffEntry) -> str:
    """[语音 7 秒 · 还没人听], [照片]."""
    item, words = entry.media, chat.words
    if item is None:
        return ""
    facts = [words.say(f"talk.{item.kind}")]
    if item.seconds:
        facts.append(words.say("time.sec", n=str(round(item.seconds))))
    if item.kind == "voice" and not item.heard and entry.from_ == "resident":
        facts.append(words.say("talk.unheard"))
    return words.say("chat.talk.file", facts=" · ".join(facts))


def _who(chat: Chat, entry: StaffEntry) -> str:
    words = chat.words
    if entry.from_ == "resident":
        return words.say("role.resident")
    if entry.from_ == "bot":
        return words.say("role.bot")
    if entry.from_ == "note":
        return words.say("chat.talk.note", name=entry.name or "")
    return entry.name or words.say("role.advisor")


def _last_page(lines: list[StaffEntry]) -> list[StaffEntry]:
    files, start = 0, len(lines)
    for entry in reversed(lines[-A_PAGE:]):
        files += entry.media is not None and entry.from_ == "resident"
        if files > A_PAGE_FILES:
            break
        start -= 1
    return lines[start:]


def _before(lines: list[StaffEntry], seq: int) -> list[StaffEntry]:
    for place, entry in enumerate(lines):
        if entry.seq is not None and entry.seq >= seq:
            return lines[:place]
    return lines


def _file(chat: Chat, case_id: str, entry: StaffEntry, lane: int) -> None:
    """What the resident sent, as a message of its own, to which one can reply."""
    item = entry.media
    if item is None or entry.seq is None or entry.from_ != "resident":
        return
    made = parcels.talk(
        chat.words,
        case_id,
        entry.seq,
        text=line(chat, entry),
        media_id=item.id,
        unheard=item.kind == "voice" and not item.heard,
        silent=True,
    )
    chat.put(made, lane)


def _seen(chat: Chat, case_id: str, view: CaseView) -> None:
    """The assignee has read it: the resident's side says so once."""
    staff_shown.show(chat.db, chat.conversation.id, case_id, view.last_seq)
    chat.act(attend.read_up_to, case_id, view.last_seq, chat.now, chat.house)
