"""Correcting what was said before: 改一下, 刚才讲错了,是3号202, 电话不对."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.answers import SURE, bare, hear
from dialogs.asking import lines_now
from dialogs.flow_checks import words_of
from dialogs.flow_model import Flow, Step
from dialogs.meaning.reading import Reading
from dialogs.moving import again, go_on, put
from dialogs.numerals import plain
from dialogs.outcomes import Say, Turn
from dialogs.paths import fit, heard_slot, shown_words, step_of
from dialogs.session import Session, Slot

_WRONG = re.compile(
    r"(?:刚才|刚刚|前面|上面|我)*(?:讲|说|写|填|搞|弄|打|按|点|选|报|记)错(?:了|脱了)?|改一下|改一改|改成|更正|改为"
)
_LABEL_WRONG = re.compile(r"不对|勿对|错了|不是|要改|改|换|变")
_INSTEAD = re.compile(r"^.*(?:改成|改为|应该是|是|换成)", re.DOTALL)
_CLOSED = frozenset({"choice", "phone", "age", "money", "number"})
_MAX_LENGTH = 60  # longer words tell a story and correct nothing


def wants(flow: Flow, session: Session, text: str, reading: Reading | None) -> bool:
    """True when these words correct an earlier answer rather than answer the present question."""
    word = bare(text)
    if word in flow.common.words["fix"]:
        return True
    if len(word) > _MAX_LENGTH:
        return False
    wrong = _WRONG.search(word)
    if wrong and wrong.start() <= 6:
        return True
    named = _named(flow, session, word)
    if named and named != session.step and _LABEL_WRONG.search(word):
        return True
    return reading is not None and reading.act == "correct_answer" and reading.confidence >= SURE


def correct(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    """Replaces what the words tell, asks the line they name, or asks which line to change."""
    keys = lines_now(flow, session)
    if not keys:
        return again(flow, session, Say("engine.nothing_to_fix"))
    said = fit(flow, reading.slots) if reading is not None else {}
    new = {
        key: Slot(slot.key, slot.words, "asked")
        for key, slot in said.items()
        if key in keys and slot.key != session.slots[key].key
    }
    word = bare(text)
    named = _named(flow, session, word)
    if not new and named:
        new = _heard(flow, session, named, text)
        if not new:
            return choose(flow, session, named)
    if not new:
        new = guess(flow, session, _WRONG.sub("", plain(text)))
    if new:
        key = next(iter(new))
        params = {
            "label": flow.slots.label(key, flow.language),
            "words": shown_words(flow, key, new[key]),
        }
        changed = replace(session, slots={**session.slots, **new})
        return go_on(flow, changed, Say("engine.corrected", params))
    if len(keys) == 1:
        return choose(flow, session, keys[0])
    return put(flow, replace(session, phase="correcting", step=None, tries=0, page=0))


def choose(flow: Flow, session: Session, key: str) -> Turn:
    """Asks the chosen line again; the old answer stands until there is a new one."""
    return put(flow, replace(session, phase="correcting", step=key, tries=0, page=0))


def line_in(flow: Flow, session: Session, text: str) -> str | None:
    """The line that these words name, if any."""
    return _named(flow, session, bare(text))


def guess(flow: Flow, session: Session, text: str) -> dict[str, Slot]:
    """The one earlier answer that these words can replace; empty when none or several could.

    Choices are tried wherever they were asked, a bare number only on the last answer: 83 may be
    an age, a number of people or a price.
    """
    if not bare(text):
        return {}
    keys = [key for key in lines_now(flow, session) if key in session.asked]
    last = session.asked[-1:]
    fitting = [
        found
        for key in keys
        if step_of(flow, key).choices or key in last
        if (found := _heard(flow, session, key, text))
    ]
    if len(fitting) > 1:  # 有家人 is a choice of one question and only part of another's
        word = bare(text)
        fitting = [
            found
            for found in fitting
            for key, slot in found.items()
            if (choice := step_of(flow, key).choice(slot.key))
            if word in {bare(said) for said in words_of(choice)}
        ]
    return fitting[0] if len(fitting) == 1 else {}


def _heard(flow: Flow, session: Session, key: str, text: str) -> dict[str, Slot]:
    step: Step = step_of(flow, key)
    instead = _INSTEAD.sub("", plain(text)) if _INSTEAD.match(plain(text)) else None
    if step.expect not in _CLOSED and not instead:
        return {}
    told = (instead or text).strip(" ,\uff0c\u3002")
    found = hear(step, told, None, flow.common)
    if found is None or found.key == session.slots[key].key:
        return {}
    return {key: heard_slot(found)}


def _named(flow: Flow, session: Session, word: str) -> str | None:
    """The corrigible slot whose label (or another word for it) stands in the words."""
    best: tuple[int, str] | None = None
    for key in lines_now(flow, session):
        kind = flow.slots[key]
        for name in (*kind.label.values(), *kind.also):
            name_bare = bare(name)
            if len(name_bare) >= 2 and name_bare in word and (not best or len(name_bare) > best[0]):
                best = (len(name_bare), key)
    return best[1] if best else None
