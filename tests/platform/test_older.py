"""Records as the build of the evening of 29 November 2026 wrote them, of every kind and with every event that its
tests knew: today's build reads, lists, verifies and goes on with them.

Copies of what others told aren't among them: they are told again (`gongzhi catch-up`). They are never edited. A change
after which this fails does something to records that are there already: give the new field of an event a default that
says nothing, or say in the upgrade's notes that `gongzhi refold` is needed.
"""

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from chassis.identity import KINDS
from chassis.policy import ONLY
from chassis.store import Document, Range
from contracts.event import instant
from gongzhi import compose, keys, refold, verify
from gongzhi.office import Refused
from gongzhi.roster import SERVICES, build
from tests.support.buses import until
from tests.support.inside import HeldClock, Inside, inside, starting

Shown = tuple[str, dict[str, Any]]
OLDER = Path(__file__).parent / "older"
KEY = bytes(range(32)).hex()
"""What they are marked with."""
KEPT_LESS = {
    "housing evidence": {"state.filed"},
    "consultation matters": {"state.earlier_on"},
    "whistle spots": {"state.look_at", "next_due"},
    "whistle whistles": {"state.first_answered_at"},
    "mediation cases": {"state.came_by", "state.first_accepted", "state.performances"},
}
"""What today's build keeps of their trails and that build didn't."""
SAID = re.compile(r"^([a-z]+ [a-z_]+)/\S+  (\S+)$", re.MULTILINE)
"""How a record is named, and what of it was otherwise."""
UNSAID = {"register", "submit", "end", "urge", "join"}
"""Steps that need nothing said."""
ALONE = {"sessions"}
"""Read together with their matter and committee, which these have none of here."""
GONE_ON_WITH = {"affairs": 2, "mediation": 5, "procurement": 1, "whistle": 5}
"""Of how many records one of these is offered."""
BEFORE, AFTER = datetime(2026, 1, 5, 1, tzinfo=UTC), datetime(2027, 2, 1, 1, tzinfo=UTC)


def kept_by(service: str) -> list[tuple[str, Document]]:
    lines = (OLDER / f"{service}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [(one.pop("collection"), one) for one in found]


async def laid_down(data: Path, changed: Callable[[Document], Document] = lambda one: one) -> None:
    (data / "keys").mkdir()
    (data / "keys" / "trail.key").write_text(KEY + "\n", encoding="utf-8")
    runtime = compose.runtime(keys.settings_for(data), "tests")
    for name in SERVICES:
        service = build(name, runtime)
        kept = {one.kind.collection: one for one in service.aggregates}
        for one in kept.values():
            await one.store.prepare(
                one.kind.collection, one.kind.all_indexes(), one.kind.all_totals()
            )
        for collection, document in kept_by(name):
            await kept[collection].store.insert(collection, changed(document))
        for store in service.stores:
            await store.close()


@pytest.fixture
async def here(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    await laid_down(tmp_path)
    async with inside(tmp_path, clock=HeldClock(BEFORE)) as running:
        yield running


def offices(document: Document) -> set[str]:
    """Who has to do with it: where it is, whoever acted on it, and who sees everything."""
    keys = document["keys"]
    there = {f"{kind}:{keys[kind]}" for kind in ("street", "community") if keys.get(kind)}
    actors = {one for one in keys.get("actors", ()) if one.partition(":")[0] in KINDS}
    return {"district_admin", "command_centre"} | there | actors


async def shown(here: Inside, service: str, path: str, document: Document) -> list[Shown]:
    """The single answer of it, with the office, for each that is let near it."""
    found = []
    for office in sorted(offices(document)):
        with suppress(Refused):
            one = await here(office).get(f"/api/v1/{service}{path}/{document['id']}")
            found.append((office, one))
    return found


def offered(one: dict[str, Any]) -> list[str]:
    """Where a step is taken now that needs nothing said."""
    steps = one.get("actions") or ()
    return [each["href"] for each in steps if each["name"] in UNSAID and not each["schema"]]


async def gone_on_with(here: Inside, service: str) -> int:
    """Of how many records of it a step was taken, all of them having been listed and read."""
    documents, admin, taken = kept_by(service), here("district_admin"), 0
    for collection in (desked.collection for desked in here.services[service].collections):
        own = [document for name, document in documents if name == collection.name]
        if "list" in collection.read:
            await admin.get(f"/api/v1/{service}{collection.path}")
        read = [await shown(here, service, collection.path, document) for document in own]
        if own and "one" in collection.read and collection.name not in ALONE:
            assert any(read), collection.name
        for of_one in read:
            there = ((office, one, href) for office, one in of_one for href in offered(one))
            for office, one, href in islice(there, 1):
                done = await here(office).post(href, version=one["version"])
                assert done["version"] > one["version"]
                taken += 1
    return taken


async def test_what_an_earlier_build_wrote_is_listed_read_and_gone_on_with(here: Inside) -> None:
    taken = {service: await gone_on_with(here, service) for service in SERVICES}
    assert {service: count for service, count in taken.items() if count} == GONE_ON_WITH


async def test_the_clock_goes_on_with_what_an_earlier_build_wrote(here: Inside) -> None:
    timers = [timer.aggregates for one in here.services.values() for timer in one.timers]
    here.runtime.clock.now = AFTER  # type: ignore[attr-defined]

    async def nothing_due() -> bool:
        past = {"next_due": Range(at_most=instant(AFTER))}
        found = [await one.store.find(one.kind.collection, past) for one in timers]
        return not any(found)

    await until(nothing_due)
    assert await here.troubles() == await here.degraded() == {}
    assert not any((await here("district_admin").get("/api/v1/gateway/parked")).values())


async def test_W_08_what_an_earlier_build_wrote_verifies_once_it_is_made_anew(
    here: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await verify.check(here.url, here.data) == 1
    capsys.readouterr()
    assert await refold.refold(here.url, here.data) == 0
    otherwise: dict[str, set[str]] = defaultdict(set)
    for collection, names in SAID.findall(capsys.readouterr().out):
        otherwise[collection] |= {*names.split("、")}
    assert otherwise == KEPT_LESS
    assert await verify.check(here.url, here.data) == 0
    assert await refold.refold(here.url, here.data) == 0
    assert "重新推算 0 条" in capsys.readouterr().out


async def test_nothing_that_an_earlier_build_said_is_unknown_today(here: Inside) -> None:
    """An event keeps its name and fields: a record that has more is taken for a later version's, and not changed."""
    for service in SERVICES:
        codecs = {one.kind.collection: one.codec for one in here.services[service].aggregates}
        for collection, document in kept_by(service):
            unknown = codecs[collection].unknown(document["trail"])
            assert unknown is None, f"{service} {collection}: {unknown}"


def unreadable(document: Document) -> Document:
    """As a later version would leave it that keeps something else under a name of ours; a policy stays as it is."""
    if document["id"] == ONLY:
        return document
    name = min(document["state"])
    return {**document, "state": {**document["state"], name: {"weighed": True}}}


async def test_what_no_service_can_read_keeps_none_from_starting(
    tmp_path: Path, sqlite_url: str
) -> None:
    await laid_down(tmp_path, unreadable)
    async with starting(tmp_path, clock=HeldClock(BEFORE)) as running:

        async def ready() -> bool:
            return await running.troubles() == {}

        await until(ready)
        said = await running.degraded()
        assert all("读不出" in said[service] for service in SERVICES)
