"""Walks where an office may act for another: whom something waits for is held to the steps all the same."""

from dataclasses import dataclass

from chassis.identity import Subject
from tests.support.walks import Walk


@dataclass
class Instead(Walk):
    """`instead`: kinds of office that may take a step for whom it waits for, and aren't waited for by that.

    Where nobody is waited for, they have no such step either. What one isn't shown is found waiting by nobody.
    """

    instead: frozenset[str] = frozenset()

    async def awaits(self, id: str, subject: Subject, offered: set[str]) -> None:
        if not self.waited or not await self.shown(id, subject):
            return
        record = (await self.collection.of(self.desk).get(id)).aggregate
        assert self.collection.awaits is not None
        found = self.collection.awaits(record)
        stands_in = subject.kind in self.instead and found and subject.office not in found
        await super().awaits(id, subject, set() if stands_in else offered)
