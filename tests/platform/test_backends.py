"""The ground the other tests stand on: if a backend is not what it claims, they prove nothing."""

import socket
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aio_pika
import aiormq
import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import DuplicateKeyError

from tests.support import lanes, mongo, ports, rabbit

# Both clients have the same methods, which is the point of this suite; their types differ.
Database = Any


# --- the broker


async def test_the_broker_answers_and_names_its_version(
    broker: rabbit.Broker, amqp_url: str
) -> None:
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        assert not connection.is_closed
    major, _, _ = broker.version.partition(".")
    assert major.isdigit()


async def test_virtual_hosts_do_not_see_each_others_queues(
    private_node: rabbit.PrivateNode,
) -> None:
    one, other = urls = private_node.vhosts(2)
    await _declare(one, "letters")
    with pytest.raises(aiormq.exceptions.ChannelNotFoundEntity):
        await _declare(other, "letters", passive=True)
    private_node.drop(urls)


async def test_a_dropped_virtual_host_is_gone(private_node: rabbit.PrivateNode) -> None:
    [url] = private_node.vhosts(1)
    private_node.drop([url])
    with pytest.raises(aiormq.exceptions.AMQPError):
        await aio_pika.connect(url)


async def test_names_are_swept_from_a_shared_broker(broker: rabbit.Broker, amqp_url: str) -> None:
    await _declare(amqp_url, "gongzhi-test-swept")
    await rabbit.sweep(amqp_url, {"gongzhi-test-swept", "gongzhi-test-never-declared"})
    with pytest.raises(aiormq.exceptions.ChannelNotFoundEntity):
        await _declare(amqp_url, "gongzhi-test-swept", passive=True)


def test_the_private_node_listens_on_loopback_only(private_node: rabbit.PrivateNode) -> None:
    node = private_node.node
    listening = {port: hosts for port, hosts in _listeners().items() if port in node.ports}
    assert set(listening) == set(node.ports)
    assert set().union(*listening.values()) <= {"127.0.0.1", "::1"}


async def test_a_confirmed_message_survives_a_kill(
    private_node: rabbit.PrivateNode, amqp_url: str
) -> None:
    await _declare(amqp_url, "promises", arguments={"x-queue-type": "quorum"})
    private_node.settle()
    await _publish_confirmed(amqp_url, "promises", b"kept")
    private_node.kill()
    assert not private_node.running
    assert not ports.listens(private_node.node.port)
    private_node.start()
    assert await _take(amqp_url, "promises") == b"kept"


async def _declare(
    url: str, queue: str, passive: bool = False, arguments: dict[str, Any] | None = None
) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(queue, durable=True, passive=passive, arguments=arguments)


async def _publish_confirmed(url: str, queue: str, body: bytes) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue)


async def _take(url: str, queue: str) -> bytes:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        kept = await channel.get_queue(queue)
        message = await kept.get(timeout=20)
        await message.ack()
        return message.body


def _listeners() -> dict[int, set[str]]:
    """Port → addresses listened on, by this machine's own account."""
    found: dict[int, set[str]] = {}
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == "0A":  # LISTEN
                address, port = local.split(":")
                found.setdefault(int(port, 16), set()).add(_address(address, family))
    return found


def _address(hexadecimal: str, family: socket.AddressFamily) -> str:
    # The kernel prints each group of four bytes in the machine's order, little-endian here.
    words = [hexadecimal[i : i + 8] for i in range(0, len(hexadecimal), 8)]
    return socket.inet_ntop(family, b"".join(bytes.fromhex(word)[::-1] for word in words))


# --- MongoDB, or the peer that stands in for it


@pytest.fixture(params=["motor", "pymongo"])
async def database(request: pytest.FixtureRequest, mongo_url: str) -> AsyncIterator[Database]:
    name = mongo.database_of(mongo_url)
    if request.param == "motor":
        motor: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_url)
        yield motor[name]
        motor.close()
    else:
        async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
            yield client[name]


async def test_the_server_keeps_a_document_until_it_is_deleted(database: Database) -> None:
    document = {
        "_id": "a",
        "rev": 1,
        "text": "官办通〔2019〕77号",
        "trail": [{"mark": "m"}],
        "empty": [],
    }
    await database.cases.insert_one(document)
    assert await database.cases.find_one({"_id": "a"}) == document
    assert (await database.cases.delete_one({"_id": "a"})).deleted_count == 1
    assert await database.cases.find_one({"_id": "a"}) is None


async def test_the_server_compares_and_sets(database: Database) -> None:
    await database.cases.insert_one({"_id": "a", "rev": 1, "outbox": ["e"]})
    won = await database.cases.replace_one({"_id": "a", "rev": 1}, {"_id": "a", "rev": 2})
    lost = await database.cases.replace_one({"_id": "a", "rev": 1}, {"_id": "a", "rev": 3})
    assert (won.matched_count, lost.matched_count) == (1, 0)
    assert await database.cases.find_one({"_id": "a"}) == {"_id": "a", "rev": 2}


async def test_the_server_refuses_a_second_key(database: Database) -> None:
    await database.cases.create_index("key", unique=True)
    await database.cases.insert_one({"_id": "a", "key": "k"})
    with pytest.raises(DuplicateKeyError):
        await database.cases.insert_one({"_id": "b", "key": "k"})
    with pytest.raises(DuplicateKeyError):
        await database.cases.insert_one({"_id": "a", "key": "other"})
    assert await database.cases.count_documents({}) == 1


async def test_the_server_finds_by_range_list_and_member(database: Database) -> None:
    await database.cases.insert_many(CASES)
    late = database.cases.find({"due": {"$gt": "2026-01-01"}}).sort("due", -1).limit(2)
    assert await _ids(late) == ["d", "c"]
    listed = database.cases.find({"_id": {"$in": ["a", "d"]}}).sort("_id", 1)
    assert await _ids(listed) == ["a", "d"]
    assert await _ids(database.cases.find({"units": "police"}).sort("_id", 1)) == ["a", "c"]
    assert await database.cases.count_documents({"place": "north"}) == 3


async def test_the_server_finds_a_member_where_the_array_has_an_index(database: Database) -> None:
    # Written with $in, which every server answers alike; the peer finds nothing by plain equality
    # once the array has an index.
    await database.cases.create_index("units")
    await database.cases.insert_many(CASES)
    found = database.cases.find({"units": {"$in": ["police"]}}).sort("_id", 1)
    assert await _ids(found) == ["a", "c"]


async def test_the_server_tallies(database: Database) -> None:
    await database.cases.insert_many(CASES)
    group = {"_id": "$place", "count": {"$sum": 1}, "area": {"$sum": "$area"}}
    match = {"due": {"$gt": "2026-01-01"}}
    tally = database.cases.aggregate([{"$match": match}, {"$group": group}])
    # Motor hands out the cursor, pymongo's own client a promise of it.
    rows = await (await tally if hasattr(tally, "__await__") else tally).to_list(None)
    assert sorted(rows, key=_id) == [
        {"_id": "north", "count": 2, "area": 700},
        {"_id": "south", "count": 1, "area": 300},
    ]


def test_databases_are_separate(mongo_server: mongo.MongoServer, mongo_url: str) -> None:
    other_url = mongo_server.database_url()
    with MongoClient[dict[str, Any]](mongo_server.url) as client:
        client[mongo.database_of(mongo_url)].cases.insert_one({"_id": "a"})
        assert client[mongo.database_of(other_url)].cases.count_documents({}) == 0


CASES: list[dict[str, Any]] = [
    {"_id": "a", "place": "north", "due": "2026-01-01", "area": 100, "units": ["police", "fire"]},
    {"_id": "b", "place": "north", "due": "2026-01-02", "area": 200, "units": ["fire"]},
    {"_id": "c", "place": "south", "due": "2026-01-03", "area": 300, "units": ["police"]},
    {"_id": "d", "place": "north", "due": "2026-01-04", "area": 500, "units": []},
]


async def _ids(cursor: Any) -> list[str]:
    return [_id(document) for document in await cursor.to_list(None)]


def _id(document: Mapping[str, Any]) -> str:
    return str(document["_id"])


# --- the rest


def test_a_user_is_looked_up_where_the_url_meant() -> None:
    assert mongo.with_database("mongodb://h:1/", "x") == "mongodb://h:1/x"
    assert mongo.with_database("mongodb://u:p@h/", "x") == "mongodb://u:p@h/x?authSource=admin"
    assert mongo.with_database("mongodb://u:p@h/own", "x") == "mongodb://u:p@h/x?authSource=own"


def test_a_free_port_is_lent_once() -> None:
    lent = [ports.free_port() for _ in range(50)]
    assert len(set(lent)) == 50


def test_a_sqlite_url_names_a_folder_of_its_own(sqlite_url: str) -> None:
    assert Path(sqlite_url.removeprefix("sqlite://")).is_dir()


def test_a_lane_that_was_not_used_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_lanes", {"SQLite": [], "MongoDB": []})
    monkeypatch.setattr(lanes, "_notes", [])
    lanes.ran("MongoDB", "nx-27017 (peer)")
    lanes.note("rules covered: 63/63")
    assert lanes.lines() == [
        "rules covered: 63/63",
        "lanes: SQLite: not run | MongoDB: nx-27017 (peer)",
    ]
