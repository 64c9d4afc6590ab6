"""A partner whose news is refused after it was taken is told so, once for each reason, and nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.bus import WITNESS, Delivery, Message, Park, Retry
from chassis.bus_local import LocalBus
from chassis.kernel.errors import Malformed, Unavailable
from chassis.refused_news import LONGEST, RefusedNews
from chassis.service import open_store
from chassis.store import Document, Store
from chassis.subscriptions import Heard, Listener, Subscription
from chassis.telemetry import Telemetry
from contracts.event import Envelope
from gongzhi.office import Office
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.news import HOTLINE, PARTNERS
from tests.support.toy import KEY, NOON, Put, Silent

FEED = "/api/v1/events"
PARKED = "/api/v1/gateway/parked"
REFUSED = "platform.news_refused.v1"
FIGURE = "partner.observation_reported.v1"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle", "index")) as running:
        yield running


async def reported(here: Inside, id: str, point: int) -> None:
    data = {"year": 2026, "point": point, "values": ["98.9"]}
    event = {"specversion": "1.0", "id": id, "source": HOTLINE, "type": FIGURE, "data": data}
    taken = await here("partner:hotline").post(PARTNERS, event)
    assert taken["id"] == id


async def heard(office: Office) -> list[dict[str, Any]]:
    found: Any = await office.get(FEED, type=REFUSED)
    return [one["event"]["data"] for one in found["items"]]


async def test_what_a_service_refuses_of_it_a_partner_reads_in_its_feed(here: Inside) -> None:
    await reported(here, "f-1", 999)

    async def there() -> bool:
        return bool(await heard(here("partner:hotline")))

    await until(there)
    [told] = await heard(here("partner:hotline"))
    assert told.pop("why")
    assert told == {
        "partner": "hotline",
        "source": HOTLINE,
        "news": "f-1",
        "told": FIGURE,
        "service": "index",
        "units": [],
    }
    assert await heard(here("partner:grid")) == []
    admin = here("district_admin")
    [lying] = (await admin.get(f"{PARKED}/index"))["items"]
    assert lying["type"] == FIGURE
    await admin.post(f"{PARKED}/index/replay", {"marks": [lying["mark"]], "reason": "再试一次"})
    await reported(here, "f-2", 998)

    async def second() -> bool:
        return "f-2" in [one["news"] for one in await heard(here("partner:hotline"))]

    await until(second)
    assert [one["news"] for one in await heard(here("partner:hotline"))] == ["f-1", "f-2"]


def envelope(source: str, id: str) -> Envelope:
    return Envelope(
        id=id,
        source=source,
        type=Put.type,
        subject="jars/a",
        time=NOON,
        sequence=f"{1:012d}",
        correlationid="case",
        data={"amount": 3},
    )


class Refusing:
    """A service that hears the toy's event and has a reason against it."""

    def __init__(self, store: Store) -> None:
        self.reason = "没有这个点位"
        self.outlet = Silent()
        self.news = RefusedNews("reader", store, KEY, self.outlet)
        told = Telemetry("test")
        heard = [Subscription(Put, self._react)]
        self.listener = Listener("reader", heard, lambda: NOON, told, refused_news=self.news)

    async def _react(self, _: Heard[Put]) -> None:
        raise Malformed(self.reason)

    async def hear(self, source: str, id: str = "e1") -> object:
        delivery = Delivery(id=id, type=Put.type, body=envelope(source, id).wire())
        return await self.listener.handle(delivery)

    @property
    def told(self) -> list[Document]:
        return [one["data"] for document in self.outlet.offered for one in document["outbox"][-1:]]


@pytest.fixture
async def refusing(sqlite_url: str) -> AsyncIterator[Refusing]:
    store = open_store(sqlite_url, "reader", "motor")
    made = Refusing(store)
    await made.news.kept.prepare()
    yield made
    await store.close()


async def test_once_for_each_reason_and_each_message(refusing: Refusing) -> None:
    for id in ("e1", "e1", "e2"):
        assert isinstance(await refusing.hear(HOTLINE, id), Park)
    assert [one["news"] for one in refusing.told] == ["e1", "e2"]
    refusing.reason = "长" * (2 * LONGEST)
    await refusing.hear(HOTLINE)
    assert [one["news"] for one in refusing.told] == ["e1", "e2", "e1"]
    assert refusing.told[-1]["why"].endswith("长" * 10)
    assert len(refusing.told[-1]["why"]) == LONGEST
    [first, *_] = refusing.outlet.offered
    assert first["outbox"][0]["correlationid"] == "case"


async def test_what_is_no_partner_s_is_told_nobody(refusing: Refusing) -> None:
    assert isinstance(await refusing.hear("/gongzhi/toy"), Park)
    for source in ("/partnership/hotline", "/partners", "/partners/Hot line"):
        assert isinstance(await refusing.hear(source), Park)
    assert refusing.told == []


async def test_it_is_not_parked_before_that_can_be_told(
    refusing: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("存储暂时不可用")

    with monkeypatch.context() as patched:
        patched.setattr(refusing.news, "tell", away)
        assert isinstance(await refusing.hear(HOTLINE), Retry)
    assert isinstance(await refusing.hear(HOTLINE), Park)
    assert len(refusing.told) == 1


async def test_what_fails_while_it_is_told_is_tried_again_like_what_fails_in_a_reaction(
    refusing: Refusing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Raised from here, it ended a queue's consumer in one process, and left the delivery unsettled on a broker."""
    bus = LocalBus(tmp_path / "bus.db", {"reader": ("toy.put",), WITNESS: ()})
    bus.consume("reader", refusing.listener.handle)
    tell, broken = refusing.news.tell, [RuntimeError("unforeseen")]

    async def unforeseen(*said: Any, **named: Any) -> None:
        if broken:
            raise broken.pop()
        await tell(*said, **named)

    monkeypatch.setattr(refusing.news, "tell", unforeseen)
    await bus.start()
    try:
        for id in ("e1", "e2"):
            body = envelope(HOTLINE, id).wire()
            await bus.publish(Message(id=id, type=Put.type, body=body))

        async def both() -> bool:
            return {one.id for one in await bus.parked("reader")} == {"e1", "e2"}

        await until(both, within=60)
    finally:
        await bus.stop()
    assert {one["news"] for one in refusing.told} == {"e1", "e2"}
