"""The resident's own way in, with the receipt code instead of a token (W-16)."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.cause import Cause
from chassis.kernel.errors import NotFound, RuleBroken
from chassis.kind import Changed, Held
from services.whistle.domain import rating as ratings
from services.whistle.domain.course import RESIDENT, Status
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemStatus
from services.whistle.domain.task import Outcome
from services.whistle.domain.unplaced import Unplaced, UnplacedStatus
from services.whistle.domain.whistle import Whistle

from .registers import Registers, is_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the reporter is told: how far it is, who was called, how it ended; nothing of other people."""

    problem: ProblemStatus | UnplacedStatus
    category: str
    collected_at: datetime
    settled_how: str | None = None
    whistle: Status | None = None
    units: tuple[str, ...] = ()
    unit_names: tuple[str, ...] = ()
    outcome: Outcome | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    rating: int | None = None
    photos_received: int = 0
    """How many of the reporter's have come."""
    steps: tuple[str, ...] = ()
    """What its reporter may do now."""
    over: bool = False


class ReceiptDesk(Registers):
    __slots__ = ()

    async def case(self, code: str, now: datetime) -> Case:
        id = await self.named(code)
        known = await self.problems.look(id)
        if known is None:
            report = (await self.unplaced.get(id)).aggregate
            return replace(_waiting(report), photos_received=await self._received(id))
        whistle = await self.out_for(id, known.aggregate)
        return await self._told(id, known.aggregate, whistle, now)

    async def rate(self, code: str, rating: int, cause: Cause) -> Case:
        id, known, held = await self._with_whistle(code)
        current, policy = await self.policy()
        under = await self._policy_of(held.aggregate.scored_under or current)

        def rated(whistle: Whistle) -> list[WhistleEvent]:
            if whistle.rating == rating:
                return []  # a second tap: he is shown what he said
            return [
                ratings.rate(
                    whistle,
                    rating=rating,
                    days=policy.reopening.days,
                    scored_under=under,
                    now=cause.now,
                    work=self.work,
                )
            ]

        changed = await self.whistles.change(held.id, rated, cause)
        return await self._told(id, known, changed.aggregate, cause.now)

    async def reopen_by_reporter(self, code: str, reason: str, cause: Cause) -> Case:
        id, known, held = await self._with_whistle(code)
        _, policy = await self.policy()
        try:
            changed: Changed[Whistle, WhistleEvent] = await self.whistles.change(
                held.id,
                lambda w: [
                    w.reopen(
                        by=RESIDENT, reason=reason, policy=policy, now=cause.now, work=self.work
                    )
                ],
                cause,
                beside=self.reporters.adding(id, reason, cause),
            )
        except RuleBroken:
            case = await self.case(code, cause.now)
            if case.whistle is Status.ANSWERED or not await self.reporters.said_last(id, reason):
                raise
            return case  # a second tap: he is shown what came of the first
        return await self._told(id, known, changed.aggregate, cause.now)

    async def _told(
        self, id: str, problem: Problem, whistle: Whistle | None, now: datetime
    ) -> Case:
        told = Case(
            problem=problem.status,
            category=problem.category,
            collected_at=problem.collected_at,
            settled_how=problem.settled_how,
            photos_received=await self._received(id),
            over=is_over(problem, whistle),
        )
        if whistle is None:
            return told
        known = await self.units_by_code(whistle.summoned)
        _, policy = await self.policy()
        return replace(
            told,
            whistle=whistle.status,
            units=whistle.summoned,
            unit_names=tuple(known[one].name if one in known else one for one in whistle.summoned),
            outcome=whistle.outcome if whistle.status is Status.ANSWERED else None,
            answer=whistle.answer_given,
            answered_at=whistle.answered_at,
            rating=whistle.rating,
            steps=ratings.open_to_reporter(whistle, policy.reopening.days, now),
        )

    async def _received(self, id: str) -> int:
        held = await self.photos.look(id)
        return len(held.aggregate.photos) if held else 0

    async def _with_whistle(self, code: str) -> tuple[str, Problem, Held[Whistle]]:
        id = await self.named(code)
        known = await self.problems.look(id)
        held = await self.latest_whistle(id, known.aggregate) if known else None
        if known is None or held is None:
            raise NotFound("这件事没有吹哨，不能评价或重开。")
        return id, known.aggregate, held

    async def named(self, code: str) -> str:
        """The id of the problem, or of the report that waits for its place."""
        id = await self.reporters.problem_of(code)
        if id and await self.taken(id):
            return id
        raise UnknownReceipt("没有这个回执码。", field="code")

    async def taken(self, id: str) -> bool:
        """Whether it is a report's: one that comes again isn't counted once more."""
        return bool(await self.problems.look(id) or await self.unplaced.look(id))

    async def _policy_of(self, number: int) -> WhistlePolicy:
        return await self.policies.edition(number)


class UnknownReceipt(NotFound):
    """A code that isn't one; it counts against the address that showed it."""


def _waiting(report: Unplaced) -> Case:
    return Case(
        problem=report.status,
        category=report.category,
        collected_at=report.taken_at,
        settled_how=report.reason,
        over=report.status is UnplacedStatus.ELSEWHERE,
    )
