"""Of a community that has ended: nothing new begins in it, and what was begun goes on."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import Asked
from chassis.kernel.clock import Ends
from chassis.kernel.errors import NotAllowed, NotFound, RuleBroken, UnknownReference
from chassis.kind import derived_id
from contracts.consultation import NeedIdentified, OutcomeReported, Serves
from contracts.housing import CommunityProfiled
from services.procurement.consumers import subscriptions
from services.procurement.desk import ProcurementDesk, survey_id
from services.procurement.domain.call_events import Applied, Awarded
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.events import Assessor, Way
from services.procurement.domain.fund import Move, account_due
from services.procurement.domain.fund import Source as Origin
from services.procurement.domain.remark import RemarkJudged, Source
from services.procurement.domain.resettling import Resettled
from services.procurement.domain.rules import REVISING
from services.procurement.domain.survey import NeedClass, NeedRank, NeedSource
from services.procurement.domain.waiting import of_contract, of_fund, of_remark, of_survey
from services.procurement.main import desk_on
from services.procurement.queries import ProcurementQueries
from services.procurement.shipped import catalogue
from services.procurement.steps import allowances, funds, remarks, surveys
from services.procurement.steps.awards import confirm
from services.procurement.steps.contracts import ContractIn, awarded
from services.procurement.steps.evaluations import AssessmentIn, assess
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import AnyStep, person

from .calling import (
    AFTER,
    approved,
    called,
    closed,
    given,
    mine,
    opened,
    over,
    revised,
)
from .cases import JUNE, MARCH, WORK, before, registered, signed
from .hearing import heard_of, profile, profiled
from .test_P_26_remarks import done, remarked, withdrawn
from .test_P_35_ledger import entered
from .test_P_37_needs import recorded
from .test_P_39_allowance import allotted
from .test_P_41_fund import received

ENDED: dict[str, Any] = {"valid_to": "2026-02-28", "became": "heping"}
CAUSE = Cause(actor="platform", now=MARCH)


@pytest.fixture
async def desk() -> ProcurementDesk:
    """haihua became heping two days ago, and lebao stays."""
    made = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await made.policies.seed(MARCH)
    await made.seed_catalogue(catalogue(), MARCH)
    await profiled(made, "haihua", "guanshang", **ENDED)
    for code in ("heping", "lebao"):
        await profiled(made, code, "guanshang")
    await made.suppliers.record("tongxin", lambda _: [registered], CAUSE)
    return made


NEED = surveys.NeedIn(
    community="haihua",
    year=2026,
    group="独居老人",
    kind=NeedClass.SUPPORT,
    rank=NeedRank.BASIC,
    text="助餐",
    source=NeedSource.SURVEY,
)
SUM = allowances.AllowanceIn(community="haihua", year=2026, amount=1_000)
INCOME = funds.ReceivedIn(
    community="haihua", source=Origin.GIFT, amount=100, on=date(2026, 2, 1), title="捐赠"
)


async def begun(desk: ProcurementDesk) -> None:
    """While it stood."""
    await desk.surveys.once(survey_id("haihua", 2026), [recorded], CAUSE)
    await desk.allowances.once(derived_id("allowance", "haihua", "2026"), [allotted], CAUSE)
    await desk.funds.once("haihua", [received], CAUSE)


@pytest.mark.parametrize(
    ("who", "step", "said"),
    [
        ("community:haihua", surveys.record, NEED),
        ("district_admin", allowances.allot, SUM),
        ("community:haihua", funds.receive, INCOME),
    ],
)
async def test_P_39_an_ended_community_begins_no_list_sum_or_fund_and_goes_on_with_what_it_has(
    desk: ProcurementDesk, who: str, step: AnyStep, said: Asked
) -> None:
    asking = Asking(person(who), replace(CAUSE, actor=who))
    with pytest.raises(UnknownReference, match="并入heping") as refused:
        await take(step, desk, asking, said)
    assert refused.value.field == "community"
    await begun(desk)
    assert (await take(step, desk, asking, said)).events


async def test_P_41_its_fund_is_found_missed_of_what_it_owed_and_no_more(
    desk: ProcurementDesk,
) -> None:
    await desk.funds.once("haihua", [received], CAUSE)
    await desk.funds.once("heping", [replace(received, community="heping")], CAUSE)
    for id in ("haihua", "heping"):
        await desk.fund_due(id, Cause(actor="system:clock", now=datetime(2029, 3, 1, tzinfo=UTC)))
    gone, stands = [(await desk.funds.get(id)).aggregate for id in ("haihua", "heping")]
    assert (gone.missed, gone.next_due) == ((date(2026, 1, 1),), None)
    assert len(stands.missed) == 12 and stands.next_due


async def test_P_41_what_it_was_merged_into_publishes_the_account_that_it_owes(
    desk: ProcurementDesk,
) -> None:
    await desk.funds.once("haihua", [received], CAUSE)
    quarter = funds.QuarterIn(quarter=date(2026, 1, 1))

    async def publishes(who: str) -> Any:
        asking = Asking(person(who), replace(CAUSE, now=JUNE))
        return await take(funds.publish, desk, asking, quarter, id="haihua")

    with pytest.raises(NotFound):
        await publishes("community:heping")
    await desk.follow("haihua", CAUSE)
    for other in ("community:haihua", "community:lebao"):
        with pytest.raises(NotFound):
            await publishes(other)
    assert (await publishes("community:heping")).events
    assert (await desk.funds.get("haihua")).aggregate.published == (date(2026, 1, 1),)


async def test_P_10_what_it_was_merged_into_has_what_it_began(desk: ProcurementDesk) -> None:
    """Once, by the news of the merger; what was said stays as it was said."""
    await begun(desk)
    await desk.contracts.once("c-1", [signed, before], CAUSE)
    await desk.remarks.once("r-1", [remarked, done], CAUSE)
    await desk.ledgers.once("c-1", [entered], CAUSE)
    heping = person("community:heping")
    kept = (desk.contracts, desk.remarks, desk.ledgers, desk.surveys, desk.allowances, desk.funds)
    assert [await one.count_of(heping, {}) for one in kept] == [0] * len(kept)

    [listens] = [one for one in subscriptions(desk) if one.event is CommunityProfiled]
    for _ in range(2):
        await listens.react(profile("haihua", "guanshang", **ENDED))
    assert [await one.count_of(heping, {}) for one in kept] == [1] * len(kept)
    assert not await desk.contracts.count_of(person("community:haihua"), {})
    contract = await desk.contracts.get("c-1")
    assert (contract.aggregate.community, contract.aggregate.successor) == ("haihua", "heping")
    assert contract.version == 3
    assert "community:heping" in of_contract(contract.aggregate), "assesses before the mid-term"


async def test_P_37_a_need_heard_after_the_merger_is_of_what_its_community_was_merged_into(
    desk: ProcurementDesk,
) -> None:
    told = NeedIdentified(
        street="guanshang",
        community="haihua",
        matter="m-1",
        need="m-1.1",
        level="community",
        category="welfare",
        title="独居老人探访",
        at=MARCH,
    )
    [listens] = [one for one in subscriptions(desk) if one.event is NeedIdentified]
    for _ in range(2):
        await listens.react(heard_of("matters/m-1", told))
    found = (await desk.surveys.get(survey_id("haihua", 2026))).aggregate
    assert (len(found.needs), found.community, found.successor) == (1, "haihua", "heping")
    assert of_survey(found) == {"community:heping": None}


async def test_P_10_it_goes_on_further_where_that_ended_too(desk: ProcurementDesk) -> None:
    """Also of what was followed before haihua ended: at the start."""
    began = replace(remarked, community="anfu")
    await desk.remarks.once("r-1", [began, Resettled(community="haihua", at=MARCH)], CAUSE)
    await desk.follow_all(MARCH)
    found = (await desk.remarks.get("r-1")).aggregate
    assert (found.community, found.successor) == ("anfu", "heping")


async def test_P_41_what_it_was_merged_into_spends_what_is_left_of_its_fund(
    desk: ProcurementDesk,
) -> None:
    await desk.funds.once("haihua", [received], CAUSE)
    await desk.follow("haihua", CAUSE)
    on = MARCH.date()
    spends = funds.SpendingIn(amount=received.amount, on=on, title="楼道照明", decided_on=on)
    asking = Asking(person("community:heping"), CAUSE)
    assert (await take(funds.spend, desk, asking, spends, id="haihua")).aggregate.balance == 0
    more = funds.ReceivedIn(community="haihua", source="gift", amount=1, on=on, title="捐赠")
    with pytest.raises(RuleBroken, match="其并入的社区") as broken:
        await take(funds.receive, desk, asking, more)
    assert (broken.value.clause, broken.value.field) == (None, "on"), "ours"


async def test_P_41_what_it_was_merged_into_enters_anew_what_it_struck(
    desk: ProcurementDesk,
) -> None:
    """Of days before the end; haihua itself does it no more."""
    await desk.funds.once("haihua", [received], CAUSE)
    await desk.follow("haihua", CAUSE)
    right = INCOME.model_copy(update={"amount": 9_000, "on": received.on})
    for who in ("community:haihua", "community:lebao"):
        with pytest.raises(NotAllowed):
            await take(funds.receive, desk, Asking(person(who), CAUSE), right)
    asking = Asking(person("community:heping"), CAUSE)
    await take(funds.receive, desk, asking, right)
    wrong = funds.StruckIn(what=Move.RECEIVED, number=1, reason="金额误录")
    after = await take(funds.strike, desk, asking, wrong, id="haihua")
    assert after.aggregate.balance == 9_000


async def test_P_41_the_leading_group_keeps_the_fund_of_one_that_was_merged_into_none(
    desk: ProcurementDesk,
) -> None:
    """lebao ended in February, with an account that is owed and money that is left."""
    await desk.funds.once("lebao", [replace(received, community="lebao")], CAUSE)
    [listens] = [one for one in subscriptions(desk) if one.event is CommunityProfiled]
    spends = funds.SpendingIn(amount=1_000, on=MARCH.date(), title="清算", decided_on=MARCH.date())
    more = funds.ReceivedIn(
        community="lebao", source="gift", amount=2_000, on=MARCH.date(), title="退回定金"
    )
    wrong = funds.StruckIn(what=Move.SPENT, number=1, reason="重复登记")

    async def does(step: AnyStep, said: Asked, who: str = "finance", now: datetime = MARCH) -> Any:
        asking = Asking(person(who), replace(CAUSE, actor=who, now=now))
        where = {} if step is funds.receive else {"id": "lebao"}
        return await take(step, desk, asking, said, **where)

    asked: list[tuple[AnyStep, Asked]] = [(funds.receive, more), (funds.spend, spends)]
    for step, said in asked:
        with pytest.raises(RuleBroken, match="没有并入其他社区") as broken:
            await does(step, said)
        assert (broken.value.rule.id, broken.value.field) == ("P-41", None)
    for _ in range(2):
        await listens.react(profile("lebao", "guanshang", news=2, valid_to="2026-02-28"))
    left = await desk.funds.get("lebao")
    assert (left.version, left.aggregate.orphaned) == (2, True)
    by_april = {
        one: Ends(due=account_due(date(2026, 1, 1))) for one in ("finance", "district_admin")
    }
    assert of_fund(left.aggregate) == by_april
    with pytest.raises(NotFound):
        await does(funds.spend, spends, "community:heping")
    for step, said in (asked[1], (funds.strike, wrong), asked[0]):
        assert (await does(step, said)).events
    closes = spends.model_copy(update={"amount": received.amount + 2_000})
    assert (await does(funds.spend, closes, "district_admin")).aggregate.balance == 0
    quarter = funds.QuarterIn(quarter=date(2026, 1, 1))
    public = (await does(funds.publish, quarter, now=datetime(2026, 4, 2, 4, tzinfo=UTC))).aggregate
    assert (public.published, of_fund(public)) == ((date(2026, 1, 1),), {})


async def test_P_41_a_fund_that_a_community_keeps_is_offered_to_nobody_else(
    desk: ProcurementDesk,
) -> None:
    """Nor begun in its place; what heping took over isn't either."""
    for code in ("haihua", "lebao"):
        await desk.funds.once(code, [replace(received, community=code)], CAUSE)
    await desk.follow_all(MARCH)
    kept = [(await desk.funds.get(code)).aggregate for code in ("haihua", "lebao")]
    assert [one.orphaned for one in kept] == [False, False]
    income = funds.ReceivedIn(
        community="heping", source="gift", amount=1, on=MARCH.date(), title="捐赠"
    )
    for one in ("finance", "district_admin"):
        with pytest.raises(RuleBroken, match="基金由社区登记"):
            await take(funds.receive, desk, Asking(person(one), CAUSE), income)


async def test_P_26_what_it_was_merged_into_finds_what_has_to_be_put_right_and_judges_it(
    desk: ProcurementDesk,
) -> None:
    await desk.contracts.once("c-1", [signed], CAUSE)
    await desk.remarks.once("r-1", [remarked, done], CAUSE)
    await desk.follow("haihua", CAUSE)
    asking = Asking(person("community:heping"), replace(CAUSE, actor="community:heping"))
    made = await take(remarks.remark, desk, asking, remarks.RemarkIn(contract="c-1", what="缺勤"))
    assert (made.aggregate.by, made.aggregate.community) == ("community:heping", "heping")
    waits = of_remark((await desk.remarks.get("r-1")).aggregate)
    assert waits == {"community:heping": None}
    said = remarks.JudgementIn(closed=True, opinion="可")
    with pytest.raises(RuleBroken, match="由后者核实"):
        await take(remarks.judge, desk, Asking(person("finance"), CAUSE), said, id="r-1")
    assert (await take(remarks.judge, desk, asking, said, id="r-1")).events


async def test_P_26_what_it_found_is_judged_by_the_leading_group(desk: ProcurementDesk) -> None:
    """Once it ended and nobody goes on with it, and then it waits for that."""
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    for code in ("minghang", "lebao"):
        found = replace(remarked, community=code, by=f"community:{code}")
        await desk.remarks.once(code, [found, done], CAUSE)
        await desk.follow(code, CAUSE)
    inspected = replace(remarked, community="minghang", source=Source.INSPECTION, by="finance:2")
    await desk.remarks.once("group", [inspected, done], CAUSE)
    await desk.follow("minghang", CAUSE)
    waits = {
        one: of_remark((await desk.remarks.get(one)).aggregate)
        for one in ("minghang", "lebao", "group")
    }
    assert waits == {
        "minghang": {"finance": None, "district_admin": None},
        "lebao": {"community:lebao": None},
        "group": {"finance": None},
    }

    async def judges(who: str, id: str) -> Any:
        said = remarks.JudgementIn(closed=True, opinion="可")
        return await take(remarks.judge, desk, Asking(person(who), CAUSE), said, id=id)

    with pytest.raises(NotFound):
        await judges("community:lebao", "minghang")
    with pytest.raises(RuleBroken, match="由财政部门或区里核实"):
        await judges("finance", "lebao")
    for who, id in (("finance", "minghang"), ("community:lebao", "lebao")):
        assert (await judges(who, id)).events


async def test_P_26_a_community_that_only_ended_finds_nothing_more(desk: ProcurementDesk) -> None:
    """Or nobody would judge it before the next start."""
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    await desk.contracts.once("c-1", [replace(signed, community="minghang")], CAUSE)
    found = remarks.RemarkIn(contract="c-1", what="缺勤")

    async def finds() -> Any:
        who = "community:minghang"
        asking = Asking(person(who), replace(CAUSE, actor=who))
        return await take(remarks.remark, desk, asking, found)

    assert (await finds()).events
    await desk.follow("minghang", CAUSE)
    with pytest.raises(RuleBroken, match="由财政部门或区里在抽查中提出") as broken:
        await finds()
    assert (broken.value.rule.id, broken.value.clause) == ("P-26", None)
    assert broken.value.field == "contract"


@pytest.mark.parametrize(
    ("so_far", "news"),
    [([done], 1), ([done, RemarkJudged(closed=True, opinion="可", at=MARCH)], 0), ([withdrawn], 0)],
)
async def test_P_26_it_is_said_once_that_who_found_it_ended_and_of_what_is_open_alone(
    desk: ProcurementDesk, so_far: list[Any], news: int
) -> None:
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    found = replace(remarked, community="minghang", by="community:minghang")
    inspected = replace(found, source=Source.INSPECTION, by="finance:2")
    await desk.remarks.once("own", [found, *so_far], CAUSE)
    await desk.remarks.once("group", [inspected, *so_far], CAUSE)
    for _ in range(2):
        await desk.follow_all(MARCH)
    versions = [(await desk.remarks.get(one)).version for one in ("own", "group")]
    assert versions == [1 + len(so_far) + news, 1 + len(so_far)]


async def test_P_26_what_it_found_is_judged_by_the_leading_group_where_its_successor_ended_too(
    desk: ProcurementDesk,
) -> None:
    """minghang, which anfu became, only ended."""
    await profiled(desk, "anfu", "guanshang", valid_to="2025-12-31", became="minghang")
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    found = replace(remarked, community="anfu", by="community:anfu")
    await desk.remarks.once("r-1", [found, done], CAUSE)
    await desk.follow("anfu", CAUSE)
    said = remarks.JudgementIn(closed=True, opinion="可")
    for who in ("street:guanshang", "community:lebao"):
        with pytest.raises((NotFound, NotAllowed)):
            await take(remarks.judge, desk, Asking(person(who), CAUSE), said, id="r-1")
    assert (
        await take(remarks.judge, desk, Asking(person("finance"), CAUSE), said, id="r-1")
    ).events


async def test_P_10_an_ended_community_applies_for_nothing_and_carries_nothing_out(
    desk: ProcurementDesk,
) -> None:
    call = given(first=called(Way.BUILDING)).state
    asked: list[Callable[[str], Awaitable[Any]]] = [
        lambda one: desk.would_file(call, replace(mine, community=one)),
        lambda one: desk.would_file(
            replace(call, purchaser="department:civil"), replace(mine, community=one)
        ),
        lambda one: desk.in_street(one, "guanshang", MARCH),
    ]
    for ask in asked:
        with pytest.raises(UnknownReference, match="已于 2026-02-28 终止"):
            await ask("haihua")
        await ask("heping")


async def test_P_39_who_has_too_little_is_asked_of_communities_that_stand_at_the_years_end(
    desk: ProcurementDesk,
) -> None:
    queries = ProcurementQueries(desk=desk, printed={})
    shown = {
        year: {one.community for one in await queries.allowances(year)} for year in (2025, 2026)
    }
    assert shown == {2025: {"haihua", "heping", "lebao"}, 2026: {"heping", "lebao"}}


@pytest.mark.parametrize("seeded", ["2019-01-01", "2026-01-05"])
async def test_P_39_a_community_has_too_little_of_no_year_before_it_began(seeded: str) -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    for code in ("haihua", "lebao"):
        await profiled(desk, code, "guanshang", valid_from=seeded)
    await profiled(desk, "xincheng", "guanshang", valid_from="2026-07-01")
    queries = ProcurementQueries(desk=desk, printed={})
    shown = {
        year: {one.community for one in await queries.allowances(year)} for year in (2025, 2026)
    }
    assert shown == {2025: {"haihua", "lebao"}, 2026: {"haihua", "lebao", "xincheng"}}


async def test_P_33_what_was_awarded_together_with_it_is_confirmed_by_whom_it_was_merged_into(
    desk: ProcurementDesk,
) -> None:
    await profiled(desk, "anfu", "guanshang", valid_to="2025-12-31", became="haihua")
    applied = Applied(application=replace(mine, community="anfu"))
    won = Awarded(supplier="tongxin", amount=mine.amount, at=AFTER)
    await desk.calls.once("call-1", [opened, applied, over, closed, won, revised], CAUSE)

    async def confirms(who: str) -> Any:
        return await take(confirm, desk, Asking(person(who), CAUSE), id="call-1")

    for gone in ("community:anfu", "community:haihua", "community:lebao"):
        with pytest.raises(RuleBroken, match="由后者确认") as broken:
            await confirms(gone)
        assert (broken.value.rule.id, broken.value.clause) == ("P-33", REVISING)
    assert (await confirms("community:heping")).events
    call = (await desk.calls.get("call-1")).aggregate
    contract = ContractIn(
        plan="p-1",
        item="i-1",
        supplier="tongxin",
        project=call.project,
        title="长者关怀服务",
        street="guanshang",
        amount=1_000,
    )
    made = await awarded(desk, evolve(call, approved), contract)
    assert made.community == "heping", "who carries it out is who its contract is with"


async def test_P_27_what_it_was_merged_into_assesses_its_running_contract(
    desk: ProcurementDesk,
) -> None:
    await desk.contracts.once("c-1", [signed, before], CAUSE)

    async def assesses(who: str) -> Any:
        return await take(
            assess, desk, Asking(person(who), CAUSE), AssessmentIn(text="可"), id="c-1"
        )

    await desk.follow("haihua", CAUSE)
    for other in ("community:haihua", "community:lebao", "supplier:other"):
        with pytest.raises(NotFound):
            await assesses(other)
    for own in ("community:heping", f"supplier:{signed.supplier}"):
        assert (await assesses(own)).events
    assert (await desk.contracts.get("c-1")).aggregate.unassessed == ()


async def test_P_27_a_contract_of_one_that_was_merged_into_none_waits_for_its_supplier_alone(
    desk: ProcurementDesk,
) -> None:
    """Or it could never be evaluated, and the rest of it never be paid."""
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    for code in ("minghang", "lebao"):
        await desk.contracts.once(code, [replace(signed, community=code), before], CAUSE)
    await desk.follow_all(MARCH)
    left, stands = [(await desk.contracts.get(one)).aggregate for one in ("minghang", "lebao")]
    assert (left.unassessed, stands.unassessed) == ((Assessor.SUPPLIER,), tuple(Assessor))


async def test_P_37_a_list_of_one_that_was_merged_into_none_waits_for_its_street(
    desk: ProcurementDesk,
) -> None:
    await profiled(desk, "minghang", "guanshang", valid_to="2026-02-28")
    id = survey_id("minghang", 2026)
    await desk.surveys.once(id, [replace(recorded, community="minghang", survey=id)], CAUSE)
    await desk.follow("minghang", CAUSE)
    assert of_survey((await desk.surveys.get(id)).aggregate) == {"street:guanshang": None}


async def test_P_10_a_hearing_of_what_was_merged_into_it_carries_an_application(
    desk: ProcurementDesk,
) -> None:
    told = OutcomeReported(
        street="guanshang",
        community="haihua",
        matter="m-1",
        outcome="usable_here",
        at=MARCH,
        serves=Serves(kind="project", id="elderly-care"),
    )
    await desk.outcomes.hear(heard_of("matters/m-1", told))
    found = {
        one: await desk.hearing("elderly-care", one) for one in ("heping", "haihua", "lebao", None)
    }
    matters = {one: hearing and hearing.matter for one, hearing in found.items()}
    assert matters == {"heping": "m-1", "haihua": "m-1", "lebao": None, None: None}
