"""A made-up case that comes by Telegram, with everything that a page of the desk has to show."""

from __future__ import annotations

from typing import Any

from tests.journeys.desk_cases import case, entry
from tests.journeys.fake_desk import FakeDesk, JSONDict, ago

LI = {"id": "s-li", "name": "李顾问"}
TROUBLE = "Telegram 连不上,10:32 起;网页照常"
LINK = "https://t.me/nuanxin_staff_bot?start=" + "a" * 32
REFUSED = "对方不收语音"


def media(media_id: str, kind: str, state: str = "kept", **more: Any) -> JSONDict:
    """A file of a line."""
    mime = {"voice": "audio/ogg", "photo": "image/png"}.get(kind, "application/pdf")
    return {
        "id": media_id, "kind": kind, "mime": mime, "heard": False, "seconds": None,
        "state": state, "name": None, **more,
    }  # fmt: skip


def crossing(*, blocked: bool = False) -> JSONDict:
    """#229 on Telegram, mine: corrections, files, a place, and what became of each answer."""
    place = {"lat": "31.230400", "lon": "121.473700", "words": "长风新村 3 号"}
    return case(
        "c229", 229, "小欣妈妈", "开刀要八万块,医保报掉还有三万多拿不出", "yellow",
        need_words=["医疗救助"], channel="telegram", assignee=LI, mine=True, live=not blocked,
        blocked=blocked, due_at=ago(-122), due_kind="answer", status="assessing",
        entries=[
            entry(1, "resident", "开刀要八万块,医保报掉还有三万多拿不出", 40),
            entry(2, "resident", "开刀要九万块,医保报掉还有三万多拿不出", 39, kind="edited",
                  ref=1, original="开刀要八万块,医保报掉还有三万多拿不出"),
            entry(3, "resident", "医院说要先交一半", 38, forwarded=True),
            entry(4, "resident", "", 37, media=media("d1", "document", name="缴费通知单.pdf")),
            entry(5, "resident", "", 36, media=media("w1", "photo", "awaited")),
            entry(6, "resident", "", 35, media=media("l1", "voice", "lost")),
            entry(7, "resident", "31.230400,121.473700 长风新村 3 号", 34, place=place),
            entry(8, "advisor", "您好,我是李顾问。明天上午九点来,好吗?", 30, name="李顾问",
                  mark="seen"),
            entry(9, "advisor", "您好,我是李顾问。明天上午十点来,好吗?", 29, name="李顾问",
                  kind="edited", ref=8, mark="sent",
                  original="您好,我是李顾问。明天上午九点来,好吗?"),
            entry(10, "advisor", "", 28, name="李顾问", mark="failed", why=REFUSED,
                  media=media("v1", "voice", seconds=7)),
            entry(11, "advisor", "那我写给您。带上缴费单。", 27, name="李顾问", mark="sending"),
        ],
        allowed=["reply", "note", "close", "hand_over", "release", "urgency"],
        next={"text": "打电话", "action": "call", "due_at": ago(-122)} if blocked
        else {"text": "等对方", "action": "wait", "due_at": None},
        people={"asker": None, "relayer": None, "helped": {
            "name": "小欣妈妈", "phone_masked": "139 •••• 0002", "has_phone": True,
            "address": None, "age": None}},
    )  # fmt: skip


def with_telegram(house: FakeDesk, **more: Any) -> FakeDesk:
    """The same desk with a bot for residents and one for staff."""
    house.cases["c229"] = crossing(**more)
    house.media["d1"] = ("application/octet-stream", b"%PDF-1.4")
    house.me["telegram"] = {"linked": False}
    return house
