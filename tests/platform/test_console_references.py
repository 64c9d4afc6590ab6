"""What a form offers to refer to: records that may stand there, and no others."""

import re
from pathlib import Path
from typing import Any

from tests.support.consoles import console_on, hand
from tests.support.consultation import COMMUNITY, committee, seats, settled, topic
from tests.support.inside import Inside, inside

PATH = "/api/v1/consultation"


async def researched(platform: Inside, seated: dict[str, Any], title: str) -> str:
    community = platform(COMMUNITY)
    matter = await community.post(f"{PATH}/matters", topic(seated, title=title))
    for step, said in (("accept", settled(COMMUNITY)), ("research", {"findings": "走访。"})):
        await community.step(f"{PATH}/matters", matter["id"], step, said)
    return str(matter["id"])


async def test_C_16_a_session_is_called_for_a_matter_that_may_have_one(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle", "consultation")) as platform:
        community = platform(COMMUNITY)
        seated = await community.post(f"{PATH}/committees", committee())
        ready, over = [await researched(platform, seated, one) for one in ("停车", "绿化")]
        early = (await community.post(f"{PATH}/matters", topic(seated)))["id"]
        by_hand = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
        await community.step(f"{PATH}/matters", over, "outcome", by_hand)
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:
            page = await somebody.read("/console/consultation/sessions/new?step=call")
        choice = page.partition('name="matter"')[2].partition("</select>")[0]
        offered = set(re.findall(r'<option value="([^"]+)"', choice))
        assert offered & {ready, over, early} == {ready}
