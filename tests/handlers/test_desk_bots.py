"""The house's bots as staff see them: a line when one is down, and a link to join by Telegram."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers import staff_links
from handlers.desk import bots as desk_bots
from handlers.desk import lists
from handlers.ports import STAFF_CHANNEL, Refused, Viewer
from handlers.supervisors.board import board
from storage import bots, conversations, staff_chats
from storage.audit import Audit
from storage.database import Db
from tests.handlers.street import Street, conversations_of


def down(street: Street, name: str, error: str | None = None, **ago: float) -> None:
    street.write(
        bots.tell,
        name,
        bots.DOWN if error else bots.OK,
        error,
        street.now - timedelta(**ago),
        "nuanxin_bot",
    )


def lines(street: Street, viewer: Viewer) -> tuple[str, ...]:
    shown = street.write(lists.queue, viewer, street.now, street.house)
    if viewer.is_supervisor:
        whole = street.write(board, viewer, street.now, street.house)
        assert whole.troubles == shown.troubles
    return shown.troubles


def test_a_bot_that_is_down_is_one_line_since_when(
    street: Street, li: Viewer, wang: Viewer
) -> None:
    assert lines(street, li) == lines(street, wang) == ()
    down(street, "telegram:4242:poll", "unreachable", minutes=10)
    down(street, "telegram:4242:send", "unreachable", minutes=5)
    assert lines(street, li) == lines(street, wang) == ("Telegram 连不上,9:02 起;网页照常",)
    down(street, "telegram:4242:poll")
    down(street, "telegram:4242:send")
    assert lines(street, li) == ()
    down(street, "telegram_staff:77:poll", "second_poller", hours=20)
    assert "昨天 13:12" in lines(street, li)[0]
    assert "连不上" in lines(street, li)[0], "in what way is for supervisors"
    assert "占着" in lines(street, wang)[0]


def test_a_bot_whose_token_was_taken_away_is_forgotten(street: Street, wang: Viewer) -> None:
    street.write(bots.take, "telegram:4242:poll", "o", street.now, 30.0)
    down(street, "telegram:4242:poll", "bad_token", minutes=1)
    assert len(lines(street, wang)) == 1
    street.now += timedelta(hours=2)
    assert lines(street, wang) == ()


def test_a_link_to_the_staff_bot_is_ones_own_and_audited(street: Street, li: Viewer) -> None:
    for account in (None, "77"):
        with pytest.raises(Refused, match="no_bot"):
            street.write(desk_bots.join_link, li, account, street.now, street.house)
        assert not street.write(desk_bots.joining, li, account).can
    street.write(bots.tell, f"{STAFF_CHANNEL}:77:poll", bots.OK, None, street.now, "nx_staff_bot")
    link = street.write(desk_bots.join_link, li, "77", street.now, street.house)
    head, _, token = link.partition("?start=")
    assert head == "https://t.me/nx_staff_bot"
    assert 16 <= len(token) <= 64
    assert token.replace("-", "").replace("_", "").isalnum()
    with pytest.raises(Refused, match="bad_token"):
        street.write(staff_links.open_link, token, street.now)
    acts = [row.act for row in street.rows(Audit, staff_id=li.id)]
    assert "telegram_link" in acts
    with pytest.raises(Refused, match="no_bot"):
        street.write(desk_bots.join_link, li, "78", street.now, street.house)


def test_whether_somebody_has_joined(street: Street, li: Viewer) -> None:
    chat = street.resident()
    street.write(bots.tell, f"{STAFF_CHANNEL}:77:poll", bots.OK, None, street.now, "nx_staff_bot")
    assert street.write(desk_bots.joining, li, "77") == desk_bots.Joining(can=True, linked=False)
    chat.posts(text="您好")
    street.write(_link, conversations_of(street, chat.who).id, li.id, street)
    assert street.write(desk_bots.joining, li, "77") == desk_bots.Joining(can=True, linked=True)


def _link(db: Db, conversation_id: str, staff_id: str, street: Street) -> None:
    conversations.lock(db, conversation_id)
    db.add(
        staff_chats.StaffChat(
            conversation_id=conversation_id,
            account="77",
            staff_id=staff_id,
            linked_at=street.now,
        )
    )
