"""Where a rule stands on several clauses, every refusal under it says on which, or that it is the platform's own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_catalogue import CATALOGUES, SERVICES

BY_PLACE = {"required_by": 5, "OutOfOrder": 5}
"""How many arguments give the clause without its name."""


def _cited(call: ast.Call) -> Iterator[str]:
    """The ids of the rules that a call is given."""
    for given in call.args:
        match given:
            case ast.Subscript(value=ast.Name(id="RULES"), slice=ast.Constant(value=str(id))):
                yield id


def _chosen(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    named = any(one.arg == "clause" for one in call.keywords)
    return named or len(call.args) >= BY_PLACE.get(name, len(call.args) + 1)


def _unchosen(path: Path, several: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or _chosen(node):
            continue
        for id in set(_cited(node)) & several:
            yield f"{path.relative_to(SERVICES)}:{node.lineno} {id}"


@pytest.mark.parametrize("service", CATALOGUES)
def test_a_refusal_under_a_rule_of_several_clauses_names_one(service: str) -> None:
    several = {rule.id for rule in CATALOGUES[service] if len(rule.clauses) > 1}
    paths = sorted((SERVICES / service).rglob("*.py"))
    assert [site for path in paths for site in _unchosen(path, several)] == []
