"""C-12 for whom it is published: what became of a matter is read by anybody, without an account."""

import re
from pathlib import Path

from tests.support.consoles import console_on, hand
from tests.support.consultation import COMMUNITY, committee, seats, settled, topic
from tests.support.inside import inside

PATH = "/api/v1/consultation"
PAGE = "/console/resident/notices"
SERVICES = ("housing", "whistle", "consultation")


async def test_C_12_what_was_published_is_read_by_anybody(tmp_path: Path, sqlite_url: str) -> None:
    async with inside(tmp_path / "data", only=SERVICES) as platform:
        office = platform(COMMUNITY)
        seated = await office.post(f"{PATH}/committees", committee())
        matter = (await office.post(f"{PATH}/matters", topic(seated, title="充电棚")))["id"]
        for step, said in (
            ("accept", settled(COMMUNITY)),
            ("research", {"findings": "走访。"}),
            ("outcome", {"outcome": "usable_here", "unit": "water", "present": seats(20)}),
        ):
            await office.step(f"{PATH}/matters", matter, step, said)
        async with console_on(platform) as url, hand(url) as anybody:
            for page in ("/console/resident", "/console/resident/topic", "/console/sign-in"):
                assert f'href="{PAGE}"' in await anybody.read(page)
            assert "还没有公布的结果" in await anybody.read(PAGE)
            await office.step(f"{PATH}/matters", matter, "publish", {"notice": "十二月<动工>。"})
            shown = await anybody.read(PAGE)
            assert "充电棚" in shown and "十二月&lt;动工&gt;。" in shown
            [place] = re.findall(r'<p class="small">(\S+) ·', shown)
            assert place == "关上中心区"
            assert "充电棚" in await anybody.read(f"{PAGE}?community=guanshangzhongxinqu")
            assert "充电棚" not in await anybody.read(f"{PAGE}?community=hepinglu")
            assert matter not in shown
            await anybody.read(f"{PAGE}?community=%20A%20", 422)


async def test_C_24_what_is_wrong_with_a_topic_is_said_at_its_field_and_its_code_read_as_typed(
    tmp_path: Path, sqlite_url: str
) -> None:
    topics = "/console/resident/topic"
    async with inside(tmp_path / "data", only=SERVICES) as platform:
        async with console_on(platform) as url, hand(url) as anybody:
            said = {"_forgery": await anybody.forgery(topics), "community": "guanshangzhongxinqu"}
            said |= {"title": "加装电梯", "text": "老人上下楼不便" * 600}
            page = await anybody.send(topics, said, 422)
            assert 'aria-describedby="text-hint text-error"' in page and 'id="text-error"' in page
            assert said["text"] in page
            page = await anybody.send(topics, {**said, "text": "老人上下楼不便。"})
            [code] = re.findall(r'class="receipt">([^<]*)<', page)
            case = {"_forgery": said["_forgery"], "code": code.replace(" ", "-")}
            assert 'class="record"' in await anybody.send(f"{topics}/receipt", case)
            page = await anybody.send(f"{topics}/receipt", {**case, "code": "12ab"}, 422)
            assert "查询码是 16 位数字" in page and 'aria-describedby="code-error"' in page
