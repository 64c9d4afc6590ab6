"""Whoever asks, and whatever is kept: a list, its count, what is shown one by one and every table made of it
hold the same; of what happened, the feed, the stream and an address that is told hold the same.

What anybody may see is worked out here by hand, from the kind of office and the fields that carry its code, or, of
what passes from office to office, those offices.
"""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chassis.guarded import Guarded
from chassis.identity import BOUND, KINDS, Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from gateway import feed
from gateway.journal import Journal
from gateway.wanted import Wanted
from gateway.webhooks import sending
from gateway.webhooks.domain import Status, Webhook
from gateway.webhooks.sending import subject_of
from gongzhi.office import Office
from tests.support.stand import CODES, OutboundClient, Stand, loop, stand

__all__ = ["loop", "stand"]
pytestmark = pytest.mark.xdist_group("seen alike")
"""One process makes what all of them look at."""

PEOPLE = [
    *(f"{kind}:{code}" for kind in sorted(BOUND) for code in CODES),
    *sorted(KINDS - set(BOUND)),
]
"""An office of every kind, and of a kind that is bound to its own one for each code there is."""
SOME = 3
PAGES = (7, 50, 500)
"""Offices that ask, of each example."""
EXAMPLES = 4
QUIET = 0.05
ADDRESS = "https://told.example/"
YEAR = "from=2026-01-01&to=2027-01-01"
COUNTED: Mapping[str, Mapping[str, tuple[str, str, Any]]] = {
    "affairs": {
        "admissions": ("/admissions", "in_force", True),
        "intrusions": ("/intrusions", "status", "found"),
        "workers": ("/workers", "here", True),
        "cases": ("/power-cases", "status", "done"),
        "findings": ("/findings", "status", "open"),
    },
    "organisations": {
        "organisations": ("/organisations", "listed", True),
        "groups": ("/groups", "filed", True),
        "volunteers": ("/volunteers", "active", True),
    },
}
"""Of a service's table of counts, what each column counts: which list, and with which key."""
Keys = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A table made of a list: which records are in it, and in how many lines each."""

    address: str
    of: str
    fits: Callable[[Keys], bool] = lambda _: True
    lines: Callable[[Any], int] = lambda _: 1


LISTED = {"needs": "needs/surveys"}
TABLES = (
    Made(address=f"whistle/ledger?{YEAR}", of="whistle/whistles"),
    Made(
        address=f"mediation/ledger?{YEAR}",
        of="mediation/cases",
        lines=lambda case: int(case.voided is None),
    ),
    Made(
        address="mediation/mediators/import/current",
        of="mediation/mediators",
        fits=lambda keys: bool(keys["here"]),
    ),
    Made(
        address="organisations/organisations/import/current",
        of="organisations/organisations",
        fits=lambda keys: bool(keys["listed"]),
    ),
    Made(
        address="organisations/groups/import/current",
        of="organisations/groups",
        fits=lambda keys: bool(keys["filed"]),
    ),
    Made(
        address="affairs/power-samples/import/current",
        of="affairs/power-samples",
        lines=lambda sample: len(sample.flow),
    ),
    Made(
        address="affairs/workers/import/current",
        of="affairs/workers",
        fits=lambda keys: bool(keys["here"]),
    ),
    *(
        Made(
            address=f"procurement/{of}/export/{name}?year=2026",
            of=f"procurement/{LISTED.get(of, of)}",
            lines=lines,
        )
        for name, of, lines in (
            ("needs", "needs", lambda survey: len(survey.standing)),
            ("plans", "plans", lambda plan: len(plan.items)),
            ("applications", "solicitations", lambda call: len(call.applications)),
            ("contracts", "contracts", lambda _: 1),
            ("evaluations", "contracts", lambda one: len(one.evaluations)),
            ("suppliers", "suppliers", lambda _: 1),
        )
    ),
)


def concerned(who: str, carried: Mapping[str, Any]) -> bool:
    """Whether it carries the office's own code, where the office is bound to that."""
    kind, _, code = who.partition(":")
    held = carried.get(BOUND[kind]) if kind in BOUND else None
    return code in held if isinstance(held, tuple | list) else held == code


def sees(who: str, of: Guarded[Any, Any], record: Any) -> bool:
    kind = who.partition(":")[0]
    if kind in of.access.sees_all:
        return True
    carried = of.resource(record)
    if "offices" in carried:
        return kind in BOUND and who in carried["offices"]
    return kind in BOUND and concerned(who, carried)


async def listed(office: Office, path: str, limit: int, sort: str | None) -> list[str]:
    """Every id, page by page to the end."""
    found: list[str] = []
    asked: dict[str, Any] = {"limit": limit, **({"sort": sort} if sort else {})}
    while True:
        page = await office.get(path, **asked)
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            return found
        asked["cursor"] = page["next"]


async def lists_are_alike(stand: Stand, who: str, chance: Random) -> None:
    """Paged to the end, counted, and asked for one by one."""
    office = stand.office(who)
    for path, one in stand.lists():
        records = stand.kept[path]
        ours = sorted(id for id, state in records.items() if sees(who, one.kept, state))
        sort = chance.choice([None, *one.collection.sorts])
        found = await listed(office, path, chance.choice([4, 200]), sort)
        mine = sorted(id for id in found if id in records)
        assert mine == ours, (who, path, "list")
        page = await office.get(path, limit=1, count="true")
        assert page["count"] == len(found) == len(set(found)), (who, path, "count")
        id = chance.choice(sorted(records))
        assert await shown(one.kept, id, who) == (id in ours), (who, path, id)


async def shown(kept: Guarded[Any, Any], id: str, who: str) -> bool:
    try:
        await kept.show(id, subject_of(who))
    except NotFound:
        return False
    return True


async def tables_are_alike(stand: Stand, who: str, _: Random) -> None:
    """A line, or so many, of each record that the list shows; and counts of no others."""
    office = stand.office(who)
    lists = dict(stand.lists())
    for table in TABLES:
        path = f"/api/v1/{table.of}"
        its = [
            state
            for state in stand.kept[path].values()
            if sees(who, lists[path].kept, state) and table.fits(lists[path].collection.keys(state))
        ]
        lines = await rows(office, f"/api/v1/{table.address}")
        assert len(lines) == sum(map(table.lines, its)), (who, table.address, "table")
    for service, columns in COUNTED.items():
        for by in ("community", "street"):
            counts = await office.get(f"/api/v1/{service}/counts", by=by)
            for column, (of, key, value) in columns.items():
                path = f"/api/v1/{service}{of}"
                states = stand.kept[path].values()
                its = [one for one in states if sees(who, lists[path].kept, one)]
                many = sum(lists[path].collection.keys(one)[key] == value for one in its)
                assert sum(row[column] for row in counts) == many, (who, service, column)


async def rows(office: Office, address: str) -> list[list[str]]:
    """Of the table as a file, without its head."""
    said = "&" if "?" in address else "?"
    headers = {"Authorization": f"Bearer {office.token}"}
    url = f"{office.url}{address}{said}format=csv"
    async with office.session.get(url, headers=headers) as answer:
        text = (await answer.read()).decode("utf-8-sig")
        assert answer.status == 200, (address, text)
    return list(csv.reader(io.StringIO(text)))[1:]


Alike = Callable[[Stand, str, Random], Awaitable[None]]


async def feeds_are_alike(stand: Stand, who: str, chance: Random) -> None:
    """A page after the other, as it comes, and as an address of this office is told."""
    everything = who in ("command_centre", "discipline", "district_admin")
    ours = [
        one.id
        for one, partner in stand.told
        if everything or concerned(who, {**one.data, "partner": partner})
    ]
    assert await paged(stand.office(who), chance.choice(PAGES)) == ours, (who, "feed")
    reader = subject_of(who)
    lasts = QUIET + len(ours) / 500
    coming = feed.read_on(
        stand.journal, stand.sender.live, nobody_shut_out, reader, 0, Wanted(), lasts
    )
    came = [one["event"]["id"] async for one in coming if not isinstance(one, int)]
    assert came == ours, (who, "stream")
    assert await posted(stand, who) == ours, (who, "webhook")


async def nobody_shut_out(_: Subject) -> None:
    """None of them is on the partners' list."""


async def paged(office: Office, limit: int) -> list[str]:
    found: list[str] = []
    after = 0
    while True:
        page = await office.get("/api/v1/events", after=after, limit=limit)
        if not page["items"]:
            return found
        found += [one["event"]["id"] for one in page["items"]]
        after = page["next"]


async def posted(stand: Stand, who: str) -> list[str]:
    """From the first on; it may be one that has been told before."""
    sender, id = stand.sender, who.replace(":", "-")
    made = Webhook(
        owner=who, url=ADDRESS, about=Wanted(), status=Status.ACTIVE, made_at=sender.clock()
    )
    await sender.progress.begin(id, 0, sender.clock())
    await sender.progress.rewind(id, 0)
    sender.client = client = OutboundClient()  # type: ignore[assignment]
    while not await sender._round(Held(id, made, 1, id), subject_of(who)):
        pass
    return [json.loads(body)["data"]["event"]["id"] for body in client.had]


@pytest.mark.parametrize("alike", [lists_are_alike, tables_are_alike, feeds_are_alike])
def test_whoever_asks_is_shown_the_same_everywhere(
    alike: Alike, stand: Stand, loop: asyncio.AbstractEventLoop
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.integers(0, 2**32),
        st.lists(st.sampled_from(PEOPLE), min_size=SOME, max_size=SOME, unique=True),
    )
    def held(seed: int, people: list[str]) -> None:
        chance = Random(seed)

        async def tried() -> None:
            await stand.fill(chance)
            await stand.tell(chance)
            for who in people:
                await alike(stand, who, chance)

        loop.run_until_complete(tried())

    held()


READ = Journal.read


def reading_all(*limits: int) -> Any:
    """The journal for who asks for so much at once: the pages, the stream and the addresses differ in that."""

    async def read(self: Journal, subject: Any, after: int, limit: int, wanted: Wanted) -> Any:
        if limit in limits:
            return await self.since(after, limit)
        return await READ(self, subject, after, limit, wanted)

    return read


LOOSER: Mapping[str, tuple[Alike, type, str, Any]] = {
    "list": (
        lists_are_alike,
        Guarded,
        "list",
        lambda of, _, *said, **order: found(of, *said, **order),
    ),
    "count": (lists_are_alike, Guarded, "count_of", lambda of, _, wanted: of.count(wanted)),
    "table": (tables_are_alike, Guarded, "every_of", lambda of, _, wanted: of.every(wanted)),
    "feed": (feeds_are_alike, Journal, "read", reading_all(*PAGES)),
    "stream": (feeds_are_alike, Journal, "read", reading_all(feed.PAGE)),
    "webhook": (feeds_are_alike, Journal, "read", reading_all(sending.PAGE)),
}
"""By the place: what shows all there to whoever asks."""


async def found(of: Any, wanted: Any, after: Any, limit: int, **order: Any) -> Any:
    return await of.find(wanted, after=after, limit=limit, **order)


@pytest.mark.parametrize("place", LOOSER)
def test_one_place_that_shows_more_is_noticed(
    place: str, stand: Stand, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike, of, name, looser = LOOSER[place]
    chance = Random(1)
    loop.run_until_complete(stand.fill(chance))
    loop.run_until_complete(stand.tell(chance))
    monkeypatch.setattr(of, name, looser)
    with pytest.raises(AssertionError, match=f"'{place}'"):
        loop.run_until_complete(alike(stand, "street:jinma", chance))
