"""The keys tokens are checked against: where they come from, and what happens when they don't."""

import asyncio
import codecs
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from joserfc.jwk import KeySet

from chassis.identity import Unauthenticated
from chassis.jwks import DISCOVERY, LARGEST, Fetched, InFile, Keys
from chassis.kernel.errors import Unavailable
from console.oidc import Begun, Client, NotEntered, Provider
from tests.support.buses import until
from tests.support.tokens import KEY, OTHER, Fixed, claims, signed, trusting


async def test_after_a_rotation_the_new_key_is_fetched_once() -> None:
    keys = Fixed(KEY)
    checks = trusting(keys)
    token = signed(claims(), OTHER)
    with pytest.raises(Unauthenticated):
        await checks.subject("Bearer " + token)
    keys.keys.append(OTHER)
    assert (await checks.subject("Bearer " + token)).kind == "street"


async def test_keys_in_a_file_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(KeySet([KEY]).as_dict(private=False)), encoding="utf-8")
    checks = trusting(Keys(InFile(path)))
    await checks.subject("Bearer " + signed(claims()))
    path.write_text(json.dumps(KeySet([OTHER]).as_dict(private=False)), encoding="utf-8")
    await checks.subject("Bearer " + signed(claims(sub="s2"), OTHER))


async def test_keys_in_a_file_may_come_from_an_editor_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(codecs.BOM_UTF8 + json.dumps(KeySet([KEY]).as_dict(private=False)).encode())
    await trusting(Keys(InFile(path))).subject("Bearer " + signed(claims()))


async def test_an_issuer_that_cannot_be_reached_is_unavailable_not_a_wrong_token() -> None:
    checks = trusting(Keys(Fetched("http://127.0.0.1:1/jwks")))
    with pytest.raises(Unavailable):
        await checks.subject("Bearer " + signed(claims()))


class Issuer:
    """A small issuer on loopback whose keys and moods a test changes."""

    def __init__(self, *keys: Any) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.down = False
        self.thinks = 0.0
        self.says: Any = None

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(self.thinks)
        if self.down:
            return web.Response(status=500)
        if self.says is not None:
            return web.json_response(self.says)
        return web.json_response(KeySet(self.keys).as_dict(private=False))


@asynccontextmanager
async def at_loopback(answer: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    app = web.Application()
    for path in ("/jwks", DISCOVERY):
        app.router.add_get(path, answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield f"http://127.0.0.1:{port}/jwks"
    await runner.cleanup()


async def test_forged_tokens_do_not_make_us_ask_the_issuer_again_and_again() -> None:
    issuer = Issuer(KEY)
    async with at_loopback(issuer.answer) as url:
        checks = trusting(Keys(Fetched(url)))
        await checks.subject("Bearer " + signed(claims()))
        for _ in range(20):
            with pytest.raises(Unauthenticated):
                await checks.subject("Bearer " + signed(claims(), OTHER))
    assert issuer.asked == 1


async def test_after_the_cooldown_a_rotated_key_is_found_and_while_the_issuer_is_away_the_old_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chassis.jwks.COOLDOWN", 0.0)
    issuer = Issuer(KEY)
    async with at_loopback(issuer.answer) as url:
        checks = trusting(Keys(Fetched(url)))
        await checks.subject("Bearer " + signed(claims()))
        issuer.keys = [OTHER]
        await checks.subject("Bearer " + signed(claims(sub="s2"), OTHER))
        issuer.down = True
        with pytest.raises(Unauthenticated):
            await checks.subject("Bearer " + signed(claims(sub="s3"), KEY))
        await checks.subject("Bearer " + signed(claims(sub="s4"), OTHER))


@pytest.mark.parametrize("says", [[], {}, {"keys": 1}, {"keys": [{}]}, "keys"])
async def test_an_issuer_that_gave_nothing_of_use_is_asked_again_soon(
    monkeypatch: pytest.MonkeyPatch, says: Any
) -> None:
    monkeypatch.setattr("chassis.jwks.WITHOUT_KEYS", 0.0)
    issuer = Issuer(KEY)
    issuer.says = says
    async with at_loopback(issuer.answer) as url:
        checks = trusting(Keys(Fetched(url)))
        with pytest.raises(Unavailable):
            await checks.subject("Bearer " + signed(claims()))
        issuer.says = None
        assert (await checks.subject("Bearer " + signed(claims()))).sub == "s1"


@pytest.mark.parametrize(
    "other",
    [
        {"kty": "EC", "crv": "SM2", "x": "AA", "y": "AA", "kid": "guomi"},
        {"kty": "SM2", "kid": "guomi"},
        {"kty": "OKP", "crv": "X25519", "x": "AA"},
        {"kty": "RSA", "n": "AQAB"},
        {"kid": "bare"},
        {"kty": {}},
        "key",
        None,
    ],
)
async def test_a_key_that_cannot_be_used_here_leaves_the_others_in_use(other: Any) -> None:
    issuer = Issuer(KEY)
    issuer.says = {"keys": [other, *KeySet([KEY]).as_dict(private=False)["keys"]]}
    async with at_loopback(issuer.answer) as url:
        assert (
            await trusting(Keys(Fetched(url))).subject("Bearer " + signed(claims()))
        ).sub == "s1"


class Odd:
    """A source that gives what nobody thought of, then keys."""

    cooldown = 0.0

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> tuple[KeySet, float]:
        self.asked += 1
        if self.asked == 2:
            raise RecursionError("nested too deeply")
        return KeySet([KEY]), 0.0


async def test_after_an_answer_that_nobody_thought_of_keys_are_kept_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ended the keeping for good, and a key that was withdrawn later stayed in use."""
    monkeypatch.setattr("chassis.jwks.WITHOUT_KEYS", 0.01)
    source = Odd()
    keys = Keys(source)
    await keys.renewed()
    keeping = asyncio.create_task(keys.keep())
    await until(lambda: source.asked >= 4 or keeping.done())
    assert not keeping.done()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_an_issuer_that_never_answers_holds_up_each_caller_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issuer = Issuer(KEY)
    issuer.thinks = 3.0
    monkeypatch.setattr("chassis.jwks.FETCH_WITHIN", 0.3)
    monkeypatch.setattr("chassis.jwks.WITHOUT_KEYS", 60.0)
    async with at_loopback(issuer.answer) as url:
        checks = trusting(Keys(Fetched(url)))
        asked = [checks.subject("Bearer " + signed(claims(sub=f"s{n}"))) for n in range(10)]
        async with asyncio.timeout(30):
            said = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in said] == [Unavailable] * 10
    assert issuer.asked == 1


async def _of_keys(url: str) -> None:
    with pytest.raises(Unavailable):
        await trusting(Keys(Fetched(url))).subject("Bearer " + signed(claims()))


async def _of_the_sign_in(url: str) -> None:
    one = Client(issuer=url.removesuffix("/jwks"), client="console", home="http://127.0.0.1:8")
    with pytest.raises(NotEntered, match="没有应答"):
        await Provider(one).address(Begun())


@pytest.mark.parametrize("asked", [_of_keys, _of_the_sign_in])
async def test_an_answer_without_end_is_left_and_not_kept(
    asked: Callable[[str], Awaitable[None]],
) -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" " * 65536)
            written += 65536

    async with at_loopback(endless) as url:
        await asked(url)
    assert 0 < written < 20 * LARGEST  # beside what is on its way


@pytest.mark.parametrize(
    "content", [None, "", "1", "null", '"keys"', "[]", "{}", '{"keys": [{}]}', '{"keys": 1}']
)
async def test_a_key_file_that_holds_no_keys_is_unavailable_and_no_fault(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "jwks.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Unavailable):
        await trusting(Keys(InFile(path))).subject("Bearer " + signed(claims()))
