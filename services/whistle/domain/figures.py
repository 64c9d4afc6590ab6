"""What the whistles of a period add up to (W-14). Only `resolved` counts as resolved."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chassis.kernel.counts import shown
from chassis.kernel.measure import half_up

from .course import Status
from .task import Outcome, Task
from .whistle import Whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blown:
    count: int
    by_kind: dict[str, int]
    by_level: dict[str, int]
    by_street: dict[str, int]
    irregular: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    count: int
    outcomes: dict[str, int]
    resolved: Share
    arrival_on_time: Share
    handling_on_time: Share
    returns: int
    rated: int
    satisfaction: int | None = None
    """Mean rating in hundredths; None where too few have rated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """A street's side of the double assessment (W-11): what it blew, and how its whistles ended."""

    street: str
    blown: int
    irregular: int
    closed: Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistler:
    blower: str
    blown: int
    irregular: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    unit: str
    whistles: int
    outcomes: dict[str, int]
    """Of its own results, which a lead's doesn't hide."""
    arrival_on_time: Share
    handling_on_time: Share
    returns: int
    score: int


def blown(whistles: Iterable[Whistle]) -> Blown:
    all_of_them = list(whistles)
    statuses = Counter(whistle.status for whistle in all_of_them)
    return Blown(
        count=len(all_of_them),
        by_kind=dict(Counter(whistle.kind.value for whistle in all_of_them)),
        by_level=dict(Counter(whistle.level.value for whistle in all_of_them)),
        by_street=dict(Counter(whistle.street for whistle in all_of_them)),
        irregular=sum(whistle.irregular for whistle in all_of_them),
        withdrawn=statuses[Status.WITHDRAWN],
    )


def closed(whistles: Iterable[Whistle], least: int) -> Closed:
    all_of_them = list(whistles)
    tasks = [task for whistle in all_of_them for task in whistle.tasks if not task.anothers]
    outcomes = _outcomes(whistle.outcome for whistle in all_of_them)
    ratings = [whistle.rating for whistle in all_of_them if whistle.rating is not None]
    enough = len(ratings) >= least
    return Closed(
        count=len(all_of_them),
        outcomes=outcomes,
        resolved=Share(part=outcomes[Outcome.RESOLVED.value], of=len(all_of_them)),
        arrival_on_time=_arrivals(tasks),
        handling_on_time=_handlings(tasks),
        returns=sum(whistle.returns for whistle in all_of_them),
        rated=len(ratings),
        satisfaction=half_up(sum(ratings) * 100, len(ratings)) if enough else None,
    )


def streets(begun: Iterable[Whistle], ended: Iterable[Whistle], least: int) -> list[Street]:
    """Of what was blown in the period and of what was closed in it, which need not be the same.

    A street's satisfaction is left out where it could point at a person, be it by subtraction (W-16).
    """
    mine: dict[str, tuple[list[Whistle], list[Whistle]]] = defaultdict(lambda: ([], []))
    for whistle in begun:
        mine[whistle.street][0].append(whistle)
    for whistle in ended:
        mine[whistle.street][1].append(whistle)
    ends = {street: closed(last, least) for street, (_, last) in mine.items()}
    public = shown({street: end.rated for street, end in ends.items() if end.rated}, least)
    return [
        Street(
            street=street,
            blown=len(first),
            irregular=sum(whistle.irregular for whistle in first),
            closed=ends[street]
            if public.get(street) is not None
            else replace(ends[street], satisfaction=None),
        )
        for street, (first, _) in sorted(mine.items())
    ]


def whistlers(begun: Iterable[Whistle], year_starts_at: int) -> list[Whistler]:
    """What each blowing unit has left of its year's points (W-04), by what it acts as."""
    mine: dict[str, list[Whistle]] = defaultdict(list)
    for whistle in begun:
        mine[whistle.blower].append(whistle)
    return [
        Whistler(
            blower=blower,
            blown=len(all_of_them),
            irregular=sum(whistle.irregular for whistle in all_of_them),
            points=points_left(all_of_them, year_starts_at),
        )
        for blower, all_of_them in sorted(mine.items())
    ]


def points_left(whistles: Iterable[Whistle], year_starts_at: int) -> int:
    """Also where an earlier build counted what the platform blew against the street."""
    return max(0, year_starts_at - sum(one.cost for one in whistles if one.irregular))


def departments(whistles: Iterable[Whistle]) -> list[Department]:
    """Each unit that was called, by its own tasks and scores."""
    tasks: dict[str, list[Task]] = defaultdict(list)
    scores: dict[str, list[int]] = defaultdict(list)
    for whistle in whistles:
        said = {score.unit: score.score for score in whistle.scores}
        for task in whistle.tasks:
            if not task.anothers and task.unit in said:
                tasks[task.unit].append(task)
                scores[task.unit].append(said[task.unit])
    return [
        Department(
            unit=unit,
            whistles=len(mine),
            outcomes=_outcomes(task.outcome for task in mine),
            arrival_on_time=_arrivals(mine),
            handling_on_time=_handlings(mine),
            returns=sum(task.returns for task in mine),
            score=half_up(sum(scores[unit]), len(mine)),
        )
        for unit, mine in sorted(tasks.items())
    ]


def _outcomes(found: Iterable[Outcome | None]) -> dict[str, int]:
    """How often each came, also where it never did."""
    count = Counter(found)
    return {outcome.value: count[outcome] for outcome in Outcome}


def _arrivals(tasks: list[Task]) -> Share:
    return Share(part=sum(not task.arrival.missed for task in tasks), of=len(tasks))


def _handlings(tasks: list[Task]) -> Share:
    in_time = [task for task in tasks if not any(one.clock.missed for one in task.rounds)]
    return Share(part=len(in_time), of=len(tasks))
