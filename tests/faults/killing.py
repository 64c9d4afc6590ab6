"""Kill a service again and again at one point, and count: accepted = closed = entered, duplicates on the wire."""

import asyncio
import json
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aio_pika
import aiohttp

from chassis.aggregates import Aggregates
from chassis.bus import WITNESS
from chassis.bus_queues import declare
from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.kernel.clock import Budget, WorkTime, quarter_of, start
from chassis.service import open_store
from contracts.heard import topology
from gongzhi import keys
from gongzhi.office import Office, Refused
from services.whistle.announce import of_whistles
from services.whistle.domain import events
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.task import Outcome
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import WHISTLES
from tests.support import warm
from tests.support.platform import environment_of, with_only
from tests.support.ports import free_port
from tests.support.toy import Silent

from .life import POINTS

WORK = WorkTime(days=NationalCalendar())
TAP = "tests.tap"


@dataclass(frozen=True)
class Counts:
    """What came of it; nothing is lost or doubled when the first three are equal."""

    bus: str
    point: str
    kills: int
    accepted: int
    closed: int
    entered: int
    told: int
    duplicates: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.bus:9} {self.point:28} kills {self.kills:4}  commands accepted {self.accepted:4}"
            f"  closed whistles {self.closed:4}  scorecard entries {self.entered:4}"
            f"  distinct events {self.told:4}  duplicates on the wire {self.duplicates:4}"
            f"  {self.seconds:.0f} s"
        )


@dataclass
class Ward:
    """One victim that is brought back after every death, and the file that says whom to die for."""

    services: list[str]
    environment: dict[str, str]
    point: str
    armed: Path
    port: int
    life: warm.Started | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def bring_up(self, session: aiohttp.ClientSession) -> None:
        life = {"services": self.services, "port": self.port, "point": self.point}
        told = json.dumps({**life, "armed": str(self.armed)})
        with (self.armed.parent / "lives.log").open("ab") as log:
            self.life = await asyncio.to_thread(
                warm.start,
                ["tests.faults.life", told],
                env=with_only(self.environment),
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                async with session.get(self.url + "/livez") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)
        raise AssertionError("the victim did not come up")

    async def died(self) -> None:
        assert self.life
        assert await asyncio.to_thread(self.life.wait, 60) == -signal.SIGKILL

    async def end(self) -> None:
        assert self.life
        self.life.terminate()
        await asyncio.to_thread(self.life.wait)


async def kill(
    bus: str, point: str, times: int, data: Path, store_url: str, bus_url: str
) -> Counts:
    """`times` deaths at `point`; every whistle's answer is asked for until it is accepted."""
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        wire = await stack.enter_async_context(listening(bus, bus_url))
        victim, others = _wards(bus, point, data, store_url, bus_url)
        for other in others:
            await other.bring_up(session)
            stack.push_async_callback(other.end)
        whistles = [f"w-{n:04}" for n in range(times)]
        await prepared(whistles, store_url, victim.environment)
        answering = victim.url if "whistle" in victim.services else others[0].url
        street = Office(session, answering, keys.token(data, "street:guanshang"))
        for id in whistles:
            victim.armed.write_text(f"whistles/{id}", encoding="utf-8")
            await victim.bring_up(session)
            asking = asyncio.create_task(accepted(street, id, within=60))
            await victim.died()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        victim.armed.write_text("", encoding="utf-8")
        await victim.bring_up(session)
        stack.push_async_callback(victim.end)
        accepted_count = sum([await accepted(street, id, within=60) for id in whistles])
        index = next(ward for ward in (victim, *others) if "index" in ward.services)
        entered = await entries(Office(session, index.url, street.token), times)
        closed = await closed_count(store_url)
        # Who dies before the confirm tells everything twice, the second time when it is up again.
        told = await wire(times * (2 if point == POINTS[1] else 1))
    return Counts(
        bus=bus,
        point=point,
        kills=times,
        accepted=accepted_count,
        closed=closed,
        entered=entered,
        told=len(told),
        duplicates=sum(told.values()) - len(told),
        seconds=time.monotonic() - began,
    )


def _wards(
    bus: str, point: str, data: Path, store_url: str, bus_url: str
) -> tuple[Ward, list[Ward]]:
    """On the local bus both services die together; on RabbitMQ the one at work does."""
    environment = {
        **environment_of(data, store_url, bus_url),
        "GONGZHI_SWEEP_AFTER": "0.5",
        "GONGZHI_LOG_LEVEL": "error",
    }
    armed = data / "armed"
    armed.write_text("", encoding="utf-8")

    def ward(services: list[str], at: str) -> Ward:
        return Ward(services, environment, at, armed, free_port())

    if bus == "local":
        return ward(["whistle", "index"], point), []
    dying, living = ("index", "whistle") if point == POINTS[2] else ("whistle", "index")
    return ward([dying], point), [ward([living], "never")]


async def accepted(street: Office, id: str, *, within: float) -> bool:
    """Ask with one key until it is answered: the same request, however often it must be sent."""
    path = f"/api/v1/whistle/whistles/{id}/answer"
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            answered = await street.post(
                path, {"answer": "已办结"}, version=EVALUATED, key=f"answer-{id}"
            )
            return bool(answered["state"]["status"] == "answered")
        except (aiohttp.ClientError, Refused):
            await asyncio.sleep(0.05)
    return False


# Whistles that only want an answer


def life_of_a_whistle(now: datetime) -> list[WhistleEvent]:
    arrival = start(Budget.working_days(1), now, WORK)
    handling = start(Budget.working_days(5), now, WORK)
    return [
        events.WhistleBlown(
            level=events.Level.STREET,
            kind=events.Kind.PROBLEM,
            blower="street:guanshang",
            street="guanshang",
            category="other",
            title="演示",
            summoned=("water",),
            lead="water",
            at=now,
        ),
        events.WhistleRegistered(),
        events.TaskDispatched(
            tasks=(events.Assignment(unit="water", lead=True, arrival=arrival, handling=handling),),
            policy=1,
            calendar="2026-12-31",
            at=now,
        ),
        events.UnitArrived(unit="water", at=now),
        events.ResultFiled(unit="water", outcome=Outcome.RESOLVED, summary="好", at=now),
        events.WordGiven(done=True, said=""),
        events.ClosingVerified(),
        events.MarkGiven(by=events.Marker.GRID, points=90, policy=1),
        events.MarkGiven(by=events.Marker.STREET, points=90, policy=1),
        events.WhistleEvaluated(
            scores=(events.UnitScore(unit="water", score=9000, taken_off=0),), policy=1
        ),
    ]


EVALUATED = 10


def whistles_in(store_url: str, trail_key: bytes) -> Aggregates[Whistle, WhistleEvent]:
    store = open_store(store_url, "whistle", "motor")
    return WHISTLES.kept(store, trail_key, Silent(), announce=of_whistles(WORK))


async def prepared(ids: list[str], store_url: str, environment: dict[str, str]) -> None:
    aggregates = whistles_in(store_url, bytes.fromhex(environment["GONGZHI_TRAIL_KEY"]))
    await aggregates.prepare()
    now = datetime.now(UTC)
    happened = life_of_a_whistle(now)
    for id in ids:
        await aggregates.record(id, lambda _: happened, Cause(actor="tests", now=now))
    await aggregates.store.close()


async def closed_count(store_url: str) -> int:
    aggregates = whistles_in(store_url, b"")
    count = await aggregates.count({"status": "answered"})
    await aggregates.store.close()
    return count


async def entries(reader: Office, times: int) -> int:
    """Scorecard entries, once they are all there or nothing more comes."""
    value, end = 0, time.monotonic() + 30
    while value < times and time.monotonic() < end:
        try:
            card = await reader.get(
                "/api/v1/index/scorecards/guanshang", quarter=quarter_of(datetime.now(UTC))
            )
            value = card["figures"][0]["value"]
        except (aiohttp.ClientError, Refused):
            value = 0
        await asyncio.sleep(0.1)
    # A doubled one would show only after the last has come.
    await asyncio.sleep(1.0)
    card = await reader.get(
        "/api/v1/index/scorecards/guanshang", quarter=quarter_of(datetime.now(UTC))
    )
    return int(card["figures"][0]["value"])


# What was on the wire

Wire = Callable[[int], Any]


@asynccontextmanager
async def listening(bus: str, bus_url: str) -> AsyncIterator[Wire]:
    """How often each closing was on the wire, by event id; of several addresses by the first."""
    if bus == "local":
        yield lambda _: asyncio.to_thread(_in_file, bus_url)
        return
    heard: Counter[str] = Counter()
    connection = await aio_pika.connect(bus_url.partition(",")[0])
    async with connection, connection.channel() as channel:
        exchange = await declare(channel, topology())
        queue = await channel.declare_queue(TAP, durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(exchange, "whistle.closed.*")

        async def note(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            heard[message.message_id or ""] += 1
            await message.ack()

        await queue.consume(note)

        async def counted(times: int) -> Counter[str]:
            end = time.monotonic() + 60
            while sum(heard.values()) < times and time.monotonic() < end:
                await asyncio.sleep(0.1)
            return heard

        yield counted


def _in_file(bus_url: str) -> Counter[str]:
    """Nobody reads the witness's rows here, so they are all still there."""
    with sqlite3.connect(bus_url.partition("://")[2]) as db:
        rows = db.execute(
            "SELECT id FROM deliveries WHERE queue = ? AND type = 'whistle.closed.v1'", (WITNESS,)
        ).fetchall()
    db.close()
    return Counter(row[0] for row in rows)
