"""No dialog waits and no human is in the talk: what did they mean? (design §3)"""

from __future__ import annotations

from collections.abc import Callable

from dialogs.answers import bare, is_empty, sign_only
from dialogs.meaning.reading import Reading
from dialogs.session import Slot
from handlers.residents import sessions, taps
from handlers.residents.file import before_filing, open_case
from handlers.residents.wait import acknowledge
from handlers.talk import Talk, hint
from storage import cases, entries
from storage.cases import Case

SURE = 0.5  # confidence from which a need or an act is believed without asking
_STATUS_WORDS = ("办到哪", "办得怎", "怎么还没", "哪能还没", "啥辰光", "进度")
_THANKS = "谢"
_SHORT = 16  # characters: a longer status question tells something of its own
_GENERAL = "general"
_KEPT = frozenset({"photo", "place"})


def asks_for_status(text: str, reading: Reading) -> bool:
    """Whether words in the middle of a dialog ask how far an earlier request is."""
    return (
        reading.act == "status_query"
        and len(text.strip()) <= _SHORT
        and any(word in text for word in _STATUS_WORDS)
    )


def asks_for_human(talk: Talk, text: str, reading: Reading) -> bool:
    """Whether words call for a person: the words of the button itself, or read as such."""
    if reading.act == "human_request" and reading.confidence >= SURE:
        return True
    return bare(text) in talk.house.flows["menu"].common.words["human"]


def meant(talk: Talk, text: str, media: str | None, reading: Reading, seq: int) -> bool:
    """Answer by act, or start the flow of the need, or show the menu. Always answers."""
    case = open_case(talk)
    talk.case = case
    if asks_for_human(talk, text, reading):
        return _human(talk, case, text)
    act = _ACTS.get(reading.act) if reading.confidence >= SURE else None
    if act is not None and act(talk, case, text):
        return True
    conversation_id = talk.conversation.id
    if _new_needs(reading, case):
        entries.put_in_case(talk.db, conversation_id, seq, None)
        talk.case = None
        start(talk, reading, text)
        return True
    if case is not None:
        if media in _KEPT:
            talk.say(f"engine.{media}_kept")
        acknowledge(talk)
        return True
    entries.put_in_case(talk.db, conversation_id, seq, None)
    if media in _KEPT:
        talk.say(f"engine.{media}_kept")
        sessions.begin(talk, _GENERAL, {})
    elif reading.needs:
        start(talk, reading, text)
    else:
        _open_menu(talk, text, reading)
    return True


def start(talk: Talk, reading: Reading, text: str) -> None:
    """The flow of the first need; a neighbour's relay asks two questions before it."""
    need = reading.needs[0]
    slots: dict[str, Slot | str] = dict(reading.slots)
    slots["need"] = Slot(need, text.strip()[:200], "words")
    if reading.who == "other":
        slots["about"] = "other"
    if is_relay(reading):
        sessions.begin(talk, "relay", slots)
        return
    sessions.begin(talk, flow_of(talk, need), slots)


def is_relay(reading: Reading) -> bool:
    """Somebody speaks for a person who is named, and is no family: a volunteer or neighbour."""
    return reading.who == "other" and "helped_name" in reading.slots


def flow_of(talk: Talk, need: str) -> str:
    """The flow that serves a need; a need without one of its own has the short honest one."""
    for flow in talk.house.flows.values():
        if flow.kind == "need" and need in flow.needs:
            return flow.name
    return _GENERAL


def _new_needs(reading: Reading, case: Case | None) -> bool:
    if not reading.needs or reading.confidence < SURE:
        return False
    if case is None:
        return True
    if before_filing(case):
        return True
    return is_relay(reading) or not set(reading.needs) & set(case.needs)


def _open_menu(talk: Talk, text: str, reading: Reading) -> None:
    if text and sign_only(text):
        talk.say("engine.emoji_only")
    elif reading.act == "out_of_scope" and reading.confidence >= SURE and not is_empty(text):
        talk.say("out_of_scope.reply")
    elif reading.act == "greet_thanks":
        talk.say("greet.hello")
    sessions.begin(talk, "menu", {})


def _human(talk: Talk, case: Case | None, text: str) -> bool:
    taps.call_human(talk, "asked")
    return True


def _complaint(talk: Talk, case: Case | None, text: str) -> bool:
    taps.call_human(talk, "complaint")
    return True


def _status(talk: Talk, case: Case | None, text: str) -> bool:
    taps.say_status(talk)
    return True


def _cancel(talk: Talk, case: Case | None, text: str) -> bool:
    """To withdraw a case is a request that a human confirms by voice (design §8)."""
    if case is None:
        talk.say("draft.dropped")
        return True
    cases.record(talk.db, case, "withdraw_requested", talk.now)
    talk.say("cancel.human")
    hint(talk.db, case, talk.now)
    acknowledge(talk)
    return True


def _my_data(talk: Talk, case: Case | None, text: str) -> bool:
    """What is stored, or its erasure: a human confirms by voice (design §8)."""
    talk.say("my_data.human")
    taps.call_human(talk, "asked")
    return True


def _thanks(talk: Talk, case: Case | None, text: str) -> bool:
    """Thanks after a case need no menu; a greeting without a case does."""
    if case is None:
        return False
    talk.say("greet.thanks" if _THANKS in text else "greet.again")
    hint(talk.db, case, talk.now)
    return True


_ACTS: dict[str, Callable[[Talk, Case | None, str], bool]] = {
    "complaint": _complaint,
    "status_query": _status,
    "cancel": _cancel,
    "my_data": _my_data,
    "greet_thanks": _thanks,
}
