"""Whatever turn a line is, who has the open case is told of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pytest

from handlers import inbound
from handlers.advisors import claim, reply
from handlers.ports import Viewer
from handlers.turns import TURNS
from storage import due
from storage.due import Due
from tests.handlers.chats import Chatter
from tests.handlers.street import CARE, DIE, WHERE, Street

Begin = Callable[[Street, Chatter, Viewer], None]


def _filed(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.files()
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "r0", "您好")
    street.advance(hours=2)


def _asked_for_number(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.says("找人工")
    street.act(claim.claim, li, chen.case.id)
    assert any("打哪个电话" in line["text"] for line in chen.log())


def _something_new(street: Street, chen: Chatter, li: Viewer) -> None:
    _filed(street, chen, li)
    chen.says("看病没钱")


def _red(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.says(DIE)
    street.act(claim.claim, li, chen.case.id)


def _live(street: Street, chen: Chatter, li: Viewer) -> None:
    chen.files()
    street.act(claim.claim, li, chen.case.id)
    street.act(reply.reply, li, chen.case.id, "r0", "您好")


def _album(street: Street, chen: Chatter, li: Viewer) -> None:
    _filed(street, chen, li)
    chen.sends(kind="photo", media=chen.file(), album="a1")


SITUATIONS: tuple[Begin, ...] = (_filed, _asked_for_number, _something_new, _red, _live, _album)
WORDS = ("13812345678", "没有", "在吗", "谢谢", WHERE, CARE, "侬是机器人伐", "找人工", "换一个人")
TURNS_OF_WORDS = {
    "_red": ("打不通", "没事了", "别发消息", "我一个人"),
}


@pytest.mark.parametrize("begin", SITUATIONS, ids=lambda one: one.__name__)
def test_the_holder_hears_of_every_line(
    street: Street, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def watched(turn: Callable[..., bool]) -> Callable[..., bool]:
        @wraps(turn)
        def inner(*args: object) -> bool:
            took = turn(*args)
            if took:
                taken.append(turn.__name__)
            return took

        return inner

    li = street.member()
    chen = Chatter(street)
    begin(street, chen, li)
    monkeypatch.setattr(inbound, "TURNS", tuple(map(watched, TURNS)))
    mine = chen.case.id

    def told(**update: object) -> None:
        last = max((one["seq"] for one in street.told(li)), default=0)
        street.now += inbound._FLOOD_WINDOW
        chen.sends(**update)
        heard = [one for one in street.told(li, last) if one.get("case_id") == mine]
        assert heard or chen.case.id != mine, (begin.__name__, update, taken[-1:])

    told(kind="voice", media=chen.file("voice"))
    told(kind="unknown")
    told(kind="choice", choice="cmd:where")
    told(kind="choice", choice="tel:120")
    if begin is _album:
        told(kind="photo", media=chen.file(), album="a1")
        assert taken[-1] == "_further"
    for words in (*WORDS, *TURNS_OF_WORDS.get(begin.__name__, ())):
        if chen.case.id != mine:
            return
        told(text=words)
    assert len(set(taken)) > 2


def test_the_number_after_a_call_for_a_human_waits_for_who_answered(street: Street) -> None:
    li = street.member()
    chen = Chatter(street)
    _red(street, chen, li)
    chen.says(CARE)
    street.write(_forget, chen.case.id)
    chen.says("没有人照顾")
    assert [row.kind for row in street.rows(Due, case_id=chen.case.id)]


def _forget(db: object, case_id: str) -> None:
    due.clear_case(db, case_id)  # type: ignore[arg-type]
