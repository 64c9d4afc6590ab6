"""What stands beside committees, sessions and matters, over HTTP: each for whose it is."""

from typing import Any

from tests.support.consultation import (
    COMMUNITY,
    OTHER,
    STREET,
    Desk,
    committee,
    desk,
    researched,
    seats,
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
    status, refusal = await desk.take(path, "members/s1/assess", COMMUNITY, many)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-17", "useful")


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
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-33", "committee")
    await desk.made("/consultation/committees", COMMUNITY, committee())
    status, answer = await desk.take(path, "topic", COMMUNITY, topic)
    assert status == 200, answer
    _, matter = await desk.ask("GET", f"/consultation/matters/{answer['state']['matter']}", STREET)
    assert matter["state"]["title"] == "加装电梯"
    assert (await desk.take(path, "topic", COMMUNITY, topic))[1]["rule"] == "C-33"
    assert (await desk.take(path, "settle", COMMUNITY, {"result": "已立项。"}))[0] == 200


async def test_C_31_a_community_is_assessed_under_the_district_s_scheme(desk: Desk) -> None:
    assessed = {"community": "guanshangzhongxinqu", "year": 2025, "marks": {"a": 30}}
    status, refusal = await desk.ask("POST", "/consultation/assessments", STREET, assessed)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-31", "year")
    scheme = {"year": 2025, "items": [{"code": "a", "title": "制度", "points": 40}]}
    assert (await desk.ask("POST", "/consultation/schemes", STREET, scheme))[0] == 403
    await desk.made("/consultation/schemes", "district_admin", scheme)
    for assessor, expected in {
        "street:taihe": 403,
        "department:water": 403,
        STREET: 201,
        "department:civil_affairs": 201,
    }.items():
        status, answer = await desk.ask("POST", "/consultation/assessments", assessor, assessed)
        assert status == expected, answer
    assert [one["total"] for one in answer["state"]["by"]] == [30, 30]
