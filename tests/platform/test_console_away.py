"""What is away is named, what is there goes on, and nothing is said of what nobody knows."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from console.asking import AWAY, Answer, Caller, Gateway
from console.describing import Describing
from console.routes.live import STREAM
from gateway.openapi import Joined
from gongzhi import keys
from tests.platform.test_console_door import NEW, OURS, SAID, problems
from tests.support.consoles import console_on, hand
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside

CENTRE = "command_centre"


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=WHISTLE) as running:
        yield running


def answering(monkeypatch: pytest.MonkeyPatch, instead: Callable[[str, Answer], Answer]) -> None:
    asked = Gateway.ask

    async def ask(self: Gateway, caller: Caller, path: str, *args: Any, **more: Any) -> Answer:
        return instead(path, await asked(self, caller, path, *args, **more))

    monkeypatch.setattr(Gateway, "ask", ask)


def described(path: str, answer: Answer, **info: Any) -> Answer:
    """What the gateway says of itself, with this told beside it."""
    if path != "/openapi.json":
        return answer
    document = answer.json()
    return Answer(200, json.dumps({**document, "info": {**document["info"], **info}}).encode())


class Behind:
    """Services that describe themselves, while they are there."""

    names = ("jars", "lids")

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.within: list[float] = []

    async def ask(self, service: str, path: str, within: float) -> tuple[int, Any]:
        self.within.append(within)
        said = {"info": {"title": service}, "paths": {f"/api/v1/{service}": {}}, "components": {}}
        return (503, {}) if service in self.away else (200, said)


async def described_by(whole: Joined) -> dict[str, Any]:
    text = await whole()
    assert text is not None
    return dict(json.loads(text.plain))


async def test_the_others_are_described_while_one_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.openapi.FRESH", 0)
    monkeypatch.setattr("gateway.openapi.MISSED", 0)
    behind = Behind()
    own: dict[str, Any] = {"info": {}, "paths": {}, "components": {"schemas": {}}}
    whole = Joined(lambda: own, behind)  # type: ignore[arg-type]
    behind.away = {"lids"}
    said = await described_by(whole)
    assert [*said["paths"]] == ["/api/v1/jars"] and said["info"]["x-missing"] == ["lids"]
    behind.away = set()
    said = await described_by(whole)
    assert len(said["paths"]) == 2 and "x-missing" not in said["info"]
    behind.away = {"jars"}
    assert await described_by(whole) == said
    assert behind.within[0] > behind.within[-1], "nobody waits long for one that hangs"


async def test_a_console_that_knows_of_more_goes_on_with_it(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = Gateway(platform.url)
    describing, now = Describing(gateway), [0.0]
    monkeypatch.setattr("console.describing.time.monotonic", lambda: now[0])
    known = await describing()
    less = json.dumps({"info": {"x-missing": ["whistle"]}, "paths": {}}).encode()
    with monkeypatch.context() as patched:
        answering(patched, lambda _, __: Answer(200, less))
        now[0] = 601
        assert await describing() is known and "whistle" in known.services
    now[0] = 612
    assert await describing() is not known, "asked again soon"
    await gateway.close()


async def test_a_console_forgets_a_service_that_has_gone(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it didn't, it took nothing new of any other either."""
    gateway = Gateway(platform.url)
    describing, now = Describing(gateway), [0.0]
    monkeypatch.setattr("console.describing.time.monotonic", lambda: now[0])
    assert "whistle" in (await describing()).services
    operation = {"operationId": "jars.things.show", "tags": ["罐 · 罐"], "responses": {}}
    new = {"info": {}, "paths": {"/api/v1/jars/things": {"get": operation}}}
    answering(monkeypatch, lambda _, __: Answer(200, json.dumps(new).encode()))
    now[0] = 601
    assert (await describing()).services == {"jars": "罐"}
    await gateway.close()


async def test_what_has_said_nothing_of_itself_is_named(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, lambda path, one: described(path, one, **{"x-missing": ["mediation"]}))
    async with console_on(platform) as url, hand(url, CENTRE) as centre:
        assert "没有应答：调解" in await centre.read("/")
        assert "没有应答" not in await centre.read("/console/whistle")
        page = await centre.session.get(f"{url}/console/mediation/cases")
        assert page.status == 503 and "调解没有应答" in await page.text()
        assert (await centre.session.get(f"{url}/console/nothing/cases")).status == 404


async def test_a_console_that_knows_nothing_yet_does_not_look_empty(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console_on(platform) as url, hand(url, CENTRE) as centre:
        with monkeypatch.context() as patched:
            answering(patched, lambda path, one: AWAY if path == "/openapi.json" else one)
            async with console_on(platform) as begun, centre.session.get(f"{begun}/") as page:
                text = await page.text()
                assert page.status == 503 and "平台没有应答" in text and "没有等您" not in text
        assert "没有等您办理的事项" in await centre.read("/")


async def test_who_looks_at_how_it_runs_is_told_that_nobody_answers(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console_on(platform) as url, hand(url, CENTRE) as centre:
        assert "就绪" in await centre.read("/console/running")
        answering(monkeypatch, lambda _, __: AWAY)
        page = await centre.session.get(f"{url}/console/running")
        assert page.status == 503 and "平台没有应答" in await page.text()


async def test_what_is_away_is_called_by_its_name_where_one_looks_how_it_runs(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = {"ready": False, "troubles": {"mediation": "连不上"}, "degraded": {}}
    ready = Answer(503, json.dumps(health).encode())

    def instead(path: str, one: Answer) -> Answer:
        return ready if path == "/readyz" else described(path, one, **{"x-missing": ["mediation"]})

    answering(monkeypatch, instead)
    async with console_on(platform) as url, hand(url, CENTRE) as centre:
        page = await centre.read("/console/running")
        assert ">调解</th>" in page and "连不上" in page and ">mediation<" not in page


@pytest.mark.parametrize("away", ["/api/v1/housing/", "/api/v1/whistle/"])
async def test_a_resident_is_told_before_he_fills_in_what_cannot_be_sent(
    platform: Inside, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    async with console_on(platform) as url:
        async with platform.session.get(f"{url}/console/resident") as page:
            assert page.status == 200 and "暂时不能提交" not in await page.text()
        answering(monkeypatch, lambda path, one: AWAY if path.startswith(away) else one)
        async with platform.session.get(f"{url}/console/resident") as page:
            assert page.status == 503 and "暂时不能提交" in await page.text()


async def test_a_step_whose_answer_was_lost_is_the_same_one_when_its_form_is_sent_again(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console_on(platform) as url, hand(url, OURS) as ours:
        form = {**SAID, "_forgery": await ours.forgery(NEW), "_key": "collect-0001"}
        with monkeypatch.context() as patched:
            answering(patched, lambda path, one: AWAY if path.endswith("/problems") else one)
            page = await ours.send(NEW, form, 503)
        assert "平台没有应答" in page and 'name="_key" value="collect-0001"' in page
        await ours.send(NEW, form)
        assert await problems(platform) == 1
        other = await ours.send(NEW, {**form, "title": "楼道停车"}, 422)
        assert "这张表已经提交过" in other and "collect-0001" not in other
        assert await problems(platform) == 1


async def test_a_console_that_stops_ends_the_streams_of_its_pages(platform: Inside) -> None:
    """Its stop would wait for each of them."""
    gateway = Gateway(platform.url)
    token = keys.token(platform.data, CENTRE)
    chunks = gateway.stream(Caller(token), STREAM)
    assert await anext(chunks)
    rest = asyncio.create_task(anext(chunks, None))
    _, going_on = await asyncio.wait([rest], timeout=0.5)
    assert going_on
    gateway.leave()
    assert await asyncio.wait_for(rest, 60) is None
    await gateway.close()
