"""The premises (社区“两房”) of a community: its rooms, and whether they are what the standard asks.

One document per community, so that what its rooms add up to is decided where they are kept. Every
decision that touches an area or the households assesses again; a changed answer or area is an event of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import assert_never

from chassis.kernel.errors import Malformed, NotFound, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.housing.vocabulary import WORDS

from .booking import Booking, unbooked
from .rules import RULES
from .standard import Assessment, assess


class RoomKind(StrEnum):
    """社区组织工作用房 or 居民公益性服务设施用房."""

    OFFICE = "office"
    ACTIVITY = "activity"


class Use(StrEnum):
    GENERAL = "general"
    SOCIAL_SECURITY = "social_security"
    PARTY_MEMBERS = "party_members"
    ELDERLY = "elderly"
    WORKERS_YOUTH_WOMEN = "workers_youth_women"
    TEENAGERS = "teenagers"
    FITNESS = "fitness"
    CULTURE = "culture"
    READING = "reading"


USES: Mapping[RoomKind, frozenset[Use]] = {
    RoomKind.OFFICE: frozenset({Use.GENERAL, Use.SOCIAL_SECURITY}),
    RoomKind.ACTIVITY: frozenset(Use) - {Use.GENERAL, Use.SOCIAL_SECURITY},
}


class Obtained(StrEnum):
    """四批: 产权划拨, 协调使用, 修缮建盖, 移交配建; 置换, 购买, 租用 of the pilots, and of whoever did so (ours)."""

    TRANSFERRED = "transferred"
    COORDINATED = "coordinated"
    REPAIRED = "repaired"
    HANDED_OVER = "handed_over"
    SWAPPED = "swapped"
    PURCHASED = "purchased"
    RENTED = "rented"


class Tenure(StrEnum):
    OWNED = "owned"
    LEASED = "leased"
    BORROWED = "borrowed"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`own_use` (自主使用权) is a fact of its own, whatever the tenure. Areas are hundredths of a m²."""

    id: str
    name: str
    kind: RoomKind
    use: Use
    area: int
    floor: int
    own_use: bool
    obtained: Obtained
    tenure: Tenure


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityNoted:
    """What the register says of the community, as of its `sequence`; also how premises begin."""

    community: str
    street: str | None = None
    households: int | None = None
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomListed:
    room: Room


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChanged:
    room: Room
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStruck:
    """Given up; its number is not used again."""

    room: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardAssessed:
    """The answer or the area is another one than before, or the community lies in another street."""

    assessment: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeNoted:
    """What a session of consultation (协商) decided on these premises, for instance on their siting."""

    matter: str
    outcome: str
    at: datetime


PremisesEvent = (
    CommunityNoted | RoomListed | RoomChanged | RoomStruck | StandardAssessed | OutcomeNoted
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """`numbered` is how many rooms there ever were; `answer` the last one told; `outcomes` by time."""

    community: str
    street: str | None = None
    households: int | None = None
    sequence: int
    rooms: tuple[Room, ...] = ()
    numbered: int = 0
    answer: Assessment | None = None
    outcomes: tuple[OutcomeNoted, ...] = ()

    @property
    def listed_area(self) -> int:
        return sum(room.area for room in self.rooms)

    @property
    def own_area(self) -> int:
        """H-02: what counts."""
        return sum(room.area for room in self.rooms if room.own_use)

    def assessed(self, day: date) -> Assessment | None:
        """None while no room was ever listed: nothing known is not the same as below the standard."""
        if not self.numbered:
            return None
        return assess(self.community, area=self.own_area, households=self.households, day=day)

    @property
    def measured(self) -> Assessment | None:
        """The last answer with what the rooms and the households come to now."""
        return self.assessed(self.answer.day) if self.answer else None

    def room(self, id: str) -> Room:
        for room in self.rooms:
            if room.id == id:
                return room
        raise NotFound(f"没有这个房间：{id}")

    def had(self, id: str) -> bool:
        """Whether there ever was one of that number, given up since or not."""
        return id in (f"{self.community}~{number}" for number in range(1, self.numbered + 1))

    def next_room(self) -> str:
        return f"{self.community}~{self.numbered + 1}"

    # Decisions

    def list_room(self, room: Room, *, today: date) -> tuple[PremisesEvent, ...]:
        _check(room)
        return self._with_answer([RoomListed(room=room)], today)

    def change_room(self, room: Room, *, reason: str, today: date) -> tuple[PremisesEvent, ...]:
        _check(room)
        _say_why(reason)
        if self.room(room.id) == room:
            return ()
        return self._with_answer([RoomChanged(room=room, reason=reason)], today)

    def strike_room(
        self, id: str, *, reason: str, booked: Sequence[Booking], today: date
    ) -> tuple[PremisesEvent, ...]:
        self.may_strike(id, booked)
        _say_why(reason)
        return self._with_answer([RoomStruck(room=id, reason=reason)], today)

    def may_strike(self, id: str, booked: Sequence[Booking]) -> None:
        """H-10: a room that there is, and that nobody has booked."""
        self.room(id)
        unbooked(id, booked)

    def note(self, noted: CommunityNoted, *, today: date) -> tuple[PremisesEvent, ...]:
        """The register's latest word wins, in whatever order it arrives: also one that changes nothing here."""
        return self._with_answer([noted], today) if noted.sequence > self.sequence else ()

    def note_outcome(self, noted: OutcomeNoted) -> tuple[PremisesEvent, ...]:
        """Once, however often it is told."""
        return () if noted in self.outcomes else (noted,)

    def _with_answer(
        self, events: Iterable[PremisesEvent], today: date
    ) -> tuple[PremisesEvent, ...]:
        """Told anew where it is another one, or counts for another street: of that day on, never of days before."""
        happened = tuple(events)
        after = reduce(evolve, happened, self)
        found, there = after.assessed(today), after.street == self.street
        if found is None or (there and self.answer and self.answer.says_what(found)):
            return happened
        return *happened, StandardAssessed(assessment=found)


def _check(room: Room) -> None:
    if room.use not in USES[room.kind]:
        detail = f"“{word_of(room.use, WORDS)}”不是“{word_of(room.kind, WORDS)}”的用途。"
        raise RuleBroken(RULES["H-01"], detail, field="use")
    required(room.name, "name", "房间须有名称。")
    if room.area <= 0:
        raise Malformed("房间面积须大于零。", field="area")


def _say_why(reason: str) -> None:
    required(reason, "reason", "修改或注销房间须写明理由。")


def evolve(premises: Premises | None, event: PremisesEvent) -> Premises:
    if isinstance(event, CommunityNoted):
        return _noted(premises, event)
    if premises is None:
        raise ValueError("premises begin with their community")
    match event:
        case RoomListed():
            rooms = (*premises.rooms, event.room)
            return replace(premises, rooms=rooms, numbered=premises.numbered + 1)
        case RoomChanged():
            changed = (event.room if room.id == event.room.id else room for room in premises.rooms)
            return replace(premises, rooms=tuple(changed))
        case RoomStruck():
            kept = (room for room in premises.rooms if room.id != event.room)
            return replace(premises, rooms=tuple(kept))
        case StandardAssessed():
            return replace(premises, answer=event.assessment)
        case OutcomeNoted():
            outcomes = sorted((*premises.outcomes, event), key=lambda one: (one.at, one.matter))
            return replace(premises, outcomes=tuple(outcomes))
        case _:
            assert_never(event)


def _noted(premises: Premises | None, event: CommunityNoted) -> Premises:
    known = premises or Premises(community=event.community, sequence=event.sequence)
    return replace(known, street=event.street, households=event.households, sequence=event.sequence)
