"""What the front door answers to requests that are a little wrong, or only ask about a thing."""

from typing import Any

import aiohttp
import pytest

from gongzhi import keys
from tests.support.buses import until
from tests.support.platform import Cast

WHISTLES = "/api/v1/whistle/whistles"


async def send(
    cast: Cast, method: str, path: str, *more: tuple[str, str]
) -> tuple[int, Any, bytes]:
    token = keys.token(cast.platform.data, "command_centre")
    headers = [("Authorization", f"Bearer {token}"), *more]
    async with aiohttp.ClientSession() as session:
        async with session.request(
            method, cast.platform.url + path, headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize(
    "path", [f"{WHISTLES}/", "/api/v1/events/", "/readyz/", "/api/v1/housing/premises/"]
)
async def test_a_slash_too_many_is_an_address_that_is_not_there(cast: Cast, path: str) -> None:
    status, headers, _ = await send(cast, "GET", path)
    assert status == 404 and "location" not in headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", WHISTLES, "GET, HEAD, POST"),
        ("DELETE", "/api/v1/whistle/policy", "GET, HEAD, PUT"),
        ("PATCH", f"{WHISTLES}/w1/register", "POST"),
        ("HEAD", f"{WHISTLES}/w1/register", "POST"),
        ("POST", "/api/v1/events", "GET, HEAD"),
        ("POST", "/readyz", "GET, HEAD"),
    ],
)
async def test_a_method_that_is_not_there_says_which_are(
    cast: Cast, method: str, path: str, allowed: str
) -> None:
    status, headers, _ = await send(cast, method, path)
    assert (status, headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path",
    [WHISTLES, "/api/v1/housing/streets", "/api/v1/events", "/openapi.json", "/livez", "/metrics"],
)
async def test_head_is_get_without_the_body(cast: Cast, path: str) -> None:
    status, headers, body = await send(cast, "HEAD", path)
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0
    got = await send(cast, "GET", path)
    assert got[1]["content-type"] == headers["content-type"] and got[2]


async def test_the_probes_answer_head(cast: Cast) -> None:
    async def ready() -> bool:
        return (await send(cast, "HEAD", "/readyz"))[0] == 200

    await until(ready)  # it may be busy, which is no news of HEAD
    for path in ("/livez", "/startupz"):
        assert (await send(cast, "HEAD", path))[0] == 200


@pytest.mark.parametrize("path", [WHISTLES, "/api/v1/events"])
async def test_two_tokens_are_none(cast: Cast, path: str) -> None:
    other = keys.token(cast.platform.data, "resident")
    status, _, body = await send(cast, "GET", path, ("Authorization", f"Bearer {other}"))
    assert status == 400 and b"/problems/malformed" in body


async def test_a_token_for_one_service_does_not_pass_the_door_of_another(cast: Cast) -> None:
    """Though its path there is none: the door itself looks at the scope."""
    token = keys.token(cast.platform.data, "command_centre", "whistle:read")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as session:
        for path, status in ((WHISTLES, 200), ("/api/v1/housing/nothing-there", 403)):
            async with session.get(cast.platform.url + path) as answer:
                assert answer.status == status
        async with session.get(cast.platform.url + "/api/v1/whistle/nothing-there") as answer:
            assert answer.status == 404
