"""M-02, M-03: the ledger of open disputes comes in as a table; lists go out as tables."""

from datetime import date
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.exports import as_csv
from services.mediation.desk import MediationDesk
from services.mediation.domain.dispute import Awaited, Dispute, Risk, Source, Way
from services.mediation.importing import COLUMNS as ROSTER
from services.mediation.importing import RosterLines
from services.mediation.importing_cases import COLUMNS, CaseLines
from services.mediation.main import desk_on
from services.mediation.queries import tables
from services.mediation.queries.tables import ListName
from tests.support.lines import compared, entered, given_back
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import person

from .lives import COMMUNITY, LATER, MORNING, RECEIVED, WORK
from .test_mediators import ENLISTED, TRAINED
from .test_notices import ISSUED

CAUSE = Cause(actor="district_admin", now=MORNING)
ROW = {
    "reference": "台-1",
    "dispute": "neighbours",
    "risk": "ordinary",
    "source": "排查发现",
    "community": "guanshangzhongxinqu",
    "parties": "3",
}


@pytest.fixture
async def desk() -> MediationDesk:
    there = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await there.policies.seed(MORNING)
    code = "guanshangzhongxinqu"
    data = {"code": code, "name": "关上中心区", "street": "guanshang", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await there.communities.aggregates.once(code, [told], CAUSE)
    return there


async def of(desk: MediationDesk, *rows: dict[str, str]) -> tuple[list[Any], list[str]]:
    return await compared(CaseLines(desk=desk), COLUMNS, rows, MORNING)


async def test_M_02_a_community_in_a_ledger_is_found_by_the_name_that_people_know(
    desk: MediationDesk,
) -> None:
    changes, bad = await of(desk, {**ROW, "community": "关上中心区"})
    assert ([one.what["community"] for one in changes], bad) == ([ROW["community"]], [])


async def test_M_02_a_ledger_is_entered_once_and_given_back_as_it_was(desk: MediationDesk) -> None:
    row = {**ROW, "risk": "serious"}
    changes, bad = await of(desk, row)
    assert (len(changes), bad) == (1, [])
    await entered(changes, CAUSE)
    [held] = [one async for one in desk.cases.every({})]
    case = held.aggregate
    assert (case.dispute, case.risk, case.source) == (
        Dispute.NEIGHBOURS,
        Risk.SERIOUS,
        Source.SCREENING,
    )
    assert (case.office, case.way, case.parties) == (COMMUNITY, Way.PEOPLE, ("a", "b", "c"))
    assert [one.awaited for one in case.clocks] == [Awaited.RESPONSE]
    back = await given_back(CaseLines(desk=desk), COLUMNS, person("district_admin"))
    assert len(back) == 1 and await of(desk, *back) == ([], [])
    other = {**row, "dispute": Dispute.LABOUR.value}
    assert await of(desk, other) == ([], ["2 reference"])


async def test_M_02_what_came_by_itself_is_in_no_ledger(desk: MediationDesk) -> None:
    await desk.cases.once("c-1", RECEIVED, CAUSE)
    assert await given_back(CaseLines(desk=desk), COLUMNS, person("district_admin")) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"dispute": "吵架"}, "dispute"),
        ({"risk": "天大"}, "risk"),
        ({"source": "consultation"}, "source"),
        ({"source": "whistle"}, "source"),
        ({"source": "partner"}, "source"),
        ({"community": ""}, "community"),
        ({"parties": "两"}, "parties"),
        ({"parties": "1"}, "parties"),
    ],
)
async def test_M_02_a_bad_line_names_its_column(
    desk: MediationDesk, said: dict[str, str], field: str
) -> None:
    assert await of(desk, {**ROW, **said}) == ([], [f"2 {field}"])


async def test_M_02_a_number_stands_once_in_a_ledger(desk: MediationDesk) -> None:
    changes, bad = await of(desk, ROW, ROW)
    assert (len(changes), bad) == (1, ["3 reference"])


@pytest.mark.parametrize("list", ListName)
async def test_each_list_is_a_table_of_what_its_reader_is_shown(
    desk: MediationDesk, list: ListName
) -> None:
    match list:
        case ListName.SCREENINGS:
            await desk.begin_screening("guanshang", MORNING)
        case ListName.MEDIATORS:
            await desk.mediators.once("m1", [ENLISTED, TRAINED], CAUSE)
        case ListName.NOTICES:
            await desk.notices.once("n-1", [ISSUED], CAUSE)
    for reader, rows in (("district_admin", 1), ("street:taihe", 0), ("resident", 0)):
        found = await tables.table(desk, list, person(reader))
        assert len([*found.rows]) == rows, reader
    text = as_csv(await tables.table(desk, list, person("department:stability"))).decode()
    assert len(text.splitlines()) == 2


async def roster(desk: MediationDesk, **said: str) -> tuple[list[Any], list[str]]:
    row = {"code": "m1", "street": "guanshang", **said}
    return await compared(RosterLines(desk=desk), ROSTER, [row], LATER)


async def test_M_10_a_roster_says_since_when_who_was_entered_before_was_on_it(
    desk: MediationDesk,
) -> None:
    """Once: another day for the same mediator is said to the clerk, not passed over."""
    await desk.mediators.once("m1", [ENLISTED, TRAINED], CAUSE)
    assert await roster(desk) == ([], [])
    changes, bad = await roster(desk, since="2020-05-01")
    assert (len(changes), bad) == (1, [])
    await entered(changes, CAUSE)
    assert (await desk.mediators.get("m1")).aggregate.since == date(2020, 5, 1)
    assert await roster(desk, since="2020-05-01") == ([], [])
    assert await roster(desk) == ([], [])
    assert await roster(desk, since="2021-05-01") == ([], ["2 since"])
    [back] = await given_back(RosterLines(desk=desk), ROSTER, person("district_admin"))
    assert back["since"] == "2020-05-01"
