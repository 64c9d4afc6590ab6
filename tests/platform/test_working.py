"""What every front-end's first screen is made of: what is due, what may be done with each, how long is left."""

from typing import Any

import pytest

from gongzhi.office import Refused
from tests.support.bodies import outfall
from tests.support.held import NOW, clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]
WHISTLES = "/api/v1/whistle/whistles"
CENTRE, STREET, WATER = "command_centre", "street:jinma", "department:water"


async def dispatched(platform: Inside) -> str:
    made = await platform(STREET).post(WHISTLES, outfall("water", kind="tackle"))
    for step in ("register", "dispatch"):
        await platform(CENTRE).step(WHISTLES, made["id"], step)
    return str(made["id"])


async def only(platform: Inside, who: str, **asked: str) -> Any:
    [item] = (await platform(who).get(WHISTLES, **asked))["items"]
    return item


async def test_a_list_says_when_each_is_due_and_what_its_reader_may_do_with_it(
    platform: Inside,
) -> None:
    id = await dispatched(platform)
    plain = await only(platform, WATER)
    assert plain["actions"] is None
    assert plain["due"] == "2026-03-02T07:00:00Z"  # four working hours, with the noon between
    one = await platform(WATER).get(f"{WHISTLES}/{id}")
    assert one["due"] == plain["due"]
    listed = (await only(platform, WATER, actions="now"))["actions"]
    assert listed == one["actions"] and "arrive" in {each["name"] for each in listed}
    assert {each["name"] for each in (await only(platform, CENTRE, actions="now"))["actions"]} != {
        each["name"] for each in listed
    }


async def test_working_time_left_is_counted_in_the_districts_calendar(
    platform: Inside, clock: HeldClock
) -> None:
    at = "/api/v1/gateway/hours"
    noon, monday = "2026-03-02T12:30:00+08:00", "2026-03-09T10:00:00+08:00"
    said = await platform(WATER).get(at, until=noon)
    assert [one["seconds"] for one in said["items"]] == [2 * 3600]
    assert said["now"].startswith(NOW.strftime("%Y-%m-%dT%H:%M"))
    assert (await platform(WATER).get(at, until=monday))["items"][0]["seconds"] == 5 * 7 * 3600
    past = await platform(WATER).get(at, until="2026-02-27T16:00:00+08:00")
    # That Saturday is worked.
    assert past["items"][0]["seconds"] == -(1 + 7 + 1) * 3600
    far = await platform(WATER).get(at, until="2030-01-01T00:00:00Z")
    assert far["items"][0]["seconds"] is None
    with pytest.raises(Refused):
        await platform(WATER).get(at)
