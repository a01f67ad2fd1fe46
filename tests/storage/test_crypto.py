"""Sealing: opened only with the right key, in the very place it was sealed for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import Tampered, Vault, WrongKey, is_sealed, key_id

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
HERE = ("entries", "text", "0190")


@given(st.one_of(st.text(st.characters()), st.binary()))
def test_what_was_sealed_comes_back_as_it_was(plain: str | bytes) -> None:
    vault = Vault(NEW, INDEX)
    sealed = vault.seal(plain, *HERE)
    assert is_sealed(sealed)
    opened = vault.open(sealed, *HERE)
    assert opened == plain
    assert type(opened) is type(plain)


def test_nothing_of_the_words_shows_and_no_two_are_alike() -> None:
    vault = Vault(NEW, INDEX)
    one, two = vault.seal("陈老伯", *HERE), vault.seal("陈老伯", *HERE)
    assert one != two
    assert "陈老伯".encode() not in one
    assert len(one) == 1 + 4 + 12 + 9 + 16


@pytest.mark.parametrize(
    "place",
    [("entries", "text", "0191"), ("entries", "choice", "0190"), ("slots", "text", "0190")],
    ids=["row", "column", "table"],
)
def test_a_value_moved_elsewhere_does_not_open(place: tuple[str, str, str]) -> None:
    vault = Vault(NEW, INDEX)
    with pytest.raises(Tampered):
        vault.open(vault.seal("他的", *HERE), *place)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_does_not_open(at: int, change: int) -> None:
    vault = Vault(NEW, INDEX)
    sealed = bytearray(vault.seal("词", *HERE))
    sealed[at % len(sealed)] ^= change
    with pytest.raises((Tampered, WrongKey)):
        vault.open(bytes(sealed), *HERE)


@pytest.mark.parametrize("cut", [0, 1, 5, 32, 40])
def test_a_cut_value_does_not_open(cut: int) -> None:
    vault = Vault(NEW, INDEX)
    with pytest.raises(Tampered):
        vault.open(vault.seal("很多很多词", *HERE)[:cut], *HERE)


def test_text_and_bytes_are_not_mixed_up() -> None:
    vault = Vault(NEW, INDEX)
    text, data = vault.seal("词", *HERE), vault.seal(b"\x89PNG", *HERE)
    assert vault.open_text(text, *HERE) == "词"
    assert vault.open_bytes(data, *HERE) == b"\x89PNG"
    with pytest.raises(Tampered):
        vault.open_text(data, *HERE)
    with pytest.raises(Tampered):
        vault.open_bytes(text, *HERE)
    with pytest.raises(Tampered):
        vault.open(bytes((data[0] ^ 3,)) + data[1:], *HERE)


def test_another_key_says_that_it_is_the_wrong_one() -> None:
    sealed = Vault(OLD, INDEX).seal("词", *HERE)
    with pytest.raises(WrongKey, match=key_id(OLD).hex()):
        Vault(NEW, INDEX).open(sealed, *HERE)


def test_after_a_rotation_the_newest_seals_and_the_older_opens() -> None:
    before = Vault(OLD, INDEX).seal("词", *HERE)
    vault = Vault(NEW, INDEX, older=[OLD])
    assert vault.open(before, *HERE) == "词"
    assert not vault.is_current(before)
    after = vault.reseal(before, *HERE)
    assert vault.is_current(after)
    assert vault.reseal(after, *HERE) is after
    assert Vault(NEW, INDEX).open(after, *HERE) == "词"
    with pytest.raises(WrongKey):
        Vault(OLD, INDEX).open(after, *HERE)


def test_a_whole_file_of_ten_megabytes() -> None:
    vault, file = Vault(NEW, INDEX), b"\xff\xd8" * 5_000_000
    assert vault.open_bytes(vault.seal(file, "media", "file", "1"), "media", "file", "1") == file


def test_the_index_is_keyed_apart_from_the_seal() -> None:
    vault = Vault(NEW, INDEX)
    found = vault.index("phone", "13800000000")
    assert len(found) == 64
    assert found == Vault(OLD, INDEX).index("phone", "13800000000")
    assert found != vault.index("name", "13800000000")
    assert found != Vault(NEW, OLD).index("phone", "13800000000")
    assert vault.index("a", "bc") != vault.index("ab", "c")


@pytest.mark.parametrize("keys", [(b"short", INDEX), (NEW, b""), (NEW, NEW)])
def test_bad_keys_are_refused(keys: tuple[bytes, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(*keys)
