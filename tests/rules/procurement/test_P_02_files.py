"""P-01, P-02: a catalogue and a plan from a file, whole or not at all, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.imports.desk import Bad, Change
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Line as Row
from chassis.tables.columns import line as read
from services.procurement.desk import ProcurementDesk, plan_id
from services.procurement.domain.plan import Plan, PlanPublished
from services.procurement.domain.policy import ProcurementPolicy, TenderThreshold
from services.procurement.domain.supplier import FactKind
from services.procurement.main import desk_on
from services.procurement.shipped import catalogue
from services.procurement.tables.catalogue_lines import COLUMNS as ENTRIES
from services.procurement.tables.catalogue_lines import CatalogueLines
from services.procurement.tables.cells import fen_of, year_of, yuan
from services.procurement.tables.plan_lines import COLUMNS, PlanLines
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import ITEM, LINE, MARCH, WORK

STREET = "street:guanshang"
GOOD = {
    "year": "2026",
    "code": "i1",
    "way": "三社联动",
    "entry": "B0101",
    "title": ITEM.title,
    "line": "services",
    "holds": "300000",
    "amount": "300,000.00",
    "method": "公开招标",
    "targets": ITEM.targets,
    "standard": ITEM.standard,
    "personnel": "195000",
    "evaluation": "15000",
    "supervision": "30000",
}


@pytest.fixture
async def desk() -> ProcurementDesk:
    made = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await made.policies.seed(MARCH)
    await made.seed_catalogue(catalogue(), MARCH)
    return made


async def rows(columns: Any, *said: dict[str, str]) -> AsyncIterator[Row]:
    for number, one in enumerate(said, start=2):
        cells = [one.get(column.name) for column in columns]
        yield read(number, cells, [None] * len(cells), columns)


async def compared(
    desk: ProcurementDesk, *said: dict[str, str], by: str = STREET
) -> list[Bad | Change]:
    lines = PlanLines(desk=desk).compare(rows(COLUMNS, *said), "编制", by, MARCH)
    return [found async for found in lines]


async def entered(desk: ProcurementDesk, *said: dict[str, str], by: str = STREET) -> None:
    for found in await compared(desk, *said, by=by):
        assert isinstance(found, Change), found
        await found.enter(Cause(actor=by, now=MARCH))


async def plan(desk: ProcurementDesk, by: str = STREET) -> Plan | None:
    held = await desk.plans.look(plan_id(by, 2026))
    return held.aggregate if held else None


async def test_P_02_a_file_is_its_importers_own_plan_as_if_drafted_by_hand(
    desk: ProcurementDesk,
) -> None:
    [change] = await compared(desk, GOOD)
    assert isinstance(change, Change)
    assert (change.key, change.what) == ("2026", {"year": 2026, "items": 1})
    assert await plan(desk) is None, "a comparison enters nothing"
    await entered(desk, GOOD)
    drafted = await plan(desk)
    assert drafted is not None
    assert (drafted.purchaser, drafted.items, drafted.lines) == (STREET, (ITEM,), (LINE,))
    assert await compared(desk, GOOD) == []
    await entered(desk, GOOD, by="street:taihe")
    assert await plan(desk, "street:taihe") is not None
    assert (await plan(desk)) == drafted


async def test_P_02_an_office_has_no_second_plan_under_its_other_name(
    desk: ProcurementDesk,
) -> None:
    """P-03: what is bought would be cut in two."""
    names = ("finance", "department:finance")
    for first, second in (names, names[::-1]):
        year = "2026" if first == "finance" else "2027"
        said = {**GOOD, "year": year}
        await entered(desk, said, by=first)
        [refused] = await compared(desk, said, by=second)
        assert isinstance(refused, Bad) and "已有计划" in refused.detail
        await entered(desk, {**said, "title": "另一名称"}, by=first)
    await entered(desk, GOOD, by="department:water")


async def test_P_03_a_file_is_judged_by_the_threshold_of_its_year(
    desk: ProcurementDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As what is drafted by hand: by today's a lawful plan couldn't be brought, and a wrong one went in."""
    id, policy = await desk.policies.current()
    low = replace(policy, thresholds=(TenderThreshold(year=2026, amount=1_000_000),))

    async def current() -> tuple[int, ProcurementPolicy]:
        return id, low

    negotiated = {**GOOD, "method": "竞争性谈判"}
    [change] = await compared(desk, negotiated)
    assert isinstance(change, Change)
    monkeypatch.setattr(desk.policies, "current", current)
    [refused] = await compared(desk, negotiated)
    assert isinstance(refused, Bad) and "公开招标" in refused.detail


async def test_P_02_what_is_drafted_comes_back_for_its_own_and_a_file_takes_its_place(
    desk: ProcurementDesk,
) -> None:
    await entered(desk, GOOD)
    lines = PlanLines(desk=desk)
    mine = [row async for row in lines.rows(person(STREET))]
    assert [row async for row in lines.rows(person("street:taihe"))] == []
    names = [column.name for column in COLUMNS]
    [row] = mine
    back = {name: str(value) for name, value in zip(names, row, strict=True)}
    assert await compared(desk, back) == []
    await entered(desk, {**back, "title": "另一名称"})
    changed = await plan(desk)
    assert changed is not None and changed.items == (replace(ITEM, title="另一名称"),)


async def test_P_06_a_projects_conditions_come_and_go_with_its_line(desk: ProcurementDesk) -> None:
    said = "评估等级|4A 以上|4|；其他条件|有心理咨询师|counsellor|服务对象需要；行业许可|养老机构许可||"
    await entered(desk, {**GOOD, "conditions": said})
    drafted = await plan(desk)
    assert drafted is not None
    rated, other, licensed = drafted.items[0].conditions
    assert (rated.kind, rated.grade, rated.name) == (FactKind.RATING, 4, "")
    assert (other.name, other.ground, other.grade) == ("counsellor", "服务对象需要", None)
    assert (licensed.kind, licensed.text) == (FactKind.LICENCE, "养老机构许可")
    [row] = [row async for row in PlanLines(desk=desk).rows(person(STREET))]
    assert row[-1] == said


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"conditions": "别的|x||"}, "conditions"),
        ({"conditions": "行业许可|x"}, "conditions"),
        ({"conditions": "公益性|公益组织||"}, "conditions"),
        ({"year": "二〇二六"}, "year"),
        ({"year": "2024"}, "year"),
        ({"year": "2028"}, "year"),
        ({"code": "甲"}, "code"),
        ({"line": ""}, "line"),
        ({"way": "别的"}, "way"),
        ({"method": ""}, "method"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"evaluation": "很多"}, "evaluation"),
        ({"fund": "别的"}, "fund"),
        ({"lot": "别的"}, "lot"),
        ({"targets": "长" * 2001}, "targets"),
        ({"targets": ""}, "targets"),
        ({"entry": "Z9999"}, "entry"),
        ({"holds": "299999.99"}, "lines"),
        ({"personnel": "194999.99"}, "shares.personnel"),
        ({"way": "政府购买", "fund": "街道自主经费", "year": "1999"}, "year"),
        ({"needs": "survey-1.1"}, "needs"),
    ],
)
async def test_P_02_what_cannot_be_planned_is_a_bad_line(
    desk: ProcurementDesk, changed: dict[str, str], field: str
) -> None:
    [bad] = await compared(desk, {**GOOD, **changed})
    assert isinstance(bad, Bad)
    assert (bad.line, bad.field) == (2, field)


async def test_P_02_one_bad_line_keeps_its_year_out(desk: ProcurementDesk) -> None:
    other = {**GOOD, "code": "i2"}
    [twice] = await compared(desk, GOOD, GOOD)
    assert isinstance(twice, Bad) and (twice.line, twice.field) == (3, "code")
    [unlike] = await compared(desk, GOOD, {**other, "holds": "1"})
    assert isinstance(unlike, Bad) and (unlike.line, unlike.field) == (3, "holds")
    found = await compared(desk, GOOD, {**other, "code": "?"}, {**GOOD, "year": "2027"})
    assert [type(one) for one in found] == [Bad, Change]
    assert isinstance(found[1], Change) and found[1].key == "2027"


async def test_P_02_what_is_wrong_with_an_item_is_said_of_its_line(desk: ProcurementDesk) -> None:
    [bad] = await compared(desk, GOOD, {**GOOD, "code": "i2", "entry": "Z9999"})
    assert isinstance(bad, Bad) and (bad.line, bad.field) == (3, "entry")


async def test_P_02_a_plan_that_was_handed_in_is_not_changed_by_a_file(
    desk: ProcurementDesk,
) -> None:
    await entered(desk, GOOD)
    done = [PlanPublished(at=MARCH)]
    await desk.plans.record(
        plan_id(STREET, 2026), lambda _: done, Cause(actor="platform", now=MARCH)
    )
    [bad] = await compared(desk, {**GOOD, "title": "另一名称"})
    assert isinstance(bad, Bad) and "报送后" in bad.detail


async def test_P_18_a_file_of_a_department_holds_no_streets_own_money(
    desk: ProcurementDesk,
) -> None:
    own = {**GOOD, "fund": "街道自主经费"}
    assert isinstance((await compared(desk, own))[0], Change)
    [bad] = await compared(desk, own, by="department:water")
    assert isinstance(bad, Bad) and bad.field == "fund"


async def test_P_01_a_catalogue_from_a_file_is_drafted_by_its_year(desk: ProcurementDesk) -> None:
    good = {"year": "2027", "code": "A0101", "name": "研究", "kind": "基本", "group": "教育"}

    async def found(*said: dict[str, str]) -> list[Bad | Change]:
        lines = CatalogueLines(desk=desk)
        told = lines.compare(rows(ENTRIES, *said), "编制", "finance", MARCH)
        return [one async for one in told]

    [change] = await found(good)
    assert isinstance(change, Change) and change.key == "2027"
    await change.enter(Cause(actor="finance", now=MARCH))
    assert await found(good) == []
    assert (await desk.catalogues.get("2027")).aggregate.entries[0].name == "研究"
    mine = [row async for row in CatalogueLines(desk=desk).rows(person("finance"))]
    assert mine == [(2027, "A0101", "研究", "基本", "教育")]
    for changed, field in (
        ({"year": "x"}, "year"),
        ({"code": "甲"}, "entries"),
        ({"name": ""}, None),
        ({"year": "2016"}, None),
    ):
        [bad] = await found({**good, **changed})
        assert isinstance(bad, Bad) and (field is None or bad.field == field), bad
    assert isinstance((await found(good, {**good, "name": "再"}))[0], Bad)


@pytest.mark.parametrize(
    ("text", "fen"), [("1", 100), ("1,200.5", 120050), ("0.01", 1), ("3.", 300)]
)
def test_yuan_are_read_to_the_fen(text: str, fen: int) -> None:
    assert fen_of({"amount": text}, "amount") == fen
    assert fen_of({"amount": yuan(fen)}, "amount") == fen


@pytest.mark.parametrize("text", ["", ".5", "1.005", "-1", "1e3", "½", "99999999999999"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        fen_of({"amount": text}, "amount")


@pytest.mark.parametrize("text", ["", "26", "1999", "2101", "202六"])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        year_of({"year": text})


def test_P_02_a_plan_in_ten_thousands_of_yuan_would_be_seen_to_be_one() -> None:
    """Its sums would be below every threshold else."""
    money = {column.name for column in COLUMNS if column.unit == "元"}
    assert money == {"holds", "amount", "personnel", "evaluation", "supervision"}
