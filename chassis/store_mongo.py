"""The store on MongoDB, on the API that motor and PyMongo's AsyncMongoClient share.

Motor is past its end of life; `GONGZHI_MONGO_DRIVER=pymongo` is the whole migration. Only `aggregate` and `close`
differ between the two, and `_awaited` adapts them.
"""

import asyncio
import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pymongo
from pymongo import IndexModel
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    OperationFailure,
)
from pymongo.read_concern import ReadConcern

from .kernel.errors import Malformed
from .store import (
    HEAVY,
    SETTLED,
    Document,
    DuplicateKey,
    Has,
    In,
    Index,
    Missing,
    Page,
    Range,
    Total,
    Where,
    storable,
)

MAJORITY = ReadConcern("majority")
ANSWERED_WITHIN = 15.0
"""Seconds for one question and all its tries: less than a caller waits, more than an election takes."""
LEFT_WITHIN = 2.0
ANEW = "__anew"
GONE = 27
"""The server's code for an index that isn't there."""
OPTIONS = ("unique", "sparse", "partialFilterExpression")
OPERATORS = (("above", "$gt"), ("at_least", "$gte"), ("below", "$lt"), ("at_most", "$lte"))


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@contextmanager
def _asked() -> Iterator[None]:
    """What the server refuses on a line that holds (a full disk, an election, a term that ran out) is not now, too,
    and so is a name (`mongodb+srv`) that nobody resolves yet. Nor is waited for ever for one that says nothing.
    """
    with storable(ConnectionFailure, OperationFailure, ConfigurationError):
        try:
            with pymongo.timeout(ANSWERED_WITHIN):
                yield
        except DocumentTooLarge:
            raise Malformed("这条记录超出可存储的大小。") from None


def _client(url: str, driver: str) -> Any:
    """Whatever the address says: what was written is there for the next who reads, and no election takes it back."""
    options: dict[str, Any] = {
        "w": "majority",
        "journal": True,
        "readPreference": "primary",
        "connectTimeoutMS": 5000,
        "serverSelectionTimeoutMS": 5000,
    }
    if driver == "pymongo":
        from pymongo import AsyncMongoClient

        return AsyncMongoClient(url, **options)
    from motor.motor_asyncio import AsyncIOMotorClient

    return AsyncIOMotorClient(url, **options)


def _model(index: Index) -> IndexModel:
    """With the id at its end: every list goes on by it, and the server puts all in order anew whose order an index has
    only in part. So a sparse one is partial: a sparse one on two fields holds what has either.
    """
    keys = [(field, 1) for field in index.fields]
    if index.unique:
        return IndexModel(keys, name=index.name, unique=True, sparse=index.sparse)
    only = {"partialFilterExpression": {index.field: {"$exists": True}}} if index.sparse else {}
    if index.then == "id":  # said already
        return IndexModel(keys, name=index.name, **only)
    return IndexModel([*keys, ("id", 1)], name=f"{index.name}__id", **only)


def _same(there: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    alike = all((there.get(option) or None) == (said.get(option) or None) for option in OPTIONS)
    return alike and [*there["key"]] == [*said["key"].items()]


def _beside(model: IndexModel, there: Mapping[str, Mapping[str, Any]]) -> IndexModel:
    """Under the name that it has; under a second one where its own is that of another, which holds until this one does.

    A name says no more than of which fields, and the server makes none where there is another of that name.
    """
    said = model.document
    free = said["name"] + (ANEW if said["name"] in there else "")
    name = next((name for name, one in there.items() if _same(one, said)), free)
    model.document["name"] = name
    return model


async def _dropped(kept: Any, name: str) -> None:
    """By whichever process is the first to start."""
    try:
        await kept.drop_index(name)
    except OperationFailure as error:
        if error.code != GONE:
            raise


def _condition(wanted: Any) -> Any:
    match wanted:
        case Missing():
            return {"$exists": False}
        case In(values):
            return {"$in": list(values)}
        case Has(values):
            return {"$all": list(values)}
        case Range():
            bounds = [(sign, getattr(wanted, name)) for name, sign in OPERATORS]
            return {sign: bound for sign, bound in bounds if bound is not None}
        case _:
            return wanted


def _where(where: Where) -> dict[str, Any]:
    return {field: _condition(wanted) for field, wanted in where.items()}


def _beyond(sort: str, after: Page, sign: str) -> dict[str, Any]:
    """Its bound is said by itself as well: by the alternatives alone an index may be read from its beginning."""
    if sort == "id":
        return {"id": {sign: after.id}}
    further = [{sort: {sign: after.value}}, {sort: after.value, "id": {sign: after.id}}]
    return {sort: {f"{sign}e": after.value}, "$or": further}


def _shown(lean: bool) -> dict[str, int] | None:
    return dict.fromkeys(HEAVY, 0) if lean else None


def _bare(found: dict[str, Any]) -> Document:
    return {name: value for name, value in found.items() if name != "_id"}


class MongoStore:
    """One database per service. `_id` is the document's `id`; no index names it."""

    in_order = False

    def __init__(self, url: str, database: str, *, driver: str = "motor") -> None:
        self._client = _client(url, driver)
        self._database = self._client[database]

    async def prepare(
        self, collection: str, indexes: Sequence[Index], totals: Sequence[Total] = ()
    ) -> None:
        """Of one document a write is whole, of two it isn't: totals are added up when they are asked for."""
        kept = self._database[collection]
        there = await kept.index_information()
        models = [IndexModel([("id", 1)], name="id"), *map(_model, indexes)]
        models = [_beside(model, there) for model in models]
        await kept.create_indexes(models)
        # Of those of before only what would refuse what is right today.
        ours = {name + end for name in (index.name for index in indexes) for end in ("", ANEW)}
        said = {model.document["name"] for model in models}
        for name in (ours & there.keys()) - said:
            if there[name].get("unique"):
                await _dropped(kept, name)

    async def get(self, collection: str, id: str, *, lean: bool = False) -> Document | None:
        with _asked():
            found = await self._database[collection].find_one({"_id": id}, _shown(lean))
        return _bare(found) if found else None

    async def rev(self, collection: str, id: str) -> int | None:
        with _asked():
            found = await self._database[collection].find_one({"_id": id}, {"rev": 1})
        return int(found["rev"]) if found else None

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        """Waited for all the same: with another primary the earlier of two could be the one that is lost."""
        with _asked():
            try:
                await self._database[collection].insert_one({"_id": document["id"], **document})
            except DuplicateKeyError as error:
                # Servers differ in what they say of the index; the id alone settles which it was.
                taken = await self.get(collection, document["id"])
                pattern = (error.details or {}).get("keyPattern", {})
                index = "id" if taken else next(iter(pattern), "unique").replace(".", "_")
                raise DuplicateKey(index) from None

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        with _asked():
            result = await self._database[collection].replace_one(
                {"_id": document["id"], "rev": rev}, {"_id": document["id"], **document}
            )
        return bool(result.matched_count == 1)

    async def settle(self, collection: str, document: Document, rev: int) -> bool:
        there = {name: document[name] for name in SETTLED if name in document}
        gone = {name: "" for name in SETTLED if name not in document}
        change = {"$set": there, **({"$unset": gone} if gone else {})}
        with _asked():
            result = await self._database[collection].update_one(
                {"_id": document["id"], "rev": rev}, change
            )
        return bool(result.matched_count == 1)

    async def delete(self, collection: str, id: str, rev: int | None = None) -> bool:
        still = {} if rev is None else {"rev": rev}
        with _asked():
            result = await self._database[collection].delete_one({"_id": id, **still})
        return bool(result.deleted_count == 1)

    async def find(
        self,
        collection: str,
        where: Where,
        *,
        sort: str = "id",
        descending: bool = False,
        after: Page | None = None,
        limit: int = 100,
        lean: bool = False,
        lasting: bool = False,
    ) -> list[Document]:
        order, sign = (-1, "$lt") if descending else (1, "$gt")
        conditions = [_where(where), {sort: {"$exists": True}}]
        if after is not None:
            conditions.append(_beyond(sort, after, sign))
        keys = [(sort, order)] if sort == "id" else [(sort, order), ("id", order)]
        kept = self._database[collection]
        if lasting:
            kept = kept.with_options(read_concern=MAJORITY)
        found_by = kept.find({"$and": conditions}, _shown(lean))
        cursor = found_by.sort(keys).limit(limit)
        with _asked():
            return [_bare(found) for found in await cursor.to_list(None)]

    async def tally(
        self, collection: str, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        group: dict[str, Any] = {"_id": f"${by}" if by else None, "count": {"$sum": 1}}
        group |= {f"s{n}": {"$sum": f"${field}"} for n, field in enumerate(sums)}
        pipeline = [{"$match": _where(where)}, {"$group": group}]
        with _asked():
            cursor = await _awaited(self._database[collection].aggregate(pipeline))
            groups = await cursor.to_list(None)
        rows = [
            {
                **({by: found["_id"]} if by else {}),
                "count": found["count"],
                **{field: found[f"s{n}"] for n, field in enumerate(sums)},
            }
            for found in groups
        ]
        return sorted(rows, key=lambda row: str(row.get(by)) if by else "")

    async def close(self) -> None:
        """Motor's takes leave of the server and keeps everybody waiting for that, unless a thread does it."""
        with pymongo.timeout(LEFT_WITHIN):
            await _awaited(await asyncio.to_thread(self._client.close))
