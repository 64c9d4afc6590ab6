"""Open311 GeoReport v2 through the front door: JSON and XML, no token, nothing confidential in any answer."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.platform.test_whistle_receipts import RECEIPTS, say
from tests.support.inside import HeldClock, Inside, inside

BASE = "/api/v1/whistle/open311/v2"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
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


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", clock=HeldClock(NOW)) as running:
        await running.ready()
        yield running


async def get(running: Inside, path: str, **query: str) -> tuple[int, str, str]:
    async with running.session.get(running.url + BASE + path, params=query) as answer:
        return answer.status, answer.content_type, await answer.text()


async def post(running: Inside, path: str, **form: str) -> tuple[int, str]:
    async with running.session.post(running.url + BASE + path, data=form) as answer:
        return answer.status, await answer.text()


async def test_the_services_are_the_categories(platform: Inside) -> None:
    async with platform.session.get(platform.url + BASE + "/services.json") as answer:
        codes = {service["service_code"] for service in await answer.json()}
    assert {"noise", "water", "other"} <= codes
    status, media, text = await get(platform, "/services.xml")
    assert (status, media) == (200, "application/xml")
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
        ({"service_code": "weather"}, 400),
        ({"address_id": "nowhere"}, 400),
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


async def test_what_is_not_there_is_not_found_in_the_form_asked_for(platform: Inside) -> None:
    status, media, _ = await get(platform, "/requests/none.xml")
    assert (status, media) == (404, "application/xml")
    status, _, text = await get(platform, "/requests/none.json")
    assert status == 404 and '"code":"404"' in text
    assert (await get(platform, "/requests/none.pdf"))[0] == 404
    assert (await get(platform, "/services.pdf"))[0] == 422
    assert (await get(platform, "/requests.json", start_date="2025-01-01T00:00:00Z"))[0] == 400
