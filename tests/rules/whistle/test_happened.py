"""What happened has a name that people read, each of it and nothing else."""

from services.whistle.happened import HAPPENED
from services.whistle.steps.cases import CASES
from services.whistle.steps.problems import PROBLEMS
from services.whistle.steps.units import UNITS
from services.whistle.steps.whistles import WHISTLES
from services.whistle.steps.years import YEARS


def test_everything_that_happens_here_is_called_something() -> None:
    kinds = (CASES, PROBLEMS, UNITS, WHISTLES, YEARS)
    assert {event.__name__ for kind in kinds for event in kind.events} == set(HAPPENED)
    assert all(kind.happened is HAPPENED for kind in kinds)
