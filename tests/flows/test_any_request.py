"""Whatever the described API admits, and much that it doesn't, as three roles: never a fault of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from gongzhi import keys
from tests.support.platform import Platform, all_in_one

EXAMPLES = 6
"""Of each operation and role; more are tried by hand, with this number raised."""
ROLES = ("district_admin", "street:guanshang", "resident")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One of its own: much is written to it."""
    with all_in_one(tmp_path_factory.mktemp("any") / "data") as running:
        yield running


@pytest.mark.parametrize("role", ROLES)
def test_no_request_is_answered_with_a_fault(alone: Platform, role: str) -> None:
    schema = schemathesis.openapi.from_url(alone.url + "/openapi.json", timeout=120)
    calling = requests.Session()
    calling.headers["Authorization"] = f"Bearer {keys.token(alone.data, role)}"
    seen: dict[int, int] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answered(case: Any) -> None:
            answer = case.call(session=calling, timeout=20)
            seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (
                case.method,
                case.path,
                answer.status_code,
                answer.text,
            )

        answered()
    calling.close()
    assert sum(seen.values()) > 400 and len(seen) > 3, seen
