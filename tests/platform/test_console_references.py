"""What a form offers to refer to: records that may stand there, and no others."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from gongzhi.office import Office
from tests.support.bodies import planned
from tests.support.consoles import console_on, hand
from tests.support.consultation import COMMUNITY, committee, seats, settled, topic
from tests.support.inside import HeldClock, Inside, inside
from tests.support.procurement import CALL

PATH = "/api/v1/consultation"


async def researched(platform: Inside, seated: dict[str, Any], title: str) -> str:
    community = platform(COMMUNITY)
    matter = await community.post(f"{PATH}/matters", topic(seated, title=title))
    for step, said in (("accept", settled(COMMUNITY)), ("research", {"findings": "走访。"})):
        await community.step(f"{PATH}/matters", matter["id"], step, said)
    return str(matter["id"])


@asynccontextmanager
async def sitting(
    tmp_path: Path, **how: Any
) -> AsyncIterator[tuple[Inside, Office, dict[str, Any]]]:
    """A platform on which a community's committee sits."""
    only = ("housing", "whistle", "consultation")
    async with inside(tmp_path / "data", only=only, **how) as platform:
        community = platform(COMMUNITY)
        yield platform, community, await community.post(f"{PATH}/committees", committee())


async def test_C_16_a_session_is_called_for_a_matter_that_may_have_one(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with sitting(tmp_path) as (platform, community, seated):
        ready, over = [await researched(platform, seated, one) for one in ("停车", "绿化")]
        early = (await community.post(f"{PATH}/matters", topic(seated)))["id"]
        by_hand = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
        await community.step(f"{PATH}/matters", over, "outcome", by_hand)
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:
            page = await somebody.read("/console/consultation/sessions/new?step=call")
        choice = page.partition('name="matter"')[2].partition("</select>")[0]
        offered = set(re.findall(r'<option value="([^"]+)"', choice))
        assert offered & {ready, over, early} == {ready}


async def test_C_19_who_stays_away_or_has_an_interest_is_chosen_from_the_seats_that_sit(
    tmp_path: Path, sqlite_url: str
) -> None:
    clock = HeldClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    async with sitting(tmp_path, clock=clock) as (platform, community, seated):
        called = {"committee": seated["id"], "kind": "topical", "called_by": "party_committee"}
        called |= {"matter": await researched(platform, seated, "停车"), "place": "党群服务中心"}
        held_at = (clock.now + timedelta(hours=1)).isoformat()
        session = await community.post(f"{PATH}/sessions", {**called, "held_at": held_at})
        steps: tuple[tuple[str, dict[str, Any]], ...] = (
            ("urgent", {"reason": "消防通道被占"}),
            ("arrive", {"seats": seats(15)}),
            ("open", {"chair": "secretary"}),
        )
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:

            async def offered(step: str) -> set[str]:
                do = f"do?step={PATH}/sessions/{session['id']}/{step}"
                page = await somebody.read(f"/console/consultation/sessions/{session['id']}/{do}")
                choice = page.partition('name="seat')[2].partition("</fieldset>")[0]
                assert "固定委员" in choice
                return {one for one in re.findall(r'value="([^"]+)"', choice) if one in seats(30)}

            assert await offered("excuse") == set(seats(20))
            clock.now += timedelta(hours=1)
            for step, said in steps:
                await community.step(f"{PATH}/sessions", session["id"], step, said)
            assert await offered("interest") == set(seats(15))


async def test_C_19_who_was_invited_to_a_matter_may_have_been_there(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with sitting(tmp_path) as (platform, community, seated):
        matter = await researched(platform, seated, "停车")
        invited = {"invited": [{"seat": "x1", "why": "expert"}]}
        await community.step(f"{PATH}/matters", matter, "invite", invited)
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:
            do = f"do?step={PATH}/matters/{matter}/outcome"
            page = await somebody.read(f"/console/consultation/matters/{matter}/{do}")
        for name in ("present", "interested"):
            offered = set(re.findall(rf'type="checkbox" name="{name}" value="([^"]+)"', page))
            assert offered == {*seats(20), "x1"}


async def test_C_14_a_meeting_put_right_keeps_who_has_left_the_committee_since(
    tmp_path: Path, sqlite_url: str
) -> None:
    clock = HeldClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    async with sitting(tmp_path, clock=clock) as (platform, community, seated):
        met: dict[str, Any] = {"on": "2026-03-02", "place": "党群服务中心", "minutes": "纪要1号"}
        met |= {"summary": "研究议题", "present": seats(15)}
        left = {"why": "own_wish", "note": "本人申请"}
        for step, said in (
            ("regular-meetings", met),
            ("members/s3/dismiss", left),
            ("members/s17/dismiss", left),
        ):
            await community.step(f"{PATH}/committees", seated["id"], step, said)
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:
            step = f"{PATH}/committees/{seated['id']}/regular-meetings/2026-03-02/correct"
            do = f"/console/consultation/committees/{seated['id']}/do?step={step}"
            page = await somebody.read(do)
        boxes = re.findall(r'type="checkbox" name="present" value="([^"]+)"( checked)?', page)
        assert sorted(seat for seat, _ in boxes) == sorted(seats(20))
        assert {seat for seat, ticked in boxes if ticked} == set(seats(15))
        assert 'name="minutes" value="纪要1号"' in unescape(page)


async def test_P_02_a_plan_leads_nobody_but_its_purchaser_to_what_is_bought_by_it(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "procurement")) as platform:
        plan = await planned(platform, "department:water", 2026, "i1")
        leads = {}
        async with console_on(platform) as url:
            for office in ("department:water", "finance", "district_admin"):
                async with hand(url, office) as somebody:
                    page = await somebody.read(f"/console/procurement/plans/{plan}")
                    leads[office] = set(re.findall(r'href="[^"]*new\?step=(\w+)', page))
        assert leads.pop("department:water") == {"open", "sign"}
        assert list(leads.values()) == [set(), set()]


async def test_P_10_a_plan_leads_to_its_contract_whose_item_is_chosen_from_the_plans(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "procurement")) as platform:
        plan = await planned(platform, "department:water", 2026, "i1")
        async with console_on(platform) as url, hand(url, "department:water") as water:
            page = await water.read(f"/console/procurement/plans/{plan}")
            [lead] = re.findall(r'href="([^"]*step=sign[^"]*)"', page)
            form = await water.read(unescape(lead))
            offered = form.partition('name="item"')[2].partition("</select>")[0]
            assert '<option value="i1">i1 长者关怀服务</option>' in offered
            assert f'<option value="{plan}" selected' in form


async def test_P_33_a_contracts_project_is_offered_from_what_was_called_for(
    tmp_path: Path, sqlite_url: str
) -> None:
    """By its code alone nobody remembered it; another, as of a purchase without a call, may be written as well."""
    water, clock = "department:water", HeldClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    only = ("housing", "procurement")
    async with inside(tmp_path / "data", only=only, clock=clock) as platform:
        plan = await planned(platform, water, 2026, "i1")
        call = {**CALL, "plan": plan, "item": "i1", "closes": "2026-03-11"}
        await platform(water).post("/api/v1/procurement/solicitations", call)
        async with console_on(platform) as url, hand(url, water) as somebody:
            form = await somebody.read("/console/procurement/contracts/new?step=sign")
        known = form.partition('name="project"')[2].partition("</datalist>")[0]
        offered = re.findall(r'<option value="([^"]+)">([^<]*)<', known)
        assert offered == [(CALL["project"], CALL["title"])]


async def test_O_15_whose_assessment_is_put_right_is_chosen_where_two_assessed_a_year(
    tmp_path: Path, sqlite_url: str
) -> None:
    clock = HeldClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    path = "/api/v1/organisations/volunteers"
    async with inside(
        tmp_path / "data", only=("housing", "whistle", "organisations"), clock=clock
    ) as platform:
        community = platform(COMMUNITY)
        code = COMMUNITY.partition(":")[2]
        giver = await community.post(path, {"community": code, "offers": ["elderly"]})
        clock.now += timedelta(days=1)
        began = clock.now - timedelta(hours=3)
        gave = {"kind": "elderly", "receiver": "community", "receiver_code": code}
        gave |= {"begins": began.isoformat(), "ends": (began + timedelta(hours=1)).isoformat()}
        found = {"year": 2026, "benefit": "老人满意", "mark": 5}
        street = f"street:{giver['state']['street']}"
        for office, step, said in (
            (street, "service", gave),
            (COMMUNITY, "service/s1/confirm", {}),
            (COMMUNITY, "assess", found),
            (street, "assess", found),
        ):
            await platform(office).step(path, giver["id"], step, said)
        async with console_on(platform) as url, hand(url, COMMUNITY) as somebody:
            do = f"do?step={path}/{giver['id']}/correct_assessment"
            page = await somebody.read(f"/console/organisations/volunteers/{giver['id']}/{do}")
        choice = page.partition('name="assessed_by"')[2].partition("</select>")[0]
        offered = dict(re.findall(r'<option value="([^"]+)">([^<]+)', choice))
        assert offered.keys() == {COMMUNITY, street}
        assert not offered.keys() & {*offered.values()}, "by their names"
