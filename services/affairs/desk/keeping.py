"""Persons whose term is over: what is sealed about them goes, by the clock, with a note of what went."""

from collections.abc import Iterable

from chassis.cause import Cause
from services.affairs.domain import keeping, proof, worker
from services.affairs.domain.keeping import PersonForgotten

from .powers import Powers

NAME, PERSON = "name", "person"
WORKER_LINE, ASKER_LINE = "retention.worker_days", "retention.asker_days"


class Keeping(Powers):
    __slots__ = ()

    async def worker_due(self, id: str, cause: Cause) -> None:
        """One who came back into post meanwhile is kept."""
        one = (await self.workers.get(id)).aggregate
        days = (await self.policy()).retention.worker_days
        if one.over_at is not None and _over(keeping.look(one.over_at, days, cause.now)):
            kinds = (NAME, *(each.kind.value for each in one.certificates))
            await self._remove(id, kinds, WORKER_LINE, cause)
        await self.workers.change(id, lambda known: worker.look(known, days, cause.now), cause)

    async def proof_due(self, id: str, cause: Cause) -> None:
        one = (await self.proofs.get(id)).aggregate
        days = (await self.policy()).retention.asker_days
        if one.over_at is not None and _over(keeping.look(one.over_at, days, cause.now)):
            await self._remove(id, (PERSON,), ASKER_LINE, cause)
        await self.proofs.change(id, lambda known: proof.look(known, days, cause.now), cause)

    async def _remove(self, of: str, kinds: Iterable[str], line: str, cause: Cause) -> None:
        for kind in kinds:
            await self.sealed.remove(of, kind, self.removals, line, cause)


def _over(looked: object) -> bool:
    return isinstance(looked, PersonForgotten)
