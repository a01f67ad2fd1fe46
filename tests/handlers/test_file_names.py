"""A file is called by what it is: no name makes a program of it, or leads out of a folder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.file_names import ENDINGS, MOST, UNKNOWN, known, safe_name

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (None, "file.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("陈老伯 户口本.pdf", "陈老伯 户口本.pdf"),
        ("2024.5.1 报告.PDF", "2024.5.1 报告.pdf"),
        ("户口本\u202egpj.exe", "户口本gpj.pdf"),
        ("低保证明.html", "低保证明.pdf"),
        ("x.hta", "x.pdf"),
        ("x.pdf.exe", "x.pdf"),
        ("x.exe. ", "x.pdf"),
        ("../../../../etc/cron.d/x.command", "x.pdf"),
        ("C:\\secret\\a.pdf", "a.pdf"),
        ("a.exe:b", "a.exe_b.pdf"),
        ("a\u200b\u2066\u00ad\u2028b.lnk", "ab.pdf"),
        ("长" * 300 + ".pdf", "长" * (MOST - 4) + ".pdf"),
    ],
)
def test_the_ending_is_that_of_the_type(name: str | None, wanted: str) -> None:
    assert safe_name(name, PDF) == wanted


def test_without_a_name_it_is_called_by_its_kind() -> None:
    assert safe_name(None, "audio/ogg; codecs=opus", "voice") == "voice.ogg"
    assert safe_name("x.exe", UNKNOWN, "document") == "x"


def test_a_senders_own_type_counts_only_where_we_know_it() -> None:
    assert known("Application/PDF; x=y") == PDF
    for given_type in (None, "", "text/html", "application/x-msdownload", "a" * 900):
        assert known(given_type) == UNKNOWN


@given(st.text(), st.sampled_from([*ENDINGS, UNKNOWN]))
def test_any_name_is_one_safe_name(name: str, mime: str) -> None:
    made = safe_name(name, mime)
    assert 0 < len(made) <= MOST
    assert made.isprintable() or "\u3000" in made or "\u00a0" in made or " " in made
    assert not set('/\\<>:"|?*\u202e') & set(made)
    assert safe_name(made, mime) == made
