"""Evidence: the file under the hash of its content, and a record of what it was filed for."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

from chassis.beside import Beside
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kernel.media import recognised
from chassis.kind import Changed, Held
from chassis.retention import Line
from chassis.store import Has
from services.housing.access import ACCESS
from services.housing.domain.agreement import UNITS
from services.housing.domain.evidence import Evidence, EvidenceFiled, file

from .registers import Registers

EARLIEST = datetime.min.replace(tzinfo=UTC)
LINE = "retention.evidence_days"


class EvidenceDesk(Registers):
    __slots__ = ()

    def retention(self) -> tuple[Line, ...]:
        async def days() -> int:
            return (await self.policies.current())[1].retention.evidence_days

        return (Line(name=LINE, of=self.evidence, days=days, remove=self.lapse),)

    async def lapse(self, held: Held[Evidence], cause: Cause) -> None:
        """So long after the last that happened to the agreements it was filed for, all done with."""
        days = (await self.policies.current())[1].retention.evidence_days
        for one in held.aggregate.filed:
            last = await self._done_with_since(one.agreement)
            if last is None or last + timedelta(days=days) > cause.now:
                return
        await self.removals.remove_filed(self.files, held, [held.id], LINE, cause)

    async def _done_with_since(self, agreement: str) -> datetime | None:
        """Of the one that took its place, where one did."""
        held, trail = await self.agreements.history(agreement)
        if held.aggregate.replacement is not None:
            return await self._done_with_since(held.aggregate.replacement.by)
        return datetime.fromisoformat(trail[-1]["at"]) if held.aggregate.done_with else None

    async def file(
        self, agreement: str, content: bytes, cause: Cause
    ) -> Changed[Evidence, EvidenceFiled]:
        held = (await self.agreements.get(agreement)).aggregate
        _, policy = await self.policies.current()
        filed = EvidenceFiled(
            agreement=agreement,
            street=held.street,
            community=held.community,
            media=recognised(content, at_most=policy.evidence_bytes),
            size=len(content),
            at=cause.now,
        )

        # The content is the id, and the same content may be filed for two agreements.
        def recorded(id: str, beside: Beside) -> Awaitable[Changed[Evidence, EvidenceFiled]]:
            return self.evidence.record(id, lambda known: file(known, filed), cause, beside=beside)

        return await self.files.filed(content, recorded, cause.now)

    async def filed_for(self, agreement: str, subject: Subject) -> list[Held[Evidence]]:
        """In the order in which it was filed; NotFound where the agreement doesn't concern him."""
        await self.agreements.show(agreement, subject)
        found = [held async for held in self.evidence.every({"agreements": Has([agreement])})]
        return sorted(
            found, key=lambda held: (held.aggregate.since(agreement) or EARLIEST, held.id)
        )

    async def read(self, id: str, subject: Subject) -> tuple[Evidence, bytes]:
        """For whom one of the agreements it was filed for concerns."""
        held = await self.evidence.look(id)
        if held is None or not any(
            _seen(one.street, one.community, subject) for one in held.aggregate.filed
        ):
            raise NotFound("没有这份佐证。")
        return held.aggregate, await self.files.read(id)


def _seen(street: str, community: str, subject: Subject) -> bool:
    return ACCESS.may_see(subject, {"street": street, "community": community, "units": UNITS})
