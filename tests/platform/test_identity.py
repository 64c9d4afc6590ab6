"""Tokens are believed only when every check holds."""

import base64
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from chassis.identity import Unauthenticated
from chassis.tokens import ALGORITHMS
from tests.support.tokens import KEY, OTHER, Fixed, claims, forged, signed, trusting, verifier


async def test_a_good_token_says_who_and_what_for() -> None:
    subject = await verifier().subject("Bearer " + signed(claims()))
    assert (subject.acts_as, subject.sub) == ("street:guanshang", "s1")
    assert subject.scopes == {"whistle:read", "whistle:write"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "else"},
        {"iss": None},
        {"aud": "else"},
        {"aud": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"acts_as": "mayor"},
        {"acts_as": "street"},
        {"acts_as": None},
        {"nbf": int(time.time()) + 3600},
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().subject("Bearer " + signed(claims(**wrong)))


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic abc", "Bearer a.b.c"])
async def test_no_token_is_no_entry(authorization: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().subject(authorization)


async def test_a_good_token_under_another_scheme_is_no_entry() -> None:
    token = signed(claims())
    for authorization in (token, f"Basic {token}", f"DPoP {token}"):
        with pytest.raises(Unauthenticated):
            await verifier().subject(authorization)
    assert (await verifier().subject(f"bearer {token}")).sub == "s1"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
async def test_an_office_needs_no_code_and_a_type_may_be_spelt_in_full(typ: str) -> None:
    token = signed(claims(acts_as="command_centre", scope=None), typ=typ)
    subject = await verifier().subject("Bearer " + token)
    assert (subject.acts_as, subject.code, subject.scopes) == ("command_centre", None, frozenset())


async def test_what_was_believed_is_believed_until_it_ends_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = Fixed(KEY)
    checks = trusting(keys)
    tokens = [signed(claims(sub=f"s{n}")) for n in range(2)]
    for token in tokens:
        await checks.subject("Bearer " + token)
    keys.keys.clear()
    assert [(await checks.subject("Bearer " + token)).sub for token in tokens] == ["s0", "s1"]
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61)
    with pytest.raises(Unauthenticated):
        await checks.subject("Bearer " + tokens[0])


async def test_tokens_without_end_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.tokens.KEPT_TOKENS", 2)
    checks = verifier()
    for n in range(5):
        await checks.subject("Bearer " + signed(claims(sub=f"s{n}")))
    assert len(checks._known) <= 2


async def test_a_foreign_key_a_foreign_type_and_a_crit_are_refused() -> None:
    for token in (
        signed(claims(), OTHER),
        signed(claims(), typ="JWT"),
        signed(claims(), OTHER, kid=KEY.kid),
    ):
        with pytest.raises(Unauthenticated):
            await verifier().subject("Bearer " + token)


@pytest.mark.parametrize(
    "odd",
    [
        {"exp": int("9" * 400)},
        {"exp": float("inf")},
        {"exp": True},
        {"exp": "2999-01-01"},
        {"exp": -1},
        {"nbf": -1e300},
        {"iat": int("9" * 400)},
        {"sub": 7},
        {"sub": ["s1"]},
        {"scope": ["whistle:read", 7]},
        {"scope": {"whistle": "read"}},
        {"acts_as": {"street": "guanshang"}},
    ],
)
async def test_an_odd_claim_is_no_entry_and_no_fault(odd: dict[str, Any]) -> None:
    token = forged(json.dumps(claims(**odd)).encode())
    with pytest.raises(Unauthenticated):
        await verifier().subject(f"Bearer {token}")


@pytest.mark.parametrize(
    "payload", [b"[" * 20_000, b"{}", b"[]", b"7", b"\xff", b'{"exp": 9' + b"9" * 9000]
)
async def test_an_odd_payload_is_no_entry_and_no_fault(payload: bytes) -> None:
    with pytest.raises(Unauthenticated):
        await verifier().subject(f"Bearer {forged(payload)}")


async def test_an_empty_crit_is_refused_and_a_plain_forged_token_would_be_taken() -> None:
    payload = json.dumps(claims()).encode()
    assert (await verifier().subject(f"Bearer {forged(payload)}")).sub == "s1"
    with pytest.raises(Unauthenticated):
        await verifier().subject(f"Bearer {forged(payload, crit=[])}")


async def test_no_algorithm_and_a_symmetric_one_are_refused() -> None:
    def part(of: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(of).encode()).decode().rstrip("=")

    bare = f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{part(claims())}."
    public = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    confused = jwt.encode(
        {"alg": "HS256", "typ": "at+jwt", "kid": KEY.kid}, claims(), public, algorithms=["HS256"]
    )
    for token in (bare, confused):
        with pytest.raises(Unauthenticated):
            await verifier().subject("Bearer " + token)
    assert "none" not in ALGORITHMS and not any(name.startswith("HS") for name in ALGORITHMS)


async def test_a_key_the_token_brings_along_is_not_used() -> None:
    token = signed(claims(), OTHER, jwk=OTHER.as_dict(private=False))
    with pytest.raises(Unauthenticated):
        await verifier().subject("Bearer " + token)


async def test_rs256_is_taken_too() -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    subject = await verifier(key).subject("Bearer " + signed(claims(), key, "RS256"))
    assert subject.kind == "street"
