"""Media files: sealed, whole or not there, and orphans swept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from storage.crypto import Tampered, Vault
from storage.files import MediaFiles

ID = "a" * 32


@pytest.fixture
def files(tmp_path: Path, vault: Vault) -> MediaFiles:
    return MediaFiles(tmp_path / "media", vault)


def test_written_sealed_and_read_back(files: MediaFiles, tmp_path: Path) -> None:
    files.write(ID, b"voice" * 1_000)
    assert files.read(ID) == b"voice" * 1_000
    (path,) = (tmp_path / "media").iterdir()
    assert b"voice" not in path.read_bytes()
    files.write(ID, b"again")
    assert files.read(ID) == b"again"


@pytest.mark.parametrize("name", ["../secret", "", "A" * 32, "a" * 31, "a" * 32 + "/x"])
def test_no_other_name_is_touched(files: MediaFiles, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(name)
    with pytest.raises(FileNotFoundError):
        files.write(name, b"x")


def test_a_missing_file(files: MediaFiles) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(ID)


def test_a_file_under_another_name_does_not_open(files: MediaFiles, tmp_path: Path) -> None:
    files.write(ID, b"voice")
    folder = tmp_path / "media"
    (folder / ID).rename(folder / ("b" * 32))
    with pytest.raises(Tampered, match="moved"):
        files.read("b" * 32)


def test_a_full_disk_leaves_nothing_behind(
    files: MediaFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write(ID, b"voice")
    assert list((tmp_path / "media").iterdir()) == []


def test_old_orphans_are_swept_and_nothing_else(files: MediaFiles, tmp_path: Path) -> None:
    young, old, known = "b" * 32, "c" * 32, "d" * 32
    for name in (young, old, known):
        files.write(name, b"x")
    folder = tmp_path / "media"
    (folder / f"{ID}.7.1").write_bytes(b"half written when the power went")
    past = time.time() - 10_000
    for name in (old, known, f"{ID}.7.1"):
        os.utime(folder / name, (past, past))
    assert files.sweep({known}, 3_600) == 2
    assert {path.name for path in folder.iterdir()} == {young, known}
