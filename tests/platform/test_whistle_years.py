"""W-10 to W-12 through the service: a year recomputed from the trail, and the case against who did nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import Budget, Deadline
from gongzhi.office import Refused
from services.whistle.domain.unit import UnitEntered, UnitKind
from services.whistle.queries import Rankings
from services.whistle.shipped import member_units
from tests.platform.test_whistle_receipts import PROBLEMS, WHISTLES, answered, collected
from tests.rules.whistle.cases import WORK, at
from tests.rules.whistle.test_W_10_years import appealed, assessed, begun, upheld
from tests.support import whistle_year
from tests.support.buses import until
from tests.support.held import NOW, WHISTLE, YEAR_OVER, clock, platform
from tests.support.inside import HeldClock, Inside, inside

__all__ = ["clock", "platform"]

API = "/api/v1/whistle"


async def test_W_10_the_year_is_recomputed_under_the_policy_of_its_time(
    platform: Inside, clock: HeldClock
) -> None:
    admin, centre = platform("district_admin"), platform("command_centre")
    ids = [await answered(platform, (await collected(platform))["id"]) for _ in range(2)]
    book = await admin.get(f"{API}/policy")
    usual = book["state"]["editions"][-1]["values"]
    scoring = {**usual["scoring"], "grid_percent": 50, "street_percent": 50}
    changed = {"values": {**usual, "scoring": scoring}, "reason": "调整权重"}
    await admin.put(f"{API}/policy", changed, version=book["version"])
    ids.append(await answered(platform, (await collected(platform))["id"]))
    account = await admin.get(f"{API}/assessments/departments/water", year=2026)
    rows = {row["whistle"]: row for row in account["counted"]}
    assert [rows[id]["score"] for id in ids] == [8400, 8400, 8500]
    assert [rows[id]["recomputed"] for id in ids] == [8400, 8400, 8500]
    assert [rows[id]["policy"] for id in ids] == [1, 1, 2]
    assert (account["agrees"], account["result"], account["weight_percent"]) == (True, 8433, 20)

    year = f"{API}/assessments/water.2026"
    ask = {"whistle": ids[2], "reason": "极端天气"}
    with pytest.raises(Refused) as refused:
        await centre.post(f"{year}/exclusions", {**ask, "whistle": "no-such"})
    assert refused.value.problem["field"] == "whistle"
    await centre.post(f"{year}/exclusions", ask)
    await admin.post(f"{year}/exclusions/{ids[2]}/approve")
    account = await admin.get(f"{API}/assessments/departments/water", year=2026)
    assert account["result"] == 8400
    assert [(row["whistle"], row["left_out"], row["by"]) for row in account["left_out"]] == [
        (ids[2], "极端天气", "district_admin")
    ]
    with pytest.raises(Refused) as refused:
        await admin.post(f"{year}/publish")
    assert refused.value.problem["rule"] == "W-10"
    clock.now = YEAR_OVER
    published = await admin.post(f"{year}/publish")
    assert published["state"]["results"][0]["result"] == 8400
    water = platform("department:water")
    await water.post(f"{year}/appeal", {"grounds": "应计入第三哨"})
    await admin.post(f"{year}/appeal/decide", {"upheld": False, "reason": "剔除有据"})
    mine = await water.get(f"{API}/assessments/departments/water", year=2026)
    assert mine["appeals"][0]["upheld"] is False
    trail = await admin.get(f"{year}/trail", verify="true")
    assert trail["faults"] == []

    async def told() -> bool:
        feed = await admin.get("/api/v1/events", type="whistle.department_assessed.v1")
        return [item["event"]["data"]["result"] for item in feed["items"]] == [8400]

    await until(told)


async def test_W_10_a_year_says_what_its_department_is_called(platform: Inside) -> None:
    """Where names are asked for, as each single record does; also before anything was said of it."""
    admin = platform("district_admin")
    year = f"{API}/assessments/water.2026"
    called = dict(member_units())["water"]
    assert (await admin.get(year, names=True))["names"] == {"units_names": [called]}


async def test_W_10_departments_stand_side_by_side_with_what_was_left_out(
    platform: Inside, clock: HeldClock
) -> None:
    """Every exclusion is named with its reason and the office that approved it, to who may see it."""
    admin, centre = platform("district_admin"), platform("command_centre")
    kept, dropped = [await answered(platform, (await collected(platform))["id"]) for _ in range(2)]
    year, path = f"{API}/assessments/water.2026", f"{API}/assessments/departments"
    for whistle in (kept, dropped):
        await centre.post(f"{year}/exclusions", {"whistle": whistle, "reason": "极端天气"})
    await admin.post(f"{year}/exclusions/{dropped}/approve")
    clock.now = YEAR_OVER
    await admin.post(f"{year}/publish")

    pages: list[Any] = []
    cursor: dict[str, str] = {}
    while not pages or cursor:
        page = await admin.get(path, year=2026, limit=10, **cursor)
        pages.append(page["items"])
        cursor = {"cursor": page["next"]} if page.get("next") else {}
    assert [len(items) for items in pages] == [10, 10, 10, 2]
    rows = {row["unit"]: row for items in pages for row in items}
    assert list(rows) == sorted(rows) and len(rows) == 32
    mine = rows["water"]
    assert mine["left_out"] == [{"whistle": dropped, "reason": "极端天气", "by": "district_admin"}]
    assert (mine["result"], mine["whistles"], mine["excluded"], mine["published"]) == (
        8400,
        1,
        1,
        8400,
    )
    assert (mine["group"], mine["rank"], mine["among"]) == ("small", 1, 1)
    idle = rows["justice"]
    assert (idle["result"], idle["whistles"], idle["group"], idle["rank"]) == (None, 0, None, None)
    assert (await admin.get(f"{path}/justice", year=2026))["version"] == 0
    single = await admin.get(f"{path}/water", year=2026)
    assert (single["result"], single["agrees"]) == (mine["result"], True)
    asked = {one["whistle"]: one.get("approved_by") for one in single["exclusions"]}
    assert asked == {kept: None, dropped: "district_admin"}

    for acts_as, units in (
        ("discipline", 32),
        ("department:water", 1),
        ("street:guanshang", 0),
        ("supplier:s-1", 0),
    ):
        seen = await platform(acts_as).get(path, year=2026)
        assert len(seen["items"]) == units and seen.get("next") is None
    assert (await platform("department:water").get(path, year=2026))["items"] == [mine]
    empty = await admin.get(path, year=2025)
    assert {row["result"] for row in empty["items"]} == {None}
    assert (await admin.get(path, year=2019))["items"] == empty["items"]


async def test_W_10_a_department_stands_in_the_years_in_which_the_register_knew_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    struck = UnitEntered(
        code="struck",
        name="已撤销的局",
        kind=UnitKind.DEPARTMENT,
        valid_from=date(2019, 5, 31),
        valid_to=date(2024, 12, 31),
        listed=33,
    )
    async with whistle_year.opened(tmp_path / "whistle.db") as desk:
        await whistle_year.begin(desk)
        admin = whistle_year.asking("district_admin", NOW)
        await desk.units.once("struck", [struck], admin.cause)
        rankings = Rankings(
            whistles=desk.whistles, years=desk.years, units=desk.units, policies=desk.policies
        )
        members = {code for code, _ in member_units()}
        for year, units in ((2018, set()), (2024, {*members, "struck"}), (2025, members)):
            found = await rankings.departments(year, admin.subject)
            assert {one.unit for one in found} == units


async def test_W_10_at_start_an_appeal_is_counted_again_in_the_days_that_are_known_now(
    tmp_path: Path, sqlite_url: str
) -> None:
    provisional = Deadline(
        started=at("2026-02-09 10:00"),
        budget=Budget.working_days(10),
        due=at("2026-02-23 17:00"),
        provisional=True,
    )
    old = replace(appealed, decide_by=provisional, calendar="2025-12-31")
    async with whistle_year.opened(tmp_path / "whistle.db", WORK) as desk:
        await desk.years.prepare()
        cause = whistle_year.asking("district_admin", NOW).cause
        for unit, happened in (
            ("water", (old,)),
            ("justice", (appealed,)),
            ("health", (old, upheld)),
        ):
            first = (replace(begun, unit=unit), assessed)
            await desk.years.once(f"{unit}.2026", [*first, *happened], cause)
        for _ in range(2):
            await desk.renew_appeals(at("2026-02-10 09:00"))
        counted = {held.id: held async for held in desk.years.every({})}
        versions = {id: held.version for id, held in counted.items()}
        assert versions == {"water.2026": 4, "justice.2026": 3, "health.2026": 4}
        assert counted["water.2026"].aggregate.wakes_at() == at("2026-02-28 17:00")


async def test_W_10_an_appeal_that_nobody_decides_in_time_is_told_once_and_stays_visible(
    platform: Inside, clock: HeldClock
) -> None:
    admin, water = platform("district_admin"), platform("department:water")
    await answered(platform, (await collected(platform))["id"])
    year, account = f"{API}/assessments/water.2026", f"{API}/assessments/departments/water"
    clock.now = YEAR_OVER
    await admin.post(f"{year}/publish")
    await water.post(f"{year}/appeal", {"grounds": "应予复核"})
    [appeal] = (await water.get(account, year=2026))["appeals"]
    assert (appeal["decide_by"]["due"], appeal["overdue"]) == ("2027-01-18T09:00:00Z", False)
    clock.now = datetime(2027, 1, 18, 9, 0, 1, tzinfo=UTC)

    async def told() -> bool:
        feed = await admin.get("/api/v1/events", type="whistle.appeal_overdue.v1")
        return [item["event"]["data"]["due"] for item in feed["items"]] == [
            "2027-01-18T09:00:00.000000Z"
        ]

    await until(told)
    await admin.post(f"{year}/appeal/decide", {"upheld": False, "reason": "评分无误"})
    [appeal] = (await water.get(account, year=2026))["appeals"]
    assert (appeal["overdue"], appeal["upheld"]) == (True, False)
    trail = (await admin.get(f"{year}/trail"))["entries"]
    assert [entry["type"] for entry in trail][-3:] == [
        "AppealFiled",
        "AppealOverdue",
        "AppealDecided",
    ]


async def test_W_10_a_new_years_notice_moves_the_deadline_of_an_appeal_at_the_next_start(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Filed on 9 February 2026 when only 2025 is known; the notice brings Spring Festival into it."""
    clock, data = HeldClock(datetime(2025, 12, 1, 2, 0, tzinfo=UTC)), tmp_path / "data"
    account = f"{API}/assessments/departments/water"
    async with inside(
        data, clock=clock, calendar=NationalCalendar(date(2025, 12, 31)), only=WHISTLE
    ) as running:
        await answered(running, (await collected(running))["id"])
        clock.now = datetime(2026, 2, 9, 2, 0, tzinfo=UTC)
        await running("district_admin").post(f"{API}/assessments/water.2025/publish")
        water = running("department:water")
        await water.post(f"{API}/assessments/water.2025/appeal", {"grounds": "应予复核"})
        [appeal] = (await water.get(account, year=2025))["appeals"]
    before = appeal["decide_by"]
    assert (before["due"], before["provisional"]) == ("2026-02-23T09:00:00Z", True)
    async with inside(data, clock=clock, only=WHISTLE) as running:
        shown = await running("department:water").get(account, year=2025)
    after = shown["appeals"][0]["decide_by"]
    assert (after["due"], after["provisional"]) == ("2026-02-28T09:00:00Z", False)
    assert shown["agrees"]


async def test_W_11_departments_see_their_own_year_and_assess_nobody(platform: Inside) -> None:
    for acts_as, path, status in (
        ("department:justice", "departments/water", 404),
        ("street:guanshang", "departments/water", 404),
        ("department:water", "whistlers/street:guanshang", 404),
        ("district_admin", "departments/nope", 404),
    ):
        with pytest.raises(Refused) as refused:
            await platform(acts_as).get(f"{API}/assessments/{path}", year=2026)
        assert refused.value.status == status
    with pytest.raises(Refused) as refused:
        await platform("department:water").post(f"{API}/assessments/water.2026/publish")
    assert refused.value.status == 403
    asked = {"whistle": "nothing", "reason": "不应计入"}
    with pytest.raises(Refused) as refused:
        path = f"{API}/assessments/water.2026/exclusions"
        await platform("department:water").post(path, asked, version=0)
    assert refused.value.status == 403, "it learns nothing of any whistle"
    whistler = await platform("street:guanshang").get(
        f"{API}/assessments/whistlers/street:guanshang", year=2026
    )
    assert (whistler["points"], whistler["irregular"]) == (100, 0)


async def test_W_10_a_lower_weight_is_refused_with_the_documents_clause(platform: Inside) -> None:
    admin = platform("district_admin")
    book = await admin.get(f"{API}/policy")
    usual = book["state"]["editions"][-1]["values"]
    lower = {**usual, "assessment": {"weight_percent": 19, "appeal_days": 15}}
    with pytest.raises(Refused) as refused:
        await admin.put(
            f"{API}/policy", {"values": lower, "reason": "降低"}, version=book["version"]
        )
    assert (refused.value.problem["rule"], refused.value.problem["clause"]) == (
        "W-10",
        "官办通〔2019〕80号 四.6",
    )


async def reported(running: Inside, place: str) -> dict[str, Any]:
    body = {
        "channel": "visit",
        "community": "wuliduo",
        "category": "environment",
        "title": "垃圾成堆",
        "asked": "请清运",
        "place": place,
    }
    return dict(await running("community:wuliduo").post(PROBLEMS, body))


async def cases(running: Inside) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await running("discipline").get(f"{API}/accountability"))[
        "items"
    ]
    return found


async def test_W_06_a_new_years_notice_moves_the_time_to_answer_a_case_at_the_next_start(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Five days from Wednesday 11 February 2026, first without and then with Spring Festival."""
    clock, data = HeldClock(datetime(2026, 2, 2, 2, 0, tzinfo=UTC)), tmp_path / "data"

    async def due(running: Inside) -> str:
        return str((await cases(running))[0]["state"]["answer_by"]["due"])

    async with inside(
        data, clock=clock, calendar=NationalCalendar(date(2025, 12, 31)), only=WHISTLE
    ) as running:
        for day in (2, 5, 11):
            clock.now = datetime(2026, 2, day, 2, 0, tzinfo=UTC)
            await reported(running, "东门")

        async def opened() -> bool:
            return len(await cases(running)) == 1

        await until(opened)
        assert await due(running) == "2026-02-18T09:00:00Z"
    async with inside(data, clock=clock, only=WHISTLE) as running:
        assert await due(running) == "2026-02-25T09:00:00Z"


async def test_W_12_three_ignored_reports_open_one_case_over_our_own_news(
    platform: Inside, clock: HeldClock
) -> None:
    community, discipline = platform("community:wuliduo"), platform("discipline")
    for place in ("东门", " 东 门", "西门"):
        await reported(platform, place)
        clock.now += timedelta(days=10)
    assert await cases(platform) == []
    third = await reported(platform, "东门")

    async def opened() -> bool:
        return len(await cases(platform)) == 1

    await until(opened)
    [case] = (await community.get(f"{API}/accountability"))["items"]
    assert case["state"]["holder"] == "community:wuliduo"
    assert third["id"] in case["state"]["problems"] and len(case["state"]["problems"]) == 3
    path = f"{API}/accountability"
    with pytest.raises(Refused) as refused:
        await discipline.step(path, case["id"], "close", {"upheld": True, "finding": "属实"})
    assert refused.value.problem["rule"] == "W-12"
    await community.step(path, case["id"], "answer", {"answer": "已安排清运"})
    closed = await discipline.step(
        path, case["id"], "close", {"upheld": False, "finding": "已整改"}
    )
    assert closed["state"]["status"] == "closed"
    await reported(platform, "东门")
    await until(opened)
    feed = await discipline.get("/api/v1/events", type="whistle.problem_repeated.v1")
    assert "东门" not in str(feed) and len(feed["items"]) == 1
    assert WHISTLES
