"""The feed as it comes: what a page of it would show, in its order, without a gap."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.service import open_store
from chassis.store import Has, In
from gateway import feed
from gateway.journal import Journal
from gateway.live import Live
from gateway.wanted import Wanted
from gongzhi.office import Office
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.news import told
from tests.support.sse import STREAM, reading

NEWS = "partner.problem_reported.v1"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


async def pages(office: Office, **about: Any) -> list[dict[str, Any]]:
    found: Any = await office.get("/api/v1/events", limit=500, **about)
    return list(found["items"])


async def test_what_comes_is_what_the_pages_show_to_whoever_reads(here: Inside) -> None:
    hotline = here("partner:hotline")
    reference = await told(hotline, 5)
    async with reading(here("command_centre"), after=0, reference=reference) as stream:
        before = await stream.some(5)
        await told(hotline, 3)
        await told(hotline, 2, reference=reference)
        after = await stream.some(5)
    for who in ("command_centre", "partner:hotline", "community:jiangong", "street:guanshang"):
        expected = await pages(here(who))
        if expected:
            async with reading(here(who), after=0) as stream:
                assert await stream.some(len(expected)) == expected, who
    numbers = [one["number"] for one in (*before, *after)]
    assert numbers == sorted(set(numbers))
    assert {one["reference"] for one in (*before, *after)} == {reference}


async def test_who_comes_again_with_the_last_number_misses_nothing(here: Inside) -> None:
    hotline, centre = here("partner:hotline"), here("command_centre")
    async with reading(centre) as stream:
        await told(hotline, 2)
        first = await stream.some(2)
        last = stream.last
    await told(hotline, 4)
    async with reading(centre, last=last) as stream:
        rest = await stream.some(4)
    everything = await pages(centre, after=first[0]["number"] - 1)
    assert everything[: len(first) + len(rest)] == [*first, *rest]


async def test_who_comes_again_after_a_stream_without_an_event_misses_nothing_either(
    here: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happened between the two would be neither new nor behind a number."""
    monkeypatch.setattr(feed, "LASTS", 0.2)
    hotline = here("partner:hotline")
    await told(hotline, 2)
    await here.idle()
    async with reading(hotline) as stream:
        assert await stream.next() is None
        last = stream.last
    reference = await told(hotline, 1)
    monkeypatch.undo()
    async with reading(hotline, last=last, type=NEWS) as stream, asyncio.timeout(60):
        [one] = await stream.some(1)
    assert one["reference"] == reference


async def test_without_a_number_it_begins_with_what_is_new(here: Inside) -> None:
    hotline = here("partner:hotline")
    earlier = await told(hotline, 3)

    async def kept() -> bool:
        return len(await pages(hotline, reference=earlier, type=NEWS)) == 3

    await until(kept)
    async with reading(hotline, type=NEWS) as stream:
        reference = await told(hotline, 1)
        async with asyncio.timeout(60):
            one = await stream.next()
    assert one is not None
    assert one["reference"] == reference


@pytest.mark.parametrize("last", ["x", "１２", "1" * 16])
async def test_a_last_number_that_is_none_is_named(here: Inside, last: str) -> None:
    headers = {"Authorization": f"Bearer {here('command_centre').token}"}
    said = {**headers, "Last-Event-ID": last.encode().decode("latin-1")}
    async with here.session.get(here.url + STREAM, headers=said) as answer:
        assert answer.status == 422
        assert (await answer.json())["field"] == "Last-Event-ID"


async def test_a_number_that_was_never_given_is_named_and_not_waited_for(here: Inside) -> None:
    """After a restore numbers are given a second time: who waits behind one that is gone would pass them over."""
    centre = here("command_centre")
    await told(here("partner:hotline"), 1)
    newest = (await pages(here("command_centre")) or [{"number": 0}])[-1]["number"]
    said = {"Authorization": f"Bearer {centre.token}"}
    beyond = str(newest + 1000)
    for path, headers, field in (
        (STREAM, {**said, "Last-Event-ID": beyond}, "Last-Event-ID"),
        (f"{STREAM}?after={beyond}", said, "after"),
        (f"/api/v1/events?after={beyond}", said, "after"),
    ):
        async with here.session.get(here.url + path, headers=headers) as answer:
            problem = await answer.json()
            assert (answer.status, problem["field"]) == (422, field), problem
            assert beyond in problem["detail"]


async def test_who_sees_no_events_is_told_so_at_once(here: Inside) -> None:
    headers = {"Authorization": f"Bearer {here('expert:e1').token}"}
    async with here.session.get(here.url + STREAM, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (403, "application/problem+json")


async def test_a_subject_keeps_so_many_open_and_gets_its_places_back(
    here: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "STREAMS_EACH", 2)
    centre = here("command_centre")
    headers = {"Authorization": f"Bearer {centre.token}"}
    async with reading(centre), reading(centre):
        async with here.session.get(here.url + STREAM, headers=headers) as answer:
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) > 0
        async with reading(here("discipline")):
            pass  # another's are another's

    async def free() -> bool:
        async with here.session.get(here.url + STREAM, headers=headers) as answer:
            return answer.status == 200

    async with asyncio.timeout(60):
        while not await free():
            await asyncio.sleep(0.1)


async def test_it_ends_after_its_time(here: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LASTS", 0.2)
    await here.idle()
    async with reading(here("command_centre")) as stream:
        assert await stream.next() is None


async def test_while_nothing_comes_it_is_said_that_it_still_stands(
    here: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT", 0.05)
    hotline = here("partner:hotline")
    headers = {"Authorization": f"Bearer {hotline.token}"}
    async with here.session.get(here.url + STREAM, headers=headers) as answer:
        lines = [await answer.content.readline() for _ in range(6)]
        assert lines[0].startswith(b"id: ") and lines == [lines[0], b"\n"] * 3
        await told(hotline, 1)
        async with asyncio.timeout(60):
            while not (await answer.content.readline()).startswith(b"event: "):
                pass


async def test_it_ends_when_the_process_does(here: Inside) -> None:
    async with reading(here("command_centre")) as stream:
        stopping = asyncio.ensure_future(here.stop())
        assert await stream.next() is None
        await stopping


async def test_who_waited_before_the_newest_was_known_looks_for_himself(sqlite_url: str) -> None:
    store = open_store(sqlite_url, "gateway", "motor")

    async def nobody(_: str) -> None:
        """No partner began this case."""

    live = Live(Journal(store, nobody, lambda _: None))
    await store.prepare("events", ())
    try:
        with live.waiting({}) as news:
            await live.start()
            async with asyncio.timeout(60):
                await news.wait()
    finally:  # an open store would keep the run from ending
        await live.stop()
        await store.close()


def test_what_is_asked_narrows_what_may_be_seen_and_never_widens_it() -> None:
    everything = Wanted()
    assert everything.where({}) == {}
    assert everything.where({"street": "a"}) == {"keys.street": "a"}
    assert Wanted(street="b").where({"street": "a"}) is None
    assert Wanted(street="a").where({"street": "a"}) == {"keys.street": "a"}
    assert Wanted(street="b").where({"partner": "p"}) == {
        "keys.partner": "p",
        "keys.street": "b",
    }
    assert Wanted(community="b").where({"community": "a"}) is None
    assert Wanted(community="a").where({"street": "s"}) == {
        "keys.street": "s",
        "keys.community": "a",
    }
    both = Wanted(unit="u2").where({"units": Has(["u1"])})
    assert both == {"keys.units": Has(["u1", "u2"])}
    assert Wanted(type=("x", "y"), subject="s").where({}) == {
        "type": In(("x", "y")),
        "subject": "s",
    }
