"""The use cases: load, decide, save. One public method per command."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.aggregates import Aggregates, Changed, derived_id
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import (
    Malformed,
    RuleBroken,
    UnknownReference,
)
from chassis.policy import Policies
from chassis.store import Range
from contracts.housing import CommunityProfiled

from .access import ACCESS
from .commands import AskExtension, Blow, CollectProblem, FileResult, GiveMark, ListUnit, Triage
from .domain import problem as problems
from .domain import whistle as whistles
from .domain.events import Kind, Level, Noted, WhistleBlown, WhistleEvent
from .domain.ladder import Steps
from .domain.policy import WhistlePolicy
from .domain.problem import Problem, ProblemCollected, ProblemEvent
from .domain.rules import RULES
from .domain.task import Which
from .domain.unit import Unit, UnitEntered, UnitKind
from .domain.whistle import Status, Whistle
from .reporters import Reporters

PLAN_DATE = date(2019, 5, 31)
"""The day of the implementation plan: the member units' validity begins with it."""


def whistle_resource(whistle: Whistle) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": whistle.street,
        "community": whistle.community,
        "units": whistle.summoned,
    }


def of_unit(unit: str) -> Callable[[Whistle], dict[str, object]]:
    """A unit acts for itself only, not for the others that were called."""
    return lambda whistle: {**whistle_resource(whistle), "units": (unit,)}


def problem_resource(problem: Problem) -> dict[str, object]:
    return {"street": problem.street, "community": problem.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleDesk:
    problems: Guarded[Problem, ProblemEvent]
    whistles: Guarded[Whistle, WhistleEvent]
    units: Aggregates[Unit, UnitEntered]
    communities: Copies[CommunityProfiled]
    reporters: Reporters
    policies: Policies[WhistlePolicy]
    work: WorkTime

    # Problems

    async def collect(
        self, command: CollectProblem, asking: Asking
    ) -> Changed[Problem, ProblemEvent]:
        community = await self.community(command.community)
        place = {"street": community.street, "community": community.code}
        ACCESS.demand(asking.subject, "collect", place)
        id = asking.new_id("problems")
        happened = ProblemCollected(
            channel=command.channel,
            street=_street(community),
            community=community.code,
            category=command.category,
            title=command.title,
            asked=command.asked,
            place=command.place,
            has_reporter=command.reporter is not None,
            at=asking.cause.now,
        )
        policy = await self._policy()
        problems.collect(happened, policy[1].categories.keys())
        if command.reporter is not None:
            await self.reporters.keep(id, command.reporter, asking.cause)
        return await self.problems.create(id, lambda: [happened], asking.cause)

    async def take_in(
        self, id: str, happened: ProblemCollected, cause: Cause
    ) -> Changed[Problem, ProblemEvent]:
        """From another service or a partner: once, however often it is heard."""
        policy = await self._policy()
        problems.collect(happened, policy[1].categories.keys())

        return await self.problems.once(id, [happened], cause)

    async def triage(
        self, id: str, command: Triage, asking: Asking
    ) -> Changed[Problem, ProblemEvent]:
        return await self.problems.decide(
            id,
            "triage",
            asking,
            lambda p: [
                p.triage(
                    urgency=command.urgency,
                    difficulty=command.difficulty,
                    handling=command.handling,
                )
            ],
        )

    async def settle(self, id: str, how: str, asking: Asking) -> Changed[Problem, ProblemEvent]:
        now = asking.cause.now
        return await self.problems.decide(
            id, "settle", asking, lambda p: [p.settle(how=how, now=now)]
        )

    async def read_reporter(self, id: str, reason: str, asking: Asking) -> dict[str, str]:
        """The reading is recorded first; who may not read leaves no trace and learns nothing."""
        await self.problems.decide(
            id,
            "read_reporter",
            asking,
            lambda p: [p.read_reporter(by=asking.by, reason=reason)],
        )
        return await self.reporters.read(id)

    async def follow(self, problem: str, whistle: str, cause: Cause) -> None:
        await self.problems.change(problem, lambda p: p.follow(whistle), cause)

    # Calling

    async def blow(self, command: Blow, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        blown, id, cause = await self._about(command, asking)
        place = {"street": blown.street, "community": blown.community}
        ACCESS.demand(asking.subject, "blow", place)
        if asking.subject.kind != command.level.value:
            raise RuleBroken(RULES["W-02"], "社区书记吹社区哨，街道书记吹街道哨。", field="level")
        units = await self._units(command.units)
        policy = await self._policy()
        return await self.whistles.create(
            id,
            lambda: whistles.blow(blown, units, policy=policy, work=self.work),
            cause,
        )

    async def blow_for_agreement(
        self, *, agreement: str, due: str, street: str, community: str | None, cause: Cause
    ) -> Changed[Whistle, WhistleEvent]:
        """A tackle whistle at the street, once per agreement and due date."""
        blown = self._for_agreement(agreement, due, street, community, cause.now)

        return await self.whistles.once(agreement_whistle(agreement, due), [blown], cause)

    async def note_agreement(
        self,
        *,
        agreement: str,
        due: str,
        street: str,
        community: str | None,
        change: str,
        cause: Cause,
    ) -> None:
        """On the whistle of the missed date; made here if its own news is still on the way."""
        blown = self._for_agreement(agreement, due, street, community, cause.now)

        def noted(known: Whistle | None) -> Iterable[WhistleEvent]:
            note = Noted(what=change, about=agreement)
            return [note] if known else [blown, note]

        await self.whistles.record(agreement_whistle(agreement, due), noted, cause)

    def _for_agreement(
        self, agreement: str, due: str, street: str, community: str | None, now: datetime
    ) -> WhistleBlown:
        return WhistleBlown(
            level=Level.STREET,
            kind=Kind.TACKLE,
            blower=f"street:{street}",
            street=street,
            community=community,
            category="property",
            title=f"社区“两房”协议逾期未移交（到期日 {due}）",
            summoned=("housing_construction",),
            lead="housing_construction",
            origin=f"agreement:{agreement}",
            at=now,
        )

    async def _about(self, command: Blow, asking: Asking) -> tuple[WhistleBlown, str, Cause]:
        """What the whistle is about, its id (one at a time for a problem), and the case it goes on."""
        if command.problem is None:
            blown = await self._of_own_accord(command, asking)
            return blown, asking.new_id("whistles"), asking.cause
        held = await self.problems.show(command.problem, asking.subject)
        problem = held.aggregate
        cause = replace(asking.cause, correlation=held.correlation)
        blown = self._blown(command, asking, problem.street, problem.community)(
            category=problem.category, title=problem.title, problem=held.id
        )
        for earlier in problem.whistles:
            if await self.whistles.recalls(earlier, cause):
                return blown, earlier, cause
        problem.ready_for_whistle()
        await self._free_for_another(problem)
        return blown, derived_id("whistles", held.id, str(len(problem.whistles))), cause

    async def _free_for_another(self, problem: Problem) -> None:
        if not problem.whistles:
            return
        last = await self.whistles.get(problem.whistles[-1])
        if last.aggregate.status not in (Status.REJECTED, Status.WITHDRAWN):
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨，一事一哨。", field="problem")

    async def _of_own_accord(self, command: Blow, asking: Asking) -> WhistleBlown:
        if not command.title or not command.category:
            raise Malformed("没有对应问题时须写明标题和类别。", field="title")
        subject = asking.subject
        if subject.kind == "community" and subject.code:
            community = await self.community(subject.code)
            street, code = _street(community), community.code
        else:
            street, code = str(subject.code), None
        return self._blown(command, asking, street, code)(
            category=command.category, title=command.title
        )

    @staticmethod
    def _blown(
        command: Blow, asking: Asking, street: str, community: str | None
    ) -> Callable[..., WhistleBlown]:
        def about(category: str, title: str, problem: str | None = None) -> WhistleBlown:
            return WhistleBlown(
                level=command.level,
                kind=command.kind,
                blower=asking.by,
                street=street,
                community=community,
                category=category,
                title=title,
                problem=problem,
                summoned=command.units,
                lead=command.lead,
                at=asking.cause.now,
            )

        return about

    async def register(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "register", asking, lambda w: [w.register(by=asking.by)]
        )

    async def reject(self, id: str, reason: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self._policy()
        return await self.whistles.decide(
            id, "reject", asking, lambda w: [w.reject(by=asking.by, reason=reason, policy=policy)]
        )

    async def dispatch(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self._policy()
        return await self.whistles.decide(
            id,
            "dispatch",
            asking,
            lambda w: [
                w.dispatch(by=asking.by, policy=policy, now=asking.cause.now, work=self.work)
            ],
        )

    async def solve(
        self, id: str, leader: str, office: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        policy = await self._policy()
        await self._known_unit(office)
        return await self.whistles.decide(
            id,
            "solve",
            asking,
            lambda w: w.solve(
                by=asking.by,
                leader=leader,
                office=office,
                policy=policy,
                now=asking.cause.now,
                work=self.work,
            ),
        )

    async def escalate(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "escalate", asking, lambda w: [w.escalate(by=asking.by, reason=reason)]
        )

    async def withdraw(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "withdraw", asking, lambda w: [w.withdraw(by=asking.by, reason=reason)]
        )

    # What a unit does

    async def arrive(self, id: str, unit: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        rungs = await self._rungs()
        return await self.whistles.decide(
            id,
            "arrive",
            asking,
            lambda w: w.arrive(unit=unit, now=asking.cause.now, rungs=rungs),
            whose=of_unit(unit),
        )

    async def file_result(
        self, id: str, unit: str, command: FileResult, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        rungs = await self._rungs()
        return await self.whistles.decide(
            id,
            "result",
            asking,
            lambda w: w.file_result(
                unit=unit,
                outcome=command.outcome,
                summary=command.summary,
                now=asking.cause.now,
                rungs=rungs,
            ),
            whose=of_unit(unit),
        )

    async def ask_extension(
        self, id: str, unit: str, command: AskExtension, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "ask_extension",
            asking,
            lambda w: [
                w.ask_extension(
                    unit=unit,
                    which=command.which,
                    days=command.days,
                    reason=command.reason,
                    now=asking.cause.now,
                )
            ],
            whose=of_unit(unit),
        )

    async def grant_extension(
        self, id: str, unit: str, which: Which, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "grant_extension",
            asking,
            lambda w: [
                w.grant_extension(
                    unit=unit, which=which, by=asking.by, now=asking.cause.now, work=self.work
                )
            ],
        )

    async def pause(
        self, id: str, unit: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "pause",
            asking,
            lambda w: w.pause(unit=unit, reason=reason, by=asking.by, now=asking.cause.now),
        )

    async def resume(self, id: str, unit: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "resume",
            asking,
            lambda w: w.resume(unit=unit, by=asking.by, now=asking.cause.now, work=self.work),
        )

    # Judging

    async def confirm(
        self, id: str, done: bool, said: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "confirm", asking, lambda w: [w.give_word(by=asking.by, done=done, said=said)]
        )

    async def verify(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(id, "verify", asking, lambda w: [w.verify(by=asking.by)])

    async def send_back(
        self, id: str, units: Sequence[str], reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        _, policy = await self._policy()
        return await self.whistles.decide(
            id,
            "return",
            asking,
            lambda w: [
                w.send_back(
                    by=asking.by,
                    units=tuple(units),
                    reason=reason,
                    policy=policy,
                    now=asking.cause.now,
                    work=self.work,
                )
            ],
        )

    async def mark(
        self, id: str, command: GiveMark, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        number, _ = await self._policy()
        return await self.whistles.decide(
            id,
            "marks",
            asking,
            lambda w: [
                w.mark(
                    by=asking.by,
                    points=command.points,
                    findings=command.findings,
                    policy=number,
                )
            ],
        )

    async def evaluate(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self._policy()
        return await self.whistles.decide(
            id,
            "evaluate",
            asking,
            lambda w: [w.evaluate(by=asking.by, policy=policy, work=self.work)],
        )

    async def answer(self, id: str, answer: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "answer",
            asking,
            lambda w: [w.answer(by=asking.by, answer=answer, now=asking.cause.now)],
        )

    async def reopen(self, id: str, reason: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        _, policy = await self._policy()
        return await self.whistles.decide(
            id,
            "reopen",
            asking,
            lambda w: [
                w.reopen(
                    by=asking.by,
                    reason=reason,
                    policy=policy,
                    now=asking.cause.now,
                    work=self.work,
                )
            ],
        )

    # Time

    async def fire(self, id: str, cause: Cause) -> None:
        """Whatever rungs of this whistle are due."""
        rungs = await self._rungs()
        await self.whistles.change(id, lambda w: w.fire(now=cause.now, rungs=rungs), cause)

    async def remove_orphan(self, problem: str, cause: Cause) -> None:
        """A reporter whose problem never came is removed; one whose problem exists is claimed."""
        if await self.problems.look(problem):
            await self.reporters.claim(problem, cause)
        else:
            await self.reporters.remove(problem)

    async def renew_calendar(self, now: datetime) -> None:
        """At start: open whistles whose deadlines were computed under a shorter calendar."""
        known = self.work.days.valid_through.isoformat()
        cause = Cause(actor="system:calendar", now=now)
        async for held in self.whistles.every({"calendar": Range(below=known)}):
            await self.whistles.change(
                held.id, lambda w: w.renew_calendar(work=self.work), cause.unkeyed()
            )

    # Units

    async def list_unit(
        self, code: str, command: ListUnit, asking: Asking
    ) -> Changed[Unit, UnitEntered]:
        ACCESS.demand(asking.subject, "list_unit", {})
        known = await self.units.look(code)
        held = await self.units.count({})
        entered = UnitEntered(
            code=code,
            name=command.name,
            kind=command.kind,
            serves=command.serves,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            listed=held if known else held + 1,
        )
        return await self.units.record(code, lambda _: [entered], asking.cause)

    async def seed_units(self, member_units: Sequence[tuple[str, str]], now: datetime) -> None:
        """The member units of the plan's annex, where the register doesn't know them yet."""
        for code, name in member_units:
            entered = UnitEntered(
                code=code,
                name=name,
                kind=UnitKind.DEPARTMENT,
                valid_from=PLAN_DATE,
                listed=len(member_units),
            )
            await self.units.once(code, [entered], Cause(actor="platform", now=now))

    # What the decisions need

    async def community(self, code: str) -> CommunityProfiled:
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可上报。"
            raise UnknownReference(detail, field="community")
        return found

    async def _units(self, codes: Sequence[str]) -> dict[str, Unit]:
        found = {code: await self.units.look(code) for code in dict.fromkeys(codes)}
        return {code: held.aggregate for code, held in found.items() if held is not None}

    async def _known_unit(self, code: str) -> None:
        if not await self.units.look(code):
            raise UnknownReference(f"没有这个单位：{code}", field="office")

    async def _policy(self) -> tuple[int, WhistlePolicy]:
        return await self.policies.current()

    async def _rungs(self) -> Steps:
        _, policy = await self._policy()
        return Steps(rungs=policy.rungs, work=self.work)


def agreement_whistle(agreement: str, due: str) -> str:
    return derived_id("whistles", "agreement", agreement, due)


def _street(community: CommunityProfiled) -> str:
    if community.street is None:
        raise UnknownReference("该社区尚未登记所属街道。", field="community")
    return community.street
