"""Who works in communities, and what they are paid."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chassis.cause import Cause
from chassis.kernel.clock import local_date, quarter_of
from chassis.policy import PLATFORM
from services.affairs.domain import arrears, establishment, months, payroll, year
from services.affairs.domain.levels import Bases
from services.affairs.domain.lines import Line, lines_of
from services.affairs.domain.scale import BORNE_ELSEWHERE, Post
from services.affairs.domain.sheet import PaySheet, QuarterOpened, sheet_id
from services.affairs.domain.worker import Worker
from services.affairs.domain.year import EXCELLENT, StreetYear, YearOpened

from .admissions import Admissions

Where = tuple[str, str]
"""A street and its community."""
APPROVERS = ("organisation", "civil_affairs")
"""Departments that approve a quarter besides finance, and see it."""


def street_resource(one: PaySheet | StreetYear) -> dict[str, object]:
    return {"street": one.street, "community": None, "units": APPROVERS}


class Workers(Admissions):
    __slots__ = ()

    async def bases(self, at: datetime | None = None) -> Bases:
        """As they are, or were then."""
        policy = await (self.policy() if at is None else self.policies.in_force(at))
        return Bases(scale=self.scale, levelless=policy.levelless_fen)

    async def bases_of(self, street: str) -> Bases:
        """With when its levels were reviewed."""
        return replace(await self.bases(), reviewed=await self._reviews(street))

    async def _reviews(self, street: str) -> Mapping[int, datetime]:
        years = [held.aggregate async for held in self.years.every({"street": street})]
        return {one.year: one.review.at for one in years if one.review is not None}

    async def hold_seat(
        self, where: Where, worker: str, post: Post, since: date, cause: Cause
    ) -> None:
        """Before a record says that he is in post there: of two at once for the last seat, one has it. Who is paid
        elsewhere needs none (ours).
        """
        in_post = await self.beside(where, worker, since)
        if in_post is None or post in BORNE_ELSEWHERE:
            return
        await self.establishments.record(
            where[1],
            lambda known: [establishment.hold(known, worker, in_post, cause.now)],
            cause.unkeyed(),
        )

    async def beside(self, where: Where, worker: str, since: date) -> frozenset[str] | None:
        """Who else is in post there from that day on, where he'd be one more: also of who moved on since."""
        street, community = where
        there = {
            held.id: held.aggregate async for held in self.workers.every({"community": community})
        }
        return establishment.fullest(
            {**there, **dict(await self.of_street(street))}, community, worker, since
        )

    async def in_post_at(self, where: Where, since: date) -> frozenset[str]:
        """On the fullest of the days from that one on."""
        return await self.beside(where, "", since) or frozenset()

    async def free_seat(self, community: str, worker: str, cause: Cause) -> None:
        """After a record says that he isn't in post there any longer."""
        await self.establishments.change(
            community, lambda known: establishment.free(known, worker, cause.now), cause.unkeyed()
        )

    async def of_street(self, street: str) -> list[tuple[str, Worker]]:
        return [(held.id, held.aggregate) async for held in self.workers.every({"street": street})]

    async def open_street(self, street: str, now: datetime) -> None:
        """Its quarter and its year, once, as soon as somebody works there."""
        since = None if await self.pay.count({"street": street}) else local_date(now)
        await self._open_quarter(street, quarter_of(now), now, since)
        await self._open_year(street, local_date(now).year, now)

    async def _open_quarter(
        self, street: str, quarter: str, now: datetime, since: date | None = None
    ) -> None:
        opened = QuarterOpened(street=street, quarter=quarter, since=since, followed=False, at=now)
        id = sheet_id(street, quarter)
        await self.pay.once(id, [opened], Cause(actor=PLATFORM, now=now))

    async def _open_year(self, street: str, of: int, now: datetime) -> None:
        opened = YearOpened(street=street, year=of, at=now)
        await self.years.once(year.year_id(street, of), [opened], Cause(actor=PLATFORM, now=now))

    async def others(self, sheet: PaySheet) -> list[PaySheet]:
        """The street's other forms."""
        street = [held.aggregate async for held in self.pay.every({"street": sheet.street})]
        return [one for one in street if one.quarter != sheet.quarter]

    async def lines(self, sheet: PaySheet) -> tuple[Line, ...]:
        """The quarter's, from who is on record now; first what is paid after, of earlier ones, and put right."""
        workers, reviews = await self.of_street(sheet.street), await self._reviews(sheet.street)
        others = await self.others(sheet)
        settled = [*sheet.corrections, *(line for one in others for line in one.settled)]
        first = months.months_of(sheet.quarter)[0]
        found: list[Line] = []
        for form in arrears.earlier(others, sheet.quarter):
            due = await self._due(form, workers, reviews)
            found.extend(arrears.arrears(form, due, settled, first))
        return (*found, *sheet.corrections, *await self._due(sheet, workers, reviews))

    async def _due(
        self,
        sheet: PaySheet,
        workers: list[tuple[str, Worker]],
        reviews: Mapping[int, datetime],
    ) -> tuple[Line, ...]:
        """By the bases that its lines were counted by, if they were."""
        last = int(sheet.quarter[:4]) - 1
        return lines_of(
            workers,
            sheet.quarter,
            replace(await self.bases(sheet.counted_at), reviewed=reviews),
            excellent=await self._excellent(sheet),
            bonus=EXCELLENT,
            average=(await self.policy()).average_wage_fen.get(str(last)),
        )

    async def _excellent(self, sheet: PaySheet) -> frozenset[str]:
        """Those named in the quarter before."""
        before = months.previous(sheet.quarter)
        found: set[str] = set()
        for of in {int(before[:4]), int(before[:4]) - 1}:
            held = await self.years.look(year.year_id(sheet.street, of))
            named = held.aggregate.excellent if held else None
            if held and named is not None and quarter_of(named.at) == before:
                found.update(held.aggregate.bonus_to)
        return frozenset(found)

    async def in_post(self, street: str, day: date) -> frozenset[str]:
        """In one that the street pays."""
        workers = await self.of_street(street)
        return frozenset(id for id, worker in workers if worker.paid_posts(day))

    async def pay_due(self, id: str, cause: Cause) -> None:
        """Months that are over and unpaid; with the last of them the next quarter is opened, whatever was paid."""
        sheet = (await self.pay.get(id)).aggregate
        if cause.now >= sheet.ends_at:
            await self._open_quarter(sheet.street, months.next_quarter(sheet.quarter), cause.now)
        lines = await self.lines(sheet)
        await self.pay.change(id, lambda known: payroll.come_due(known, lines, cause.now), cause)

    async def await_quarters_ends(self, now: datetime) -> None:
        """At a start: of those that were opened before their end was waited for. The timer does the rest."""
        async for held in self.pay.every({}):
            if held.aggregate.followed is None:
                await self.pay.change(held.id, payroll.await_end, Cause(actor=PLATFORM, now=now))

    async def year_due(self, id: str, cause: Cause) -> None:
        of = (await self.years.get(id)).aggregate
        workers = await self.of_street(of.street)
        await self._open_year(of.street, of.year + 1, cause.now)
        await self.years.change(id, lambda known: year.close(known, workers, cause.now), cause)
