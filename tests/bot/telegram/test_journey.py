"""A person on Telegram and a whole house: from /start to the receipt, in both modes."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.bot.running import running
from tests.bot.telegram.conftest import Made
from tests.botapi import BotApi, Person, Shown
from tests.botapi.world import Bot


async def in_thread(waits: object, *given: object, **more: object) -> Shown:
    assert callable(waits)
    found = await asyncio.to_thread(waits, *given, **more)
    assert isinstance(found, Shown)
    return found


WAY = (  # what is asked, and what is pressed (a label of it) or written
    ("您遇到什么难处", None, "我想找养老院"),
    ("家里有人照顾", "没有人", None),
    ("和谁一起住", "一个人住", None),
    ("走得动吗", "要人扶", None),
    ("多大年纪", None, "78"),
    ("可以吗", "可以", None),
    ("打哪个电话", None, "13812345678"),
    ("住在哪里", "跳过", None),
    ("要人扶", "对", None),
)


TAKEN = ("没有人", "一个人住", "要人扶", "可以", "跳过", "对的")


async def walks(person: Person) -> list[Shown]:
    """Answers each question; gives what was asked."""
    asked = []
    for question, label, words in WAY:
        shown = await in_thread(
            person.waits_for,
            lambda each, question=question: question in each.text and bool(each.buttons),
        )
        asked.append(shown)
        if label is not None:
            full = next(each for each in shown.labels if label in each)
            person.presses(full, message=shown)
        elif words is not None:
            person.types(words)
    return asked


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_person_opens_the_chat_answers_by_buttons_and_gets_a_receipt(
    mode: str, settings_with: Made, botapi: BotApi, resident_bot: Bot
) -> None:
    granny = botapi.person("李阿婆")
    async with running(settings_with(mode)) as house:
        granny.opens(resident_bot)
        asked = await walks(granny)
        assert asked[0].by != granny.name
        assert "您好" in asked[0].text
        receipt = await in_thread(granny.waits_for, "编号")
        assert any(sign.isdigit() for sign in receipt.text)
        # Under each question stand the constant buttons (返回 where there is something behind it);
        # what was taken as an answer can be seen, once.
        assert [each.labels[-2:] == ("返回", "找人工") for each in asked] == [False] * 2 + [
            True
        ] * 7
        assert all(each.labels[-1] == "找人工" for each in asked)
        taken = [each.text.split("\n")[0] for each in granny.chat() if "✓" in each.text]
        assert taken == [f"✓ {told}" for told in TAKEN]
        async with httpx.AsyncClient(base_url=house.url) as here:
            health = (await here.get("/healthz")).json()
            assert (await here.get("/readyz")).status_code == 200
        assert health["bots"]["telegram"]["poll"]["state"] == "ok"
        figures = await house.client().get("/metrics")
        assert "nuanxin_telegram_taken_in" in figures.text
    assert not botapi.journal.duplicates(resident_bot)
    assert botapi.violations == 0


async def test_the_web_goes_on_while_telegram_is_away_and_everything_comes_afterwards(
    settings_with: Made, botapi: BotApi, resident_bot: Bot
) -> None:
    granny = botapi.person("李阿婆")
    async with running(settings_with()) as house:
        granny.opens(resident_bot)
        await in_thread(granny.waits_for, "您遇到什么难处")
        botapi.goes_down()
        granny.types("我想找养老院")
        async with httpx.AsyncClient(base_url=house.url) as here:
            state = await until_bot(here, "poll", "down")
            assert state["error"] == "unreachable"
            assert (await here.get("/readyz")).status_code == 200
            web = await house.resident()
            assert (await web.say("您好")).status_code == 202
            await web.until(lambda log: len(log) > 1)
            botapi.comes_back()
            await in_thread(granny.waits_for, "家里有人照顾", 20.0)
            assert (await until_bot(here, "poll", "ok"))["error"] is None
    assert not botapi.journal.duplicates(resident_bot)


async def until_bot(here: httpx.AsyncClient, line: str, state: str) -> dict[str, Any]:
    """How a line of the bot is, as soon as it is so."""
    async with asyncio.timeout(20):
        while True:
            found: dict[str, Any] = (await here.get("/healthz")).json()["bots"]["telegram"][line]
            if found["state"] == state:
                return found
            await asyncio.sleep(0.05)


async def test_an_old_button_and_one_of_before_the_restart_are_answered(
    settings_with: Made, botapi: BotApi, resident_bot: Bot
) -> None:
    granny = botapi.person("李阿婆")
    async with running(settings_with()):
        granny.opens(resident_bot)
        first = await in_thread(granny.waits_for, "您遇到什么难处")
    async with running(settings_with()):
        granny.presses("养老照顾", message=first)
        asked = await in_thread(granny.waits_for, "家里有人照顾")
        granny.presses("看病的钱", message=first, late=True)
        await in_thread(granny.waits_for, "已经过去了")
        again = await in_thread(granny.waits_for, "家里有人照顾")
        assert [each.label for each in again.buttons] == [each.label for each in asked.buttons]
