"""What each refusal of Telegram means; the sentences are Telegram's own."""

from __future__ import annotations

import pytest

from bot.channels.base import SendError
from bot.channels.telegram.errors import fetch_error, one_call, send_error

GONE = {
    (403, "Forbidden: bot was blocked by the user"): "blocked",
    (403, "Forbidden: user is deactivated"): "deactivated",
    (403, "Forbidden: bot was kicked from the group chat"): "kicked",
    (403, "Forbidden: bot was kicked from the supergroup chat"): "kicked",
    (403, "Forbidden: bot is not a member of the channel chat"): "kicked",
    (403, "Forbidden: bot can't initiate conversation with a user"): "never_started",
    (403, "Forbidden: bot can't send messages to bots"): "is_a_bot",
    (403, "Forbidden: something new"): "forbidden",
    (400, "Bad Request: chat not found"): "no_chat",
    (400, "Bad Request: PEER_ID_INVALID"): "no_chat",
    (403, "Forbidden: the group chat was deleted"): "no_chat",
}
DONE = (
    "Bad Request: message is not modified: specified new message content is exactly the same",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",
    "Bad Request: message to delete not found",
)
AT_ONCE = {
    "Bad Request: message is too long": "too_long",
    "Bad Request: message caption is too long": "too_long",
    "Bad Request: BUTTON_DATA_INVALID": "bad_button",
    "Bad Request: can't parse entities: Unsupported start tag": "bad_html",
    "Bad Request: message text is empty": "empty",
    "Bad Request: message to edit not found": "no_message",
    "Bad Request: VOICE_MESSAGES_FORBIDDEN": "no_voice",
    "Bad Request: PHOTO_INVALID_DIMENSIONS": "bad_file",
    "Bad Request: a new sentence": "refused_400",
}


def must(error: SendError | None) -> SendError:
    assert error is not None
    return error


@pytest.mark.parametrize(("said", "code"), GONE.items())
def test_who_cannot_be_reached_any_more(said: tuple[int, str], code: str) -> None:
    error = must(send_error(*said))
    assert (error.code, error.gone, error.retryable, error.everywhere) == (code, True, False, False)


@pytest.mark.parametrize("said", DONE)
def test_what_is_as_good_as_done(said: str) -> None:
    assert send_error(400, said) is None


@pytest.mark.parametrize(("said", "code"), AT_ONCE.items())
def test_what_no_second_try_would_mend(said: str, code: str) -> None:
    error = must(send_error(400, said))
    assert (error.code, error.gone, error.retryable) == (code, False, False)
    assert len(error.code) <= 32


def test_rights_that_are_missing_are_no_absence() -> None:
    error = must(send_error(400, "Bad Request: have no rights to send a message"))
    assert (error.code, error.gone, error.retryable) == ("no_rights", False, False)


@pytest.mark.parametrize("status", [None, 500, 502, 503, 504])
def test_no_answer_is_nobodys_fault(status: int | None) -> None:
    error = must(send_error(status, "Bad Gateway"))
    assert (error.code, error.everywhere) == ("unreachable", True)
    alone = one_call(error)
    assert (alone.code, alone.everywhere, alone.retryable) == ("server_error", False, True)


def test_the_token_the_second_poller_the_pace_and_the_move() -> None:
    assert must(send_error(401, "Unauthorized")).code == "bad_token"
    assert must(send_error(404, "Not Found")).everywhere
    assert must(send_error(409, "Conflict: terminated by other getUpdates")).code == "second_poller"
    slow = must(send_error(429, "Too Many Requests: retry after 7", 7))
    assert (slow.retry_after, slow.retryable, slow.everywhere) == (7, True, False)
    moved = must(send_error(400, "Bad Request: group chat was upgraded", None, -1001))
    assert (moved.moved_to, moved.gone) == ("-1001", False)


def test_files_share_the_meaning() -> None:
    assert fetch_error(send_error(None)).everywhere
    assert fetch_error(send_error(400, "Bad Request: file is too big")).code == "too_big"
    assert fetch_error(None).code == "lost"
