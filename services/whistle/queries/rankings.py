"""Every department's year side by side (W-10): its result, what was left out, and its place in its group."""

from dataclasses import dataclass, field

from chassis.aggregates import Aggregates
from chassis.identity import Subject
from chassis.kernel.measure import half_up
from chassis.policy import Policies
from services.whistle.access import ACCESS
from services.whistle.desk import answered_in
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.ranking import Group, Place, YearResult, ranked
from services.whistle.domain.unit import Unit, UnitEntered, UnitKind
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, YearEvent, left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A whistle that doesn't count, why, and the office (never a person) that approved it."""

    whistle: str
    reason: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentYear:
    """`result` as of now, `published` as it was said and stands, in hundredths of a point; `rank` within `group`."""

    unit: str
    name: str
    result: int | None
    whistles: int
    excluded: int
    left_out: tuple[LeftOut, ...]
    published: int | None
    group: Group | None
    rank: int | None
    among: int | None


@dataclass(slots=True)
class Account:
    """What a department's whistles of the year come to."""

    year: Year
    scores: list[int] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, id: str, whistle: Whistle, score: int) -> None:
        reason, by = left_out(whistle, id, self.year)
        if reason is None:
            self.scores.append(score)
        else:
            self.left_out.append(LeftOut(whistle=id, reason=reason, by=by))

    @property
    def result(self) -> YearResult | None:
        if not self.scores:
            return None
        count = len(self.scores)
        return YearResult(mean=half_up(sum(self.scores), count), whistles=count)

    def shown(self, name: str, place: Place | None) -> DepartmentYear:
        said = self.year.stands
        return DepartmentYear(
            unit=self.year.unit,
            name=name,
            result=self.result.mean if self.result else None,
            whistles=len(self.scores),
            excluded=len(self.year.excluded),
            left_out=tuple(self.left_out),
            published=said.result if said else None,
            group=place.group if place else None,
            rank=place.rank if place else None,
            among=place.among if place else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    whistles: Aggregates[Whistle, WhistleEvent]
    years: Aggregates[Year, YearEvent]
    units: Aggregates[Unit, UnitEntered]
    policies: Policies[WhistlePolicy]

    async def departments(self, year: int, reader: Subject) -> list[DepartmentYear]:
        """By code, those whose own account the reader may see; a rank is among all, whoever asks."""
        _, policy = await self.policies.current()
        names = await self._names(year)
        accounts = await self._accounts(names, year)
        results = {unit: one for unit in names if (one := accounts[unit].result) is not None}
        places = ranked(results, policy.workload)
        return [
            accounts[unit].shown(names[unit], places.get(unit))
            for unit in sorted(names)
            if ACCESS.may_see(reader, {"units": (unit,)})
        ]

    async def _names(self, year: int) -> dict[str, str]:
        """The departments that the register knew in that year."""
        return {
            held.id: held.aggregate.name
            async for held in self.units.every({"kind": UnitKind.DEPARTMENT.value})
            if held.aggregate.valid_in(year)
        }

    async def _accounts(self, names: dict[str, str], year: int) -> dict[str, Account]:
        """One pass over the year's whistles."""
        begun = {
            held.aggregate.unit: held.aggregate async for held in self.years.every({"year": year})
        }
        accounts = {unit: Account(begun.get(unit) or Year(unit=unit, year=year)) for unit in names}
        async for held in self.whistles.every(answered_in(year)):
            for score in held.aggregate.scores:
                if score.unit in accounts:
                    accounts[score.unit].add(held.id, held.aggregate, score.score)
        return accounts
