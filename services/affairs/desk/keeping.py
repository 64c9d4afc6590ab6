"""How long persons are kept: workers who left, and who asked for a seal or a certificate."""

from chassis.cause import Cause
from chassis.kind import Held
from chassis.retention import Line
from services.affairs.domain import proof, worker
from services.affairs.domain.proof import Proof
from services.affairs.domain.worker import Certificate, Worker

from .powers import Powers

NAME, PERSON = "name", "person"
WORKERS, ASKERS = "retention.worker_days", "retention.asker_days"


class Keeping(Powers):
    __slots__ = ()

    def retention(self) -> tuple[Line, ...]:
        async def workers() -> int:
            return (await self.policy()).retention.worker_days

        async def askers() -> int:
            return (await self.policy()).retention.asker_days

        return (
            Line(name=WORKERS, of=self.workers, days=workers, remove=self.forget_worker),
            Line(name=ASKERS, of=self.proofs, days=askers, remove=self.forget_asker),
        )

    async def forget_worker(self, held: Held[Worker], cause: Cause) -> None:
        kinds = (NAME, *Certificate)
        await self.sealed.remove(held.id, kinds, self.removals, WORKERS, cause)
        await self.workers.change(held.id, lambda one: worker.forget(one, cause.now), cause)

    async def forget_asker(self, held: Held[Proof], cause: Cause) -> None:
        await self.sealed.remove(held.id, (PERSON,), self.removals, ASKERS, cause)
        await self.proofs.change(held.id, lambda one: proof.forget(one, cause.now), cause)
