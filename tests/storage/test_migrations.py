"""Migrations: they say what the models say, keep the rows, and wait for each other."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, insert, inspect, text
from sqlalchemy.types import Boolean, Date, DateTime, Float, Integer, LargeBinary, Text

from storage import engines, migrate
from storage.database import Database, StorageUnavailable
from storage.house import counter_value, take_number
from storage.migrate import MigrationFailed, SchemaNewer
from storage.tables import COUNTERS, METADATA

ROOT = Path(__file__).parents[2]


def test_there_are_revisions_in_one_line() -> None:
    from alembic.script import ScriptDirectory

    known = migrate.revisions()
    assert len(known) >= 2
    assert known == [f"{n:04d}" for n in range(1, len(known) + 1)]
    script = ScriptDirectory.from_config(migrate.config())
    assert script.get_heads() == [migrate.head()]
    assert [each.revision for each in script.walk_revisions()] == known[::-1]


def test_the_models_and_the_migrations_agree(empty_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    assert migrate.upgrade(empty_url)
    engine = engines.migration_engine(empty_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        difference = compare_metadata(context, METADATA)
        made = set(inspect(connection).get_table_names()) - {migrate.VERSION_TABLE}
    engine.dispose()
    assert difference == [], "python -m storage.migrate 'what changed' writes the revision"
    assert made == set(METADATA.tables)
    assert made


def test_from_empty_the_counters_stand(empty_url: str, vault: Any) -> None:
    assert migrate.current(empty_url) is None
    assert migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    assert not migrate.upgrade(empty_url)
    database = Database(empty_url, vault, pool=1)
    assert COUNTERS
    for name in COUNTERS:
        assert database.read_blocking(counter_value, name) == 0
        assert database.write_blocking(take_number, name) == 1
    database.close_blocking()


def value_for(column: Any, row: int) -> Any:
    """Something that fits the column; as a key it differs from row to row."""
    kind = column.type
    if isinstance(kind, Boolean):
        return bool(row % 2)
    if isinstance(kind, Integer | Float):
        return row
    if isinstance(kind, DateTime):
        return datetime(2026, 1, row, tzinfo=UTC)
    if isinstance(kind, Date):
        return datetime(2026, 1, row, tzinfo=UTC).date()
    if isinstance(kind, LargeBinary):
        return b"\x01" + b"x" * 40 + bytes((row,))
    if type(kind) is Text:
        return f'["{row}"]'
    return f"{row}"[: kind.length or 1]


def fill_every_table(connection: Connection, rows: int = 2) -> dict[str, int]:
    """Rows in every table there is, with every column given; returns how many rows each has."""
    tables = MetaData()
    tables.reflect(connection)
    counts = {}
    for table in tables.sorted_tables:
        if table.name == migrate.VERSION_TABLE:
            continue
        before = count(connection, table)
        for row in range(before + 1, before + rows + 1):
            values = {column.name: value_for(column, row) for column in table.columns}
            for key in table.foreign_keys:
                values[key.parent.name] = value_for(key.column, row)
            connection.execute(insert(table).values(values))
        counts[table.name] = count(connection, table)
    return counts


def count(connection: Connection, table: Table) -> int:
    name = connection.dialect.identifier_preparer.format_table(table)
    return int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())


@pytest.mark.parametrize("start", migrate.revisions())
def test_from_every_revision_with_rows_to_the_newest(empty_url: str, start: str) -> None:
    assert migrate.upgrade(empty_url, to=start)
    engine = engines.migration_engine(empty_url)
    with engine.begin() as connection:
        stood = set(connection.execute(text("SELECT name FROM counters")).scalars())
        before = fill_every_table(connection)
    before["counters"] += len(set(COUNTERS) - stood)  # later revisions bring some of their own
    assert migrate.upgrade(empty_url) is (start != migrate.head())
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        after = {name: count(connection, table) for name, table in tables.tables.items()}
    engine.dispose()
    assert len(before) > 5
    assert before == {name: after[name] for name in before}


def test_a_newer_schema_is_refused(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    set_version(empty_url, "9999")
    with pytest.raises(SchemaNewer, match=r"9999.*restore the backup"):
        migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == "9999"


def set_version(url: str, version: str) -> None:
    engine = engines.migration_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    engine.dispose()


def test_an_upgrade_that_fails_undoes_itself(empty_url: str) -> None:
    migrate.upgrade(empty_url, to="0001")
    engine = engines.migration_engine(empty_url)
    with engine.begin() as connection:  # a table that the next revision wants to make
        connection.execute(text("CREATE TABLE tasks (id INTEGER)"))
        before = set(inspect(connection).get_table_names())
    with pytest.raises(MigrationFailed, match="undone"):
        migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == "0001"
    with engine.begin() as connection:
        assert set(inspect(connection).get_table_names()) == before
        connection.execute(text("DROP TABLE tasks"))
    engine.dispose()
    assert migrate.upgrade(empty_url)


@pytest.mark.slow
def test_of_several_that_start_at_once_one_upgrades(empty_url: str) -> None:
    """Processes, because alembic keeps its state per process."""
    code = "import sys; from storage import migrate; print(migrate.upgrade(sys.argv[1]))"
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_url], cwd=ROOT, text=True, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    told = sorted(start.communicate(timeout=60)[0].strip() for start in starts)
    assert told == ["False", "False", "True"]
    assert migrate.current(empty_url) == migrate.head()


def test_two_threads_upgrade_once(empty_url: str) -> None:
    told: list[bool] = []
    threads = [
        threading.Thread(target=lambda: told.append(migrate.upgrade(empty_url))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False, True]


def test_a_start_with_nothing_to_do_does_not_import_alembic(database_url: str) -> None:
    code = (
        "import sys; from storage import migrate\n"
        "assert migrate.upgrade(sys.argv[1]) is False\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'alembic'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database_url],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_no_way_to_the_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear house, " * 1000)
    with pytest.raises(StorageUnavailable):
        migrate.upgrade(f"sqlite:///{path}")
    with pytest.raises(StorageUnavailable):
        migrate.current(f"postgresql://postgres@/house?host={tmp_path}")


def test_a_rebuilt_table_on_sqlite_keeps_what_refers_to_it(tmp_path: Path) -> None:
    """SQLite drops the old table; with foreign keys on that would delete or refuse."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    url = f"sqlite:///{tmp_path / 'rebuild.db'}"
    migrate.upgrade(url)
    engine = engines.migration_engine(url)
    with engine.begin() as connection:
        before = fill_every_table(connection)
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("conversations", recreate="always") as batch:
            batch.alter_column("channel", type_=Text())
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert fill_every_table(connection, rows=0) == before
    engine.dispose()
