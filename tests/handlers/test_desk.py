"""The desk's lists and the supervisor's board."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from handlers import staff
from handlers.advisors import claim, close, reply
from handlers.desk import feed, lists
from handlers.ports import Refused, Viewer
from handlers.supervisors.board import Board, board
from storage import cases
from storage.cases import Case
from storage.database import Db
from storage.ids import uuid7
from tests.handlers.street import CARE, DIE, MORNING, Street

ANSWERS = ("没有人", "76", "可以", "13812345678", "康定路3号")  # orange
CALM = ("有家人", "走得动", "60", "先不要")


@pytest.fixture
def li(street: Street) -> Viewer:
    return street.member()


def shown(street: Street, viewer: Viewer) -> lists.Queue:
    return street.write(lists.queue, viewer, street.now, street.house)


def figures(street: Street, viewer: Viewer) -> dict[str, tuple[str, str | None]]:
    found = look(street, viewer)
    return {figure.key: (figure.value, figure.tone) for figure in found.figures}


def look(street: Street, viewer: Viewer) -> Board:
    return street.write(board, viewer, street.now, street.house)


def test_an_empty_desk(street: Street, li: Viewer) -> None:
    queue = shown(street, li)
    assert (queue.groups, queue.too_many) == ((), False)
    assert queue.counts == lists.Counts(0, 0, 0, 0)


def test_the_queue_is_ordered_by_urgency_then_by_the_promised_time(
    street: Street, li: Viewer
) -> None:
    green = street.resident("green").files("看病没钱", ("跳过", "有医保", "先不要", "先不要"))
    first = street.resident("first").files(CARE, ANSWERS)
    street.now += timedelta(minutes=5)
    second = street.resident("second").files(CARE, ANSWERS)
    red = street.resident("red")
    red.says(DIE)
    order = [card.number for group in shown(street, li).groups for card in group.cards]
    assert order == [red.case.number, first.number, second.number, green.number]


def test_groups(street: Street, li: Viewer) -> None:
    street.resident("green").files("看病没钱", ("跳过", "有医保", "先不要", "先不要"))
    orange = street.resident("orange").files(CARE, ANSWERS)
    groups = {group.key: [c.urgency for c in group.cards] for group in shown(street, li).groups}
    assert groups == {"today": ["orange"], "later": ["green"]}, "green: tomorrow morning"
    street.now += timedelta(minutes=26)
    assert [group.key for group in shown(street, li).groups] == ["now", "later"]
    street.act(claim.claim, li, orange.id)
    street.act(reply.reply, li, orange.id, "a1", "您好")
    street.resident("orange").sees()
    answered = [card for group in shown(street, li).groups for card in group.cards if card.mine]
    assert (answered[0].due_at, answered[0].due_kind) == (None, None)
    red = street.resident("red")
    red.says(DIE)
    assert [card.urgency for card in shown(street, li).groups[0].cards] == ["red"]


def test_counts(street: Street, li: Viewer) -> None:
    case = street.resident("one").files(CARE, ANSWERS)
    street.resident("two").sends_voice()
    street.act(claim.claim, li, case.id)
    assert shown(street, li).counts == lists.Counts(queue=1, mine=1, due=1, parked=0)
    assert [card.id for card in street.write(lists.mine, li, street.house)] == [case.id]
    street.act(close.close, li, case.id, "done")
    assert shown(street, li).counts.mine == 0


def test_too_many_are_said_not_hidden(
    street: Street, li: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_CARDS", 2)
    for number in range(3):
        street.resident(f"r{number}").says("找人工")
    queue = shown(street, li)
    assert queue.too_many
    assert sum(len(group.cards) for group in queue.groups) == 2
    assert queue.counts.queue == 3


def test_a_house_full_of_calm_cases_hides_neither_the_red_one_nor_ones_own(
    street: Street, li: Viewer, wang: Viewer
) -> None:
    """A case in care lasts a year: hundreds are open, and what waits now is the newest of all."""
    old = street.resident("old")
    old.says("找人工")
    street.write(_in_care, old.case, 600, wang.id)
    own = street.resident("own").files(CARE, ANSWERS)
    street.act(claim.claim, li, own.id)
    fresh = street.resident("fresh").files("看病没钱", ("跳过", "有医保", "先不要", "先不要"))
    red = street.resident("red")
    red.says(DIE)
    queue = shown(street, li)
    numbers = [card.number for group in queue.groups for card in group.cards]
    waiting = [red.case.number, own.number, old.case.number]
    assert (numbers[:3], len(numbers), queue.too_many) == (waiting, lists.MOST_CARDS, True)
    assert fresh.number not in numbers, "green stands behind 600 yellow ones"
    assert queue.counts == lists.Counts(queue=3, mine=1, due=0, parked=0)
    assert [card.id for card in street.write(lists.mine, li, street.house)] == [own.id]
    notes = {figure.key: figure.note for figure in look(street, wang).figures}
    assert "604" in notes["received"]


def _in_care(db: Db, like: Case, number: int, staff_id: str) -> None:
    same = {name: getattr(like, name) for name in Case.model_fields}
    held = same | {"status": "in_care", "assignee_id": staff_id}
    rows = [held | {"id": uuid7(), "number": -n} for n in range(number)]  # before all others
    db.execute(insert(cases.TABLE), rows)


def test_unread_counts_what_no_human_has_read(street: Street, li: Viewer) -> None:
    from handlers.advisors import attend

    chen = street.resident()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    street.act(attend.read_up_to, li, case.id, chen.last_seq)
    chen.says("还有", "再有")
    assert street.queue(li)[0].unread == 2


def test_two_cases_of_one_chat_keep_their_lines_apart(street: Street, li: Viewer) -> None:
    chen = street.resident()
    first = chen.files(CARE, ANSWERS)
    second = chen.files("看病没钱", ("三万", "有医保", "先不要", "先不要"))
    told = {
        case.id: [line.text for line in street.view(li, case.id).entries]
        for case in (first, second)
    }
    assert CARE in told[first.id]
    assert CARE not in told[second.id]
    assert "三万" in told[second.id]
    assert "三万" not in told[first.id]


# --- the board --------------------------------------------------------------------------------


def test_the_board_is_the_supervisors(street: Street, li: Viewer) -> None:
    with pytest.raises(Refused) as refused:
        look(street, li)
    assert (refused.value.code, refused.value.status) == ("only_supervisor", 403)


def test_an_empty_board(street: Street, wang: Viewer) -> None:
    found = look(street, wang)
    assert found.watch == ()
    assert figures(street, wang) == {
        "untouched": ("0", "ok"),
        "received": ("0", None),
        "on_time": ("–", None),
        "red": ("0", None),
    }
    assert len(found.days) == 14
    assert found.days[-1].date == "2026-11-24"


def test_silence_stands_first_and_says_since_when(street: Street, li: Viewer, wang: Viewer) -> None:
    case = street.resident().files(CARE, ANSWERS)
    assert look(street, wang).watch == ()
    street.advance(minutes=31)
    (row,) = look(street, wang).watch
    assert (row.case_id, row.number, row.urgency, row.waited) == (
        case.id,
        case.number,
        "orange",
        "31 分",
    )
    assert (row.rung, row.rungs, row.actions) == (1, 2, ("assign",))
    assert row.waited_since == case.created_at.isoformat()
    street.act(claim.claim, li, case.id)
    street.advance(minutes=60)
    (row,) = look(street, wang).watch
    assert row.actions == ("assign", "remind")
    assert row.who.endswith("李顾问")
    street.act(reply.reply, li, case.id, "a1", "您好")
    assert look(street, wang).watch == ()


def test_those_who_wait_longest_are_first(street: Street, wang: Viewer) -> None:
    first = street.resident("first").files(CARE, ANSWERS)
    street.advance(minutes=10)
    second = street.resident("second").files(CARE, ANSWERS)
    street.advance(minutes=45)
    assert [row.case_id for row in look(street, wang).watch] == [first.id, second.id]


def test_figures_against_the_promise(street: Street, li: Viewer, wang: Viewer) -> None:
    in_time = street.resident("a").files(CARE, ANSWERS)
    late = street.resident("b").files(CARE, ANSWERS)
    street.resident("c").files(CARE, ANSWERS)
    street.advance(minutes=10)
    street.act(claim.claim, li, in_time.id)
    street.advance(minutes=30)
    street.act(claim.claim, li, late.id)
    found = figures(street, wang)
    assert found["untouched"] == ("1", "bad")
    assert found["received"] == ("3", None)
    assert found["on_time"] == ("33 %", "bad")
    assert (look(street, wang).days[-1].on_time, look(street, wang).days[-1].late) == (1, 2)
    street.now += timedelta(days=1)
    assert figures(street, wang)["received"] == ("0", None)
    assert look(street, wang).days[-2].date == "2026-11-24"
    assert (look(street, wang).days[-2].on_time, look(street, wang).days[-2].late) == (1, 2)


def test_a_day_begins_at_midnight_of_the_office(street: Street, wang: Viewer) -> None:
    street.now = MORNING.replace(day=23, hour=16, minute=30)  # 0:30 on the 24th in Shanghai
    street.resident().files(CARE, ANSWERS)
    assert figures(street, wang)["received"] == ("1", None)
    assert look(street, wang).days[-1].date == "2026-11-24"


def test_red(street: Street, li: Viewer, wang: Viewer) -> None:
    chen = street.resident()
    chen.says(DIE)
    assert figures(street, wang)["red"] == ("1", "bad")
    street.now += timedelta(seconds=40)
    street.act(claim.claim, li, chen.case.id)
    found = {figure.key: figure for figure in look(street, wang).figures}["red"]
    assert (found.tone, found.note) == (None, "40 秒接手,目标 60 秒")


def test_who_is_on_duty(street: Street, li: Viewer, wang: Viewer) -> None:
    street.write(staff.set_duty, li, False, street.now)
    duty = {one.name: one.on for one in look(street, wang).duty}
    assert duty == {"王主管": True, "李顾问": False}


# --- the feed ---------------------------------------------------------------------------------


def test_the_feed_has_no_gap_and_repeats_nothing(street: Street, li: Viewer) -> None:
    chen = street.resident()
    chen.files(CARE, ANSWERS)
    first = street.told(li)
    numbers = [one["seq"] for one in first]
    assert numbers == sorted(set(numbers))
    last = street.write(feed.last_notice)
    assert last == numbers[-1]
    chen.says(DIE)
    rest = street.told(li, last)
    assert rest
    assert all(one["seq"] > last for one in rest)
    assert street.told(li) == [*first, *rest]


def test_what_rings_is_shown_to_a_page_that_opens_now(street: Street, li: Viewer) -> None:
    chen = street.resident()
    chen.says(DIE)
    ringing = street.write(feed.ringing, li)
    assert [one["kind"] for one in ringing] == ["ring"]
    street.act(claim.claim, li, chen.case.id)
    assert street.write(feed.ringing, li) == []


def test_lists_only_read(street: Street, li: Viewer, wang: Viewer) -> None:
    """They run on a connection that cannot write."""
    street.resident().files(CARE, ANSWERS)
    read = street.database.read_blocking
    assert read(lists.queue, li, street.now, street.house).counts.queue == 1
    assert read(lists.mine, li, street.house) == []
    assert read(lists.due_tasks, li, street.house) == []
    assert read(board, wang, street.now, street.house).days
    assert read(feed.notices_after, li, 0)
    assert read(staff.colleagues)


def test_a_red_card_shows_the_words_that_rang(street: Street) -> None:
    chen, li = street.resident(), street.member()
    chen.says("想进养老院", "我不想活了")
    assert street.queue(li)[0].line == "我不想活了"


def test_a_task_that_is_due_first_orders_the_card(street: Street) -> None:
    chen, li = street.resident(), street.member()
    chen.sends_voice()
    (card,) = street.queue(li)
    assert card.due_at == (street.now + street.house.office.unheard).isoformat()
