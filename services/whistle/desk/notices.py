"""Telling a reporter: once for each thing that happened, tried until it is sent."""

from datetime import datetime

from chassis.cause import Cause
from chassis.kind import derived_id
from chassis.outbound import Had
from contracts.event import instant
from services.whistle.domain import notice
from services.whistle.domain.notice import Moment, NoticeDropped, NoticeDue, NoticeEvent, NoticeSent

from .registers import Registers


class NoticeDesk(Registers):
    __slots__ = ()

    async def notify_of(self, whistle: str, moment: Moment, happened: str, cause: Cause) -> None:
        """What the whistle is about, if it is about somebody's report."""
        if self.messenger is None:
            return
        held = await self.whistles.look(whistle)
        if held is not None and held.aggregate.problem is not None:
            await self.notify(held.aggregate.problem, moment, happened, cause)

    async def notify_of_answer(self, problem: str, answered: datetime, cause: Cause) -> None:
        """Once of each answer: a rating tells of the same one again. An earlier build kept its notice under another id,
        by which it isn't found; but whoever was told since is not told again.
        """
        if self.messenger is None:
            return
        async for held in self.notices.every({"problem": problem}):
            if held.aggregate.moment is Moment.ANSWERED and held.aggregate.due_at >= answered:
                return
        await self.notify(problem, Moment.ANSWERED, instant(answered), cause)

    async def notify(self, problem: str, moment: Moment, happened: str, cause: Cause) -> None:
        """Where there is a way to, and something to say; `happened`: what it is told once of, such as an event's id."""
        if self.messenger is None or not await self.words(moment):
            return
        if await self.reporters.contact(problem) is None:
            return
        due = NoticeDue(problem=problem, moment=moment, at=cause.now)
        id = derived_id("notices", problem, happened)
        await self.notices.once(id, [due], cause)

    async def send_notice(self, id: str, cause: Cause) -> None:
        """To who has gone since it was due, nothing is sent."""
        known = (await self.notices.get(id)).aggregate
        happened = await self._sent(id, known, cause.now)
        await self.notices.change(
            id, lambda now: [happened] if now.next_at is not None else [], cause
        )

    async def _sent(self, id: str, known: notice.Notice, now: datetime) -> NoticeEvent:
        to = await self.reporters.contact(known.problem)
        words = await self.words(known.moment)
        if self.messenger is None or to is None or not words:
            return NoticeDropped(reason="无可送达的方式", at=now)
        problem = await self.problems.get(known.problem)
        text = words.replace("{number}", problem.number or "")
        outcome = await self.messenger.send(id, to, text, now)
        if isinstance(outcome, Had):
            return NoticeSent(at=now)
        return notice.failed(known, outcome.reason, now)

    async def words(self, moment: Moment) -> str:
        """What is said; nothing where the district wants nothing said."""
        _, policy = await self.policy()
        said: str = getattr(policy.telling, moment)
        return said
