"""Tokens are believed only when every check holds; the policy as a function and as a filter agree."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from chassis.identity import (
    ALGORITHMS,
    KINDS,
    Access,
    FetchedKeys,
    FileKeys,
    Subject,
    Unauthenticated,
    Verifier,
    kinds,
)
from chassis.kernel.errors import Unavailable
from chassis.store import Has

ES256: Any = JWSRegistry.algorithms["ES256"]
KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)


class Fixed:
    def __init__(self, *keys: Any) -> None:
        self.keys = list(keys)
        self.renewals = 0

    async def current(self) -> KeySet:
        return KeySet(self.keys)

    async def renewed(self) -> KeySet:
        self.renewals += 1
        return KeySet(self.keys)


def claims(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "iss": "gongzhi",
        "aud": "gongzhi",
        "sub": "s1",
        "acts_as": "street:guanshang",
        "scope": "whistle:read whistle:write",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def signed(of: dict[str, Any], key: Any = KEY, alg: str = "ES256", **header: Any) -> str:
    whole = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **header}
    return jwt.encode(whole, of, key, algorithms=[alg])


def verifier(*keys: Any) -> Verifier:
    return Verifier(Fixed(*(keys or (KEY,))), "gongzhi", "gongzhi")


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
    checks = Verifier(keys, "gongzhi", "gongzhi")
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
    monkeypatch.setattr("chassis.identity.KEPT_TOKENS", 2)
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


def forged(payload: bytes, **header: Any) -> str:
    """Signed rightly, whatever it says: what a library would refuse to write."""
    whole = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid, **header}
    parts = [json.dumps(whole).encode(), payload]
    signing = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = ES256.sign(signing, KEY)
    return f"{signing.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


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
        {"scope": ["whistle:read"]},
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


async def test_after_a_rotation_the_new_key_is_fetched_once() -> None:
    keys = Fixed(KEY)
    checks = Verifier(keys, "gongzhi", "gongzhi")
    token = signed(claims(), OTHER)
    with pytest.raises(Unauthenticated):
        await checks.subject("Bearer " + token)
    keys.keys.append(OTHER)
    assert (await checks.subject("Bearer " + token)).kind == "street"


async def test_keys_in_a_file_are_read_again(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(KeySet([KEY]).as_dict(private=False)), encoding="utf-8")
    checks = Verifier(FileKeys(path), "gongzhi", "gongzhi")
    await checks.subject("Bearer " + signed(claims()))
    path.write_text(json.dumps(KeySet([OTHER]).as_dict(private=False)), encoding="utf-8")
    await checks.subject("Bearer " + signed(claims(sub="s2"), OTHER))


async def test_an_issuer_that_cannot_be_reached_is_unavailable_not_a_wrong_token() -> None:
    checks = Verifier(FetchedKeys("http://127.0.0.1:1/jwks"), "gongzhi", "gongzhi")
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
async def at_loopback(issuer: Issuer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/jwks", issuer.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield f"http://127.0.0.1:{port}/jwks"
    await runner.cleanup()


async def test_forged_tokens_do_not_make_us_ask_the_issuer_again_and_again() -> None:
    issuer = Issuer(KEY)
    async with at_loopback(issuer) as url:
        checks = Verifier(FetchedKeys(url), "gongzhi", "gongzhi")
        await checks.subject("Bearer " + signed(claims()))
        for _ in range(20):
            with pytest.raises(Unauthenticated):
                await checks.subject("Bearer " + signed(claims(), OTHER))
    assert issuer.asked == 1


async def test_after_the_cooldown_a_rotated_key_is_found_and_while_the_issuer_is_away_the_old_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chassis.identity.COOLDOWN", 0.0)
    issuer = Issuer(KEY)
    async with at_loopback(issuer) as url:
        checks = Verifier(FetchedKeys(url), "gongzhi", "gongzhi")
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
    monkeypatch.setattr("chassis.identity.WITHOUT_KEYS", 0.0)
    issuer = Issuer(KEY)
    issuer.says = says
    async with at_loopback(issuer) as url:
        checks = Verifier(FetchedKeys(url), "gongzhi", "gongzhi")
        with pytest.raises(Unavailable):
            await checks.subject("Bearer " + signed(claims()))
        issuer.says = None
        assert (await checks.subject("Bearer " + signed(claims()))).sub == "s1"


async def test_an_issuer_that_never_answers_holds_up_each_caller_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issuer = Issuer(KEY)
    issuer.thinks = 3.0
    monkeypatch.setattr("chassis.identity.FETCH_WITHIN", 0.3)
    async with at_loopback(issuer) as url:
        checks = Verifier(FetchedKeys(url), "gongzhi", "gongzhi")
        asked = [checks.subject("Bearer " + signed(claims(sub=f"s{n}"))) for n in range(10)]
        async with asyncio.timeout(2):
            said = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in said] == [Unavailable] * 10


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
        await Verifier(FileKeys(path), "gongzhi", "gongzhi").subject("Bearer " + signed(claims()))


# The policy

CODES = ["guanshang", "taihe", "water", "ngo"]
ACCESS = Access(
    sees_all=frozenset({"command_centre"}),
    grants={"act": frozenset({"street", "department", "command_centre"})},
)


def holds(where: Any, resource: dict[str, Any]) -> bool:
    """A filter applied by hand."""
    return all(
        set(wanted.values) <= set(resource.get(name) or ())
        if isinstance(wanted, Has)
        else resource.get(name) == wanted
        for name, wanted in where.items()
    )


subjects = st.builds(
    lambda kind, code: Subject(sub="s", kind=kind, code=code, scopes=frozenset()),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(CODES),
)
resources = st.fixed_dictionaries(
    {},
    optional={
        "street": st.sampled_from(CODES),
        "community": st.sampled_from(CODES),
        "supplier": st.sampled_from(CODES),
        "units": st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
    },
)


@given(subjects, resources)
def test_the_filter_and_the_function_agree(subject: Subject, resource: dict[str, Any]) -> None:
    where = ACCESS.visible(subject)
    by_filter = where is not None and holds(where, resource)
    assert by_filter == ACCESS.may_see(subject, resource)


@given(subjects, resources)
def test_what_is_not_granted_is_denied(subject: Subject, resource: dict[str, Any]) -> None:
    assert not ACCESS.may(subject, "unheard_of", resource)
    if subject.kind not in ("street", "department", "command_centre"):
        assert not ACCESS.may(subject, "act", resource)
    if subject.kind == "street":
        assert ACCESS.may(subject, "act", resource) == (resource.get("street") == subject.code)


def test_a_code_that_is_part_of_anothers_is_not_that_one() -> None:
    subject = Subject(sub="s", kind="street", code="guan", scopes=frozenset())
    assert not ACCESS.may_see(subject, {"street": "guanshang"})
    assert not ACCESS.may(subject, "act", {"street": "guanshang"})


def test_a_department_acts_where_it_is_called_and_the_centre_everywhere() -> None:
    water = Subject(sub="s", kind="department", code="water", scopes=frozenset())
    centre = Subject(sub="s", kind="command_centre", code=None, scopes=frozenset())
    for resource, called in (
        ({"units": ("taihe", "water")}, True),
        ({"units": ()}, False),
        ({}, False),
    ):
        assert ACCESS.may(water, "act", resource) == ACCESS.may_see(water, resource) == called
        assert ACCESS.may(centre, "act", resource)


def test_a_kind_of_subject_that_does_not_exist_is_an_error_at_start() -> None:
    assert kinds("street", "finance") == {"street", "finance"}
    with pytest.raises(ValueError, match="mayor"):
        kinds("street", "mayor")
