"""How a dialog ends: filed, handed to a human with what is known, or let go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from dialogs.flow_model import SKIPPED, Flow
from dialogs.session import Slot
from handlers import scripts, staff
from handlers.residents import phones
from handlers.residents.file import HUMAN, Beside, Request, open_case, open_or_add
from handlers.talk import Talk
from handlers.when import by_when
from storage import cases, entries
from storage.cases import Case

SIGNS = {
    "asked": "human_request",
    "not_understood": "not_understood",
    "session_broken": "session_lost",
    "unfinished": "unfinished",
    "complaint": "complaint",
    "my_data": "human_request",
}
_STAY = timedelta(minutes=15)  # nobody is asked to stay by the telephone for longer
_HANDOFFS = {
    "asked": "handoff.asked",
    "not_understood": "handoff.not_understood",
    "session_broken": "handoff.session_broken",
    "complaint": "handoff.complaint",
    "my_data": "my_data.human",
}


def file(
    talk: Talk,
    flow: Flow | None,
    slots: Mapping[str, Slot],
    beside: Beside,
) -> None:
    """The person confirmed: a case, its number and when somebody will answer."""
    if flow is not None and flow.name == HUMAN:
        _add_number(talk, slots)
        return
    request = Request(
        flow=flow.name if flow else "general",
        needs=needs_of(flow, slots, beside),
        slots=slots,
        who=who_of(flow, slots),
        leave_given=bool(flow and flow.consent_in_question),
        replaced=beside.replaced,
    )
    case, _ = open_or_add(talk, request)
    entries.attach(talk.db, talk.conversation.id, case.id)
    say_receipt(talk, case)


def _add_number(talk: Talk, slots: Mapping[str, Slot]) -> None:
    """The answer to 「打哪个电话找您?」 goes to the case that is open already."""
    case = open_case(talk)
    number = "phone" in slots and slots["phone"].key != ""  # a photo or a place is none
    if number:
        case = phones.keep(talk, case, slots["phone"])
    elif case is None or case.who == "self":
        case, _ = open_or_add(talk, Request(slots=slots, leave_given=True))
    entries.attach(talk.db, talk.conversation.id, case.id)
    talk.say("talk.number_kept" if number else "talk.no_number", tone="receipt")


def hand_over(
    talk: Talk,
    flow: Flow | None,
    reason: str,
    slots: Mapping[str, Slot],
    beside: Beside,
) -> None:
    """A human takes over, with what is known so far; said with number and time."""
    sign = SIGNS.get(reason, "human_request")
    case = open_case(talk)
    tells_nothing = flow is None or flow.kind == "menu" or flow.name == HUMAN
    if case is not None and tells_nothing:
        opened, _ = open_or_add(talk, Request(slots=slots, signs=(sign,)))
    else:
        opened, _ = open_or_add(
            talk,
            Request(
                flow=HUMAN if flow is None or tells_nothing else flow.name,
                needs=needs_of(flow, slots, beside),
                slots=slots,
                signs=(sign,),
                who=who_of(flow, slots),
                leave_given=bool(flow and flow.consent_in_question),
                replaced=beside.replaced,
            ),
        )
    phones.keep_before_asked(talk, opened, slots)
    cases.record(talk.db, opened, "human_requested", talk.now)
    entries.attach(talk.db, talk.conversation.id, opened.id)
    nobody = reason == "asked" and not staff.somebody_on_duty(talk.db)
    promised = opened.promised_at or talk.now
    if nobody:  # 「您先别走开」 would keep them waiting for nobody
        talk.say("handoff.asked_nobody")
    elif reason == "asked" and promised - talk.now > _STAY:
        talk.say("handoff.asked_when")
    else:
        talk.say(_HANDOFFS.get(reason, "handoff.asked"))
    say_receipt(talk, opened, nobody_said=nobody)


def drop(talk: Talk) -> None:
    """They gave up: nothing is filed, and the door stays open."""
    talk.say("draft.dropped", tone="receipt")


def say_receipt(talk: Talk, case: Case, *, nobody_said: bool = False) -> None:
    """Number and promised time, honest about whether anybody is there now.

    ``nobody_said``: it was said already that nobody is.
    """
    when = by_when(case.promised_at or talk.now, talk.now, talk.house)
    key = "receipt.filed" if case.who == "self" else "receipt.filed_other"
    key = "receipt.red" if case.urgency == "red" else key
    words = talk.house.phrases.say(key, number=str(case.number), when=when)
    talk.tell(words, tone="receipt", extra={"number": case.number})
    if not nobody_said:
        say_if_nobody(talk)


def say_if_nobody(talk: Talk) -> None:
    """Nobody on duty is said honestly, with the number that answers: after danger its script's."""
    if staff.somebody_on_duty(talk.db):
        return
    words = scripts.nobody_words(talk)
    if words is not None:
        talk.tell(words, tone="receipt")
    else:
        talk.say("duty.nobody_phone", phone=talk.house.office.phone, tone="receipt")


def needs_of(
    flow: Flow | None, slots: Mapping[str, Slot], beside: Beside | None = None
) -> tuple[str, ...]:
    """The needs of a dialog: what the first words or the menu named, else those of the flow.

    ``beside`` has what else the first words named.
    """
    need = slots.get("need")
    own: tuple[str, ...] = flow.needs if flow is not None else ()
    if need is not None and need.key not in {"other", SKIPPED} and (not own or need.key in own):
        own = (need.key,)
    return tuple(dict.fromkeys((*own, *(beside.needs if beside else ()))))


def who_of(flow: Flow | None, slots: Mapping[str, Slot]) -> str:
    """Whether a person speaks for themselves, for family, or relays as a neighbour."""
    if "relay_consent" in slots or "answers_to" in slots or (flow and flow.kind == "relay"):
        return "relay"
    about = slots.get("about")
    return "other" if about and about.key == "other" else "self"
