"""Random walks through a collection's steps: what is offered is what may be done, for whoever asks."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.identity import BOUND, KINDS, Subject
from chassis.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken
from chassis.steps import Collection, Step
from gongzhi.roster import SERVICES

from .memory import MemoryStore

ENDS = frozenset(
    {"withdraw", "reject", "cancel", "replace", "terminate", "refuse", "stop", "leave"}
)
"""Steps that end a walk, and are seldom taken."""
AnyStep = Step[Any, Any, Any, Any]
Said = Callable[[AnyStep, random.Random], Any]


def person(acts_as: str) -> Subject:
    """With every scope there is."""
    kind, _, code = acts_as.partition(":")
    scopes = frozenset({"reporter:read", *(f"{service}:write" for service in SERVICES)})
    return Subject(sub=acts_as, kind=kind, code=code or None, scopes=scopes)


def everybody(*codes: str) -> list[Subject]:
    """An office of every kind; of a kind that is bound to its own, one for each code."""
    bound = [person(f"{kind}:{code}") for kind in BOUND for code in codes]
    return [*bound, *(person(kind) for kind in sorted(KINDS - set(BOUND)))]


@dataclass
class Walk:
    """`said` makes a good body for a step; nothing of a trial stays, what is walked does.

    `waited`: the steps that somebody waits for; of whose office that is, what is found as waiting for it.
    `again` are those of them that may be taken once more, when nobody waits any longer.
    """

    collection: Collection[Any, Any, Any, Any]
    steps: Sequence[AnyStep]
    desk: Any
    store: MemoryStore
    people: Sequence[Subject]
    said: Said
    chance: random.Random
    now: datetime
    waited: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    taken: list[str] = field(default_factory=list)
    tried: int = 0

    async def go(self, id: str, most: int) -> None:
        """From one offered step to the next, as far as there is one."""
        for _ in range(most):
            await self.check(id, self.chance.sample(list(self.people), k=6))
            self.now += timedelta(hours=1) * self.chance.choice([1, 2, 20, 50, 500])
            offered = {subject: await self.offered(id, subject) for subject in self.people}
            for subject, his in offered.items():
                await self.awaits(id, subject, {step.name for step, _ in his})
            open_steps = [
                (step, place, subject) for subject, his in offered.items() for step, place in his
            ]
            if not open_steps:
                return
            going_on = [one for one in open_steps if one[0].name not in ENDS]
            often = going_on if going_on and self.chance.random() < 0.99 else open_steps
            step, place, subject = self.chance.choice(often)
            if await self.take(id, step, place, subject) is None:
                self.taken.append(step.name)
        await self.check(id, self.people)

    async def check(self, id: str, people: Sequence[Subject]) -> None:
        """Each step, at each of its places, for each of these."""
        for subject in people:
            offered = await self.offered(id, subject)
            for step, place in await self.places(id):
                before = dict(self.store.kept)
                refusal = await self.take(id, step, place, subject)
                self.store.kept = before
                self.tried += 1
                told = f"{subject.acts_as} {step.operation} {place}: {refusal!r} {self.taken}"
                if not await self.shown(id, subject) and refusal is None:
                    # Some may take a step on what they aren't shown: an expert judges.
                    assert subject.kind in step.who, told
                elif (step, place) in offered:
                    assert not isinstance(refusal, NotAllowed | NotFound), told
                    assert not isinstance(refusal, RuleBroken) or refusal.field, told
                else:
                    assert isinstance(refusal, NotAllowed | NotFound | RuleBroken), told

    async def awaits(self, id: str, subject: Subject, offered: set[str]) -> None:
        """Whether it waits for him is as the steps say that are his."""
        if not self.waited:
            return
        record = (await self.collection.of(self.desk).get(id)).aggregate
        assert self.collection.awaits is not None
        awaited = subject.office in self.collection.awaits(record)
        told = f"{subject.acts_as} {awaited} {offered & self.waited} {self.taken}"
        assert offered & self.waited if awaited else not offered & (self.waited - self.again), told

    async def shown(self, id: str, subject: Subject) -> bool:
        held = await self.collection.of(self.desk).get(id)
        resource = self.collection.resource(held.aggregate)
        return self.collection.access.may_see(subject, resource)

    async def places(self, id: str) -> list[tuple[AnyStep, Mapping[str, str]]]:
        held = await self.collection.of(self.desk).get(id)
        return [
            (step, {"id": id, **place})
            for step in self.steps
            if step.record is not None
            for place in step.part.places(held.aggregate)
        ]

    async def offered(self, id: str, subject: Subject) -> list[tuple[AnyStep, Mapping[str, str]]]:
        """By the addresses that the actions name; nothing to whom it isn't shown."""
        if not await self.shown(id, subject):
            return []
        held = await self.collection.of(self.desk).get(id)
        at = await self.collection.looking(self.desk, subject, self.now, held)
        actions = self.collection.actions(self.steps, held, at, self.collection.titles)
        named = {(action["name"], action["href"]) for action in actions}
        base = f"/api/v1/{self.collection.service}"
        return [
            (step, place)
            for step, place in await self.places(id)
            if (step.name, base + step.path.format(**place)) in named
        ]

    async def take(
        self, id: str, step: AnyStep, place: Mapping[str, str], subject: Subject
    ) -> Refusal | None:
        asking = Asking(subject, Cause(actor=subject.acts_as, now=self.now))
        given = () if step.asks is None else (self.said(step, self.chance),)
        try:
            await step_taken.take(step, self.desk, asking, place, given)
        except Refusal as refusal:
            return refusal
        return None
