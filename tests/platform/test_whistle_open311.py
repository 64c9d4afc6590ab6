"""Open311 GeoReport v2 through the front door: JSON and XML, no token, nothing confidential in any answer."""

import asyncio
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import structlog

from tests.platform.test_whistle_receipts import PROBLEMS, RECEIPTS, answered, say
from tests.platform.test_whistle_street import refused
from tests.support.held import NOW, clock, platform
from tests.support.inside import HeldClock, Inside, starting

__all__ = ["clock", "platform"]

BASE = "/api/v1/whistle/open311/v2"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = {
    "service_code": "noise",
    "address_id": "guanshangzhongxinqu",
    "address_string": "东门",
    "description": "烧烤摊凌晨还在营业",
    "last_name": "张",
    "first_name": "三丰",
    "phone": "13800138000",
    "api_key": "ignored",
    "lat": "25.0",
}
SECRETS = ("烧烤", "三丰", "13800138000", "东门")


async def get(running: Inside, path: str, **query: str) -> tuple[int, str, str]:
    async with running.session.get(running.url + BASE + path, params=query) as answer:
        return answer.status, answer.content_type, await answer.text()


PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"


async def post(running: Inside, path: str, **form: str) -> tuple[int, str]:
    async with running.session.post(running.url + BASE + path, data=form) as answer:
        return answer.status, await answer.text()


async def test_the_services_are_the_categories(platform: Inside) -> None:
    async with platform.session.get(platform.url + BASE + "/services.json") as answer:
        codes = {service["service_code"] for service in await answer.json()}
    assert {"noise", "water", "other"} <= codes
    status, media, text = await get(platform, "/services.xml")
    assert (status, media) == (200, "text/xml")
    root = ElementTree.fromstring(text)
    assert root.tag == "services"
    assert {one.findtext("service_code") for one in root.findall("service")} == codes


async def test_W_16_a_request_is_a_problem_and_shows_nothing_confidential(
    platform: Inside,
) -> None:
    status, text = await post(platform, "/requests.xml", **ASKED)
    assert status == 201
    request = ElementTree.fromstring(text).find("request")
    assert request is not None
    id, notice = request.findtext("service_request_id"), str(request.findtext("service_notice"))
    code = "".join(filter(str.isdecimal, notice))
    assert (await say(platform, RECEIPTS, code=code))[1]["problem"] == "collected"
    for path, query in (
        (f"/requests/{id}.json", {}),
        (f"/requests/{id}.xml", {}),
        ("/requests.json", {"service_code": "noise"}),
        ("/requests.xml", {}),
    ):
        status, _, shown = await get(platform, path, **query)
        assert status == 200 and str(id) in shown
        assert not any(secret in shown for secret in SECRETS)
    community: Any = platform("community:guanshangzhongxinqu")
    listed = await community.get("/api/v1/whistle/problems")
    [problem] = listed["items"]
    assert (problem["state"]["channel"], problem["state"]["title"]) == ("digital", "噪声扰民")
    assert not any(secret in str(listed) for secret in SECRETS[:3])
    asked = await community.get(f"/api/v1/whistle/problems/{id}/asked")
    assert asked["asked"] == ASKED["description"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_code": "weather"}, 404),
        ({"service_code": ""}, 400),
        ({"address_id": "nowhere"}, 400),
        ({"lat": "91"}, 400),
        ({"long": "nan"}, 400),
        ({"description": ""}, 400),
        ({"description": "长" * 4001}, 400),
    ],
)
async def test_a_request_that_cannot_be_taken_says_why(
    platform: Inside, change: dict[str, str], status: int
) -> None:
    said, text = await post(platform, "/requests.xml", **{**ASKED, **change})
    error = ElementTree.fromstring(text).find("error")
    assert error is not None and (said, error.findtext("code")) == (status, str(status))
    said, text = await post(platform, "/requests.json", **{**ASKED, **change})
    [told] = json.loads(text)
    assert (said, told["code"]) == (status, status) and told["description"]


@pytest.mark.parametrize("address", ["guanshangzhongxinqu", ""])
async def test_W_01_the_same_request_again_is_the_same_problem_and_anothers_is_another(
    platform: Inside, address: str
) -> None:
    """With a community, and waiting for its place. Who guesses a key is told of no code that isn't his."""
    url, said = platform.url + BASE + "/requests.json", {**ASKED, "address_id": address}

    async def sent(key: str, **more: str) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key}
        async with platform.session.post(url, data={**said, **more}, headers=headers) as answer:
            return answer.status, json.loads(await answer.text())[0]

    (first, told), (again, retold) = await sent("tapped-twice"), await sent("tapped-twice")
    assert (first, again) == (201, 201) and told == retold
    # What came again was not counted, however often it did.
    assert {(await sent("tapped-twice"))[1] == told for _ in range(10)} == {True}
    others = [await sent("tapped-twice", description="另一件事"), await sent("another-key")]
    assert len({told["service_request_id"], *(one["service_request_id"] for _, one in others)}) == 3
    assert (await sent("short"))[0] == 400


async def test_all_that_is_wrong_with_a_request_is_said_in_one_go(platform: Inside) -> None:
    wrong = {**ASKED, "description": "", "lat": "91"}
    said, text = await post(platform, "/requests.json", **wrong)
    fields = [one["description"].partition("：")[0] for one in json.loads(text)]
    assert said == 400 and fields == ["lat", "description"]
    _, text = await post(platform, "/requests.xml", **wrong)
    assert len(ElementTree.fromstring(text).findall("error")) == 2


async def test_W_01_a_report_of_no_known_place_waits_until_the_centre_places_it(
    platform: Inside,
) -> None:
    nowhere = {name: text for name, text in ASKED.items() if name != "address_id"}
    said, text = await post(platform, "/requests.json", **nowhere, long="102.7")
    [told] = json.loads(text)
    id, code = told["service_request_id"], "".join(filter(str.isdecimal, told["service_notice"]))
    assert said == 201 and (await say(platform, RECEIPTS, code=code))[1]["problem"] == "waiting"
    [row] = json.loads((await get(platform, f"/requests/{id}.json"))[2])
    assert (row["status"], row["status_notes"]) == ("open", "待确定地点")
    centre: Any = platform("command_centre")
    unplaced = "/api/v1/whistle/unplaced"
    [waiting] = (await centre.get(unplaced, state="waiting"))["items"]
    assert waiting["id"] == id
    words = await centre.get(f"{unplaced}/{id}/asked")
    assert words["asked"] == ASKED["description"]
    assert words["place"] == f"{ASKED['address_string']}；北纬 25.000000，东经 102.700000"
    overseer = platform("discipline")
    assert (await refused(overseer.get(f"{unplaced}/{id}/asked")))["status"] == 403
    sought = overseer.get(unplaced, q=ASKED["address_string"])
    assert (await refused(sought))["status"] == 422
    for path in (unplaced, f"{unplaced}/{id}", f"{unplaced}/{id}/trail"):
        text = json.dumps(await overseer.get(path), ensure_ascii=False)
        assert id in text or "UnplacedTaken" in text
        assert ASKED["address_string"] not in text and "102700000" not in text
    await centre.step(unplaced, id, "place", {"community": "guanshangzhongxinqu"})
    assert (await centre.get(unplaced, state="waiting"))["items"] == []
    async with asyncio.timeout(60):
        while (await say(platform, RECEIPTS, code=code))[1]["problem"] != "collected":
            await asyncio.sleep(0.05)
    assert (await centre.get(f"{PROBLEMS}/{id}"))["state"]["community"] == "guanshangzhongxinqu"


async def test_W_01_an_address_that_names_one_community_is_there(platform: Inside) -> None:
    nowhere = {name: text for name, text in ASKED.items() if name != "address_id"}
    named = {**nowhere, "address_string": "关上中心区社区东门"}
    _, text = await post(platform, "/requests.json", **named)
    centre: Any = platform("command_centre")
    problem = await centre.get(f"{PROBLEMS}/{json.loads(text)[0]['service_request_id']}")
    assert problem["state"]["community"] == "guanshangzhongxinqu"


async def test_each_refusal_is_written_as_the_description_says(platform: Inside) -> None:
    one, many = "/requests/{name}", "/requests.{form}"
    refused = [
        ("post", many, "/requests.xml", {"service_code": "weather"}, "text/xml"),
        ("post", many, "/requests.json", {"lat": "91"}, "application/json"),
        ("post", many, "/requests.json", {"description": "长" * 200_000}, PROBLEM),
        ("post", many, "/requests.pdf", {}, PROBLEM),
        *[("post", many, "/requests.xml", {"lat": "91"}, "text/xml")] * 9,
        ("get", many, "/requests.json", {"end_date": "soon"}, "application/json"),
        ("get", many, "/requests.json", {"stauts": "open"}, PROBLEM),
        ("get", one, "/requests/none.xml", {}, "text/xml"),
        ("get", one, "/requests/none.pdf", {}, PROBLEM),
    ]
    seen = set()
    paths = platform.services["whistle"].app()._app.openapi()["paths"]  # type: ignore[attr-defined]
    for method, template, path, said, written in refused:
        how: dict[str, Any] = {"params": said}
        if method == "post":
            sent = io.BytesIO(urlencode({**ASKED, **said}).encode())
            how = {"data": sent, "headers": {"Content-Type": FORM}}
        async with platform.session.request(method, platform.url + BASE + path, **how) as answer:
            declared = paths[BASE + template][method]["responses"][str(answer.status)]
            assert answer.content_type == written, (path, answer.status)
            assert written in declared["content"], (path, answer.status)
            seen.add(answer.status)
    assert seen == {400, 404, 413, 422, 429}


async def test_what_cannot_be_said_just_now_is_an_array_too_and_says_when_to_come_again(
    tmp_path: Path, sqlite_url: str, clock: HeldClock
) -> None:
    """Without the register nobody knows yet which communities there are."""
    async with starting(tmp_path / "data", clock=clock, only=("whistle",)) as running:
        async with asyncio.timeout(120):
            while (told := await get(running, "/services.json"))[0] != 200:
                assert told[0] == json.loads(told[2])[0]["code"] == 503
                await asyncio.sleep(0.05)
        for form, written in (("json", "application/json"), ("xml", "text/xml")):
            url = f"{running.url}{BASE}/requests.{form}"
            async with running.session.post(url, data=ASKED) as answer:
                text = await answer.text()
                assert (answer.status, answer.content_type) == (503, written)
                assert int(answer.headers["Retry-After"]) > 0
            if form == "json":
                [error] = json.loads(text)
            else:
                found = ElementTree.fromstring(text).find("error")
                assert found is not None
                error = {"code": int(found.findtext("code") or 0), "description": found[1].text}
            assert error["code"] == 503 and "同步" in error["description"]


async def test_clients_of_several_cities_name_theirs(platform: Inside) -> None:
    for path in ("/services.json", "/discovery.json", "/requests.json"):
        assert (await get(platform, path, jurisdiction_id="guandu.km"))[0] == 200


@pytest.mark.parametrize("body", [b"description=\xff\xfe", b"description=%D4%EB%C9%F9"])
async def test_a_form_that_is_no_utf_8_is_said_so(platform: Inside, body: bytes) -> None:
    url, form = platform.url + BASE + "/requests.json", {"Content-Type": FORM}
    async with platform.session.post(url, data=body, headers=form) as answer:
        [told] = json.loads(await answer.text())
        assert answer.status == told["code"] == 400 and "UTF-8" in told["description"]


async def test_what_clients_send_everywhere_is_taken_everywhere(platform: Inside) -> None:
    for path in ("/services.json", "/discovery.json", "/requests.json"):
        assert (await get(platform, path, api_key="none", extensions="true"))[0] == 200


async def test_what_is_not_there_is_not_found_in_the_form_asked_for(platform: Inside) -> None:
    status, media, _ = await get(platform, "/requests/none.xml")
    assert (status, media) == (404, "text/xml")
    status, _, text = await get(platform, "/requests/none.json")
    assert status == 404 and [error["code"] for error in json.loads(text)] == [404]
    assert (await get(platform, "/requests/none.pdf"))[0] == 404
    assert (await get(platform, "/services.pdf"))[0] == 422


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2025-01-01T00:00:00Z"},
        {"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"},
        {"end_date": "soon"},
        {"end_date": "9999-12-31T23:59:59-12:00"},
        {"start_date": "0001-01-01T00:00:00+08:00"},
        {"status": "open,solved"},
        {"service_request_id": ",".join(f"r{n}" for n in range(51))},
    ],
)
async def test_a_search_that_cannot_be_made_says_why_in_the_standards_words(
    platform: Inside, query: dict[str, str]
) -> None:
    status, media, text = await get(platform, "/requests.xml", **query)
    assert (status, media) == (400, "text/xml")
    assert ElementTree.fromstring(text).findtext("error/code") == "400"


async def test_discovery_says_where_it_is_and_when_the_services_may_have_changed(
    platform: Inside,
) -> None:
    _, _, text = await get(platform, "/discovery.json")
    told = json.loads(text)
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    assert told["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": BASE,
            "changeset": "2026-03-02T10:00:00+08:00",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    _, media, text = await get(platform, "/discovery.xml")
    root = ElementTree.fromstring(text)
    assert (media, root.tag) == ("text/xml", "discovery")
    assert root.findtext("endpoints/endpoint/url") == BASE
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]


async def rows(running: Inside, **query: str) -> list[dict[str, Any]]:
    status, _, text = await get(running, "/requests.json", **query)
    assert status == 200
    return list(json.loads(text))


async def taken(running: Inside, clock: HeldClock, at: datetime, code: str) -> str:
    clock.now = at
    _, text = await post(running, "/requests.json", **{**ASKED, "service_code": code})
    return str(json.loads(text)[0]["service_request_id"])


async def test_the_fifty_shown_are_the_latest_also_of_one_day(
    platform: Inside, clock: HeldClock
) -> None:
    taken_in = [
        await taken(platform, clock, NOW + timedelta(minutes=n), "noise") for n in range(54)
    ]
    shown = [row["service_request_id"] for row in await rows(platform)]
    assert shown == taken_in[::-1][:50]


async def test_requests_are_searched_by_id_service_time_and_status(
    platform: Inside, clock: HeldClock
) -> None:
    first = await taken(platform, clock, NOW, "noise")
    second = await taken(platform, clock, NOW + HOUR, "water")
    third = await taken(platform, clock, NOW + DAY, "noise")
    triage = {
        "kind": "problem",
        "urgency": "normal",
        "difficulty": "easy",
        "handling": "immediate",
    }
    street: Any = platform("street:guanshang")
    await street.step(PROBLEMS, first, "triage", triage)
    clock.now = NOW + DAY + HOUR
    await street.step(PROBLEMS, first, "settle", {"how": "已劝离"})

    async def ids(**query: str) -> list[str]:
        return [row["service_request_id"] for row in await rows(platform, **query)]

    assert await ids() == [third, second, first]
    assert await ids(service_code="noise") == [third, first]
    assert await ids(service_code="noise, water") == [third, second, first]
    assert await ids(service_code="parking") == []
    assert await ids(status="closed") == [first]
    assert await ids(status="open", service_code="noise") == [third]
    assert await ids(status="open,closed") == [third, second, first]
    until, since = "2026-03-02T10:30:00+08:00", "2026-03-02T03:00:00Z"
    assert await ids(end_date=until) == [first]
    assert await ids(start_date=since) == [third, second]
    assert await ids(start_date=since, end_date="2026-03-02T23:59:59") == [second]
    assert await ids(service_request_id=f"{second},none,{first}", status="open") == [second, first]
    assert await ids(service_request_id="", status="", service_code="") == await ids()
    clock.now = NOW + timedelta(days=91)
    assert await ids() == [third]


async def test_W_16_updated_is_when_the_case_moved_and_closed_when_it_closed(
    platform: Inside, clock: HeldClock
) -> None:
    id = await taken(platform, clock, NOW, "noise")
    centre: Any = platform("command_centre")

    async def told() -> tuple[str, str, str]:
        [row] = await rows(platform, service_request_id=id)
        assert row["requested_datetime"] == "2026-03-02T10:00:00+08:00"
        assert [row[field] for field in ("description", "address", "address_id")] == [None] * 3
        return row["status"], row["status_notes"], row["updated_datetime"]

    assert await told() == ("open", "已受理", "2026-03-02T10:00:00+08:00")
    clock.now = NOW + HOUR
    # Who reads the reporter leaves a trace, but none that anybody could see here.
    await centre.post(f"{PROBLEMS}/{id}/reporter", {"reason": "核对地址"})
    assert (await told())[2] == "2026-03-02T10:00:00+08:00"
    await answered(platform, id)
    assert await told() == ("closed", "已答复：已解决", "2026-03-02T11:00:00+08:00")
    clock.now = NOW + DAY
    [row] = await rows(platform, service_request_id=id)
    assert row["updated_datetime"] == "2026-03-02T11:00:00+08:00"
    assert row["agency_responsible"] == "区水务局"


async def test_W_16_an_address_posts_ten_times_a_minute_and_nothing_of_it_in_the_log(
    platform: Inside, clock: HeldClock
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(written))
    try:
        for number in range(10):
            clock.now = NOW + timedelta(seconds=number)
            # What is refused counts as well.
            code = "noise" if number % 2 else "weather"
            assert (await post(platform, "/requests.json", **{**ASKED, "service_code": code}))[
                0
            ] in (201, 404)
        async with platform.session.post(
            platform.url + BASE + "/requests.xml", data=ASKED
        ) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "51")
            text = await answer.text()
        assert ElementTree.fromstring(text).findtext("error/code") == "429"
        clock.now = NOW + timedelta(seconds=60)
        assert (await post(platform, "/requests.xml", **ASKED))[0] == 201
    finally:
        structlog.reset_defaults()
    assert "127.0.0.1" not in written.getvalue()
