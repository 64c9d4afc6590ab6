"""The console's door: sessions, forged forms, the policy on what a page may load; and that pages stay small."""

import html
import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from console.sections import OVERSEEING
from console.visitors import COOKIE
from console.waiting import OVERSEERS
from gongzhi import keys
from tests.support.consoles import hand, url
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside

__all__ = ["url"]

STREET = "street:jinma"
NEW = "/console/whistle/problems/new?step=collect"
SAID = {
    "channel": "visit",
    "community": "guanshangzhongxinqu",
    "category": "parking",
    "title": "楼道堆物",
    "asked": "请清理（演示）",
}
OURS = "community:guanshangzhongxinqu"
MOST = 100_000
TO_ONE = re.compile(r"/whistle/problems/([A-Za-z0-9-]{16,})")


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=WHISTLE) as running:
        yield running


async def problems(platform: Inside) -> int:
    found = await platform("command_centre").get("/api/v1/whistle/problems", count="true")
    return int(found["count"])


async def test_a_form_without_the_pages_own_token_does_nothing(platform: Inside, url: str) -> None:
    async with hand(url, OURS) as ours, hand(url, OURS) as other:
        for forgery in ("", "forged", await other.forgery(NEW)):
            await ours.send(NEW, {**SAID, "_forgery": forgery}, 403)
        await ours.send("/console/sign-out", {}, 403)
        assert await problems(platform) == 0
        await ours.send(NEW, {**SAID, "_forgery": await ours.forgery(NEW)})
        assert await problems(platform) == 1


async def test_who_has_no_session_left_reads_again_what_was_typed_and_is_led_to_sign_in(
    platform: Inside, url: str
) -> None:
    async with hand(url, OURS) as ours, hand(url) as nobody:
        form = {**SAID, "asked": "<b>请清理</b>", "_forgery": await ours.forgery(NEW)}
        assert SAID["title"] not in await nobody.send(NEW, form, 403)
        await nobody.read("/console/sign-in")
        page = await nobody.send(NEW, form, 403)
        assert SAID["title"] in page and "&lt;b&gt;请清理" in page and "/console/sign-in" in page
        assert form["_forgery"] not in page and "_take" not in page
        assert await problems(platform) == 0


@pytest.mark.parametrize(
    "path", ["paper/%2e%2e/%2e%2e/metrics", "paper/%2E/whistle", "whistle/problems/%2e%2e"]
)
async def test_no_page_leads_out_of_what_it_asks_of_the_platform(url: str, path: str) -> None:
    async with hand(url, OURS) as ours:
        async with ours.session.get(URL(f"{url}/console/{path}", encoded=True)) as answer:
            assert answer.status == 404, await answer.text()


async def test_a_form_sent_twice_is_one_step(platform: Inside, url: str) -> None:
    async with hand(url, OURS) as ours:
        page = await ours.read(NEW)
        key = re.search(r'name="_key" value="([^"]+)"', page)
        assert key is not None
        form = {**SAID, "_forgery": await ours.forgery(NEW), "_key": key[1]}
        for _ in range(2):
            await ours.send(NEW, form)
        assert await problems(platform) == 1


async def test_a_community_s_form_is_about_itself_and_a_closed_step_says_so_in_place_of_its_button(
    url: str,
) -> None:
    async with hand(url, OURS) as ours, hand(url, "street:guanshang") as street:
        page = await ours.read(NEW)
        assert 'value="guanshangzhongxinqu"' in page and 'value="hepinglu"' not in page
        form = {**SAID, "_forgery": await ours.forgery(NEW)}
        made = TO_ONE.search(await ours.send(NEW, form))
        assert made is not None
        settle = f"/console/whistle/problems/{made[1]}/do?step=/api/v1/whistle/problems/{made[1]}/"
        for step, closed in (("settle", True), ("triage", False)):
            page = await street.read(settle + step)
            assert ("现在不能办理" in page) == closed
            assert ('name="_take"' in page) != closed


async def test_of_two_tabs_on_one_record_the_later_reads_that_it_is_and_sends_again_what_it_typed(
    url: str,
) -> None:
    async with hand(url, OURS) as ours:
        made = TO_ONE.search(await ours.send(NEW, {**SAID, "_forgery": await ours.forgery(NEW)}))
        assert made is not None
        triage = (
            f"/console/whistle/problems/{made[1]}/do?step=/api/v1/whistle/problems/{made[1]}/triage"
        )
        kind = {"kind": "problem", "urgency": "normal", "difficulty": "easy"}
        form = {**kind, "handling": "immediate", "_forgery": await ours.forgery(triage)}
        first = await ours.send(triage, {**form, "_version": "1"})
        assert "已办：分类" in first
        late = await ours.send(triage, {**form, "handling": "joint", "_version": "1"}, 412)
        # Where the page begins to be read.
        assert 'role="alert" id="problem" tabindex="-1">在您打开之后' in late
        assert '<option value="joint" selected>' in late and 'name="_version" value="2"' in late


async def test_a_street_s_form_offers_its_own_communities_and_the_command_centre_s_all(
    url: str,
) -> None:
    offered = {}
    for office in ("street:guanshang", STREET, "command_centre"):
        async with hand(url, office) as somebody:
            page = await somebody.read(NEW)
        choice = page.partition('name="community"')[2].partition("</select>")[0]
        offered[office] = set(re.findall(r'<option value="(\w+)"', choice))
    ours, others, every = offered.values()
    assert "guanshangzhongxinqu" in ours and others and not ours & others
    assert ours | others < every


async def test_signing_in_begins_another_session_and_its_cookie_is_sealed(
    platform: Inside, url: str
) -> None:
    async with hand(url) as somebody:
        before = await somebody.forgery()
        form = {"_forgery": before, "acts_as": STREET, "then": "//elsewhere.example/"}
        async with somebody.session.post(
            f"{url}/console/sign-in", data=form, allow_redirects=False
        ) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            [said] = answer.headers.getall("Set-Cookie")
        kept = SimpleCookie(said)[COOKIE]
        assert kept["httponly"] and kept["samesite"] == "lax" and kept["path"] == "/"
        head = keys.token(platform.data, STREET).partition(".")[0]
        assert head not in kept.value and STREET not in kept.value
        assert await somebody.forgery("/") != before
    # Altered, it opens nothing.
    for value, status in ((kept.value, 200), (kept.value[:40] + "AAAA" + kept.value[44:], 303)):
        async with aiohttp.ClientSession(cookies={COOKIE: value}) as bearer:
            async with bearer.get(url, allow_redirects=False) as answer:
                assert answer.status == status


async def test_every_kind_of_office_that_overlooks_the_district_can_be_tried(url: str) -> None:
    async with hand(url) as somebody:
        page = await somebody.read("/console/sign-in")
        offered = set(re.findall(r'<button name="acts_as" value="(\w+)"', page))
    assert offered >= OVERSEERS | OVERSEEING


async def test_nobody_signs_in_as_an_office_that_there_is_not(url: str) -> None:
    async with hand(url) as somebody:
        form = {"_forgery": await somebody.forgery(), "acts_as": "emperor"}
        await somebody.send("/console/sign-in", form, 422)


async def test_a_page_may_load_nothing_but_ours_and_runs_only_what_carries_its_nonce(
    url: str,
) -> None:
    async with hand(url, STREET) as ours:
        nonces = set()
        for path in ("/", "/console/whistle/whistles", "/console/resident", "/console/nothing"):
            async with ours.session.get(url + path) as answer:
                policy, page = answer.headers["Content-Security-Policy"], await answer.text()
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cache-Control"] == "no-store"
            [nonce] = re.findall(r"script-src 'nonce-([^']+)'", policy)
            nonces.add(nonce)
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy and "http" not in policy
            scripts = re.findall(r"<script[^>]*>[^<]*", page)
            assert scripts and all(f'nonce="{nonce}"' in one for one in scripts)
            assert all(one.endswith(">") for one in scripts)
            assert not re.search(r"""\s(on[a-z]+|style)=["']""", page)
        assert len(nonces) == 4


async def test_what_was_written_is_shown_as_text_whatever_it_is(url: str) -> None:
    async with hand(url, OURS) as ours:
        evil = "<script>alert(1)</script>"
        form = {**SAID, "title": evil, "_forgery": await ours.forgery(NEW)}
        page = await ours.send(NEW, form)
        assert html.escape(evil) in page and evil not in page


async def test_who_is_not_signed_in_is_asked_to_and_comes_back(url: str) -> None:
    async with hand(url) as somebody:
        async with somebody.session.get(
            f"{url}/console/whistle/whistles?state=blown", allow_redirects=False
        ) as answer:
            assert answer.status == 303
            to = answer.headers["Location"]
        assert to == "/console/sign-in?then=/console/whistle/whistles%3Fstate%3Dblown"
        assert "/console/whistle/whistles?state=blown" in html.unescape(await somebody.read(to))


async def test_the_console_is_at_home_with_a_slash_at_the_end_and_without(url: str) -> None:
    async with hand(url) as somebody:
        for path in ("/console", "/console/"):
            async with somebody.session.get(url + path, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_no_page_is_large_none_fails_and_all_have_a_title(platform: Inside, url: str) -> None:
    """Whatever a link leads to, as four offices; of pages that are alike, some."""
    for office in (OURS, "command_centre", "department:water", "district_admin"):
        async with hand(url, office) as somebody:
            if office == OURS:
                form = {**SAID, "_forgery": await somebody.forgery(NEW)}
                await somebody.send(NEW, form)
            waiting, seen = (
                ["/", "/console/running", "/console/running/whistle", "/console/whistle/wall"],
                set[str](),
            )
            while waiting and len(seen) < 90:
                path = waiting.pop(0)
                if path in seen:
                    continue
                seen.add(path)
                async with somebody.session.get(url + path) as answer:
                    page = await answer.text()
                    assert answer.status in (200, 403, 404), (office, path, answer.status)
                assert len(page.encode()) < MOST, (path, len(page))
                assert re.search(r"<h1[^>]*>[^<]+", page), path
                links = [html.unescape(one) for one in re.findall(r'href="(/console/[^"]+)"', page)]
                waiting += [one for one in links if "/static/" not in one][:40]
            assert len(seen) > 20


async def test_a_file_is_handed_on_as_it_is(platform: Inside, url: str) -> None:
    body = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    matter = {"title": "河道排污口", "category": "water"}
    made = await platform(STREET).post("/api/v1/whistle/whistles", {**body, **matter})
    for step in ("register", "dispatch"):
        await platform("command_centre").step("/api/v1/whistle/whistles", made["id"], step)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20 + b"\r\n--\n\r"
    page = f"/console/whistle/whistles/{made['id']}"
    async with hand(url, "department:water") as unit:
        found = re.search(r'href="([^"]+proofs[^"]*)"', await unit.read(page))
        assert found is not None
        step = html.unescape(found[1])
        form = aiohttp.FormData()
        form.add_field("_forgery", await unit.forgery(step))
        form.add_field("_file", picture, filename="a.png", content_type="image/png")
        async with unit.session.post(url + step, data=form) as answer:
            assert answer.status == 200, await answer.text()
            proof = answer.url.query["filed"]
            assert f"filed={proof}" in html.unescape(await answer.text())
    async with platform.session.get(
        f"{platform.url}/api/v1/whistle/whistles/{made['id']}/proofs/{proof}",
        headers={"Authorization": f"Bearer {platform('department:water').token}"},
    ) as answer:
        assert await answer.read() == picture
