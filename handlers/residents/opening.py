"""The door: /start, a poster's link, what nobody can read, and how this works."""

from __future__ import annotations

from dialogs.answers import bare, unseen
from dialogs.asides import greets
from dialogs.meaning.reading import SURE, Reading
from handlers import scripts
from handlers.heard import is_whole, words_of
from handlers.residents import drafts, sessions, taps
from handlers.residents.drafts import Draft
from handlers.residents.file import HUMAN, open_case
from handlers.talk import SILENT, Talk

_THANKS = "谢"


def opened(talk: Talk, payload: str, draft: Draft | None, *, first: bool) -> bool:
    """They opened the chat; ``payload`` is what the link carried, a flow's name from a poster.

    Nothing begins anew by it: over a human nothing is said, and what was asked last is asked
    again. Who has a case hears how far it is; a menu would swallow their words to the advisor.
    """
    flow = talk.house.flows.get(payload)
    if talk.live:
        taps.let_desk_see(talk)
    elif scripts.waits_for_answer(talk):
        scripts.ask_again(talk)
    elif draft is not None and (flow is None or not _in_menu(draft)):
        key = "greet.hello" if _in_menu(draft) else "greet.here"
        sessions.ask_again(talk, draft, talk.house.phrases.say(key))
    elif flow is not None and flow.name == HUMAN:
        if first:
            talk.tell(_greeting(talk), extra=SILENT)
        taps.call_human(talk, "asked")
    elif flow is not None:
        known = draft.slots if draft else {}
        sessions.begin(talk, flow.name, known, lead=_greeting(talk) if first else "")
    elif open_case(talk) is not None:
        talk.say("greet.again", extra=SILENT)
        taps.say_status(talk)
    else:
        sessions.begin(talk, "menu", {}, lead=_greeting(talk))
    return True


def unreadable(talk: Talk, draft: Draft | None) -> bool:
    """Asked kindly to write or speak; then what was asked last is asked again."""
    if talk.live:
        taps.let_desk_see(talk)
        return True
    talk.say("engine.unreadable")
    repeat(talk, draft)
    return True


def repeat(talk: Talk, draft: Draft | None) -> None:
    """What was asked last, once more; the menu where there is nothing yet to speak of."""
    if scripts.waits_for_answer(talk):
        scripts.ask_again(talk)
    elif draft is not None:
        sessions.ask_again(talk, draft)
    elif open_case(talk) is None:
        sessions.begin(talk, "menu", {})
    else:
        taps.let_desk_see(talk)


def menu(talk: Talk, text: str, reading: Reading) -> None:
    """What tells no need is answered in a few words, and the menu shows what can be told."""
    sure = reading.confidence >= SURE
    if text and (nothing := unseen(text)):
        talk.say(nothing, extra=SILENT)
    elif reading.act == "out_of_scope" and sure and len(bare(text)) > 1:
        talk.say("out_of_scope.reply")
    elif reading.act == "policy_question" and sure:
        talk.say("policy.in_menu", extra=SILENT)
    elif reading.act == "greet_thanks" or greets(text, talk.house.flows["menu"].common):
        talk.say("greet.hello", extra=SILENT)
    sessions.begin(talk, "menu", {})


def parted(talk: Talk, text: str, draft: Draft | None) -> bool:
    """谢谢, 再见, 没事了 of somebody who told nothing: a friendly word, and no menu over it."""
    told = draft is not None and (not _in_menu(draft) or draft.slots or draft.beside.sent)
    if told or open_case(talk) is not None or not _good_bye(talk, text):
        return False
    drafts.let_go(talk)
    talk.say(_farewell(text))
    return True


def thanked(talk: Talk, text: str) -> bool:
    """The same of somebody whose case is open; thanks may stand among other small words."""
    heard = _THANKS in text or _good_bye(talk, text)
    if heard:
        talk.say(_farewell(text))
    return heard


def _good_bye(talk: Talk, text: str) -> bool:
    return is_whole(talk.house, words_of(talk.house, "parting"), text)


def _farewell(text: str) -> str:
    return "greet.thanks" if _THANKS in text else "greet.parting"


def _greeting(talk: Talk) -> str:
    phrases = talk.house.phrases
    hello = phrases.say("greet.start", name=talk.house.office.name)
    return f"{hello}\n{phrases.say('greet.start_always')}"


def _in_menu(draft: Draft) -> bool:
    return draft.flow is not None and draft.flow.kind == "menu"
