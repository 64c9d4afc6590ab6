"""What stands in a community that is merged into another, or moved to another street, goes along."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from gongzhi.office import Refused
from tests.platform.test_organisations_service import group, refused, served, until, volunteer
from tests.support.organisations import BASE, CODE, COMMUNITY, OFFICE, STREET, Neighbours, alone

__all__ = ["alone"]
INTO, ITS_STREET = "hepinglu", "taihe"
"""Of another street."""
NEED = {"community": COMMUNITY, "kind": "elderly", "what": "陪同就医", "minutes": 60}


async def change(
    running: Neighbours, kind: str, entry: dict[str, Any] | list[dict[str, Any]], *ends: str
) -> None:
    said = {
        "kind": kind,
        "on": running.clock.day(),
        "ends": ends,
        "entries": entry if isinstance(entry, list) else [entry],
        "reason": "区政府批复",
    }
    path = "/api/v1/housing/boundary-changes"
    await running.post("district_admin", path, said)


async def place(running: Neighbours, path: str, id: str) -> tuple[str, str]:
    state = (await running.get("district_admin", f"{path}/{id}"))["state"]
    return state["street"], state["community"]


async def test_H_11_what_stands_in_a_merged_community_is_the_other_ones(alone: Neighbours) -> None:
    """Nobody acts for a community that is no more: its volunteers and groups would stand still for good."""
    running = alone
    await running.registered()
    team = await group(running, COMMUNITY, "海华合唱队")
    await running.step(f"street:{STREET}", f"{BASE}/groups", team, "file", {"number": "备-1"})
    giver = await volunteer(running, organisation=CODE)
    elsewhere = await volunteer(running, "jiangong", organisation=CODE)
    running.clock.by += timedelta(days=1)
    for id in (giver, elsewhere):
        await served(running, id, 5, 60)
    contact = {"worker": "staff", "by": running.clock.day(), "about": "走访", "volunteers": 1}
    year = int(running.clock.day()[:4])
    plan = {"community": COMMUNITY, "year": year, "contacts": [contact]}
    made = {
        "groups": team,
        "volunteers": giver,
        "needs": (await running.post(OFFICE, f"{BASE}/needs", NEED))["id"],
        "contacts": (await running.post(OFFICE, f"{BASE}/contacts", plan))["id"],
        "organisations": CODE,
    }
    found = await running.get("resident", f"/api/v1/housing/communities/{INTO}")
    entry = {**{name: found["state"].get(name) for name in ("code", "name", "kind")}}
    await change(running, "merge", {**entry, "street": ITS_STREET}, COMMUNITY)

    async def there() -> bool:
        places = {await place(running, f"{BASE}/{path}", id) for path, id in made.items()}
        return places == {(ITS_STREET, INTO)}

    await until(there)
    office = f"community:{INTO}"
    paper = {"paper": None}
    for id in (giver, elsewhere):
        after = await running.step(office, f"{BASE}/volunteers", id, "service/s1/confirm", paper)
        assert after["state"]["services"][0]["receiver"] == office
    acted = {"on": running.clock.day(), "what": "合唱", "members": 20}
    await running.step(office, f"{BASE}/groups", team, "activities", acted)
    shown = await running.get(office, f"{BASE}/groups", community=INTO)
    assert [one["id"] for one in shown["items"]] == [team]

    async def counted() -> bool:
        latest = await running.counted()
        left, into = latest.get(COMMUNITY, {}), latest.get(INTO, {})
        names = ("organisations", "groups", "volunteers")
        return [left.get(name) for name in names] == [0, 0, 0] and [
            into.get(name) for name in names
        ] == [1, 1, 1]

    await until(counted)


async def test_H_11_what_stands_in_a_moved_community_is_its_new_streets(alone: Neighbours) -> None:
    running = alone
    team, giver = await group(running, COMMUNITY, "海华合唱队"), await volunteer(running)
    found = await running.get("resident", f"/api/v1/housing/communities/{COMMUNITY}")
    state = {name: found["state"].get(name) for name in ("code", "name", "kind", "households")}
    await change(running, "move", {**state, "street": ITS_STREET})

    async def there() -> bool:
        where = [("groups", team), ("volunteers", giver)]
        places = {await place(running, f"{BASE}/{path}", id) for path, id in where}
        return places == {(ITS_STREET, COMMUNITY)}

    await until(there)
    filed = {"number": "备-1"}
    before = running.step(f"street:{STREET}", f"{BASE}/groups", team, "file", filed)
    assert (await refused(before))[0] == 404
    await running.step(f"street:{ITS_STREET}", f"{BASE}/groups", team, "file", filed)


async def test_H_11_what_a_community_was_split_into_its_street_says_of_each(
    alone: Neighbours,
) -> None:
    """Into which is nobody's to guess; and nobody acts for the one that is no more."""
    running, street = alone, f"street:{STREET}"
    team, giver = await group(running, COMMUNITY, "海华合唱队"), await volunteer(running)
    made = {"groups": team, "volunteers": giver}
    await running.step(street, f"{BASE}/groups", team, "file", {"number": "备-1"})
    parts = [{"code": code, "name": code, "street": STREET} for code in ("haihua1", "haihua2")]
    await change(running, "split", parts, COMMUNITY)

    async def known() -> bool:
        said = {**NEED, "community": "haihua1"}
        with suppress(Refused):
            await running.post("community:haihua1", f"{BASE}/needs", said)
            return True
        return False

    await until(known)
    for path, id in made.items():
        assert await place(running, f"{BASE}/{path}", id) == (STREET, COMMUNITY)
        for wrong, status in ((COMMUNITY, 422), (INTO, 403)):
            body = {"community": wrong}
            refusal = running.step(street, f"{BASE}/{path}", id, "transfer", body)
            assert (await refused(refusal))[0] == status
        theirs = running.step(
            f"street:{ITS_STREET}", f"{BASE}/{path}", id, "transfer", {"community": INTO}
        )
        assert (await refused(theirs))[0] == 404
        into = {"community": "haihua1"}
        await running.step(street, f"{BASE}/{path}", id, "transfer", into)
        assert await place(running, f"{BASE}/{path}", id) == (STREET, "haihua1")
        again = running.step(street, f"{BASE}/{path}", id, "transfer", into)
        assert (await refused(again))[0] == 422
    acted = {"on": running.clock.day(), "what": "合唱", "members": 20}
    await running.step("community:haihua1", f"{BASE}/groups", team, "activities", acted)

    async def counted() -> bool:
        latest = await running.counted()
        names = ("groups", "volunteers")
        return all(
            [latest.get(code, {}).get(name) for name in names] == [number, number]
            for code, number in ((COMMUNITY, 0), ("haihua1", 1))
        )

    await until(counted)
