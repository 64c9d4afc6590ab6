"""Proofs of arrival and of results: filed by a unit for its own task, read by whoever sees the whistle."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chassis.beside import Beside
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kernel.media import recognised
from chassis.kind import Held, derived_id
from chassis.retention import Line
from services.whistle.domain.course import OVER
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.proof import Proof, ProofFiled

from .registers import Registers

LINE = "retention.proof_days"
EARLIEST = datetime.min.replace(tzinfo=UTC)
"""Of those that were filed before it was noted when."""


class ProofDesk(Registers):
    __slots__ = ()

    def retention(self) -> tuple[Line, ...]:
        async def days() -> int:
            return (await self.policy())[1].retention.proof_days

        return (Line(name=LINE, of=self.proofs, days=days, remove=self.lapse_proof),)

    async def lapse_proof(self, held: Held[Proof], cause: Cause) -> None:
        """So long after the last that happened in a whistle that is over."""
        days = (await self.policy())[1].retention.proof_days
        whistle, trail = await self.whistles.history(held.aggregate.whistle)
        last = datetime.fromisoformat(trail[-1]["at"])
        if whistle.aggregate.status in OVER and last + timedelta(days=days) <= cause.now:
            names = [held.aggregate.file]
            await self.removals.remove_filed(self.files, held, names, LINE, cause)

    async def file_proof(
        self, id: str, unit: str, content: bytes, policy: WhistlePolicy, cause: Cause
    ) -> Held[Proof]:
        """The content makes the id, so the same file again is the same proof."""
        media = recognised(content, at_most=policy.proof.bytes)

        async def filed(file: str, beside: Beside) -> Held[Proof]:
            proof = Proof(whistle=id, unit=unit, file=file, media=media, size=len(content))
            events = [ProofFiled(proof=proof, at=cause.now)]
            named = derived_id("proofs", id, unit, file)
            return await self.proofs.once(named, events, cause, beside=beside)

        return await self.files.filed(content, filed, cause.now)

    async def proofs_of(self, id: str, reader: Subject) -> list[Held[Proof]]:
        """Those of a whistle, the oldest first; not yet named in an arrival or a result, too."""
        await self.whistles.show(id, reader)
        found = [held async for held in self.proofs.every({"whistle": id})]
        return sorted(found, key=lambda held: (held.aggregate.filed_at or EARLIEST, held.id))

    async def read_proof(self, id: str, proof: str, reader: Subject) -> tuple[Proof, bytes]:
        await self.whistles.show(id, reader)
        held = await self.proofs.look(proof)
        if held is None or held.aggregate.whistle != id:
            raise NotFound("没有这份佐证。")
        return held.aggregate, await self.files.read(held.aggregate.file)

    async def filed(self, id: str, unit: str, proofs: Sequence[str]) -> None:
        """That they are this unit's own, for this whistle; UnknownReference otherwise."""
        for proof in proofs:
            held = await self.proofs.look(proof)
            if held is None or not held.aggregate.is_for(id, unit):
                raise UnknownReference("没有本单位为此哨提交的这份佐证。", field="proofs")
