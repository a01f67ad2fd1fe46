"""Sentences by key (`Phrases`), and the rules of talk as a lint (design §4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dialogs.flow_model import MAX_CHOICES, Flow
from dialogs.reading_yaml import ContentError, nearest, read

MAX_SENTENCES = 2
MAX_CHARACTERS = 20  # of a Chinese sentence
MAX_WORDS = 16  # of an English one, about as long to read
_FILLED = 6  # characters that a parameter such as 明天九点 takes, for counting

# Officialese, and how people say it. Whoever adds a word adds its everyday twin.
PLAIN_WORDS: Mapping[str, str] = {
    "申请人": "您", "办理": "办", "提交": "交", "咨询": "问", "提供": "给", "请输入": "请写",
    "填写": "写", "选择": "选", "联系方式": "电话", "监护人": "家里人", "户籍": "户口",
    "受理": "收到", "评估": "看看", "分流": "找对口的人", "个案": "事", "救助对象": "您",
    "相关": "", "进行": "", "予以": "", "是否": "吗", "如需": "要是",
    "系统": "我", "异常": "出了岔子", "无法": "不能", "有效": "", "验证": "核对", "操作": "做",
    "反馈": "回话", "诉求": "难处", "失能": "生活不能自理", "资质": "", "材料": "纸头",
    "工作人员": "顾问", "尽快": "说个时间", "稍后": "说个时间", "敬请": "请", "贵": "您",
    "该": "这个", "请勿": "别", "此项": "这个", "上述": "这些", "届时": "到时候",
}  # fmt: skip
_END = "\u3002!?;.\uff01\uff1f\uff1b"  # both widths
_SENTENCE = re.compile(rf"[^{_END}\n]+[{_END}]*")
_QUESTION = re.compile(r"[?\uff1f]+")
_PARAM = re.compile(r"\{(\w+)\}")


class Phrases:
    """All sentences of a language, flat by dotted key (`engine.not_understood.phone`)."""

    def __init__(self, sentences: Mapping[str, str], language: str = "zh") -> None:
        self._sentences = dict(sentences)
        self.language = language

    @classmethod
    def load(cls, folder: Path, language: str = "zh") -> Phrases:
        """Reads `zh.yml` and every `<room>.zh.yml`, then lays the other language over it.

        Keys of `<room>.zh.yml` stand under `<room>.`, whether or not the file says so itself.
        Raises ContentError for a broken file.
        """
        sentences: dict[str, str] = {}
        for tongue in dict.fromkeys(("zh", language)):
            rooms = sorted(folder.glob(f"*.{tongue}.yml"))
            for path in [folder / f"{tongue}.yml", *rooms]:
                room = path.name.removesuffix(f"{tongue}.yml").rstrip(".")
                sentences.update(_flat(path, room))
        return cls(sentences, language)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentences)

    def __contains__(self, key: object) -> bool:
        return key in self._sentences

    def items(self) -> Iterator[tuple[str, str]]:
        """Every key with its sentence, parameters unfilled."""
        return iter(self._sentences.items())

    def params(self, key: str) -> frozenset[str]:
        """The names of the parameters of a sentence."""
        return frozenset(_PARAM.findall(self._sentence(key)))

    def say(self, key: str, **params: str) -> str:
        """The sentence, filled. KeyError names the nearest key, or the missing parameter.

        A value is put in as it is: braces in what a person wrote mean nothing.
        """
        sentence = self._sentence(key)

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in params:
                raise KeyError(f"'{key}' needs the parameter '{name}'")
            return str(params[name])

        return _PARAM.sub(fill, sentence)

    def group(self, prefix: str) -> dict[str, str]:
        """All sentences under `prefix.`, without the prefix; for templates and pages."""
        start = prefix + "."
        return {
            key.removeprefix(start): sentence
            for key, sentence in self._sentences.items()
            if key.startswith(start)
        }

    def _sentence(self, key: str) -> str:
        try:
            return self._sentences[key]
        except KeyError:
            raise KeyError(f"no phrase '{key}'; {nearest(key, self._sentences)}") from None


def _flat(path: Path, room: str) -> dict[str, str]:
    if not path.exists():
        return {}
    raw = read(path)
    if not isinstance(raw, dict):
        raise ContentError(path.name, "", "write `key: sentence` lines")
    if room and set(raw) == {room}:
        raw = raw[room]
    found: dict[str, str] = {}

    def put(prefix: str, value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                put(f"{prefix}.{key}" if prefix else str(key), inner)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                put(f"{prefix}.{number}", inner)
        elif value is None:
            raise ContentError(path.name, f"'{prefix}'", "has no words")
        else:
            found[prefix] = str(value)

    put(room, raw)
    return found


def lint(sentence: str, language: str = "zh") -> list[str]:
    """What is wrong with one message, each with its remedy; empty when nothing is."""
    filled = _PARAM.sub("字" * _FILLED if language == "zh" else "word", sentence)
    parts = [part.strip() for part in _SENTENCE.findall(filled) if part.strip()]
    wrong: list[str] = []
    if len(parts) > MAX_SENTENCES:
        wrong.append(f"{len(parts)} sentences; keep at most {MAX_SENTENCES}")
    if len(_QUESTION.findall(filled)) > 1:
        wrong.append("more than one question; ask one")
    for part in parts:
        if language == "zh" and len(_letters(part)) > MAX_CHARACTERS:
            wrong.append(f"'{part}' has {len(_letters(part))} characters; at most {MAX_CHARACTERS}")
        if language != "zh" and len(part.split()) > MAX_WORDS:
            wrong.append(f"'{part}' has {len(part.split())} words; at most {MAX_WORDS}")
    if language == "zh":
        if "你" in filled:
            wrong.append("says 你; say 您")
        for word, plain in PLAIN_WORDS.items():
            if word in filled:
                wrong.append(
                    f"'{word}' is officialese; say '{plain}'" if plain else f"drop '{word}'"
                )
    return wrong


def _letters(part: str) -> str:
    return re.sub(rf"\s|[{_END}]+$", "", part)


def lint_phrases(sentences: Mapping[str, str], language: str = "zh") -> list[str]:
    """Complaints over all sentences, each led by its key."""
    return [
        f"{key}: {fault}" for key, words in sentences.items() for fault in lint(words, language)
    ]


def lint_flow(flow: Flow) -> list[str]:
    """Complaints over everything a flow says, each led by flow and step."""
    said: dict[str, str] = {"title": flow.title, "ack": flow.ack, "ack_other": flow.ack_other or ""}
    said |= {f"acks.{ack.key}": ack.say for ack in flow.acks}
    wrong: list[str] = []
    for step in flow.steps.values():
        said[f"{step.name}.ask"] = step.ask
        said[f"{step.name}.ask_other"] = step.ask_other or ""
        said |= {f"{step.name}.{choice.key}": choice.say for choice in step.choices}
        if flow.kind != "menu" and len(step.choices) > MAX_CHOICES:
            wrong.append(f"{flow.name}.{step.name}: more than {MAX_CHOICES} choices")
    return wrong + [f"{flow.name}.{fault}" for fault in lint_phrases(said, flow.language)]
