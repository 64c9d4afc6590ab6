"""Word, verification, marks, scores, the answer, and opening a case again."""

from collections.abc import Sequence

from chassis.aggregates import Changed
from chassis.asking import Asking
from services.whistle.commands import GiveMark
from services.whistle.domain import judging
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.whistle import Whistle

from .registers import Registers


class JudgingDesk(Registers):
    __slots__ = ()

    async def confirm(
        self, id: str, done: bool, said: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id, "confirm", asking, lambda w: [w.give_word(by=asking.by, done=done, what=said)]
        )

    async def verify(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(id, "verify", asking, lambda w: [w.verify(by=asking.by)])

    async def send_back(
        self, id: str, units: Sequence[str], reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "return",
            asking,
            lambda w: [
                w.send_back(
                    by=asking.by,
                    units=tuple(units),
                    reason=reason,
                    now=asking.cause.now,
                    work=self.work,
                )
            ],
        )

    async def mark(
        self, id: str, command: GiveMark, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        number, _ = await self.policy()
        return await self.whistles.decide(
            id,
            "marks",
            asking,
            lambda w: [
                judging.mark(
                    w,
                    by=asking.by,
                    points=command.points,
                    findings=command.findings,
                    policy=number,
                )
            ],
        )

    async def evaluate(self, id: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        policy = await self.policy()
        return await self.whistles.decide(
            id,
            "evaluate",
            asking,
            lambda w: [judging.evaluate(w, by=asking.by, policy=policy, work=self.work)],
        )

    async def answer(self, id: str, answer: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "answer",
            asking,
            lambda w: [w.answer(by=asking.by, answer=answer, now=asking.cause.now)],
        )

    async def reopen(self, id: str, reason: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        _, policy = await self.policy()
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
