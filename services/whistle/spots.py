"""The ids of places that trouble is reported at (W-12): the same for the same place, however it was written.

They are told to others, and a place may be somebody's door: without the key, which is derived from the trail's and
never leaves the process, whoever guesses at a place doesn't learn that he guessed right.
"""

from dataclasses import dataclass, field

from chassis.kind import derived_id, keyed_id

from .domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Spots:
    secret: bytes = field(repr=False)

    def of(self, problem: Problem) -> str | None:
        where = _where(problem)
        return keyed_id(self.secret, "whistle: spots", *where) if where else None

    @staticmethod
    def before(problem: Problem) -> str | None:
        """Under which it was counted before December 2026, without a key."""
        where = _where(problem)
        return derived_id("spots", *where) if where else None


def _where(problem: Problem) -> tuple[str, str, str] | None:
    place = "".join((problem.place or "").split()).casefold()
    return (problem.community, problem.category, place) if place else None
