"""The route that Telegram calls: who may, what it answers, and when."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.telegram.webhook import HEADER, MOST_BYTES, router
from tests.bot.telegram.fakes import text

SECRET = "a-secret-of-sixteen"
PATH = "/telegram/residents"


class FakeTakeIn:
    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.full = False

    async def take(self, raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.full:
            return raws
        self.taken += raws
        return []


@pytest.fixture
def taking() -> FakeTakeIn:
    return FakeTakeIn()


@pytest.fixture
def telegram(taking: FakeTakeIn) -> httpx.AsyncClient:
    app, given = FastAPI(), taking
    anything: Any = given
    app.include_router(router(PATH, SECRET, anything))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://house", headers={HEADER: SECRET}
    )


async def test_an_update_is_stored_and_confirmed(
    telegram: httpx.AsyncClient, taking: FakeTakeIn
) -> None:
    for _ in range(2):  # repeats are the inbox's to know
        answer = await telegram.post(PATH, json=text(1, "您好"))
        assert answer.status_code == 200
    assert taking.taken == [text(1, "您好")] * 2


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "错"])
async def test_without_the_secret_nothing_is_read(
    telegram: httpx.AsyncClient, taking: FakeTakeIn, secret: str
) -> None:
    headers = {HEADER: secret.encode()}
    answer = await telegram.post(PATH, content=b"{", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403
    del telegram.headers[HEADER]
    assert (await telegram.post(PATH, json=text(1, "您好"))).status_code == 403
    assert taking.taken == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff\xfe", b"[" * 100_000])
async def test_what_telegram_never_sends(
    telegram: httpx.AsyncClient, taking: FakeTakeIn, body: bytes
) -> None:
    assert (await telegram.post(PATH, content=body)).status_code == 400
    assert taking.taken == []


async def test_too_much(telegram: httpx.AsyncClient, taking: FakeTakeIn) -> None:
    answer = await telegram.post(PATH, content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413


async def test_what_cannot_be_stored_comes_again(
    telegram: httpx.AsyncClient, taking: FakeTakeIn
) -> None:
    taking.full = True
    answer = await telegram.post(PATH, json=text(1, "您好"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


async def test_only_posts(telegram: httpx.AsyncClient) -> None:
    assert (await telegram.get(PATH)).status_code == 405
