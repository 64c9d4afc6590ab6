"""What a whistle says of a unit (W-09): integer arithmetic, in hundredths of a point, half up."""

from chassis.kernel.clock import WorkTime
from chassis.kernel.measure import half_up

from .events import UnitScore
from .policy import Scoring
from .task import Task, late_days


def taken_off(task: Task, scoring: Scoring, work: WorkTime) -> int:
    """Points lost for a late arrival, late days of handling, and each return."""
    late = sum(late_days(round.clock, work) for round in task.rounds)
    handling = min(late * scoring.late_handling_each_day, scoring.late_handling_most)
    arrival = scoring.late_arrival if task.arrival.missed else 0
    return arrival + handling + task.returns * scoring.each_return


def unit_score(
    task: Task,
    *,
    grid: int | None,
    street: int,
    scoring: Scoring,
    work: WorkTime,
    rating: int | None = None,
) -> UnitScore:
    """0.6 G + 0.4 S − L by the shipped policy, held between 0 and 100 points.

    S is the street's mark or, where the resident has rated r, the mean of that and 20 r; without a
    mark of the grid G is S. Both are counted twice here, so that the mean stays whole.
    """
    s = 2 * street if rating is None else street + 20 * rating
    g = s if grid is None else 2 * grid
    combined = half_up(scoring.grid_percent * g + scoring.street_percent * s, 2)
    lost = taken_off(task, scoring, work)
    return UnitScore(
        unit=task.unit, score=max(0, min(10_000, combined - lost * 100)), taken_off=lost
    )


def mean_score(scores: tuple[UnitScore, ...]) -> int:
    return half_up(sum(score.score for score in scores), len(scores)) if scores else 0
