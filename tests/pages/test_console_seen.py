"""What tells pages apart and where one is: for who hears them, who has colours of his own, and who has a thumb."""

import re

from playwright.async_api import Browser, expect

from tests.platform.test_whistle_proofs import called
from tests.support.consoles import window
from tests.support.held import WHISTLE
from tests.support.inside import Inside

SERVICES = WHISTLE


async def test_a_pages_title_says_of_what_it_is_and_what_came_of_it(
    platform: Inside, url: str, opened: Browser
) -> None:
    """It is what is read out first, and all that one sees of a tab."""
    id = await called(platform, "water")
    page = (await window(opened, url, "department:water")).page
    await page.goto(f"{url}/console/whistle/whistles/{id}")
    await page.get_by_role("link", name=re.compile("^报到")).click()
    await expect(page).to_have_title(re.compile("^报到.* · 河道渗漏 · 共治$"))
    await page.locator("form.step").evaluate("one => { one.noValidate = true; }")
    await page.get_by_label("地点").fill("北" * 200)
    await page.locator("form.step").get_by_role("button", name="报到").click()
    await expect(page).to_have_title(re.compile("^未能办理：报到.* · 河道渗漏 · 共治$"))
    await page.goto(f"{url}/console/whistle/whistles/{id}?done=报到")
    await expect(page).to_have_title("已办：报到 · 河道渗漏 · 共治")
    await page.goto(f"{url}/console/whistle/whistles?acted_by=me")
    await expect(page).to_have_title("哨 · 已办 · 吹哨报到 · 共治")
    await page.goto(f"{url}/console/whistle/wall")
    await expect(page).to_have_title("吹哨报到一览 · 共治")
    await page.goto(f"{url}/console/whistle/whistles/none")
    await expect(page).to_have_title("未能办理 · 共治")
