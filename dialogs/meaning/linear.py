"""The embedded reader: four questions answered by one sparse linear model.

Trained with scikit-learn in seconds; read with numpy alone, because one-vs-rest `predict` costs
8-10 ms a message and the stacked coefficients under one (measured).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dialogs.meaning.danger_signs import CALL_ME
from dialogs.meaning.data import DataError, Example
from dialogs.meaning.features import grams, sounds_of_characters
from dialogs.meaning.plain import squeeze
from dialogs.meaning.reading import ACTS, DANGERS, NEEDS, WHO, Reading

__all__ = ["Example", "Model", "train"]

Floats = npt.NDArray[np.float32]

# One column a label, in this order.
_COLUMNS = (*NEEDS, *DANGERS, *ACTS, *WHO)
_NEEDS = slice(0, len(NEEDS))
_DANGERS = slice(_NEEDS.stop, _NEEDS.stop + len(DANGERS))
_ACTS = slice(_DANGERS.stop, _DANGERS.stop + len(ACTS))
_WHO = slice(_ACTS.stop, _ACTS.stop + len(WHO))

# Chosen by five-fold cross-validation over nlu_data. A need is named from .3 on: a wrong one costs
# a tap, a missing one a question more. Danger by the model is a second voice beside the patterns.
NEED_FROM = 0.3
DANGER_FROM = 0.4
# Under half of the characters known: keyboard noise or another language.
_KNOWN_FROM = 0.5
_NAMING = ("request_help", "policy_question")
# How much one hint weighs beside all n-grams of a message together (1): needs' F1 rose from .78
# to .89 with it; twice as much costs acts 3 points.
_HINT = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. weights: features x labels; idf: one a feature; bias: one a label."""

    vocabulary: Mapping[str, int]
    sounds: Mapping[str, str]
    idf: Floats
    weights: Floats
    bias: Floats

    def read(self, text: str) -> Reading:
        """What the message means. Never raises; empty words mean nothing (confidence 0)."""
        scores = self._scores(text)
        if scores is None:
            return Reading()
        needs, dangers = _sigmoid(scores[_NEEDS]), _sigmoid(scores[_DANGERS])
        acts, whos = _softmax(scores[_ACTS]), _softmax(scores[_WHO])
        act, named, sure = _together(needs, acts)
        # Words never met before are no ground to be sure on.
        known = self._known_share(text)
        return Reading(
            danger=tuple(d for d, p in zip(DANGERS, dangers, strict=True) if p >= DANGER_FROM),
            needs=named,
            act=act if known >= _KNOWN_FROM or named else "out_of_scope",
            who=WHO[int(whos.argmax())],
            confidence=sure * known,
        )

    def _known_share(self, text: str) -> float:
        plain = squeeze(text)
        return sum(char in self.vocabulary or char.isdigit() for char in plain) / max(1, len(plain))

    def _scores(self, text: str) -> Floats | None:
        rows, values = _vector(
            grams(CALL_ME.sub("电话", text.strip()), self.sounds), self.vocabulary, self.idf
        )
        if not rows:
            return None
        scores: Floats = values @ self.weights[rows] + self.bias
        return scores

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The model as plain arrays without Python objects, for `numpy.savez`."""
        return {
            "vocabulary": _packed(self.vocabulary),
            "sounds": _packed(f"{char}{sound}" for char, sound in self.sounds.items()),
            "labels": _packed(_COLUMNS),
            "idf": self.idf,
            "weights": self.weights,
            "bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Model:
        """The model that `to_arrays` gave; `ValueError` or `KeyError` when it is not whole."""
        words = _unpacked(arrays["vocabulary"])
        idf, weights, bias = arrays["idf"], arrays["weights"], arrays["bias"]
        shape = (len(words), len(_COLUMNS))
        if weights.shape != shape or idf.shape != shape[:1] or bias.shape != shape[1:]:
            raise ValueError("the stored model has other shapes than its words and labels")
        if _unpacked(arrays["labels"]) != list(_COLUMNS):
            raise ValueError("the stored model answers other labels")
        return cls(
            vocabulary={word: row for row, word in enumerate(words)},
            sounds={entry[0]: entry[1:] for entry in _unpacked(arrays["sounds"])},
            idf=idf.astype(np.float32),
            weights=weights.astype(np.float32),
            bias=bias.astype(np.float32),
        )


def train(examples: Sequence[Example]) -> Model:
    """Learn from examples; the same examples give the same model.

    Raises `DataError` when an act, a kind of `who`, a need or a danger has no example, because
    the model could then never answer it.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    _complete(examples)
    sounds = sounds_of_characters()
    read = [grams(example.text, sounds) for example in examples]
    counts: dict[str, int] = {}
    for groups in read:
        for group in groups:
            for gram in group:
                counts[gram] = counts.get(gram, 0) + 1
    # What stands in one message only teaches that message by heart; whole short ones may stay.
    kept = sorted(gram for gram, count in counts.items() if count > 1 or gram[0] == "=")
    vocabulary = {gram: row for row, gram in enumerate(kept)}
    idf = np.array(
        [math.log((1 + len(read)) / (1 + counts[gram])) + 1 for gram in kept], dtype=np.float32
    )
    starts, columns, values = [0], [], []
    for groups in read:
        found, shares = _vector(groups, vocabulary, idf)
        columns.extend(found)
        values.append(shares)
        starts.append(len(columns))
    matrix = csr_matrix(
        (np.concatenate(values, dtype=np.float64), columns, starts), shape=(len(read), len(kept))
    )

    def fit(answers: Sequence[Any], **options: Any) -> tuple[Any, Any]:
        model = LogisticRegression(C=20.0, max_iter=400, **options)
        # Threads only wait for each other on products this small: 11 s instead of 2 on two cores.
        with threadpool_limits(1):
            model.fit(matrix, list(answers))
        return model.coef_, model.intercept_

    weights = np.zeros((len(kept), len(_COLUMNS)), dtype=np.float32)
    bias = np.zeros(len(_COLUMNS), dtype=np.float32)
    for column, label in enumerate((*NEEDS, *DANGERS)):
        coefficients, intercept = fit(
            [label in example.needs or label in example.danger for example in examples],
            solver="liblinear",
            class_weight={False: 1, True: 2},
            random_state=0,
        )
        weights[:, column], bias[column] = coefficients[0], intercept[0]
    for where, labels, answers, balance in (
        (_ACTS, ACTS, [example.act for example in examples], "balanced"),
        (_WHO, WHO, [example.who for example in examples], None),
    ):
        coefficients, intercept = fit(
            [labels.index(answer) for answer in answers],
            # Ten times faster here than lbfgs.
            solver="newton-cg",
            tol=0.01,
            class_weight=balance,
        )
        weights[:, where], bias[where] = coefficients.T, intercept
    return Model(vocabulary, sounds, idf, weights, bias)


def _together(needs: Floats, acts: Floats) -> tuple[str, tuple[str, ...], float]:
    """Act, needs and how sure they are, decided together.

    Only a request or a question names a need (as in nlu_data): where both speak, the surer wins.
    """
    best = int(acts.argmax())
    if ACTS[best] not in _NAMING and needs.max() >= max(NEED_FROM, float(acts[best])):
        best = max((ACTS.index(act) for act in _NAMING), key=lambda column: float(acts[column]))
        sure = float(needs.max())
    else:
        sure = float(acts[best])
    if ACTS[best] not in _NAMING:
        return ACTS[best], (), sure
    named = tuple(need for need, p in zip(NEEDS, needs, strict=True) if p >= NEED_FROM)
    return ACTS[best], named, min(sure, float(needs.max())) if named else sure


def _vector(
    groups: Sequence[set[str]], vocabulary: Mapping[str, int], idf: Floats
) -> tuple[list[int], Floats]:
    """The features of one message that the model knows, and what each weighs.

    The groups are characters, syllables and hints; the first two weigh 1 together each (by idf).
    """
    rows: list[int] = []
    values: list[Floats] = []
    for group in groups:
        found = sorted(row for gram in group if (row := vocabulary.get(gram)) is not None)
        if found:
            part = idf[found]
            hinted = group is groups[-1]
            values.append(np.full_like(part, _HINT) if hinted else part / np.linalg.norm(part))
            rows.extend(found)
    joined: list[Floats] = values or [idf[:0]]
    return rows, np.concatenate(joined)


def _complete(examples: Sequence[Example]) -> None:
    given = {label for e in examples for label in (*e.needs, *e.danger, e.act, e.who)}
    missing = [label for label in _COLUMNS if label not in given]
    if missing:
        raise DataError(f"no example for {', '.join(missing)}: write some in nlu_data")


def _sigmoid(scores: Floats) -> Floats:
    shares: Floats = np.reciprocal(1 + np.exp(-scores), dtype=np.float32)
    return shares


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def _packed(words: Any) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(array: npt.NDArray[Any]) -> list[str]:
    return array.astype(np.uint8).tobytes().decode().split("\n")
