"""The streets' scorecards: news is entered once; when a quarter has ended, its weaknesses are told."""

from asyncio import to_thread
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256

from chassis.cause import Cause
from chassis.kind import Held
from chassis.policy import PLATFORM
from chassis.store import Has
from services.index.domain.annex9 import total
from services.index.domain.annex9_events import Marker
from services.index.domain.entry import Standing, TurnHeard, hear
from services.index.domain.fact import (
    FactHeard,
    Premises,
    PremisesHeard,
    ended,
    hear_premises,
)
from services.index.domain.fact import hear as hear_fact
from services.index.domain.scorecard import FACT_SUMS, SUMS, Scorecard, of_period, scorecard
from services.index.domain.standing import Standings, standings
from services.index.domain.weakness import (
    QuarterOpened,
    last_day,
    levels_of,
    open_quarter,
)
from services.index.domain.weakness import following as following_quarter

from .registers import Registers


def had_by(street: str) -> dict[str, Has]:
    """The premises of the communities that are or once were a street's."""
    return {"streets": Has((street,))}


class ScorecardDesk(Registers):
    __slots__ = ()

    async def enter(self, whistle: str, heard: TurnHeard, cause: Cause) -> None:
        await self.entries.record(whistle, lambda entry: hear(entry, heard), cause)

    async def hear_fact(self, id: str, heard: FactHeard, cause: Cause) -> None:
        await self.facts.record(id, lambda fact: hear_fact(fact, heard), cause)

    async def hear_premises(self, community: str, heard: PremisesHeard, cause: Cause) -> None:
        await self.premises.record(community, lambda known: hear_premises(known, heard), cause)

    async def scorecard(self, street: str, quarter: str) -> Scorecard:
        where = {"street": street, "quarter": quarter}
        rows = await self.entries.tally(where, by="standing", sums=SUMS)
        facts = await self.facts.tally(where, by="theme", sums=FACT_SUMS)
        last = last_day(quarter)
        rooms = [held async for held in self.premises.every(had_by(street))]
        stood = await self.stood(street, last, rooms)
        return scorecard(
            street,
            quarter,
            {Standing(row["standing"]): row for row in rows},
            {name: sum(row[name] for row in facts) for name in FACT_SUMS},
            [one.met for one in stood.values() if one.met is not None],
            await self.area(stood),
            await self._consultation(street, last),
        )

    async def stood(
        self, street: str, last: date, rooms: Iterable[Held[Premises]]
    ) -> dict[str, PremisesHeard]:
        """What the rooms of each of a street's communities came to on a day, of those that hadn't ended."""
        found = {}
        for held in rooms:
            said = held.aggregate.stood(street, last)
            if said is not None and not await self._ended(held.id, last):
                found[held.id] = said
        return found

    async def _ended(self, community: str, last: date) -> bool:
        """Before that day was over, as the register has it today."""
        known = await self.communities.look(community)
        return known is not None and ended(known.valid_to, last)

    async def community_card(self, community: str, street: str, quarter: str) -> Scorecard:
        """Of one community: its whistles and its rooms; what only streets have, has no value."""
        where = {"community": community, "quarter": quarter}
        rows = await self.entries.tally(where, by="standing", sums=SUMS)
        room, last = await self.premises.look(community), last_day(quarter)
        stood = room.aggregate.by(last) if room and not await self._ended(community, last) else None
        return scorecard(
            street,
            quarter,
            {Standing(row["standing"]): row for row in rows},
            {},
            [stood.met] if stood is not None and stood.met is not None else [],
            await self.area({community: stood} if stood else {}),
        )

    async def area(self, stood: Mapping[str, PremisesHeard]) -> tuple[int, int]:
        """Of the communities whose households the register knows today: the area, and the households."""
        area = households = 0
        for id, said in stood.items():
            known = await self.communities.look(id)
            if said.area is not None and known is not None and known.households:
                area += said.area
                households += known.households
        return area, households

    async def _consultation(self, street: str, last: date) -> int | None:
        """The assessor's sum as the quarter ended, of the fourth with what was said of the year since; None before
        anything is known of it.
        """
        held = await self.sheets.look(f"{street}.{last.year}")
        stood = held.aggregate.by(last) if held else None
        return total(stood, Marker.ASSESSED).points if stood and stood.known else None

    async def standings(self, period: str) -> Standings:
        """How sure the streets' places are, of a quarter or of a year by all its quarters."""
        quarters = [period] if "-" in period else [f"{period}-Q{n}" for n in range(1, 5)]
        values = {
            street: of_period([await self.scorecard(street, quarter) for quarter in quarters])
            for street in self.quotas
        }
        seed = sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]
        draws = (await self.policies.current())[1].draws
        return await to_thread(standings, values, seed, draws)

    # Weaknesses

    async def seed_quarters(self, now: datetime) -> None:
        """The quarter of today; one opens the next, and where the last one didn't, it is opened here."""
        _, policy = await self.policies.current()
        every = [held.aggregate async for held in self.quarters.every({})]
        last = max(every, key=lambda one: one.quarter, default=None)
        if last is None:
            await self._open_quarter(open_quarter(now, policy.close_days), now)
        elif last.closed_at is not None:
            await self._open_quarter(
                following_quarter(last.quarter, last.levels, policy.close_days), now
            )

    async def close_quarter(self, id: str, cause: Cause) -> None:
        """What is weak is told and the next one opened before it is closed: what is closed isn't due again, and a
        crash in between would leave them undone.
        """
        quarter = (await self.quarters.get(id)).aggregate
        _, policy = await self.policies.current()
        cards = [await self.scorecard(street, quarter.quarter) for street in self.quotas]
        levels = [level for card in cards for level in levels_of(card)]
        if quarter.close(levels, cause.now):
            for weak in quarter.weak(levels, policy.bounds, cause.now):
                name = f"{weak.street}.{weak.theme}.{weak.quarter}"
                await self.weaknesses.once(name, [weak], cause.unkeyed())
            next_one = following_quarter(quarter.quarter, levels, policy.close_days)
            await self._open_quarter(next_one, cause.now)
        await self.quarters.change(id, lambda q: q.close(levels, cause.now), cause)

    async def _open_quarter(self, opened: QuarterOpened, now: datetime) -> None:
        cause = Cause(actor=PLATFORM, now=now)
        await self.quarters.once(opened.quarter, [opened], cause)
