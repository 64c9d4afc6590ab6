"""What the console shows of a whistle to who is called, and what the district enters there."""

from pathlib import Path

from tests.platform.test_whistle_receipts import COMMUNITY, PROBLEMS, STREET, WHISTLES
from tests.support.consoles import console_on, hand
from tests.support.inside import Inside, inside

PLACE = "三号楼北侧"
CALLED = "department:water"


async def called(platform: Inside) -> str:
    """A whistle of a problem that has a place, dispatched to water."""
    body = {"channel": "visit", "community": "guanshangzhongxinqu", "category": "noise"}
    words = {"title": "夜间施工", "asked": "请停工", "place": PLACE}
    problem = (await platform(COMMUNITY).post(PROBLEMS, {**body, **words}))["id"]
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await platform(COMMUNITY).step(PROBLEMS, problem, "triage", triage)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    id = str((await platform(STREET).post(WHISTLES, {**blow, "problem": problem}))["id"])
    for step in ("register", "dispatch"):
        await platform("command_centre").step(WHISTLES, id, step)
    return id


async def test_W_05_a_unit_that_is_called_reads_where_to_come_and_is_led_nowhere_it_may_not_go(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle")) as platform:
        await platform.ready()
        id = await called(platform)
        said = await platform(CALLED).get(f"{WHISTLES}/{id}/asked")
        assert said == {"asked": "请停工", "place": PLACE}
        assert PLACE not in str(await platform(CALLED).get(f"{WHISTLES}/{id}/trail"))
        page = f"/console/whistle/whistles/{id}"
        async with console_on(platform) as url:
            async with hand(url, CALLED) as water:
                shown = await water.read(page)
                assert f"地点：{PLACE}" in shown and "/console/whistle/problems/" not in shown
            async with hand(url, STREET) as street:
                assert "/console/whistle/problems/" in await street.read(page)
            async with hand(url, "discipline") as overseer:
                assert PLACE not in await overseer.read(page)
