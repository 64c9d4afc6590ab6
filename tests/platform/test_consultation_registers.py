"""What stands beside committees, sessions and matters, over HTTP: each for whose it is."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from chassis.kernel.clock import local_date
from tests.support.consultation import (
    COMMUNITY,
    OTHER,
    STREET,
    Desk,
    committee,
    desk,
    researched,
    seats,
    settled,
    topic,
)

__all__ = ["desk"]


async def test_C_15_a_street_records_its_year_and_corrects_it(desk: Desk) -> None:
    year = desk.clock().year
    place = {"document": "照片", "fixed": True, "walls": 3}
    fact = {"street": "guanshang", "year": year, "item": "place", "figures": place}
    for stranger in (COMMUNITY, "street:taihe"):
        assert (await desk.ask("POST", "/consultation/facts", stranger, fact))[0] == 403
    recorded = await desk.made("/consultation/facts", STREET, fact)
    assert recorded["id"] == f"guanshang.{year}.place"
    status, refusal = await desk.ask("POST", "/consultation/facts", STREET, fact)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-15", "item")
    corrected = {"figures": {**place, "walls": 2}, "reason": "制度墙已拆除。"}
    status, answer = await desk.take(f"/facts/{recorded['id']}", "correct", STREET, corrected)
    assert (status, answer["state"]["figures"]["walls"]) == (200, 2)
    listed = f"/consultation/facts?street=guanshang&year={year}&item=place"
    assert len((await desk.ask("GET", listed, STREET))[1]["items"]) == 1


async def test_C_17_a_member_s_year_is_assessed_from_the_records(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    path = f"/committees/{seated['id']}"
    year = desk.clock().year
    said = {"year": year - 1, "grade": "good", "mediated": 2}
    status, answer = await desk.take(path, "members/s1/assess", COMMUNITY, said)
    assert (status, answer["state"]["assessed"][0]["sessions"]) == (200, 0)
    many = {**said, "year": year - 2, "useful": 1}
    right = {"grade": "fair", "work": {"mediated": 2}, "reason": "等次录错。"}
    correct = f"members/s1/assessments/{year - 1}/correct"
    assert (await desk.take(path, correct, OTHER, right))[0] == 404
    status, answer = await desk.take(path, correct, COMMUNITY, right)
    assert (status, answer["state"]["assessed"][0]["grade"]) == (200, "fair")
    status, refusal = await desk.take(path, "members/s1/assess", COMMUNITY, many)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-17", "useful")


async def test_C_14_a_regular_meeting_on_paper_is_entered_by_whose_committee_it_is(
    desk: Desk,
) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    path, today = f"/committees/{seated['id']}", local_date(desk.clock()).isoformat()
    met = {
        "on": today,
        "place": "社区议事厅",
        "minutes": "纪要1",
        "summary": "听取居委会工作报告。",
        "present": seats(10),
    }
    assert (await desk.take(path, "regular-meetings", OTHER, met))[0] == 404
    status, answer = await desk.take(path, "regular-meetings", COMMUNITY, met)
    assert (status, answer["state"]["meetings"][0]["fixed"]) == (200, 20)
    status, refusal = await desk.take(path, "regular-meetings", COMMUNITY, met)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-14", "on")
    book = f"/consultation{path}/record-book?year={today[:4]}&format=html"
    assert "纪要1" in (await desk.file(book, COMMUNITY)).decode()
    record = f"/consultation{path}/members/s9/record?year={today[:4]}"
    assert (await desk.ask("GET", record, COMMUNITY))[1]["attended"] == 1
    right, step = {**met, "present": seats(20)[10:]}, f"regular-meetings/{today}/correct"
    assert (await desk.take(path, step, OTHER, {**right, "reason": "签到抄错。"}))[0] == 404
    status, answer = await desk.take(path, step, COMMUNITY, {**right, "reason": "签到抄错。"})
    assert (status, answer["state"]["meetings"][0]["fixed"]) == (200, 20)
    assert (await desk.ask("GET", record, COMMUNITY))[1]["attended"] == 0
    status, refusal = await desk.take(
        path, "regular-meetings/2025-01-01/correct", COMMUNITY, {**right, "reason": "签到抄错。"}
    )
    assert (status, refusal["rule"]) == (409, "C-14")
    step, why = f"regular-meetings/{today}/strike", {"reason": "登记到别的委员会了。"}
    assert (await desk.take(path, step, OTHER, why))[0] == 404
    status, answer = await desk.take(path, step, COMMUNITY, why)
    assert (status, answer["state"]["meetings"]) == (200, [])


async def test_C_14_a_regular_meeting_that_was_held_here_is_not_entered_as_on_paper_too(
    desk: Desk,
) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    path, now = f"/committees/{seated['id']}", desk.clock()
    calling = {
        "committee": seated["id"],
        "kind": "regular",
        "called_by": "party_committee",
        "place": "社区议事厅",
        "held_at": (now + timedelta(minutes=10)).isoformat(),
    }
    met = {
        "on": local_date(now).isoformat(),
        "place": "社区议事厅",
        "minutes": "纪要1",
        "summary": "听取居委会工作报告。",
        "present": seats(10),
    }

    session = f"/sessions/{(await desk.made('/consultation/sessions', COMMUNITY, calling))['id']}"
    for step, body in (
        ("urgent", {"reason": "汛期。"}),
        ("arrive", {"seats": seats(20)}),
        ("open", {"chair": "secretary"}),
    ):
        assert (await desk.take(session, step, COMMUNITY, body))[0] == 200
    status, refusal = await desk.take(path, "regular-meetings", COMMUNITY, met)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-14", "on")
    assert (await desk.take(session, "adjourn", COMMUNITY, {"reason": "停电。"}))[0] == 200
    status, answer = await desk.take(path, "regular-meetings", COMMUNITY, met)
    assert (status, len(answer["state"]["meetings"])) == (200, 1), "it may have gone on on paper"
    session = f"/sessions/{(await desk.made('/consultation/sessions', COMMUNITY, calling))['id']}"
    for step, body in (("urgent", {"reason": "汛期。"}), ("arrive", {"seats": seats(20)})):
        assert (await desk.take(session, step, COMMUNITY, body))[0] == 200
    status, refusal = await desk.take(session, "open", COMMUNITY, {"chair": "secretary"})
    assert (status, refusal["rule"]) == (409, "C-14")


async def test_C_14_who_sits_on_a_seat_is_sealed_and_read_with_a_reason(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    path = f"/committees/{seated['id']}"
    who = {"name": "张三", "phone": "13800000000"}
    status, answer = await desk.take(path, "members/s1/person", COMMUNITY, who, method="PUT")
    assert (status, answer["state"]["named"]) == (200, ["s1"])
    reading = f"/consultation{path}/members/s1/person"
    status, refusal = await desk.ask("POST", reading, COMMUNITY, {"reason": " "})
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-14", "reason")
    assert (await desk.ask("POST", reading, OTHER, {"reason": "好奇"}))[0] == 404
    assert await desk.ask("POST", reading, COMMUNITY, {"reason": "通知开会。"}) == (200, who)
    _, trail = await desk.ask("GET", f"/consultation{path}/trail", STREET)
    assert [one["type"] for one in trail["entries"]][-2:] == ["MemberNamed", "NameRead"]
    assert "张三" not in str(trail)
    assert (await desk.take(path, "members/s1/forget", COMMUNITY))[0] == 200
    assert (await desk.ask("POST", reading, COMMUNITY, {"reason": "通知开会。"}))[0] == 404


async def test_C_28_a_unit_passes_by_who_guides_it(desk: Desk) -> None:
    said = {"street": "guanshang", "code": "h1", "name": "某医院", "kind": "hospital"}
    unit = await desk.made("/consultation/units", STREET, said)
    path, lacking = f"/units/{unit['id']}", "/consultation/units?lacking=true"
    assert len((await desk.ask("GET", lacking, "department:health"))[1]["items"]) == 1
    for body in ("staff_congress", "hospital_council"):
        formed = {"body": body, "on": "2026-01-05", "charter": True, "elected": True}
        assert (await desk.take(path, "form", STREET, formed))[0] == 200
    assert (await desk.ask("GET", lacking, STREET))[1]["items"] == []
    assert (await desk.take(path, "pass", STREET))[0] == 403
    assert (await desk.take(path, "pass", "department:education"))[0] == 404
    assert (await desk.take(path, "pass", "department:health"))[0] == 200


async def test_C_29_coverage_is_counted_by_the_street_s_own_eyes(desk: Desk) -> None:
    matter = await researched(desk)
    handed = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    assert (await desk.step(matter, "outcome", COMMUNITY, handed))[0] == 200
    path = f"/consultation/coverage?year={desk.clock().year}"
    for reader, streets in {
        STREET: ["guanshang"],
        OTHER: [],
        "discipline": ["guanshang", "taihe"],
    }.items():
        _, answer = await desk.ask("GET", path, reader)
        assert [row["street"] for row in answer["items"]] == streets, reader
    assert (answer["items"][0]["consulted"], answer["items"][1]["consulted"]) == (1, 0)


async def test_C_33_what_delegates_took_up_becomes_a_topic(desk: Desk) -> None:
    said: dict[str, Any] = {
        "community": "guanshangzhongxinqu",
        "on": "2026-01-05",
        "delegates": [{"delegate_class": "congress", "number": "r-12"}],
        "taken_up": "老旧小区加装电梯。",
    }
    assert (await desk.ask("POST", "/consultation/contacts", OTHER, said))[0] == 403
    day = await desk.made("/consultation/contacts", COMMUNITY, said)
    path, topic = f"/contacts/{day['id']}", {"title": "加装电梯", "category": "property"}
    status, refusal = await desk.take(path, "topic", COMMUNITY, topic)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-24", "committee")
    await desk.made("/consultation/committees", COMMUNITY, committee())
    status, answer = await desk.take(path, "topic", COMMUNITY, topic)
    assert status == 200, answer
    _, matter = await desk.ask("GET", f"/consultation/matters/{answer['state']['matter']}", STREET)
    assert matter["state"]["title"] == "加装电梯"
    assert (await desk.take(path, "topic", COMMUNITY, topic))[1]["rule"] == "C-33"
    assert (await desk.take(path, "settle", COMMUNITY, {"result": "已立项。"}))[0] == 200


async def test_a_resident_proposes_a_topic_and_hears_what_became_of_it(desk: Desk) -> None:
    said = {"community": "guanshangzhongxinqu", "title": "加装电梯", "text": "老人上下楼不便。"}
    status, receipt = await anybody(desk, "POST", "proposals", said)
    assert (status, len(receipt["code"])) == (201, 16)
    _, page = await desk.ask("GET", "/consultation/proposals?state=waiting", COMMUNITY)
    [proposal] = page["items"]
    assert (await desk.ask("GET", f"/consultation/proposals/{proposal['id']}", OTHER))[0] == 404
    taken = {"title": "加装电梯", "category": "weather", "subject": "是否加装。"}
    path = f"/proposals/{proposal['id']}"
    status, refusal = await desk.take(path, "take_up", COMMUNITY, taken)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-24", "committee")
    await desk.made("/consultation/committees", COMMUNITY, committee())
    status, refusal = await desk.take(path, "take_up", COMMUNITY, taken)
    assert (status, refusal["field"]) == (422, "category")
    taken["category"] = "property"
    status, answer = await desk.take(path, "take_up", COMMUNITY, taken)
    assert (status, answer["state"]["status"]) == (200, "taken_up")
    matter = {"id": answer["state"]["matter"]}
    assert (await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY)))[0] == 200
    assert (await desk.step(matter, "research", COMMUNITY, {"findings": "走访。"}))[0] == 200
    guidance = {"outcome": "declined", "guidance": "另行选址。", "present": seats(20)}
    assert (await desk.step(matter, "outcome", COMMUNITY, guidance))[0] == 200
    assert (await desk.step(matter, "publish", COMMUNITY, {"notice": "<已张贴>"}))[0] == 200
    _, case = await anybody(desk, "POST", "case", {"code": receipt["code"]})
    assert (case["status"], case["outcome"], case["notice"]) == (
        "taken_up",
        "declined",
        "<已张贴>",
    )
    _, notices = await anybody(desk, "GET", "notices?community=guanshangzhongxinqu")
    assert [one["title"] for one in notices] == ["加装电梯"]
    assert (await anybody(desk, "GET", "notices?community=hepinglu"))[1] == []
    feed = ElementTree.fromstring(await feed_of(desk))
    assert feed.find("{*}entry/{*}content").text == "<已张贴>"  # type: ignore[union-attr]
    wrong = {"code": "0" * 16}
    assert [(await anybody(desk, "POST", "case", wrong))[0] for _ in range(6)] == [404] * 5 + [429]
    assert (await anybody(desk, "POST", "proposals", said))[0] == 201
    assert (await anybody(desk, "POST", "proposals", said))[0] == 429


async def test_C_24_a_topic_that_is_sent_again_is_the_same_proposal(desk: Desk) -> None:
    said = {"community": "guanshangzhongxinqu", "title": "加装电梯", "text": "老人上下楼不便。"}
    key = {"Idempotency-Key": "tapped-twice"}
    answers = [await anybody(desk, "POST", "proposals", said, key) for _ in range(4)]
    assert answers[0][0] == 201 and answers == answers[:1] * 4
    # It was counted once, and what isn't it is counted under the same key, too.
    others = [{**said, "title": title} for title in ("电梯", "楼梯")]
    sent = [(await anybody(desk, "POST", "proposals", other, key))[0] for other in others]
    assert sent == [201, 429]
    assert await anybody(desk, "POST", "proposals", said, key) == answers[0]
    _, page = await desk.ask("GET", "/consultation/proposals", COMMUNITY)
    assert len(page["items"]) == 2


async def anybody(
    desk: Desk, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Without a token."""
    url = f"{desk.addresses['consultation']}/api/v1/consultation/public/{path}"
    async with desk.client.request(method, url, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def feed_of(desk: Desk) -> bytes:
    url = f"{desk.addresses['consultation']}/api/v1/consultation/public/notices.atom"
    async with desk.client.get(url) as answer:
        return await answer.read()


async def test_C_31_a_community_is_assessed_under_the_district_s_scheme(desk: Desk) -> None:
    assessed = {"community": "guanshangzhongxinqu", "year": 2025, "marks": {"a": 30}}
    status, refusal = await desk.ask("POST", "/consultation/assessments", STREET, assessed)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-31", "year")
    scheme = {"year": 2025, "items": [{"code": "a", "title": "制度", "points": 40}]}
    wrong = [{"code": "a", "title": "制度", "points": 4}]
    assert (await desk.ask("POST", "/consultation/schemes", STREET, scheme))[0] == 403
    laid = await desk.made("/consultation/schemes", "district_admin", {**scheme, "items": wrong})
    path, right = f"/schemes/{laid['id']}", {"items": scheme["items"], "reason": "分值录错。"}
    assert (await desk.take(path, "correct", "district_admin", right))[0] == 200
    for assessor, expected in {
        "street:taihe": 403,
        "department:water": 403,
        STREET: 201,
        "department:civil_affairs": 201,
    }.items():
        status, answer = await desk.ask("POST", "/consultation/assessments", assessor, assessed)
        assert status == expected, answer
    assert [one["total"] for one in answer["state"]["by"]] == [30, 30]
    again = {**right, "items": wrong}
    status, refusal = await desk.take(path, "correct", "district_admin", again)
    assert (status, refusal["rule"]) == (409, "C-31")
    one, right = f"/assessments/{answer['id']}", {"marks": {"a": 3}, "reason": "录错。"}
    for assessor, status in {"department:civil_affairs": 403, STREET: 200}.items():
        assert (await desk.take(one, "by/street/correct", assessor, right))[0] == status, assessor
    _, answer = await desk.ask("GET", f"/consultation{one}", STREET)
    assert [one["total"] for one in answer["state"]["by"]] == [3, 30]
    assert [act["name"] for act in answer["actions"]] == ["correct"]


async def test_C_31_marks_that_nobody_gave_are_not_put_right(desk: Desk) -> None:
    civil = "department:civil_affairs"
    scheme = {"year": 2025, "items": [{"code": "a", "title": "制度", "points": 40}]}
    await desk.made("/consultation/schemes", "district_admin", scheme)
    said = {"community": "guanshangzhongxinqu", "year": 2025, "marks": {"a": 30}}
    made = await desk.made("/consultation/assessments", civil, said)
    one, right = f"/assessments/{made['id']}", {"marks": {"a": 3}, "reason": "录错。"}
    status, refusal = await desk.take(one, "by/street/correct", STREET, right)
    assert (status, refusal["rule"]) == (409, "C-31")
    assert (await desk.take(one, "by/nonsense/correct", STREET, right))[0] == 422


async def test_C_31_a_new_situation_is_reported_to_the_office_and_answered_by_it(
    desk: Desk,
) -> None:
    path, place = "/consultation/situations", {"community": "guanshangzhongxinqu"}
    said = {**place, "title": "线上议事", "text": "多在群里讨论，签到表不好做。"}
    assert (await desk.ask("POST", path, OTHER, said))[0] == 403
    elsewhere = {**said, "street": "taihe"}
    assert (await desk.ask("POST", path, COMMUNITY, elsewhere))[1]["field"] == "street"
    without = {"title": "线上议事", "text": "情况。"}
    assert (await desk.ask("POST", path, STREET, without))[0] == 422
    reported = await desk.made(path, COMMUNITY, said)
    own = await desk.made(path, STREET, {**without, "street": "guanshang"})
    office, answer = "department:united_front", {"answer": "以截屏附签到表。"}
    for reader, count in {
        COMMUNITY: 1,
        STREET: 2,
        OTHER: 0,
        office: 2,
        "department:water": 0,
    }.items():
        _, page = await desk.ask("GET", path, reader)
        assert len(page["items"]) == count, reader
    one = f"/situations/{reported['id']}"
    for reader, status in {STREET: 403, "department:water": 404, office: 200}.items():
        assert (await desk.take(one, "answer", reader, answer))[0] == status, reader
    status, refusal = await desk.take(one, "answer", office, answer)
    assert (status, refusal["rule"]) == (409, "C-31")
    _, page = await desk.ask("GET", f"{path}?answered=false", office)
    assert [held["id"] for held in page["items"]] == [own["id"]]


async def test_C_30_a_community_s_hall_is_its_own_and_shows_what_it_lacks(desk: Desk) -> None:
    path, on = "/consultation/halls", desk.clock().date().isoformat()
    space = {"community": "guanshangzhongxinqu", "head": "space", "what": "二楼。", "on": on}
    assert (await desk.ask("POST", path, OTHER, space))[0] == 403
    status, refusal = await desk.ask("POST", path, COMMUNITY, {**space, "head": "rules"})
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-30", "head")
    for head in ("space", "people", "topics", "rules"):
        hall = await desk.made(path, COMMUNITY, {**space, "head": head})
    assert hall["state"]["lacking"] == ["joint"]
    assert len((await desk.ask("GET", f"{path}?lacking=true", STREET))[1]["items"]) == 1
    await desk.made(path, STREET, {**space, "head": "joint"})
    assert (await desk.ask("GET", f"{path}?lacking=true", STREET))[1]["items"] == []


async def test_C_13_a_matter_of_several_communities_is_the_streets(desk: Desk) -> None:
    below = await desk.made("/consultation/committees", COMMUNITY, committee())
    street = await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    both = {"communities": ["guanshangzhongxinqu", "hepinglu"]}
    said = {**topic(below), **both}
    status, refusal = await desk.ask("POST", "/consultation/matters", COMMUNITY, said)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-13", "communities")
    said = {**topic(street), **both}
    status, refusal = await desk.ask("POST", "/consultation/matters", STREET, said)
    assert (status, refusal["field"]) == (422, "communities")


async def test_C_10_a_unit_that_is_in_no_register_is_responsible_for_nothing(desk: Desk) -> None:
    matter = await researched(desk)
    handed = {"outcome": "usable_here", "unit": "nobody", "present": seats(20)}
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, handed)
    assert (status, refusal["field"]) == (422, "unit")
    handed["unit"] = "water"
    assert (await desk.step(matter, "outcome", COMMUNITY, handed))[0] == 200
