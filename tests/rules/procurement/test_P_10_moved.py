"""Of a community that lies in another street now: what is open of it goes along, what is over stays."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, UnknownReference
from chassis.kind import derived_id
from contracts.housing import CommunityProfiled
from services.procurement import announce
from services.procurement.consumers import subscriptions
from services.procurement.desk import ProcurementDesk, survey_id
from services.procurement.domain.call_events import Applied, Awarded
from services.procurement.domain.contract import Contract
from services.procurement.domain.fund import QuarterMissed
from services.procurement.domain.resettling import Resettled
from services.procurement.domain.survey import NeedClass, NeedRank, NeedSource
from services.procurement.main import desk_on
from services.procurement.queries import ProcurementQueries
from services.procurement.shipped import catalogue
from services.procurement.steps import allowances, surveys
from services.procurement.steps.contracts import ContractIn, sign
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .calling import AFTER, PROGRAMME, closed, mine, opened, over
from .cases import (
    DRAFT,
    ITEM,
    MARCH,
    WORK,
    agreed,
    drafted,
    examined,
    published,
    registered,
    reviewed,
    signed,
    submitted,
)
from .hearing import profile, profiled
from .test_P_13_renewal import PASSED
from .test_P_37_needs import public, recorded
from .test_P_39_allowance import FIRST, allotted, applied
from .test_P_41_fund import DUE, received
from .test_P_41_fund import FIRST as QUARTER

CAUSE = Cause(actor="platform", now=MARCH)
LAST, THIS = survey_id("haihua", 2025), survey_id("haihua", 2026)
BEFORE = derived_id("allowance", "haihua", "2025")
NOW = derived_id("allowance", "haihua", "2026")


@pytest.fixture
async def desk() -> ProcurementDesk:
    """Of haihua in guanshang: last year's, which is over, this year's, its fund and a contract."""
    made = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await made.policies.seed(MARCH)
    await profiled(made, "haihua", "guanshang")
    over = replace(recorded, survey=LAST, year=2025)
    await made.surveys.once(LAST, [over, public], CAUSE)
    await made.surveys.once(THIS, [replace(recorded, survey=THIS), public], CAUSE)
    await made.allowances.once(BEFORE, [replace(allotted, year=2025), *FIRST], CAUSE)
    await made.allowances.once(NOW, [allotted, applied], CAUSE)
    await made.funds.once("haihua", [received], CAUSE)
    await made.contracts.once("c-1", [signed], CAUSE)
    return made


async def moves(
    desk: ProcurementDesk,
    street: str = "taihe",
    code: str = "haihua",
    news: int = 2,
    **ended: str,
) -> None:
    [listens] = [one for one in subscriptions(desk) if one.event is CommunityProfiled]
    for _ in range(2):
        await listens.react(profile(code, street, news=news, **ended))


async def shown_to(desk: ProcurementDesk, street: str) -> dict[str, int]:
    kept: dict[str, Guarded[Any, Any]] = {
        "needs": desk.surveys,
        "sums": desk.allowances,
        "funds": desk.funds,
        "contracts": desk.contracts,
    }
    reader = person(f"street:{street}")
    return {name: await one.count_of(reader, {}) for name, one in kept.items()}


async def test_P_10_what_is_open_goes_along_and_what_is_over_stays(desk: ProcurementDesk) -> None:
    await moves(desk)
    assert await shown_to(desk, "taihe") == {"needs": 1, "sums": 1, "funds": 1, "contracts": 0}
    assert await shown_to(desk, "guanshang") == {"needs": 1, "sums": 1, "funds": 0, "contracts": 1}
    fund = await desk.funds.get("haihua")
    assert fund.version == 2, "once, however often it is told"
    assert (fund.aggregate.street, fund.aggregate.successor) == ("taihe", None)
    left = {(await desk.surveys.get(LAST)).version, (await desk.allowances.get(BEFORE)).version}
    assert left == {2, len(FIRST) + 1}


async def test_P_10_what_is_open_of_a_year_gone_by_goes_along(desk: ProcurementDesk) -> None:
    waits = replace(applied, project=replace(applied.project, code="p2"))
    await desk.allowances.change(BEFORE, lambda _: [waits], CAUSE)
    unclassified = replace(recorded.need, group="", kind=None, rank=None)
    await desk.surveys.change(LAST, lambda _: [replace(recorded, need=unclassified)], CAUSE)
    await moves(desk)
    assert await shown_to(desk, "taihe") == {"needs": 2, "sums": 2, "funds": 1, "contracts": 0}


async def test_P_39_its_street_reviews_what_its_community_applied_for(
    desk: ProcurementDesk,
) -> None:
    await moves(desk)
    said = allowances.ProjectReviewIn(agreed=True, opinion="可行")

    async def reviews(street: str) -> Any:
        asking = Asking(person(f"street:{street}"), CAUSE)
        return await take(allowances.review, desk, asking, said, id=NOW, project="p1")

    with pytest.raises(NotFound):
        await reviews("guanshang")
    assert (await reviews("taihe")).events


async def test_P_37_its_street_surveys_what_is_open_and_the_former_what_is_over(
    desk: ProcurementDesk,
) -> None:
    await moves(desk)
    need = {
        "community": "haihua",
        "group": "儿童",
        "kind": NeedClass.SUPPORT,
        "rank": NeedRank.BASIC,
        "text": "托管",
        "source": NeedSource.SURVEY,
    }

    async def records(street: str, year: int) -> Any:
        said = surveys.NeedIn(year=year, **need)
        asking = Asking(person(f"street:{street}"), replace(CAUSE, actor=f"street:{street}"))
        return (await take(surveys.record, desk, asking, said)).aggregate.street

    for street, year in (("guanshang", 2026), ("taihe", 2025)):
        with pytest.raises(NotAllowed):
            await records(street, year)
    begun = {year: await records("taihe", year) for year in (2026, 2027)}
    assert begun == {2026: "taihe", 2027: "taihe"}
    assert await records("guanshang", 2025) == "guanshang"


async def test_P_41_an_account_that_is_late_is_told_of_the_street_where_its_community_lies(
    desk: ProcurementDesk,
) -> None:
    await moves(desk)
    found = (await desk.funds.get("haihua")).aggregate
    told = announce.of_funds(QuarterMissed(quarter=QUARTER, due=DUE, at=DUE), found)
    assert told is not None and told.street == "taihe"


async def test_P_37_a_year_that_is_over_is_answered_in_the_street_of_its_time(
    desk: ProcurementDesk,
) -> None:
    await moves(desk)
    queries = ProcurementQueries(desk=desk, printed={})
    streets = {year: [one.street for one in await queries.answered(year)] for year in (2025, 2026)}
    assert streets == {2025: ["guanshang"], 2026: ["taihe"]}


async def test_P_10_what_was_merged_into_a_community_moves_with_it(desk: ProcurementDesk) -> None:
    """And at once where that lies in another street; at the start of what was heard before."""
    await profiled(desk, "heping", "taihe")
    await profiled(desk, "haihua", "guanshang", news=2, valid_to="2026-02-28", became="heping")
    await desk.follow_all(MARCH)
    fund = (await desk.funds.get("haihua")).aggregate
    assert (fund.street, fund.community, fund.successor) == ("taihe", "haihua", "heping")
    contract: Contract = (await desk.contracts.get("c-1")).aggregate
    assert (contract.street, contract.successor) == ("guanshang", "heping"), "who bought it"
    await moves(desk, "wuhua", "heping")
    fund = (await desk.funds.get("haihua")).aggregate
    assert (fund.street, fund.successor) == ("wuhua", "heping")


async def test_P_10_what_was_followed_by_an_earlier_build_stays_as_it_was_folded(
    desk: ProcurementDesk,
) -> None:
    await desk.funds.change("haihua", lambda _: [Resettled(community="heping", at=MARCH)], CAUSE)
    fund = (await desk.funds.get("haihua")).aggregate
    assert (fund.street, fund.successor) == ("guanshang", "heping")


async def test_P_33_what_it_was_awarded_is_signed_by_the_street_that_bought_it(
    desk: ProcurementDesk,
) -> None:
    """Or nobody could; what it didn't apply for is carried out by communities of the street alone."""
    won = Awarded(supplier="tongxin", amount=mine.amount, at=AFTER)
    await desk.seed_catalogue(catalogue(), MARCH)
    await desk.suppliers.once("tongxin", [registered], CAUSE)
    for plan, application in (("p-1", mine), ("p-2", replace(mine, community=None))):
        call = replace(opened, call=derived_id("call", plan, ITEM.code), plan=plan)
        past: list[Any] = [replace(drafted, plan=plan), submitted, reviewed, examined, published]
        await desk.plans.once(plan, past, CAUSE)
        ran: list[Any] = [call, Applied(application=application), over, closed, won, *PROGRAMME]
        await desk.calls.once(call.call, ran, CAUSE)

    async def signs(plan: str) -> Any:
        body = ContractIn(
            plan=plan,
            item=ITEM.code,
            supplier="tongxin",
            project=opened.project,
            title="长者关怀服务",
            street="guanshang",
            community="haihua",
            amount=mine.amount,
            trade="KM-1",
        )
        cause = replace(CAUSE, actor="street:guanshang", now=AFTER)
        return (await take(sign, desk, Asking(person(cause.actor), cause), body)).aggregate

    await moves(desk)
    made = await signs("p-1")
    assert (made.street, made.community) == ("guanshang", "haihua")
    with pytest.raises(Malformed, match="不属于街道") as refused:
        await signs("p-2")
    assert refused.value.field == "community"
    await moves(desk, news=3, valid_to="2026-02-28")
    with pytest.raises(UnknownReference, match="终止"):
        await signs("p-1")


@pytest.mark.parametrize(
    ("purchaser", "street"), [("street:guanshang", "guanshang"), ("department:civil", "taihe")]
)
async def test_P_13_a_project_goes_on_when_its_community_has_moved(
    desk: ProcurementDesk, purchaser: str, street: str
) -> None:
    """By who bought it: a street in its own name, another for the street where the community lies now. Both were sent
    from one street to the other, and nothing could be renewed."""
    id, year = "c-0", 2027
    before = replace(signed, contract=id, purchaser=purchaser)
    await desk.contracts.once(id, [before, *PASSED, agreed], CAUSE)
    await desk.seed_catalogue(catalogue(), MARCH)
    await desk.suppliers.once("tongxin", [registered], CAUSE)
    draft = replace(DRAFT, items=(replace(ITEM, renews=id),))
    planned = replace(drafted, purchaser=purchaser, year=year, draft=draft)
    await desk.plans.once("p-1", [planned, submitted, reviewed, examined, published], CAUSE)
    await moves(desk)

    async def signs(street: str) -> Any:
        body = ContractIn(
            plan="p-1",
            item=ITEM.code,
            supplier="tongxin",
            project=signed.project,
            title=signed.title,
            street=street,
            community="haihua",
            amount=ITEM.amount,
            trade="KM-1",
        )
        cause = replace(CAUSE, actor=purchaser, now=MARCH.replace(year=year))
        return (await take(sign, desk, Asking(person(purchaser), cause), body)).aggregate

    [elsewhere] = {"guanshang", "taihe"} - {street}
    with pytest.raises((NotAllowed, Malformed)):
        await signs(elsewhere)
    made = await signs(street)
    assert (made.street, made.community, made.turn) == (street, "haihua", 2)
