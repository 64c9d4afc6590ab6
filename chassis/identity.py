"""Who asks, proved by an access token, and what they may do: one policy, as a function and as a filter."""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .kernel.errors import NotAllowed, Unavailable
from .store import Has, Where

ALGORITHMS = ["ES256", "RS256"]
KINDS = frozenset(
    "resident community street department command_centre finance party_committee supplier expert "
    "discipline district_admin partner".split()
)
BOUND = {
    "street": "street",
    "community": "community",
    "department": "units",
    "supplier": "supplier",
}
"""Kinds that see and do only what carries their own code, and the field that carries it."""

COOLDOWN = 30.0
FETCH_WITHIN = 5.0
WITHOUT_KEYS = 1.0
"""Seconds until an issuer that gave nothing is asked again; who comes meanwhile isn't kept waiting."""
KEPT_TOKENS = 10_000
TIMES = frozenset(("exp", "nbf", "iat"))
NAMES = frozenset(("sub", "acts_as", "scope"))
END_OF_TIME = 253_402_300_800
"""The year 10000, in seconds since 1970."""
UNSOUND = (JoseError, ValueError, TypeError, OverflowError, RecursionError)
"""What a token can be made to raise, malice included."""
log = structlog.get_logger()


class Unauthenticated(NotAllowed):
    """No token, or not one we can trust."""

    title = "未登录或凭证无效"


def kinds(*names: str) -> frozenset[str]:
    """Kinds of subject by name; one that doesn't exist is a programming error."""
    if unknown := set(names) - KINDS:
        raise ValueError(f"no such kind of subject: {sorted(unknown)}")
    return frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One caller: an opaque `sub`, the office it acts as, and what its token is good for."""

    sub: str
    kind: str
    code: str | None
    scopes: frozenset[str]

    @property
    def acts_as(self) -> str:
        return f"{self.kind}:{self.code}" if self.code else self.kind

    def must_be(self, of: frozenset[str]) -> None:
        """NotAllowed for an office of another kind."""
        if self.kind not in of:
            raise NotAllowed(f"{self.acts_as} 无权进行此操作。")

    def needs(self, scope: str) -> None:
        if scope not in self.scopes:
            raise NotAllowed(f"令牌缺少权限范围 {scope}。", field="scope")


def subject_of(claims: Mapping[str, Any]) -> Subject:
    kind, _, code = str(claims.get("acts_as", "")).partition(":")
    if kind not in KINDS or (kind in BOUND and not code) or not claims.get("sub"):
        raise Unauthenticated("令牌中的 acts_as 无效。", field="acts_as")
    scopes = frozenset(str(claims.get("scope", "")).split())
    return Subject(sub=str(claims["sub"]), kind=kind, code=code or None, scopes=scopes)


# The policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who sees all of a collection; others see what carries their own code, and nobody sees the rest."""

    sees_all: frozenset[str]

    def visible(self, subject: Subject) -> Where | None:
        """The filter for what the subject may see; None when that is nothing."""
        if subject.kind in self.sees_all:
            return {}
        if (bound := BOUND.get(subject.kind)) is None:
            return None
        return {bound: Has([subject.code]) if bound == "units" else subject.code}

    def may_see(self, subject: Subject, resource: Mapping[str, Any]) -> bool:
        return subject.kind in self.sees_all or _concerns(subject, resource)


def granted(subject: Subject, to: frozenset[str], resource: Mapping[str, Any]) -> bool:
    """Whether these kinds have this subject among them and, where it is bound to its own, it is its own."""
    return subject.kind in to and (subject.kind not in BOUND or _concerns(subject, resource))


def _concerns(subject: Subject, resource: Mapping[str, Any]) -> bool:
    bound = BOUND.get(subject.kind)
    if bound is None:
        return False
    carried = resource.get(bound)
    return subject.code in carried if bound == "units" and carried else subject.code == carried


# The proof


def _key_set(found: Any) -> KeySet:
    """A JWKS; ValueError for what isn't one."""
    try:
        return KeySet.import_key_set(found)
    except (JoseError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a JWKS") from error


class Keys(Protocol):
    async def current(self) -> KeySet: ...

    async def renewed(self) -> KeySet:
        """After an unknown key id: fetched again, but not more often than the cooldown allows."""


@dataclass(slots=True)
class FileKeys:
    """A JWKS in a file, read again when an unknown key is met."""

    path: Path

    async def current(self) -> KeySet:
        try:
            return _key_set(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            raise Unavailable("读不到令牌签发方的公钥。") from None

    async def renewed(self) -> KeySet:
        return await self.current()


@dataclass(slots=True)
class FetchedKeys:
    """A JWKS fetched from its address. While fetching fails, the keys we have stay in use."""

    url: str
    _keys: KeySet | None = None
    _again_from: float = 0.0
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self) -> KeySet:
        return self._keys if self._keys is not None else await self.renewed()

    async def renewed(self) -> KeySet:
        async with self._fetching:
            if time.monotonic() >= self._again_from:
                await self._fetch()
                wait = WITHOUT_KEYS if self._keys is None else COOLDOWN
                self._again_from = time.monotonic() + wait
        if self._keys is None:
            raise Unavailable("取不到令牌签发方的公钥。")
        return self._keys

    async def _fetch(self) -> None:
        try:
            timeout = aiohttp.ClientTimeout(total=FETCH_WITHIN)
            async with aiohttp.ClientSession(timeout=timeout) as session:
                async with session.get(self.url, raise_for_status=True) as answer:
                    self._keys = _key_set(await answer.json())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("keys_not_fetched", error=type(error).__name__)


class Verifier:
    """Access tokens after RFC 9068: named algorithms, issuer, audience, type and times checked."""

    def __init__(self, keys: Keys, issuer: str, audience: str) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            leeway=30,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._known: dict[bytes, tuple[Subject, float]] = {}

    async def subject(self, authorization: str | None) -> Subject:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("需要 Bearer 访问令牌。")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[1] > time.time():
            return known[0]
        claims = await self._verified(token)
        subject = subject_of(claims)
        if len(self._known) >= KEPT_TOKENS:
            self._known.clear()
        self._known[digest] = subject, float(claims["exp"])
        return subject

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            return self._decoded(token, await self._keys.current())
        except UNSOUND:
            pass
        try:
            return self._decoded(token, await self._keys.renewed())
        except UNSOUND as error:
            raise Unauthenticated(f"访问令牌无效：{type(error).__name__}") from None

    def _decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        if str(found.header.get("typ", "")).lower() not in ("at+jwt", "application/at+jwt"):
            raise ValueError("typ")
        if found.header.get("crit") == []:
            raise ValueError("crit")
        _sound(found.claims)
        self._claims.validate(found.claims)
        return found.claims


def _sound(claims: Mapping[str, Any]) -> None:
    """Times are numbers that a clock could show, and names are text; ValueError otherwise."""
    for name in TIMES & set(claims):
        at = claims[name]
        if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < END_OF_TIME:
            raise ValueError(name)
    for name in NAMES & set(claims):
        if not isinstance(claims[name], str):
            raise ValueError(name)
