"""The rules of the house: style, types, who may import whom, where words stand, what is locked.

Each rule looks at a list of files and asserts first that the list is not empty.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "dialogs", "handlers", "storage")
SKIPPED = {".git", ".venv", "build", "data", "dist", "models", "__pycache__", "node_modules"}
TEXTS = {
    ".py",
    ".yml",
    ".yaml",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".html",
    ".js",
    ".css",
    ".sh",
    ".ini",
}
TEXTS |= {".json", ".svg", ".cfg", ".mako", ""}

GOAL, LIMIT = 300, 350  # lines of a file: where to split it, and where it is too late
# Files between the two, each with the reason why splitting would make it worse.
LONG: dict[str, str] = {"tests/dialogs/meaning/test_danger.py": "one table of sentences"}

HAN = r"[\u3400-\u9fff]"
# A name or a word for matching is short and bare; a sentence is long or has punctuation.
STOP = r"[\uff0c\u3002\uff1f\uff01\uff1b\uff1a\u3001\u2026]"  # full-width
SENTENCE = re.compile(rf"{HAN}{{7,}}|{HAN}{STOP}|{STOP}{HAN}|{HAN}[,!;] ?{HAN}")
NUMERALS = re.compile("[〇零一二两三四五六七八九十百千万]")


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    """Lists the files below folders of the house, by suffix; one at least."""
    found = sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob(f"*{suffix}")
        if not SKIPPED & set(path.relative_to(ROOT).parts)
    )
    assert found, f"no {suffix} below {folders}: the rule would look at nothing"
    return found


def texts() -> list[Path]:
    """Lists every text file of the house, what is generated or downloaded left out."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in SKIPPED and "cache" not in name]
        found += [path for name in names if (path := Path(folder, name)).suffix in TEXTS]
    assert len(found) > 20
    return [path for path in found if not path.name.startswith(".git")]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Gives every imported module of a file, with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def run(*command: str) -> None:
    """Runs a tool of the environment over the house; its output is the failure's text."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


# ---------------------------------------------------------------- tools


def test_style() -> None:
    run("-m", "ruff", "check", "--no-cache", ".")


def test_format() -> None:
    run("-m", "ruff", "format", "--check", "--no-cache", ".")


@pytest.mark.slow
def test_types() -> None:
    run("-m", "mypy")


def test_imports_go_one_way() -> None:
    command = "from importlinter.cli import lint_imports_command as check; check()"
    run("-c", command, "--cache-dir", "build/imports")


# ---------------------------------------------------------------- rooms


def test_no_file_is_long() -> None:
    lengths = {short(path): len(path.read_bytes().splitlines()) for path in files(*ROOMS, "tests")}
    long = {name: lines for name, lines in lengths.items() if lines > GOAL}
    assert {name: lines for name, lines in long.items() if name not in LONG} == {}
    assert {name: lines for name, lines in long.items() if lines > LIMIT} == {}
    assert [name for name in LONG if name not in long] == [], "not long any more: take it out"


def test_every_room_is_a_package() -> None:
    bare = {
        short(path.parent) for path in files(*ROOMS) if not (path.parent / "__init__.py").exists()
    }
    assert bare - {"storage/migrations", "storage/migrations/versions"} == set()


def test_dialogs_ask_no_clock() -> None:
    clock = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
    owners = {"datetime", "date", "time"}
    found = [
        f"{short(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in files("dialogs")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in clock
        and ast.unparse(node.value).rpartition(".")[2] in owners
    ]
    assert found == []


def test_dialogs_have_no_loop_no_log_no_database() -> None:
    banned = {"asyncio", "logging", "sqlmodel", "sqlalchemy", "sqlite3", "structlog", "threading"}
    found = [
        f"{short(path)}:{line}: {name}"
        for path in files("dialogs")
        for line, name in imported(tree(path))
        if name.partition(".")[0] in banned
    ]
    assert found == []


def test_rules_import_the_standard_library_and_each_other() -> None:
    found = [
        f"{short(path)}:{line}: {name}"
        for path in files("handlers/rules")
        for line, name in imported(tree(path))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not f"{name}.".startswith("handlers.rules.")
    ]
    assert found == []


# ---------------------------------------------------------------- words


def strings(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Gives the strings of a file that are not docstrings (nor words beside a field)."""
    remarks = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if id(node) in remarks:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_no_sentence_stands_in_code() -> None:
    # what people may say is no sentence of ours: there stand the words it is recognised by
    listening = {"dialogs/answers.py", "dialogs/choosing.py", "dialogs/said.py"}
    looked = [
        path
        for path in files(*ROOMS)
        if "meaning" not in path.parts and short(path) not in listening
    ]
    found = [
        f"{short(path)}:{line}: {text[:40]}"
        for path in looked
        for line, text in strings(tree(path))
        if SENTENCE.search(NUMERALS.sub("", text))
    ]
    assert found == []


@pytest.mark.parametrize("suffix", [".html", ".js", ".css"])
def test_no_sentence_stands_in_a_page(suffix: str) -> None:
    remark = re.compile(r"<!--.*?-->|\{#.*?#\}|/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
    found = []
    # danger.js holds the signs of danger that people may write, for when the house is out of reach
    for path in (path for path in files("bot", suffix=suffix) if path.name != "danger.js"):
        text = remark.sub("", path.read_text(encoding="utf-8"))
        found += [f"{short(path)}: {hit[0]}" for hit in re.finditer(HAN + "{2,}", text)]
    assert found == []


@pytest.mark.parametrize("text", ["您好,请说", "有人会看您写的话", "好的。", "现在没有人在线"])
def test_a_sentence_is_known_as_one(text: str) -> None:
    assert SENTENCE.search(text)


@pytest.mark.parametrize("text", ["民生暖心屋", "康定居委", "找人工", "[一二三四五]", "第一个"])
def test_a_name_is_no_sentence(text: str) -> None:
    assert not SENTENCE.search(text)


# ---------------------------------------------------------------- locks and addresses

LOCKED = re.compile(r"^([a-z0-9._-]+(?:\[[a-z,]+\])?)==(\S+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    found = {hit[1]: hit[2] for block in blocks if (hit := LOCKED.match(block))}
    assert len(found) == len(blocks), "a line without a version, or two versions of one name"
    assert all("--hash=sha256:" in block for block in blocks)
    return found


def test_the_locks_hold_what_is_asked_for_and_agree() -> None:
    house, tests, uv = locked("run"), locked("test"), locked("uv")
    assert list(uv) == ["uv"]
    assert len(house) > 30
    assert {name: tests.get(name) for name in house} == house
    for name, lock in (("run", house), ("test", tests)):
        asked = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8")
        wanted = set(re.findall(r"^([a-z0-9][a-z0-9-]*)", asked, re.MULTILINE))
        assert wanted - {each.partition("[")[0] for each in lock} == set(), "run `make lock`"


def test_no_file_names_a_registry() -> None:
    # in pieces, so that this file names none
    hosts = [
        "pypi" + r"\.org",
        "python" + r"hosted\.org",
        r"registry\." + r"npmjs",
        "deb" + r"ian\.org",
    ]
    hosts += [r"index-url\s*[= ]\s*http", r"(mirrors?|simple)\.[a-z.]+/(pypi|simple)"]
    address = re.compile("|".join(hosts))
    found = [
        f"{short(path)}: {hit[0]}"
        for path in texts()
        if (hit := address.search(path.read_text(encoding="utf-8", errors="replace")))
        and path != Path(__file__)
    ]
    assert found == []
    assert not (ROOT / "uv.lock").exists(), "it records download addresses"


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(
        "|".join(
            ["NotImplemented" + "Error", "TO" + "DO", "FIX" + "ME", r"mark\.(skip|x" + r"fail)"]
        )
    )
    found = [
        f"{short(path)}:{number}: {line.strip()}"
        for path in files(*ROOMS, "tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_the_project_offers_its_command() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"nuanxin": "bot.cli:main"}
    assert project["requires-python"] == ">=3.11"
