from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.numerals import all_numbers, plain, value_of


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("83", 83), ("八十三", 83), ("8十3", 83), ("八三", 83), ("廿三", 23), ("卅", 30),
        ("十", 10), ("十五", 15), ("一百零五", 105), ("一百八", 180), ("八千五", 8500),
        ("两千零五", 2005), ("1万2", 12_000), ("3万8", 38_000), ("三万八千", 38_000),
        ("一万零二", 10_002), ("3.5万", 35_000), ("12,000", 12_000), ("十几万", 100_000),
        ("8千", 8000), ("3千500", 3500), ("壹佰贰拾", 120), ("\uff18\uff13", 83), ("②", 2),
        ("两亿", 200_000_000), ("七十多", 70), ("零", 0), ("5k", 5000), ("2w", 20_000),
    ],
)  # fmt: skip
def test_value(words: str, value: float) -> None:
    assert value_of(words) == value


@pytest.mark.parametrize("words", ["", "你好", "几", "1 2", "8a"])
def test_no_value(words: str) -> None:
    assert value_of(words) is None


def test_all_numbers_tell_what_follows() -> None:
    assert all_numbers("住院3个月,花了八千五块") == [(3.0, "个月,"), (8500.0, "块")]


@settings(deadline=None)
@given(st.integers(0, 9_999_999))
def test_arabic_numbers_are_themselves(number: int) -> None:
    assert value_of(str(number)) == number


@settings(deadline=None)
@given(st.text())
def test_never_raises(text: str) -> None:
    all_numbers(text)
    value_of(text)
    plain(text)
