"""Cookies: a device (not a person) and a staff session."""

from __future__ import annotations

import hmac
import re
import secrets

from starlette.responses import Response

from storage.crypto import Vault

DEVICE, STAFF = "nx_device", "nx_staff"
_TOKEN_BYTES = 32  # 256 bits
_SIGNATURE = 32  # hex digits: 128 bits
_DEVICE = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9a-f]{32})")
_DAY = 86_400


def new_device(vault: Vault) -> str:
    """A fresh cookie's value: 256 random bits and their signature."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    return f"{token}.{_sign(vault, token)}"


def sender_of(vault: Vault, value: str | None) -> str | None:
    """The keyed hash that names the device in the tables; None for a forged or missing cookie."""
    found = _DEVICE.fullmatch(value or "")
    if found is None or not hmac.compare_digest(_sign(vault, found[1]), found[2]):
        return None
    return vault.index("sender", f"web:{found[1]}")


def _sign(vault: Vault, token: str) -> str:
    return vault.index("device cookie", token)[:_SIGNATURE]


def set_device(response: Response, value: str, *, days: int, secure: bool) -> None:
    """Let the browser keep the device's cookie."""
    response.set_cookie(
        DEVICE, value, max_age=days * _DAY, path="/", httponly=True, samesite="lax", secure=secure
    )


def set_staff(response: Response, token: str, *, seconds: int, secure: bool) -> None:
    """Let the browser keep a staff session; never sent from another site."""
    response.set_cookie(
        STAFF,
        token,
        max_age=seconds,
        path="/desk",
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def end_staff(response: Response, *, secure: bool) -> None:
    """Let the browser forget the staff session."""
    response.delete_cookie(STAFF, path="/desk", httponly=True, samesite="strict", secure=secure)
