"""How the lines of a file are judged: each on its own, or gathered first and each group judged whole."""

from collections.abc import AsyncIterator, Awaitable, Callable, Container
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from chassis.kernel.errors import Malformed, Refusal, Unavailable
from chassis.tables.columns import Line

from .desk import Bad, Change

Row = TypeVar("Row")


@dataclass(slots=True, kw_only=True)
class Group(Generic[Row]):
    """The lines of one key, read, one after the other; `first` is the number of its first."""

    key: str
    first: int
    rows: list[Row] = field(default_factory=list)
    spoilt: bool = False


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
) -> AsyncIterator[Bad | Change]:
    """What `judge` says of the lines that have the same in a column, unless one of them is bad.

    In memory is one group at a time: one whose lines stand `apart` is bad.
    """
    group: Group[Row] | None = None
    begun: set[str] = set()
    async for line in lines:
        key = line.cells[column]
        astray = line.fault is not None and line.fault.field == column
        if not astray and (group is None or group.key != key):
            if group and (found := await _whole(group, judge)):
                yield found
            group = Group(key=key, first=line.number, spoilt=key in begun)
            if group.spoilt:
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
            if group and not group.spoilt:
                group.rows.append(row)
    if group and (found := await _whole(group, judge)):
        yield found


async def tried(number: int, judging: Awaitable[Bad | Change | None]) -> Bad | Change | None:
    """What is found of the line of that number, or of the group that begins there; a refusal makes it bad.

    Unavailable says nothing of the line: the import is looked at again.
    """
    try:
        return await judging
    except Unavailable:
        raise
    except Refusal as refusal:
        return Bad.of(number, refusal)


def only_once(key: object, met: Container[object], detail: str, *, field: str) -> None:
    """Malformed of a key that the file has said before."""
    if key in met:
        raise Malformed(detail, field=field)


async def _read(line: Line, judge: Callable[[Line], Awaitable[Change | None]]) -> Change | None:
    if line.fault:
        raise line.fault
    return await judge(line)


async def _whole(
    group: Group[Row], judge: Callable[[Group[Row]], Awaitable[Bad | Change | None]]
) -> Bad | Change | None:
    return None if group.spoilt else await tried(group.first, judge(group))
