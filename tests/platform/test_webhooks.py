"""Who registered an address is told there what concerns him: signed, in order, until he has it."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from chassis.outbound import Away, Forbidden, Had, OutboundClient, Outcome
from chassis.signing import signature
from chassis.store_sqlite import SqliteStore
from gateway.webhooks import sending
from gateway.webhooks.domain import address
from gateway.webhooks.progress import HELD_FOR, Progress
from gateway.webhooks.steps import _leading
from gongzhi import demo
from gongzhi.office import Office, Refused
from tests.support.bodies import NOISE
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.news import told
from tests.support.ports import free_port
from tests.support.receiver import Receiver, receiver

WEBHOOKS = "/api/v1/gateway/webhooks"
NEWS = "partner.problem_reported.v1"


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    monkeypatch.setenv("GONGZHI_WEBHOOK_NETWORKS", "127.0.0.0/8")
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


async def registered(office: Office, to: Receiver, **about: Any) -> dict[str, Any]:
    made: dict[str, Any] = await office.post(WEBHOOKS, {"url": to.url, **about})
    to.secrets = [made["secret"]]
    return made


async def progress(office: Office, id: str) -> dict[str, Any]:
    found: dict[str, Any] = await office.get(f"{WEBHOOKS}/{id}/deliveries")
    return found


async def feed(office: Office, **about: Any) -> list[dict[str, Any]]:
    found: Any = await office.get("/api/v1/events", limit=500, **about)
    return list(found["items"])


async def test_G_02_twenty_of_one_office_also_when_forty_are_asked_for_at_once(
    here: Inside, there: Receiver
) -> None:
    office = here("street:guanshang")

    async def one() -> int:
        try:
            await office.post(WEBHOOKS, {"url": there.url})
        except Refused as refused:
            return refused.status
        return 201

    said = await asyncio.gather(*(one() for _ in range(40)))
    assert set(said) == {201, 409}
    while 201 in await asyncio.gather(*(one() for _ in range(5))):
        pass
    assert len((await office.get(WEBHOOKS, limit=100))["items"]) == 20


async def test_G_01_who_is_removed_is_told_no_more_in_the_middle_of_a_page(
    here: Inside, there: Receiver
) -> None:
    office = here("street:guanshang")
    made = await registered(office, there)
    there.takes = 0.3
    for _ in range(8):
        await here("community:guanshangzhongxinqu").post(demo.PROBLEMS, NOISE)
    await there.has(2)
    await office.step(WEBHOOKS, made["id"], "remove")
    had = len(there.got)
    await asyncio.sleep(1.5)
    assert len(there.got) <= had + 1 < 8


async def test_what_is_told_is_what_the_feed_shows_in_its_order(
    here: Inside, there: Receiver
) -> None:
    hotline = here("partner:hotline")
    await registered(hotline, there)
    await told(hotline, 30)

    async def complete() -> bool:
        return len(await feed(hotline)) >= 60  # each was collected, too

    await until(complete)
    got = await there.has(60)
    assert [one["data"] for one in got] == await feed(hotline)
    assert len(set(there.ids)) == len(there.ids) == 60
    assert {one["type"] for one in got} == {one["data"]["event"]["type"] for one in got}


async def test_only_what_is_asked_for_is_told(here: Inside, there: Receiver) -> None:
    hotline = here("partner:hotline")
    await registered(hotline, there, type=["whistle.problem_collected.v1"], reference="n-7")
    await told(hotline, 2)
    await told(hotline, 2, reference="n-7")
    got = await there.has(2)
    await told(hotline, 1, reference="n-7")
    assert [one["data"]["reference"] for one in await there.has(3)] == ["n-7"] * 3
    assert {one["type"] for one in got} == {"whistle.problem_collected.v1"}


@pytest.mark.parametrize(
    ("office", "asked"),
    [
        ("street:guanshang", {"street": "taihe"}),
        ("community:shijicheng", {"community": "guanshangzhongxinqu"}),
    ],
)
async def test_news_of_a_place_that_its_owner_does_not_see_is_not_waited_for(
    here: Inside, there: Receiver, office: str, asked: dict[str, str]
) -> None:
    [field] = asked
    with pytest.raises(Refused) as refused:
        await registered(here(office), there, **asked)
    assert (refused.value.status, refused.value.problem["field"]) == (422, field)
    own = {field: office.partition(":")[2]}
    made = await registered(here(office), there, **own)
    assert made["state"]["about"][field] == own[field]
    assert await registered(here("district_admin"), there, **asked)


@pytest.mark.parametrize(
    ("office", "asked", "field"),
    [
        ("community:shijicheng", {"street": "taihe"}, "street"),
        ("district_admin", {"street": "nowhere"}, "street"),
        ("department:chengguan", {"community": "nowhere"}, "community"),
        ("street:guanshang", {"community": "nowhere"}, "community"),
        ("street:taihe", {"community": "guanshangzhongxinqu"}, "community"),
        ("district_admin", {"street": "taihe", "community": "guanshangzhongxinqu"}, "street"),
    ],
)
async def test_news_of_a_place_that_is_not_there_is_not_waited_for(
    here: Inside, there: Receiver, office: str, asked: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await registered(here(office), there, **asked)
    assert (refused.value.status, refused.value.problem["field"]) == (422, field)


async def test_news_of_its_own_place_is_waited_for_by_each_of_its_names(
    here: Inside, there: Receiver
) -> None:
    center = "guanshangzhongxinqu"
    assert await registered(here(f"community:{center}"), there, street="guanshang")
    assert await registered(here("street:guanshang"), there, community=center)
    assert await registered(here("street:new"), there, street="new")


async def test_who_was_away_for_a_while_has_all_of_it_in_order_when_he_is_back(
    here: Inside, there: Receiver
) -> None:
    hotline = here("partner:hotline")
    made = await registered(hotline, there, type=[NEWS])
    await told(hotline, 2)
    await there.has(2)
    await there.close()
    await told(hotline, 25)

    async def noticed() -> bool:
        said = await progress(hotline, made["id"])
        return said["failing_since"] is not None and said["reason"] == "连接不上"

    await until(noticed)
    await there.open()
    got = await there.has(27)
    numbers = [one["data"]["number"] for one in got]
    assert numbers == sorted(set(numbers))
    assert [one["data"] for one in got] == await feed(hotline, type=NEWS)

    async def well() -> bool:
        return (await progress(hotline, made["id"]))["failing_since"] is None

    await until(well)


async def test_who_declines_one_is_told_the_next_and_the_one_again_later(
    here: Inside, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "pause_declined", lambda *_: timedelta(seconds=0.3))
    hotline = here("partner:hotline")
    there.answers[NEWS] = 422
    made = await registered(hotline, there)
    await told(hotline, 1)
    assert [one["type"] for one in await there.has(1)] == ["whistle.problem_collected.v1"]

    async def again() -> bool:
        items = (await progress(hotline, made["id"]))["items"]
        return bool(items) and items[0]["tries"] > 1

    await until(again)
    [aside] = (await progress(hotline, made["id"]))["items"]
    assert (aside["reason"], aside["parked"]) == ("HTTP 422", False)
    there.answers.clear()
    assert (await there.has(2))[1]["data"]["number"] == aside["number"]

    async def empty() -> bool:
        return not (await progress(hotline, made["id"]))["items"]

    await until(empty)


@pytest.mark.parametrize("status", [307, 410])
async def test_nobody_is_followed_elsewhere_and_who_is_gone_is_told_no_more(
    here: Inside, there: Receiver, status: int
) -> None:
    hotline = here("partner:hotline")
    there.answers[NEWS] = status
    made = await registered(hotline, there, type=[NEWS])
    await told(hotline, 1)

    async def set_aside() -> bool:
        return bool((await progress(hotline, made["id"]))["items"])

    async def as_it_stays() -> bool:
        state = (await hotline.get(f"{WEBHOOKS}/{made['id']}"))["state"]
        return bool(state["status"] == ("disabled" if status == 410 else "active"))

    await until(set_aside)
    [aside] = (await progress(hotline, made["id"]))["items"]
    assert aside["reason"] == f"HTTP {status}"
    await until(as_it_stays)
    assert there.got == []


async def test_after_three_days_one_is_parked_and_after_five_the_address_is_disabled(
    here: Inside, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "pause_away", lambda *_: timedelta(seconds=0.1))
    monkeypatch.setattr(sending, "GIVEN_UP", timedelta(seconds=1))
    hotline = here("partner:hotline")
    made = await registered(hotline, there, type=[NEWS])
    await there.close()
    await told(hotline, 2)

    async def parked() -> bool:
        return any(one["parked"] for one in (await progress(hotline, made["id"]))["items"])

    await until(parked)
    monkeypatch.setattr(sending, "DISABLED", timedelta(seconds=1))

    async def disabled() -> bool:
        state = (await hotline.get(f"{WEBHOOKS}/{made['id']}"))["state"]
        return bool(state["status"] == "disabled" and state["reason"] == "连接不上")

    await until(disabled)
    await there.open()
    await hotline.step(WEBHOOKS, made["id"], "resume")
    assert (await hotline.post(f"{WEBHOOKS}/{made['id']}/replay", {}))["parked"] >= 1
    await there.has(2)
    assert len(set(there.ids)) == 2


async def test_two_secrets_sign_for_a_day_after_a_change(here: Inside, there: Receiver) -> None:
    hotline = here("partner:hotline")
    made = await registered(hotline, there, type=[NEWS])
    changed = await hotline.step(WEBHOOKS, made["id"], "rotate")
    assert changed["secret"] != made["secret"]
    there.secrets = [made["secret"], changed["secret"]]
    await told(hotline, 1)
    await there.has(1)


async def test_paused_it_waits_and_goes_on_from_where_it_stopped(
    here: Inside, there: Receiver
) -> None:
    hotline = here("partner:hotline")
    made = await registered(hotline, there, type=[NEWS])
    await hotline.step(WEBHOOKS, made["id"], "pause")
    with pytest.raises(Refused) as refused:
        await hotline.step(WEBHOOKS, made["id"], "pause")
    assert refused.value.problem["rule"] == "G-01"
    await told(hotline, 2)

    async def kept() -> bool:
        return len(await feed(hotline, type=NEWS)) == 2

    await until(kept)
    assert there.got == []
    await hotline.step(WEBHOOKS, made["id"], "resume")
    got = list(await there.has(2))
    first, last = (one["data"]["number"] for one in got)

    async def reached() -> bool:
        return bool((await progress(hotline, made["id"]))["told"] >= last)

    await until(reached)
    again = await hotline.post(f"{WEBHOOKS}/{made['id']}/replay", {"after": first})
    assert again["after"] == first
    await there.has(3)
    assert there.ids[2] == there.ids[1]


async def test_G_02_told_again_is_only_what_was_told_and_nothing_is_left_out(
    here: Inside, there: Receiver
) -> None:
    hotline = here("partner:hotline")
    made = await registered(hotline, there, type=[NEWS])
    await hotline.step(WEBHOOKS, made["id"], "pause")
    await told(hotline, 2)

    async def kept() -> bool:
        return len(await feed(hotline, type=NEWS)) == 2

    await until(kept)
    told_to = (await progress(hotline, made["id"]))["told"]
    newest = (await feed(hotline, type=NEWS))[-1]["number"]
    path = f"{WEBHOOKS}/{made['id']}/replay"
    answers = [await hotline.post(path, {"after": after}) for after in (newest, 10**9)]
    assert [one["after"] for one in answers] == [told_to, told_to]
    assert told_to < newest
    await hotline.step(WEBHOOKS, made["id"], "resume")
    await there.has(2)
    assert len(set(there.ids)) == 2


async def test_an_address_is_its_owner_s_and_for_another_it_isn_t_there(
    here: Inside, there: Receiver
) -> None:
    hotline, other = here("partner:hotline"), here("partner:grid")
    made = await registered(hotline, there)
    one = f"{WEBHOOKS}/{made['id']}"
    for path in (one, f"{one}/deliveries", f"{one}/trail"):
        with pytest.raises(Refused) as refused:
            await other.get(path)
        assert refused.value.status == 404
    for step in ("rotate", "pause", "remove"):
        with pytest.raises(Refused) as refused:
            await other.post(f"{one}/{step}", version=made["version"])
        assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        await other.post(f"{one}/replay", {})
    assert refused.value.status == 404
    assert (await other.get(WEBHOOKS, count="true"))["count"] == 0
    assert (await here("district_admin").get(WEBHOOKS, count="true"))["count"] == 1
    assert "secret" not in await hotline.get(one)
    with pytest.raises(Refused) as refused:
        await here("command_centre").post(WEBHOOKS, {"url": there.url})
    assert refused.value.status == 403


async def test_a_department_whose_code_is_in_another_s_has_not_its_address(
    here: Inside, there: Receiver
) -> None:
    made = await registered(here("department:water"), there)
    one = f"{WEBHOOKS}/{made['id']}"
    for call in (
        here("department:wat").get(one),
        here("department:wat").post(f"{one}/rotate", version=made["version"]),
    ):
        with pytest.raises(Refused) as refused:
            await call
        assert refused.value.status == 404
    assert [own["id"] for own in (await here("department:water").get(WEBHOOKS))["items"]] == [
        made["id"]
    ]


async def test_an_office_has_so_many_addresses(
    here: Inside, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.webhooks.steps.MOST", 2)
    hotline = here("partner:hotline")
    first = await registered(hotline, there)
    again = await hotline.post(WEBHOOKS, {"url": there.url}, key="the-same-key")
    assert (await hotline.post(WEBHOOKS, {"url": there.url}, key="the-same-key")) == again
    with pytest.raises(Refused) as refused:
        await registered(hotline, there)
    assert refused.value.problem["rule"] == "G-02"
    await hotline.step(WEBHOOKS, first["id"], "remove")
    await registered(hotline, there)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("ftp://example.org", "https"),
        ("https://", "https"),
        ("https://a:b@example.org/", "用户名"),
        ("https://example.org/#x", "#"),
        ("https://[::1", "网址"),
        ("https://example.org:port/", "网址"),
    ],
)
def test_what_is_no_address_is_named(url: str, text: str) -> None:
    with pytest.raises(Malformed, match=text) as refused:
        address(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_nothing_beside_us_is_reached_unless_it_was_named(
    there: Receiver, host: str, scheme: str
) -> None:
    client = OutboundClient(())
    try:
        outcome = await client.post(f"{scheme}://{host}:{there.port}/told", b"{}", {})
    finally:
        await client.close()
    assert outcome in (Away("地址不在允许范围内"), Away("网址无法使用"))
    assert there.got == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "169.254.169.254", "192.168.1.1", "64:ff9b::a00:1", "2002:a00:1::"]
    + ["64:ff9b:1::a00:1", "::ffff:0:10.0.0.1", "::10.0.0.1", "fec0::1", "192.88.99.1"]
    + ["192.0.0.192"],
)
async def test_private_networks_are_not_allowed_by_any_way_of_writing_them(address: str) -> None:
    client = OutboundClient(())
    host = f"[{address}]" if ":" in address else address
    try:
        assert await client.post(f"https://{host}/", b"{}", {}) == Away("地址不在允许范围内")
    finally:
        await client.close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "a.localhost", "10.0.0.1", "169.254.169.254", "2130706433", "0x7f.1"]
    + ["[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[fe80::1%251]"],
)
def test_what_an_address_says_of_itself_is_said_when_it_is_registered(host: str) -> None:
    with pytest.raises(Malformed, match="允许范围") as refused:
        _leading(OutboundClient(()), f"https://{host}/told")
    assert refused.value.field == "url"
    named = OutboundClient((ipaddress.ip_network("10.0.0.0/8"),))
    for url in ("http://10.0.0.1/", "https://1.1.1.1/", "https://example.org/", "http://named/"):
        assert _leading(named, url) == url
    with pytest.raises(Malformed):
        _leading(named, "http://1.1.1.1/")
    assert _leading(OutboundClient(()), "https://example.org/") == "https://example.org/"
    with pytest.raises(Malformed):  # where no network is named, no name can lead into one
        _leading(OutboundClient(()), "http://example.org/")


async def test_nobody_there_is_said_in_words() -> None:
    client = OutboundClient((ipaddress.ip_network("127.0.0.0/8"),))
    try:
        assert await client.post(f"http://127.0.0.1:{free_port()}/", b"", {}) == Away("连接不上")
        assert await client.post("http://nobody.invalid/", b"", {}) == Away("域名无法解析")
    finally:
        await client.close()


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        (b"200 OK\r\nContent-Length: 5", Had()),
        (b"503 Busy\r\nContent-Length: 5", Away("HTTP 503")),
    ],
)
async def test_what_a_receiver_s_status_says_holds_though_its_body_never_comes(
    says: bytes, outcome: Outcome
) -> None:
    """It was told again and again what it had taken, each time waited for to the end."""
    left = asyncio.Event()

    async def held_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + says + b"\r\n\r\n")
        await reader.read()  # until we leave
        writer.close()
        await writer.wait_closed()
        left.set()

    client = OutboundClient((ipaddress.ip_network("127.0.0.0/8"),))
    receiver = await asyncio.start_server(held_back, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{receiver.sockets[0].getsockname()[1]}/"
    try:
        assert await client.post(url, b"", {}) == outcome
    finally:
        await client.close()
        await left.wait()
        receiver.close()


def test_without_tls_only_a_network_that_was_named_is_told() -> None:
    """Looked at before anything is sent, so that nothing is."""
    client = OutboundClient((ipaddress.ip_network("10.1.0.0/16"),))
    client._allow("1.1.1.1", named_only=False)
    client._allow("10.1.2.3", named_only=True)
    for said, named_only in (("1.1.1.1", True), ("10.2.0.1", True), ("10.2.0.1", False)):
        with pytest.raises(Forbidden):
            client._allow(said, named_only=named_only)


def test_a_signature_is_the_published_example_s() -> None:
    """Standard Webhooks' own vector."""
    made = signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_pauses_grow_and_have_an_end() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    ages = [timedelta(seconds=s) for s in (0, 60, 600, 3600, 86400 * 6)]
    away = [sending.pause_away(start, start + age).total_seconds() for age in ages]
    assert away == [0.5, 0.5, 5, 30, 3600]
    declined = [sending.pause_declined(start, start + age).total_seconds() for age in ages]
    assert declined == [60, 60, 600, 3600, 3600]


async def test_an_address_begins_where_it_is_made_and_not_where_one_left_who_was_killed(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "gateway.db")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    try:
        progress = Progress(store, "us")
        await progress.prepare()

        async def at() -> int:
            found = await progress.position("w")
            assert found is not None
            return found.number

        await progress.begin("w", 7, now)
        undo = await progress.begin("w", 20, now)
        assert await at() == 20
        await undo()
        assert await at() == 7
        undo = await progress.begin("w", 30, now)
        assert await progress.hold("w", now) is not None
        await undo()
        assert await at() == 30
    finally:  # an open store would keep the run from ending
        await store.close()


async def test_of_two_gateways_one_tells_and_the_other_takes_over(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    try:
        first, second = Progress(store, "first"), Progress(store, "second")
        await first.prepare()
        await first.begin("w", 7, now)
        held = await first.hold("w", now)
        assert held is not None
        assert held.number == 7
        assert await second.hold("w", now) is None
        later = now + HELD_FOR
        taken = await second.hold("w", later)
        assert taken is not None
        assert await first.save(held, later) is None
        assert await first.hold("w", later) is None
        await second.let_go("w", later)
        assert await first.hold("w", later) is not None
    finally:  # an open store would keep the run from ending
        await store.close()


async def test_who_held_an_address_before_the_clock_was_set_back_is_not_waited_for(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "gateway.db")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    try:
        killed, another = Progress(store, "killed"), Progress(store, "another")
        await killed.prepare()
        await killed.begin("w", 7, now)
        assert await killed.hold("w", now + timedelta(days=30)) is not None
        taken = await another.hold("w", now)
        assert taken is not None and taken.until == now + HELD_FOR
        assert await another.hold("w", now + timedelta(days=30)) is not None
        mine = await another.hold("w", now)
        assert mine is not None and mine.until == now + HELD_FOR
    finally:
        await store.close()


async def test_what_was_put_off_before_the_clock_was_set_back_is_tried_again(
    here: Inside, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited for who was away, and what was set aside as declined."""
    hotline, ahead = here("partner:hotline"), [timedelta(days=30)]
    made = await registered(hotline, there, type=[NEWS])
    beside = here.services["gateway"].beside
    [sender] = [one for one in beside if isinstance(one, sending.Sender)]
    monkeypatch.setattr(sender, "clock", lambda: here.runtime.clock() + ahead[0])
    there.answers[NEWS] = 422
    await told(hotline, 1)

    async def declined() -> bool:
        return len((await progress(hotline, made["id"]))["items"]) == 1

    await until(declined)
    await there.close()
    await told(hotline, 1)

    async def failing() -> bool:
        return bool((await progress(hotline, made["id"]))["failing_since"])

    await until(failing)
    there.answers.clear()
    ahead[0] = timedelta(0)
    await there.open()
    assert len(await there.has(2)) == 2
