"""What a person can say: words, sound, pictures, papers, places, numbers."""

from __future__ import annotations

from typing import Any

from tests.botapi import files, markup, media, render
from tests.botapi.files import File
from tests.botapi.seeing import Chat, Eyes, number_of
from tests.botapi.shown import Shown, show
from tests.botapi.world import Bot, Msg


class Voice(Eyes):
    """Somebody who speaks. What the app would not let them do is an AssertionError."""

    def types(
        self, text: str, *, reply_to: Shown | int | None = None, to: Chat | None = None
    ) -> Shown:
        assert text.strip(), "an empty message cannot be sent"
        assert markup.units(text) <= 4096, "the app sends this as several messages"
        text = text.strip()
        entities = markup.automatic(text)
        return self._say(to, reply_to, text=text, entities=entities)

    def speaks(
        self, ogg: bytes | None = None, seconds: int = 2, *, size: int | None = None, **more: Any
    ) -> Shown:
        """A voice note; ``size``: what its size is said to be."""
        data = media.ogg(seconds) if ogg is None else ogg
        return self._file(File("voice", data, "audio/ogg", seconds=seconds, claims=size), **more)

    def photo(
        self, jpeg: bytes | None = None, caption: str = "", *, size: int | None = None, **more: Any
    ) -> Shown:
        made = files.photo(jpeg or media.jpeg(), size)
        return self._file(made, caption, **more)

    def album(
        self, jpegs: list[bytes], caption: str = "", *, to: Chat | None = None
    ) -> list[Shown]:
        """Several photos at once; the words belong to the first."""
        with self.world.lock:
            album = self.world.album_id()
        return [
            self._file(files.photo(each), "" if number else caption, album=album, to=to)
            for number, each in enumerate(jpegs)
        ]

    def document(
        self,
        data: bytes | None = None,
        name: str = "paper.pdf",
        mime: str = "application/pdf",
        caption: str = "",
        *,
        size: int | None = None,
        **more: Any,
    ) -> Shown:
        data = media.pdf() if data is None else data
        return self._file(File("document", data, mime, name, claims=size), caption, **more)

    def video(self, data: bytes | None = None, seconds: int = 60, **more: Any) -> Shown:
        data = media.mp4() if data is None else data
        made = File("video", data, "video/mp4", None, 640, 480, seconds)
        return self._file(made, **more)

    def sings(self, data: bytes, mime: str = "audio/mpeg", seconds: int = 60, **more: Any) -> Shown:
        """A sound file that is no voice note."""
        return self._file(File("audio", data, mime, "song.mp3", seconds=seconds), **more)

    def sticker(self, emoji: str = "👍", **more: Any) -> Shown:
        facts = {"emoji": emoji, "set_name": "tests_by_nobody"}
        return self._file(File("sticker", media.webp(), None, None, 512, 512, more=facts), **more)

    def place(
        self,
        lat: float,
        lon: float,
        *,
        title: str | None = None,
        address: str | None = None,
        to: Chat | None = None,
    ) -> Shown:
        where = {"latitude": lat, "longitude": lon}
        more: dict[str, Any] = {"location": where}
        if title is not None:
            more["venue"] = {"location": where, "title": title, "address": address or ""}
        return self._say(to, None, more=more)

    def contact(
        self,
        phone: str,
        name: str | None = None,
        *,
        own: bool = True,
        to: Chat | None = None,
    ) -> Shown:
        """Shares a number: their own, or somebody's from the address book."""
        facts: dict[str, Any] = {"phone_number": phone, "first_name": name or self.name}
        if own:
            facts["user_id"] = self.id
        return self._say(to, None, more={"contact": facts})

    def dice(self, *, to: Chat | None = None) -> Shown:
        """Something that no house expects."""
        return self._say(to, None, more={"dice": {"emoji": "🎲", "value": 4}})

    def forwards(self, text: str, from_name: str = "somebody", *, to: Chat | None = None) -> Shown:
        """Somebody else's words."""
        with self.world.lock:
            date = self.world.now() - 3600
        origin = {"type": "hidden_user", "date": date, "sender_user_name": from_name}
        return self._say(to, None, text=text, entities=markup.automatic(text), origin=origin)

    def edits(self, message: Shown | int, text: str, *, to: Chat | None = None) -> Shown:
        """Corrects one of their own messages (its caption where it has a file)."""
        with self.world.lock:
            talk = self._talk(to)
            msg = talk.messages[number_of(message)]
            assert msg.sender is self.user, "only one's own message can be edited"
            msg.text, msg.entities = text.strip(), markup.automatic(text.strip())
            msg.edited = self.world.now()
            self.world.touch(msg)
            self._tell("edited_message", msg)
            return show(msg, self.user)

    def deletes(self, message: Shown | int, *, to: Chat | None = None) -> None:
        """Takes a message away for both sides; bots are not told."""
        with self.world.lock:
            msg = self._talk(to).messages[number_of(message)]
            msg.deleted = True
            self.world.touch(msg)

    def _file(
        self,
        file: File,
        caption: str = "",
        *,
        reply_to: Shown | int | None = None,
        album: str | None = None,
        to: Chat | None = None,
    ) -> Shown:
        entities = markup.automatic(caption)
        return self._say(to, reply_to, file=file, text=caption, entities=entities, album=album)

    def _say(self, to: Chat | None, reply_to: Shown | int | None, **facts: Any) -> Shown:
        with self.world.lock:
            talk = self._talk(to)
            if reply_to is not None:
                facts["reply"] = talk.messages[number_of(reply_to)]
            msg = self.world.add(talk, self.user, **facts)
            self._tell("message", msg)
            return show(msg, self.user)

    def _tell(self, kind: str, msg: Msg) -> None:
        for bot in [msg.talk.bot] if msg.talk.bot is not None else msg.talk.bots.values():
            if not msg.talk.is_group or bot.reads_all or _meant_for(bot, msg):
                self.world.push(bot, kind, render.message(msg, bot), msg.talk.id)


def _meant_for(bot: Bot, msg: Msg) -> bool:
    """What a bot in privacy mode hears in a group: commands, its name, answers to it."""
    for each in msg.entities:
        if each["type"] == "bot_command":
            named = markup.cut(msg.text, each).partition("@")[2]
            return named in ("", bot.username)
    answers = msg.reply is not None and msg.reply.sender is bot.user
    return answers or f"@{bot.username}" in msg.text
