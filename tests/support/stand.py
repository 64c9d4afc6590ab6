"""The platform's doors over stores that are full of anything: nothing there moves by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest

from chassis.documents import plain
from chassis.kernel.errors import Refusal
from chassis.kind import ACTORS, BEGUN_BY, WORDS, Held
from chassis.numbers import tokens
from chassis.outbound import Had, Outcome
from chassis.service import Service, utc_now
from chassis.steps_api import Desked
from contracts.event import Envelope
from gateway import main as gateway
from gateway.forward import Direct
from gateway.intake import News
from gateway.journal import Journal
from gateway.webhooks.sending import Sender
from gongzhi import compose, keys
from gongzhi.office import Office
from gongzhi.roster import SERVICES, build
from gongzhi.serving import server

from .anything import anything
from .platform import OFTEN
from .walks import person

AnyDesked = Desked[Any, Any, Any, Any]
CODES = ["jinma", "haihua", "water", "hotline"]
EACH = 3
"""More records of each collection, with every example."""
TOLD = 6
"""Events tried of each collection, with every example; of most, nothing is told."""
SCOPES = " ".join(f"{name}:read" for name in (*SERVICES, gateway.NAME))
"""Of everybody: what is tried is the policy, and not what a token is good for."""
READER = person("command_centre")
TRIES = 20
IMPOSSIBLE = (ValueError, LookupError, TypeError, StopIteration, Refusal)
"""What a record that never came to be, or an event that never happened, may end in."""


@dataclass
class OutboundClient:
    """An address that has everything at once."""

    had: list[bytes] = field(default_factory=list)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.had.append(body)
        return Had()

    async def close(self) -> None:
        pass


@dataclass
class Stand:
    """The platform's doors over its stores; nothing moves by itself."""

    office: Callable[[str], Office]
    services: dict[str, Service]
    door: Service
    journal: Journal
    sender: Sender
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The records, by collection and id."""
    told: list[tuple[Envelope, str | None]] = field(default_factory=list)
    """And which partner's news it came of, if any's."""

    def lists(self) -> list[tuple[str, AnyDesked]]:
        return [
            (f"/api/v1/{name}{one.collection.path}", one)
            for name, service in {**self.services, gateway.NAME: self.door}.items()
            for one in service.collections
            if "list" in one.collection.read
        ]

    async def fill(self, chance: Random) -> None:
        made = []
        for path, one in self.lists():
            records = self.kept.setdefault(path, {})
            for _ in range(EACH):
                id = f"r-{len(records):04}"
                records[id] = state = record(one, chance)
                made.append((one, stored(one, id, state)))
        await asyncio.gather(
            *(one.kept.store.insert(one.collection.name, document) for one, document in made)
        )

    async def tell(self, chance: Random) -> None:
        """What the services say of such records when something happens to them."""
        for service in self.services.values():
            for one in service.collections:
                for _ in range(TOLD):
                    envelope = happened(one, chance, len(self.told), service.name)
                    if envelope is None:
                        continue
                    partner = chance.choice([None, *CODES])
                    if partner is not None:
                        await self._began(envelope.correlationid, partner)
                    self.told.append((envelope, partner))
                    await self.journal.append(envelope)

    async def _began(self, correlation: str, partner: str) -> None:
        """With that partner's news."""
        news = self.door.aggregates[0]
        said = News(source=f"/partners/{partner}", event="e", type="t", data={}, taken_at=utc_now())
        known = {"id": correlation, "rev": 1, "version": 1, "correlation": correlation}
        kept = {**known, "state": news.codec.dump_state(said), "trail": [], "seen": {}, "keys": {}}
        await news.store.insert(news.kind.collection, kept)


def record(one: AnyDesked, chance: Random) -> Any:
    """One that its collection can show and list; what it can't isn't one that comes to be."""
    of = one.collection
    for _ in range(TRIES):
        try:
            state = anything(of.state, chance, CODES)
            stored(one, "x", state)
            of.shown(Held("x", state, 1, "x"), READER)
            of.kind.codec.load_state(of.kind.codec.dump_state(state))
            for name, said in vars(type(state)).items():
                if isinstance(said, property):
                    getattr(state, name)
        except IMPOSSIBLE:
            continue
        return state
    raise AssertionError(f"{of.service}.{of.name}: none could be made")


def stored(one: AnyDesked, id: str, state: Any) -> dict[str, Any]:
    kind = one.kept.kind
    known = plain(kind.keys(state))
    if kind.words is not None:
        known[WORDS] = tokens(kind.words(state))
    if kind.acted:
        known |= {BEGUN_BY: "platform", ACTORS: ["platform"]}
    return {
        "id": id,
        "rev": 1,
        "version": 1,
        "correlation": id,
        "state": kind.codec.dump_state(state),
        "trail": [],
        "seen": {},
        "keys": known,
    }


def happened(one: AnyDesked, chance: Random, number: int, service: str) -> Envelope | None:
    """None where nothing is told of it, or where it could not have happened."""
    kind = one.kept.kind
    try:
        state = anything(kind.state, chance, CODES)
        event = anything(chance.choice(kind.events), chance, CODES)
        said = kind.announce(event, state)
        if said is None:
            return None
        return Envelope(
            id=f"e-{number}",
            source=f"/gongzhi/{service}",
            type=said.type,
            subject=f"{kind.collection}/r-{number:04}",
            time=utc_now(),
            sequence="000000000001",
            correlationid=f"c-{number}",
            data=said.model_dump(mode="json", exclude_none=True),
        )
    except IMPOSSIBLE:
        return None


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Of a module: to be imported, with `stand`."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stand(
    loop: asyncio.AbstractEventLoop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stand]:
    made = standing(tmp_path_factory.mktemp("stand") / "data")
    yield loop.run_until_complete(made.__aenter__())
    loop.run_until_complete(made.__aexit__(None, None, None))


@asynccontextmanager
async def standing(data: Path) -> AsyncIterator[Stand]:
    chosen = keys.settings_for(data).model_copy(
        update={"limit_subject": OFTEN, "limit_address": OFTEN}
    )
    runtime = compose.runtime(chosen, "tests", exporter=None)
    services = {name: build(name, runtime) for name in SERVICES}
    door, app = gateway.build(runtime, Direct({name: one.app() for name, one in services.items()}))
    for one in (*services.values(), door):
        for kept in one.aggregates:
            await kept.prepare()
        for prepare in one.prepare:
            await prepare()
        if one.seed is not None:
            await one.seed()
    sender = next(one for one in door.beside if isinstance(one, Sender))
    web = server(app, "127.0.0.1", 0)
    serving = asyncio.create_task(web.serve())
    while not web.started:
        await asyncio.sleep(0.01)
    port = web.servers[0].sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:

        def office(who: str) -> Office:
            return Office(session, f"http://127.0.0.1:{port}", keys.token(data, who, SCOPES))

        yield Stand(office, services, door, sender.journal, sender)
    web.should_exit = True
    await serving
    for one in (*services.values(), door):
        for store in one.stores:
            await store.close()
