"""Text with HTML becomes text and entities, as Telegram parses it (tdlib, MessageEntity.cpp)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.errors import bad

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)
_URL = re.compile(r"https?://[^\s<>]+", re.ASCII)
_ATTRIBUTE = re.compile(r"""\s*([\w-]+)\s*(?:=\s*("[^"]*"|'[^']*'|[\w.-]+))?""", re.ASCII)


def units(text: str) -> int:
    """The length in UTF-16 units: how Telegram counts."""
    return len(text) + sum(1 for each in text if ord(each) > 0xFFFF)


@dataclass(slots=True)
class _Open:
    name: str
    at: int
    more: dict[str, Any] = field(default_factory=dict)


class _Html:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def fail(self, words: str, at: int, more: str = "") -> Exception:
        offset = len(self.source[:at].encode())
        return bad(f"can't parse entities: {words} at byte offset {offset}{more}")

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def parse(self) -> tuple[str, list[dict[str, Any]]]:
        at, source = 0, self.source
        while at < len(source):
            found = re.compile("[<&]").search(source, at)
            if found is None:
                self.add(source[at:])
                break
            self.add(source[at : found.start()])
            at = found.start()
            if source[at] == "&":
                at = self._character(at)
            elif source.startswith("</", at):
                at = self._end(at)
            else:
                at = self._start(at)
        if self.open:
            name = self.open[-1].name
            words = f'Can\'t find end tag corresponding to start tag "{name}"'
            raise bad(f"can't parse entities: {words}")
        self.entities.sort(key=lambda each: (each["offset"], -each["length"]))
        return "".join(self.out), self.entities

    def _character(self, at: int) -> int:
        found = re.compile(r"&(?:#(x[0-9a-fA-F]+|\d+)|([a-z]+));").match(self.source, at)
        if found is None or (found[2] and found[2] not in _NAMED):
            self.add("&")
            return at + 1
        if found[2]:
            self.add(_NAMED[found[2]])
        else:
            code = int(found[1][1:], 16) if found[1][0] == "x" else int(found[1])
            self.add(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "")
        return found.end()

    def _start(self, at: int) -> int:
        found = re.compile(r"<([^\s>]*)").match(self.source, at)
        assert found is not None
        name = found[1].lower()
        if found.end() == len(self.source):
            raise self.fail("Unclosed start tag", at)
        if name not in _TYPES:
            raise self.fail(f'Unsupported start tag "{name}"', at)
        end = self.source.find(">", found.end())
        if end < 0:
            raise self.fail(f'Unclosed start tag "{name}"', at)
        given = {
            each[1].lower(): (each[2] or "").strip("\"'")
            for each in _ATTRIBUTE.finditer(self.source[found.end() : end])
        }
        more: dict[str, Any] = {}
        if name == "span" and given.get("class") != "tg-spoiler":
            raise self.fail('Tag "span" must have class "tg-spoiler"', at)
        if name == "a":
            more["url"] = given.get("href", "").replace("&amp;", "&")
        if name == "blockquote" and "expandable" in given:
            more["type"] = "expandable_blockquote"
        self.open.append(_Open(name, self.length, more))
        return end + 1

    def _end(self, at: int) -> int:
        if not self.open:
            raise self.fail("Unexpected end tag", at)
        end = self.source.find(">", at)
        if end < 0:
            raise self.fail("Unclosed end tag", at)
        name = self.source[at + 2 : end].strip().lower()
        last = self.open.pop()
        if name and name != last.name:
            more = f', expected "</{last.name}>", found "</{name}>"'
            raise self.fail("Unmatched end tag", at, more)
        length = self.length - last.at
        if length and not (last.name == "a" and not last.more["url"]):
            entity = {"type": _TYPES[last.name], "offset": last.at, "length": length}
            self.entities.append(entity | last.more)
        return end + 1


def read(
    text: str, parse_mode: str | None, entities: list[dict[str, Any]] | None
) -> tuple[str, list[dict[str, Any]]]:
    """The text people see and its entities; white space at both ends goes, as on Telegram."""
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad("unsupported parse_mode")  # Markdown is real, but nobody here uses it
        text, found = _Html(text).parse()
    else:
        found = [dict(each) for each in entities or ()]
        for each in found:
            if each["offset"] < 0 or each["offset"] + each["length"] > units(text):
                raise bad("can't parse entities: entity begins after the end of the text")
    if not found:
        return text.strip(), automatic(text.strip())
    gone = units(text) - units(text.lstrip())
    text = text.strip()
    kept = []
    for each in found:
        start = max(each["offset"] - gone, 0)
        end = min(each["offset"] + each["length"] - gone, units(text))
        if end > start:
            kept.append(each | {"offset": start, "length": end - start})
    return text, kept


def automatic(text: str) -> list[dict[str, Any]]:
    """Entities that Telegram finds by itself: commands and addresses."""
    found = []
    for kind, pattern in (("bot_command", _COMMAND), ("url", _URL)):
        if kind == "bot_command" and "/" not in text:
            break
        for each in pattern.finditer(text):
            offset = units(text[: each.start()])
            found.append({"type": kind, "offset": offset, "length": units(each[0])})
    return found


def cut(text: str, entity: dict[str, Any]) -> str:
    """The part of the text that an entity covers."""
    coded = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return coded[start : start + entity["length"] * 2].decode("utf-16-le")
