"""A house that cannot be opened says why and what to do, in one line; one that can starts soon."""

from __future__ import annotations

import base64
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.app import build, serve
from bot.opening import CannotOpen, open_house
from bot.settings import Settings, load
from storage.keys import Keyring
from tests.bot.running import ROOT, Understood, settings_of


def other_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


async def test_a_wrong_key(both_settings: Settings, tmp_path: Path) -> None:
    await build(both_settings, understanding=Understood()).close()
    wrong = settings_of(both_settings.database_url, tmp_path, other_key())
    with pytest.raises(CannotOpen, match="key"):
        build(wrong, understanding=Understood())
    await build(both_settings, understanding=Understood()).close()


async def test_a_missing_key_file_of_a_house_that_was_sealed(
    both_settings: Settings, tmp_path: Path
) -> None:
    """A new key there would be a wrong one that looks right."""
    await build(both_settings, understanding=Understood()).close()
    file = tmp_path / "lost.key"
    lost = load(
        both_settings.env.config,
        {
            "NUANXIN_DATABASE_URL": both_settings.database_url,
            "NUANXIN_DATA": str(both_settings.env.data),
            "NUANXIN_KEY_FILE": str(file),
        },
    )
    with pytest.raises(CannotOpen, match="copy of the key"):
        build(lost, understanding=Understood())
    assert not file.exists()
    file.write_text(both_settings.env.key.get_secret_value() if both_settings.env.key else "")
    file.chmod(0o600)
    await build(lost, understanding=Understood()).close()


def test_the_first_start_makes_the_key(tmp_path: Path) -> None:
    file = tmp_path / "k"
    settings = load(None, {"NUANXIN_DATA": str(tmp_path / "d"), "NUANXIN_KEY_FILE": str(file)})
    opened = open_house(settings)
    opened.database.close_blocking()
    assert opened.keyring.created
    assert "seal:" in file.read_text()


async def test_a_newer_schema(both_settings: Settings) -> None:
    await build(both_settings, understanding=Understood()).close()
    engine = create_engine(both_settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(CannotOpen, match="newer"):
        build(both_settings, understanding=Understood())


def test_a_folder_that_is_none(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / "data").write_text("a file")
    settings = settings_of(f"sqlite:///{tmp_path / 'x.db'}", tmp_path, keyring.text())
    with pytest.raises(CannotOpen, match="NUANXIN_DATA"):
        build(settings, understanding=Understood())


def test_a_broken_key_file(tmp_path: Path) -> None:
    (tmp_path / "k").write_text("nonsense")
    settings = load(None, {"NUANXIN_DATA": str(tmp_path), "NUANXIN_KEY_FILE": str(tmp_path / "k")})
    with pytest.raises(CannotOpen, match="base64"):
        build(settings, understanding=Understood())


async def test_a_port_that_is_taken(tmp_path: Path, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env = settings.env.model_copy(update={"port": taken.getsockname()[1]})
        app = build(settings.model_copy(update={"env": env}), understanding=Understood())
        with pytest.raises(CannotOpen, match="NUANXIN_PORT"):
            await serve(app, signals=False)


def run(folder: Path, *words: str, given: str = "", **more: str) -> Any:
    environ = {
        **os.environ, "NUANXIN_DATA": str(folder / "data"), "NUANXIN_PORT": "0",
        "NUANXIN_KEY_FILE": str(folder / "key"), "NUANXIN_CONFIG": str(ROOT / "config.yml"), **more,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, env=environ, text=True, input=given,
        capture_output=True, timeout=120,
    )  # fmt: skip


def test_the_command_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("office:\n  fone: '1'\n")
    for words, more in (
        (["serve"], {"NUANXIN_CONFIG": str(tmp_path / "config.yml")}),
        (["db", "upgrade"], {"NUANXIN_KEY": "nonsense"}),
        (["serve", "--roles", "cook"], {}),
    ):
        done = run(tmp_path, *words, **more)
        assert done.returncode == 1, done
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) <= 3, done.stderr


@pytest.mark.slow
def test_commands_over_one_house(tmp_path: Path) -> None:
    first = run(tmp_path, "staff", "add", "李顾问")
    assert first.returncode == 0, first.stderr
    assert re.search(r"/desk/join/\S{20,}", first.stdout)
    assert "李顾问" in run(tmp_path, "staff", "list").stdout
    assert re.search(r"/desk/join/\S{20,}", run(tmp_path, "staff", "invite", "李顾问").stdout)
    assert run(tmp_path, "cases", "list", "--json").stdout.strip() == "[]"
    assert run(tmp_path, "cases", "show", "1").returncode == 1
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "flows", "check").returncode == 0
    assert "long_term_care" in run(tmp_path, "flows", "list").stdout
    assert run(tmp_path, "flows", "draw", "long_term_care").stdout.startswith("flowchart")
    played = run(tmp_path, "flows", "play", "long_term_care", given="没有人\n")
    assert "> 没有人" in played.stdout
    sick = run(tmp_path, "doctor")  # nobody can log in yet
    assert sick.returncode == 1
    assert "✗" in sick.stdout
    heard = run(tmp_path, "understand", given="我不想活了\n想进养老院\n").stdout.splitlines()
    assert len(heard) == 2
    assert "suicide_selfharm" in heard[0]
    assert "long_term_care" in heard[1]


@pytest.mark.slow
def test_a_house_starts_soon_tells_its_links_and_ends_soon(tmp_path: Path) -> None:
    environ = {
        **os.environ, "NUANXIN_DATA": str(tmp_path / "data"), "NUANXIN_PORT": "0",
        "NUANXIN_KEY_FILE": str(tmp_path / "key"), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    told: list[str] = []
    cpu = 0.0
    for again in (False, True):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=environ, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            while "Ctrl+C" not in lines[-1]:
                assert lines[-1], lines
                lines.append(process.stdout.readline())
            whole = "".join(lines)
            page = re.search(r"http://\S+/\n", whole)
            assert page is not None
            with urllib.request.urlopen(page.group().strip(), timeout=10) as answer:
                assert answer.status == 200
            links = re.findall(r"/desk/join/\S+", whole)
            assert len(links) == 2
            assert not set(links) & set(told)
            assert ("key" in whole.lower() and "copy" in whole) is not again
            told += links
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = spent.ru_utime + spent.ru_stime - before.ru_utime - before.ru_stime
    # The goal is 3 s (make bench measures it); by the processor's time, since others may run here.
    assert cpu < 4.5
