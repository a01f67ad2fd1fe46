"""A human in the talk: comes, and leaves again; in between the bot is silent (design §3)."""

from __future__ import annotations

from handlers.due import LIVE
from handlers.ports import Viewer
from handlers.residents import drafts, sessions
from handlers.residents.file import HUMAN
from handlers.talk import Talk
from storage import due, staff


def join(talk: Talk, viewer: Viewer) -> None:
    """The advisor is in the talk for a while; the page says who speaks."""
    conversation = talk.conversation
    draft = drafts.load(talk)
    if draft is not None and draft.session is not None and draft.session.flow == HUMAN:
        drafts.let_go(talk)  # 「打哪个电话找您?」: who was called for is here
    if not talk.live or conversation.live_staff_id != viewer.id:
        talk.write(
            kind="human_joined",
            sender="advisor",
            text=talk.house.phrases.say("live.joined", name=viewer.name),
            staff_id=viewer.id,
            extra={"name": viewer.name},
        )
    conversation.live_staff_id = viewer.id
    conversation.advisor_wrote_at = talk.now
    conversation.case_id = talk.case.id if talk.case else conversation.case_id
    due.put(
        talk.db,
        LIVE,
        conversation.id,
        talk.now + talk.house.office.live,
        talk.now,
        conversation_id=conversation.id,
    )


def leave(talk: Talk, *, silent: bool = False) -> None:
    """The talk is over: the bot may speak again, and says so; an interrupted dialog is offered.

    ``silent``: nothing is said, as after a death.
    """
    conversation = talk.conversation
    staff_id, conversation.live_staff_id = conversation.live_staff_id, None
    due.clear(talk.db, LIVE, conversation.id)
    person = staff.get(talk.db, staff_id) if staff_id else None
    if person is None or silent or talk.held:
        return
    text = talk.house.phrases.say("live.left", name=person.name)
    extra = {"name": person.name}
    talk.write(kind="human_left", sender="bot", text=text, staff_id=staff_id, extra=extra)
    if drafts.load(talk) is not None:
        sessions.remind(talk)
