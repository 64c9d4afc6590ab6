"""Every page of the console before axe-core: nothing serious, nothing critical, nothing heavy, no code in its words.

What every office has for each role and in both sizes; every kind of page of every service once, on a phone.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from gongzhi.roster import SERVICES
from tests.support.consoles import DESK, PATIENCE, PHONE, console_on, fits, unheard, unsaid, window
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside
from tests.support.provider import packages

ROLES = (
    "community:guanshangzhongxinqu",
    "street:guanshang",
    "department:water",
    "command_centre",
    "district_admin",
)
BEGIN = (
    "/",
    "/console/whistle",
    "/console/whistle/wall",
    "/console/done",
    "/console/begun",
    "/console/whistle/whistles",
    "/console/story",
    "/console/rules",
    "/console/running",
)
ALL = tuple(f"/console/{name}" for name in (*SERVICES, "gateway"))
PUBLIC = ("/console/sign-in", "/console/resident", "/console/resident/receipt")
ENOUGH, EVERY = 15, 200
"""Pages of one role and size, and of all services: of those that are alike, one stands for all."""
HEAVY = 100_000
CODE = re.compile(r"[a-z]+_[a-z_]+|[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}")
"""A field's own name, a record's id, a file's digest: nobody reads those."""
STEPS = ("new", "do", "batch")
OWN = frozenset(
    "board wall ranks calendar line table scorecards editions reports imports policy".split()
)
"""Pages that are made for one service or of one kind; the rest are lists, and records of lists."""
FILES = ("/console/paper/", "/console/reports/")
MADE = re.compile(r"/console/(\w+)/(\w+)(/…)?(/new|/do|/batch)?$")
SERIOUS = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.impact} ${one.id}: ${one.nodes[0].html.slice(0, 120)}`)"""
"""What is no violation is neither looked up nor told: that was half of the time."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")


@pytest.fixture
async def url(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str
) -> AsyncIterator[str]:
    whole = "every_kind" in request.node.name
    async with inside(tmp_path / "data", only=SERVICES if whole else WHISTLE) as platform:
        await filled(platform)
        async with console_on(platform) as address:
            yield address


async def filled(platform: Inside) -> None:
    """A whistle that a unit is at work on, and a problem."""
    body = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    matter = {"title": "河道排污口（演示）", "category": "water"}
    made = await platform("street:guanshang").post("/api/v1/whistle/whistles", {**body, **matter})
    for step in ("register", "dispatch"):
        await platform("command_centre").step("/api/v1/whistle/whistles", made["id"], step)


def alike(path: str) -> str:
    """The same kind of page: without ids and without what is asked."""
    parts = urlsplit(path).path.split("/")
    kind = "/".join("…" if n == 4 and part not in STEPS else part for n, part in enumerate(parts))
    made = MADE.match(kind)
    if made is None or made[2] in OWN:
        return kind
    return f"{made[1]}: {made[3] or ''}{made[4] or ''}"


async def found(page: Page, program: str) -> list[str]:
    """What axe says, in a line each. It is put in by the test: the pages' own policy lets nothing foreign in."""
    await page.evaluate(program)
    return await page.evaluate(SERIOUS, {"type": "tag", "values": RULES})  # type: ignore[no-any-return]


async def walked(
    page: Page, url: str, begin: tuple[str, ...], program: str, enough: int = ENOUGH
) -> dict[str, list[str]]:
    waiting, seen, wrong = list(begin), set[str](), dict[str, list[str]]()
    while waiting and len(seen) < enough:
        path = waiting.pop(0)
        if alike(path) in seen:
            continue
        seen.add(alike(path))
        answer = await page.goto(url + path)
        assert answer is not None
        faults = [*await found(page, program), *await unsaid(page), *await unheard(page)]
        if len(await answer.body()) > HEAVY:
            faults.append("too heavy")
        if enough == EVERY and answer.status != 200:
            faults.append(f"{answer.status}")
        if enough == EVERY and path != "/console/whistle/units":  # the register of codes itself
            faults += CODE.findall(await page.locator("main").inner_text())
        if not await fits(page):
            faults.append("too wide")
        if faults:
            wrong[path] = faults
        links = await page.eval_on_selector_all(
            "main a[href^='/console/']", "all => all.map(one => one.getAttribute('href'))"
        )
        waiting += [link for link in links if not link.startswith(FILES)]
    assert len(seen) >= len(begin)
    return wrong


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_serious_on_any_page_of_any_role(
    url: str, opened: Browser, size: dict[str, int]
) -> None:
    program = (packages() / "axe-core" / "axe.min.js").read_text("utf-8")
    wrong: dict[str, dict[str, list[str]]] = {}
    context = await opened.new_context(locale="zh-CN", viewport=size, bypass_csp=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    wrong["nobody"] = await walked(await context.new_page(), url, PUBLIC, program)
    for role in ROLES:
        visit = await window(opened, url, role, size)
        wrong[role] = await walked(visit.page, url, BEGIN, program)
        await visit.page.context.close()
    assert {role: pages for role, pages in wrong.items() if pages} == {}


async def test_every_kind_of_page_of_every_service_is_sound_on_a_phone(
    url: str, opened: Browser
) -> None:
    program = (packages() / "axe-core" / "axe.min.js").read_text("utf-8")
    visit = await window(opened, url, "district_admin", PHONE)
    assert await walked(visit.page, url, (*BEGIN, *ALL), program, EVERY) == {}
