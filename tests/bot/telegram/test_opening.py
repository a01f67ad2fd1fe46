"""When the bots may not start, and what a house without them never loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import ROLES, build
from bot.bots import check
from bot.opening import CannotOpen
from bot.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[3]
RESIDENTS, STAFF = "7100000001:" + "A" * 35, "7100000002:" + "B" * 35
HOOK = {
    "NUANXIN_TELEGRAM_RESIDENT_TOKEN": RESIDENTS,
    "NUANXIN_TELEGRAM_MODE": "webhook",
    "NUANXIN_TELEGRAM_SECRET": "s" * 16,
    "NUANXIN_PUBLIC_URL": "https://house.example",
}


def given(**environ: str) -> Settings:
    return load(None, environ)


def refused(settings: Settings, roles: frozenset[str] = ROLES) -> str:
    with pytest.raises(CannotOpen) as error:
        check(settings, roles)
    return str(error.value)


@pytest.mark.parametrize(
    ("without", "names"),
    [
        ("NUANXIN_TELEGRAM_SECRET", "NUANXIN_TELEGRAM_SECRET"),
        ("NUANXIN_PUBLIC_URL", "NUANXIN_PUBLIC_URL"),
    ],
)
def test_a_webhook_without_secret_or_address_does_not_start(without: str, names: str) -> None:
    line = refused(given(**{key: value for key, value in HOOK.items() if key != without}))
    assert f"needs {names}" in line
    assert "polling" in line  # the other way out
    assert RESIDENTS not in line


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://house.example", True),
        ("http://house.example", False),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://192.168.1.5:8000", False),
    ],
)
def test_telegram_comes_by_https_or_from_this_machine(url: str, good: bool) -> None:
    settings = given(**(HOOK | {"NUANXIN_PUBLIC_URL": url}))
    if good:
        check(settings)
    else:
        assert "https" in refused(settings)


def test_two_tokens_of_one_bot_are_one_too_few() -> None:
    both = {"NUANXIN_TELEGRAM_RESIDENT_TOKEN": RESIDENTS}
    check(given(**both, NUANXIN_TELEGRAM_STAFF_TOKEN=STAFF))
    line = refused(given(**both, NUANXIN_TELEGRAM_STAFF_TOKEN=RESIDENTS[:11] + "C" * 35))
    assert "second bot" in line


def test_a_process_of_the_bots_alone_needs_a_token() -> None:
    alone = frozenset({"telegram"})
    assert "nothing to do" in refused(given(), alone)
    check(given(NUANXIN_TELEGRAM_STAFF_TOKEN=STAFF), alone)


def test_the_house_says_it_before_it_opens_anything(tmp_path: Path) -> None:
    bad = HOOK | {"NUANXIN_TELEGRAM_SECRET": "", "NUANXIN_DATA": str(tmp_path / "data")}
    with pytest.raises(CannotOpen, match="NUANXIN_TELEGRAM_SECRET"):
        build(given(**bad))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NUANXIN_TELEGRAM_RESIDENT_TOKEN", "hello"),
        ("NUANXIN_TELEGRAM_RESIDENT_TOKEN", f" {RESIDENTS}"),
        ("NUANXIN_TELEGRAM_STAFF_TOKEN", "7100000001"),
        ("NUANXIN_TELEGRAM_SECRET", "short"),
        ("NUANXIN_TELEGRAM_SECRET", "with spaces in between it"),
        ("NUANXIN_TELEGRAM_MODE", "both"),
    ],
)
def test_a_slip_in_a_setting_is_one_line_that_repeats_no_secret(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        given(**{name: value})
    [line] = error.value.lines
    assert name in line
    if name != "NUANXIN_TELEGRAM_MODE":
        assert value not in line


_LOADED = """
import sys, time
from pathlib import Path
from bot.app import ROLES, build
from bot.settings import load
import bot.bots, bot.channels.registry, bot.cli.serve
folder = sys.argv[1]
environ = {"NUANXIN_DATA": folder + "/data", "NUANXIN_KEY_FILE": folder + "/key"} | dict(
    each.split("=") for each in sys.argv[3:])
app = build(load(None, environ), roles=frozenset(sys.argv[2].split(",")))
app.web()
print(",".join(name for name in ("aiogram", "telegram", "aiohttp") if name in sys.modules))
print(time.process_time())
app.database.close_blocking()
"""


def loaded(folder: Path, roles: str, *environ: str) -> tuple[str, float]:
    """Which libraries a house of these roles loads, and the seconds of work to open it."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, str(folder), roles, *environ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names, seconds = done.stdout.splitlines()[-2:]
    return names, float(seconds)


@pytest.mark.slow
def test_a_house_without_a_token_loads_no_library_of_telegram(tmp_path: Path) -> None:
    names, seconds = loaded(tmp_path, "web,telegram,worker,scheduler")
    assert names == ""
    assert seconds < 5  # two and a half on a machine that does nothing else


@pytest.mark.slow
def test_a_process_loads_the_library_of_the_token_that_it_works_with(tmp_path: Path) -> None:
    token = f"NUANXIN_TELEGRAM_RESIDENT_TOKEN={RESIDENTS}"
    assert loaded(tmp_path, "web,scheduler", token)[0] == ""
    assert "aiogram" in loaded(tmp_path, "worker", token)[0]
    staff = loaded(tmp_path, "telegram", f"NUANXIN_TELEGRAM_STAFF_TOKEN={STAFF}")[0]
    assert staff == "telegram"


def test_each_library_is_named_in_the_package_of_its_bot_alone() -> None:
    homes = {"aiogram": "telegram_residents", "telegram": "telegram_staff"}
    found: dict[str, set[str]] = {name: set() for name in homes}
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                names = [node.module]
            for name in names:
                if (library := name.partition(".")[0]) in homes:
                    found[library].add(path.parent.name)
    assert found == {library: {home} for library, home in homes.items()}
