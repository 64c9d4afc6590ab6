"""The use case: an event about a whistle is entered, once."""

from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.cause import Cause

from .domain.entry import Entry, TurnHeard, hear


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDesk:
    entries: Aggregates[Entry, TurnHeard]

    async def enter(self, whistle: str, heard: TurnHeard, cause: Cause) -> None:
        await self.entries.record(whistle, lambda entry: hear(entry, heard), cause)
