"""What is told and claimed for annex 9 (I-15), and the sheet of a street's year that it makes."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken

from .rules import ANNEX_9, RULES


class Marker(StrEnum):
    """Whose points: the street's own, or those of who assesses it."""

    SELF = "self"
    ASSESSED = "assessed"


class Level(StrEnum):
    """Which united-front office took a piece up; a piece counts at its highest."""

    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How an item stands, by what of it is asked.

    1, 2: `document`; 3: `members`, of whom `non_party`, and their list as `document`; 4: `place` and
    how many `walls`; 8: `published` rules `of` all; 11, 12: the mean `mark` (0 to 100) and whether the
    responsible head `signed`.
    """

    document: str = ""
    members: int = 0
    non_party: int = 0
    place: bool = False
    walls: int = 0
    published: int = 0
    of: int = 0
    mark: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetBegun:
    street: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMarked:
    marker: Marker
    item: int
    claim: Claim
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceTakenUp:
    """A piece of information, by a name of its own: again where a higher level took it up."""

    piece: str
    level: Level | None = None
    commented: bool = False
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTold:
    """`members`, of whom `non_party`: how the committee stood when it was filed."""

    event: str
    sequence: int
    topics: int
    regular: int
    members: int | None = None
    non_party: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollTold:
    """How the committee stands since a seat was filled or ended, also in the year before."""

    event: str
    sequence: int
    members: int
    non_party: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTold:
    """A topical session on a `matter`; `papers`: its minutes are sealed."""

    event: str
    papers: bool
    at: datetime | None = None
    matter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterTold:
    """An outcome, and what came of it so far: how many of the committee were told, and so on.

    `owed`: something is to be carried out; `ended`: the matter has; `since`: when its outcome was reported;
    `told_back`: the committee was told what became of it, while it goes on.
    """

    event: str
    matter: str
    sequence: int
    completed: bool
    fixed: int
    informed: int
    written: int
    progress: int
    at: datetime | None = None
    owed: bool = True
    ended: bool = True
    since: datetime | None = None
    told_back: bool = False


class Owed(StrEnum):
    """What the committee waits to hear of an outcome."""

    FEEDBACK = "feedback"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissTold:
    """A date passed that an outcome's feedback, or its progress, hangs on; `at`: when it was due."""

    event: str
    matter: str
    owed: Owed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTold:
    """What consultation has on record of an item (`item`, `claim`), or of a piece of information (`piece`).

    Of an item and of a piece the one with the highest `sequence` holds: the others were put right.
    """

    event: str
    sequence: int
    item: int | None = None
    claim: Claim = Claim()
    piece: str | None = None
    level: Level | None = None
    commented: bool = False
    at: datetime

    @property
    def about(self) -> tuple[int, str]:
        return self.item or 0, self.piece or ""


Told = PlanTold | RollTold | SessionTold | MatterTold | MissTold | FactTold
_T = TypeVar("_T", PlanTold, RollTold, SessionTold, MatterTold, MissTold, FactTold)
SheetEvent = SheetBegun | ItemMarked | PieceTakenUp | Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`marked`: every mark of an item, the last one of each marker counts; `told` in order of ids."""

    street: str
    year: int
    marked: tuple[ItemMarked, ...] = ()
    pieces: tuple[PieceTakenUp, ...] = ()
    plans: tuple[PlanTold, ...] = ()
    sessions: tuple[SessionTold, ...] = ()
    matters: tuple[MatterTold, ...] = ()
    facts: tuple[FactTold, ...] = ()
    rolls: tuple[RollTold, ...] = ()
    misses: tuple[MissTold, ...] = ()

    @property
    def told(self) -> tuple[Told, ...]:
        ours: tuple[Told, ...] = (*self.sessions, *self.matters, *self.misses)
        return (*self.plans, *self.rolls, *ours, *self.facts)

    @property
    def known(self) -> bool:
        """Whether anything was told or marked of the year: how the committee stood before it is no news of it,
        nor is a date missed of an outcome of before."""
        carried = {one.event for one in self.rolls if local_date(one.at).year < self.year}
        carried |= {one.event for one in self.misses}
        told = [one for one in self.told if one.event not in carried]
        return any((self.marked, self.pieces, told))

    @property
    def standing(self) -> tuple[FactTold, ...]:
        """The last fact of each item and of each piece."""
        last = {one.about: one for one in sorted(self.facts, key=lambda one: one.sequence)}
        return tuple(last.values())

    @property
    def due(self) -> date:
        return date(self.year, 12, 31)

    def by(self, day: date) -> "Sheet":
        """As it stood when the day ended; what has no time of its own stands from the beginning.

        What was done after the year is none of it, whenever it is asked; what is said of the year (marks,
        pieces, what is on record) is said of the whole of it, also when it is over (ours).
        """
        done, said = min(day, self.due), day if day < self.due else date.max
        return replace(
            self,
            marked=tuple(one for one in self.marked if _by(one.at, said)),
            pieces=tuple(one for one in self.pieces if _by(one.at, said)),
            plans=tuple(one for one in self.plans if _by(one.at, done)),
            sessions=tuple(one for one in self.sessions if _by(one.at, done)),
            matters=tuple(one for one in self.matters if _by(one.at, done)),
            facts=tuple(one for one in self.facts if _by(one.at, said)),
            rolls=tuple(one for one in self.rolls if _by(one.at, done)),
            misses=tuple(one for one in self.misses if _by(one.at, done)),
        )

    def hear(self, told: Told) -> tuple[Told, ...]:
        """I-12: an event counts once."""
        return () if told.event in {one.event for one in self.told} else (told,)

    def mark(self, marked: ItemMarked, claimed: frozenset[int]) -> ItemMarked:
        """I-15: of an item that is claimed and not told, with what shows it."""
        if marked.item not in claimed:
            raise _refused("此项由协商服务的记录计分，或不在十二项之内。", "item")
        if local_date(marked.at).year < self.year:
            raise _refused("本年尚未开始。", "item")
        if not marked.evidence.strip():
            raise _refused("须写明佐证。", "evidence")
        claim = marked.claim
        if claim.non_party > claim.members:
            raise _refused("党外人士不能多于成员。", "non_party")
        if claim.published > claim.of:
            raise _refused("公开的不能多于制定的。", "published")
        return marked

    def take_up(self, piece: PieceTakenUp) -> PieceTakenUp:
        """I-15: taken up by a level, or commented on by a leader, with what shows it."""
        if piece.level is None and not piece.commented:
            raise _refused("须写明采用的级别，或有领导批示。", "level")
        for field, said in (("piece", piece.piece), ("evidence", piece.evidence)):
            if not said.strip():
                raise _refused("须写明内容。", field)
        return piece


def evolve(sheet: Sheet | None, event: SheetEvent) -> Sheet:
    if isinstance(event, SheetBegun):
        return Sheet(street=event.street, year=event.year)
    if sheet is None:
        raise ValueError("a sheet begins by being begun")
    match event:
        case ItemMarked():
            return replace(sheet, marked=(*sheet.marked, event))
        case PieceTakenUp():
            return replace(sheet, pieces=(*sheet.pieces, event))
        case PlanTold():
            return replace(sheet, plans=_in_order((*sheet.plans, event)))
        case RollTold():
            return replace(sheet, rolls=_in_order((*sheet.rolls, event)))
        case SessionTold():
            return replace(sheet, sessions=_in_order((*sheet.sessions, event)))
        case MatterTold():
            return replace(sheet, matters=_in_order((*sheet.matters, event)))
        case MissTold():
            return replace(sheet, misses=_in_order((*sheet.misses, event)))
        case FactTold():
            return replace(sheet, facts=_in_order((*sheet.facts, event)))
        case _:
            assert_never(event)


def _by(at: datetime | None, day: date) -> bool:
    return at is None or local_date(at) <= day


def _in_order(told: tuple[_T, ...]) -> tuple[_T, ...]:
    """Of their ids, so that the order of arrival doesn't show."""
    return tuple(sorted(told, key=lambda one: one.event))


def _refused(detail: str, field: str) -> RuleBroken:
    return RuleBroken(RULES["I-15"], detail, clause=ANNEX_9, field=field)
