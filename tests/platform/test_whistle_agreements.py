"""An agreement that missed two dates: what changes is noted on each date's whistle that is still open."""

from datetime import UTC, datetime
from typing import Any

from tests.support.buses import until
from tests.support.held import clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]

AGREEMENTS, WHISTLES = "/api/v1/housing/agreements", "/api/v1/whistle/whistles"
PREMISES = {
    "project": "演示楼盘",
    "community": "hepinglu",
    "developer": "demo-developer",
    "households": 1000,
    "area": "300.00",
    "due": "2026-03-31",
}


async def test_a_change_is_noted_on_the_whistle_of_every_missed_date(
    platform: Inside, clock: HeldClock
) -> None:
    street: Any = platform("street:taihe")
    agreement = (await street.post(AGREEMENTS, PREMISES))["id"]

    async def whistles() -> dict[str, list[str]]:
        """By title, which names the missed date: what is noted."""
        listed = await street.get(WHISTLES)
        found = sorted(listed["items"], key=lambda item: str(item["state"]["title"]))
        return {item["id"]: item["state"]["notes"] for item in found}

    async def noted(*notes: list[str]) -> None:
        async def holds() -> bool:
            return list((await whistles()).values()) == [*notes]

        await until(holds)

    async def change(what: str, **body: str) -> None:
        await street.step(AGREEMENTS, agreement, what, {"reason": "规划调整", **body})

    clock.now = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    await noted([])
    await change("extend", due="2026-06-30")
    await noted(["extended"])
    clock.now = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
    await noted(["extended"], [])
    await change("extend", due="2026-09-30")
    await noted(["extended", "extended"], ["extended"])
    # The date before is not missed now; two earlier ones are, and the first's whistle is over.
    first, _ = await whistles()
    await street.step(WHISTLES, first, "withdraw", {"reason": "协议已延期"})
    await change("cancel")
    await noted(["extended", "extended"], ["extended", "cancelled"])

    async def told() -> bool:
        type = "whistle.agreement_noted.v1"
        feed = await platform("command_centre").get("/api/v1/events", type=type)
        dates = [item["event"]["data"]["due"] for item in feed["items"]]
        return sorted(dates) == ["2026-03-31"] * 3 + ["2026-06-30"] * 2

    await until(told)
