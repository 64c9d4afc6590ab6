"""The API's pages: read and tried in a browser, with nothing fetched from elsewhere and nothing run inline."""

from pathlib import Path
from urllib.parse import urljoin

from jsonschema import Draft202012Validator
from playwright.async_api import Browser

from tests.support.browser import Visit
from tests.support.held import WHISTLE
from tests.support.inside import inside, starting


async def test_the_api_is_read_and_tried_on_a_page_that_asks_nobody_else(
    tmp_path: Path, sqlite_url: str, opened: Browser
) -> None:
    async with inside(tmp_path / "data", only=WHISTLE) as platform:
        context = await opened.new_context(locale="zh-CN")
        page = await context.new_page()
        visit = Visit(page, platform.url)
        answer = await page.goto(f"{platform.url}/docs")
        assert answer is not None
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        await page.locator(".opblock-tag").first.wait_for(timeout=120_000)
        await page.get_by_role("button", name="Authorize").first.click()
        await page.get_by_label("Value").fill(platform("command_centre").token)
        await page.get_by_role("button", name="Apply credentials").click()
        await page.get_by_role("button", name="Close").click()
        await page.get_by_role("link", name="吹哨报到 · 问题").click()
        path = page.locator('[data-path="/api/v1/whistle/problems"]')
        listing = page.locator(".opblock-get").filter(has=path)
        await listing.locator(".opblock-summary-control").click()
        await listing.get_by_role("button", name="Try it out").click()
        await listing.get_by_role("button", name="Execute").click()
        said = listing.locator(".live-responses-table .response-col_status")
        await said.first.wait_for()
        assert (await said.all_inner_texts())[-1].startswith("200")
        assert (visit.errors, visit.strangers) == ([], [])


async def test_events_are_described_beside_it_as_they_were_released(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with starting(tmp_path / "data", only=("housing",)) as platform:
        async with platform.session.get(f"{platform.url}/asyncapi.json") as answer:
            document = await answer.json()
        assert document["asyncapi"].startswith("3.")
        async with platform.session.get(f"{platform.url}/schemas") as answer:
            listed = (await answer.json())["items"]
        assert len(listed) > 40
        for item in listed:
            async with platform.session.get(platform.url + item["href"]) as answer:
                schema = await answer.json()
            Draft202012Validator.check_schema(schema)
            assert schema["title"] == item["type"]
        for type, message in document["components"]["messages"].items():
            referred = urljoin(f"{platform.url}/asyncapi.json", message["payload"]["$ref"])
            async with platform.session.get(referred) as answer:
                assert (await answer.json())["title"] == type
        for nothing in ("/schemas/nothing.v1", "/docs/docs.html", "/docs/..%2fmain.py"):
            async with platform.session.get(platform.url + nothing) as answer:
                assert answer.status == 404
