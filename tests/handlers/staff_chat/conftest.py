"""The staff's bot on the street of tests."""

from __future__ import annotations

import pytest

from tests.handlers.staff_chat.office import Office
from tests.handlers.street import Street


@pytest.fixture
def office(street: Street) -> Office:
    """A staff bot whose messages can be read."""
    return Office(street)
