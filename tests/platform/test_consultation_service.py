"""The service as it runs: its own store and inbox, a real bus, whistle beside it, HTTP on loopback."""

import asyncio
import io
from datetime import timedelta
from typing import Any

from pypdf import PdfReader

from chassis.kernel.clock import local_date
from contracts.consultation import MatterReferred
from services.consultation.domain.minutes import faults
from services.consultation.domain.rules import RULES
from tests.support.consultation import (
    COMMUNITY,
    OTHER,
    STREET,
    Answer,
    Desk,
    committee,
    desk,
    problems,
    researched,
    roll,
    seats,
    settled,
    topic,
    until,
)

__all__ = ["desk"]


async def test_an_outcome_for_a_whistle_becomes_one_problem(desk: Desk) -> None:
    matter = await researched(desk)
    outcome = {
        "outcome": "needs_upper_level",
        "target": "whistle",
        "present": seats(10),
        "disagreement": [{"seat": "s3", "reason": "应先与物业商量。"}],
    }
    status, answer = await desk.step(matter, "outcome", COMMUNITY, outcome)
    assert (status, answer["version"], answer["state"]["status"]) == (200, 6, "referred")

    async def arrived() -> bool:
        return bool(await problems(desk))

    await until(arrived)
    [problem] = await problems(desk)
    state = problem["state"]
    assert problem["correlation"] == matter["id"]
    assert (state["channel"], state["origin"]) == ("consultation", f"matter:{matter['id']}")
    assert (state["street"], state["community"]) == ("guanshang", "guanshangzhongxinqu")
    assert (state["category"], state["title"]) == ("parking", "小区停车秩序")

    again = MatterReferred(
        street="guanshang",
        community="guanshangzhongxinqu",
        matter=matter["id"],
        target="whistle",
        category="parking",
        title="小区停车秩序",
    )
    for id in ("heard-twice", "heard-twice", "heard-once-more"):
        await desk.tell("/gongzhi/consultation", f"matters/{matter['id']}", id, again)

    async def all_heard() -> bool:
        return desk.heard("whistle", MatterReferred) == 4

    await until(all_heard)
    assert [held["id"] for held in await problems(desk)] == [problem["id"]]

    _, trail = await desk.ask(
        "GET", f"/consultation/matters/{matter['id']}/trail?verify=true", STREET
    )
    assert trail["faults"] == []
    assert [entry["type"] for entry in trail["entries"]] == [
        "MatterProposed",
        "MatterAccepted",
        "MatterResearched",
        "OutcomeRecorded",
        "MatterReferred",
        "ClockStarted",
    ]
    book = f"/consultation/committees/{answer['state']['committee']}/record-book?format=json&year="
    year = local_date(desk.clock()).year
    for asked, rows in ((year, 1), (year - 1, 0)):
        _, found = await desk.ask("GET", f"{book}{asked}", COMMUNITY)
        assert [one["topic"] for one in found["items"]] == ["小区停车秩序"] * rows


async def test_a_dispute_goes_to_mediation_and_becomes_no_problem(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    dispute = {"ground": "two_party_dispute"}
    assert (await desk.step(matter, "refuse", COMMUNITY, dispute))[0] == 200

    async def heard() -> bool:
        return desk.heard("whistle", MatterReferred) == 1

    await until(heard)
    assert await problems(desk) == []


async def test_rules_are_cited_and_nothing_moves(desk: Desk) -> None:
    status, refusal = await desk.ask(
        "POST", "/consultation/committees", COMMUNITY, committee(outside=11)
    )
    assert (status, refusal["rule"], refusal["clause"]) == (
        409,
        "C-01",
        "官办通〔2018〕58号 六.1-2",
    )
    matter = await researched(desk)
    too_few = {"outcome": "usable_here", "unit": "water", "present": seats(9)}
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, too_few)
    assert (status, refusal["rule"]) == (409, "C-08")
    status, refusal = await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY))
    assert (status, refusal["rule"], refusal["clause"]) == (409, "C-16", "官办通〔2018〕58号")
    status, refusal = await desk.step(matter, "accept", OTHER, settled(OTHER))
    assert status == 404
    path = f"/consultation/matters/{matter['id']}"
    status, refusal = await desk.ask("POST", f"{path}/refuse", COMMUNITY, {})
    assert status == 428
    _, now = await desk.ask("GET", path, COMMUNITY)
    assert (now["version"], now["state"]["status"]) == (3, "researched")


async def test_a_committee_sits_where_the_register_says(desk: Desk) -> None:
    async def refused(body: dict[str, Any], acts_as: str = "district_admin") -> Answer:
        return await desk.ask("POST", "/consultation/committees", acts_as, body)

    for place in ("nowhere", "shijicheng"):
        status, refusal = await refused({**committee(), "community": place})
        assert (status, refusal["type"]) == (422, "/problems/unknown-reference")
        assert refusal["field"] == "community"
    status, refusal = await refused({**committee("street", 50, 30), "street": "nowhere"})
    assert (status, refusal["field"]) == (422, "street")
    status, refusal = await refused({**committee(), "street": "taihe"})
    assert (status, refusal["field"]) == (422, "street")
    nowhere = {name: said for name, said in committee().items() if name != "community"}
    status, refusal = await refused(nowhere)
    assert (status, refusal["field"]) == (422, "community")
    of_a_street = {**committee("street", 50, 30), "community": "haihua"}
    status, refusal = await refused(of_a_street)
    assert (status, refusal["type"], refusal["field"]) == (422, "/problems/malformed", "street")
    for stranger in (OTHER, "street:taihe", "department:water", "command_centre"):
        status, _ = await refused(committee(), stranger)
        assert status == 403
    named = {**roll(20, 20)[0], "name": "张三"}
    status, _ = await refused({**committee(), "members": [named]})
    assert status == 422


async def test_C_01_of_committees_seated_at_once_at_one_place_one_sits(desk: Desk) -> None:
    """Of a street and of a community; below it as many as there are quarters."""

    async def seat(said: dict[str, Any], **key: str) -> Answer:
        return await desk.ask("POST", "/consultation/committees", "district_admin", said, **key)

    for level, said in (
        ("community", committee()),
        ("street", committee("street", 50, 30)),
    ):
        answers = await asyncio.gather(*[seat(said) for _ in range(6)])
        assert sorted(status for status, _ in answers) == [201, *[409] * 5]
        refused = [answer for status, answer in answers if status == 409]
        assert {(answer["rule"], answer["field"]) for answer in refused} == {("C-01", "level")}
        _, page = await desk.ask("GET", f"/consultation/committees?level={level}", STREET)
        [sitting] = page["items"]
        assert (await seat(said))[0] == 409
        path = f"/committees/{sitting['id']}"
        assert (await desk.take(path, "dissolve", STREET, {"reason": "区划调整。"}))[0] == 200
        key = {"idempotency_key": f"seat-{level}"}
        status, second = await seat(said, **key)
        assert (status, second["id"] != sitting["id"]) == (201, True)
        path = f"/committees/{second['id']}"
        assert (await desk.take(path, "dissolve", STREET, {"reason": "区划调整。"}))[0] == 200
        assert (await seat(said))[0] == 201
        status, again = await seat(said, **key)
        assert (status, again["id"]) == (201, second["id"])
    quarters = [await seat(committee("quarter", 5, 5)) for _ in range(2)]
    assert [status for status, _ in quarters] == [201, 201]


async def test_the_same_request_seats_and_proposes_once(desk: Desk) -> None:
    first, again = [
        await desk.ask(
            "POST", "/consultation/committees", STREET, committee(), idempotency_key="seating-1"
        )
        for _ in range(2)
    ]
    assert first == again
    assert first[0] == 201
    made, repeated = [
        await desk.ask(
            "POST", "/consultation/matters", STREET, topic(first[1]), idempotency_key="topic-0001"
        )
        for _ in range(2)
    ]
    assert made == repeated
    assert made[1]["state"]["id"] == made[1]["id"]


async def test_C_01_of_several_that_are_seated_at_once_one_sits(desk: Desk) -> None:
    said = [desk.ask("POST", "/consultation/committees", STREET, committee()) for _ in range(8)]
    found = await asyncio.gather(*said)
    assert sorted(status for status, _ in found) == [201, *[409] * 7]
    _, listed = await desk.ask("GET", "/consultation/committees", STREET)
    assert len(listed["items"]) == 1


async def test_after_its_term_a_committee_takes_up_nothing_new(desk: Desk) -> None:
    ended = local_date(desk.clock()).replace(day=1) - timedelta(days=3 * 366)
    said = {**committee(), "seated_on": ended.isoformat()}
    status, refusal = await desk.ask("POST", "/consultation/committees", STREET, said)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-01", "seated_on")
    before = (local_date(desk.clock()) - timedelta(days=400)).replace(day=1)
    said["seated_on"] = before.isoformat()
    seated = await desk.made("/consultation/committees", STREET, said)
    assert seated["state"]["seated_on"] == said["seated_on"]
    assert seated["state"]["term_ends"] == f"{before.year + 3}-{before.month:02}-01"
    await desk.made("/consultation/matters", STREET, topic(seated))
    desk.clock.ahead = timedelta(days=3 * 365 + 2)
    status, refusal = await desk.ask("POST", "/consultation/matters", STREET, topic(seated))
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-01", "committee")


async def test_a_member_is_appointed_with_the_street_s_agreement(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    nominee = {
        "seat": "n1",
        "non_party": True,
        "member_class": "resident",
        "route": "self",
        "adult": True,
        "capacity": True,
        "voter": False,
    }
    path = f"/committees/{seated['id']}"
    status, refusal = await desk.take(path, "members", COMMUNITY, nominee)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-02", "voter")
    assert (await desk.take(path, "members", COMMUNITY, {**nominee, "voter": True}))[0] == 200
    for step in ("deliberate", "publicise"):
        status, answer = await desk.take(path, f"nominations/n1/{step}", COMMUNITY)
        assert status == 200, answer
    status, refusal = await desk.take(path, "nominations/n1/agree", STREET)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-02", "seat")
    desk.clock.ahead = timedelta(days=20)
    status, _ = await desk.take(path, "nominations/n1/agree", COMMUNITY)
    assert status == 403
    assert (await desk.take(path, "nominations/n1/agree", STREET))[0] == 200
    letter = {"letter": "2026-21"}
    status, answer = await desk.take(path, "nominations/n1/appoint", COMMUNITY, letter)
    assert (status, answer["state"]["members"][-1]["seat"]) == (200, "n1")
    found = {"ground": "open_case", "evidence": "立案通知"}
    status, _ = await desk.take(path, "members/n1/disqualify", COMMUNITY, found)
    assert status == 403
    status, answer = await desk.take(path, "members/n1/disqualify", STREET, found)
    assert (status, len(answer["state"]["members"])) == (200, 20)


async def test_a_session_decides_and_its_matter_follows(desk: Desk) -> None:
    matter = await researched(desk)
    at = (desk.clock() + timedelta(days=20)).isoformat()
    called = {
        "committee": matter["state"]["committee"],
        "kind": "topical",
        "called_by": "plan",
        "matter": matter["id"],
        "place": "居民议事厅",
        "held_at": at,
    }
    status, refusal = await desk.ask("POST", "/consultation/sessions", COMMUNITY, called)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-05", "called_by")
    plan = {
        "year": int(at[:4]),
        "topics": [{"head": "order", "title": "停车"}],
        "regular": 12,
        "publicised_on": desk.clock().date().isoformat(),
    }
    seated = f"/committees/{called['committee']}"
    assert (await desk.take(seated, "plan", COMMUNITY, plan, method="PUT"))[0] == 200
    session = await desk.made("/consultation/sessions", COMMUNITY, called)
    path = f"/sessions/{session['id']}"
    by_hand = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, by_hand)
    assert (status, refusal["rule"]) == (409, "C-09")

    async def does(step: str, body: dict[str, Any] | None = None) -> Answer:
        return await desk.take(path, step, COMMUNITY, body)

    assert (await does("notice", {"papers": ["议题方案"]}))[0] == 200
    status, refusal = await does("open", {"chair": "secretary"})
    assert (status, refusal["rule"], "field" in refusal) == (409, "C-07", False)
    desk.clock.ahead = timedelta(days=20)
    assert (await does("arrive", {"seats": seats(9)}))[0] == 200
    status, refusal = await does("open", {"chair": "secretary"})
    assert (status, refusal["rule"]) == (409, "C-08")
    assert (await does("arrive", {"seats": seats(10)}))[1]["state"]["there"] == seats(10)
    assert (await does("open", {"chair": "secretary"}))[0] == 200
    assert (await does("leave", {"seats": ["s0"]}))[0] == 200
    status, refusal = await does("record", {"outcome": "usable_here", "unit": "nobody"})
    assert (status, refusal["field"]) == (422, "unit")
    referred = {"outcome": "needs_upper_level", "target": "whistle"}
    status, refusal = await does("record", referred)
    assert (status, refusal["rule"]) == (409, "C-08")
    assert (await does("arrive", {"seats": ["s0"]}))[0] == 200
    assert (await does("record", referred))[0] == 200

    async def followed() -> bool:
        return len(await problems(desk)) == 1

    await until(followed)
    path_of_matter = f"/consultation/matters/{matter['id']}"
    [problem] = await problems(desk)
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "easy"}
    for version, (step, body) in enumerate(
        {"triage": {**triage, "handling": "immediate"}, "settle": {"how": "已划线。"}}.items(), 1
    ):
        settling = f"/whistle/problems/{problem['id']}/{step}"
        status, _ = await desk.ask("POST", settling, COMMUNITY, body, if_match=f'"{version}"')
        assert status == 200

    async def answered() -> bool:
        _, now = await desk.ask("GET", path_of_matter, COMMUNITY)
        return [one["outcome"] for one in now["state"]["answers"]] == ["settled"]

    await until(answered)
    _, now = await desk.ask("GET", path_of_matter, COMMUNITY)
    conclusion = now["state"]["conclusion"]
    assert (now["state"]["status"], conclusion["present"]) == ("referred", 10)
    assert conclusion["session"] == session["id"]
    status, ended = await does("close", {"summary": "报上级解决。"})
    assert (status, ended["state"]["status"]) == (200, "closed")

    for signatory in ("chair", "recorder"):
        assert (await does("sign", {"signatory": signatory}))[0] == 200
    content = await desk.file(f"/consultation/sessions/{session['id']}/minutes", COMMUNITY)
    assert faults(content, ended["state"]["minutes"][0]["seal"]) == []
    assert len(content.splitlines()) == 4

    book = f"/consultation/committees/{called['committee']}/record-book?year={at[:4]}&format="
    sheets = [
        f"/consultation/sessions/{session['id']}/forms/{one}" for one in ("minutes", "sign_in")
    ]
    for form in (*sheets, f"{path_of_matter}/forms/opinions", f"{book}html"):
        assert "小区停车秩序" in (await desk.file(form, COMMUNITY)).decode()
    assert (await desk.file(f"{book}xlsx", STREET)).startswith(b"PK")
    printed = PdfReader(io.BytesIO(await desk.file(f"{book}pdf", STREET)))
    assert "小区停车秩序" in "".join(page.extract_text() for page in printed.pages)
    status, refusal = await desk.ask("GET", f"{path_of_matter}/forms/report", COMMUNITY)
    assert (status, refusal["rule"]) == (409, "C-30")
    assert (await desk.ask("GET", f"{book}json", OTHER))[0] == 404

    async def counted() -> bool:
        _, seated = await desk.ask("GET", f"/consultation/committees/{called['committee']}", STREET)
        absences = seated["state"]["absences"]
        return [one["seats"] for one in absences] == [seats(20)[10:]]

    await until(counted)
    record = f"/consultation/committees/{called['committee']}/members/s0/record?year={at[:4]}"
    status, year = await desk.ask("GET", record, COMMUNITY)
    assert (status, year["sessions"], year["attended"], year["absent"]) == (200, 1, 1, 0)
    assert (await desk.ask("GET", record, OTHER))[0] == 404
    _, page = await desk.ask("GET", f"/consultation/sessions?matter={matter['id']}", STREET)
    assert [held["id"] for held in page["items"]] == [session["id"]]


async def test_the_policy_s_next_version_is_what_counts(desk: Desk) -> None:
    path = "/consultation/policy"
    _, policy = await desk.ask("GET", path, "district_admin")
    values = policy["state"]["editions"][0]["values"]
    assert values["street_size"] == {"least": 45, "most": 55}
    small = {
        "values": {**values, "street_size": {"least": 40, "most": 55}},
        "reason": "试行较小规模",
    }
    status, _ = await desk.ask("PUT", path, STREET, small, if_match='"1"')
    assert status == 403
    senseless = {**small, "values": {**values, "street_size": {"least": 60, "most": 55}}}
    status, refusal = await desk.ask("PUT", path, "district_admin", senseless, if_match='"1"')
    assert (status, refusal["field"]) == (422, "street_size")
    status, _ = await desk.ask("PUT", path, "district_admin", small, if_match='"1"')
    assert status == 200
    seated = await desk.made("/consultation/committees", STREET, committee("street", 40, 24))
    assert seated["state"]["policy"] == 2


async def test_the_categories_are_those_that_whistle_knows(desk: Desk) -> None:
    """A matter of a category whistle doesn't know could be referred and never arrive."""
    listed = []
    for service in ("consultation", "whistle"):
        _, policy = await desk.ask("GET", f"/{service}/policy", "district_admin")
        listed.append(set(policy["state"]["editions"][0]["values"]["categories"]))
    assert listed[0] == listed[1]
    seated = await desk.made("/consultation/committees", STREET, committee())
    unknown = {**topic(seated), "category": "weather"}
    status, refusal = await desk.ask("POST", "/consultation/matters", STREET, unknown)
    assert (status, refusal["field"]) == (422, "category")


async def test_the_rules_listed_are_the_rules_enforced(desk: Desk) -> None:
    rules: Any = (await desk.ask("GET", "/consultation/rules", STREET))[1]
    assert [rule["rule"] for rule in rules] == list(RULES.ids())
