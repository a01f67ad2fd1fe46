"""What Telegram's refusals mean for the house (design §3, 4).

Telegram tells errors apart by sentences (`description`), not by codes; the parts that matter are
listed here. Source: https://core.telegram.org/bots/api#making-requests, and what both libraries
know of them.
"""

from __future__ import annotations

from bot.channels.base import FetchError, SendError

UNREACHABLE, BAD_TOKEN, SECOND_POLLER = "unreachable", "bad_token", "second_poller"
ONE_CALL = "server_error"  # Telegram works, but not for this very call

# As good as done: what was asked for is so already, or has lost its sense.
_DONE = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to delete not found",
    "message can't be deleted",
)
# Parts of a description of 400 or 403 → the short word, and whether the person is gone.
_GONE = {
    "bot was blocked by the user": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot is not a member": "kicked",
    "can't initiate conversation": "never_started",
    "bot can't send messages to bots": "is_a_bot",
    "chat not found": "no_chat",
    "peer_id_invalid": "no_chat",
    "group chat was deactivated": "no_chat",
    "chat was deleted": "no_chat",
    "have no rights to send": "no_rights",
    "not enough rights": "no_rights",
    "need administrator rights": "no_rights",
    "chat_write_forbidden": "no_rights",
    "chat_restricted": "no_rights",
}
_REFUSED = {
    "message is too long": "too_long",
    "caption is too long": "too_long",
    "button_data_invalid": "bad_button",
    "can't parse entities": "bad_html",
    "message text is empty": "empty",
    "file is too big": "too_big",
    "request entity too large": "too_big",
    "message to edit not found": "no_message",
    "message can't be edited": "no_message",
    "message to be replied not found": "no_message",
    "message to reply not found": "no_message",
    "replied message not found": "no_message",
    "voice_messages_forbidden": "no_voice",
    "wrong file": "bad_file",
    "photo_invalid_dimensions": "bad_file",
    "image_process_failed": "bad_file",
}


def send_error(
    status: int | None,
    description: str = "",
    retry_after: float | None = None,
    migrate_to: int | str | None = None,
) -> SendError | None:
    """What becomes of a message that Telegram did not take; None: it is as good as done.

    `status` is the error_code of the answer; None: there was no answer (time-out, no connection,
    something that is not Telegram's JSON).
    """
    said = description.lower()
    if status is None or status >= 500:
        return SendError(UNREACHABLE, retryable=True, everywhere=True)
    if status == 429:
        return SendError("too_fast", retryable=True, retry_after=max(retry_after or 1.0, 1.0))
    if migrate_to is not None:
        return SendError("moved", retryable=True, moved_to=str(migrate_to))
    if status == 401 or (status == 404 and said in ("", "not found")):
        return SendError(
            BAD_TOKEN, retryable=True, everywhere=True
        )  # a token of another shape: 404
    if status == 409:
        return SendError(SECOND_POLLER, retryable=True, everywhere=True)
    if any(part in said for part in _DONE):
        return None
    for part, code in _GONE.items():
        if part in said:
            return SendError(code, gone=code != "no_rights" or status == 403)
    if status == 403:
        return SendError("forbidden", gone=True)
    for part, code in _REFUSED.items():
        if part in said:
            return SendError(code)
    return SendError("too_big" if status == 413 else f"refused_{status}")


def one_call(error: SendError) -> SendError:
    """The same trouble, when Telegram is known to work: only this call is to blame, and counts."""
    return SendError(ONE_CALL, retryable=True) if is_unreachable(error) else error


def is_unreachable(error: SendError) -> bool:
    """Was there no (sensible) answer?"""
    return error.everywhere and error.code == UNREACHABLE


def fetch_error(error: SendError | None) -> FetchError:
    """The same for a file that could not be had."""
    if error is None:
        return FetchError("lost")
    return FetchError(error.code, retryable=error.retryable, everywhere=error.everywhere)
