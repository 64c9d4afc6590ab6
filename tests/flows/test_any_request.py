"""Whatever the described API admits, and much that it doesn't, as some roles: never a fault of ours.

As every role, and more often: `make fuzz`.
"""

from collections.abc import Iterator

import pytest

from tests.fuzz.anything import ANONYMOUS, tried
from tests.support.platform import Platform, all_in_one

pytestmark = pytest.mark.xdist_group("any request")
"""One process makes what all of them look at."""

EXAMPLES = 2
ROLES = ("district_admin", ANONYMOUS)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One of its own: much is written to it."""
    with all_in_one(tmp_path_factory.mktemp("any") / "data") as running:
        yield running


@pytest.mark.parametrize("role", ROLES)
def test_no_request_is_answered_with_a_fault_or_as_nothing_says(alone: Platform, role: str) -> None:
    found = tried(alone, role, EXAMPLES)
    assert found.wrong == {}
    assert found.answered.total() > 400 and len(found.answered) > 3, found.answered
