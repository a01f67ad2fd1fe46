"""Column types, ids and the clock: alike on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import StatementError

from storage.clock import Clock, utc_now
from storage.columns import Json, SealedBytes, UtcDateTime
from storage.crypto import Vault
from storage.database import Database, Db
from storage.ids import uuid7

SHANGHAI = timezone(timedelta(hours=8))
SHAPES = Table(
    "shapes",
    MetaData(),
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime),
    Column("data", Json),
    Column("body", SealedBytes),
)


@pytest.fixture
def keep(database: Database) -> Callable[..., Any]:
    """Writes a row and reads it back: (at, data, body)."""
    SHAPES.create(database.write_engine)

    def write(db: Db, row_id: str, values: dict[str, Any]) -> None:
        db.execute(insert(SHAPES).values(id=row_id, **values))

    def read(db: Db, row_id: str) -> Any:
        return db.execute(select(SHAPES).where(SHAPES.c.id == row_id)).one()

    def keep_one(**values: Any) -> Any:
        row_id = uuid7()
        database.write_blocking(write, row_id, values)
        return database.read_blocking(read, row_id)

    return keep_one


def test_a_moment_comes_back_aware_and_in_utc(keep: Callable[..., Any]) -> None:
    moment = datetime(2026, 11, 25, 7, 30, 1, 234567, tzinfo=SHANGHAI)
    back = keep(at=moment).at
    assert back == moment
    assert back.tzinfo is UTC
    assert back.hour == 23
    assert keep(at=None).at is None


def test_moments_of_different_zones_compare(keep: Callable[..., Any], database: Database) -> None:
    early = datetime(2026, 1, 1, 12, 0, tzinfo=SHANGHAI)
    late = datetime(2026, 1, 1, 5, 0, 0, 1, tzinfo=UTC)
    keep(at=early)
    keep(at=late)

    def since(db: Db, moment: datetime) -> list[datetime]:
        return list(db.execute(select(SHAPES.c.at).where(SHAPES.c.at >= moment)).scalars())

    five = datetime(2026, 1, 1, 13, 0, tzinfo=SHANGHAI)
    assert database.read_blocking(since, five) == [late]
    assert len(database.read_blocking(since, early)) == 2


def test_a_naive_moment_is_refused(keep: Callable[..., Any]) -> None:
    with pytest.raises(StatementError, match="naive"):
        keep(at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_json_comes_back_as_it_was(keep: Callable[..., Any]) -> None:
    values: list[Any] = [None, {}, [], 0, False, "", {"王阿婆": ["302", None, 1.5]}]
    values += ["\x00\u202e👨\u200d👩\u200d👧", "\ud83d half a pair"]
    for value in values:
        back = keep(data=value).data
        assert back == value
        assert type(back) is type(value)


def test_json_is_compact_and_readable(keep: Callable[..., Any], database: Database) -> None:
    keep(data={"needs": ["养老"], "n": 1})
    raw = database.read_blocking(lambda db: db.execute(text("SELECT data FROM shapes")).scalar())
    assert raw == '{"needs":["养老"],"n":1}'
    with pytest.raises(StatementError, match="JSON"):
        keep(data=float("nan"))


def test_only_what_is_sealed_is_stored(keep: Callable[..., Any]) -> None:
    sealed = Vault(b"k" * 32, b"i" * 32).seal("词", "shapes", "body", "1")
    assert keep(body=sealed).body == sealed
    assert keep(body=None).body is None
    for plain in (b"plain words", "plain words"):
        with pytest.raises(StatementError, match=r"Vault\.seal"):
            keep(body=plain)


# ---------------------------------------------------------------- ids


def test_ids_rise_strictly_in_all_threads() -> None:
    made: list[list[str]] = [[] for _ in range(4)]

    def make(into: list[str]) -> None:
        into.extend(uuid7() for _ in range(5000))

    threads = [threading.Thread(target=make, args=(each,)) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in made:
        assert each == sorted(set(each))
    assert len({row_id for each in made for row_id in each}) == 20_000


@given(st.datetimes(datetime(1971, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_id_carries_its_moment(moment: datetime) -> None:
    one, two = uuid7(moment), uuid7(moment)
    assert one < two
    assert len(one) == 32
    assert one == one.lower()
    assert one[12] == "7"  # RFC 9562: version
    assert one[16] in "89ab"  # and variant
    seconds = int(one[:12], 16) / 1000
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) <= moment
    assert moment - (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)) < timedelta(
        milliseconds=2
    )


def test_a_clock_set_back_does_not_make_ids_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000_000_000_000)
    assert before < uuid7() < uuid7()


def test_a_naive_moment_makes_no_id() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_clock_moves() -> None:
    clock = Clock()
    start = clock.now()
    assert start.tzinfo is UTC
    assert clock.advance(timedelta(hours=1)) - start >= timedelta(hours=1)
    assert clock.now() - utc_now() > timedelta(minutes=59)
