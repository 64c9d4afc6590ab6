"""P-01 to P-04, P-29, P-32: what may be planned, how a plan becomes public, and what is bought by it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotFound, RuleBroken
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain import waiting
from services.procurement.domain.catalogue import (
    Catalogue,
    CatalogueApproved,
    CatalogueDrafted,
    CataloguePublished,
    Entry,
    compare,
    draft,
)
from services.procurement.domain.catalogue import evolve as evolve_catalogue
from services.procurement.domain.events import Way
from services.procurement.domain.item import Method, Shares
from services.procurement.domain.plan import (
    Draft,
    MatterReported,
    MatterSettled,
    MethodApproved,
    Plan,
    PlanReturned,
    PlanReviewed,
    PlanRevised,
    PlanStatus,
    drawn_up,
    evolve,
    foreseen,
    once,
)
from services.procurement.domain.policy import TenderThreshold
from services.procurement.domain.policy import check as check_policy
from services.procurement.domain.signing import in_its_year
from services.procurement.shipped import catalogue as shipped
from tests.support.specification import Decision, Given, past

from .cases import (
    CATALOGUE,
    DRAFT,
    ITEM,
    JUNE,
    LINE,
    MARCH,
    POLICY,
    drafted,
    examined,
    published,
    reviewed,
    submitted,
)

NUMBERS = POLICY[1]
PUBLIC = (drafted, submitted, reviewed, examined, published)
KEEPER = "finance"


def given(*happened: Any) -> Given[Plan]:
    return past(None, evolve, (drafted, *happened))


def public(*happened: Any) -> Given[Plan]:
    return past(None, evolve, (*PUBLIC, *happened))


def draws_up(item: Any = ITEM, lines: Any = (LINE,), others: Any = ()) -> Decision[Any]:
    said = Draft(lines=lines, items=(item, *others))
    return Given(said, evolve).when(lambda one: drawn_up(one, CATALOGUE, NUMBERS))


# P-01


def test_P_02_no_plan_is_made_for_later_than_next_year() -> None:
    for year in (2026, 2027):
        foreseen(year, MARCH)
    with pytest.raises(RuleBroken) as refusal:
        foreseen(2028, MARCH)
    assert (refusal.value.rule.id, refusal.value.field) == ("P-02", "year")


def test_P_02_no_plan_is_made_of_which_nothing_could_be_signed_any_more() -> None:
    """As long as something can be, it is: in its year, and in the next."""
    foreseen(2025, MARCH)
    in_its_year(2025, MARCH)
    for year in (2024, 2020):
        with pytest.raises(RuleBroken) as refusal:
            foreseen(year, MARCH)
        assert (refusal.value.rule.id, refusal.value.field) == ("P-02", "year")
        with pytest.raises(RuleBroken):
            in_its_year(year, MARCH)


def test_P_01_the_printed_edition_has_six_classes_and_346_entries() -> None:
    entries = shipped()
    assert len(entries) == len({one.code for one in entries}) == 346
    assert len({one.kind for one in entries}) == 6
    assert len({(one.code[:3], one.group) for one in entries}) >= 62


def test_P_01_only_what_the_catalogue_has_may_be_planned() -> None:
    assert draws_up().decide(draws_up().state) is None
    draws_up(replace(ITEM, entry="Z0101")).breaks(
        "P-01", clause="官政办通〔2016〕40号 二.3", field="items.0.entry"
    )


def test_P_01_what_is_new_says_why() -> None:
    draws_up(replace(ITEM, entry="F0101")).breaks("P-01", field="items.0.ground")
    new = draws_up(replace(ITEM, entry="F0101", ground="临时增加"))
    assert new.decide(new.state) is None


def edition(*happened: Any) -> Given[Catalogue]:
    return past(None, evolve_catalogue, happened)


ENTRIES = (
    Entry(code="A0101", name="甲", kind="基本", group="教育"),
    Entry(code="A0102", name="乙", kind="基本", group="教育"),
)
DRAFTED = CatalogueDrafted(year=2027, entries=ENTRIES, at=MARCH)
APPROVED = CatalogueApproved(document="官政复〔2027〕1号", at=MARCH)
OUT = CataloguePublished(at=JUNE)


def test_P_01_a_catalogue_is_approved_before_it_is_published_and_never_changed_after() -> None:
    def again(known: Any) -> Any:
        return draft(known, year=2027, entries=ENTRIES, now=MARCH)

    edition().when(again).then(DRAFTED)
    edition(DRAFTED).when(again).then(DRAFTED)
    edition(DRAFTED).when(lambda c: c.publish(now=JUNE)).breaks(
        "P-01", clause="官财字〔2016〕64号 五"
    )
    edition(DRAFTED).when(lambda c: c.approve(document=" ", now=MARCH)).refused(Malformed)
    edition(DRAFTED).when(lambda c: c.approve(document=APPROVED.document, now=MARCH)).then(APPROVED)
    edition(DRAFTED, APPROVED).when(again).breaks("P-01")
    edition(DRAFTED, APPROVED).when(lambda c: c.publish(now=JUNE)).then(OUT)
    edition(DRAFTED, APPROVED, OUT).when(again).breaks("P-01")
    edition(DRAFTED, APPROVED, OUT).when(lambda c: c.approve(document="x", now=JUNE)).breaks("P-01")


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ((ENTRIES[0], ENTRIES[0]), "entries"),
        ((replace(ENTRIES[0], code="a1"),), "entries"),
        ((replace(ENTRIES[0], name=" "),), "name"),
    ],
)
def test_a_catalogue_that_cannot_be_is_refused(entries: Any, field: str) -> None:
    edition().when(lambda _: draft(None, year=2027, entries=entries, now=MARCH)).refused(
        Malformed, field=field
    )


def test_two_editions_are_compared() -> None:
    later = (replace(ENTRIES[0], name="甲一"), replace(ENTRIES[1], code="A0103"))
    found = compare(ENTRIES, later)
    assert (found.added, found.removed, found.renamed) == (later[1:], ENTRIES[1:], later[:1])


# P-02


def test_P_02_a_plan_stays_within_its_budget_lines() -> None:
    clause = "官政办通〔2016〕40号 二.4.1"
    draws_up(lines=(replace(LINE, amount=ITEM.amount - 1),)).breaks(
        "P-02", clause=clause, field="lines"
    )
    second = replace(ITEM, code="i2")
    draws_up(others=(second,), lines=(replace(LINE, amount=ITEM.amount),)).breaks("P-02")
    draws_up(replace(ITEM, line="other")).breaks("P-02", field="items.0.line")
    draws_up(others=(replace(ITEM, code="i2", line="other"),)).breaks("P-02", field="items.1.line")


@pytest.mark.parametrize("field", ["title", "targets", "standard"])
def test_P_02_each_item_says_what_it_is(field: str) -> None:
    blank: Any = {field: " "}
    draws_up(replace(ITEM, **blank)).refused(Malformed, field=f"items.0.{field}")
    draws_up(replace(ITEM, amount=0)).refused(Malformed, field="items.0.amount")
    draws_up(others=(ITEM,)).refused(Malformed, field="items")


def test_P_02_is_reviewed_then_examined_then_public() -> None:
    given().when(lambda p: p.submit(None, NUMBERS, MARCH)).then(submitted)
    given().when(lambda p: p.review(by=KEEPER, agreed=True, opinion="可", now=MARCH)).breaks("P-02")
    sent = given(submitted)
    sent.when(lambda p: p.revise(DRAFT, CATALOGUE, NUMBERS, MARCH)).breaks("P-02")
    sent.when(lambda p: p.submit(None, NUMBERS, MARCH)).breaks("P-02")
    examine = lambda p: p.examine(  # noqa: E731
        by=KEEPER, approved=("i1",), opinion="同意", now=MARCH
    )
    sent.when(examine).breaks("P-02")
    back = PlanReviewed(agreed=False, opinion="资金未落实", at=MARCH)
    returned = sent.when(
        lambda p: p.review(by=KEEPER, agreed=False, opinion=back.opinion, now=MARCH)
    ).then(back)
    returned.when(lambda p: p.revise(DRAFT, CATALOGUE, NUMBERS, MARCH)).then(
        PlanRevised(draft=DRAFT, at=MARCH)
    )
    agreed = sent.when(
        lambda p: p.review(by=KEEPER, agreed=True, opinion="已落实", now=MARCH)
    ).then(reviewed)
    agreed.when(lambda p: p.publish(None, MARCH)).breaks("P-02")
    done = agreed.when(examine).then(examined)
    done.when(lambda p: p.publish(None, MARCH)).then(published)


def test_P_02_nobody_reviews_its_own_plan_and_an_opinion_is_said() -> None:
    own = drafted.purchaser
    given(submitted).when(lambda p: p.review(by=own, agreed=True, opinion="可", now=MARCH)).breaks(
        "P-02"
    )
    given(submitted, reviewed).when(
        lambda p: p.examine(by=own, approved=(), opinion="可", now=MARCH)
    ).breaks("P-02")
    given(submitted, reviewed).when(
        lambda p: p.examine(by=KEEPER, approved=(), opinion=" ", now=MARCH)
    ).refused(Malformed, field="opinion")
    given(submitted, reviewed).when(
        lambda p: p.examine(by=KEEPER, approved=("none",), opinion="可", now=MARCH)
    ).refused(Malformed, field="approved")


def sends_back(state: Given[Plan], by: str = KEEPER, reason: str = "督导经费未列足") -> Any:
    return state.when(lambda p: p.send_back(by=by, reason=reason, now=MARCH))


def test_P_02_finance_sends_a_plan_back_to_be_revised_and_reviewed_again() -> None:
    """P-04: with lots of a whole call, no item may be left to strike alone."""
    returned = PlanReturned(reason="督导经费未列足", at=MARCH)
    back = sends_back(given(submitted, reviewed)).then(returned)
    assert back.state.opinion == returned.reason
    assert waiting.of_plan(back.state) == {drafted.purchaser: None}
    examine = back.when(lambda p: p.examine(by=KEEPER, approved=(), opinion="可", now=MARCH))
    examine.breaks("P-02", field=None)
    revised = back.when(lambda p: p.revise(DRAFT, CATALOGUE, NUMBERS, MARCH)).leads_to()
    again = revised.when(lambda p: p.submit(None, NUMBERS, MARCH)).leads_to()
    agrees = lambda p: p.review(by=KEEPER, agreed=True, opinion="已落实", now=MARCH)  # noqa: E731
    again.when(agrees).then(reviewed)


def test_P_02_a_plan_whose_opinion_was_given_wrongly_is_sent_back_until_it_is_public() -> None:
    """An item left out by mistake, or let through, stood for good."""
    approved = MethodApproved(item=examined.approved[0], document="官购准〔2026〕1号", at=MARCH)
    back = sends_back(given(submitted, reviewed, examined, approved)).leads_to()
    assert back.state.status is PlanStatus.DRAFTED
    # The item may become another thing under its code: what was said of the former counts for nothing.
    assert (back.state.approved, back.state.methods) == ((), ())
    assert waiting.of_plan(back.state) == {drafted.purchaser: None}
    back.when(lambda p: p.publish(None, MARCH)).breaks("P-02")


def test_P_02_a_plan_is_sent_back_by_who_examines_it_with_a_reason_and_once_it_is_reviewed() -> (
    None
):
    ready = (submitted, reviewed)
    sends_back(given(*ready), by=drafted.purchaser).breaks("P-02", field=None)
    sends_back(given(*ready), reason=" ").refused(Malformed, field="reason")
    for happened in ((), (submitted,), (*ready, examined, published)):
        sends_back(given(*happened)).breaks("P-02", field=None)


def buys(
    state: Given[Plan],
    code: str = "i1",
    amount: int = ITEM.amount,
    found: Any = None,
    now: datetime = MARCH,
) -> Any:
    return state.when(lambda p: p.bought(code, amount, found, now))


def test_P_02_only_what_stands_in_the_published_table_is_bought() -> None:
    assert buys(public()).decide(public().state) == ITEM
    buys(given(submitted, reviewed, examined)).breaks("P-02", field="plan")
    buys(public(), "i2").breaks("P-02", field="item")
    none = replace(examined, approved=())
    buys(given(submitted, reviewed, none, published)).breaks("P-02", field="item")
    buys(public(), amount=ITEM.amount + 1).breaks("P-02", field="amount")


def test_P_02_a_purchaser_has_one_plan_a_year() -> None:
    Given(None, evolve).when(once).decide(None)
    given().when(once).breaks("P-02", field="year")


def test_P_02_a_published_plan_is_told_with_its_sum() -> None:
    state = public().state
    assert announce.of_plans(published, state) == told.PlanPublished(
        street="guanshang", plan="p-1", year=2026, items=1, amount=ITEM.amount
    )
    assert announce.of_plans(submitted, state) is None


# P-03


def test_P_03_from_the_threshold_on_a_tender_is_open() -> None:
    big = replace(ITEM, way=Way.PURCHASE, shares=None, amount=NUMBERS.open_tender_from)
    lines = (replace(LINE, amount=10 * big.amount),)
    for method in (Method.INVITED_TENDER, Method.NEGOTIATION, Method.INQUIRY):
        draws_up(replace(big, method=method), lines).breaks(
            "P-03", clause="官政办通〔2016〕40号 二.4.3", field="items.0.method"
        )
    for fine in (
        replace(big, method=Method.OPEN_TENDER),
        replace(big, method=Method.INQUIRY, amount=big.amount - 1),
    ):
        may = draws_up(fine, lines)
        assert may.decide(may.state) is None


def test_P_03_a_plan_is_submitted_by_the_threshold_as_it_is_then() -> None:
    """One that was drafted before the district set the year's is revised first."""
    asked = replace(ITEM, method=Method.INQUIRY)
    state = past(None, evolve, (replace(drafted, draft=Draft(lines=(LINE,), items=(asked,))),))
    state.when(lambda p: p.submit(None, NUMBERS, MARCH)).then(submitted)
    lower = replace(NUMBERS, open_tender_from=ITEM.amount)
    late = state.when(lambda p: p.submit(None, lower, MARCH))
    late.breaks("P-03", clause="官政办通〔2016〕40号 二.4.3", field=None)
    half = replace(asked, way=Way.PURCHASE, shares=None, amount=ITEM.amount // 2)
    cut = Draft(lines=(LINE,), items=(half, replace(half, code="i2")))
    parts = past(None, evolve, (replace(drafted, draft=cut),))
    parts.when(lambda p: p.submit(None, lower, MARCH)).breaks("P-03", field=None)
    revised = state.when(lambda p: p.revise(DRAFT, CATALOGUE, lower, MARCH)).leads_to()
    revised.when(lambda p: p.submit(None, lower, MARCH)).then(submitted)


def test_P_03_what_is_cut_into_parts_below_the_threshold_is_refused() -> None:
    half = replace(
        ITEM,
        way=Way.PURCHASE,
        shares=None,
        method=Method.INQUIRY,
        amount=NUMBERS.open_tender_from // 2,
    )
    lines = (replace(LINE, amount=10 * half.amount),)
    other = replace(half, code="i2")
    draws_up(half, lines, (other,)).breaks("P-03", field="items")
    tendered = replace(other, method=Method.OPEN_TENDER)
    draws_up(half, lines, (tendered,)).breaks("P-03", field="items")
    whole = replace(tendered, amount=NUMBERS.open_tender_from)
    approved = replace(other, method=Method.IN_PARTS, ground="分区实施")
    for apart in (replace(other, entry="A0102"), whole, approved):
        may = draws_up(half, lines, (apart,))
        assert may.decide(may.state) is None


def test_P_03_open_tenders_cut_below_the_threshold_would_not_be_held_at_the_centre() -> None:
    half = replace(ITEM, way=Way.PURCHASE, shares=None, amount=NUMBERS.open_tender_from // 2)
    lines = (replace(LINE, amount=10 * half.amount),)
    draws_up(half, lines, (replace(half, code="i2"),)).breaks("P-03", field="items")
    less = replace(half, code="i2", amount=half.amount - 1)
    may = draws_up(half, lines, (less,))
    assert may.decide(may.state) is None
    shares = Shares(personnel=65_000_000, evaluation=5_000_000, supervision=10_000_000)
    of_a_call = replace(ITEM, amount=half.amount, shares=shares)
    may = draws_up(of_a_call, lines, (replace(of_a_call, code="i2"),))
    assert may.decide(may.state) is None


HALF = replace(ITEM, way=Way.PURCHASE, shares=None, amount=NUMBERS.open_tender_from // 2)
CUT = Draft(lines=(LINE,), items=(HALF, replace(HALF, code="i2")))
BESIDE = replace(HALF, code="m1", ground="突发民生事项")


def cut() -> Given[Plan]:
    """A plan from before may hold parts of an entry that nobody can join any more."""
    both = replace(examined, approved=("i1", "i2"))
    return past(None, evolve, (replace(drafted, draft=CUT), submitted, reviewed, both, published))


def test_P_03_a_matter_is_held_with_its_own_entry_alone() -> None:
    assert report(cut(), replace(BESIDE, entry="A0102")).happened
    report(cut(), BESIDE).breaks("P-03", field="items")


def test_P_03_what_is_no_part_by_itself_is_not_held_with_parts_from_before() -> None:
    alone = replace(BESIDE, method=Method.ENTRUSTMENT)
    for apart in (replace(BESIDE, amount=NUMBERS.open_tender_from), alone):
        waits = report(cut(), apart).leads_to()
        settle(waits, amount=apart.amount).leads_to()
    tender = report(cut(), replace(BESIDE, amount=NUMBERS.open_tender_from)).leads_to()
    settle(tender, amount=100).breaks("P-03", field="items")


ALONE = replace(ITEM, method=Method.ENTRUSTMENT, ground="承接主体发育程度低")


def test_P_03_without_competition_says_why_and_waits_for_the_district() -> None:
    draws_up(replace(ALONE, ground=" ")).breaks("P-03", field="items.0.ground")
    first = replace(drafted, draft=Draft(lines=(LINE,), items=(ALONE,)))
    waiting = past(None, evolve, (first, submitted, reviewed))
    approve = lambda p: p.approve_method("i1", document="官政复3号", now=MARCH)  # noqa: E731
    waiting.when(approve).breaks("P-03")
    ready = past(None, evolve, (first, submitted, reviewed, examined, published))
    buys(ready).breaks("P-03", field="item")
    after = ready.when(approve).then(MethodApproved(item="i1", document="官政复3号", at=MARCH))
    assert buys(after).decide(after.state) == ALONE
    after.when(approve).breaks("P-03")
    public().when(approve).breaks("P-03")
    public().when(lambda p: p.approve_method("i9", document="x", now=MARCH)).refused(NotFound)


# P-29

MATTER = replace(ITEM, code="m1", ground="突发民生事项")
reported = MatterReported(item=MATTER, at=JUNE)
settled = MatterSettled(
    item="m1", amount=ITEM.amount, source="预备费", document="会议纪要5号", at=JUNE
)


def report(state: Given[Plan], item: Any = MATTER) -> Decision[Plan]:
    return state.when(lambda p: p.report(item, CATALOGUE, NUMBERS, JUNE))


def settle(state: Given[Plan], code: str = "m1", amount: int = ITEM.amount) -> Decision[Plan]:
    return state.when(
        lambda p: p.settle(
            code,
            NUMBERS,
            amount=amount,
            source=settled.source,
            document=settled.document,
            now=JUNE,
        )
    )


def test_P_29_what_the_year_brings_is_settled_one_by_one_before_it_is_bought() -> None:
    report(given()).breaks("P-29", clause="官政办通〔2016〕40号 二.5.1")
    report(public()).then(reported)
    report(public(), replace(MATTER, ground=" ")).breaks("P-29", field="ground")
    report(public(), replace(MATTER, code="i1")).refused(Malformed, field="code")
    waits = public(reported)
    buys(waits, "m1").breaks("P-29", field="item")
    done = settle(waits).then(settled)
    assert buys(done, "m1").decide(done.state) == MATTER
    settle(done).breaks("P-29")
    settle(waits, "i1").breaks("P-29")
    settle(waits, "none").refused(NotFound)


def test_P_29_the_district_says_how_much_and_the_shares_still_hold() -> None:
    settle(public(reported), amount=ITEM.amount - 1).leads_to()
    settle(public(reported), amount=ITEM.amount * 2).breaks("P-04")
    changed = replace(MATTER, title="另一事项")
    again = report(public(reported), changed).leads_to()
    assert again.state.reported == (changed,)


def test_P_03_a_matter_is_bought_as_the_settled_sum_asks_for() -> None:
    """Reported for little, settled for much: the sum that counts is the one it is bought for."""
    most = NUMBERS.open_tender_from
    small = replace(MATTER, way=Way.PURCHASE, shares=None, method=Method.INQUIRY, amount=100)
    waits = public(replace(reported, item=small))
    settle(waits, amount=most).breaks("P-03", field="method")
    settle(waits, amount=most - 1).leads_to()
    cut = replace(reported, item=replace(small, code="m2", amount=most - 100))
    both = public(replace(reported, item=small), cut)
    settle(settle(both, "m2", most - 100).leads_to(), "m1", 100).breaks("P-03", field="items")


def test_P_03_the_threshold_is_set_for_each_year() -> None:
    higher = replace(NUMBERS, thresholds=(TenderThreshold(year=2027, amount=400_000_000),))
    assert [higher.of(year).open_tender_from for year in (2026, 2027)] == [
        NUMBERS.open_tender_from,
        400_000_000,
    ]
    for wrong in (
        (TenderThreshold(year=2027, amount=0),),
        (TenderThreshold(year=2027, amount=1), TenderThreshold(year=2027, amount=2)),
    ):
        with pytest.raises(Malformed):
            check_policy(replace(NUMBERS, thresholds=wrong))


def test_P_02_nobody_examines_its_own_plan_under_its_other_name() -> None:
    """Finance stands in the register of units as a department, too."""
    own = past(None, evolve, (replace(drafted, purchaser="department:finance"), submitted))
    review = lambda p: p.review(by="finance", agreed=True, opinion="同意", now=MARCH)  # noqa: E731
    own.when(review).breaks("P-02")
    ready = past(None, evolve, (replace(drafted, purchaser="finance"), submitted, reviewed))
    ready.when(
        lambda p: p.examine(by="department:finance", approved=(), opinion="同意", now=MARCH)
    ).breaks("P-02")


def test_P_03_a_matter_is_not_a_part_cut_off() -> None:
    half = replace(
        MATTER,
        way=Way.PURCHASE,
        shares=None,
        method=Method.INQUIRY,
        amount=NUMBERS.open_tender_from // 2,
    )
    first = report(public(), half).leads_to()
    report(first, replace(half, code="m2")).breaks("P-03", field="items")
