"""A resident's need, through the whistle's whole loop, to a figure that opens to its events."""

from typing import Any

import pytest

from gongzhi import demo, demo_cast
from gongzhi.office import Refused
from gongzhi.verify import faults
from tests.support.buses import until
from tests.support.platform import Cast, Platform

WHISTLES = "/api/v1/whistle/whistles"


@pytest.fixture
async def whistle(platform: Platform, cast: Cast) -> str:
    """Played by the demo, which checks scores and figures on its way."""
    return await demo.need_to_scorecard(demo_cast.Cast(cast.session, platform.url, platform.data))


async def test_a_need_reaches_the_streets_scorecard(whistle: str, cast: Cast) -> None:
    """One of two in time, one late, returned once: told in whistle.closed and kept by the journal."""
    feed = await told(cast, f"whistles/{whistle}")
    types = [event["type"] for event in feed]
    assert types == [
        "whistle.blown.v1",
        "whistle.dispatched.v1",
        "whistle.arrived.v1",
        "whistle.deadline_missed.v1",
        "whistle.handled.v1",
        "whistle.returned.v1",
        "whistle.handled.v1",
        "whistle.verified.v1",
        "whistle.closed.v1",
    ]
    closed = feed[-1]["data"]
    assert [
        (record["unit"], record["arrived_on_time"], record["handled_on_time"], record["returns"])
        for record in closed["records"]
    ] == [("urban_management", True, True, 0), ("housing_construction", False, True, 1)]
    assert closed["score"] == 7350
    missed = feed[3]["data"]
    assert (missed["unit"], missed["deadline"]) == ("housing_construction", "arrival")


async def test_its_problem_knows_its_whistle_and_the_case_is_one_story(
    whistle: str, cast: Cast
) -> None:
    problem_id = (await cast("command_centre").get(f"{WHISTLES}/{whistle}"))["state"]["problem"]
    problem = await cast("command_centre").get(f"/api/v1/whistle/problems/{problem_id}")
    assert problem["state"]["status"] == "whistled"
    assert problem["state"]["whistles"] == [whistle]


async def test_its_trail_holds_and_ends_where_the_journal_saw_it(whistle: str, cast: Cast) -> None:
    feed = await told(cast, f"whistles/{whistle}")
    heads = {int(event["sequence"]): event["trailhead"] for event in feed}
    trail = await cast("command_centre").get(f"{WHISTLES}/{whistle}/trail", verify="true")
    item = {"faults": trail["faults"], "marks": [entry["mark"] for entry in trail["entries"]]}
    assert faults(item, heads) == []
    forged = {**heads, max(heads) + 1: "0" * 64}
    assert faults(item, forged)


async def test_its_reporter_is_in_no_event_and_read_only_with_a_reason_on_record(
    whistle: str, cast: Cast
) -> None:
    centre = cast("command_centre")
    problem = (await centre.get(f"{WHISTLES}/{whistle}"))["state"]["problem"]
    path = f"/api/v1/whistle/problems/{problem}"
    with pytest.raises(Refused) as refused:
        await centre.post(path + "/reporter", {"reason": " "})
    assert refused.value.problem["rule"] == "W-16"
    reporter = await centre.post(path + "/reporter", {"reason": "核实现场情况"})
    assert reporter["name"] == "演示居民"
    entries = (await centre.get(path + "/trail"))["entries"]
    read = [entry for entry in entries if entry["type"] == "ReporterRead"]
    assert [(entry["actor"], entry["data"]["reason"]) for entry in read] == [
        ("command_centre", "核实现场情况")
    ]
    with pytest.raises(Refused) as refused:
        await cast("department:urban_management").post(path + "/reporter", {"reason": "想看"})
    assert refused.value.status == 404
    everything = str(
        await told(cast, f"problems/{problem}") + await told(cast, f"whistles/{whistle}")
    )
    assert "演示居民" not in everything and "当面反映" not in everything


async def told(cast: Cast, subject: str) -> list[dict[str, Any]]:
    """What the journal holds of one subject, once the closing is in it."""
    events: list[dict[str, Any]] = []

    async def closed() -> bool:
        page = await cast("command_centre").get("/api/v1/events", subject=subject, limit=500)
        events[:] = [item["event"] for item in page["items"]]
        return not subject.startswith("whistles") or "whistle.closed.v1" in {
            event["type"] for event in events
        }

    await until(closed)
    return sorted(events, key=lambda event: event["sequence"])
