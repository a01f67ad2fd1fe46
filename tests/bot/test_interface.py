"""The HTTP interface as it is described, with whatever schemathesis thinks of: never a 5xx."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from bot.app import build
from bot.channels.web import cookies
from bot.settings import Settings
from handlers import staff
from tests.bot.running import Understood

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis


@pytest.fixture
def described(settings: Settings) -> Iterator[tuple[Any, dict[str, dict[str, str]]]]:
    """The application with its description, and the headers of each role."""
    app = build(settings, understanding=Understood())
    now, house = app.clock.now(), app.house
    headers: dict[str, dict[str, str]] = {}
    device = cookies.new_device(app.database.vault)
    headers["resident"] = {"Cookie": f"{cookies.DEVICE}={device}", "X-Nuanxin": "1"}
    write = app.database.write_blocking
    for role in ("advisor", "supervisor"):
        token = write(staff.invite, role, role, house.office.units[0], "", now, house)
        session, _ = write(staff.join, token, role, "x", now, house)
        found = app.database.read_blocking(staff.viewer_of, session, now)
        assert found is not None
        headers[role] = {"Cookie": f"{cookies.STAFF}={session}", "X-CSRF-Token": found[1]}
    yield app.web(describe=True), headers
    app.database.close_blocking()
    app.passwords.close()


@pytest.mark.slow
def test_no_fault_of_ours_whatever_is_asked(
    described: tuple[Any, dict[str, dict[str, str]]],
) -> None:
    web, roles = described
    schema = schemathesis.openapi.from_asgi("/openapi.json", web)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) > 25
    asked = sum(_ask(each, roles) for each in operations)
    assert asked > 100


def _ask(operation: Any, roles: dict[str, dict[str, str]]) -> int:
    """Ask some thought-up cases of one operation; how many."""
    headers = roles["resident" if operation.path.startswith("/chat") else "supervisor"]
    asked = 0

    @hypothesis.given(case=operation.as_strategy())
    @hypothesis.settings(
        max_examples=8, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        answer = case.call(headers=headers)
        assert answer.status_code < 500, (case.method, case.path, case.body, answer.text)
        if answer.status_code >= 400:
            assert set(answer.json()) >= {"error", "say"}

    ask()
    return asked
