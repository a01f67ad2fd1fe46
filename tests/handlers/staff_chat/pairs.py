"""An advisor with two cases, and what reaches their residents."""

from __future__ import annotations

from typing import Any

from handlers.ports import MediaInfo
from tests.handlers.staff_chat.office import Message, Office, Phone
from tests.handlers.street import Resident


def two(office: Office, chen: Resident) -> tuple[Phone, Resident]:
    """An advisor with two cases: chen's is #1, wu's is #2."""
    phone, _ = office.joined("李顾问")
    wu = office.street.resident("wu")
    for one in (chen, wu):
        one.files()
        phone.news()
        phone.presses("我来")
    return phone, wu


def card(phone: Phone, number: int) -> Message:
    """The newest card of a case that is theirs."""
    phone.news()
    cards = [one for one in phone.messages if one.title.startswith(f"#{number} ")]
    return [one for one in cards if "您在跟" in one.text][-1]


def said(one: Resident) -> list[dict[str, Any]]:
    return [row for row in one.log() if row["from"] == "advisor" and row["kind"] == "message"]


def words(one: Resident) -> list[str]:
    return [row["text"] for row in said(one)]


def photo(office: Office, phone: Phone, **more: Any) -> list[Message]:
    item = MediaInfo(f"{int(office.next_id()):032x}", "photo", "image/jpeg", 9, "0" * 64)
    return list(phone.sends("photo", media=item, **more))
