"""That tests which share something heavy are not torn apart between workers."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("alone")
def test_a_group_stands_in_a_tests_name(request: pytest.FixtureRequest) -> None:
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@alone") == grouped
