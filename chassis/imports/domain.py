"""An import as an aggregate: the file, which worker has leased it until when, the findings, the outcome.

A worker leases it and renews the lease; when a lease expires, another worker begins the check or the entry again. What
was entered is recognised and not entered twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.kernel.errors import RuleBroken
from chassis.kernel.rule import Rule

TAKEN_FOR = timedelta(seconds=10)
"""How long a worker that says nothing more is waited for."""
SURELY = timedelta(minutes=5)
"""Nobody who works at one says that for longer, however far the clocks of two are apart: the clock was set back."""
KEPT_FOR = timedelta(days=7)
"""How long the file of a tried-out import is kept, so that it can still be entered. Ours."""
MOST_OPEN = 5
"""Imports that an office may have at once, with those whose file is still coming (ours)."""
TRIES = 5
"""Workers that may fail to get farther than the ones before them."""


class ImportStatus(StrEnum):
    WAITING = "waiting"
    CHECKING = "checking"
    CHECKED = "checked"
    ENTERING = "entering"
    ENTERED = "entered"
    ENTERED_IN_PART = "entered_in_part"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


OPEN = frozenset({ImportStatus.WAITING, ImportStatus.CHECKING, ImportStatus.ENTERING})


class Superseded(Exception):
    """Another worker has taken it since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What came in, in `parts` of the store under `id`; `size` in bytes."""

    id: str
    parts: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    table: str
    reason: str
    by: str
    file: File
    enter: bool
    turn: int = 0
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    run: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    lines: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`pages` of findings: every change and every bad line."""

    lines: int
    changes: int
    bad: int
    pages: int
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAsked:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """`failed`: what had become impossible between the check and the entry, with its `pages`."""

    failed: int
    pages: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It is no table of this kind, or can't be read to its end."""

    detail: str
    field: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemoved:
    at: datetime


ImportEvent = (
    Received | Taken | Reached | Checked | EntryAsked | Entered | Refused | GivenUp | FileRemoved
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`lines` of the pass under way, or of the last; `total` is known once it was checked.

    `bad` lines keep everything out; `failed` ones are those the entry could no longer make.
    """

    table: str
    reason: str
    by: str
    enter: bool
    received_at: datetime
    status: ImportStatus = ImportStatus.WAITING
    lines: int = 0
    total: int | None = None
    changes: int | None = None
    bad: int | None = None
    failed: int | None = None
    detail: str | None = None
    field: str | None = None
    ended_at: datetime | None = None
    file: File | None = None
    run: int = 0
    tries: int = 0
    farthest: int = 0
    next: datetime | None = None
    """When something is to be done about it next."""
    turn: int = 0
    """Whose turn is lower goes first."""
    checked_in: int = 0
    checked_pages: int = 0
    entered_in: int = 0
    entered_pages: int = 0

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def place(self) -> tuple[int, datetime]:
        """In the queue of those that are open."""
        return self.turn, self.received_at

    def take(self, *, now: datetime) -> Sequence[Taken | GivenUp]:
        """By a worker, unless another still has it."""
        if not self.open or self.next is None or now < self.next <= now + SURELY:
            return ()
        if self.tries >= TRIES:
            return (GivenUp(at=now),)
        return (Taken(run=self.run + 1, until=now + TAKEN_FOR),)

    def reach(self, *, run: int, lines: int, now: datetime) -> Sequence[Reached]:
        self._still(run)
        return (Reached(lines=lines, until=now + TAKEN_FOR),)

    def end_check(
        self, *, run: int, lines: int, changes: int, bad: int, pages: int, now: datetime
    ) -> Sequence[Checked]:
        self._still(run)
        checked = Checked(
            lines=lines, changes=changes, bad=bad, pages=pages, at=now, until=now + TAKEN_FOR
        )
        return (checked,)

    def ask_entry(self, rule: Rule, *, now: datetime) -> Sequence[EntryAsked]:
        """Of one that was tried out and found good."""
        if self.status is not ImportStatus.CHECKED:
            raise RuleBroken(rule, "只有核对完毕、尚未写入的导入可以写入。")
        if self.bad:
            raise RuleBroken(rule, f"文件有 {self.bad} 处错误，须全部改正后重新导入。")
        if self.file is None:
            raise RuleBroken(rule, "文件已过保存期，请重新导入。")
        return (EntryAsked(at=now),)

    def end_entry(self, *, run: int, failed: int, pages: int, now: datetime) -> Sequence[Entered]:
        self._still(run)
        return (Entered(failed=failed, pages=pages, at=now),)

    def refuse(
        self, *, run: int, detail: str, field: str | None, now: datetime
    ) -> Sequence[Refused]:
        self._still(run)
        return (Refused(detail=detail, field=field, at=now),)

    def without_file(self, *, now: datetime) -> Sequence[FileRemoved]:
        return (FileRemoved(at=now),) if self.file and not self.open else ()

    def _still(self, run: int) -> None:
        if self.run != run or not self.open:
            raise Superseded


def turn_of(by: str, waiting: Iterable[Import]) -> int:
    """Offices take turns (ours): its next comes after its last, and after nothing else that it needn't wait for."""
    turns = [(one.by, one.turn) for one in waiting]
    served = min((turn for _, turn in turns), default=0)
    return max((turn + 1 for office, turn in turns if office == by), default=served)


def evolve(one: Import | None, event: ImportEvent) -> Import:
    if isinstance(event, Received):
        return Import(
            table=event.table,
            reason=event.reason,
            by=event.by,
            enter=event.enter,
            received_at=event.at,
            file=event.file,
            turn=event.turn,
            next=event.at,
        )
    if one is None:
        raise ValueError("an import begins when it is received")
    match event:
        case Taken():
            status = ImportStatus.CHECKING if one.status is ImportStatus.WAITING else one.status
            return replace(
                one,
                status=status,
                run=event.run,
                tries=one.tries + 1,
                lines=0,
                next=event.until,
            )
        case Reached():
            farther = event.lines > one.farthest
            return replace(
                one,
                lines=event.lines,
                farthest=max(event.lines, one.farthest),
                tries=0 if farther else one.tries,
                next=event.until,
            )
        case Checked():
            return _checked(one, event)
        case EntryAsked():
            return replace(one, enter=True, status=ImportStatus.WAITING, lines=0, next=event.at)
        case Entered():
            whole = ImportStatus.ENTERED_IN_PART if event.failed else ImportStatus.ENTERED
            return replace(
                _ended(one, whole, event.at),
                lines=one.total or 0,
                failed=event.failed,
                entered_in=one.run,
                entered_pages=event.pages,
            )
        case Refused():
            ended = _ended(one, ImportStatus.REFUSED, event.at)
            return replace(ended, detail=event.detail, field=event.field)
        case GivenUp():
            ended = _ended(one, ImportStatus.GIVEN_UP, event.at)
            return replace(ended, detail=f"处理多次中断在第 {one.farthest} 行附近，已停止。")
        case FileRemoved():
            return replace(one, file=None, next=None)


def _checked(one: Import, event: Checked) -> Import:
    found = replace(
        one,
        lines=event.lines,
        total=event.lines,
        changes=event.changes,
        bad=event.bad,
        checked_in=one.run,
        checked_pages=event.pages,
        tries=0,
        farthest=0,
    )
    if not one.enter:
        until = event.at if event.bad else event.at + KEPT_FOR
        return replace(found, status=ImportStatus.CHECKED, next=until)
    if event.bad:
        detail = f"文件有 {event.bad} 处错误，没有写入任何一行。"
        return replace(_ended(found, ImportStatus.REFUSED, event.at), detail=detail)
    return replace(found, status=ImportStatus.ENTERING, lines=0, tries=1, next=event.until)


def _ended(one: Import, status: ImportStatus, at: datetime) -> Import:
    """Its file is due to be removed."""
    return replace(one, status=status, ended_at=at, next=at)
