"""Who may book a room follows from what procurement tells, in both sizes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.office import Refused
from tests.support.bodies import FACTS, planned
from tests.support.buses import until
from tests.support.platform import Cast

HOUSING = "/api/v1/housing"
PROCUREMENT = "/api/v1/procurement"
ROOM = {
    "name": "活动室",
    "kind": "activity",
    "use": "culture",
    "area": "120.00",
    "floor": 1,
    "own_use": True,
    "obtained": "coordinated",
    "tenure": "borrowed",
}


def slot(hour: int) -> dict[str, str]:
    day = (datetime.now(UTC) + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    start = day.replace(hour=hour)
    end = start + timedelta(hours=1)
    return {"start": start.isoformat(), "end": end.isoformat(), "purpose": "social_work"}


async def room(cast: Cast) -> str:
    made = await cast("community:haixiang").post(f"{HOUSING}/premises/haixiang/rooms", ROOM)
    return f"{HOUSING}/rooms/{made['state']['rooms'][-1]['id']}/bookings"


async def test_H_10_a_supplier_books_where_it_is_at_work_and_no_longer(cast: Cast) -> None:
    finance, code = cast("finance"), f"ngo-{uuid4().hex[:8]}"
    supplier, path = cast(f"supplier:{code}"), await room(cast)
    try:
        await supplier.post(path, slot(1))
    except Refused as refused:
        assert (refused.status, refused.problem["rule"]) == (409, "H-10")
    else:
        raise AssertionError("nobody knows this supplier yet")
    await finance.post(
        f"{PROCUREMENT}/suppliers",
        {"code": code, "name": "演示社会组织", "kind": "social_organisation", "facts": FACTS},
    )
    by = f"department:d-{uuid4().hex[:8]}"
    buyer = cast(by)
    terms: dict[str, Any] = {
        "plan": await planned(cast, by, 2026, "i1"),
        "item": "i1",
        "supplier": code,
        "project": f"p-{uuid4().hex[:8]}",
        "title": "演示助老服务",
        "street": "xiaobanqiao",
        "amount": 20_000_000,
    }
    contract = await buyer.post(f"{PROCUREMENT}/contracts", terms)

    async def booked() -> bool:
        try:
            await supplier.post(path, slot(1))
        except Refused as refused:
            return "已被预订" in refused.problem["detail"]
        return True

    await until(booked)
    await buyer.step(f"{PROCUREMENT}/contracts", contract["id"], "terminate", {"reason": "到期"})

    async def free_again() -> bool:
        found = await supplier.get(path, month=slot(1)["start"][:7])
        theirs = [one for one in found["bookings"] if one["by"] == f"supplier:{code}"]
        return bool(theirs) and all(one["cancelled"] for one in theirs)

    await until(free_again)
    # That was the last of what its end brings.
    with pytest.raises(Refused) as again:
        await supplier.post(path, slot(2))
    assert again.value.problem["rule"] == "H-10"


async def test_H_10_of_many_at_once_one_has_the_room(cast: Cast) -> None:
    path, street = await room(cast), cast("street:xiaobanqiao")

    async def one() -> str:
        try:
            return str((await street.post(path, slot(3)))["id"])
        except Refused as refused:
            return "lost" if "已被预订" in refused.problem["detail"] else str(refused)

    answers = await asyncio.gather(*(one() for _ in range(60)))
    assert len(set(answers)) == 2 and answers.count("lost") == 59
