"""A person on Telegram and a whole house: from /start to the receipt, in both modes."""

from __future__ import annotations

import asyncio

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
        hello = await in_thread(granny.waits_for, "您好")
        assert hello.by != granny.name
        asked = await walks(granny)
        receipt = await in_thread(granny.waits_for, "编号")
        assert any(sign.isdigit() for sign in receipt.text)
        # Under each question stand the constant buttons; what was pressed can be seen, once.
        assert all(each.labels[-2:] == ("返回", "找人工") for each in asked)
        pressed = {each.id: each for each in granny.chat() if "✓" in each.text}
        by_button = [shown.id for shown, (_, label, _) in zip(asked, WAY, strict=True) if label]
        assert sorted(pressed) == by_button
        assert all(not each.buttons for each in pressed.values())
        async with httpx.AsyncClient(base_url=house.url) as here:
            health = (await here.get("/healthz")).json()
            assert (await here.get("/readyz")).status_code == 200
        assert health["bots"]["telegram"]["poll"]["state"] == "ok"
        figures = await house.client().get("/metrics")
        assert "nuanxin_telegram_taken_in" in figures.text
    assert not botapi.journal.duplicates(resident_bot)
    assert botapi.violations == 0
