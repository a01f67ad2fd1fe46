"""The desk's lists and what its pages are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from handlers import staff
from handlers.advisors import claim, close, reply
from handlers.desk import feed, lists
from handlers.ports import Viewer
from handlers.supervisors.board import board
from storage import cases
from storage.cases import Case
from storage.database import Db
from storage.ids import uuid7
from tests.handlers.street import ANSWERS, CARE, DIE, Street

CALM = ("有家人", "走得动", "60", "先不要")


def shown(street: Street, viewer: Viewer) -> lists.Queue:
    return street.write(lists.queue, viewer, street.now, street.house)


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
    figures = street.write(board, wang, street.now, street.house).figures
    assert "604" in {figure.key: figure.note for figure in figures}["received"]


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


def test_a_closed_case_asks_nobody_to_agree_any_more(street: Street, li: Viewer) -> None:
    chen, zhao = street.resident(), street.member("赵顾问")
    chen.says(DIE)
    street.act(claim.claim, li, chen.case.id)
    street.act(close.close, li, chen.case.id, "done")
    assert street.view(zhao, chen.case.id).card.closing_by == li.name
    (asked,) = [one for one in street.told(zhao) if one.get("key") == "closing"]
    hint = {"seq": asked["seq"], "kind": "case", "case_id": chen.case.id}
    assert hint in street.told(li), "their stream goes on behind it"
    assert [one for one in street.told(li) if one.get("key") == "closing"] == [], "it was theirs"
    assert [one for one in street.write(feed.ringing, li) if one.get("key") == "closing"] == []
    street.act(close.close, zhao, chen.case.id, "done")
    assert street.view(zhao, chen.case.id).card.closing_by is None


def test_answers_that_wait_to_be_seen_are_one_line(street: Street, li: Viewer) -> None:
    chen = street.resident()
    case = chen.files(CARE, ANSWERS)
    street.act(claim.claim, li, case.id)
    for own_id in ("a1", "a2", "a3"):
        street.act(reply.reply, li, case.id, own_id, "您好")
    ahead = [line for line in street.view(li, case.id).events if line.due]
    assert [line.text for line in ahead] == [street.house.staff_words.say("due.unseen_yet")]
