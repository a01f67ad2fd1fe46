"""The reader of a fresh machine: patterns and the linear model, with its cache on disk.

`load` trains when it must (seconds) and otherwise takes the model from the cache. The cache's
name is a hash of the data and of the code that learns, so a changed file is never read by an
old model; a damaged cache is trained again, never an error.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import structlog

from dialogs.meaning import danger, data, entities, features, linear, plain, words
from dialogs.meaning.combine import combine
from dialogs.meaning.people import several, speaks_of_self
from dialogs.meaning.reading import Reading

# Longer messages say what they mean early; danger is read to the last character.
_FIRST = 2_000
_AID = re.compile("补[贴助]|救助金|困难金")
_NO_AID = re.compile(
    "[不勿覅别]要|取消|算了|不办|不申请|撤|[进办].{0,3}[哪到]|到账|几时|什么时候|啥辰光"
)
_AID_MOST, _AID_SURE = 20, 0.6  # characters of words that ask for nothing else; how sure it is
_log = structlog.get_logger(__name__)


class Reader:
    """Reads messages; holds no state beside the trained model and may be used by any thread."""

    at_once = 300  # characters: 0.2 ms

    def __init__(self, model: linear.Model) -> None:
        self._model = model

    def read(self, text: str) -> Reading:
        """What the message means; never raises, whatever the characters."""
        beginning = text[:_FIRST]
        slots = entities.find(beginning)
        exact = Reading(danger=danger.find(text), who=_who(beginning, slots), slots=slots)
        joined = combine([exact, self._model.read(beginning)])
        # A person named by the asker outweighs the model's guess.
        found = replace(joined, who=exact.who) if exact.who != "unknown" else joined
        if not found.needs and _asks_for_aid(found, beginning):
            sure = max(found.confidence, _AID_SURE)
            found = replace(found, needs=("low_income_aid",), act="request_help", confidence=sure)
        return found


def _asks_for_aid(reading: Reading, text: str) -> bool:
    """申请补贴, 有没有补助: money is asked for, and no kind of aid is named."""
    if len(text) > _AID_MOST or reading.act in {"status_query", "my_data", "complaint"}:
        return False
    return _AID.search(text) is not None and _NO_AID.search(text) is None


def _who(text: str, slots: Mapping[str, str]) -> str:
    """Whom it is about, where the words themselves say so."""
    if "helped_name" in slots or several(text):
        return "other"
    return "self" if speaks_of_self(text) else "unknown"


def load(data_dir: Path, cache_dir: Path) -> Reader:
    """A reader for the data of a folder (`*.yml`, not its subfolders), from the cache if it fits.

    Raises `dialogs.meaning.data.DataError` when the folder holds nothing to learn from or a
    broken file (which is named).
    """
    files = sorted(data_dir.glob("*.yml"))
    contents = [(file.name, file.read_bytes()) for file in files]
    cached = cache_dir / f"linear-{_fingerprint(contents)}.npz"
    model = _from_cache(cached)
    if model is None:
        model = linear.train(_examples(contents, data_dir))
        _keep(model, cached)
    return Reader(model)


def _examples(contents: list[tuple[str, bytes]], data_dir: Path) -> list[data.Example]:
    found: list[data.Example] = []
    for name, content in contents:
        try:
            found.extend(data.parse(content.decode("utf-8")))
        except (data.DataError, UnicodeDecodeError) as error:
            raise data.DataError(f"{data_dir / name}: {error}") from error
    if not found:
        raise data.DataError(f"{data_dir} holds no training data (*.yml with `nlu:`)")
    return found


def _fingerprint(contents: list[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for module in (linear, features, words, plain, data):
        digest.update(inspect.getsource(module).encode())
    for package in ("numpy", "scikit-learn", "pypinyin"):
        digest.update(metadata.version(package).encode())
    for name, content in contents:
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _from_cache(file: Path) -> linear.Model | None:
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return linear.Model.from_arrays({name: arrays[name] for name in arrays.files})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, IndexError, zipfile.BadZipFile) as error:
        _log.warning("reader.cache_damaged", file=file.name, reason=type(error).__name__)
        return None


def _keep(model: linear.Model, file: Path) -> None:
    """Write the cache whole or not at all, and drop the models of older data."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix="linear-", suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, allow_pickle=False, **model.to_arrays())
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
        for old in file.parent.glob("linear-*.npz"):
            if old != file:
                old.unlink(missing_ok=True)
    except OSError as error:
        # A full or read-only disk costs the next start some seconds, nothing else.
        _log.warning("reader.cache_not_kept", reason=type(error).__name__)
