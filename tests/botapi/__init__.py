"""A Bot API of our own, on loopback: what the house's two bots talk to in tests.

    def test_something(botapi: BotApi) -> None:      # from tests.botapi.fixtures import botapi
        bot = botapi.bot("residents")                # bot.token, bot.id, bot.username
        granny = botapi.person("李阿婆")
        granny.opens(bot, "payload")                 # /start payload
        granny.types("我想找养老院")
        asked = granny.waits_for("几岁")              # or a predicate over Shown
        granny.presses("80 岁以上", message=asked)    # a label or its data → Press
        ...
        assert botapi.journal.calls("sendMessage", chat=granny) == [...]

The server runs in a thread with a loop of its own; everything in this package blocks and is safe
from any thread. In an async test whose own loop serves the bot use ``asyncio.to_thread(
granny.waits_for, "…")``. A house in a process of its own takes ``NUANXIN_TELEGRAM_API_BASE=
botapi.base`` and the token of a bot; `python -m tests.botapi --port N` runs the server alone.

What it does as Telegram does: every call is held against aiogram's models (unknown parameters: 400)
and every answer and update against both libraries'; HTML is parsed; a keyboard, a text, a caption
and a file are refused in Telegram's words; file ids belong to one bot; long polling (the older of
two pollers gets 409), webhooks (secret, retries, one chat's messages one after the other, a
person's presses in a row of their own beside them, as on the real server); message ids of private
chats are one row for the whole bot; in groups a bot hears commands, answers and its name only,
unless ``botapi.bot(…, reads_all=True)``; `limits.Rates`: 30 a second, 1 a second in a private chat
after three at once, 20 a minute in a group (``BotApi(rates=OFF)`` or ``botapi.limits(bot).rates``).

Bad luck: ``botapi.fault("sendMessage", "error", times=3, status=429, retry_after=2, chat=granny)``,
``how``: error, silence (seconds), reset, broken, lost (done, but nobody hears it); the method may
also be a tuple, None (any), "download" (a file) or "webhook" ("lost": the house's 200 is not
heard, so the update comes again). ``with botapi.unreachable():`` refuses connections,
``with botapi.unreachable("reset"):`` resets them.

Afterwards: ``botapi.journal`` has every call with its outcome (``calls``, ``said``, ``duplicates``,
``gaps``), ``botapi.violations`` the 429s of the rate limits, ``botapi.limits(bot).impatient`` those
who came back before retry_after, ``botapi.wrong`` what the server itself did wrong (the fixture
asserts that it is empty). Media: `tests.botapi.media` (ogg, jpeg, pdf, …). ``calling.Caller`` makes
calls by plain HTTP, ``libraries.on_aiogram`` and ``on_telegram`` give a library's bot.

What it does not do: Markdown, inline mode, payments, topics, channels, polls, stories, business;
files by URL. A photo's largest size is the bytes that were sent (Telegram compresses them).
"""

from tests.botapi.api import BotApi
from tests.botapi.groups import Group
from tests.botapi.limits import OFF, Rates
from tests.botapi.people import Person
from tests.botapi.pressing import Press
from tests.botapi.shown import Button, Media, Shown
from tests.botapi.world import Bot

__all__ = [
    "OFF",
    "Bot",
    "BotApi",
    "Button",
    "Group",
    "Media",
    "Person",
    "Press",
    "Rates",
    "Shown",
]
