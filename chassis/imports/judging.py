"""How the lines of a file are checked: each on its own, or grouped first and each group as a whole."""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Container,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from chassis.copies import Copies
from chassis.kernel.errors import Malformed, Refusal, Unavailable, Unreadable, WrittenLater
from chassis.places import named
from chassis.tables.columns import Line

from .desk import Bad, Change

Row = TypeVar("Row")
PLACES = {"street": "街道", "community": "社区"}


@dataclass(slots=True, kw_only=True)
class Group(Generic[Row]):
    """The lines of one key, read, one after the other; `first` is the number of its first.

    `spoilt`: one of them couldn't be read; `apart`: others of its key stand elsewhere.
    """

    key: str
    first: int
    rows: list[Row] = field(default_factory=list)
    spoilt: bool = False
    apart: bool = False


async def placed(lines: AsyncIterator[Line], register: Copies[Any]) -> AsyncIterator[Line]:
    """The lines, each `street` and `community` in them under its code: people know names, and pages show no codes.

    Of several of one name it is the one in the street beside it, then the one that hasn't ended.
    """
    names, known = await named(register), await register.every()
    streets = {one.code: one.street for one in known}
    ended = {one.code for one in known if one.valid_to is not None}
    async for line in lines:
        found: dict[str, str] = {}
        try:
            if "street" in line.cells:
                found["street"] = _code(line.cells["street"], names["street"], "street")
            if "community" in line.cells:
                near = {code for code, of in streets.items() if of == found.get("street")}
                likely = (near, streets.keys() - ended)
                community = line.cells["community"]
                found["community"] = _code(community, names["community"], "community", likely)
        except Malformed as fault:
            yield replace(line, fault=line.fault or fault)
        else:
            yield replace(line, cells={**line.cells, **found})


def in_accord(_: object) -> Iterable[Bad]:
    """Of lines that can't disagree."""
    return ()


async def judged(
    lines: AsyncIterator[Line], judge: Callable[[Line], Awaitable[Change | None]]
) -> AsyncIterator[Bad | Change]:
    """What `judge` says of each line that could be read; it returns nothing of one that it gathers."""
    async for line in lines:
        if found := await tried(line.number, _read(line, judge)):
            yield found


async def judged_groups(
    lines: AsyncIterator[Line],
    column: str,
    apart: str,
    read: Callable[[Line], Row],
    judge: Callable[[Group[Row]], Awaitable[Bad | Change | None]],
    disagreeing: Callable[[Sequence[Row]], Iterable[Bad]] = in_accord,
) -> AsyncIterator[Bad | Change]:
    """The result of `judge` for each group of lines with the same value in a column, unless one of them is bad.

    Only one group is in memory at a time, so a group whose lines stand `apart` is bad. Of the lines that could be read,
    each that is `disagreeing` with others is bad, too.
    """
    group: Group[Row] | None = None
    begun: set[str] = set()
    async for line in lines:
        key = line.cells[column]
        astray = line.fault is not None and line.fault.field == column
        if not astray and (group is None or group.key != key):
            async for found in _whole(group, judge, disagreeing):
                yield found
            group = Group(key=key, first=line.number, apart=key in begun)
            if group.apart:
                yield Bad(line.number, column, apart)
            begun.add(key)
        try:
            if line.fault:
                raise line.fault
            row = read(line)
        except Refusal as refusal:
            yield Bad.of(line.number, refusal)
            if group:
                group.spoilt = True
        else:
            if group and not group.apart:
                group.rows.append(row)
    async for found in _whole(group, judge, disagreeing):
        yield found


async def tried(number: int, judging: Awaitable[Bad | Change | None]) -> Bad | Change | None:
    """What is found of the line of that number, or of the group that begins there; a refusal makes it bad.

    That the store is away says nothing of the line: the import is looked at again.
    """
    try:
        return await judging
    except Refusal as refusal:
        return Bad.of(number, refused(refusal))


def refused(refusal: Refusal) -> Refusal:
    """What says something of a line: a record that this version can't read or change is bad, as others aren't.

    Anything else that is Unavailable is raised again.
    """
    if isinstance(refusal, Unavailable) and not isinstance(refusal, Unreadable | WrittenLater):
        raise refusal
    return refusal


def only_once(key: object, met: Container[object], detail: str, *, field: str) -> None:
    """Malformed of a key that the file has said before."""
    if key in met:
        raise Malformed(detail, field=field)


def _code(
    said: str, names: Mapping[str, str], field: str, likely: Iterable[Container[str]] = ()
) -> str:
    """What is no name stays as it is written; Malformed of a name that several have."""
    called = [code for code, name in names.items() if name == said]
    for some in likely:
        called = [code for code in called if code in some] or called
    if len(called) > 1 and said not in names:
        raise Malformed(f"有几个{PLACES[field]}都叫这个名称，请写代码。", field=field)
    return said if said in names or not called else called[0]


async def _read(line: Line, judge: Callable[[Line], Awaitable[Change | None]]) -> Change | None:
    if line.fault:
        raise line.fault
    return await judge(line)


async def _whole(
    group: Group[Row] | None,
    judge: Callable[[Group[Row]], Awaitable[Bad | Change | None]],
    disagreeing: Callable[[Sequence[Row]], Iterable[Bad]],
) -> AsyncIterator[Bad | Change]:
    if group is None:
        return
    bad = list(disagreeing(group.rows))
    for one in bad:
        yield one
    if not (bad or group.spoilt or group.apart) and (
        found := await tried(group.first, judge(group))
    ):
        yield found
