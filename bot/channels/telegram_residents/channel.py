"""The residents' bot as a channel of the house (design §9): translation, and nothing else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyParameters,
)

from bot.channels.base import Message, SendError
from bot.channels.telegram import identity, pace
from bot.channels.telegram.files import File, send_file
from bot.channels.telegram.identity import Identity, account_of
from bot.channels.telegram.line import Raw
from bot.channels.telegram.part import Part, Types
from bot.channels.telegram_residents import layout, reading
from bot.channels.telegram_residents.line import FILE_SECONDS, QUICK_SECONDS, Line
from dialogs.wording import Phrases
from handlers.ports import Update
from handlers.talk import SEEN
from storage.files import MediaFiles

NAME = "telegram"
_TYPES = Types(InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, BufferedInputFile)
_CARRYING: Mapping[str, Callable[..., TelegramMethod[Any]]] = {
    "voice": methods.SendVoice,
    "audio": methods.SendAudio,
    "photo": methods.SendPhoto,
    "document": methods.SendDocument,
}
_LEFT_FOR = 60.0  # seconds in which a group is not told again
_MOST_LEFT = 1_000


class Residents:
    """The bot that residents write to."""

    name = NAME
    reads_danger = True
    abilities = pace.ABILITIES

    def __init__(
        self,
        token: str,
        base: str,
        words: Phrases,
        files: MediaFiles,
        index: Callable[[str, str], str],
        *,
        may_edit: Callable[[], bool] = lambda: True,
    ) -> None:
        """`index`: vault.index. `may_edit`: whether the pace leaves room for what is only nice."""
        self.account = account_of(token)
        self.identity = Identity(index, NAME, self.account)
        self._words, self._files, self.may_edit = words, files, may_edit
        menu = [(name, words.say(f"talk.taps.{name}")) for name in reading.COMMANDS]
        self.line = Line(token, base, menu)
        self._left: dict[int, float] = {}

    def to_update(self, raw: Any) -> Update | None:
        """The update in a raw one. Pure."""
        return reading.to_update(raw, self.identity)

    def pause(self, address: str) -> float:
        """Seconds between two messages of a chat; groups have negative ids."""
        return pace.pause(address)

    def parts(self, message: Message) -> tuple[Part, ...]:
        """What is sent for a message. Pure."""
        return layout.parts(message.body, self._words)

    async def send(self, message: Message, part: Part) -> str | None:
        """Send one part. Raises SendError."""
        chat = identity.chat_id(message.address)
        if part.file is None:
            sent = await self.line.judged_call(
                methods.SendMessage(chat_id=chat, text=part.html, **_TYPES.around(part))
            )
        else:
            sent = await self._send_file(chat, part, part.file)
        return identity.message_id(sent)

    async def coming(self, address: str) -> None:
        """Show that somebody writes."""
        with contextlib.suppress(SendError):
            action = methods.SendChatAction(chat_id=identity.chat_id(address), action="typing")
            await self.line.call(action, QUICK_SECONDS)

    async def fetch(self, source: str, most: int) -> bytes:
        """A file that Telegram holds. Raises FetchError."""
        return await self.line.fetch(source, most)

    async def _send_file(self, chat: int, part: Part, file: File) -> Any:
        async def send(file: File, data: bytes) -> Any:
            params = _TYPES.carrying(part, file, data)
            return await self.line.judged_call(
                _CARRYING[file.way](chat_id=chat, **params), FILE_SECONDS
            )

        return await send_file(self._files, file, send)

    # ------------------------------------------------------------ after the commit

    async def acknowledged(self, raw: Raw) -> None:
        """Answer a pressed button and take its keyboard away; leave groups."""
        with contextlib.suppress(SendError):
            if identity.is_group(raw):
                await self._leave(raw)
            elif isinstance(raw.get("callback_query"), dict):
                await self._answer(raw["callback_query"])

    async def _answer(self, query: Mapping[str, Any]) -> None:
        # Said at once, and true of every press: it is stored. What comes of it is the house's to
        # say, and may have to wait for the chat's rest; of a second press of one button, or of an
        # old one while a human speaks, nothing comes.
        heard = methods.AnswerCallbackQuery(
            callback_query_id=str(query.get("id")), text=self._words.say("telegram.press_heard")
        )
        await self.line.call(heard, QUICK_SECONDS)
        shown, label = query.get("message"), _label(query)
        if not isinstance(shown, dict) or label is None or not self.may_edit():
            return
        chat, number = identity.chat_of({"message": shown}), shown.get("message_id")
        if chat is not None and isinstance(number, int):
            data = str(query.get("data"))
            await self.line.call(self._marked(chat, number, shown, label, data))

    def _marked(
        self, chat: int, number: int, shown: Mapping[str, Any], label: str, data: str
    ) -> TelegramMethod[Any]:
        """The call that takes the buttons away.

        Whether a press was an answer is not known yet: the house's next message says so
        (layout.parts). Only 看到了 is done by the press itself, and leaves its mark here.
        """
        if not data.startswith(SEEN):
            return methods.EditMessageReplyMarkup(chat_id=chat, message_id=number)
        said, caption = shown.get("text"), shown.get("caption")
        if isinstance(said, str):
            whole = layout.pressed(said, label, self._words)
            if whole is not None:
                return methods.EditMessageText(chat_id=chat, message_id=number, text=whole)
        elif isinstance(caption, str):
            whole = layout.pressed(caption, label, self._words, caption=True)
            if whole is not None:
                return methods.EditMessageCaption(chat_id=chat, message_id=number, caption=whole)
        return methods.EditMessageReplyMarkup(chat_id=chat, message_id=number)

    async def _leave(self, raw: Raw) -> None:
        """Say in a group that we talk with one person only, and leave it."""
        chat = identity.chat_of(raw)
        if chat is None:
            return
        if not _is_inside(raw):
            self._left.pop(chat, None)  # whoever brings us in once more is told once more
            return
        now = time.monotonic()
        if self._left.get(chat, -_LEFT_FOR) > now - _LEFT_FOR:
            return
        if len(self._left) >= _MOST_LEFT:
            self._left.clear()
        self._left[chat] = now
        with contextlib.suppress(SendError):
            say = methods.SendMessage(chat_id=chat, text=self._words.say("telegram.group"))
            await self.line.call(say)
        try:
            await self.line.call(methods.LeaveChat(chat_id=chat))
        except SendError:
            self._left.pop(chat, None)  # again at the next update
            raise


def _is_inside(raw: Raw) -> bool:
    """Whether we are still in the group that an update comes from."""
    change = raw.get("my_chat_member")
    if not isinstance(change, dict):
        return True
    member = change.get("new_chat_member")
    return isinstance(member, dict) and member.get("status") not in ("left", "kicked")


def _label(query: Mapping[str, Any]) -> str | None:
    """What stands on the button that was pressed."""
    message = query.get("message")
    keyboard = message.get("reply_markup") if isinstance(message, dict) else None
    rows = keyboard.get("inline_keyboard") if isinstance(keyboard, dict) else None
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and button.get("callback_data") == query.get("data"):
                return str(button.get("text"))
    return None
