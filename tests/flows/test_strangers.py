"""Whoever may not see a thing learns nothing of it: not that it exists, nor its version, by no route."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.examples import example
from gongzhi import keys
from tests.support.bodies import NOISE, outfall
from tests.support.district import PREMISES
from tests.support.platform import Cast

API = "/api/v1"
NOWHERE = "00000000-0000-4000-8000-000000000000"
STRANGERS = (
    "street:liujia",
    "community:jiangong",
    "resident",
    "supplier:nobody",
    "department:health",
)
ENTRIES: tuple[int | None, ...] = (None, 1, 99)


@pytest.fixture
async def things(cast: Cast) -> dict[str, str]:
    """One of each kind that isn't everybody's to see: its path up to the id, and the id."""
    street, centre = cast("street:guanshang"), cast("command_centre")
    problem = await cast("community:guanshangzhongxinqu").post(
        f"{API}/whistle/problems",
        NOISE,
    )
    whistle = await street.post(
        f"{API}/whistle/whistles",
        outfall("water", "transport"),
    )
    for step in ("register", "dispatch"):
        await centre.step(f"{API}/whistle/whistles", whistle["id"], step)
    agreement = await cast("street:taihe").post(
        f"{API}/housing/agreements",
        {**PREMISES, "community": "hepinglu", "due": "2099-06-30"},
    )
    members = [{"seat": f"s{n:02}", "kind": "fixed", "non_party": n < 15} for n in range(1, 22)]
    committee = await cast("community:yunxiang").post(
        f"{API}/consultation/committees",
        {"level": "community", "community": "yunxiang", "name": "议事委员会", "members": members},
    )
    matter = await cast("community:yunxiang").post(
        f"{API}/consultation/matters",
        {
            "committee": committee["id"],
            "title": "停车",
            "category": "parking",
            "head": "order",
            "subject": "停车秩序",
        },
    )
    return {
        f"{API}/whistle/problems/": problem["id"],
        f"{API}/whistle/whistles/": whistle["id"],
        f"{API}/housing/agreements/": agreement["id"],
        f"{API}/consultation/committees/": committee["id"],
        f"{API}/consultation/matters/": matter["id"],
    }


def operations(document: dict[str, Any], base: str) -> Iterator[tuple[str, str, Any]]:
    """Method, path and a body that the schema admits, of everything under one thing's id."""
    for path, item in document["paths"].items():
        if path.startswith(base + "{id}"):
            for method, operation in item.items():
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema")
                rest = (
                    path.removeprefix(base + "{id}")
                    .replace("{unit}", "water")
                    .replace("{proof}", "p")
                )
                yield method.upper(), rest, example(schema, document) if schema else None


async def test_what_one_may_not_see_answers_as_what_is_not_there(
    cast: Cast, things: dict[str, str]
) -> None:
    async with cast.session.get(cast.platform.url + "/openapi.json") as answer:
        document = await answer.json()

    async def said(token: str, method: str, path: str, body: Any, version: int | None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        async with cast.session.request(
            method, cast.platform.url + path, json=body, headers=headers
        ) as answer:
            found = await answer.json()
            return answer.status, {k: v for k, v in found.items() if k != "trace"}

    tried = 0
    for who in STRANGERS:
        token = keys.token(cast.platform.data, who)
        for base, id in things.items():
            if (await said(token, "GET", base + id, None, None))[0] == 200:
                continue
            for method, rest, body in operations(document, base):
                for version in ENTRIES:
                    asked = (method, rest, body, version)
                    there = await said(token, method, base + id + rest, body, version)
                    nowhere = await said(token, method, base + NOWHERE + rest, body, version)
                    assert there == nowhere, (who, base, asked)
                    assert there[0] in (403, 404, 422, 428), (who, base, asked, there)
                    assert there[0] != 422 or there[1]["type"] == "/problems/malformed"
                    tried += 1
    assert tried > 300
