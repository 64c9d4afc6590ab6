"""Files on the console: handed in one after another, named together, seen by whoever sees the record."""

import html
import re

import aiohttp

from tests.support.consoles import Hand, hand, url
from tests.support.held import clock, platform
from tests.support.inside import Inside

from .test_whistle_proofs import called, upload
from .test_whistle_receipts import STREET, WHISTLES

__all__ = ["url"]

__all__ = ["clock", "platform"]

PICTURES = tuple(b"\x89PNG\r\n\x1a\n" + name for name in (b"gate", b"pump"))
OFFERED = re.compile(r'name="proofs" value="([^"]+)"( checked)?')


def leads(page: str, step: str) -> str:
    """The form of a unit's own step that the page leads to."""
    found = re.search(rf'href="([^"]+%2F{step}(?:&amp;[^"]*)?)"', page)
    assert found is not None, step
    return html.unescape(found[1])


async def hands_in(unit: Hand, page: str, picture: bytes) -> str:
    path = leads(page, "proofs")
    form = aiohttp.FormData()
    form.add_field("_forgery", await unit.forgery(path))
    form.add_field("_file", picture, filename="a.png", content_type="image/png")
    async with unit.session.post(unit.url + path, data=form) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def test_W_05_two_files_are_handed_in_and_both_are_named_by_the_result(
    platform: Inside, url: str
) -> None:
    id = await called(platform, "water", "transport")
    record = f"/console/whistle/whistles/{id}"
    await platform("department:water").post(f"{WHISTLES}/{id}/units/water/arrive")
    await upload(platform, "department:transport", id, "transport")
    async with hand(url, "department:water") as unit:
        page = await unit.read(record)
        # Before anything is handed in there is nothing to choose: a field for it would take words, and refuse them.
        empty = await unit.read(leads(page, "result"))
        assert 'name="proofs"' not in empty and "请先在" in empty
        for number, picture in enumerate(PICTURES, 1):
            page = await hands_in(unit, page, picture)
            assert f"已收下 {number} 份文件" in page
        result = leads(page, "result")
        offered = OFFERED.findall(await unit.read(result))
        assert len(offered) == 2 and all(checked for _, checked in offered)
        # Whoever comes back later finds them, too: not chosen yet, and none of another unit's.
        later = leads(await unit.read(record), "result")
        assert OFFERED.findall(await unit.read(later)) == [(one, "") for one, _ in offered]
        said = [("outcome", "resolved"), ("summary", "已修复"), ("_forgery", await unit.forgery())]
        form = aiohttp.FormData([*said, *(("proofs", one) for one, _ in offered)])
        async with unit.session.post(url + result, data=form) as answer:
            assert answer.status == 200, await answer.text()
    state = (await platform(STREET).get(f"{WHISTLES}/{id}"))["state"]
    [mine] = [task for task in state["tasks"] if task["unit"] == "water"]
    assert mine["rounds"][-1]["result"]["proofs"] == [one for one, _ in offered]
    async with hand(url, STREET) as street:
        page = await street.read(record)
        files = re.findall(rf'href="(/console/paper/whistle/whistles/{id}/proofs/[^"]+)"', page)
        assert len(files) == 3 and page.count("区水务局 2026-03-02 10:00 PNG 图片") == 2
        seen = []
        for path in files:
            async with street.session.get(url + path) as answer:
                seen.append(await answer.read())
    assert set(PICTURES) < set(seen)
