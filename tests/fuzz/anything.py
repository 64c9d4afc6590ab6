"""Requests made of the description, as somebody: what was answered with a fault, or as nothing says it would be."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from gongzhi import keys
from tests.support.platform import Platform

ROLES = (
    "resident",
    "community:guanshangzhongxinqu",
    "street:guanshang",
    "department:urban_management",
    "command_centre",
    "finance",
    "party_committee:urban_management",
    "supplier:any",
    "expert:any",
    "discipline",
    "district_admin",
    "partner:any",
)
"""Every kind of subject that there is."""
ANONYMOUS = "nobody"
WITHIN = 20
"""Seconds."""


@dataclass
class Found:
    """How often which status was answered, and what is wrong: each operation's once."""

    answered: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def look(self, case: Any, answer: Any, declared: Mapping[str, Any]) -> None:
        self.answered[answer.status_code] += 1
        what = f"{case.method} {case.path} {answer.status_code}"
        if answer.status_code >= 500:
            self.wrong.setdefault(what, answer.text[:300])
        elif str(answer.status_code) not in declared:
            self.wrong.setdefault(
                what, f"not declared, only {sorted(declared)}: {answer.text[:200]}"
            )
        elif answer.content:
            media = answer.headers.get("content-type", [""])[0].partition(";")[0]
            if media not in declared[str(answer.status_code)].get("content", {}):
                self.wrong.setdefault(what, f"{media} is not declared: {answer.text[:200]}")


def tried(platform: Platform, role: str, examples: int, *, only: str = "") -> Found:
    """So many of each operation; `only`: of those whose path has this in it."""
    schema = schemathesis.openapi.from_url(platform.url + "/openapi.json", timeout=120)
    found = Found()
    with requests.Session() as calling:
        if role != ANONYMOUS:
            calling.headers["Authorization"] = f"Bearer {keys.token(platform.data, role)}"
        for operation in _operations(schema):
            if only in operation.path and not operation.path.endswith("/stream"):
                _try(operation, calling, examples, found)
    return found


def _operations(schema: Any) -> Iterator[Any]:
    for one in schema.get_all_operations():
        assert isinstance(one, Ok), one
        yield one.ok()


def _try(operation: Any, calling: requests.Session, examples: int, found: Found) -> None:
    declared = operation.definition.raw["responses"]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def answered(case: Any) -> None:
        found.look(case, case.call(session=calling, timeout=WITHIN), declared)

    answered()
