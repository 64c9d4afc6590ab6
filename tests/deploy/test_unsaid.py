"""Who a reporter is stands in no log, no measure and no event, whatever is done with it, right or wrong."""

import json
from contextlib import suppress
from pathlib import Path

from gongzhi.office import Office, Refused
from tests.support.platform import Platform, all_in_one

NAME, CONTACT, WORDS = "欧阳验证甲", "13900135791", "楼下验证用的油烟味"
ASKED = "验证用诉求：请停止夜间烧烤"
TITLE = "验证用标题：夜间油烟"
SAID = (NAME, CONTACT, WORDS)
PROBLEMS = "/api/v1/whistle/problems"
PROBLEM = {
    "channel": "visit",
    "community": "guanshangzhongxinqu",
    "category": "parking",
    "title": TITLE,
    "asked": ASKED,
    "reporter": {"name": NAME, "contact": CONTACT, "text": WORDS},
}


async def wrongly(office: Office) -> None:
    """What comes in where it doesn't belong: in a path, a query, a field that there isn't, a body that is none."""
    for body in (
        {**PROBLEM, "name": NAME},
        {**PROBLEM, "channel": CONTACT},
        [NAME, CONTACT],
        WORDS,
    ):
        with suppress(Refused):
            await office.post(PROBLEMS, body)
    for path in (f"{PROBLEMS}/{CONTACT}", f"/api/v1/{CONTACT}/{NAME}", f"{PROBLEMS}?name={NAME}"):
        with suppress(Refused):
            await office.get(path)


async def measures(platform: Platform, office: Office) -> str:
    async with office.session.get(platform.url + "/metrics") as answer:
        return await answer.text()


async def events(office: Office) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after = 0
    while True:
        page = await office.get("/api/v1/events", after=after, limit=500)
        if not page["items"]:
            return found
        found += page["items"]
        after = page["next"]


async def test_a_reporter_is_in_no_log_no_measure_and_no_event(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with all_in_one(data, GONGZHI_LOG_LEVEL="debug") as platform:
        async with platform.offices() as cast:
            community = cast("community:guanshangzhongxinqu")
            problem = await community.post(PROBLEMS, PROBLEM)
            read = await community.step(
                PROBLEMS, problem["id"], "reporter", {"reason": "核对联系方式"}
            )
            assert read["name"] == NAME, "else this test looks for nothing"
            await wrongly(community)
            measured = await measures(platform, community)
            told = json.dumps(await events(cast("district_admin")), ensure_ascii=False)
    logged = data.with_suffix(".log").read_text(encoding="utf-8")
    assert problem["id"] in told
    assert f"{PROBLEMS.removeprefix('/api/v1/whistle')}/{{id}}" in measured
    for said in (*SAID, ASKED, TITLE, problem["receipt"]):
        assert said not in measured
        assert said not in told
        assert said not in logged
        assert json.dumps(said)[1:-1] not in logged
