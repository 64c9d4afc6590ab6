"""The versions of the indicator systems: as printed or brought, and after each decision of the district."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.errors import NotFound
from chassis.policy import PLATFORM

from .domain.bringing import system_of
from .domain.decisions import SystemBook, SystemEvent, SystemShipped
from .domain.settling import version_of
from .domain.system import IndicatorSystem

MEASURED_BY = "2019"
"""The system that figures are filed for, until the district adopts another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    printed: Mapping[str, IndicatorSystem]
    books: Guarded[SystemBook, SystemEvent]

    async def seed(self, now: datetime) -> None:
        for version, system in self.printed.items():
            shipped = SystemShipped(version=version, document=system.document, at=now)
            await self.books.once(version, [shipped], Cause(actor=PLATFORM, now=now))

    async def of_year(self, year: int) -> IndicatorSystem:
        """The one adopted last for that year or one before, with every decision made so far."""
        books = [held.aggregate async for held in self.books.every({})]
        adopted = [
            (one.year, one.at, book) for book in books for one in book.adopted if one.year <= year
        ]
        if adopted:
            book = max(adopted, key=lambda found: found[:2])[2]
        else:
            book = (await self.books.get(MEASURED_BY)).aggregate
        return self.newest(book)

    async def at(self, version: str) -> IndicatorSystem:
        """NotFound for none of ours."""
        held = await self.books.look(version.partition(".")[0])
        if held is None:
            raise NotFound(f"没有这个版本的指标体系：{version}")
        return self._at(held.aggregate, version)

    async def every(self) -> list[IndicatorSystem]:
        return [
            self._at(held.aggregate, version)
            async for held in self.books.every({})
            for version in held.aggregate.versions
        ]

    def base(self, book: SystemBook) -> IndicatorSystem:
        """As printed, or as it was brought."""
        return system_of(book.brought) if book.brought else self.printed[book.version]

    def newest(self, book: SystemBook) -> IndicatorSystem:
        return self._at(book, book.versions[-1])

    def _at(self, book: SystemBook, version: str) -> IndicatorSystem:
        found = version_of(self.base(book), book, version)
        if found is None:
            raise NotFound(f"没有这个版本的指标体系：{version}")
        return found
