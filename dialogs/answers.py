"""Hearing an answer: one function per kind of expectation, all in one explicit dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from dialogs.choosing import choice_in, consent_in, pick, place_in
from dialogs.flow_model import Common, Step
from dialogs.meaning.reading import Reading
from dialogs.numerals import all_numbers, plain
from dialogs.said import (
    MAX_HEARD,
    Found,
    bare,
    is_empty,
    kept,
    sign_only,
    unseen,
    yes_or_no,
)
from dialogs.telephones import phone_in

__all__ = [
    "EXPECTED", "Found", "bare", "hear", "is_empty", "kept", "pick", "place_in",
    "sign_only", "unseen", "yes_or_no",
]  # fmt: skip

MAX_AGE = 125  # the oldest person known lived 122 years

_COUNTED = ("个月", "个星期", "天", "年", "次", "月", "日", "号", "楼", "室", "岁", "趟", "回")
_NO_AGE = ("个", "年", "口", "月", "号", "点", "下", "些", "直", "样", "次", "楼", "室", "块")
_COUNTS = frozenset({"phone", "age", "money", "number"})
_HEADS = ("口", "个", "人", "位")
_MONEY = ("块", "元", "圆", "多块", "多元", "来块", "块钱")
_NAME_LEAD = re.compile(
    r"^(?:您好|你好)?[,\uff0c\u3002\s]*(?:我的?名字(?:是|叫)|我?是?叫做?|叫我|我姓|姓|我是|她叫|他叫|是)"
)


def hear(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    """The answer to this step in these words, or None when it was not understood."""
    if is_empty(text):
        return None
    found = EXPECTED[step.expect](step, text, reading, common)
    # 退休金2000,药费8000: the reader of the whole sentence knows which sum is asked for.
    told = reading.slots.get(step.name, "") if reading and step.expect in _COUNTS else ""
    if not (told.isascii() and told.isdigit()) or (found and step.expect != "money"):
        return found
    heard = EXPECTED[step.expect](step, told, None, common)
    return Found(heard.key, kept(text)) if heard else found


def _text(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    return Found(kept(text), kept(text)) if bare(text) else None


def _phone(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    found = phone_in(text)
    return Found(found, kept(text)) if found else None


def _age(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(("岁", "多岁", "来岁"))]
    free = [value for value, after in numbers if not after.startswith(_NO_AGE)]
    for value in stated or free:
        if 0 <= value <= MAX_AGE and value == int(value):
            return Found(str(int(value)), kept(text))
    months = any(after.startswith("个月") for _, after in numbers)
    return Found("0", kept(text)) if months and not stated else None


def _money(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(_MONEY)]
    free = [value for value, after in numbers if not after.startswith(_COUNTED)]
    if not (stated or free):
        return None
    return Found(str(round(max(stated or free))), kept(text))


def _number(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    numbers = all_numbers(text)
    stated = [value for value, after in numbers if after.startswith(_HEADS)]
    # The last one: 一家三口, 我和老伴两个人.
    for value in reversed(stated or [value for value, _ in numbers]):
        if 0 <= value <= 99 and value == int(value):
            return Found(str(int(value)), kept(text))
    return Found("1", kept(text)) if bare(text) in common.words["alone"] else None


def _name(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    short = _NAME_LEAD.sub("", plain(text[:MAX_HEARD]).strip())
    short = re.split(r"[,.!;\uff0c\u3002\uff01\uff1b\n]", short)[0].strip()
    letters = [c for c in short if unicodedata.category(c)[0] == "L"]
    if not letters or len(short) > 20 or any(c.isdigit() for c in short):
        return None
    return Found(short, kept(text))


def _address(step: Step, text: str, reading: Reading | None, common: Common) -> Found | None:
    if len(bare(text)) < 2:
        return None
    return Found(kept(text), kept(text))


Heard = Callable[[Step, str, Reading | None, Common], Found | None]
EXPECTED: dict[str, Heard] = {
    "choice": choice_in,
    "consent": consent_in,
    "text": _text,
    "story": _text,
    "phone": _phone,
    "age": _age,
    "money": _money,
    "number": _number,
    "name": _name,
    "address": _address,
}
