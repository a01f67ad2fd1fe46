"""Correcting what was said before: 改一下, 刚才讲错了,是3号202, 电话不对."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogs.answers import bare, hear
from dialogs.asking import lines_now
from dialogs.flow_checks import words_of
from dialogs.flow_model import SKIPPED, Flow, Step
from dialogs.meaning.reading import SURE, Reading
from dialogs.moving import again, go_on, put
from dialogs.numerals import plain
from dialogs.outcomes import Say, Turn
from dialogs.paths import fit, heard_slot, shown_words, step_of
from dialogs.session import Session, Slot
from dialogs.telephones import phone_in

_WRONG = re.compile(
    r"(?:刚才|刚刚|前面|上面|我)*(?:讲|说|写|填|搞|弄|打|按|点|选|报|记)错(?:了|脱了)?|改一下|改一改|改成|更正|改为"
    r"|(?:前面|前头|上面|刚才|刚刚|之前)(?:[那这][个句条题]|的)?(?:不对|勿对|弗对|错了)"
)
_LABEL_WRONG = re.compile(r"不对|勿对|错了|不是|要改|改|换|变")
# What stands instead: 应该是两千不是两万, 不是302,是502, 地址改成3号楼.
_INSTEAD = re.compile(
    r"(?:改成|改为|换成|应该是|(?<![不勿弗])是)(.+?)(?:[,\uff0c]?(?:不是|勿是|弗是).*)?$", re.DOTALL
)
_PART = re.compile(r"(?:不是|勿是|弗是)(.{2,20}?)[,\uff0c ]?(?:应该是|而是|是)(.{1,20})$")
_PLACE = re.compile(r"[0-9一二三四五六七八九十百]+(?:号|弄|室|栋|幢|楼|单元)|路|街|新村")
_ROAD = re.compile(r"^.*?(?:路|街|大道|新村|村|小区|苑|坊)")
_HOUSE = re.compile(r"^[0-9一二三四五六七八九十百]+(弄|号)")
# 不是我,是我老伴: who is helped, and no answer to who looks after them.
_OTHER = re.compile(
    r"(?:不是|勿是|弗是)我,?(?:要?办)?,?是(?:为|帮|替)?(?:我|阿拉|伲|我们)(?:家|屋里)?的?\w{1,6}"
)
_CLOSED = frozenset({"choice", "consent", "phone", "age", "money", "number"})
_EARLY, _SHORT = 2, 40  # characters: said at once, or not much else is said
_MAX_LENGTH = 60  # longer words tell a story and correct nothing


def wants(flow: Flow, session: Session, text: str, reading: Reading | None) -> bool:
    """True when these words correct an earlier answer rather than answer the present question."""
    word = bare(text)
    if word in flow.common.words["fix"] or _for_other(flow, text):
        return True
    if len(word) > _MAX_LENGTH or not lines_now(flow, session):
        return False
    wrong = _WRONG.search(word)
    step = step_of(flow, session.step) if session.step else None
    story = step is not None and step.expect in {
        "text",
        "story",
    }  # 医生写错了名字 is one, and no correction
    if wrong and (wrong.start() <= _EARLY or (not story and len(word) <= _SHORT)):
        return True
    named = _named(flow, session, word)
    if named and named != session.step and _LABEL_WRONG.search(word):
        return True
    if step is not None and step.expect == "phone" and phone_in(text):
        return False  # 打我儿子电话139… is the answer
    return reading is not None and reading.act == "correct_answer" and reading.confidence >= SURE


def correct(flow: Flow, session: Session, text: str, reading: Reading | None) -> Turn:
    """Replaces what the words tell, asks the line they name, or asks which line to change."""
    if other := _for_other(flow, text):
        changed = replace(session, slots={**session.slots, **other})
        return go_on(flow, changed, Say("engine.heard_too"))
    keys = lines_now(flow, session)
    if not keys:
        return again(flow, session, Say("engine.nothing_to_fix"))
    said = fit(flow, reading.slots) if reading is not None else {}
    new = {
        key: Slot(slot.key, slot.words, "asked")
        for key, slot in said.items()
        if key in keys and slot.key != session.slots[key].key
    }
    word, rest = bare(text), _WRONG.sub("", plain(text)).strip(" ,\uff0c\u3002")
    named = _named(flow, session, word)
    new = _part_changed(flow, session, rest) or new
    if not new and named:
        new = _heard(flow, session, named, text)
        if not new:
            return choose(flow, session, named)
    if not new:
        new = guess(flow, session, rest)
    if "address" in new:
        whole = _whole_address(session.slots["address"].key, new["address"].key)
        if whole is None:
            return choose(flow, session, "address")
        new = {**new, "address": Slot(whole, whole)}
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

    A bare number is tried on the last answer only: 83 may be an age, a number of people, a price.
    """
    if not bare(text):
        return {}
    fitting = [
        found
        for key in lines_now(flow, session)
        if _recognised(flow, session, key, text)
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


def _for_other(flow: Flow, text: str) -> dict[str, Slot]:
    """That it is for somebody of theirs (不是我,是我老伴), where the flow wants to know it."""
    told = _OTHER.fullmatch(plain(text[:_MAX_LENGTH]).strip(" \u3002.!"))
    return fit(flow, {"about": "other"}) if told else {}


def _whole_address(old: str, new: str) -> str | None:
    """The corrected address with the road of the old one; None where that would be a guess.

    是3号202 after 康定路1号302 is 康定路3号202, but 三楼 may be any part of it.
    """
    road = _ROAD.match(old)
    if not road or _ROAD.match(new) or len(new) >= len(old):
        return new
    house = _HOUSE.match(plain(new))
    if not house:
        return None
    lane = re.match(r"[0-9一二三四五六七八九十百]+弄", old[road.end() :])
    kept = lane.group() if lane and house.group(1) == "号" else ""
    return road.group() + kept + new


def _part_changed(flow: Flow, session: Session, text: str) -> dict[str, Slot]:
    """不是302,是502: a part of the one written answer in which the old words stand."""
    part = _PART.search(text)
    if not part:
        return {}
    old, new = (words.strip() for words in part.groups())
    found = {
        key: Slot(slot.key.replace(old, new), slot.key.replace(old, new))
        for key in lines_now(flow, session)
        if step_of(flow, key).expect in {"address", "name", "text", "story"}
        if old in (slot := session.slots[key]).key and slot.key != SKIPPED
    }
    return found if len(found) == 1 else {}


def tells_place(text: str) -> bool:
    """Whether a road, a house number or a room stands in the words."""
    return bool(_PLACE.search(text))


def _recognised(flow: Flow, session: Session, key: str, text: str) -> bool:
    """Whether words tell by themselves that they are about this step."""
    step = step_of(flow, key)
    if step.choices or step.expect == "phone":
        return True
    if step.expect == "age" and "岁" in text:
        return True
    if step.expect == "address":
        return tells_place(text) and "岁" not in text
    return step.expect in _CLOSED and session.asked[-1:] == (key,)


def _heard(flow: Flow, session: Session, key: str, text: str) -> dict[str, Slot]:
    step: Step = step_of(flow, key)
    instead = _INSTEAD.search(plain(text))
    if step.expect not in _CLOSED and not instead:
        return {}
    told = (instead.group(1) if instead else text).strip(" ,\uff0c\u3002")
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
