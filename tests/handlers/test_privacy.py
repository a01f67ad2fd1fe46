"""Who saw what is kept; who may not see does not; and no word stands where only codes belong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import inspect, text

from handlers.advisors import attend, claim, close, reply
from handlers.desk import lists
from handlers.ports import MediaInfo, Refused, Viewer
from handlers.supervisors import assign
from storage import audit
from storage.audit import Audit
from storage.cases import Case, CaseEvent
from storage.database import Db
from storage.notices import Notice
from storage.tables import METADATA
from tests.handlers.street import ANSWERS, CARE, DIE, RELAY, Resident, Street

CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDS = ("康定路3号", "13812345678", CARE, DIE, "您好,我是", "内部的话", "王阿婆", "3号楼302")


@pytest.fixture
def stranger(street: Street) -> Viewer:
    return street.member("外区顾问", unit="别的居委")


def acts(street: Street, case_id: str) -> list[str]:
    return [row.act for row in street.write(audit.of_case, case_id)]


def test_every_act_of_the_staff_is_kept(street: Street, chen: Resident, li: Viewer) -> None:
    wang = street.member("王主管", "supervisor")
    zhao = street.member("赵顾问")
    case = chen.files(CARE, ANSWERS)
    media = chen.sends_voice()
    street.view(li, case.id)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好")
    street.act(reply.note, li, case.id, "n1", "内部的话")
    street.write(attend.reveal, li, case.id, "helped", "phone", street.now)
    street.write(attend.media_for, li, media, street.now)
    street.act(attend.heard, li, media)
    street.act(attend.change_urgency, li, case.id, "red", "更急了")
    street.act(claim.hand_over, li, case.id, zhao.id)
    street.act(claim.release, zhao, case.id)
    street.act(assign.assign, wang, case.id, li.id)
    street.act(assign.remind, wang, case.id)
    street.advance(minutes=16)
    (task,) = street.write(lists.due_tasks, li, street.house)
    street.act(attend.task_done, li, task.id, True)
    street.act(close.close, li, case.id, "done")
    street.act(close.close, zhao, case.id, "done")
    street.act(close.reopen, li, case.id)
    assert {
        "read", "claim", "reply", "note", "reveal", "media", "listen", "urgency", "hand_over",
        "release", "assign", "remind", "task", "propose_close", "close", "reopen",
    } <= set(acts(street, case.id))  # fmt: skip
    by = {row.act: row.staff_id for row in street.write(audit.of_case, case.id)}
    assert (by["assign"], by["release"], by["reply"]) == (wang.id, zhao.id, li.id)


def test_another_unit_sees_a_card_without_a_person_and_no_more(
    street: Street, chen: Resident, li: Viewer, stranger: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    media = chen.sends_voice()
    (own,), (card,) = street.queue(li), street.queue(stranger)
    assert (own.redacted, own.line) == (False, CARE)
    assert (card.redacted, card.title, card.line) == (True, "别处的事", "")
    assert (card.number, card.urgency, card.needs) == (own.number, own.urgency, own.needs)
    assert street.write(lists.due_tasks, stranger, street.house) == []
    assert street.write(lists.search, stranger, "13812345678", street.now, street.house) == []
    by_number = street.write(lists.search, stranger, str(case.number), street.now, street.house)
    assert [found.redacted for found in by_number] == [True]
    tries: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (claim.claim, (case.id,)),
        (claim.release, (case.id,)),
        (reply.reply, (case.id, "a1", "您好")),
        (reply.note, (case.id, "n1", "看看")),
        (close.close, (case.id, "done")),
        (close.reopen, (case.id,)),
        (attend.read_up_to, (case.id, 3)),
        (attend.change_urgency, (case.id, "red", "因为")),
        (attend.heard, (media,)),
    ]
    for act, args in tries:
        with pytest.raises(Refused) as refused:
            street.act(act, stranger, *args)
        assert (refused.value.code, refused.value.status) == ("forbidden", 403), act
    for read in (
        lambda: street.view(stranger, case.id),
        lambda: street.write(attend.reveal, stranger, case.id, "helped", "phone", street.now),
        lambda: street.write(attend.media_for, stranger, media, street.now),
    ):
        with pytest.raises(Refused, match="forbidden"):
            read()
    assert not [row for row in street.rows(Audit) if row.staff_id == stranger.id and row.case_id]


def test_whoever_is_given_the_case_may_read_it(
    street: Street, chen: Resident, stranger: Viewer
) -> None:
    wang = street.member("王主管", "supervisor", unit="街道")
    case = chen.files(CARE, ANSWERS)
    street.act(assign.assign, wang, case.id, stranger.id)
    assert street.view(stranger, case.id).card.line == CARE


def test_an_unknown_case_is_not_found(street: Street, li: Viewer) -> None:
    with pytest.raises(Refused) as refused:
        street.view(li, "nothing")
    assert refused.value.status == 404


def test_a_number_is_masked_until_it_is_asked_for(
    street: Street, chen: Resident, li: Viewer
) -> None:
    case = chen.files(CARE, ANSWERS)
    view = street.view(li, case.id)
    assert view.people["helped"].phone_masked == "138 •••• 5678"
    shown = [*view.slots, *view.people.values(), *view.events, view.card]
    assert "13812345678" not in str(shown)
    assert street.write(attend.reveal, li, case.id, "helped", "phone", street.now) == "13812345678"
    (row,) = [one for one in street.write(audit.of_case, case.id) if one.act == "reveal"]
    assert (row.staff_id, row.data) == (li.id, {"field": "phone", "person": "helped"})
    assert "李顾问看了电话" in str(street.view(li, case.id).events)
    for person, field, code in (
        ("helped", "password", "bad_request"),
        ("advisor", "phone", "bad_request"),
        ("relayer", "phone", "no_phone"),
    ):
        with pytest.raises(Refused, match=code):
            street.write(attend.reveal, li, case.id, person, field, street.now)


@pytest.mark.parametrize(
    "wanted", ["13812345678", "138 1234 5678", "138-1234-5678", "+86 13812345678", "#1", "1", " 1 "]
)
def test_search(street: Street, chen: Resident, li: Viewer, wanted: str) -> None:
    case = chen.files(CARE, ANSWERS)
    street.resident("other").files("看病没钱", ("跳过", "有医保", "先不要", "先不要"))
    found = street.write(lists.search, li, wanted, street.now, street.house)
    assert [card.id for card in found] == [case.id]


def test_search_by_name(street: Street, li: Viewer) -> None:
    zhang = street.resident("zhang")
    zhang.says(RELAY, "还没说", "告诉我", "烧不动饭了", "可以", "13812345678")
    if zhang.log()[-1]["tone"] != "summary":
        zhang.says("跳过")
    zhang.taps("对的")
    assert [
        card.id for card in street.write(lists.search, li, "王阿婆", street.now, street.house)
    ] == [zhang.case.id]


@pytest.mark.parametrize("wanted", ["", "#", "999", "13900000000", "无名氏", "%", "'"])
def test_search_finds_nothing(street: Street, chen: Resident, li: Viewer, wanted: str) -> None:
    chen.files(CARE, ANSWERS)
    assert street.write(lists.search, li, wanted, street.now, street.house) == []


# --- what is stored ---------------------------------------------------------------------------


@pytest.fixture
def lived(street: Street, chen: Resident, li: Viewer) -> Case:
    """A case in which much has happened."""
    wang = street.member("王主管", "supervisor")
    chen.files(CARE, ANSWERS)
    chen.says(DIE, "一个人")
    case: Case = chen.case
    chen.sends(kind="photo", media=MediaInfo("f" * 32, "photo", "image/jpeg", 9, "0" * 64))
    chen.sends_voice()
    street.advance(hours=1)
    street.act(claim.claim, li, case.id)
    street.act(reply.reply, li, case.id, "a1", "您好,我是李顾问")
    street.act(reply.note, li, case.id, "n1", "内部的话")
    street.act(attend.change_urgency, li, case.id, "orange", "家人到了")
    street.write(attend.reveal, li, case.id, "helped", "phone", street.now)
    street.advance(minutes=20)
    street.act(close.close, li, case.id, "done")
    street.act(close.close, wang, case.id, "done")
    chen.taps("还没办好")
    zhang = street.resident("zhang")
    zhang.says(RELAY, "还没说", "告诉我", "烧不动饭了", "可以", "13887654321")
    zhang.posts(text="还没处理的话")
    return case


def test_events_and_audit_hold_codes_only(street: Street, lived: Case) -> None:
    events, audited = street.rows(CaseEvent), street.rows(Audit)
    assert len(events) > 15
    assert len(audited) > 6
    for row in (*events, *audited):
        written = json.dumps([row.data, getattr(row, "kind", ""), getattr(row, "act", "")])
        assert not CHINESE.search(json.loads(json.dumps(written))), written
        assert not CHINESE.search(str(row.data)), row
        assert "13812345678" not in written


def test_notices_hold_a_number_and_no_words_of_a_person(street: Street, lived: Case) -> None:
    rows = street.rows(Notice)
    assert len(rows) > 10
    for row in rows:
        assert not any(word in str(row.data) for word in WORDS)


def test_no_word_of_anybody_stands_in_the_database(street: Street, lived: Case) -> None:
    """Every column of every table, as the database itself has it."""
    stored = street.write(_raw)
    assert len(stored) > 100
    for table, column, value in stored:
        plain = value if isinstance(value, bytes) else str(value).encode()
        for word in (*WORDS, "还没处理的话", "家人到了", "烧不动饭了", "sender-raw"):
            assert word.encode() not in plain, (table, column)
            escaped = json.dumps(word)[1:-1].encode()
            assert escaped not in plain, (table, column)


def test_no_word_of_anybody_stands_in_the_file(
    street: Street, lived: Case, database_kind: str
) -> None:
    if database_kind != "sqlite":
        pytest.skip("a file of its own is SQLite's")
    from pathlib import Path

    path = Path(str(street.database.url.database))
    content = b"".join(
        each.read_bytes() for each in path.parent.glob(path.name + "*") if each.is_file()
    )
    assert "李顾问".encode() in content, "names of staff are public: the search itself works"
    for word in WORDS:
        assert word.encode() not in content
        assert word.encode("utf-16-le") not in content


def _raw(db: Db) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    names = set(inspect(db.connection()).get_table_names())
    assert set(METADATA.tables) <= names
    for table in METADATA.tables:
        rows = db.execute(text(f'SELECT * FROM "{table}"'))
        columns = list(rows.keys())
        for row in rows:
            found += [
                (table, column, bytes(value) if isinstance(value, memoryview) else value)
                for column, value in zip(columns, row, strict=True)
                if value is not None
            ]
    return found


@pytest.mark.parametrize(
    ("wanted", "kind"), [("1", "number"), ("13812345678", "phone"), ("陈桂英", "name")]
)
def test_a_search_leaves_its_kind_and_what_was_found(
    street: Street, chen: Resident, li: Viewer, wanted: str, kind: str
) -> None:
    case = chen.files(CARE, ANSWERS)
    found = street.write(lists.search, li, wanted, street.now, street.house)
    (row,) = street.rows(Audit, act="search")
    assert row.staff_id == li.id
    assert row.data == {"kind": kind, "cases": [card.id for card in found]}
    if kind != "name":
        assert row.data["cases"] == [case.id]
    street.write(lists.search, li, " ", street.now, street.house)
    assert len(street.rows(Audit, act="search")) == 1, "nothing was asked"
