"""No dialog waits and no human is in the talk: what did they mean? (design §3)"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dialogs.answers import bare
from dialogs.meaning.people import several
from dialogs.meaning.reading import CERTAIN, SURE, Reading
from dialogs.session import Slot
from handlers.due import waiting_since
from handlers.heard import asks, bare_words, hears, is_only, words_of
from handlers.residents import opening, phones, sessions, taps
from handlers.residents.drafts import Draft
from handlers.residents.file import HUMAN, before_filing, open_case
from handlers.residents.wait import acknowledge, just_reopened, news_in, tell_the_human
from handlers.rules.first_need import in_order, is_minor
from handlers.talk import SILENT, Talk, hint
from storage import cases, entries
from storage.cases import Case

SURE_OF_HUMAN = 0.85  # a call for a human that nobody made ends the dialog: only when very sure
_SHORT = 16  # characters: a longer status question tells something of its own
_THANKS_MOST = 10
_STORY = 8  # characters from which first words tell what happened
_MOST_TOLD = 2_000  # characters kept in a slot; the entry keeps everything
_GENERAL, _RELAY = "general", "relay"
_KEPT = frozenset({"photo", "document", "place"})


def careful(reading: Reading) -> Reading:
    """A reading whose call for a human is believed only when it is very sure."""
    if reading.act == "human_request" and reading.confidence < SURE_OF_HUMAN:
        return replace(reading, act="request_help")
    return reading


def asks_for_status(talk: Talk, text: str, reading: Reading) -> bool:
    """Whether words ask how far an earlier request is, and tell nothing else."""
    return (
        reading.act == "status_query"
        and len(text.strip()) <= _SHORT
        and hears(talk.house, "status", text) is not None
    )


def asks_for_human(talk: Talk, text: str, reading: Reading) -> bool:
    """Whether words call for a person: the words of the button itself, or read as such."""
    if refuses_human(talk, text):
        return False
    if reading.act == "human_request" and reading.confidence >= SURE_OF_HUMAN:
        return True
    return is_only(talk.house, "human", text)


def refuses_human(talk: Talk, text: str) -> bool:
    """Whether words refuse a person or a call (不要叫人来, 我不会打电话), and call for none."""
    said = bare(text)
    refused = [word for word in bare_words(words_of(talk.house, "no_human")) if word in said]
    for word in sorted(refused, key=len, reverse=True):
        said = said.replace(word, "")
    human = bare_words(words_of(talk.house, "human"))
    return bool(refused) and not any(word in said for word in human)


def asks_for_robot(talk: Talk, text: str) -> bool:
    """Whether they ask if this is a machine, and do not call for a human with it."""
    heard = hears(talk.house, "robot", text)
    if heard is None:
        return False
    rest = bare(text).replace(heard, "")
    return not any(word in rest for word in bare_words(words_of(talk.house, "human")))


def is_question(talk: Talk, text: str, reading: Reading) -> bool:
    """Whether words wait for an answer: read as a question, or ending as one."""
    read = reading.act in {"status_query", "policy_question"} and reading.confidence >= SURE
    return read or asks(talk.house, text) or hears(talk.house, "urges", text, _STORY) is not None


def meant(talk: Talk, text: str, media: str | None, reading: Reading, seq: int) -> bool:
    """Answer by act, or start the flow of the need, or show the menu. Always answers."""
    case = open_case(talk)
    talk.case = case
    if media in _KEPT:
        talk.say(f"engine.{media}_kept", extra=None if case else SILENT)
    if asks_for_human(talk, text, reading):
        taps.call_human(talk, "asked")
        return True
    act = _ACTS.get(reading.act) if reading.confidence >= SURE else None
    if act is not None and act(talk, case, text, reading):
        return True
    conversation_id = talk.conversation.id
    if lists_people(text, reading):
        entries.put_in_case(talk.db, conversation_id, seq, None)
        talk.case = None
        talk.say("relay.one_by_one")
        return True
    if _new_needs(reading, case) and not _of_reopened(talk, case, reading):
        entries.put_in_case(talk.db, conversation_id, seq, None)
        talk.case = None
        start(talk, reading, text)
        return True
    if case is not None:
        if phones.keep_told(talk, text, reading):
            tell_the_human(talk)
            talk.say("talk.number_kept", tone="receipt")
        elif phones.says_wrong(text):
            tell_the_human(talk)
            sessions.begin(talk, HUMAN, {})
        else:
            acknowledge(talk, asks=is_question(talk, text, reading), tells=news_in(text, reading))
        return True
    entries.put_in_case(talk.db, conversation_id, seq, None)
    if media in _KEPT and not (reading.needs or is_relay(reading)):
        sessions.begin(talk, _GENERAL, _told(text), sent=True)
    elif number := phones.alone(text, reading):
        _begin_with_number(talk, number, {})
    elif reading.needs or is_relay(reading):
        start(talk, reading, text)
    else:
        opening.menu(talk, text, reading)
    return True


def told_in_menu(
    talk: Talk, draft: Draft, text: str, reading: Reading, media: str | None = None
) -> bool:
    """A need told in words while the menu stands open: begun as it would be without the menu."""
    if draft.flow is None or draft.session is None or draft.flow.kind not in {"menu", _RELAY}:
        return False
    if lists_people(text, reading):
        talk.say("relay.one_by_one")
        return True
    if draft.flow.kind != "menu":
        return False
    if number := phones.alone(text, reading):
        _begin_with_number(talk, number, draft.slots)
        return True
    story = len(bare(text)) >= _STORY and reading.confidence >= SURE
    if asks_for_human(talk, text, reading) or reading.act in {"cancel", "my_data", "complaint"}:
        return False
    if media in _KEPT:
        talk.say(f"engine.{media}_kept", extra=SILENT)
    if story and reading.needs:
        start(talk, reading, text, draft.slots, sent=media in _KEPT)
    elif media in _KEPT:  # nothing that was sent stays unseen behind a menu
        sessions.begin(talk, _GENERAL, {**_told(text), **draft.slots}, sent=True)
    else:
        return False
    return True


def _begin_with_number(talk: Talk, number: Slot, known: Mapping[str, Slot]) -> None:
    """The number is kept, and what is the matter is asked."""
    talk.say("engine.phone_kept", extra=SILENT)
    sessions.begin(talk, _GENERAL, {**known, "phone": number}, sent=True)


def start(
    talk: Talk,
    reading: Reading,
    text: str,
    known: Mapping[str, Slot] | None = None,
    *,
    sent: bool = False,
) -> None:
    """The flow of the need to begin with; a neighbour's relay asks two questions before it.

    ``known``: what was answered before. ``sent``: a picture or a place came with it. Every need
    that was told stands in the case.
    """
    child = is_minor(reading.slots.get("age")) or hears(talk.house, "child", text) is not None
    needs = in_order(reading.needs, child=child)
    flow = flow_of(talk, needs[0]) if needs else _GENERAL
    slots: dict[str, Slot | str] = {**reading.slots, **(known or {})}
    if needs:
        slots["need"] = Slot(needs[0], text.strip()[:200], "words")
    if reading.who == "other":
        slots["about"] = "other"
    if needs and flow == _GENERAL:
        slots |= {key: slot for key, slot in _told(text).items() if key not in slots}
    if reading.act == "policy_question" and reading.confidence >= SURE:
        talk.say("handoff.policy", extra=SILENT)
    if len(needs) > 1:
        talk.say("ack.more_needs", extra=SILENT)
    if is_relay(reading) and "relay_consent" not in slots:
        flow = _RELAY
    sessions.begin(talk, flow, slots, needs[1:], sent=sent)


def _told(text: str) -> dict[str, Slot | str]:
    """First words that tell what happened answer 「出了什么事?」: it is not asked again."""
    if len(bare(text)) < _STORY:
        return {}
    words = text.strip()[:_MOST_TOLD]
    return {"trouble": Slot(words, words, "words")}


def another_person(talk: Talk, text: str, draft: Draft | None) -> bool:
    """换一个人: what was told of the one before goes to a human, and a new relay begins."""
    if not is_only(talk.house, "another_person", text):
        return False
    if draft is not None:
        sessions.hand_in(talk, draft)
    talk.case = None
    sessions.begin(talk, _RELAY, {})
    return True


def lists_people(text: str, reading: Reading) -> bool:
    """Whether a volunteer lists several people at once: each is a case of their own."""
    return reading.who != "self" and several(text)


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


def _of_reopened(talk: Talk, case: Case | None, reading: Reading) -> bool:
    """After 还没办好 words are for that case, which knows them: no questions from the start."""
    return case is not None and not is_relay(reading) and just_reopened(talk, case)


def _complaint(talk: Talk, case: Case | None, text: str, reading: Reading) -> bool:
    taps.call_human(talk, "complaint")
    return True


def _status(talk: Talk, case: Case | None, text: str, reading: Reading) -> bool:
    if not asks_for_status(talk, text, reading):
        return False
    taps.say_status(talk)
    return True


def _cancel(talk: Talk, case: Case | None, text: str, reading: Reading) -> bool:
    """To withdraw a case is a request that a human confirms by voice (design §8)."""
    if reading.confidence < CERTAIN:
        return False
    if case is None:
        talk.say("draft.dropped")
        return True
    cases.record(talk.db, case, "withdraw_requested", talk.now)
    tell_the_human(talk)
    talk.say("cancel.human", tone="receipt")
    return True


def _my_data(talk: Talk, case: Case | None, text: str, reading: Reading) -> bool:
    """What is stored, or its erasure: a human confirms by voice (design §8)."""
    taps.call_human(talk, "my_data")
    return True


def _thanks(talk: Talk, case: Case | None, text: str, reading: Reading) -> bool:
    """Thanks after a case need no menu. Who greets while an answer is owed hears when it comes."""
    if case is None or reading.needs or len(bare(text)) > _THANKS_MOST:
        return False
    if opening.thanked(talk, text):
        hint(talk.db, case, talk.now)
        return True
    if waiting_since(talk.db, case) is not None:
        acknowledge(talk, asks=True)
        return True
    talk.say("greet.again")
    hint(talk.db, case, talk.now)
    return True


_ACTS: dict[str, Callable[[Talk, Case | None, str, Reading], bool]] = {
    "complaint": _complaint,
    "status_query": _status,
    "cancel": _cancel,
    "my_data": _my_data,
    "greet_thanks": _thanks,
}
