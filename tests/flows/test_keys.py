"""An Idempotency-Key stands for one request: with another body it is refused, with the same it is answered again.

Tried where what the request is about comes out of its body, or the body is no JSON. One key on two
paths is two effects.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aiohttp import ClientError, ClientTimeout

from chassis.kernel.clock import SHANGHAI
from gongzhi import keys
from tests.support.bodies import NOISE, TRIAGE, outfall
from tests.support.district import PREMISES, ROOM
from tests.support.platform import Cast

API = "/api/v1"
PHOTOS = (b"\xff\xd8\xff\xe0 one", b"\xff\xd8\xff\xe0 another")


async def send(cast: Cast, who: str, path: str, body: bytes, key: str | None) -> tuple[int, Any]:
    headers = {
        "Authorization": f"Bearer {keys.token(cast.platform.data, who)}",
        "Content-Type": "application/json" if body.startswith(b"{") else "application/octet-stream",
    }
    if key is not None:
        headers["Idempotency-Key"] = key
    async with cast.session.post(cast.platform.url + path, data=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def answered_once(cast: Cast, who: str, path: str, one: bytes, other: bytes) -> None:
    key = f"key-{uuid4().hex}"
    first = await send(cast, who, path, one, key)
    assert first[0] == 201, first
    status, problem = await send(cast, who, path, other, key)
    assert (status, problem["type"]) == (422, "/problems/key-reused")
    assert await send(cast, who, path, one, key) == first
    assert (await send(cast, who, path, other, f"key-{uuid4().hex}"))[0] == 201


def as_json(**body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


async def test_a_suppliers_code_comes_out_of_the_body(cast: Cast) -> None:
    one, other = (
        as_json(code=f"ngo-{uuid4().hex[:8]}", name="演示社会组织", kind="social_organisation")
        for _ in range(2)
    )
    await answered_once(cast, "finance", f"{API}/procurement/suppliers", one, other)


async def test_a_whistles_problem_comes_out_of_the_body(cast: Cast) -> None:
    bodies = []
    for _ in range(2):
        problem = await cast("community:guanshangzhongxinqu").post(
            f"{API}/whistle/problems",
            {**NOISE, "title": f"噪声 {uuid4().hex[:6]}"},
        )
        await cast("street:guanshang").step(
            f"{API}/whistle/problems", problem["id"], "triage", TRIAGE
        )
        units = ["ecology_environment"]
        bodies.append(
            as_json(
                level="street", kind="problem", units=units, lead=units[0], problem=problem["id"]
            )
        )
    await answered_once(cast, "street:guanshang", f"{API}/whistle/whistles", *bodies)


IMPATIENT = (0.002, 0.005, 0.01, 0.02, 0.05, 60.0)
"""Seconds after which a client gives up, attempt by attempt: before, while and after it is written."""


async def test_who_gives_up_waiting_and_asks_again_with_the_key_has_written_once(
    cast: Cast,
) -> None:
    community, path = "community:guanshangzhongxinqu", f"{API}/whistle/problems"
    called, given_up = f"超时 {uuid4().hex[:6]}", []

    async def until_answered(n: int) -> Any:
        key, body = f"key-{uuid4().hex}", as_json(**{**NOISE, "title": f"{called} {n}"})
        headers = {
            "Authorization": f"Bearer {keys.token(cast.platform.data, community)}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        for patience in IMPATIENT:
            try:
                async with cast.session.post(
                    cast.platform.url + path,
                    data=body,
                    headers=headers,
                    timeout=ClientTimeout(total=patience),
                ) as answer:
                    if answer.status == 201:
                        return (await answer.json())["id"]
                    assert answer.status == 503, await answer.text()
            except (TimeoutError, ClientError):
                given_up.append(n)
        return None

    answered = await asyncio.gather(*(until_answered(n) for n in range(20)))
    assert len(given_up) >= 20
    there = [one async for one in every(cast, community, path)]
    mine = {one["id"]: one["state"]["title"] for one in there if called in one["state"]["title"]}
    assert sorted(mine) == sorted(answered)
    assert sorted(mine.values()) == sorted(f"{called} {n}" for n in range(20))


async def every(cast: Cast, who: str, path: str) -> AsyncIterator[dict[str, Any]]:
    where: dict[str, Any] = {"limit": 200}
    while True:
        page = await cast(who).get(path, **where)
        for one in page["items"]:
            yield one
        if not page.get("next"):
            return
        where["cursor"] = page["next"]


async def test_evidence_and_proofs_are_no_json(cast: Cast) -> None:
    agreement = await cast("street:taihe").post(
        f"{API}/housing/agreements",
        {**PREMISES, "community": "hepinglu", "due": "2099-06-30"},
    )
    evidence = f"{API}/housing/agreements/{agreement['id']}/evidence"
    await answered_once(cast, "street:taihe", evidence, *PHOTOS)
    street, centre = cast("street:guanshang"), cast("command_centre")
    whistles = f"{API}/whistle/whistles"
    whistle = await street.post(
        whistles,
        outfall("water"),
    )
    for step in ("register", "dispatch"):
        await centre.step(whistles, whistle["id"], step)
    proofs = f"{whistles}/{whistle['id']}/units/water/proofs"
    await answered_once(cast, "department:water", proofs, *PHOTOS)


async def test_a_key_that_was_refused_may_be_used_for_what_is_right(cast: Cast) -> None:
    path, key = f"{API}/procurement/suppliers", f"key-{uuid4().hex}"
    code = f"ngo-{uuid4().hex[:8]}"
    wrong = as_json(code=code, name=" ", kind="social_organisation")
    right = as_json(code=code, name="演示社会组织", kind="social_organisation")
    assert (await send(cast, "finance", path, wrong, key))[0] in (409, 422)
    assert (await send(cast, "finance", path, right, key))[0] == 201


async def test_partners_have_source_and_id_and_so_no_key(cast: Cast) -> None:
    async with cast.session.get(cast.platform.url + "/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    asked = {one["name"] for one in paths[f"{API}/partners/events"]["post"].get("parameters", ())}
    assert "Idempotency-Key" not in asked
    evidence = {
        one["name"]
        for one in paths[f"{API}/housing/agreements/{{id}}/evidence"]["post"]["parameters"]
    }
    assert "Idempotency-Key" in evidence


async def test_a_booking_of_another_month_is_another_request(cast: Cast) -> None:
    room = await cast("community:hepinglu").post(
        f"{API}/housing/premises/hepinglu/rooms",
        {**ROOM, "name": f"厅 {uuid4().hex[:6]}"},
    )
    id = room["state"]["rooms"][-1]["id"]
    days = [datetime.now(SHANGHAI).date() + timedelta(days=ahead) for ahead in (2, 40)]
    one, other = (
        as_json(start=f"{day}T09:00:00+08:00", end=f"{day}T09:30:00+08:00", purpose="public")
        for day in days
    )
    path = f"{API}/housing/rooms/{id}/bookings"
    await answered_once(cast, "community:hepinglu", path, one, other)
