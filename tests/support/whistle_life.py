"""One whistle's life: by chance, but only what the domain's decisions allow."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from services.whistle.domain import blowing, competence, judging, rating, urging
from services.whistle.domain.course import CALLED, CENTRE, RESIDENT, Status
from services.whistle.domain.events import (
    Finding,
    Kind,
    Level,
    Manner,
    WhistleBlown,
    WhistleEvent,
)
from services.whistle.domain.task import Outcome, Result, Which
from services.whistle.domain.whistle import Whistle

from .whistle_world import HOUR, MOMENT, Course, Decide

KINDS = (*(Kind.PROBLEM,) * 4, *(Kind.SERVICE,) * 3, Kind.TACKLE, Kind.TACKLE, Kind.EMERGENCY)


class Life(Course):
    async def whole(self, places: Mapping[str, str]) -> None:
        await self._blown(places)
        if self._is.status is Status.BLOWN and not await self._registered():
            return
        await self._worked()
        await self._judged()
        await self._answered()
        if self._perhaps(0.08):
            await self._reopened()

    async def after(self, whistle: Whistle) -> None:
        """Goes on from its answer."""
        self._whistle = whistle
        if self._perhaps(0.5):
            await self._reopened()
        elif whistle.rating is None:
            await self._rated()

    # Calling

    def _units(self, most: int) -> tuple[str, ...]:
        """A few units are called all the time, most seldom."""
        codes = self._world.departments
        weights = [1 / (place + 1) ** 2 for place in range(len(codes))]
        return tuple(dict.fromkeys(self._chance.choices(codes, weights, k=most)))

    async def _blown(self, places: Mapping[str, str]) -> None:
        community = self._chance.choice(sorted(places))
        street, below = places[community], self._perhaps(0.3)
        units = (f"{community}_force",) if below else self._units(self._chance.randint(1, 4))
        blown = WhistleBlown(
            level=Level.COMMUNITY if below else Level.STREET,
            kind=self._chance.choice(KINDS),
            blower=f"community:{community}" if below else f"street:{street}",
            street=street,
            community=community,
            category="property",
            title="台架",
            summoned=units,
            lead=units[0],
            at=self._now,
        )
        created = await self._whistles.create(
            self._id,
            lambda: blowing.blow(
                blown,
                self._world.units,
                policy=self._world.policy(self._now),
                work=self._work,
            ),
            self._cause(blown.blower),
        )
        self._whistle = created.aggregate

    async def _registered(self) -> bool:
        await self._later(10 * HOUR)
        if self._perhaps(0.03):
            policy = self._world.policy(self._now)
            await self._act(CENTRE, lambda w: w.reject(by=CENTRE, reason="吹空哨", policy=policy))
            return False
        if self._perhaps(0.02):
            await self._act(self._is.blower, lambda w: w.withdraw(by=w.blower, reason="已自行解决"))
            return False
        await self._act(CENTRE, lambda w: w.register(by=CENTRE), self._dispatch)
        return True

    def _dispatch(self, whistle: Whistle) -> WhistleEvent:
        policy = self._world.policy(self._now)
        return whistle.dispatch(by=CENTRE, policy=policy, now=self._now, work=self._work)

    # Working

    async def _worked(self) -> None:
        """Until every unit has filed."""
        while self._is.status in CALLED:
            if self._perhaps(0.05):
                await self._paused()
            if self._is.urged_at is None and self._perhaps(0.1):
                await self._act(self._is.blower, self._urge)
            await self._arrived()
            if self._is.level is Level.COMMUNITY and self._perhaps(0.15):
                await self._escalated()
                continue
            if self._is.level is Level.STREET and self._perhaps(0.12):
                await self._disputed()
            if self._perhaps(0.15):
                await self._extended()
            if self._perhaps(0.1):
                await self._paused()
            await self._filed()

    def _urge(self, whistle: Whistle) -> WhistleEvent:
        under = self._world.policy(self._now)[1].urging
        return urging.urge(whistle, by=whistle.blower, now=self._now, work=self._work, under=under)

    async def _arrived(self) -> None:
        waiting = [task for task in self._is.tasks if not task.arrived and not task.filed]
        for at, unit in sorted((self._by(one.arrival.deadline), one.unit) for one in waiting):
            await self._until(at)
            await self._act(f"department:{unit}", partial(self._arrive, unit))

    def _arrive(self, unit: str, whistle: Whistle) -> Any:
        return whistle.arrive(unit=unit, now=self._now, rungs=self._rungs)

    async def _filed(self) -> None:
        waiting = [task for task in self._is.tasks if task.arrived and not task.filed]
        for at, unit in sorted((self._by(one.handling.deadline), one.unit) for one in waiting):
            await self._until(at)
            await self._result(unit, self._outcome())

    def _outcome(self) -> Result:
        [outcome] = self._chance.choices(
            (Outcome.RESOLVED, Outcome.PARTLY_RESOLVED, Outcome.CANNOT_ACT, Outcome.INVALID),
            (80, 10, 7, 3),
        )
        return Result(outcome=outcome, summary="已办理", ground="条例第三条", who_can="业主大会")

    async def _result(self, unit: str, result: Result) -> None:
        await self._act(
            f"department:{unit}",
            lambda w: w.file_result(unit=unit, result=result, now=self._now, rungs=self._rungs),
        )

    async def _escalated(self) -> None:
        blower, street = self._is.blower, f"street:{self._is.street}"
        await self._act(
            blower,
            lambda w: w.escalate(by=blower, reason="超出能力", now=self._now, rungs=self._rungs),
        )
        await self._later(20 * HOUR)
        if self._perhaps(0.4):
            await self._act(street, self._solve)
            return
        units = self._units(3)
        await self._act(
            street,
            lambda w: w.blow_at_street(
                by=street,
                kind=w.kind,
                summoned=units,
                lead=units[0],
                units=self._world.units,
                now=self._now,
            ),
        )
        await self._later(10 * HOUR)
        await self._act(CENTRE, lambda w: w.register(by=CENTRE), self._dispatch)

    def _solve(self, whistle: Whistle) -> Iterable[WhistleEvent]:
        return whistle.solve(
            by=f"street:{whistle.street}",
            leader="街道办副主任",
            office=f"{whistle.street}_force",
            units=self._world.units,
            policy=self._world.policy(self._now),
            now=self._now,
            work=self._work,
        )

    async def _disputed(self) -> None:
        """A unit says whose it is. That one takes over, or the centre decides after a second one."""
        unfiled = [task.unit for task in self._is.tasks if task.arrived and not task.filed]
        others = [code for code in self._world.departments if code not in self._is.summoned]
        if self._is.declined or not unfiled or len(others) < 2:
            return
        first, whose, other = self._chance.choice(unfiled), *self._chance.sample(others, 2)
        await self._declined(first, whose)
        await self._arrived()
        if self._perhaps(0.6):
            taken = Result(outcome=Outcome.NOT_OURS, summary="不属本单位", whose=whose)
            await self._result(first, taken)
            return
        await self._declined(whose, other)
        await self._later(40 * HOUR)
        await self._act(
            CENTRE, lambda w: self._decided(w, self._chance.choice((first, whose, other)))
        )

    async def _declined(self, unit: str, whose: str) -> None:
        await self._later(3 * HOUR)
        await self._act(
            f"department:{unit}",
            lambda w: competence.decline(
                w,
                unit=unit,
                whose=whose,
                ground="职责清单",
                units=self._world.units,
                policy=self._world.policy(self._now),
                now=self._now,
                rungs=self._rungs,
            ),
        )

    def _decided(self, whistle: Whistle, unit: str) -> Iterable[WhistleEvent]:
        return competence.decide(
            whistle,
            by=CENTRE,
            unit=unit,
            reason="按职责清单",
            units=self._world.units,
            policy=self._world.policy(self._now),
            now=self._now,
            rungs=self._rungs,
        )

    # Clocks

    def _movable(self) -> list[str]:
        """Whose handling runs and may still be paused or extended."""
        return [
            task.unit
            for task in self._is.tasks
            if self._is.kind is not Kind.EMERGENCY
            and task.handling.running
            and not task.handling.missed
            and not task.handling.late_at(self._now + MOMENT)
            and not task.handling.deadline.paused
        ]

    async def _extended(self) -> None:
        """Asked for before expiry; granted perhaps after it."""
        if not (movable := self._movable()):
            return
        unit, days, which = movable[0], self._chance.randint(1, 4), Which.HANDLING
        await self._act(
            f"department:{unit}",
            lambda w: w.ask_extension(
                unit=unit, which=which, days=days, reason="等待鉴定", now=self._now
            ),
        )
        await self._later(60 * HOUR)
        await self._act(
            self._is.authority,
            lambda w: w.grant_extension(
                unit=unit, which=which, by=w.authority, now=self._now, rungs=self._rungs
            ),
        )

    async def _paused(self) -> None:
        if not (movable := self._movable()):
            return
        unit = movable[-1]
        await self._act(
            CENTRE,
            lambda w: w.pause(unit=unit, reason="等待鉴定", by=CENTRE, now=self._now),
        )
        await self._later(150 * HOUR)
        await self._act(
            CENTRE,
            lambda w: w.resume(unit=unit, by=CENTRE, now=self._now, work=self._work),
        )

    # Judging

    async def _judged(self) -> None:
        await self._later(24 * HOUR)
        while self._perhaps(0.12):
            await self._returned()
            await self._worked()
            await self._later(24 * HOUR)
        if self._is.level is Level.COMMUNITY and self._is.outcome is Outcome.CANNOT_ACT:
            await self._escalated()
            await self._worked()
            await self._later(24 * HOUR)
        await self._act(
            self._is.blower,
            lambda w: w.give_word(by=w.blower, done=True, what=""),
            lambda w: w.verify(by=w.authority),
        )
        if self._is.rating is None and self._perhaps(0.15):
            await self._rated()
        await self._later(240 * HOUR)
        await self._act(self._is.evaluator, *self._marks())
        await self._later(120 * HOUR)
        await self._act(
            self._is.evaluator,
            lambda w: judging.evaluate(
                w, by=w.evaluator, policy=self._world.policy(self._now), work=self._work
            ),
        )

    async def _returned(self) -> None:
        units = [task.unit for task in self._is.tasks if not task.released]
        back = self._chance.choice(units)
        await self._act(
            self._is.authority,
            lambda w: w.give_word(by=w.blower, done=False, what="没有办好"),
            lambda w: w.send_back(
                by=w.authority, units=(back,), reason="没有办好", now=self._now, work=self._work
            ),
        )

    def _marks(self) -> list[Decide]:
        street = f"street:{self._is.street}"
        both = (CENTRE, street) if self._is.level is Level.STREET else (street,)
        return [self._mark(by) for by in both]

    def _mark(self, by: str) -> Decide:
        number, _ = self._world.policy(self._now)
        points, found = self._chance.randint(40, 100), self._perhaps(0.1)
        manner = self._chance.choice(list(Manner))
        finding = (Finding(unit=self._is.lead, manner=manner),) if found else ()
        return lambda w: judging.mark(w, by=by, points=points, findings=finding, policy=number)

    async def _rated(self) -> None:
        """By the resident, of what was scored under the policy of its time."""
        under = self._world.numbered(self._is.scored_under or self._world.policy(self._now)[0])
        stars = self._chance.randint(1, 5)
        await self._act(
            RESIDENT,
            lambda w: rating.rate(
                w,
                rating=stars,
                days=under.reopening.days,
                scored_under=under,
                now=self._now,
                work=self._work,
            ),
        )

    async def _answered(self) -> None:
        await self._later(72 * HOUR)
        await self._act(
            self._is.blower, lambda w: w.answer(by=w.blower, answer="已办理", now=self._now)
        )
        if self._is.rating is None and self._perhaps(0.3):
            await self._later(200 * HOUR)
            await self._rated()

    async def _reopened(self) -> None:
        await self._later(100 * HOUR)
        street = f"street:{self._is.street}"
        await self._act(
            street,
            lambda w: w.reopen(
                by=street,
                reason="又坏了",
                policy=self._world.policy(self._now)[1],
                now=self._now,
                work=self._work,
            ),
        )
        await self._worked()
        await self._judged()
        await self._answered()
