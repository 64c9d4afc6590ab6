"""A service as data, and a process that runs one or several of them."""

import asyncio
from collections import ChainMap, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

from . import claims
from .aggregates import Aggregates
from .brake import Brake
from .bus import Bus, Delivery, Handler, Verdict
from .deadlines import Scheduler, Timer
from .edge import Edge, Room
from .health import Check, Health, Watch
from .http import Door
from .kernel.clock import WorkingDays
from .kernel.errors import Broken, Unreadable, WrittenLater
from .kernel.rule import Rulebook
from .keys_api import keys_router
from .openapi import described, named, told
from .outbox import Relay
from .pacing import Backoff, ended
from .problems import answer_refusals, only_what_is_known
from .queue_monitor import QueueMonitor
from .recurring import Recurring
from .refusals import EVERY as COUNTED_EVERY
from .refusals import Refusals, refusals_router
from .refused_news import RefusedNews
from .resealing import Boxes, Resealing
from .retention import Lapsing, Retention
from .routes import Routes
from .service_api import operations, rules_router
from .settings import Settings, database, path_of
from .steps import Step
from .steps_api import Desked
from .steps_listed import steps_router
from .store import Store
from .store_mongo import MongoStore
from .store_sqlite import SqliteStore
from .subscriptions import Listener, Subscription
from .telemetry import NOT_ITS_OWN, Telemetry
from .tokens import Verifier
from .trail_api import trails_router

log = structlog.get_logger()


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What every service of a process shares."""

    settings: Settings
    bus: Bus
    telemetry: Telemetry
    verifier: Verifier
    calendar: WorkingDays
    clock: Callable[[], datetime] = utc_now
    brakes: defaultdict[str, Brake] = field(default_factory=lambda: defaultdict(Brake))
    """By service: what its door heeds, and its watch applies."""
    room: Room = field(default_factory=Room)

    def store(self, name: str, url: str | None = None) -> Store:
        """A database of its own for `name`."""
        return open_store(url or self.settings.store_url, name, self.settings.mongo_driver)

    def relay(self) -> Relay:
        return Relay(self.bus, self.clock, self.telemetry, sweep_after=self.settings.sweep_after)

    def door(self, service: str) -> Door:
        return Door(service, self.verifier, self.clock, self.brakes[service])


def open_store(url: str, name: str, driver: str) -> Store:
    """A database named after the one in the address, or a file in the folder it names."""
    if url.startswith("sqlite://"):
        return SqliteStore(path_of(url) / f"{name}.db")
    return MongoStore(url, database(url, name), driver=driver)


class Companion(Protocol):
    """What a service does besides answering, hearing and waiting; it may keep requests open."""

    async def start(self) -> None: ...

    def leave(self) -> None:
        """No request is to be kept open any longer: the process is about to end."""

    async def stop(self) -> None: ...


@dataclass(slots=True, kw_only=True)
class Service:
    """One service, declared: what it keeps, hears, waits for and answers."""

    name: str
    runtime: Runtime
    stores: Sequence[Store]
    relay: Relay
    aggregates: Sequence[Aggregates[Any, Any]]
    rulebook: Rulebook
    routers: Sequence[Routes]
    collections: Sequence[Desked[Any, Any, Any, Any]] = ()
    subscriptions: Sequence[Subscription[Any]] = ()
    timers: Sequence[Timer] = ()
    jobs: Sequence[Timer] = ()
    """What takes longer than a deadline may wait: done one at a time, by a scheduler of its own."""
    beside: Sequence[Companion] = ()
    sealed: Sequence[Boxes] = ()
    """What is sealed again whenever there is a newer key."""
    retention: Sequence[Lapsing] = ()
    """What is removed when it has been over for its term."""
    ready: Sequence[Check] = ()
    worse: Mapping[str, Callable[[], str | None]] = field(default_factory=dict)
    """By name, why it is worse off, where it is: what isn't every service's."""
    seed: Callable[[], Awaitable[None]] | None = None
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    """For a queue that isn't heard through subscriptions."""
    prepare: Sequence[Callable[[], Awaitable[None]]] = ()
    uploads: Sequence[str] = ()
    """Paths that take whole files."""
    title: str = ""
    """What people call it."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What people call the fields of its requests and answers."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What people read instead of its codes (`vocabulary.word_for`)."""
    happened: Mapping[str, str] = field(default_factory=dict)
    """What people call that which happened, in a trail, by the event's name."""
    unseen: tuple[str, ...] = ()
    """How the operations begin of which nobody is to learn who asked for them, nor that one was refused."""
    _listener: Listener = field(init=False)
    _scheduler: Scheduler = field(init=False)
    _background: Sequence[Scheduler | Recurring] = field(init=False)
    """What is done again and again, each by itself."""
    _refusals: Refusals = field(init=False)
    _watch: Watch = field(init=False)
    _trouble: str | None = "正在启动"
    _shipped: asyncio.Event = field(init=False, default_factory=asyncio.Event)
    """Set once what ships is there: policies, registers."""

    def __post_init__(self) -> None:
        runtime = self.runtime
        for step in self.steps:
            for rule in step.rules:
                self.rulebook[rule]  # one that isn't listed is a mistake at start
        runtime.telemetry.expects(self.name)
        refused_news = self._refused_news()
        if refused_news is not None:
            self.aggregates = (*self.aggregates, refused_news.kept)
        self.relay.serve(self.aggregates)
        given = (runtime.clock, runtime.telemetry)
        self._listener = Listener(self.name, self.subscriptions, *given, self.called, refused_news)
        tick = runtime.settings.tick
        self._scheduler = Scheduler(self.name, self.timers, *given, tick=tick)
        self._refusals = Refusals(self.stores[0], runtime.clock)
        jobs = Scheduler(self.name, self.jobs, *given, tick=tick, jobs=True)
        self._background = (self._scheduler, jobs, *self._recurring())
        self._watch = Watch(
            self.name,
            self.stores,
            self.ready,
            self.relay,
            self._scheduler,
            runtime.brakes[self.name],
            runtime.telemetry,
            runtime.clock,
            bound=runtime.settings.outbox_bound,
            late=runtime.settings.outbox_late,
            idle=self._idle,
            worse={"bus": runtime.bus.trouble, "records": self._unread, **self.worse},
        )

    def _idle(self) -> str | None:
        """What goes on by itself, and has ended."""
        return next(filter(None, (one.trouble() for one in (*self._background, self.relay))), None)

    def _unread(self) -> str | None:
        count = sum(len(one.unread) for one in self.aggregates)
        return f"已遇到 {count} 条读不出的记录，可能由更新的版本写成" if count else None

    def _recurring(self) -> Iterator[Recurring]:
        clock, telemetry, tick = (
            self.runtime.clock,
            self.runtime.telemetry,
            self.runtime.settings.tick,
        )
        for boxes in self.sealed:
            job = f"resealing.{boxes.aggregates.kind.collection}"
            again = Resealing(self.name, boxes, clock).look
            yield Recurring(self.name, job, "重新封存", again, telemetry, every=tick)
        for line in (*self.retention, claims.Lapsed(self.stores)):
            job = f"retention.{line.name.removeprefix('retention.')}"
            gone = Retention(self.name, line, clock).look
            yield Recurring(self.name, job, "保存期限的清理", gone, telemetry, every=tick)
        counted = self._refusals.write
        yield Recurring(
            self.name, "refusals", "驳回的计数", counted, telemetry, every=COUNTED_EVERY
        )

    def _refused_news(self) -> RefusedNews | None:
        """None if no partners' events are consumed."""
        if not any(one.event.type.startswith("partner.") for one in self.subscriptions):
            return None
        return RefusedNews(
            self.name, self.stores[0], self.runtime.settings.trail_secret, self.relay
        )

    @property
    def steps(self) -> tuple[Step[Any, Any, Any, Any], ...]:
        return tuple(step for desked in self.collections for step in desked.steps)

    @property
    def called(self) -> Mapping[str, str]:
        """What its steps are called."""
        return ChainMap(*(desked.collection.titles for desked in self.collections))

    def attend(self) -> None:
        if self.subscriptions:
            self.runtime.bus.consume(self.name, self._heard)
        for queue, handle in self.handlers.items():
            self.runtime.bus.consume(queue, handle)

    async def _heard(self, delivery: Delivery) -> Verdict:
        """Not before what ships is there: a reaction may need it."""
        await self._shipped.wait()
        return await self._listener.handle(delivery)

    def let_go(self) -> None:
        """What waits to be heard waits no longer: it is stopping before it has begun."""
        self._shipped.set()

    async def open(self) -> None:
        for store in self.stores:
            await claims.prepare(store)
        await self._watch.prepare()
        await self._refusals.prepare()
        for aggregates in self.aggregates:
            await aggregates.prepare()
        for prepare in self.prepare:
            await prepare()

    async def begin(self) -> None:
        await self.relay.start()
        await self._seeded()
        self._shipped.set()
        for job in self._background:
            job.start()
        for one in self.beside:
            await one.start()
        self._watch.start()
        self._trouble = None

    async def _seeded(self) -> None:
        """Going back, it serves what it can: what a start does beside that waits for the version that can read all."""
        try:
            if self.seed is not None:
                await self.seed()
        except (Unreadable, WrittenLater) as met:
            log.error("start_left_undone", service=self.name, why=met.why)

    async def rest(self) -> None:
        self._trouble = "正在停止"
        await self._watch.stop()
        for one in self.beside:
            await one.stop()
        for job in self._background:
            await job.stop()
        await self._refusals.stop()
        await self.relay.stop()

    async def close(self) -> None:
        for store in self.stores:
            await store.close()

    @property
    def started(self) -> bool:
        return self._trouble is None

    async def health(self) -> Health:
        """What keeps it from being ready, and what it is worse off for."""
        if self._trouble:
            return Health({"start": self._trouble})
        return await self._watch.health()

    def keys_router(self) -> Routes:
        secret = self.runtime.settings.trail_secret
        return keys_router(secret, self.sealed, self.runtime.door(self.name))

    def app(self) -> ASGIApp:
        """The service's own HTTP face: its API, its rules, and what an operator needs."""
        app = FastAPI(
            title=self.title or self.name,
            version="1",
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            dependencies=[Depends(only_what_is_known)],
            telemetry=NOT_ITS_OWN,
            generate_unique_id_function=named(self.name),
            separate_input_output_schemas=False,
        )
        told_of = self._note, lambda: self.started
        answer_refusals(app, self.titles, *told_of, self.called)
        base = f"/api/v1/{self.name}"
        trails = trails_router(self.aggregates, self.runtime.door(self.name))
        keys = self.keys_router()
        for desked in self.collections:  # first, because they are asked most
            desked.add_to(app, base, self.happened)
        for router in (
            *self.routers,
            rules_router(self.rulebook),
            refusals_router(self._refusals, self.runtime.door(self.name)),
            steps_router(self.steps),
            trails,
            keys,
        ):
            router.add_to(app, base)
        operations(self.health, self.runtime.telemetry, lambda: self.started).add_to(app)
        app.openapi = told(app, self.titles, self.words)  # type: ignore[method-assign]
        described(app, base).add_to(app)
        known = self.runtime.telemetry, self.uploads
        return Edge(app, self.name, *known, behind=True, room=self.runtime.room, unseen=self.unseen)

    def _note(self, rule: str, operation: str) -> None:
        if not operation.startswith(self.unseen):
            self._refusals.note(rule, operation)


class Process:
    """Services that live together. Starting goes on in the background, so that the port answers."""

    def __init__(self, runtime: Runtime, services: Sequence[Service]) -> None:
        self._runtime = runtime
        self._services = services
        self._starting: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._queues = QueueMonitor(runtime.bus, runtime.telemetry)
        self.broken: str | None = None
        """Why it can never start: not away, but damaged."""

    def start(self) -> asyncio.Task[None]:
        self._keeping = asyncio.create_task(self._runtime.verifier.keep())
        self._starting = asyncio.create_task(self._start())
        return self._starting

    async def _start(self) -> None:
        try:
            await self._begin()
        except Broken as broken:
            log.error("start_ends", reason=broken.detail)
            self.broken = broken.detail

    async def _begin(self) -> None:
        for service in self._services:
            await _until_it_works(service.open, service.name)
            service.attend()
        await _until_it_works(self._runtime.bus.start, "bus")
        for service in self._services:
            await _until_it_works(service.begin, service.name)
        self._queues.start()

    def leave(self) -> None:
        """Before the port closes: open streams are ended."""
        for service in self._services:
            for one in service.beside:
                one.leave()

    async def stop(self) -> None:
        """Take nothing more, finish what is in work, publish what is written, close."""
        await ended(*(task for task in (self._starting, self._keeping) if task is not None))
        await self._queues.stop()
        for service in self._services:
            service.let_go()
        await self._runtime.bus.quiesce()
        await asyncio.gather(*(service.rest() for service in self._services))
        await self._runtime.bus.stop()
        for service in self._services:
            await service.close()
        self._runtime.telemetry.close()


async def _until_it_works(step: Callable[[], Awaitable[None]], service: str) -> None:
    pause = Backoff(longest=10.0)
    while True:
        try:
            await step()
            return
        except Broken:
            raise
        except Exception as error:
            log.warning("start_waits", service=service, error=type(error).__name__)
            await pause.sleep()
