"""A need at a hearing is bought, fails, and its supplier sits out a year: one story through the broker."""

from typing import Any

import pytest

from gongzhi import demo_purchase
from gongzhi.demo_cast import Cast as Players
from tests.support.platform import Cast, Platform


@pytest.fixture
async def contract(platform: Platform, cast: Cast) -> str:
    """Played by the demo, which checks each thing on its way."""
    players = Players(cast.session, platform.url, platform.data)
    return await demo_purchase.need_to_lifted_restriction(players)


async def test_a_need_is_bought_fails_and_its_restriction_lifts(contract: str, cast: Cast) -> None:
    centre = cast("command_centre")
    signed = (await centre.get(f"{demo_purchase.CONTRACTS}/{contract}"))["state"]

    async def told(type: str) -> list[dict[str, Any]]:
        page = await centre.get("/api/v1/events", type=type, limit=500)
        return [item["event"]["data"] for item in page["items"]]

    evaluated = [
        (one["stage"], one["points"])
        for one in await told("procurement.project_evaluated.v1")
        if one["contract"] == contract
    ]
    assert evaluated == [("before", 800), ("mid", 800), ("final", 560)]
    [restricted] = [
        one
        for one in await told("procurement.eligibility_changed.v1")
        if one["supplier"] == signed["supplier"]
    ]
    assert (restricted["state"], restricted["year"]) == ("restricted", signed["year"] + 1)
    [need] = [
        need
        for one in await told("procurement.contract_signed.v1")
        if one["contract"] == contract
        for need in one["needs"]
    ]
    assert need.startswith(f"{need.rpartition('.')[0]}.")
