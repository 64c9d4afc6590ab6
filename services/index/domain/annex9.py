"""Annex 9 (街道协商民主综合评价, I-15): 12 items of 100 points, at most 3 more, on a scale that is stated.

The text gives points and thresholds and no scale: the scale is the platform's. Points are hundredths.
What the consultation service tells scores items 5, 6, 7, 9 and 10: a matter counts from its outcome on. Of 1, 2, 4,
8, 11 and 12 it tells what the street has on record, of 3 how the committee's seats stand, for both marks; what the
street (自评分) or who assesses it (考核分) says of an item with what shows it goes before that, for its own mark.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from chassis.kernel.measure import half_up

from .annex9_events import (
    Claim,
    FactTold,
    Level,
    Marker,
    MatterTold,
    MissTold,
    Owed,
    PieceTakenUp,
    PlanTold,
    RollTold,
    SessionTold,
    Sheet,
)

FULL: Mapping[int, int] = {
    1: 400,
    2: 500,
    3: 1000,
    4: 600,
    5: 1000,
    6: 2000,
    7: 500,
    8: 1000,
    9: 1000,
    10: 1000,
    11: 500,
    12: 500,
}
TOLD = frozenset({5, 6, 7, 9, 10})
"""Scored from what is told; of the others somebody says how they stand."""
CLAIMED = frozenset(FULL) - TOLD

RECORDED = "consultation"
"""Where the document is: consultation keeps which it is."""
LEAST_PLANNED = 2
WALLS = 3
MEMBERS = range(45, 56)
"""About 50, as the consultation service takes it."""
MOST_BONUS = 300
PER_PIECE = {Level.DISTRICT: 100, Level.CITY: 200, Level.PROVINCE: 300}
COMMENTED = 100

WRITTEN = Fraction(70, 100)
INFORMED = Fraction(80, 100)
CARRIED_OUT = Fraction(80, 100)
NON_PARTY = Fraction(60, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was told of a street's own committee in the year: the last plan, each matter as it ended last.

    `topics`: for how many the largest plan was made, as one that is filed again can't make them fewer.
    """

    plan: PlanTold | None
    topics: int
    sessions: tuple[SessionTold, ...]
    matters: tuple[MatterTold, ...]
    misses: tuple[MissTold, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Facts":
        last: dict[str, MatterTold] = {}
        for matter in sorted(sheet.matters, key=lambda one: one.sequence):
            last[matter.matter] = matter
        return cls(
            plan=max(sheet.plans, key=lambda plan: plan.sequence, default=None),
            topics=max((plan.topics for plan in sheet.plans), default=0),
            sessions=sheet.sessions,
            matters=tuple(last.values()),
            misses=sheet.misses,
        )

    def missed(self, matter: MatterTold, owed: Owed) -> tuple[str, ...]:
        """By which events, of this outcome of it, not of one before."""
        return tuple(
            miss.event
            for miss in self.misses
            if (miss.matter, miss.owed) == (matter.matter, owed)
            and (matter.since is None or miss.at >= matter.since)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item's points; `points` is missing where there is nothing to score yet."""

    item: int
    full: int
    points: int | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """`without`: the items that have no value, said beside the sum of the rest."""

    lines: tuple[Line, ...]
    bonus: int
    points: int
    without: tuple[int, ...]


def total(sheet: Sheet, marker: Marker) -> Sum:
    """I-15: as one of the two marks what isn't told; of what was done until the year ended."""
    sheet = sheet.by(sheet.due)
    facts = Facts.of(sheet)
    recorded = {one.item: (one.claim, (one.event,)) for one in sheet.standing if one.item}
    recorded.update(_roll(sheet))
    marked = {one.item: (one.claim, ()) for one in sheet.marked if one.marker is marker}
    claims = {**recorded, **marked}
    lines = tuple(_line(item, facts, *claims.get(item, (None, ()))) for item in FULL)
    bonus = bonus_of(sheet)
    return Sum(
        lines=lines,
        bonus=bonus,
        points=bonus + sum(line.points for line in lines if line.points is not None),
        without=tuple(line.item for line in lines if line.points is None),
    )


def _roll(sheet: Sheet) -> dict[int, tuple[Claim, tuple[str]]]:
    """Item 3: the committee as it was told to stand last; consultation keeps its list."""
    told: tuple[PlanTold | RollTold, ...] = (*sheet.plans, *sheet.rolls)
    stood: list[tuple[datetime, int, str, int, int]] = [
        (one.at, one.sequence, one.event, one.members, one.non_party)
        for one in told
        if one.at is not None and one.members is not None and one.non_party is not None
    ]
    if not stood:
        return {}
    _, _, event, members, non_party = max(stood)
    return {3: (Claim(document=RECORDED, members=members, non_party=non_party), (event,))}


def _line(item: int, facts: Facts, claim: Claim | None, events: tuple[str, ...]) -> Line:
    if item in TOLD:
        share, events = _TOLD[item](facts)
    else:
        share = None if claim is None else _CLAIMED[item](claim)
    points = None if share is None else _points(item, share)
    return Line(item=item, full=FULL[item], points=points, events=events)


def _points(item: int, share: Fraction) -> int:
    clipped = min(share, Fraction(1)) * FULL[item]
    return half_up(clipped.numerator, clipped.denominator)


# What is claimed, as a share of the full points


def _documented(claim: Claim) -> Fraction:
    return Fraction(bool(claim.document.strip()))


def _committee(claim: Claim) -> Fraction:
    """Full or nothing: about 50, of whom 60 % aren't of the party, and their list."""
    stands = claim.members in MEMBERS and claim.non_party >= NON_PARTY * claim.members
    return Fraction(stands) * _documented(claim)


def _place(claim: Claim) -> Fraction:
    """2 points for each wall; without a fixed place nothing."""
    return Fraction(claim.walls, WALLS) if claim.place else Fraction(0)


def _published(claim: Claim) -> Fraction | None:
    """Of the rules that came of it; where none did there is nothing to publish."""
    return Fraction(claim.published, claim.of) if claim.of else None


def _rated(claim: Claim) -> Fraction:
    """The mean mark, only with the signature of the responsible head."""
    return Fraction(claim.mark, 100) if claim.signed else Fraction(0)


_CLAIMED: Mapping[int, Callable[[Claim], Fraction | None]] = {
    1: _documented,
    2: _documented,
    3: _committee,
    4: _place,
    8: _published,
    11: _rated,
    12: _rated,
}

# What is told

_Found = tuple[Fraction | None, tuple[str, ...]]


def _planned(facts: Facts) -> _Found:
    plan = facts.plan
    if plan is None:
        return Fraction(0), ()
    return Fraction(plan.topics + plan.regular >= LEAST_PLANNED), (plan.event,)


def _held(facts: Facts) -> _Found:
    """未完成不得分: of every topic planned a session with its papers, or nothing; a matter that was taken up
    again is the same topic."""
    with_papers = tuple(session for session in facts.sessions if session.papers)
    events = tuple(session.event for session in with_papers)
    topics = {session.matter or session.event for session in with_papers}
    done = facts.plan is not None and len(topics) >= max(facts.topics, 1)
    return Fraction(done), events


def _fed_back(facts: Facts) -> _Found:
    """The lower of the two: feedback of all, and 70 % of it in writing; of whose feedback isn't due yet, none."""

    def late(matter: MatterTold) -> tuple[str, ...]:
        return facts.missed(matter, Owed.FEEDBACK)

    due = [one for one in facts.matters if one.ended or one.told_back or late(one)]
    fixed = sum(matter.fixed for matter in due)
    if not fixed:
        return None, ()
    informed = Fraction(sum(matter.informed for matter in due), fixed)
    written = Fraction(sum(matter.written for matter in due), fixed)
    return min(informed, written / WRITTEN), _events(due, late)


def _informed(facts: Facts) -> _Found:
    """Where it was carried out before the first report was due, that is its report."""

    def late(matter: MatterTold) -> tuple[str, ...]:
        return facts.missed(matter, Owed.PROGRESS)

    def reported(matter: MatterTold) -> bool:
        return matter.progress > 0 or (matter.completed and not late(matter))

    due = [one for one in facts.matters if one.owed and (one.ended or reported(one) or late(one))]
    return _share_of(due, reported, INFORMED), _events(due, late)


def _carried_out(facts: Facts) -> _Found:
    owed = [one for one in facts.matters if one.owed]
    return _share_of(owed, lambda matter: matter.completed, CARRIED_OUT), _events(owed)


def _share_of(
    matters: Sequence[MatterTold], counts: Callable[[MatterTold], bool], by: Fraction
) -> Fraction | None:
    """Without an outcome that it is about there is no value."""
    return Fraction(sum(map(counts, matters)), len(matters)) / by if matters else None


def _events(
    matters: Sequence[MatterTold], late: Callable[[MatterTold], tuple[str, ...]] = lambda _: ()
) -> tuple[str, ...]:
    """Of each what was told of it last, and what passed before that."""
    return tuple(event for matter in matters for event in (matter.event, *late(matter)))


_TOLD: Mapping[int, Callable[[Facts], _Found]] = {
    5: _planned,
    6: _held,
    7: _fed_back,
    9: _informed,
    10: _carried_out,
}


def bonus_of(sheet: Sheet) -> int:
    """Each piece once at its highest, told or entered, 1 point more for a leader's written comment; at most 3."""
    pieces: tuple[PieceTakenUp | FactTold, ...] = (
        *sheet.pieces,
        *(one for one in sheet.standing if one.piece),
    )
    names = dict.fromkeys(piece.piece for piece in pieces)
    return min(MOST_BONUS, sum(_piece([p for p in pieces if p.piece == name]) for name in names))


def _piece(own: Sequence[PieceTakenUp | FactTold]) -> int:
    highest = max((PER_PIECE[piece.level] for piece in own if piece.level), default=0)
    return highest + COMMENTED * any(piece.commented for piece in own)
