"""Rules as data: each once, with a source, and no refusal cites a clause that its rule doesn't have."""

import pytest

from chassis.kernel.errors import RuleBroken
from chassis.kernel.rule import Rule, Rulebook

OURS = Rule(id="X-01", text="平台默认")
THEIRS = Rule(id="X-02", text="文件规定", clauses=("一.1", "一.2"))


def test_a_rule_without_a_clause_is_the_platforms() -> None:
    assert (OURS.source, THEIRS.source) == ("platform", "document")


def test_a_rule_is_listed_once() -> None:
    book = Rulebook(THEIRS, OURS)
    assert [rule.id for rule in book] == list(book.ids()) == ["X-02", "X-01"]
    assert book["X-01"] is OURS
    with pytest.raises(ValueError, match="twice"):
        Rulebook(OURS, THEIRS, OURS)


def test_a_refusal_cites_the_clause_that_was_broken_or_else_the_first() -> None:
    assert RuleBroken(THEIRS, "不可以").clause == "一.1"
    assert RuleBroken(THEIRS, "不可以", clause="一.2").clause == "一.2"
    assert RuleBroken(OURS, "不可以").clause is None
    for rule in (OURS, THEIRS):
        with pytest.raises(ValueError, match="has no clause 二"):
            RuleBroken(rule, "不可以", clause="二")


def test_a_refusal_is_its_own_text() -> None:
    refusal = RuleBroken(OURS, "不可以", field="title")
    assert (str(refusal), refusal.detail, refusal.field) == ("不可以", "不可以", "title")
