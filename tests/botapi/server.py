"""The HTTP side: paths, faults, checks, answers. Runs on one loop."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.botapi import check, editing, looking, parameters, sending
from tests.botapi.errors import ApiError
from tests.botapi.faults import Fault, Faults
from tests.botapi.files import MOST_UPLOAD
from tests.botapi.journal import Call, Journal
from tests.botapi.limits import Limits, Rates
from tests.botapi.lines import Line
from tests.botapi.serving import Asked
from tests.botapi.world import Bot, World

PLAIN: dict[str, Callable[[Asked], Any]] = {
    "getMe": looking.get_me,
    "getChat": looking.get_chat,
    "getChatMember": looking.get_chat_member,
    "leaveChat": looking.leave_chat,
    "getFile": looking.get_file,
    "setMyCommands": looking.set_my_commands,
    "getMyCommands": looking.get_my_commands,
    "deleteMyCommands": looking.delete_my_commands,
    "setMyDescription": looking.set_my_description,
    "getMyDescription": looking.get_my_description,
    "setMyShortDescription": looking.set_my_short_description,
    "getMyShortDescription": looking.get_my_short_description,
    "setMyName": looking.set_my_name,
    "getMyName": looking.get_my_name,
    "setChatMenuButton": looking.set_chat_menu_button,
    "getChatMenuButton": looking.get_chat_menu_button,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendVoice": sending.send_voice,
    "sendAudio": sending.send_audio,
    "sendDocument": sending.send_document,
    "sendVideo": sending.send_video,
    "sendMediaGroup": sending.send_media_group,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMessageReaction": editing.set_message_reaction,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
}
ON_THE_LINE = {
    "getUpdates": Line.get_updates,
    "setWebhook": Line.set_webhook,
    "deleteWebhook": Line.delete_webhook,
    "getWebhookInfo": Line.webhook_info,
}
METHODS = (*PLAIN, *ON_THE_LINE)
_NAMES = {each.lower(): each for each in METHODS}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")


class Server:
    """Everything that needs the loop. ``wrong``: answers of our own that no library knows."""

    def __init__(self, world: World, *, validate: bool, rates: Rates, retry_unit: float) -> None:
        self.world, self.validate, self.rates = world, validate, rates
        self.retry_unit = retry_unit
        self.journal, self.faults = Journal(), Faults()
        self.down: str | None = None
        self.wrong: list[str] = []
        self.limits: dict[int, Limits] = {}
        self.lines: dict[int, Line] = {}
        self.application = web.Application(client_max_size=MOST_UPLOAD + 1_000_000)
        self.application.router.add_route("*", "/bot{token}/{method}", self._call)
        self.application.router.add_get("/file/bot{token}/{path:.+}", self._download)

    def connect(self, bot: Bot) -> None:
        """A new bot can be called from now on; on the loop."""
        line = Line(self.world, bot, self.journal, self.faults, self._execute, self.retry_unit)
        self.lines[bot.id] = line
        self.limits[bot.id] = Limits(self.rates)

    async def stop(self) -> None:
        for each in self.lines.values():
            await each.stop()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if self.down is not None:
            return await self._cut(request)
        token, name = request.match_info["token"], request.match_info["method"]
        try:
            bot = self._bot(token)
            given = await parameters.read(request)
        except ApiError as error:
            return _json(error.body(), error.code)
        method = _NAMES.get(name.lower(), name)
        call = self.journal.begin(bot.id, method, given.params | given.files)
        fault = self.faults.meet(bot.id, method.lower(), given.params.get("chat_id"))
        if fault is not None:
            call.fault = fault.how
        try:
            if fault is not None and fault.how in ("error", "silence", "reset"):
                return await self._fails(request, fault, call)
            body, status = await self._answer(bot, given, call)
        except asyncio.CancelledError:
            call.fault = call.fault or "gone"  # the caller closed the connection
            raise
        call.seconds = asyncio.get_running_loop().time() - call.at
        if fault is not None and fault.how == "lost":
            return await self._cut(request)
        call.status = status
        if fault is not None and fault.how == "broken":
            cut = json.dumps(body)[:-7].encode()
            return web.Response(body=cut, content_type="application/json", status=status)
        return _json(body, status)

    def _bot(self, token: str) -> Bot:
        bot = self.world.bots.get(token)
        if bot is None:
            known = _TOKEN.fullmatch(token) is not None
            raise ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found")
        return bot

    async def _fails(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
        if fault.how == "error":
            error = fault.error()
            call.status, call.description = error.code, error.description
            call.retry_after = error.parameters.get("retry_after")
            return _json(error.body(), error.code)
        if fault.how == "silence":
            await asyncio.sleep(fault.seconds)
        return await self._cut(request)

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        """The connection is reset (RST, not FIN)."""
        transport = request.transport
        if transport is not None:
            plug = transport.get_extra_info("socket")
            if plug is not None:
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        return web.Response(status=500)

    async def _answer(
        self, bot: Bot, given: parameters.Given, call: Call
    ) -> tuple[dict[str, Any], int]:
        try:
            result = await self._carry_out(bot, given, call)
        except ApiError as error:
            call.description = error.description
            call.retry_after = error.parameters.get("retry_after")
            return error.body(), error.code
        call.result = result
        body = {"ok": True, "result": result}
        if call.description:
            body["description"] = call.description
        return body, 200

    async def _carry_out(self, bot: Bot, given: parameters.Given, call: Call) -> Any:
        if call.method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        if self.validate:
            check.call(call.method, given)
        asked = Asked(self.world, bot, given.params, given.files, self.limits[bot.id], call)
        if call.method in ON_THE_LINE:
            result = await ON_THE_LINE[call.method](self.lines[bot.id], asked)
        else:
            with self.world.lock:
                result = PLAIN[call.method](asked)
        if self.validate and call.method != "getUpdates":  # updates were checked one by one
            try:
                check.answer(call.method, result)
            except check.Strange as strange:
                self.wrong.append(str(strange))
                raise ApiError(500, f"The test server is wrong: {strange}") from strange
        return result

    async def _execute(self, bot: Bot, method: str, params: dict[str, Any]) -> Any:
        """A call that came as the answer to a webhook."""
        given = parameters.Given(params, {})
        call = self.journal.begin(bot.id, _NAMES.get(method.lower(), method), params)
        _, call.status = await self._answer(bot, given, call)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if self.down is not None:
            return await self._cut(request)
        path = request.match_info["path"]
        try:
            bot = self._bot(request.match_info["token"])
        except ApiError as error:
            return _json(error.body(), error.code)
        call = self.journal.begin(bot.id, "download", {"path": path})
        fault = self.faults.meet(bot.id, "download", None)
        if fault is not None:
            call.fault = fault.how
            if fault.how == "broken":
                file = bot.paths.get(path)
                half = file.data[: len(file.data) // 2] if file else b""
                return web.Response(body=half, content_type="application/octet-stream")
            return await self._fails(request, fault, call)
        file = bot.paths.get(path)
        call.status = 404 if file is None else 200
        if file is None:
            return _json(ApiError(404, "Not Found").body(), 404)
        call.result = True
        return web.Response(body=file.data, content_type="application/octet-stream")


def _json(body: dict[str, Any], status: int) -> web.Response:
    response = web.Response(
        body=json.dumps(body).encode(), content_type="application/json", status=status
    )
    after = body.get("parameters", {}).get("retry_after")
    if after:
        response.headers["Retry-After"] = str(after)
    return response
