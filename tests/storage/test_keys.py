"""Where keys come from, and that a wrong one is found before anything is written."""

from __future__ import annotations

import base64
import logging
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import keys
from storage.crypto import Vault, WrongKey
from storage.database import Database
from storage.house import House
from storage.keys import VARIABLE, KeyFileError, KeyFileExists, Keyring, load_or_create, parse

A, B, C = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b", b"c"))


def test_the_first_start_makes_a_file_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "nuanxin.key"
    ring = load_or_create(path, {})
    assert ring.created
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = load_or_create(path, {})
    assert not again.created
    assert (again.seal_keys, again.index_key) == (ring.seal_keys, ring.index_key)
    assert again.fingerprint == ring.fingerprint
    assert [each.name for each in path.parent.iterdir()] == ["nuanxin.key"]


def test_no_file_is_ever_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "nuanxin.key"
    ring = load_or_create(path, {})
    with pytest.raises(KeyFileExists):
        keys.write(path, ring.rotated())
    assert load_or_create(path, {}).fingerprint == ring.fingerprint
    assert [each.name for each in tmp_path.iterdir()] == ["nuanxin.key"]


def test_the_environment_wins_and_makes_no_file(tmp_path: Path) -> None:
    ring = load_or_create(tmp_path / "key", {VARIABLE: A})
    assert ring.seal_keys == (b"a" * 32,)
    assert ring.index_key != b"a" * 32
    assert ring.source == VARIABLE
    assert not (tmp_path / "key").exists()


def test_the_text_of_a_keyring_says_all_of_it() -> None:
    ring = parse(f"# newest first\nseal:{A} , {B}\nindex:{C}\n", "here")
    assert ring.seal_keys == (b"a" * 32, b"b" * 32)
    assert ring.index_key == b"c" * 32
    again = parse(ring.text(), "there")
    assert (again.seal_keys, again.index_key) == (ring.seal_keys, ring.index_key)


def test_a_rotation_keeps_the_index() -> None:
    ring = parse(A, "here")
    rotated = parse(ring.rotated().text(), "here")
    assert rotated.index_key == ring.index_key
    assert rotated.fingerprint != ring.fingerprint
    sealed = ring.vault().seal("词", "t", "c", "1")
    assert rotated.vault().open(sealed, "t", "c", "1") == "词"


def test_nothing_secret_in_its_repr() -> None:
    ring = parse(f"{A} index:{C}", "here")
    assert A not in repr(ring)
    assert "aaaa" not in repr(ring)
    assert ring.fingerprint in repr(ring)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("# empty", "copy of the key"),
        (f"index:{C}", "copy of the key"),
        (A[:20], "cut when it was copied"),
        ("not base64 at all!", "base64"),
        (f"{A} index:{B} index:{C}", "exactly one"),
        (f"sael:{A}", "sael"),
    ],
)
def test_a_bad_text_names_its_place_and_the_remedy(text: str, remedy: str, tmp_path: Path) -> None:
    path = tmp_path / "nuanxin.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=remedy) as told:
        load_or_create(path, {})
    assert str(path) in str(told.value)


def test_a_file_that_others_read_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "nuanxin.key"
    path.write_text(A)
    path.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        load_or_create(path, {})
    assert "chmod 600" in caplog.text


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match=VARIABLE):
        load_or_create(tmp_path / "file" / "nuanxin.key", {})


# ---------------------------------------------------------------- the proof in the database


Open = Callable[[Keyring], Database]


@pytest.fixture
def open_with(database_url: str) -> Open:
    def opened(ring: Keyring) -> Database:
        return Database(database_url, ring.vault(), pool=1)

    return opened


def start(database: Database) -> None:
    try:
        database.write_blocking(keys.prove, "the key file")
    finally:
        database.close_blocking()


def test_a_wrong_key_does_not_start_and_changes_nothing(open_with: Open) -> None:
    right, wrong = parse(f"{A} index:{C}", "right"), parse(f"{B} index:{C}", "wrong")
    start(open_with(right))
    start(open_with(right))
    with pytest.raises(WrongKey, match=rf"(?s)the key file.*copy.*{VARIABLE}"):
        start(open_with(wrong))
    start(open_with(right))


def test_a_wrong_index_key_does_not_start(open_with: Open) -> None:
    start(open_with(parse(f"{A} index:{C}", "right")))
    with pytest.raises(WrongKey, match="index"):
        start(open_with(parse(f"{A} index:{B}", "wrong")))


def test_after_a_rotation_it_starts_and_the_proof_moves_to_the_new_key(open_with: Open) -> None:
    ring = parse(f"{A} index:{C}", "file")
    start(open_with(ring))
    rotated = ring.rotated()
    start(open_with(rotated))
    start(open_with(Keyring(rotated.seal_keys[:1], ring.index_key, "file")))
    with pytest.raises(WrongKey):
        start(open_with(ring))


def test_doctor_checks_without_writing(database: Database, vault: Vault) -> None:
    database.write_blocking(keys.prove, "here")
    database.read_blocking(keys.check, "here")
    other = Database(
        database.url.render_as_string(hide_password=False), Vault(b"x" * 32, b"y" * 32), pool=1
    )
    with pytest.raises(WrongKey):
        other.read_blocking(keys.check, "here")
    other.close_blocking()
    assert database.read_blocking(lambda db: vault.is_current(db.get_one(House, 1).proof))
