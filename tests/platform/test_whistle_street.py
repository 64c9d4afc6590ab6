"""What a community raises and what units dispute, through the service (W-02, W-05, W-13)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from gongzhi.office import Refused
from tests.platform.test_whistle_receipts import COMMUNITY, PROBLEMS, STREET, WHISTLES
from tests.support.buses import until
from tests.support.held import clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]

API = "/api/v1/whistle"
PLACE = "guanshangzhongxinqu"
UTILITIES = {"channel": "visit", "community": PLACE, "category": "utilities", "asked": "换灯泡"}


async def listed(running: Inside, code: str, kind: str, *serves: str) -> None:
    body = {"name": code, "kind": kind, "serves": serves, "valid_from": "2019-05-31"}
    await running("district_admin").put(f"{API}/units/{code}", body)


async def blown(running: Inside, office: str, *units: str, category: str = "other") -> Any:
    body = {
        "level": office.partition(":")[0],
        "kind": "problem",
        "units": units,
        "lead": units[0],
        "title": "沟渠淤塞",
        "category": category,
    }
    return await running(office).post(WHISTLES, body)


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as caught:
        await call
    return dict(caught.value.problem)


async def test_W_02_what_comes_up_waits_for_the_street_which_blows_it_anew(
    platform: Inside,
) -> None:
    await listed(platform, "seven", "community_force", PLACE)
    id = (await blown(platform, COMMUNITY, "seven"))["id"]
    community, street, centre = (
        platform(COMMUNITY),
        platform(STREET),
        platform("command_centre"),
    )
    await community.step(WHISTLES, id, "escalate", {"reason": "超出社区能力"})
    assert (await refused(centre.step(WHISTLES, id, "register")))["rule"] == "W-02"
    withdraw = community.step(WHISTLES, id, "withdraw", {"reason": "不吹了"})
    assert (await refused(withdraw))["rule"] == "W-02"
    anew = {"kind": "tackle", "units": ["water"], "lead": "water"}
    raised = await street.step(WHISTLES, id, "blow", anew)
    assert (raised["state"]["blower"], raised["state"]["kind"]) == (STREET, "tackle")
    withdraw = community.step(WHISTLES, id, "withdraw", {"reason": "不吹了"})
    assert (await refused(withdraw))["status"] == 403
    await centre.step(WHISTLES, id, "reject", {"reason": "吹空哨"})
    standing = await centre.get(f"{API}/standings/{STREET}", year=2026)
    assert (standing["irregular"], standing["points"]) == (1, 95)


async def test_W_02_or_solves_it_with_an_office_of_its_own(platform: Inside) -> None:
    await listed(platform, "seven", "community_force", PLACE)
    await listed(platform, "safety", "street_office", "guanshang")
    id = (await blown(platform, COMMUNITY, "seven"))["id"]
    street = platform(STREET)
    solve = {"leader": "副主任", "office": "safety"}
    await platform(COMMUNITY).step(WHISTLES, id, "escalate", {"reason": "超出社区能力"})
    unknown = street.step(WHISTLES, id, "solve", {**solve, "office": "nobody"})
    assert (await refused(unknown))["field"] == "office"
    solved = await street.step(WHISTLES, id, "solve", solve)
    assert (solved["state"]["status"], solved["state"]["blower"]) == ("dispatched", STREET)
    own = (await blown(platform, STREET, "water"))["id"]
    assert (await refused(street.step(WHISTLES, own, "solve", solve)))["rule"] == "W-02"


async def test_W_01_a_whistle_for_a_problem_is_called_as_that_is_and_nothing_else_is_passed_over(
    platform: Inside,
) -> None:
    street = platform(STREET)
    id = (await platform(COMMUNITY).post(PROBLEMS, {**UTILITIES, "title": "楼道灯不亮"}))["id"]
    said = {"kind": "service", "urgency": "normal", "difficulty": "easy", "handling": "joint"}
    await street.step(PROBLEMS, id, "triage", said)
    blow = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    for field, other in (("title", "换个标题"), ("category", "noise")):
        told = await refused(street.post(WHISTLES, {**blow, "problem": id, field: other}))
        assert (told["status"], told["field"]) == (422, field)
    same = {"title": "楼道灯不亮", "category": UTILITIES["category"]}
    made = await street.post(WHISTLES, {**blow, "problem": id, **same})
    assert made["state"]["title"] == "楼道灯不亮"


@pytest.mark.parametrize("ends", ["reject", "withdraw"])
async def test_W_01_a_problem_whose_whistle_ended_is_the_communitys_to_settle(
    platform: Inside, ends: str
) -> None:
    community, street, centre = platform(COMMUNITY), platform(STREET), platform("command_centre")
    id = (await community.post(PROBLEMS, {**UTILITIES, "title": "楼道灯不亮"}))["id"]
    said = {"kind": "service", "urgency": "normal", "difficulty": "easy"}
    await street.step(PROBLEMS, id, "triage", {**said, "handling": "joint"})
    blow = {"level": "street", "kind": "service", "units": ["water"], "lead": "water"}
    first = (await street.post(WHISTLES, {**blow, "problem": id}))["id"]

    async def standing(status: str) -> None:
        async def there() -> bool:
            listing = await community.get(PROBLEMS, state=status)
            return [item["id"] for item in listing["items"]] == [id]

        await until(there)

    await standing("whistled")
    by = centre if ends == "reject" else street
    await by.step(WHISTLES, first, ends, {"reason": "小事不出社区"})
    await standing("triaged")
    shown = await community.get(f"{PROBLEMS}/{id}", actions="now")
    assert "分类" in [one["title"] for one in shown["actions"]]
    trail = (await community.get(f"{PROBLEMS}/{id}/trail"))["entries"]
    assert trail[-1]["title"] == "哨已驳回或撤回，重新处理"
    await community.step(PROBLEMS, id, "triage", {**said, "handling": "immediate"})
    done = await community.step(PROBLEMS, id, "settle", {"how": "已换。"})
    assert done["state"]["status"] == "settled"


async def test_W_05_a_dispute_ends_with_the_centre_and_is_remembered(
    platform: Inside, clock: HeldClock
) -> None:
    street, centre = platform(STREET), platform("command_centre")
    routes = {"category": "other", "community": PLACE}
    assert (await street.get(f"{API}/routes", **routes))["unit"] == "grid_centre"
    id = (await blown(platform, STREET, "water"))["id"]
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    for unit, whose in (("water", "transport"), ("transport", "justice")):
        office, path = platform(f"department:{unit}"), f"{WHISTLES}/{id}/units/{unit}"
        await office.post(f"{path}/arrive")
        await office.post(f"{path}/decline", {"whose": whose, "ground": "不属本单位职责"})
    state = (await centre.get(f"{WHISTLES}/{id}"))["state"]
    assert state["summoned"] == ["water", "transport"]
    clock.now = datetime.fromisoformat(state["decision"]["deadline"]["due"]) + timedelta(seconds=1)

    async def missed() -> bool:
        feed = await centre.get("/api/v1/events", type="whistle.deadline_missed.v1")
        found = [item["event"]["data"]["deadline"] for item in feed["items"]]
        return found.count("competence") == 1

    await until(missed)
    decide = {"unit": "justice", "reason": "属人民调解"}
    early = street.step(WHISTLES, id, "competence", decide)
    assert (await refused(early))["status"] == 403
    after = (await centre.step(WHISTLES, id, "competence", decide))["state"]
    assert (after["lead"], after["competent"]) == ("justice", "justice")
    suggestion = await street.get(f"{API}/routes", **routes)
    assert (suggestion["unit"], suggestion["whistle"]) == ("justice", id)


async def test_W_05_who_was_called_and_has_ended_since_is_replaced_by_the_centre(
    platform: Inside, clock: HeldClock
) -> None:
    centre = platform("command_centre")
    await listed(platform, "gardens", "department")
    id = (await blown(platform, STREET, "gardens"))["id"]
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    decide = {"unit": "urban_management", "reason": "机构改革，职责划转"}
    early = await refused(centre.step(WHISTLES, id, "competence", decide))
    assert (early["status"], early["rule"]) == (409, "W-05")
    ends = {"name": "园林局", "kind": "department", "valid_from": "2019-05-31"}
    last = clock.now.date().isoformat()
    await platform("district_admin").put(f"{API}/units/gardens", {**ends, "valid_to": last})

    async def offered() -> bool:
        shown = await centre.get(f"{WHISTLES}/{id}", actions="now")
        return "裁定归属" in [one["title"] for one in shown["actions"]]

    assert not await offered() and await centre.get(f"{API}/left") == []
    clock.now += timedelta(hours=14)
    assert await offered()
    assert await centre.get(f"{API}/left") == [{"whistle": id, "unit": "gardens"}]
    assert await platform("street:taihe").get(f"{API}/left") == []
    after = (await centre.step(WHISTLES, id, "competence", decide))["state"]
    assert (after["lead"], after["status"]) == ("urban_management", "dispatched")
    assert await centre.get(f"{API}/left") == []
    office = platform("department:urban_management")
    path = f"{WHISTLES}/{id}/units/urban_management"
    await office.post(f"{path}/arrive")
    done = await office.post(f"{path}/result", {"outcome": "resolved", "summary": "已补植"})
    assert done["state"]["status"] == "handled"


async def disputed(running: Inside, id: str, unit: str) -> None:
    """Dispatched to water, disputed twice, and decided for `unit`."""
    centre = running("command_centre")
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    for one, whose in (("water", "transport"), ("transport", "justice")):
        office, path = running(f"department:{one}"), f"{WHISTLES}/{id}/units/{one}"
        await office.post(f"{path}/arrive")
        await office.post(f"{path}/decline", {"whose": whose, "ground": "不属本单位职责"})
    await centre.step(WHISTLES, id, "competence", {"unit": unit, "reason": "属其职责"})


async def test_W_05_what_was_decided_for_the_place_comes_before_the_community(
    platform: Inside, clock: HeldClock
) -> None:
    async def problem(place: str | None, category: str = "noise") -> str:
        body = {"channel": "visit", "community": PLACE, "category": category}
        words = {"title": "夜间施工", "asked": "请停工", "place": place}
        id = (await platform(COMMUNITY).post(PROBLEMS, {**body, **words}))["id"]
        triage = {"urgency": "normal", "difficulty": "hard", "handling": "joint"}
        await street.step(PROBLEMS, id, "triage", {"kind": "problem", **triage})
        return str(id)

    async def decided(problem: str, unit: str) -> None:
        blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
        id = (await street.post(WHISTLES, {**blow, "problem": problem}))["id"]
        await disputed(platform, id, unit)
        clock.now += timedelta(minutes=1)

    street = platform(STREET)
    routes = {"category": "noise", "community": PLACE}

    async def suggested(**of: str) -> str:
        return str((await street.get(f"{API}/routes", **routes, **of))["unit"])

    await decided(await problem("东门 3号"), "civil_affairs")
    await decided(await problem("西门"), "public_security")
    assert await suggested() == "public_security"
    assert await suggested(problem=await problem("东门3号")) == "civil_affairs"
    for elsewhere in ("北门", None):
        assert await suggested(problem=await problem(elsewhere)) == "public_security"
    other = await problem("东门3号", "parking")
    said = await refused(street.get(f"{API}/routes", **routes, problem=other))
    assert (said["status"], said["field"]) == (422, "problem")
    there = {"category": "noise", "community": "hepinglu", "problem": other}
    said = await refused(platform("street:taihe").get(f"{API}/routes", **there))
    assert said["status"] == 404


async def test_W_13_a_river_matter_calls_the_chief_of_its_stretch(platform: Inside) -> None:
    await listed(platform, "chief_here", "river_chief", "guanshang")
    await listed(platform, "chief_there", "river_chief", "taihe")
    for category, called in (("water", ["water", "chief_here"]), ("other", ["water"])):
        id = (await blown(platform, STREET, "water", category=category))["id"]
        await platform("command_centre").step(WHISTLES, id, "register")
        dispatched = await platform("command_centre").step(WHISTLES, id, "dispatch")
        assert [task["unit"] for task in dispatched["state"]["tasks"]] == called
    listing = await platform("department:chief_here").get(WHISTLES)
    assert len(listing["items"]) == 1


async def test_W_13_a_communitys_river_matter_calls_the_chief_before_and_after_it_comes_up(
    platform: Inside,
) -> None:
    await listed(platform, "seven", "community_force", PLACE)
    await listed(platform, "safety", "street_office", "guanshang")
    await listed(platform, "chief_here", "river_chief", PLACE)
    await listed(platform, "chief_of_the_street", "river_chief", "guanshang")
    raised = (await blown(platform, COMMUNITY, "seven", category="water"))["id"]
    plain = (await blown(platform, COMMUNITY, "seven"))["id"]
    seen = (await platform("department:chief_here").get(WHISTLES))["items"]
    assert [item["id"] for item in seen] == [raised]
    await platform(COMMUNITY).step(WHISTLES, raised, "escalate", {"reason": "超出社区能力"})
    solve = {"leader": "副主任", "office": "safety"}
    solved = await platform(STREET).step(WHISTLES, raised, "solve", solve)
    assert [task["unit"] for task in solved["state"]["tasks"]] == ["safety", "chief_here"]
    assert plain not in [item["id"] for item in seen]


async def test_W_13_a_category_that_is_gone_since_keeps_no_whistle_from_being_dispatched(
    platform: Inside,
) -> None:
    id = (await blown(platform, STREET, "water", category="noise"))["id"]
    admin, centre = platform("district_admin"), platform("command_centre")
    book = await admin.get(f"{API}/policy")
    values = book["state"]["editions"][-1]["values"]
    left = {code: one for code, one in values["categories"].items() if code != "noise"}
    adopted = {"values": {**values, "categories": left}, "reason": "合并类别"}
    await admin.put(f"{API}/policy", adopted, version=book["version"])
    await centre.step(WHISTLES, id, "register")
    dispatched = await centre.step(WHISTLES, id, "dispatch")
    assert [task["unit"] for task in dispatched["state"]["tasks"]] == ["water"]


async def test_W_05_routes_are_suggested_to_who_blows_there_for_a_category_of_the_list(
    platform: Inside,
) -> None:
    asked = {"category": "other", "community": PLACE}
    for other in ("street:taihe", "department:water", "discipline"):
        assert (await refused(platform(other).get(f"{API}/routes", **asked)))["status"] == 403
    potholes = platform(STREET).get(f"{API}/routes", **{**asked, "category": "potholes"})
    assert (await refused(potholes))["rule"] == "W-01"
