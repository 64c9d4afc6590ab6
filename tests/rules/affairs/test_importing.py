"""A-01, A-20: what a file would change, and what it says that is there already."""

from datetime import date
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.kernel.errors import RuleBroken
from chassis.tables.columns import Line
from contracts.housing import CommunityProfiled
from services.affairs.importing import ListLines, SampleLines
from services.affairs.staffing import StaffLines

from .cases import MARCH, but
from .test_A_12_workers import number as approved
from .test_A_13_pay import taken
from .test_actions import there
from .test_consumers import hear

CAUSE = Cause(actor="district_admin", now=MARCH)
READER = Subject(sub="x", kind="district_admin", code=None, scopes=frozenset())
ENTRY = {
    "list": "items",
    "name": "组织居民议事",
    "basis": "演示依据",
    "department": "民政",
    "role": "does",
    "document": "演示〔2026〕1号",
    "since": "2026-03-01",
}
STAGE = {
    "code": "works-1",
    "type": "urban",
    "kind": "works",
    "name": "小型工程",
    "basis": "演示依据",
    "rules": "三人以上在场",
    "stage": "提出",
    "risk": "low",
    "deliberated": "no",
}


async def compared(table: Any, *rows: dict[str, str]) -> list[Bad | Change]:
    async def lines() -> Any:
        for number, cells in enumerate(rows, 2):
            yield Line(number, cells)

    return [one async for one in table.compare(lines(), "更新", "district_admin", MARCH)]


async def again(table: Any, columns: tuple[str, ...]) -> list[dict[str, str]]:
    rows = [[str(cell or "") for cell in row] async for row in table.rows(READER)]
    return [dict(zip(columns, row, strict=True)) for row in rows]


async def test_A_01_the_lines_of_a_list_are_its_next_version() -> None:
    _, desk = await there()
    table = ListLines(desk=desk)
    other = {**ENTRY, "name": "开展调查"}
    [change] = await compared(table, ENTRY, other)
    assert isinstance(change, Change) and change.what == {"list": "items", "entries": 2}
    await change.enter(CAUSE)
    assert await compared(table, *await again(table, tuple(ENTRY))) == []
    assert len((await desk.lists.get("items")).aggregate.versions) == 1

    async def wrong(field: str, *rows: dict[str, str]) -> None:
        assert [one.field for one in await compared(table, *rows) if isinstance(one, Bad)] == [
            field
        ]

    await wrong("since", {**ENTRY, "name": "别的"})
    await wrong("since", {**ENTRY, "since": "三月"})
    await wrong("list", {**ENTRY, "list": "x"})
    await wrong("role", {**ENTRY, "role": "x"})
    await wrong("basis", {**ENTRY, "basis": ""})
    later = {**ENTRY, "since": "2026-04-01"}
    await wrong("since", later, {**later, "name": "别的", "since": "2026-05-01"})
    await wrong("name", later, later)
    await wrong("name", {**later, "name": "长" * 81})


async def test_A_01_a_list_that_takes_the_place_of_one_to_come_says_so_before_it_is_entered() -> (
    None
):
    _, desk = await there()
    table = ListLines(desk=desk)
    for since, told in (
        ("2026-03-01", None),
        ("2027-01-01", None),
        ("2026-06-01", "演示〔2026〕1号（2027-01-01 起）"),
    ):
        [change] = await compared(table, {**ENTRY, "since": since})
        assert isinstance(change, Change) and change.what.get("instead_of") == told
        await change.enter(CAUSE)
    last = (await desk.lists.get("items")).aggregate.versions[-1]
    assert [one.since for one in last.instead_of] == [date(2027, 1, 1)]


async def test_A_20_the_lines_of_a_code_are_a_sample() -> None:
    _, desk = await there()
    table = SampleLines(desk=desk)
    second = {**STAGE, "stage": "招标", "risk": "high", "deliberated": "yes"}
    [change] = await compared(table, STAGE, second)
    assert isinstance(change, Change) and change.what["steps"] == 2
    await change.enter(CAUSE)
    assert await compared(table, *await again(table, tuple(STAGE))) == []
    assert len(await compared(table, STAGE)) == 1
    for field, rows in (
        ("basis", (STAGE, {**second, "basis": "别的"})),
        ("flow", (STAGE, STAGE)),
        ("risk", ({**STAGE, "risk": "x"},)),
        ("stage", ({**STAGE, "stage": ""},)),
    ):
        bad = [one for one in await compared(table, *rows) if isinstance(one, Bad)]
        assert [one.field for one in bad] == [field]


async def bad(table: Any, row: dict[str, str]) -> list[str | None]:
    return [one.field for one in await compared(table, row) if isinstance(one, Bad)]


@pytest.mark.parametrize("text", ["√", "须协商", "Y"])
async def test_A_20_a_sign_that_might_be_a_yes_is_not_taken_for_a_no(text: str) -> None:
    """A step that waits for a consultation was entered as one that doesn't."""
    _, desk = await there()
    table = SampleLines(desk=desk)
    assert await bad(table, {**STAGE, "deliberated": text}) == ["deliberated"]
    assert await bad(table, {**STAGE, "deliberated": ""}) == []


UNFIT = ["a/b", "..", "甲（虚构）", "A B", "合计", "x" * 65]


@pytest.mark.parametrize("code", UNFIT)
async def test_A_12_a_code_is_fit_to_be_found_by_and_names_nobody(code: str) -> None:
    """Who was entered as a/b could be neither read nor leave his post."""
    _, desk = await there()
    await desk.establishments.once("haihua", [approved], CAUSE)
    assert await bad(StaffLines(desk=desk), {**BARE, "code": code}) == ["code"]
    assert await bad(SampleLines(desk=desk), {**STAGE, "code": code}) == ["code"]


async def test_A_12_a_record_of_before_is_found_by_its_code_as_it_is() -> None:
    _, desk = await there()
    await desk.workers.once("关上-1", [taken], CAUSE)
    row = {**BARE, "code": "关上-1", "post": taken.post.value, "community": taken.community}
    assert await compared(StaffLines(desk=desk), row) == []


WORKER = {
    "code": "w-1",
    "community": "haihua",
    "post": "staff",
    "since": "2020-01-01",
    "served_since": "2010-05-01",
    "served_until": "2019-12-31",
    "where": "某街道",
    "proof": "聘书",
}
BARE = {**WORKER, "served_since": "", "served_until": "", "where": "", "proof": ""}


async def test_A_12_the_lines_of_workers_are_records_within_the_number() -> None:
    _, desk = await there()
    table = StaffLines(desk=desk)

    async def wrong(field: str, *rows: dict[str, str]) -> None:
        found = [one.field for one in await compared(table, *rows) if isinstance(one, Bad)]
        assert found == [field]

    await wrong("community", WORKER)
    await desk.establishments.once("haihua", [approved], CAUSE)
    others = [{**BARE, "code": code} for code in ("w-2", "w-3")]
    changes = await compared(table, WORKER, *others)
    assert [type(one) for one in changes] == [Change, Change, Bad]
    for change in changes[:2]:
        assert isinstance(change, Change)
        await change.enter(CAUSE)
    assert len((await desk.workers.get("w-1")).aggregate.services) == 1
    assert (await desk.pay.get("guanshang-2026-Q1")).aggregate.street == "guanshang"
    assert await compared(table, *await again(table, tuple(WORKER))) == []
    [more] = await compared(
        table, {**others[0], **{"served_since": "2015-01-01", "where": "x", "proof": "y"}}
    )
    assert isinstance(more, Change) and more.what == {"code": "w-2", "changes": 1}
    await wrong("post", others[1])
    [leader] = await compared(table, {**others[1], "post": "group_leader"})
    assert isinstance(leader, Change), "who is paid elsewhere takes no seat"
    await leader.enter(CAUSE)
    await wrong("post", {**WORKER, "post": "chief"})
    await wrong("post", {**WORKER, "post": "x"})
    await wrong("code", WORKER, WORKER)
    await wrong("code", {**WORKER, "code": ""})
    await wrong("community", {**WORKER, "community": "x"})
    await wrong("since", {**WORKER, "since": "x"})
    await wrong("where", {**WORKER, "where": ""})
    await wrong("proof", {**WORKER, "proof": ""})
    await wrong("served_since", {**WORKER, "served_since": "x"})
    await wrong("served_until", {**WORKER, "served_until": "x"})


async def test_A_12_of_two_imports_for_one_seat_one_enters() -> None:
    _, desk = await there()
    table = StaffLines(desk=desk)
    await desk.establishments.once("haihua", [but(approved, approved=1)], CAUSE)
    [one] = await compared(table, WORKER)
    [other] = await compared(table, {**WORKER, "code": "w-2"})
    assert isinstance(one, Change) and isinstance(other, Change)
    await one.enter(CAUSE)
    with pytest.raises(RuleBroken):
        await other.enter(CAUSE)
    await one.enter(CAUSE)
    assert await desk.workers.look("w-2") is None


async def test_A_20_a_table_of_what_is_there_holds_what_its_reader_sees() -> None:
    _, desk = await there()
    [change] = await compared(SampleLines(desk=desk), STAGE)
    assert isinstance(change, Change)
    await change.enter(CAUSE)
    stranger = Subject(sub="x", kind="resident", code=None, scopes=frozenset())
    assert [row async for row in SampleLines(desk=desk).rows(READER)]
    assert [row async for row in SampleLines(desk=desk).rows(stranger)] == []


async def test_A_12_a_community_in_a_table_of_workers_is_found_by_the_name_that_people_know() -> (
    None
):
    _, desk = await there()
    told = CommunityProfiled(
        code="haihua", name="海华社区", street="guanshang", valid_from="2018-01-01", listed=1
    )
    await hear(desk, told, "e-1", "haihua", 9)
    await desk.establishments.once("haihua", [approved], CAUSE)
    [change] = await compared(StaffLines(desk=desk), {**BARE, "community": "海华社区"})
    assert isinstance(change, Change)
    await change.enter(CAUSE)
    assert (await desk.workers.get("w-1")).aggregate.community == "haihua"


async def test_A_12_the_table_of_workers_is_taken_again_when_a_community_has_ended() -> None:
    """Who is on record there stays; nobody new comes there."""
    _, desk = await there()
    await desk.establishments.once("haihua", [approved], CAUSE)
    table = StaffLines(desk=desk)
    [change] = await compared(table, WORKER)
    assert isinstance(change, Change)
    await change.enter(CAUSE)
    ended = CommunityProfiled(
        code="haihua",
        name="海华",
        street="guanshang",
        valid_from="2018-01-01",
        valid_to="2026-03-01",
        listed=1,
    )
    await hear(desk, ended, "e-1", "haihua", 9)
    assert await compared(table, *await again(table, tuple(WORKER))) == []
    [more] = await compared(table, {**WORKER, "served_since": "2009-05-01"})
    assert isinstance(more, Change)
    await more.enter(CAUSE)
    assert len((await desk.workers.get("w-1")).aggregate.services) == 2
    [new] = await compared(table, {**BARE, "code": "w-2"})
    assert isinstance(new, Bad) and new.field == "community"
