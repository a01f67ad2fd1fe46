"""The database's files are for nobody else on the machine."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sqlalchemy import text

from bot.opening import writable
from storage import engines


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_and_what_stands_beside_it_are_private(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        file = tmp_path / "deep" / "house.db"
        engine = engines.migration_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE a (b INTEGER)"))
            beside = [each for each in file.parent.iterdir() if each != file]
            assert beside, "the journal"
            assert {mode(each) for each in [file, *beside]} == {0o600}
        assert mode(file.parent) == 0o700
        engine.dispose()
    finally:
        os.umask(old)


def test_a_file_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "house.db"
    file.touch(0o644)
    file.chmod(0o644)
    engine = engines.write_engine(f"sqlite:///{file}", 1)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (b INTEGER)"))
        assert {mode(each) for each in tmp_path.iterdir()} == {0o600}
    engine.dispose()


def test_the_data_folder_is_private(tmp_path: Path) -> None:
    made, old = tmp_path / "new", tmp_path / "old"
    old.mkdir()
    old.chmod(0o755)
    for folder in (made, old):
        writable(folder)
        assert mode(folder) == 0o700
