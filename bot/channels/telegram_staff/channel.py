"""The staff bot as a channel of the house (design §9): translation, and nothing else."""

from __future__ import annotations

import asyncio
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

from bot.channels.base import Abilities, Message, SendError
from bot.channels.telegram import files, identity
from bot.channels.telegram.files import File
from bot.channels.telegram.identity import Identity, account_of
from bot.channels.telegram.line import Raw
from bot.channels.telegram.text import TEXT_LIMIT
from bot.channels.telegram_staff import layout, reading
from bot.channels.telegram_staff.layout import Part, Rows
from bot.channels.telegram_staff.line import FILE_SECONDS, QUICK_SECONDS, Line
from dialogs.wording import Phrases
from handlers.ports import STAFF_CHANNEL, Update
from storage.files import MediaFiles

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 30 a second over
# all chats, one a second in each, twenty a minute in a group
A_SECOND = 30.0
CHAT_PAUSE, GROUP_PAUSE = 1.0, 3.0
_AS_A_DOCUMENT = ("bad_file", "no_voice")  # refusals after which a file may still go as one
# Nobody fetches what a resident linked to: it would tell whose page it is that it was read.
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NO_MESSAGE = "no_message"  # the message that was to be edited is gone: nothing is left to do


class Staff:
    """The bot that advisors and supervisors write to."""

    name = STAFF_CHANNEL
    reads_danger = False  # a colleague's words about danger are no danger
    abilities = Abilities(place=True, edit=True, text_limit=TEXT_LIMIT, a_second=A_SECOND)

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
        return GROUP_PAUSE if address.startswith("-") else CHAT_PAUSE

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
                self.line.bot.send_message(
                    chat, part.html, link_preview_options=_NO_PREVIEW, **_around(part)
                )
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
        keyboard = _keyboard(part.rows) if part.rows else None
        editing = self.line.bot.edit_message_text(
            part.html,
            chat,
            number,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
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
        try:
            data, file = await asyncio.to_thread(files.load, self._kept, file)
        except FileNotFoundError:
            raise SendError("media_lost") from None
        try:
            return await self.line.judged_call(self._carrying(chat, part, file, data), FILE_SECONDS)
        except SendError as error:
            if file.way == "document" or error.code not in _AS_A_DOCUMENT:
                raise
        upload = InputFile(data, file.name)
        as_document = self.line.bot.send_document(chat, upload, **_captioned(part))
        return await self.line.judged_call(as_document, FILE_SECONDS)

    def _carrying(self, chat: int, part: Part, file: File, data: bytes) -> Awaitable[Any]:
        bot, around = self.line.bot, _captioned(part)
        upload = InputFile(data, file.name)
        if file.way == "voice":
            return bot.send_voice(chat, upload, duration=file.seconds, **around)
        if file.way == "audio":
            return bot.send_audio(chat, upload, duration=file.seconds, **around)
        if file.way == "photo":
            return bot.send_photo(chat, upload, **around)
        return bot.send_document(chat, upload, **around)


def _around(part: Part) -> dict[str, Any]:
    """What goes with every kind of message."""
    around: dict[str, Any] = {"parse_mode": ParseMode.HTML}
    if part.rows:
        around["reply_markup"] = _keyboard(part.rows)
    if part.reply_to is not None:
        around["reply_parameters"] = ReplyParameters(
            part.reply_to, allow_sending_without_reply=True
        )
    if part.silent:
        around["disable_notification"] = True
    return around


def _captioned(part: Part) -> dict[str, Any]:
    return _around(part) | ({"caption": part.html} if part.html else {})


def _keyboard(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=value) for label, value in row] for row in rows]
    )
