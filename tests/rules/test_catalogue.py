"""Every rule that a service says it enforces has a test named after it, and the README says the same."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from chassis.kernel.rule import Rulebook
from gongzhi.roster import SERVICES as NAMES
from tests.support import lanes

CATALOGUES: dict[str, Rulebook] = {
    name: import_module(f"services.{name}.domain.rules").RULES for name in NAMES
}
TESTS = Path(__file__).resolve().parents[1]
SERVICES = TESTS.parent / "services"


@cache
def named_tests() -> frozenset[str]:
    """The rule ids that test functions are named after."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if match := re.match(r"test_([A-Z])_(\d\d)_", node.name):
                    found.add(f"{match[1]}-{match[2]}")
    return frozenset(found)


@pytest.mark.parametrize("service", CATALOGUES)
def test_every_rule_has_a_test_named_after_it(service: str) -> None:
    untested = set(CATALOGUES[service].ids()) - named_tests()
    assert not untested, f"no test is named after {sorted(untested)}"


def test_the_run_says_how_many_rules_are_covered() -> None:
    enforced = {id for book in CATALOGUES.values() for id in book.ids()}
    covered = enforced & named_tests()
    lanes.note(f"rules covered: {len(covered)}/{len(enforced)}")
    assert covered == enforced


@pytest.mark.parametrize("service", CATALOGUES)
def test_the_services_readme_lists_its_rules(service: str) -> None:
    text = (SERVICES / service / "README.md").read_text(encoding="utf-8")
    missing = [id for id in CATALOGUES[service].ids() if id not in text]
    assert not missing


@pytest.mark.parametrize("service", CATALOGUES)
def test_a_rule_of_the_document_has_its_clause_and_the_others_say_whose_they_are(
    service: str,
) -> None:
    book: Rulebook = CATALOGUES[service]
    for rule in book:
        assert rule.source == ("document" if rule.clauses else "platform")
        assert all(re.search(r"〔20\d\d〕\d+号", clause) for clause in rule.clauses)
