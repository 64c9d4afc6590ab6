"""Where a department stands in a year, among those with as much to do (W-10).

The mean of three whistles and the mean of three hundred say different things, so each is ranked within its
workload group only. The bounds are the platform's default, not the documents'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .policy import Workload


class Group(StrEnum):
    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearResult:
    """A department's year: the mean in hundredths of a point, and of how many whistles."""

    mean: int
    whistles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`rank` in the group, 1 the best; who has the same result has the same rank. `among`: its size."""

    group: Group
    rank: int
    among: int


def group_of(whistles: int, workload: Workload) -> Group:
    if whistles >= workload.large:
        return Group.LARGE
    return Group.MIDDLE if whistles >= workload.middle else Group.SMALL


def ranked(results: Mapping[str, YearResult], workload: Workload) -> dict[str, Place]:
    """By unit; who has no whistle that counts has no result, and no place."""
    groups = {unit: group_of(one.whistles, workload) for unit, one in results.items()}
    means: dict[Group, list[int]] = {group: [] for group in Group}
    for unit, group in groups.items():
        means[group].append(results[unit].mean)
    return {
        unit: Place(
            group=group,
            rank=1 + sum(other > results[unit].mean for other in means[group]),
            among=len(means[group]),
        )
        for unit, group in groups.items()
    }
