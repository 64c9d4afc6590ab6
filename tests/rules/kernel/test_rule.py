"""Rules as data: each once, with a source, and no refusal cites a clause that its rule doesn't have."""

import pytest

from chassis.kernel.errors import OURS, OutOfOrder, RuleBroken
from chassis.kernel.rule import Rule, Rulebook

SILENT = Rule(id="X-01", text="平台默认")
THEIRS = Rule(id="X-02", text="文件规定", clauses=("一.1", "一.2"))


def test_a_rule_without_a_clause_is_the_platforms() -> None:
    assert (SILENT.source, THEIRS.source) == ("platform", "document")


def test_a_rule_is_listed_once() -> None:
    book = Rulebook(THEIRS, SILENT)
    assert [rule.id for rule in book] == list(book.ids()) == ["X-02", "X-01"]
    assert book["X-01"] is SILENT
    with pytest.raises(ValueError, match="twice"):
        Rulebook(SILENT, THEIRS, SILENT)


def test_a_refusal_cites_the_clause_that_was_broken_or_else_the_first() -> None:
    assert RuleBroken(THEIRS, "不可以").clause == "一.1"
    assert RuleBroken(THEIRS, "不可以", clause="一.2").clause == "一.2"
    assert RuleBroken(SILENT, "不可以").clause is None
    for rule in (SILENT, THEIRS):
        with pytest.raises(ValueError, match="has no clause 二"):
            RuleBroken(rule, "不可以", clause="二")


def test_what_the_platform_adds_to_a_rule_cites_no_clause_of_it() -> None:
    ours, theirs = (
        RuleBroken(THEIRS, "不可以", clause=OURS),
        RuleBroken(THEIRS, "不可以", clause="一.2"),
    )
    assert (ours.clause, ours.source) == (None, "platform")
    assert (theirs.clause, theirs.source) == ("一.2", "document")
    out_of_order = OutOfOrder(THEIRS, "已办结", "close", ["reopen"], OURS)
    assert out_of_order.called({"close": "办结"}).clause is None
    assert OutOfOrder(SILENT, "已办结", "close", []).called({}).source == "platform"


def test_a_refusal_is_its_own_text() -> None:
    refusal = RuleBroken(SILENT, "不可以", field="title")
    assert (str(refusal), refusal.detail, refusal.field) == ("不可以", "不可以", "title")
