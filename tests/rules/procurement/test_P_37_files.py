"""P-37, P-06, P-10: needs, suppliers and applications from files, as if entered by hand, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.cause import Cause
from chassis.imports.desk import Bad, Change, Importable
from chassis.tables.columns import Line as Row
from chassis.tables.columns import line as read
from contracts.consultation import OutcomeReported, Serves
from services.procurement.desk import ProcurementDesk, survey_id
from services.procurement.domain import offer as offers
from services.procurement.domain.application import Application
from services.procurement.domain.call_events import CallCancelled
from services.procurement.domain.events import Way
from services.procurement.domain.resettling import Resettled
from services.procurement.domain.survey import NeedClass, NeedRank, NeedRecorded, NeedSource
from services.procurement.importing import tables
from services.procurement.main import desk_on
from services.procurement.shipped import catalogue
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import person

from .calling import called
from .cases import FORM, MARCH, SERVICES, WORK, registered
from .hearing import heard_of, profiled

STREET, COMMUNITY, SUPPLIER = "street:guanshang", "community:haihua", "supplier:tongxin"
NEED = {
    "year": "2026",
    "community": "haihua",
    "group": "独居老人",
    "kind": "支持类",
    "rank": "基本需求",
    "text": "助餐",
    "source": "入户调查",
}
ORGANISATION = {
    "code": "huian",
    "name": "惠安社会工作服务中心",
    "kind": "社会组织",
    "scope": "长者服务",
    "founded_on": "2019-01-05",
    "facts": "依法登记|证-1|2026-01-05||；评估等级|证-2|2026-01-05|2029-01-05|4；"
    "其他条件|证-3|2026-01-05||counsellor",
}


def importable(desk: ProcurementDesk, table: str) -> Importable:
    return next(one for one in tables(desk) if one.name == table)


@pytest.fixture
async def desk() -> ProcurementDesk:
    made = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await made.policies.seed(MARCH)
    await made.seed_catalogue(catalogue(), MARCH)
    for code, street in (("haihua", "guanshang"), ("heping", "taihe")):
        await profiled(made, code, street)
    await made.suppliers.record("tongxin", lambda _: [registered], Cause(actor="x", now=MARCH))
    return made


async def compared(
    desk: ProcurementDesk, table: str, by: str, *said: dict[str, str]
) -> list[Bad | Change]:
    one = importable(desk, table)

    async def rows() -> AsyncIterator[Row]:
        for number, cells in enumerate(said, start=2):
            found = [cells.get(column.name) for column in one.columns]
            yield read(number, found, [None] * len(found), one.columns)

    return [found async for found in one.lines.compare(rows(), "录入", by, MARCH)]


async def entered(
    desk: ProcurementDesk, table: str, by: str, *said: dict[str, str]
) -> list[Change]:
    found = await compared(desk, table, by, *said)
    changes = [one for one in found if isinstance(one, Change)]
    assert len(changes) == len(found), found
    for one in changes:
        await one.enter(Cause(actor=by, now=MARCH))
    return changes


async def bad(desk: ProcurementDesk, table: str, by: str, *said: dict[str, str]) -> list[str]:
    found = await compared(desk, table, by, *said)
    return [one.field for one in found if isinstance(one, Bad)]


async def back(desk: ProcurementDesk, table: str, who: str) -> list[dict[str, str]]:
    """What is on record, as lines of the same table."""
    one = importable(desk, table)
    names = [column.name for column in one.columns]
    return [
        {name: str(cell) for name, cell in zip(names, row, strict=True)}
        async for row in one.lines.rows(person(who))
    ]


# Needs


async def test_P_37_needs_join_the_list_of_their_community_and_year(desk: ProcurementDesk) -> None:
    other = {**NEED, "text": "陪护"}
    [change] = await entered(desk, "needs", COMMUNITY, NEED, other)
    assert change.what == {"community": "haihua", "year": 2026, "needs": 2}
    survey = (await desk.surveys.get(survey_id("haihua", 2026))).aggregate
    assert (survey.street, survey.published_at) == ("guanshang", None)
    first, second = survey.needs
    assert (first.kind, first.rank, first.source) == (
        NeedClass.SUPPORT,
        NeedRank.BASIC,
        NeedSource.SURVEY,
    )
    assert [first.id, second.id] == [f"{survey.id}.1", f"{survey.id}.2"]
    assert await compared(desk, "needs", COMMUNITY, NEED, other) == []
    [more] = await entered(desk, "needs", STREET, NEED, {**NEED, "text": "理发"})
    assert (more.what["needs"], more.line) == (1, 3)
    again = await back(desk, "needs", COMMUNITY)
    assert [one["text"] for one in again] == ["助餐", "陪护", "理发"]
    assert await compared(desk, "needs", COMMUNITY, *again) == []
    assert await back(desk, "needs", STREET) == again
    assert await back(desk, "needs", "community:heping") == []
    assert await back(desk, "needs", "finance") == []


async def test_P_37_a_community_is_found_by_the_name_that_people_know(
    desk: ProcurementDesk,
) -> None:
    await profiled(desk, "haihua", "guanshang", news=2, name="海华社区")
    named = {**NEED, "community": "海华社区"}
    [change] = await entered(desk, "needs", COMMUNITY, named)
    assert change.what["community"] == "haihua"
    assert await compared(desk, "needs", COMMUNITY, NEED) == []
    [wrong] = await compared(desk, "needs", COMMUNITY, {**NEED, "community": "海华小区"})
    assert isinstance(wrong, Bad) and "名称或代码" in wrong.detail
    await profiled(desk, "haihua2", "taihe", name="海华社区")
    [twice] = await compared(desk, "needs", COMMUNITY, named)
    assert isinstance(twice, Bad) and (twice.field, "几个社区" in twice.detail) == (
        "community",
        True,
    )
    await profiled(desk, "haihua2", "taihe", news=2, name="海华社区", valid_to="2026-01-31")
    assert await compared(desk, "needs", COMMUNITY, NEED | named) == []


async def test_P_37_a_list_that_came_by_a_merger_is_gone_on_with_by_whom_it_came_to(
    desk: ProcurementDesk,
) -> None:
    """From files as on screen: the former adds nothing, and what is given back may be sent in."""
    await entered(desk, "needs", COMMUNITY, NEED)
    id, now, more = survey_id("haihua", 2026), Resettled(community="heping", at=MARCH), "陪护"
    await desk.surveys.change(id, lambda _: [now], Cause(actor="x", now=MARCH))
    assert await bad(desk, "needs", COMMUNITY, {**NEED, "text": more}) == ["community"]
    again = await back(desk, "needs", "community:heping")
    assert [one["text"] for one in again] == ["助餐"]
    [change] = await entered(desk, "needs", "community:heping", *again, {**NEED, "text": more})
    assert change.what == {"community": "haihua", "year": 2026, "needs": 1}
    assert await back(desk, "needs", COMMUNITY) == []
    assert len(await back(desk, "needs", STREET)) == 2


async def test_P_37_what_joined_meanwhile_is_not_entered_twice(desk: ProcurementDesk) -> None:
    [one] = await compared(desk, "needs", COMMUNITY, NEED)
    await entered(desk, "needs", COMMUNITY, NEED)
    assert isinstance(one, Change)
    await one.enter(Cause(actor=COMMUNITY, now=MARCH))
    survey = (await desk.surveys.get(survey_id("haihua", 2026))).aggregate
    assert len(survey.needs) == 1


async def test_P_37_what_is_on_the_list_from_a_matter_is_on_it(desk: ProcurementDesk) -> None:
    await entered(desk, "needs", COMMUNITY, NEED)
    id = survey_id("haihua", 2026)
    [first] = (await desk.surveys.get(id)).aggregate.needs
    again = NeedRecorded(
        survey=id,
        street="guanshang",
        community="haihua",
        year=2026,
        need=replace(first, id=f"{id}.2", text="陪护", source_id="m-1"),
        at=MARCH,
    )
    await desk.surveys.change(id, lambda _: (again,), Cause(actor="x", now=MARCH))
    assert await compared(desk, "needs", COMMUNITY, {**NEED, "text": "陪护"}) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"group": " "}, "group"),
        ({"text": ""}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"kind": "别的"}, "kind"),
        ({"rank": ""}, "rank"),
        ({"source": ""}, "source"),
        ({"year": "明年"}, "year"),
        ({"community": "海华"}, "community"),
        ({"community": "heping"}, "community"),
    ],
)
async def test_P_37_a_line_that_is_no_need_is_told_by_its_column(
    desk: ProcurementDesk, changed: dict[str, str], field: str
) -> None:
    for by in (COMMUNITY, STREET):
        assert await bad(desk, "needs", by, {**NEED, **changed}) == [field]


async def test_P_37_a_need_is_said_once(desk: ProcurementDesk) -> None:
    assert await bad(desk, "needs", COMMUNITY, NEED, NEED) == ["text"]


# Suppliers


async def test_P_06_suppliers_are_registered_from_a_file_with_their_papers(
    desk: ProcurementDesk,
) -> None:
    [change] = await entered(desk, "suppliers", "finance", ORGANISATION)
    assert change.key == "huian"
    huian = (await desk.suppliers.get("huian")).aggregate
    assert (huian.scope, huian.founded_on) == ("长者服务", date(2019, 1, 5))
    assert [(one.grade, one.name) for one in huian.facts] == [
        (None, ""),
        (4, ""),
        (None, "counsellor"),
    ]
    assert huian.facts[1].until == date(2029, 1, 5)
    again = await back(desk, "suppliers", "finance")
    assert {one["code"] for one in again} == {"huian", "tongxin"}
    assert await compared(desk, "suppliers", "finance", *again) == []
    assert await back(desk, "suppliers", STREET) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "惠安"}, "code"),
        ({"code": "tongxin"}, "code"),
        ({"name": " "}, "name"),
        ({"kind": "个人"}, "kind"),
        ({"founded_on": "2019年"}, "founded_on"),
        ({"founded_on": "2099-01-01"}, "founded_on"),
        ({"facts": "依法登记|证-1|2026-01-05"}, "facts"),
        ({"facts": "别的|证-1|2026-01-05||"}, "facts"),
        ({"facts": "依法登记|证-1|昨天||"}, "facts"),
        ({"facts": "依法登记||2026-01-05||"}, "evidence"),
        ({"facts": "评估等级|证-1|2026-01-05||6"}, "grade"),
    ],
)
async def test_P_06_a_line_that_is_no_supplier_is_told_by_its_column(
    desk: ProcurementDesk, changed: dict[str, str], field: str
) -> None:
    assert await bad(desk, "suppliers", "finance", {**ORGANISATION, **changed}) == [field]


async def test_P_06_a_supplier_is_said_once(desk: ProcurementDesk) -> None:
    assert await bad(desk, "suppliers", "finance", ORGANISATION, ORGANISATION) == ["code"]


# Applications


APPLICATION = {
    "call": "call-1",
    "community": "haihua",
    "workers": "2",
    "staff": "3",
    "amount": "200,000",
    "summary": "为社区长者提供关怀服务",
}
LINKAGE = {
    "heard_on": "2026-02-01",
    "decided_on": "2026-02-02",
    "posted_on": "2026-02-03",
    **{name: getattr(FORM, name) for name in FORM.__dataclass_fields__},
    "services": "；".join(f"{one.code}|公益|||" for one in SERVICES),
    "populations": "优抚对象|12；药物滥用者、社区矫正人员|0；特困人员|0",
}


async def opened(desk: ProcurementDesk, way: Way = Way.BUILDING) -> None:
    await desk.calls.record("call-1", lambda _: [called(way)], Cause(actor="x", now=MARCH))


async def filed(desk: ProcurementDesk) -> Application | None:
    call = (await desk.calls.get("call-1")).aggregate
    assert call.applications == (), "what is filed lies sealed"
    return await desk.lying(call, "tongxin")


async def test_P_10_a_supplier_files_its_own_applications_from_a_file(
    desk: ProcurementDesk,
) -> None:
    await opened(desk)
    [change] = await entered(desk, "applications", SUPPLIER, APPLICATION)
    assert (change.key, change.what) == ("call-1", {"call": "call-1", "amount": 20_000_000})
    mine = await filed(desk)
    assert mine
    assert (mine.supplier, mine.workers, mine.staff, mine.form) == ("tongxin", 2, 3, None)
    assert mine.precedence.social and mine.precedence.workers_share == (2, 3)
    [line] = await back(desk, "applications", SUPPLIER)
    assert await compared(desk, "applications", SUPPLIER, line) == []
    assert await back(desk, "applications", "supplier:other") == []
    await entered(desk, "applications", SUPPLIER, {**line, "amount": "100000.50"})
    again = await filed(desk)
    assert again and again.amount == 10_000_050


async def test_P_10_a_supplier_for_whom_there_is_no_room_is_told_so(desk: ProcurementDesk) -> None:
    await opened(desk)
    await entered(desk, "applications", SUPPLIER, APPLICATION)
    call = (await desk.calls.get("call-1")).aggregate
    [mine] = [one.aggregate async for one in desk.applications.every({"call": call.id})]
    assert mine.application
    for nth in range(offers.MOST):
        other = replace(mine.application, supplier=f"s{nth}")
        cause = Cause(actor="x", now=MARCH)
        await desk.applications.once(f"a{nth}", [offers.file(call, other)], cause)
    assert await bad(desk, "applications", SUPPLIER, {**APPLICATION, "amount": "100"}) == ["call"]


async def test_P_10_a_linkage_application_says_all_of_it_in_its_line(desk: ProcurementDesk) -> None:
    await opened(desk, Way.LINKAGE)
    said = {**APPLICATION, **LINKAGE}
    assert await bad(desk, "applications", SUPPLIER, said) == ["prepared"], "not yet heard"
    told = OutcomeReported(
        street="guanshang",
        community="haihua",
        matter="m-1",
        outcome="usable_here",
        at=MARCH - timedelta(days=28),
        serves=Serves(kind="project", id="elderly-care"),
    )
    await desk.outcomes.hear(heard_of("matters/m-1", told))
    await entered(desk, "applications", SUPPLIER, said)
    mine = await filed(desk)
    assert mine
    assert (mine.form, mine.services) == (FORM, SERVICES)
    assert mine.prepared and mine.prepared.matter == "m-1"
    assert [(one.people) for one in mine.populations] == [12, 0, 0]
    [line] = await back(desk, "applications", SUPPLIER)
    assert await compared(desk, "applications", SUPPLIER, line) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"call": "nowhere"}, "call"),
        ({"community": ""}, "community"),
        ({"community": "nowhere"}, "community"),
        ({"community": "heping"}, "community"),
        ({"workers": "两人"}, "workers"),
        ({"workers": "4"}, "workers"),
        ({"staff": "0"}, "staff"),
        ({"staff": "1000001"}, "staff"),
        ({"amount": "400000"}, "amount"),
        ({"amount": "很多"}, "amount"),
        ({"summary": ""}, "summary"),
        ({"summary": "长" * 2001}, "summary"),
        ({"heard_on": "昨天"}, "heard_on"),
        ({"services": "1-1|公益"}, "services"),
        ({"services": "1-1|别的|||"}, "services"),
        ({"services": "1-1|有偿||贵|"}, "services"),
        ({"populations": "老人|12"}, "populations"),
        ({"populations": "优抚对象|多"}, "populations"),
    ],
)
async def test_P_10_a_line_that_is_no_application_is_told_by_its_column(
    desk: ProcurementDesk, changed: dict[str, str], field: str
) -> None:
    await opened(desk)
    assert await bad(desk, "applications", SUPPLIER, {**APPLICATION, **changed}) == [field]


async def test_P_10_a_file_is_held_to_what_an_applicant_is(desk: ProcurementDesk) -> None:
    await opened(desk)
    assert await bad(desk, "applications", SUPPLIER, APPLICATION, APPLICATION) == ["call"]
    assert await bad(desk, "applications", "supplier:unknown", APPLICATION) == ["supplier"]
    committee = {**ORGANISATION, "code": "juwei", "kind": "居委会", "facts": ""}
    await entered(desk, "suppliers", "finance", committee)
    assert await bad(desk, "applications", "supplier:juwei", APPLICATION) == ["supplier"]
    cancelled = CallCancelled(reason="撤销", at=MARCH)
    await desk.calls.change("call-1", lambda _: (cancelled,), Cause(actor="x", now=MARCH))
    assert await bad(desk, "applications", SUPPLIER, APPLICATION) == ["row"]
