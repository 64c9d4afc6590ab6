"""A year of whistles as it could have been: every step a decision of the domain, written by `Aggregates`.

The year is 2025. Its notice is taken to come out after Spring Festival and the next one after the
results, so that much is counted in days that were only assumed; the policy's scoring changes twice.
What happens to a whistle depends on the seed and its number alone, however many processes write.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import RuleBroken
from chassis.store import Has, Range, Store
from chassis.store_sqlite import SqliteStore
from services.whistle import main
from services.whistle.desk import (
    WhistleDesk,
)
from services.whistle.domain.unit import UnitKind
from services.whistle.reporters import Reporters
from services.whistle.shipped import member_units
from services.whistle.steps import years
from services.whistle.steps.units import UnitIn, list_unit
from services.whistle.steps.whistles import WHISTLES

from .taking import take
from .toy import Silent
from .whistle_life import Life
from .whistle_world import (
    AFTERMATH,
    AGAIN,
    BEFORE,
    FIRST,
    LAST,
    NOTICES,
    PUBLISHED,
    SPRING,
    YEAR,
    Suspended,
    World,
    clock,
)

KEY = bytes(32)
SCORING = (
    (clock(5, 1), {"grid_percent": 50, "street_percent": 50, "late_arrival": 8}),
    (clock(9, 1), {"late_handling_each_day": 3, "late_handling_most": 24, "each_return": 10}),
)
PLACES = {
    "haihua": "liujia",
    "haixiang": "liujia",
    "wuliduo": "guanshang",
    "xiangtiao": "guanshang",
}
AT_ONCE = 16


@asynccontextmanager
async def opened(path: Path, work: WorkTime = NOTICES[-1][1]) -> AsyncIterator[WhistleDesk]:
    """The service's own desk on a store file, with nobody told and nothing served."""
    store = SqliteStore(path)
    try:
        yield _desk(store, work)
    finally:
        await store.close()


def _desk(store: Store, work: WorkTime) -> WhistleDesk:
    outlet = Silent()
    reporters = Reporters(store, KEY, KEY, outlet)
    desk = main.desk_on(store, reporters, KEY, outlet, work)
    return replace(desk, whistles=WHISTLES.kept(store, KEY, outlet))


def asking(acts_as: str, now: datetime) -> Asking:
    kind, _, code = acts_as.partition(":")
    subject = Subject(sub=acts_as, kind=kind, code=code or None, scopes=frozenset())
    return Asking(subject, Cause(actor=acts_as, now=now))


async def begin(desk: WhistleDesk) -> None:
    """The register of units, and the year's three editions of the policy."""
    for aggregates in (desk.whistles, desk.units, desk.years, desk.policies.aggregates):
        await aggregates.prepare()
    await desk.seed_units(member_units(), BEFORE)
    admin = asking("district_admin", BEFORE)
    for place in (*PLACES, *sorted(set(PLACES.values()))):
        kind = UnitKind.COMMUNITY_FORCE if place in PLACES else UnitKind.STREET_OFFICE
        force = UnitIn(name=place, kind=kind, serves=(place,), valid_from=date(2019, 5, 31))
        await take(list_unit, desk, admin, force, code=f"{place}_force")
    await desk.policies.seed(BEFORE)
    values = (await desk.policies.book()).aggregate.editions[0].values
    for since, changed in SCORING:
        values = {**values, "scoring": {**values["scoring"], **changed}}
        await desk.policies.put(values, "调整评分", Cause(actor="district_admin", now=since))


async def world_of(desk: WhistleDesk) -> World:
    book = (await desk.policies.book()).aggregate
    editions = [(one.since, await desk.policies.edition(one.number)) for one in book.editions]
    units = {held.id: held.aggregate async for held in desk.units.every({})}
    return World(editions=tuple(editions), units=units)


async def live(desk: WhistleDesk, numbers: Sequence[int], seed: int) -> None:
    """These whistles' lives until the results are published; some are still open then."""
    world, gate = await world_of(desk), asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        chance = random.Random(f"{seed}/{number}")
        before_spring = chance.random() < 0.25
        born = FIRST + (SPRING if before_spring else LAST - FIRST) * chance.random()
        life = Life(world, desk.whistles, f"w-{number:06d}", chance, born, PUBLISHED)
        async with gate:
            with suppress(Suspended):
                await life.whole(PLACES)

    await asyncio.gather(*(one(number) for number in numbers))


# The district's side of the year


async def publish(desk: WhistleDesk, seed: int) -> None:
    """Exclusions, the results, appeals; what is reopened after them; and results said again."""
    world, chance = await world_of(desk), random.Random(f"{seed}/district")
    for unit in world.departments:
        for whistle in await answered_of(desk, unit, 4):
            if chance.random() < 0.5:
                approved = chance.random() < 0.7
                await _exclude(desk, unit, whistle, PUBLISHED - timedelta(days=1), approved)
    assessed = await _assess(desk, world.departments, PUBLISHED)
    await _aftermath(desk, world, seed)
    upheld = [
        unit for unit in assessed if chance.random() < 0.4 and await _appeal(desk, unit, chance)
    ]
    for unit in upheld:
        known = (await desk.years.get(f"{unit}.{YEAR}")).aggregate
        asked = {one.whistle for one in known.exclusions}
        for whistle in [one for one in await answered_of(desk, unit, 6) if one not in asked][:1]:
            await _exclude(desk, unit, whistle, AGAIN - timedelta(days=1), True)
    await _assess(desk, upheld, AGAIN)


async def answered_of(desk: WhistleDesk, unit: str, most: int) -> list[str]:
    days = Range(at_least=f"{YEAR}-01-01", at_most=f"{YEAR}-12-31")
    where: dict[str, Any] = {"status": "answered", "units": Has([unit]), "closed_on": days}
    return [held.id for held in await desk.whistles.find(where, limit=most)]


async def _exclude(
    desk: WhistleDesk, unit: str, whistle: str, now: datetime, approved: bool
) -> None:
    year = f"{unit}.{YEAR}"
    said = years.ExclusionIn(whistle=whistle, reason=f"{whistle} 期间道路中断")
    await take(years.exclude, desk, asking("command_centre", now), said, id=year)
    if approved:
        admin = asking("district_admin", now)
        await take(years.approve, desk, admin, id=year, whistle=whistle)


async def _assess(desk: WhistleDesk, units: Iterable[str], now: datetime) -> list[str]:
    """Which of them have a result now; who had no whistle has none."""
    assessed = []
    for unit in units:
        try:
            await take(years.publish, desk, asking("district_admin", now), id=f"{unit}.{YEAR}")
        except RuleBroken:
            continue
        assessed.append(unit)
    return assessed


async def _appeal(desk: WhistleDesk, unit: str, chance: random.Random) -> bool:
    year, upheld = f"{unit}.{YEAR}", chance.random() < 0.6
    filed, decided = AFTERMATH + timedelta(days=2), AFTERMATH + timedelta(days=5)
    grounds = years.AppealIn(grounds="有一哨应予剔除")
    await take(years.appeal, desk, asking(f"department:{unit}", filed), grounds, id=year)
    verdict = years.VerdictIn(upheld=upheld, reason="复核")
    await take(years.decide_appeal, desk, asking("district_admin", decided), verdict, id=year)
    return upheld


async def _aftermath(desk: WhistleDesk, world: World, seed: int) -> None:
    """What was answered last is reopened or rated after the results were published."""
    late = {"status": "answered", "closed_on": Range(at_least=f"{YEAR}-12-28")}
    for held in [held async for held in desk.whistles.every(late)]:
        chance = random.Random(f"{seed}/{held.id}/after")
        life = Life(world, desk.whistles, held.id, chance, AFTERMATH, AGAIN)
        with suppress(Suspended):
            await life.after(held.aggregate)
