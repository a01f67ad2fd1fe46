"""The house's reader: patterns and model together, and the cache on disk."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.readers import linear
from bot.readers.linear import Reader, load
from dialogs.meaning import linear as model
from dialogs.meaning.data import DataError

ROOT = Path(__file__).parents[3]
NLU_DATA = ROOT / "nlu_data"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers") / "cache"
    load(NLU_DATA, folder)
    return folder


@pytest.fixture(scope="module")
def reader(cache: Path) -> Reader:
    return load(NLU_DATA, cache)


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(model, "train", refuse)


def test_the_volunteers_message(reader: Reader) -> None:
    reading = reader.read("我帮3号楼302的王阿婆问问,她一个人在家没人烧饭")
    assert reading.who == "other"
    assert "home_help" in reading.needs
    assert dict(reading.slots) == {
        "helped_name": "王阿婆",
        "address": "3号楼302",
        "living": "alone",
    }


@pytest.mark.parametrize(
    ("text", "label"),
    [("我不想活了", "suicide_selfharm"), ("我爸摔了一跤叫不应了", "medical_emergency")],
)
def test_danger(reader: Reader, text: str, label: str) -> None:
    reading = reader.read(text)
    assert label in reading.danger
    assert reading.act == "request_help"


def test_danger_at_the_end_of_a_long_message_is_read_in_time(reader: Reader) -> None:
    start = time.process_time()
    assert "suicide_selfharm" in reader.read("低保" * 50_000 + "我不想活了").danger
    assert time.process_time() - start < 5


@pytest.mark.usefixtures("no_training")
def test_the_cache_saves_the_training(cache: Path) -> None:
    assert load(NLU_DATA, cache).read("找人工").act == "human_request"
    assert len(list(cache.iterdir())) == 1, "one model, no leftovers"


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_cache_is_trained_again(
    cache: Path, tmp_path: Path, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = next(cache.iterdir())
    content = whole.read_bytes()
    (tmp_path / whole.name).write_bytes(content[: len(content) // 2] if damage is None else damage)
    kept = load(NLU_DATA, cache)._model
    monkeypatch.setattr(model, "train", lambda examples: kept)
    assert load(NLU_DATA, tmp_path).read("找人工").act == "human_request"
    assert (tmp_path / whole.name).read_bytes()[:2] == b"PK", "and written whole again"


def test_other_data_is_another_model(cache: Path, tmp_path: Path) -> None:
    name = next(cache.iterdir()).name
    contents = [(f.name, f.read_bytes()) for f in sorted(NLU_DATA.glob("*.yml"))]
    assert linear._fingerprint(contents) in name
    changed = [(contents[0][0], contents[0][1] + b"\n"), *contents[1:]]
    assert linear._fingerprint(changed) not in name


@pytest.mark.usefixtures("no_training")
def test_a_folder_without_data_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no training data"):
        load(tmp_path, tmp_path / "cache")


@pytest.mark.usefixtures("no_training")
def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_bytes(b"nlu: [\xff")
    with pytest.raises(DataError, match=r"broken\.yml"):
        load(tmp_path, tmp_path / "cache")


def test_a_place_that_cannot_be_written_costs_only_time(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = load(NLU_DATA, cache)._model
    monkeypatch.setattr(model, "train", lambda examples: kept)
    (tmp_path / "file").write_text("in the way")
    assert load(NLU_DATA, tmp_path / "file" / "cache").read("找人工").act == "human_request"


def test_a_warm_start_needs_no_training_library(cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bot.readers.linear import load;"
        f"load(Path({str(NLU_DATA)!r}), Path({str(cache)!r})).read('找人工');"
        "print([m for m in ('sklearn', 'scipy', 'pypinyin') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip() == "[]"
