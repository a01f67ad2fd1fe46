"""Files on their way to a browser, and the link with which staff join by Telegram."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from sqlmodel import col, select

from bot.channels.web import qr
from bot.channels.web.sending import attachment
from bot.channels.web.site import Site
from handlers import staff_links
from handlers.file_names import safe_name
from handlers.ports import STAFF_CHANNEL, Refused
from storage import bots, conversations, media
from storage.audit import Audit
from storage.database import Db
from tests.bot.running import Running

ACCOUNT = "77"
PAGE = b"<script>alert(1)</script>"


@pytest.fixture
def staff_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the staff's bot had a token: no bot is started here."""
    monkeypatch.setattr(Site, "staff_bot", property(lambda _: ACCOUNT))


async def known(house: Running) -> None:
    name = bots.line_name(STAFF_CHANNEL, ACCOUNT, bots.POLL)
    now = house.app.clock.now()
    await house.app.database.write(bots.tell, name, bots.OK, None, now, "nx_staff_bot")


@pytest.mark.parametrize("role", ["advisor", "supervisor"])
@pytest.mark.usefixtures("staff_bot")
async def test_a_link_to_the_staff_bot(house: Running, role: str) -> None:
    desk = await house.staff("李顾问", role)
    answer = await desk.post("telegram")
    assert (answer.status_code, answer.json()["error"]) == (404, "no_bot")
    assert (await desk.get("me"))["telegram"] is None
    await known(house)
    assert (await desk.get("me"))["telegram"] == {"linked": False}
    answer = await desk.post("telegram")
    assert answer.status_code == 200
    found = answer.json()
    head, _, token = found["link"].partition("?start=")
    assert head == "https://t.me/nx_staff_bot"
    assert found["minutes"] == 15
    assert found["qr"]["size"] > 20
    with pytest.raises(Refused, match="bad_token"):
        await house.app.database.write(staff_links.open_link, token, house.app.clock.now())
    acts = await house.app.database.read(_acts, desk.me["id"])
    assert "telegram_link" in acts


@pytest.mark.usefixtures("staff_bot")
async def test_nobody_else_gets_a_link(house: Running) -> None:
    await known(house)
    page, desk = await house.resident(), await house.staff("李顾问")
    for client in (house.client(), page.client):
        assert (await client.post("/desk/api/telegram", json={})).status_code == 401
    without = await desk.client.post("/desk/api/telegram", json={}, headers={"X-CSRF-Token": "x"})
    assert (without.status_code, without.json()["error"]) == (403, "csrf")


async def test_no_token_no_link(house: Running) -> None:
    await known(house)
    desk = await house.staff("李顾问")
    assert (await desk.post("telegram")).status_code == 404
    assert (await desk.get("me"))["telegram"] is None


async def test_the_desk_says_when_a_bot_is_down(house: Running) -> None:
    advisor, boss = await house.staff("李顾问"), await house.staff("王主管", "supervisor")
    assert (await advisor.get("queue"))["troubles"] == []
    now = house.app.clock.now()
    await house.app.database.write(
        bots.tell, "telegram:4242:send", bots.DOWN, "bad_token", now, "nx_bot"
    )
    (line,) = (await advisor.get("queue"))["troubles"]
    assert "Telegram" in line
    (reason,) = (await boss.get("board"))["troubles"]
    assert reason != line, "in what way is for supervisors"
    assert (await advisor.client.get("/desk/api/board")).status_code == 403
    assert "nx_bot" not in str(await advisor.get("me")) + line + reason


async def test_a_document_is_saved_and_never_opened(house: Running) -> None:
    page = await house.resident()
    await page.say("想进养老院")
    await page.until(lambda log: len(log) >= 2)
    name, media_id = "缴费单\u202efdp.html", ""
    for kind, mime in (
        ("document", "text/html"),
        ("photo", "image/svg+xml"),
        ("film", "video/mp4"),
    ):
        media_id = await house.app.database.write(_file, kind, mime, name, house.app.clock.now())
        house.app.files.write(media_id, PAGE)
        boss = await house.staff(f"主管{kind}", "supervisor")
        for client, path in ((boss.client, "/desk/api/media/"), (page.client, "/chat/media/")):
            answer = await client.get(path + media_id)
            assert (answer.status_code, answer.content) == (200, PAGE)
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            how = answer.headers["content-disposition"]
            assert how.startswith("attachment;")
            assert unquote(how.rpartition("''")[2]) == safe_name(name, mime)
            assert ".html" not in unquote(how)
            part = await client.get(path + media_id, headers={"Range": "bytes=0-3"})
            assert (part.status_code, part.content) == (206, PAGE[:4])
            assert part.headers["content-disposition"] == how
    other = await house.resident()
    assert (await other.client.get("/chat/media/" + media_id)).status_code == 404


async def test_a_photo_is_shown_in_the_page(house: Running) -> None:
    page = await house.resident()
    await page.say("想进养老院")
    await page.until(lambda log: len(log) >= 2)
    now = house.app.clock.now()
    media_id = await house.app.database.write(_file, "photo", "image/jpeg", None, now)
    house.app.files.write(media_id, b"\xff\xd8\xff")
    answer = await page.client.get("/chat/media/" + media_id)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == "inline"


@pytest.mark.parametrize("name", [None, "a\r\nSet-Cookie: x.pdf", "长" * 300 + ".pdf", 'a";b.exe'])
def test_a_files_name_fits_a_header(name: str | None) -> None:
    header = attachment(name, "application/pdf", "document")
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert unquote(header.rpartition("''")[2]) == safe_name(name, "application/pdf", "document")


def test_a_square_code_holds_a_quiet_border() -> None:
    found = qr.code("https://t.me/nx_staff_bot?start=" + "a" * 32)
    assert found["size"] >= 21 + 2 * qr.BORDER
    assert found["path"].startswith(f"M{qr.BORDER} {qr.BORDER}h7")  # the corner's square
    assert set(found["path"]) <= set("Mhvz- 0123456789")


def _file(db: Db, kind: str, mime: str, name: str | None, now: object) -> str:
    talk = db.execute(select(conversations.Conversation)).scalars().first()
    assert talk is not None
    media_id = f"{kind:x<32}"[:32].encode().hex()[:32]
    media.add(
        db,
        media_id=media_id,
        conversation_id=talk.id,
        kind=kind,
        mime=mime,
        size=len(PAGE),
        seconds=None,
        name=name,
        now=now,  # type: ignore[arg-type]
    )
    return media_id


def _acts(db: Db, staff_id: str) -> list[str]:
    return list(db.execute(select(Audit.act).where(col(Audit.staff_id) == staff_id)).scalars())
