"""Tokens of a real identity provider, and of those who would pass for it, at the same door."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from chassis.identity import Unauthenticated
from chassis.issuer import Issuer
from chassis.jwks import Fetched
from chassis.kernel.errors import NotAllowed
from chassis.tokens import Verifier
from tests.support import node
from tests.support.provider import Provider, granted, key, packages, provider

QUICK = ("COOLDOWN", "WITHOUT_KEYS", "LONGEST")


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Provider]:
    async with provider(tmp_path) as started:
        yield started


def checks(one: Provider) -> Verifier:
    return Verifier.of([Issuer(issuer=one.url)])


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def forged(said: dict[str, Any], by: Any, alg: str = "ES256", **header: Any) -> str:
    whole = {"alg": alg, "typ": "at+jwt", **header}
    return jwt.encode(whole, said, by, algorithms=[alg])


async def test_its_tokens_say_who_and_as_whom(one: Provider) -> None:
    verifier = checks(one)
    single, several = await granted(one, "zhang"), await granted(one, "li")
    subject = await verifier.subject(f"Bearer {single.token}")
    assert (subject.sub, subject.acts_as) == ("zhang", "community:guanshangzhongxinqu")
    with pytest.raises(NotAllowed):
        await verifier.subject(f"Bearer {several.token}")
    assert (await verifier.subject(f"Bearer {several.token}", "command_centre")).code is None
    assert len((await verifier.bearer(f"Bearer {several.token}")).offices) == 2
    assert single.proof is not None
    with pytest.raises(Unauthenticated):
        await verifier.subject(f"Bearer {single.proof}")  # who one is, not what one may


async def test_nobody_else_makes_its_tokens(one: Provider) -> None:
    """Its own key is in the test's hand: what is refused is refused for that one thing alone."""
    verifier, said = checks(one), claims((await granted(one)).token)
    own = ECKey.import_key(one.keys[0])
    kid: dict[str, Any] = {"kid": own.kid}
    assert (await verifier.subject(f"Bearer {forged(said, own, **kid)}")).sub == "zhang"
    public = own.as_dict(private=False)
    stranger, symmetric = ECKey.generate_key("P-256"), OctKey.import_key(json.dumps(public))
    head, body = ({"alg": "none", "typ": "at+jwt"}, said)
    encoded = [base64.urlsafe_b64encode(json.dumps(x).encode()).rstrip(b"=") for x in (head, body)]
    wrong = {
        "alg none": b".".join(encoded).decode() + ".",
        "HS256 under the public key": forged(said, symmetric, "HS256", **kid),
        "RS256 under another": forged(said, RSAKey.generate_key(2048), "RS256", **kid),
        "another's under its kid": forged(said, stranger, **kid),
        "a key it brings along": forged(said, stranger, jwk=stranger.as_dict(private=False)),
        "not yet": forged({**said, "nbf": int(time.time()) + 3600}, own, **kid),
        "over": forged({**said, "exp": int(time.time()) - 3600}, own, **kid),
        "for another": forged({**said, "aud": "console"}, own, **kid),
        "of another": forged({**said, "iss": one.url + "/"}, own, **kid),
        "another type": forged(said, own, typ="JWT", **kid),
    }
    taken = []
    for name, token in wrong.items():
        with suppress(Unauthenticated):
            await verifier.subject(f"Bearer {token}")
            taken.append(name)
    assert taken == []
    signed = forged(said, own, **kid).split(".")
    header = {"alg": "ES256", "typ": "at+jwt", **kid, "crit": ["exp"]}
    signed[0] = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    with pytest.raises(Unauthenticated):
        await verifier.subject("Bearer " + ".".join(signed))


async def test_a_turned_key_is_found_and_a_withdrawn_one_ends_its_tokens(
    one: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in QUICK:
        monkeypatch.setattr(f"chassis.jwks.{name}", 0.05)
    verifier, first, second = checks(one), one.keys[0], key()
    keeping = asyncio.create_task(verifier.keep())
    old = f"Bearer {(await granted(one)).token}"
    assert (await verifier.subject(old)).sub == "zhang"
    await one.turned(packages(), second, first)
    new = f"Bearer {(await granted(one)).token}"
    assert (await verifier.subject(new)).sub == (await verifier.subject(old)).sub
    await one.turned(packages(), second)
    async with asyncio.timeout(60):
        with pytest.raises(Unauthenticated):
            while True:
                await verifier.subject(old)
                await asyncio.sleep(0.02)
    assert (await verifier.subject(new)).sub == "zhang"
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_a_flood_of_unknown_keys_does_not_make_us_ask_it_again_and_again(
    one: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    fetch = Fetched.fetch

    async def counted(source: Fetched) -> Any:
        nonlocal asked
        asked += 1
        return await fetch(source)

    monkeypatch.setattr(Fetched, "fetch", counted)
    verifier, good = checks(one), await granted(one)
    said = claims(good.token)
    assert (await verifier.subject(f"Bearer {good.token}")).sub == "zhang"
    before = asked
    for _ in range(100):
        stranger = ECKey.generate_key("P-256", auto_kid=True)
        with pytest.raises(Unauthenticated):
            await verifier.subject(f"Bearer {forged(said, stranger, kid=stranger.kid)}")
    assert asked - before <= 1
    assert (await verifier.subject(f"Bearer {good.token}")).sub == "zhang"


def test_what_is_fetched_is_locked_with_its_hashes() -> None:
    lock = json.loads((node.PACKAGES / "package-lock.json").read_text("utf-8"))
    fetched = {name: one for name, one in lock["packages"].items() if name}
    assert fetched and all("integrity" in one for one in fetched.values())
    assert not any("resolved" in one for one in fetched.values())
