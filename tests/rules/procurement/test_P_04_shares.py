"""P-04: what people, evaluation and supervision take of a budget, by itself or as lots of a whole call."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.procurement.domain.events import Way
from services.procurement.domain.item import Fund, Item, Lot, Method, Shares
from services.procurement.domain.plan import Draft, MatterReported, drawn_up, evolve
from tests.support.specification import Decision, Given, past

from .cases import (
    CATALOGUE,
    ITEM,
    JUNE,
    LINE,
    POLICY,
    drafted,
    examined,
    published,
    reviewed,
    submitted,
)
from .test_P_02_plans import draws_up, public

EVALUATED = "官办通〔2019〕77号 四.4.5"
SUPERVISED = "官办通〔2019〕77号 四.4.6"


@pytest.mark.parametrize(
    ("line", "least", "most", "clause"),
    [
        ("personnel", 65, 85, "官办通〔2019〕77号 四.3.5"),
        ("evaluation", 5, 8, "官办通〔2019〕77号 四.4.5"),
        ("supervision", 10, 12, "官办通〔2019〕77号 四.4.6"),
    ],
)
def test_P_04_shares_hold_to_the_fen_with_both_bounds(
    line: str, least: int, most: int, clause: str
) -> None:
    def shared(part: int) -> Decision[Any]:
        shares = Shares(personnel=650_000, evaluation=50_000, supervision=100_000)
        own: Any = {line: part}
        return draws_up(replace(ITEM, amount=1_000_000, shares=replace(shares, **own)))

    for part in (least * 10_000, most * 10_000):
        may = shared(part)
        assert may.decide(may.state) is None
    shared(least * 10_000 - 1).breaks("P-04", clause=clause, field=f"shares.{line}")
    if line != "personnel":
        shared(most * 10_000 + 1).breaks("P-04", clause=clause, field=f"shares.{line}")


def test_P_04_is_of_linkage_and_building_only() -> None:
    for way in (Way.LINKAGE, Way.BUILDING):
        draws_up(replace(ITEM, way=way, shares=None)).breaks("P-04", field="shares")
    may = draws_up(replace(ITEM, way=Way.PURCHASE, shares=None))
    assert may.decide(may.state) is None
    over = Shares(personnel=900_000, evaluation=80_000, supervision=120_000)
    draws_up(replace(ITEM, amount=1_000_000, shares=over)).refused(Malformed, field="shares")


def test_P_04_whatever_is_bought_from_social_organisations_keeps_the_shares() -> None:
    bought = replace(ITEM, way=Way.PURCHASE, fund=Fund.SOCIAL)
    draws_up(replace(bought, shares=None)).breaks("P-04", field="shares")
    may = draws_up(bought)
    assert may.decide(may.state) is None


PROJECT = replace(
    ITEM,
    way=Way.BUILDING,
    amount=90_000_000,
    shares=Shares(personnel=58_500_000, evaluation=0, supervision=0),
)


def lot(kind: Lot, amount: int) -> Item:
    people = Shares(personnel=amount, evaluation=0, supervision=0)
    return replace(PROJECT, code=kind, lot=kind, amount=amount, shares=people)


def whole(evaluation: int, supervision: int, project: Item = PROJECT) -> Decision[Any]:
    """A year's call with both lots beside it."""
    lots = (lot(Lot.EVALUATION, evaluation), lot(Lot.SUPERVISION, supervision))
    said = Draft(lines=(replace(LINE, amount=10**12),), items=(project, *lots))
    return Given(said, evolve).when(lambda one: drawn_up(one, CATALOGUE, POLICY[1]))


def test_P_04_lots_are_held_against_the_sum_of_their_call() -> None:
    """As in 2021: nearly 200,000 yuan beside 900,000; here 85,000 and 115,000."""
    may = whole(8_500_000, 11_500_000)
    assert may.decide(may.state) is None
    whole(5_000_000, 11_500_000).breaks("P-04", clause=EVALUATED, field="items")
    whole(9_000_000, 11_500_000).breaks("P-04", clause=EVALUATED, field="items")
    whole(8_000_000, 10_000_000).breaks("P-04", clause=SUPERVISED, field="items")
    whole(8_000_000, 14_000_000).breaks("P-04", clause=SUPERVISED, field="items")


def test_P_04_what_is_bought_as_a_lot_is_not_bought_with_each_project_again() -> None:
    twice = replace(PROJECT, shares=Shares(personnel=58_500_000, evaluation=1, supervision=0))
    whole(8_500_000, 11_500_000, twice).breaks("P-04", clause=OURS, field="shares.evaluation")
    poor = replace(PROJECT, shares=Shares(personnel=58_499_999, evaluation=0, supervision=0))
    whole(8_500_000, 11_500_000, poor).breaks("P-04", field="shares.personnel")
    own = replace(lot(Lot.EVALUATION, 8_500_000), shares=None)
    draws_up(own).breaks("P-04")


def test_P_04_a_lot_itself_is_neither_evaluated_nor_supervised() -> None:
    """Of two lots one may be bought alone; each project then supervises by itself."""
    project = replace(
        PROJECT, shares=Shares(personnel=58_500_000, evaluation=0, supervision=9_900_000)
    )
    own = lot(Lot.EVALUATION, 7_000_000)

    def beside(bought: Item) -> Decision[Any]:
        said = Draft(lines=(replace(LINE, amount=10**12),), items=(project, bought))
        return Given(said, evolve).when(lambda one: drawn_up(one, CATALOGUE, POLICY[1]))

    may = beside(own)
    assert may.decide(may.state) is None
    supervised = Shares(personnel=6_000_000, evaluation=0, supervision=1)
    beside(replace(own, shares=supervised)).breaks("P-04", field="shares.supervision")


def test_P_04_a_lot_that_the_year_brings_is_held_against_the_call_too() -> None:
    matter = replace(
        lot(Lot.EVALUATION, ITEM.amount), way=Way.LINKAGE, code="m1", ground="补充评估"
    )
    state = public()
    state.when(lambda p: p.report(matter, CATALOGUE, POLICY[1], JUNE)).breaks(
        "P-04", clause=EVALUATED, field="items"
    )
    waits = public(MatterReported(item=matter, at=JUNE))
    waits.when(
        lambda p: p.settle(
            "m1", POLICY[1], amount=ITEM.amount, source="预备费", document="5号", now=JUNE
        )
    ).breaks("P-04")


def planned(*items: Item) -> Given[Any]:
    said = Draft(lines=(replace(LINE, amount=10**12),), items=items)
    return past(None, evolve, (replace(drafted, draft=said), submitted, reviewed))


LOTS = (lot(Lot.EVALUATION, 7_500_000), lot(Lot.SUPERVISION, 11_500_000))


def test_P_04_shares_are_judged_again_by_what_finance_lets_stand() -> None:
    """Lots for a call whose project was struck, or a project whose lots were, keep no share."""

    def examines(*approved: str) -> Decision[Any]:
        return planned(PROJECT, *LOTS).when(
            lambda p: p.examine(by="finance", approved=approved, opinion="同意", now=JUNE)
        )

    examines("evaluation", "supervision").breaks("P-04", clause=EVALUATED, field="approved")
    examines("i1").breaks("P-04", clause=EVALUATED, field="approved")
    examines("i1", "evaluation").breaks("P-04", clause=SUPERVISED, field="approved")
    for fine in ((), ("i1", "evaluation", "supervision")):
        assert examines(*fine).happened


def test_P_04_what_finance_struck_carries_no_lot_that_the_year_brings() -> None:
    """Nor does it stand in the way of what the year brings in its place."""
    matter = replace(lot(Lot.EVALUATION, 7_500_000), code="m1", ground="补充评估")
    whole = Shares(personnel=58_500_000, evaluation=4_500_000, supervision=9_900_000)
    project = replace(PROJECT, shares=replace(whole, evaluation=0))

    def struck(*happened: Any) -> Given[Any]:
        none = replace(examined, approved=())
        return past(planned(project).state, evolve, (none, published, *happened))

    def report(state: Given[Any], item: Item) -> Decision[Any]:
        return state.when(lambda p: p.report(item, CATALOGUE, POLICY[1], JUNE))

    report(struck(), matter).breaks("P-04", clause=EVALUATED, field="items")
    waits = struck(MatterReported(item=matter, at=JUNE))
    waits.when(
        lambda p: p.settle(
            "m1", POLICY[1], amount=matter.amount, source="预备费", document="5号", now=JUNE
        )
    ).breaks("P-04", clause=EVALUATED, field="items")
    assert report(struck(), replace(PROJECT, code="m2", shares=whole, ground="另行安排")).happened
    assert report(waits, replace(ITEM, code="m3", ground="突发民生事项")).happened, "another way"


def test_P_04_a_plan_that_kept_no_shares_before_is_no_bar_to_what_keeps_them_itself() -> None:
    """Its lots were struck: the year brings them, or a project that pays for its own."""
    bare = past(planned(PROJECT).state, evolve, (examined, published))

    def report(state: Given[Any], item: Item) -> Decision[Any]:
        matter = replace(item, ground="补充安排")
        return state.when(lambda p: p.report(matter, CATALOGUE, POLICY[1], JUNE))

    evaluation, supervision = LOTS
    paying = Shares(personnel=58_500_000, evaluation=4_500_000, supervision=9_900_000)
    own = replace(PROJECT, code="m1", shares=paying)
    report(bare, own).leads_to()
    report(bare, replace(PROJECT, code="m1")).breaks("P-04", field="shares.evaluation")
    report(bare, replace(evaluation, amount=1_000_000)).breaks("P-04", clause=EVALUATED)
    half = report(bare, evaluation).leads_to()
    whole = report(half, supervision).leads_to()
    report(whole, own).breaks("P-04", field="items")
    settle = half.when(
        lambda p: p.settle(
            "evaluation", POLICY[1], amount=7_500_000, source="预备费", document="5号", now=JUNE
        )
    )
    assert settle.happened


def test_P_03_what_finance_struck_is_no_part_of_what_the_year_brings() -> None:
    half = replace(
        ITEM,
        way=Way.PURCHASE,
        shares=None,
        method=Method.INQUIRY,
        amount=POLICY[1].open_tender_from // 2,
    )
    matter = replace(half, code="m1", ground="突发民生事项")
    for approved, parts in (((), False), (("i1",), True)):
        state = past(planned(half).state, evolve, (replace(examined, approved=approved), published))
        told = state.when(lambda p: p.report(matter, CATALOGUE, POLICY[1], JUNE))
        if parts:
            told.breaks("P-03", field="items")
        else:
            assert told.happened


def test_P_04_lots_of_ones_own_purchases_are_held_against_what_they_are_for() -> None:
    """A yuan for evaluation would else free everything beside it from the shares."""
    social = replace(PROJECT, way=Way.PURCHASE, fund=Fund.SOCIAL)
    other = replace(ITEM, code="i9", way=Way.PURCHASE, shares=None)

    def beside(evaluation: int, supervision: int) -> Decision[Any]:
        lots = (lot(Lot.EVALUATION, evaluation), lot(Lot.SUPERVISION, supervision))
        bought = tuple(replace(one, way=Way.PURCHASE, fund=Fund.SOCIAL) for one in lots)
        said = Draft(lines=(replace(LINE, amount=10**12),), items=(social, *bought, other))
        return Given(said, evolve).when(lambda one: drawn_up(one, CATALOGUE, POLICY[1]))

    beside(100, 11_500_000).breaks("P-04", clause=EVALUATED, field="items")
    beside(7_500_000, 100).breaks("P-04", clause=SUPERVISED, field="items")
    may = beside(8_500_000, 11_500_000)
    assert may.decide(may.state) is None


def test_P_04_a_lot_beside_ordinary_purchases_alone_is_held_against_nothing() -> None:
    own = replace(lot(Lot.EVALUATION, 100), way=Way.PURCHASE, shares=None)
    other = replace(ITEM, code="i9", way=Way.PURCHASE, shares=None)
    said = Draft(lines=(replace(LINE, amount=10**12),), items=(other, own))
    may = Given(said, evolve).when(lambda one: drawn_up(one, CATALOGUE, POLICY[1]))
    assert may.decide(may.state) is None
