"""What a later version of ours wrote, met by this one: refused in words, left out of lists, named by verify."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chassis.documents import Codec
from chassis.kernel.errors import Unreadable, WrittenLater
from chassis.renewal import renew
from chassis.store import Document, Store
from chassis.trail import seal
from gongzhi import verify
from gongzhi.office import Office, Refused
from services.procurement.domain.call_events import CallOpened
from tests.support.inside import Inside, inside
from tests.support.stores import store
from tests.support.toy import KEY, NOON, Lidded, PutIn, cause, jars

__all__ = ["store"]

PROBLEMS = "/api/v1/whistle/problems"
BODY = {"channel": "visit", "community": "jiangong", "category": "parking", "asked": "演练"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


async def problems(office: Office, count: int) -> list[str]:
    """Their ids, in the order of a list."""
    for n in range(count):
        await office.post(PROBLEMS, {**BODY, "title": f"演练 {n}"})
    return [one["id"] for one in (await office.get(PROBLEMS))["items"]]


async def later(here: Inside, id: str) -> None:
    """As a version would leave it that knows one more status."""
    kept = here.services["whistle"].stores[0]
    document = await kept.get("problems", id)
    assert document is not None
    state = {**document["state"], "status": "weighed"}
    again = {**document, "state": state, "rev": document["rev"] + 1}
    assert await kept.replace("problems", again, document["rev"])


async def test_a_record_of_a_later_version_is_refused_in_words_and_others_are_not(
    here: Inside,
) -> None:
    office = here("street:guanshang")
    collector = here("community:jiangong")
    first, second, _ = await problems(collector, 3)
    await later(here, first)
    for asked in (
        office.get(f"{PROBLEMS}/{first}"),
        office.get(f"{PROBLEMS}/{first}/trail"),
        office.step(PROBLEMS, first, "triage", {}),
    ):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.status == 503
        assert "更新的版本" in refused.value.problem["detail"]
    assert (await collector.get(f"{PROBLEMS}/{second}"))["id"] == second
    assert "读不出" in (await here.degraded())["whistle"]
    assert await here.troubles() == {}


@pytest.mark.parametrize("sort", ["id", "newest"])
async def test_a_list_goes_on_past_what_it_leaves_out(here: Inside, sort: str) -> None:
    collector = here("community:jiangong")
    ids = await problems(collector, 4)
    for id in ids[1:3]:
        await later(here, id)
    found: list[str] = []
    query: dict[str, Any] = {"limit": 1} | ({"sort": sort} if sort != "id" else {})
    while True:
        page = await collector.get(PROBLEMS, **query)
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sorted(found) == sorted({*ids} - {*ids[1:3]})


async def test_verify_names_it_and_goes_on(
    here: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = await problems(here("community:jiangong"), 3)
    await later(here, first)
    token = here("district_admin")
    found = [(subject, item["faults"]) async for subject, item in verify.verified(token, "whistle")]
    wrong = {subject: [one["what"] for one in of] for subject, of in found if of}
    assert [*wrong] == [f"whistle problems/{first}"]
    [what] = wrong[f"whistle problems/{first}"]
    assert "can't read its state" in what and "status" in what and "weighed" not in what
    assert {f"whistle problems/{id}" for id in others} <= {subject for subject, _ in found}


def happened(document: Document) -> Document:
    """One more event, of a kind that came later."""
    entry = {
        "version": 2,
        "type": "Polished",
        "at": "2026-03-02T04:00:00Z",
        "actor": "x",
        "data": {},
    }
    last = seal(KEY, document["trail"][-1]["mark"], entry)
    return {
        **document,
        "rev": document["rev"] + 1,
        "version": 2,
        "trail": [*document["trail"], last],
    }


async def test_an_event_of_a_later_version_is_named(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    document = await store.get("jars", "a")
    assert document is not None
    await store.replace("jars", happened(document), document["rev"])
    [fault] = await kept.check("a")
    assert fault.version == 2 and "Polished" in fault.what
    with pytest.raises(Unreadable):
        kept.as_of(happened(document), 2)
    assert (await kept.get("a")).version == 2, "the state itself can be read"


async def test_one_that_can_be_read_again_is_no_trouble_any_more(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    document = await store.get("jars", "a")
    assert document is not None
    broken = {**document, "rev": 2, "state": {**document["state"], "holds": "much"}}
    await store.replace("jars", broken, 1)
    with pytest.raises(Unreadable):
        await kept.get("a")
    with pytest.raises(Unreadable):
        await kept.find({})
    assert await kept.readable({}) == [] and kept.unread == {"a"}
    await store.replace("jars", {**document, "rev": 3}, 2)
    assert (await kept.get("a")).aggregate.holds == 1 and kept.unread == set()


def said_more(document: Document, said: object) -> Document:
    """One more event of ours, with a field that came later."""
    entry = {
        "version": 2,
        "type": "PutIn",
        "at": "2026-03-02T04:00:00Z",
        "actor": "x",
        "data": {"amount": 1, "at": "2026-03-02T04:00:00.000000Z", "weighed": said},
    }
    last = seal(KEY, document["trail"][-1]["mark"], entry)
    trail = [*document["trail"], last]
    state = {**document["state"], "holds": 2}
    return {**document, "rev": document["rev"] + 1, "version": 2, "trail": trail, "state": state}


@pytest.mark.parametrize("later", [happened, lambda one: said_more(one, {"grams": 5})])
async def test_what_this_version_would_lose_by_changing_a_record_it_reads_but_does_not_change(
    store: Store, later: Callable[[Document], Document]
) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    document = await store.get("jars", "a")
    assert document is not None
    await store.replace("jars", later(document), document["rev"])
    assert (await kept.get("a")).version == 2
    before = await store.get("jars", "a")
    for change in (kept.change("a", lambda _: [Lidded()], cause()), kept.refold("a")):
        with pytest.raises(WrittenLater) as refused:
            await change
        assert "更新的版本" in refused.value.detail
    assert await store.get("jars", "a") == before
    [fault] = await kept.check("a")
    assert "can't read" in fault.what


async def test_a_later_version_s_field_that_says_nothing_keeps_nobody_from_changing_a_record(
    store: Store,
) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    document = await store.get("jars", "a")
    assert document is not None
    await store.replace("jars", said_more(document, 0), document["rev"])
    assert (await kept.change("a", lambda _: [Lidded()], cause())).version == 3


@dataclass(frozen=True)
class Grain:
    of: str


@dataclass(frozen=True)
class Bag:
    grains: tuple[Grain, ...] = ()


@dataclass(frozen=True)
class Bottle:
    holds: str = ""
    grains: tuple[Bag, ...] = ()


@dataclass(frozen=True)
class Filled:
    bags: tuple[Bag, ...] = ()
    kept: Bag | Bottle | None = None
    named: Mapping[str, Bag] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("data", "unknown"),
    [
        ({"bags": [{"grains": [{"of": "rice"}]}], "kept": None}, None),
        ({"bags": [{}, {"weight": 5}]}, "bags.weight"),
        ({"bags": [{}, {"weight": 0, "seals": []}]}, None),
        ({"bags": [{"grains": [{"of": "rice"}, {"of": "rye", "by": "x"}]}]}, "bags.grains.by"),
        ({"kept": {"holds": "oil"}}, None),
        ({"kept": {"grains": [{"of": "rice", "grains": []}]}}, None),
        ({"kept": {"holds": "oil", "cork": True}}, "kept.cork"),
        ({"named": {"weight": {}}}, None),
        ({"bags": "a text, later on", "kept": ["a", 1]}, None),
    ],
)
def test_what_this_version_would_lose_of_what_an_event_holds_is_found_however_deep(
    data: dict[str, Any], unknown: str | None
) -> None:
    codec = Codec(Bag, (Lidded, Filled))
    trail = [{"type": "Lidded", "data": {}}, {"type": "Filled", "data": data}]
    assert codec.unknown(trail) == (f"{unknown} of its event Filled" if unknown else None)


def test_what_events_of_the_services_hold_is_looked_into() -> None:
    """Else the test above would be of something that no record has."""
    codec = Codec(Bag, (CallOpened,))
    said = {"criteria": [{"weighed": "gold"}]}
    assert codec.unknown([{"type": "CallOpened", "data": said}]) == (
        "criteria.weighed of its event CallOpened"
    )


async def test_a_calendar_is_followed_beside_records_of_a_later_version(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    for id in ("a", "b", "c"):
        await kept.create(id, lambda: [PutIn(amount=1, at=NOON)], cause())
    first, second = await store.get("jars", "a"), await store.get("jars", "b")
    assert first is not None and second is not None
    broken = {**first, "rev": 2, "state": {**first["state"], "holds": "much"}}
    assert await store.replace("jars", broken, 1)
    assert await store.replace("jars", happened(second), 1)
    await renew(kept, [{"lidded": False}], lambda _: [Lidded()], NOON)
    assert [held.id for held in await kept.readable({"lidded": True})] == ["c"]
