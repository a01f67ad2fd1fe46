"""Telephone numbers of the mainland, as people write and say them."""

from __future__ import annotations

import re

import phonenumbers

from dialogs.numerals import plain

MAX_HEARD = 2_000  # characters looked at
_PHONE_CHARS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": "0", "幺": "1", "腰": "1", "两": "2",
}  # fmt: skip


def phone_in(text: str) -> str | None:
    """The first telephone number of the mainland in the text, as digits with its area code.

    Numbers of 8 digits are Shanghai's own (021). Spoken digits (幺三八…) count.
    """
    source = plain(text[:MAX_HEARD])
    spoken = "".join(_PHONE_CHARS.get(c, c) for c in source)
    for match in phonenumbers.PhoneNumberMatcher(spoken, "CN"):
        if match.number.country_code == 86:
            national = phonenumbers.national_significant_number(match.number)
            return national if _is_mobile(national) else "0" + national
    # Spaces, dots and strokes in odd places: try the digits of each run alone.
    for run in re.findall(r"\+?\d(?:[\s.\-()/·\u3001,\uff0c]{0,2}\d)+", spoken):
        digits = re.sub(r"\D", "", run)
        digits = digits.removeprefix("0086") if digits.startswith("0086") else digits
        digits = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
        candidate = "021" + digits if len(digits) == 8 and digits[0] in "23456789" else digits
        if len(candidate) >= 10 and _valid(candidate):
            return candidate
    return None


def _is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits.startswith("1")


def _valid(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, "CN"))
    except phonenumbers.NumberParseException:
        return False
