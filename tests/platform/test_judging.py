"""How the lines of a file are judged: what is refused of a line is a finding of it, and the next are looked at."""

from collections.abc import AsyncIterator, Sequence

import pytest

from chassis.cause import Cause
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import Group, judged, judged_groups, only_once, tried
from chassis.kernel.errors import Malformed, Unavailable, UnknownReference
from chassis.tables.columns import Line

FAULT = Malformed("不是日期。", field="on")
STRAY = Malformed("不能识别。", field="code")
APART = "须连在一起。"


async def lines(*found: Line) -> AsyncIterator[Line]:
    for line in found:
        yield line


def line(number: int, code: str, fault: Malformed | None = None) -> Line:
    return Line(number, {"code": code}, fault)


def change(number: int, code: str, **what: object) -> Change:
    return Change(number, code, what, entered)


async def entered(_: Cause) -> None:
    return None


async def test_a_line_is_a_change_or_bad_or_nothing() -> None:
    async def judge(line: Line) -> Change | None:
        code = line.cells["code"]
        if code == "known":
            return None
        if code == "nobody":
            raise UnknownReference("没有。")
        return change(line.number, code)

    read = lines(line(2, "a"), line(3, "known"), line(4, "nobody"), line(5, "b"))
    assert [one async for one in judged(read, judge)] == [
        change(2, "a"),
        Bad(4, "row", "没有。"),
        change(5, "b"),
    ]


async def test_what_is_not_there_just_now_is_no_finding_of_a_line() -> None:
    async def judge(_: Line) -> None:
        raise Unavailable("稍后再试。")

    with pytest.raises(Unavailable):
        [one async for one in judged(lines(line(2, "a")), judge)]


async def test_a_line_that_could_not_be_read_is_not_judged() -> None:
    judgements: list[int] = []

    async def gather(line: Line) -> None:
        judgements.append(line.number)

    found = [one async for one in judged(lines(line(2, "a", FAULT), line(3, "b")), gather)]
    assert (found, judgements) == ([Bad(2, "on", "不是日期。")], [3])


async def test_a_key_is_said_once() -> None:
    met: set[str] = set()

    async def judge(line: Line) -> Change:
        code = line.cells["code"]
        only_once(code, met, "重复。", field="code")
        met.add(code)
        return change(line.number, code)

    read = lines(line(2, "a"), line(3, "b"), line(4, "a"))
    found = [one async for one in judged(read, judge)]
    assert found == [change(2, "a"), change(3, "b"), Bad(4, "code", "重复。")]


async def test_a_group_that_is_refused_is_bad_where_it_begins() -> None:
    async def whole() -> Change:
        raise Malformed("合计不符。", field="sum")

    assert await tried(7, whole()) == Bad(7, "sum", "合计不符。")


async def grouped(*found: Line) -> list[Bad | Change]:
    async def judge(group: Group[int]) -> Change:
        if group.key == "wrong":
            raise Malformed("不成一组。", field="code")
        return change(group.first, group.key, rows=tuple(group.rows))

    def read(line: Line) -> int:
        if line.number == 13:
            raise Malformed("不吉利。")
        return line.number

    return [one async for one in judged_groups(lines(*found), "code", APART, read, judge)]


async def test_lines_of_one_key_are_judged_as_one() -> None:
    found = await grouped(line(2, "a"), line(3, "a"), line(4, "wrong"), line(5, "b"))
    assert found == [
        change(2, "a", rows=(2, 3)),
        Bad(4, "code", "不成一组。"),
        change(5, "b", rows=(5,)),
    ]


async def test_a_group_with_a_bad_line_is_not_judged() -> None:
    found = await grouped(line(2, "a", FAULT), line(3, "a"), line(12, "b"), line(13, "b"))
    assert found == [Bad(2, "on", "不是日期。"), Bad(13, "row", "不吉利。")]


async def test_lines_of_a_group_stand_together() -> None:
    found = await grouped(line(2, "a"), line(3, "b"), line(4, "a"))
    assert found == [change(2, "a", rows=(2,)), change(3, "b", rows=(3,)), Bad(4, "code", APART)]


async def test_a_line_whose_key_could_not_be_read_spoils_the_group_it_stands_in() -> None:
    first = await grouped(line(2, "?", STRAY), line(3, "a"))
    assert first == [Bad(2, "code", "不能识别。"), change(3, "a", rows=(3,))]
    within = await grouped(line(2, "a"), line(3, "?", STRAY), line(4, "a"))
    assert within == [Bad(3, "code", "不能识别。")]


async def test_of_a_group_each_line_that_disagrees_is_bad_and_nothing_is_changed() -> None:
    async def judge(group: Group[int]) -> Change:
        return change(group.first, group.key, rows=tuple(group.rows))

    def read(line: Line) -> int:
        if line.number == 3:
            raise Malformed("不吉利。")
        return line.number

    def odd(rows: Sequence[int]) -> list[Bad]:
        return [Bad(row, "code", "单数。") for row in rows if row % 2]

    found = lines(*[line(n, "a") for n in (2, 3, 5)], line(7, "b"), line(8, "c"))
    told = [one async for one in judged_groups(found, "code", APART, read, judge, odd)]
    assert told == [
        Bad(3, "row", "不吉利。"),
        Bad(5, "code", "单数。"),
        Bad(7, "code", "单数。"),
        change(8, "c", rows=(8,)),
    ]
