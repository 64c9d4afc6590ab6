"""Each list, feed and sweep is read in the order of an index: on SQLite by its own account, on MongoDB by what is asked
of it, because no MongoDB is at hand that could be asked for its plan."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from chassis.identity import BOUND, KINDS, Subject
from chassis.lists import Sort
from chassis.service import Service
from chassis.steps_api import Desked
from chassis.store import Index, Missing, Page, Range, Where
from chassis.store_mongo import MongoStore
from chassis.store_sqlite import SqliteStore
from gateway import main as gateway
from gateway.access import visible_to
from gateway.forward import Direct
from gateway.journal import EVENTS, INDEXES
from gateway.wanted import Wanted
from gongzhi import compose, keys
from gongzhi.roster import GATEWAY, SERVICES, build
from tests.support.ports import LOOPBACK, free_port
from tests.support.stand import record, stored

pytestmark = pytest.mark.xdist_group("described")
"""One process makes what all of them look at."""

DRAWN = 20
"""Records of a collection, to find out what it is found by."""
FEW = ("imports", "notices")
"""Of which a district has thousands at most."""
BEHIND = Page("2026-11-30", "00000000-0000-0000-0000-000000000000")


@dataclass
class Asked:
    """A collection that keeps what it is asked."""

    indexes: list[Mapping[str, Any]] = field(default_factory=list)
    where: Mapping[str, Any] = field(default_factory=dict)
    order: Sequence[tuple[str, int]] = ()

    async def index_information(self) -> dict[str, Any]:
        return {}

    async def create_indexes(self, models: Sequence[Any]) -> None:
        self.indexes = [model.document for model in models]

    def with_options(self, **_: object) -> "Asked":
        return self

    def find(self, where: Mapping[str, Any], _: object) -> "Asked":
        self.where = where
        return self

    def sort(self, order: Sequence[tuple[str, int]]) -> "Asked":
        self.order = order
        return self

    def limit(self, _: int) -> "Asked":
        return self

    async def to_list(self, _: None) -> list[Any]:
        return []

    def equal(self) -> set[str]:
        """The fields of which one value is asked for; of an array, that it is in it."""
        said = [one for part in self.where["$and"] for one in part.items()]
        return {name for name, wanted in said if not isinstance(wanted, dict) or "$all" in wanted}

    def bounded(self) -> bool:
        """Whether the page begins in the index where the last one ended."""
        first = self.order[0][0]
        own = [part[first] for part in self.where["$and"] if isinstance(part.get(first), dict)]
        return any(sign in bound for bound in own for sign in ("$lte", "$gte", "$lt", "$gt"))

    def served(self) -> bool:
        """By an index that has what is asked for, in its order to the last field, either way round."""
        equal, (first, *_) = self.equal(), (name for name, _ in self.order)
        ways = {way for _, way in self.order}
        for one in self.indexes:
            left = [*one["key"]]
            while left and left[0] in equal:
                left.pop(0)
            part = one.get("partialFilterExpression", {first: {"$exists": True}})
            there = [*part] == [first] and not one.get("sparse")
            if there and left[: len(self.order)] == [name for name, _ in self.order]:
                return len(ways) == 1
        return False


@dataclass
class Plans:
    """One collection, prepared on both."""

    collection: str
    path: Path
    sqlite: SqliteStore
    mongo: MongoStore
    asked: Asked

    async def faults(self, where: Where, sort: str) -> list[str]:
        """What is wrong with how a page of it is read, and with how the next one is."""
        found = []
        for after in (None, BEHIND):
            await self.mongo.find(self.collection, where, sort=sort, after=after, descending=True)
            if not self.asked.served():
                found.append(f"MongoDB puts {self.asked.where} in order: {self.asked.order}")
            if after and not self.asked.bounded():
                found.append(f"MongoDB begins anew: {self.asked.where}")
            steps = [step for step in await self._steps(where, sort, after) if _goes_through(step)]
            found += [f"SQLite: {step} for {where} by {sort}" for step in steps]
        return found

    async def _steps(self, where: Where, sort: str, after: Page | None) -> list[str]:
        asked: list[tuple[str, Any]] = []

        async def noted(sql: str, values: Any = ()) -> list[Any]:
            asked.append((sql, tuple(values)))
            return []

        self.sqlite._rows = self.sqlite._short = noted  # type: ignore[method-assign]
        await self.sqlite.find(self.collection, where, sort=sort, after=after, descending=True)
        [(sql, values)] = asked
        with sqlite3.connect(self.path) as db:
            plan = [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        db.close()
        return plan


def _goes_through(step: str) -> bool:
    """All there is, by no index; an array is gone through in its own record."""
    return step.startswith("SCAN") and "USING" not in step and "json_each" not in step


async def plans(path: Path, collection: str, indexes: Sequence[Index]) -> Plans:
    sqlite, asked = SqliteStore(path), Asked()
    await sqlite.prepare(collection, indexes)
    await sqlite.close()
    mongo = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/", "plans")
    mongo._database = {collection: asked}
    await mongo.prepare(collection, indexes)
    return Plans(collection, path, sqlite, mongo, asked)


def office(kind: str) -> Subject:
    return Subject(sub="x", kind=kind, code="own" if kind in BOUND else None, scopes=frozenset())


@pytest.fixture(scope="module", params=[*SERVICES, GATEWAY])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Service:
    runtime = compose.runtime(keys.settings_for(tmp_path_factory.mktemp("plans")), "tests")
    if request.param == GATEWAY:
        return gateway.build(runtime, Direct({}))[0]
    return build(request.param, runtime)


def seen(one: Desked[Any, Any, Any, Any]) -> Iterator[Where]:
    """What each office sees of it: all, or what carries its own code, where anything does."""
    chance = Random(1)
    drawn = [stored(one, "x", record(one, chance))["keys"] for _ in range(DRAWN)]
    carried = {name for known in drawn for name, said in known.items() if said is not None}
    every = (one.collection.access.visible(office(kind)) for kind in sorted(KINDS))
    for may in every:
        if may is not None and {*may} <= carried:
            yield {f"keys.{name}": value for name, value in may.items()}


async def test_each_list_is_read_in_the_order_of_an_index(service: Service, tmp_path: Path) -> None:
    met, found = 0, []
    for one in service.collections:
        of = one.collection
        if "list" not in of.read:
            continue
        known = await plans(tmp_path / f"{of.name}.db", of.name, of.kind.all_indexes())
        for where in seen(one):
            for sort in of.sorts.values() or [Sort(key="id")]:
                met += 1
                by = sort.key if sort.key == "id" else f"keys.{sort.key}"
                found += await known.faults(where, by)
        await known.mongo.close()
    assert met
    assert found == []


async def test_what_waits_for_the_broker_or_is_due_is_found_by_an_index(
    service: Service, tmp_path: Path
) -> None:
    for one in service.aggregates:
        name = one.kind.collection
        known = await plans(tmp_path / f"{name}.db", name, one.kind.all_indexes())
        for by in ("pending_since", "next_due"):
            assert await known.faults({by: Range(at_most="2026-12-01")}, by) == []
        await known.mongo.close()


async def test_a_start_finds_what_lacks_a_key_without_going_through_all_there_is(
    service: Service, tmp_path: Path
) -> None:
    for one in service.aggregates:
        name = one.kind.collection
        known = await plans(tmp_path / f"{name}.db", name, one.kind.all_indexes())
        for key in one.kind.every_has:
            steps = await known._steps({f"keys.{key}": Missing()}, "id", None)
            own = f"{name}__keys_{key}"
            assert name in FEW or any(own in step for step in steps), (name, key, steps)
        await known.mongo.close()


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_the_feed_of_each_office_is_found_by_an_index(kind: str, tmp_path: Path) -> None:
    """In the order of its numbers, and by nothing else: an office of which there is little goes through no other's, and
    one of which there is much reads on where it was.
    """
    visible = visible_to(office(kind))
    if visible is None:
        return
    known = await plans(tmp_path / "gateway.db", EVENTS, INDEXES)
    where = Wanted().where(visible)
    assert where is not None
    assert await known.faults(where, "id") == []
    assert not where or any([*one["key"]] == [*where, "id"] for one in known.asked.indexes)
    [found, *_] = await known._steps(where, "id", BEHIND)
    own = "events__" + "".join(where).replace(".", "_")
    assert not where or own in found or found.startswith("SEARCH own USING PRIMARY KEY"), found
    # From where its reader was, and not all of its own before.
    assert not where or "id<?" in found or "(at,id)<(?,?)" in found, found
    await known.mongo.close()


class Refusing(Asked):
    """As MongoDB from 5.0 on, which makes no index of a name that another has, nor the same under a second name.

    `quicker`: how often another process has dropped one already. `seen`: what was unique after each change.
    """

    def __init__(self, quicker: int = 0) -> None:
        super().__init__()
        self.made: dict[str, Any] = {}
        self.quicker, self.seen = quicker, list[list[str]]()

    async def index_information(self) -> dict[str, Any]:
        return {name: {**said, "key": [*said["key"].items()]} for name, said in self.made.items()}

    async def drop_index(self, name: str) -> None:
        if name not in self.made:
            raise OperationFailure(f"index not found with name [{name}]", 27)
        del self.made[name]
        self.seen.append(self.unique())
        if self.quicker:
            self.quicker -= 1
            await self.drop_index(name)

    async def create_indexes(self, models: Sequence[Any]) -> None:
        for said in (model.document for model in models):
            if self.made.setdefault(said["name"], said) != said:
                raise OperationFailure("of this name there is another", 86)
            if any({**one, "name": said["name"]} == said for one in self._others(said["name"])):
                raise OperationFailure("it exists under a different name", 85)
            self.seen.append(self.unique())

    def _others(self, name: str) -> list[Any]:
        return [said for other, said in self.made.items() if other != name]

    def unique(self) -> list[str]:
        return [name for name, said in self.made.items() if said.get("unique")]


FREE, UNIQUE = Index(field="number"), Index(field="number", unique=True)
SPARSE = (Index(field="number", sparse=True), Index(field="number", unique=True, sparse=True))
OTHERWISE = [(UNIQUE, SPARSE[1]), (FREE, SPARSE[0]), (UNIQUE, FREE), SPARSE]


@pytest.mark.parametrize("pair", [*OTHERWISE, *(pair[::-1] for pair in OTHERWISE)])
async def test_an_index_that_is_declared_otherwise_is_made_anew(
    tmp_path: Path, pair: tuple[Index, Index]
) -> None:
    """Its name says of which fields it is, and no more: an upgrade failed on MongoDB, and on SQLite the earlier one
    stayed as it was."""
    earlier, later = pair
    store, kept = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/", "things"), Refusing()
    store._database = {"things": kept}
    for index in (earlier, later, later):
        await store.prepare("things", [index])
    assert len(kept.unique()) == later.unique
    await store.close()

    path = tmp_path / "things.db"
    for index in (earlier, later, later):
        lite = SqliteStore(path)
        await lite.prepare("things", [index])
        await lite.close()
    with sqlite3.connect(path) as db:
        [(said,)] = db.execute("SELECT sql FROM sqlite_master WHERE name LIKE '%__number'")
    assert ("UNIQUE" in said, "WHERE" in said) == (later.unique, later.sparse)


async def test_what_is_unique_stays_so_while_its_index_is_made_anew() -> None:
    """A kill in between left it to chance; two processes may start at once; and an earlier build may start again."""
    store, kept = MongoStore(f"mongodb://{LOOPBACK}:{free_port()}/", "things"), Refusing(quicker=1)
    store._database = {"things": kept}
    for index in (UNIQUE, SPARSE[1], UNIQUE, SPARSE[1], SPARSE[1]):
        await store.prepare("things", [index])
    [last] = kept.unique()
    assert kept.made[last]["sparse"]
    first = next(place for place, unique in enumerate(kept.seen) if unique)
    assert all(kept.seen[first:])
    await store.close()
