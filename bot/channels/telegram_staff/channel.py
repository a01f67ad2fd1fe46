"""The staff bot as a channel of the house (design §9): translation, and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.channels.base import Message, SendError
from bot.channels.telegram import identity, pace
from bot.channels.telegram.files import File, send_file
from bot.channels.telegram.identity import Identity, account_of
from bot.channels.telegram.line import Raw
from bot.channels.telegram.part import Types
from bot.channels.telegram_staff import layout, reading
from bot.channels.telegram_staff.layout import Part
from bot.channels.telegram_staff.line import FILE_SECONDS, QUICK_SECONDS, Line
from dialogs.wording import Phrases
from handlers.ports import STAFF_CHANNEL, Update
from storage.files import MediaFiles

_TYPES = Types(InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, InputFile)
_HTML: dict[str, Any] = {"parse_mode": ParseMode.HTML}
# Nobody fetches what a resident linked to: it would tell whose page it is that it was read.
_WORDS = _HTML | {"link_preview_options": LinkPreviewOptions(is_disabled=True)}
_NO_MESSAGE = "no_message"  # the message that was to be edited is gone: nothing is left to do


class Staff:
    """The bot that advisors and supervisors write to."""

    name = STAFF_CHANNEL
    reads_danger = False  # a colleague's words about danger are no danger
    abilities = pace.ABILITIES

    def __init__(
        self,
        token: str,
        base: str,
        words: Phrases,
        kept: MediaFiles,
        index: Callable[[str, str], str],
    ) -> None:
        """`base`: where the Bot API is. `words`: what staff read. `index`: vault.index."""
        self.account = account_of(token)
        self.identity = Identity(index, STAFF_CHANNEL, self.account)
        self._kept = kept
        menu = [(name, words.say(f"commands.{name}")) for name in reading.MENU]
        self.line = Line(token, base, menu)

    def to_update(self, raw: Any) -> Update | None:
        """The update in a raw one. Pure."""
        return reading.to_update(raw, self.identity)

    def pause(self, address: str) -> float:
        """Seconds between two messages of a chat; groups have negative ids."""
        return pace.pause(address)

    def parts(self, message: Message) -> tuple[Part, ...]:
        """What is sent for a message. Pure."""
        return layout.parts(message.body)

    async def send(self, message: Message, part: Part) -> str | None:
        """Send one part. Raises SendError."""
        chat = identity.chat_id(message.address)
        if part.leave:
            await self._leave(chat)
            return None
        if part.edit is not None:
            await self._edit(chat, part, part.edit)
            return str(part.edit)
        if part.file is not None:
            sent = await self._send_file(chat, part, part.file)
        else:
            sent = await self.line.judged_call(
                self.line.bot.send_message(chat, part.html, **_WORDS, **_TYPES.around(part))
            )
        return identity.message_id(sent)

    async def coming(self, address: str) -> None:
        """Show that somebody writes."""
        with contextlib.suppress(SendError):
            await self.line.call(
                self.line.bot.send_chat_action(identity.chat_id(address), "typing"), QUICK_SECONDS
            )

    async def fetch(self, source: str, most: int) -> bytes:
        """A file that Telegram holds. Raises FetchError."""
        return await self.line.fetch(source, most)

    async def acknowledged(self, raw: Raw) -> None:
        """End the button's waiting. What it changed is shown by the house, which lays the cards
        out anew."""
        query = raw.get("callback_query")
        if isinstance(query, dict) and query.get("id"):
            with contextlib.suppress(SendError):
                await self.line.call(
                    self.line.bot.answer_callback_query(str(query["id"])), QUICK_SECONDS
                )

    async def _edit(self, chat: int, part: Part, number: int) -> None:
        keyboard = _TYPES.buttons(part.rows)
        editing = self.line.bot.edit_message_text(
            part.html, chat, number, reply_markup=keyboard, **_WORDS
        )
        try:
            await self.line.judged_call(editing)
        except SendError as error:
            if error.code != _NO_MESSAGE:
                raise

    async def _leave(self, chat: int) -> None:
        try:
            await self.line.judged_call(self.line.bot.leave_chat(chat))
        except SendError as error:
            if not error.gone:
                raise

    async def _send_file(self, chat: int, part: Part, file: File) -> Any:
        bot = self.line.bot
        carrying: dict[str, Callable[..., Awaitable[Any]]] = {
            "voice": bot.send_voice,
            "audio": bot.send_audio,
            "photo": bot.send_photo,
            "document": bot.send_document,
        }

        async def send(file: File, data: bytes) -> Any:
            params = _TYPES.carrying(part, file, data)
            return await self.line.judged_call(
                carrying[file.way](chat, **_HTML, **params), FILE_SECONDS
            )

        return await send_file(self._kept, file, send)
