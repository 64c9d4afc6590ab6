"""The console's way of one purchase: what it says of its call."""

from typing import Any

import pytest

from console.routes.purchases import applied

ONE = {"supplier": "tongxin"}


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ({"applications": []}, "申报未开启"),
        ({"applications": [ONE]}, "申报未开启"),
        ({"applications": [ONE], "closed_at": "2026-03-10", "unopened": True}, "申报未开启"),
        ({"applications": [ONE], "closed_at": "2026-03-10", "unopened": False}, "申报 1 家"),
        ({"applications": [], "closed_at": "2026-03-10"}, "申报 0 家"),
        ({"applications": [ONE], "panel": {"drawn": []}}, "申报 1 家"),
    ],
)
def test_P_10_how_many_applied_is_said_once_their_applications_are_open(
    state: dict[str, Any], text: str
) -> None:
    """Of one that stands in its call already others may lie sealed besides."""
    assert applied(state) == text
