"""Matters as they are followed: what is kept of their steps, who watches, who sees them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from gongzhi import keys
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
    until,
)

__all__ = ["desk"]
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(3 * 2**20)
"""As large as a telephone's."""


@pytest.mark.parametrize(("mark", "section"), [("public", "六.2.1"), ("technical", "六.2.3")])
async def test_C_26_what_is_marked_is_decided_in_a_session(
    desk: Desk, mark: str, section: str
) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    marked = {**settled(COMMUNITY), mark: True}
    assert (await desk.step(matter, "accept", COMMUNITY, marked))[0] == 200
    assert (await desk.step(matter, "research", COMMUNITY, {"findings": "走访。"}))[0] == 200
    by_hand = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, by_hand)
    assert (status, refusal["rule"], refusal["clause"]) == (
        409,
        "C-26",
        f"官办通〔2018〕58号 {section}",
    )


async def test_C_16_a_new_matter_begins_under_the_procedure_in_force(desk: Desk) -> None:
    """Under that of 2016 nobody settles it, marks it or follows it by a date: it isn't for whoever enters it to say."""
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    older = {**topic(seated), "procedure": "2016"}
    status, refusal = await desk.ask("POST", "/consultation/matters", COMMUNITY, older)
    assert (status, refusal["field"]) == (422, "body.procedure")
    matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    assert matter["state"]["procedure"] == "2018"


async def test_a_date_that_was_missed_is_told_once_by_the_clock(desk: Desk) -> None:
    matter = await researched(desk)
    handed = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    status, answer = await desk.step(matter, "outcome", COMMUNITY, handed)
    assert answer["state"]["awaits"]["awaited"] == "publication"
    path = f"/consultation/matters/{matter['id']}"
    desk.clock.ahead = timedelta(days=40)

    async def missed() -> bool:
        _, now = await desk.ask("GET", path, COMMUNITY)
        return len(now["state"]["missed"]) == 1

    await until(missed)
    assert (await desk.step(matter, "publish", COMMUNITY, {"notice": "已张贴。"}))[0] == 200
    done = {"result": "已划线。"}
    status, refusal = await desk.step(matter, "complete", COMMUNITY, done)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-18", "stage")
    photo = await photographed(desk, matter["id"])
    day = desk.clock().date().isoformat()
    kept = {"stage": "deliberation", "on": day, "photos": ["f-1"]}
    status, refusal = await desk.step(matter, "keep", COMMUNITY, kept)
    assert (status, refusal["field"]) == (422, "photos")
    assert (await desk.step(matter, "keep", COMMUNITY, {**kept, "photos": [photo]}))[0] == 200
    status, answer = await desk.step(matter, "complete", COMMUNITY, done)
    assert (status, answer["state"]["status"]) == (200, "closed")
    _, trail = await desk.ask("GET", f"{path}/trail", STREET)
    assert [entry["type"] for entry in trail["entries"]].count("DateMissed") == 1


async def test_a_street_leads_its_own_matters(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    body = topic(seated, community="guanshangzhongxinqu")
    matter = await desk.made("/consultation/matters", STREET, body)
    elsewhere = topic(seated, community="hepinglu")
    status, refusal = await desk.ask("POST", "/consultation/matters", STREET, elsewhere)
    assert (status, refusal["field"]) == (422, "community")
    for stranger, expected in {
        COMMUNITY: (422, "committee"),
        "command_centre": (403, None),
    }.items():
        status, refusal = await desk.ask("POST", "/consultation/matters", stranger, body)
        assert (status, refusal.get("field")) == expected
    status, _ = await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY))
    assert status == 403
    assert (await desk.step(matter, "accept", STREET, settled(STREET)))[0] == 200


async def test_each_sees_what_concerns_it(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    serves = {"kind": "premises", "id": "premises-1"}
    body = {**topic(seated, community="guanshangzhongxinqu"), "serves": serves}
    stranger = {**body, "by_seat": "s99"}
    status, refusal = await desk.ask("POST", "/consultation/matters", STREET, stranger)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-25", "by_seat")
    matter = await desk.made("/consultation/matters", STREET, {**body, "by_seat": "s3"})
    assert matter["state"]["serves"] == serves
    alone = {"findings": "走访。", "seats": ["s99"]}
    assert (await desk.step(matter, "accept", STREET, settled(STREET)))[0] == 200
    status, refusal = await desk.step(matter, "research", STREET, alone)
    assert (status, refusal["rule"], refusal["field"]) == (409, "C-25", "seats")
    assert (await desk.step(matter, "research", STREET, {"findings": "走访。"}))[0] == 200
    handed = {"outcome": "usable_here", "unit": "urban_management", "present": seats(25)}
    assert (await desk.step(matter, "outcome", STREET, handed))[1]["state"]["status"] == "handed"
    seen = {
        STREET: 1,
        COMMUNITY: 1,
        "command_centre": 1,
        "discipline": 1,
        "department:urban_management": 1,
        "department:water": 0,
        OTHER: 0,
        "street:taihe": 0,
        "resident": 0,
    }
    path = f"/consultation/matters/{matter['id']}"
    for reader, count in seen.items():
        _, page = await desk.ask("GET", "/consultation/matters", reader)
        assert len(page["items"]) == count, reader
        status, _ = await desk.ask("GET", path, reader)
        assert status == (200 if count else 404), reader
    _, page = await desk.ask("GET", "/consultation/matters?state=handed", STREET)
    assert len(page["items"]) == 1
    _, page = await desk.ask("GET", "/consultation/matters?state=referred", STREET)
    assert page["items"] == []
    for reader, count in {STREET: 1, COMMUNITY: 0, OTHER: 0, "department:water": 0}.items():
        _, page = await desk.ask("GET", "/consultation/committees", reader)
        assert len(page["items"]) == count, reader


async def photographed(desk: Desk, matter: str) -> str:
    """Filed by who leads the matter, read by who sees it."""
    path = f"{desk.addresses['consultation']}/api/v1/consultation/matters/{matter}/photos"
    for acts_as, expected in {OTHER: 404, COMMUNITY: 201}.items():
        headers = {"authorization": "Bearer " + keys.token(desk.data, acts_as)}
        async with desk.client.post(path, data=BytesIO(PHOTO), headers=headers) as answer:
            assert answer.status == expected
            filed = await answer.json()
    id: str = filed["id"]
    assert await desk.file(f"/consultation/matters/{matter}/photos/{id}", COMMUNITY) == PHOTO
    return id


async def test_what_a_member_found_is_answered_and_what_was_wrong_comes_back(desk: Desk) -> None:
    matter = await researched(desk)
    handed = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    assert (await desk.step(matter, "outcome", COMMUNITY, handed))[0] == 200
    found = {"seat": "s1", "finding": "未划线。", "mark": "badly"}
    status, answer = await desk.step(matter, "inspect", COMMUNITY, found)
    assert (status, answer["state"]["inspected"][0]["due"] is None) == (200, False)
    put_right, path = {"answer": "已划线。"}, f"/matters/{matter['id']}"
    for unit, expected in {"department:health": 404, "department:water": 200}.items():
        status, _ = await desk.take(path, "inspections/0/answer", unit, put_right)
        assert status == expected, unit
    status, refusal = await desk.take(path, "inspections/0/answer", COMMUNITY, put_right)
    assert (status, refusal["rule"]) == (409, "C-20")
    wrong = {"fault": "procedure", "back_to": "deliberation", "reason": "未达法定人数。"}
    assert (await desk.step(matter, "correct", COMMUNITY, wrong))[0] == 403
    status, answer = await desk.step(matter, "correct", STREET, wrong)
    assert (status, answer["state"]["status"]) == (200, "researched")


async def test_C_13_what_the_committee_above_does_not_take_up_is_told_below(desk: Desk) -> None:
    await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    matter = await researched(desk)
    up = {"outcome": "needs_upper_level", "target": "upper_committee", "present": seats(20)}
    assert (await desk.step(matter, "outcome", COMMUNITY, up))[0] == 200
    found: list[dict[str, Any]] = []

    async def raised() -> bool:
        _, page = await desk.ask("GET", "/consultation/matters?state=proposed", STREET)
        found[:] = page["items"]
        return bool(found)

    await until(raised)
    [above] = found
    refused = {"ground": "ordered_from_above"}
    assert (await desk.step(above, "refuse", STREET, refused))[0] == 200
    _, below = await desk.ask("GET", f"/consultation/matters/{matter['id']}", COMMUNITY)
    [told] = below["state"]["answers"]
    assert (told["by"], told["about"], told["outcome"]) == (
        "upper_committee",
        above["id"],
        "not_taken_up",
    )
