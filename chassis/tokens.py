"""The caller, authenticated by an access token of a trusted issuer (RFC 9068, RFC 8725)."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .identity import Subject, Unauthenticated, office
from .issuer import Issuer
from .jwks import Keys, source_of
from .kernel.errors import NotAllowed

ALGORITHMS = ["ES256", "RS256"]
LEEWAY = 30
"""Seconds by which clocks may differ."""
KEPT_TOKENS = 10_000
LARGEST = 16_384
"""Characters of a token: a person in very many groups; more is nobody's."""
TIMES = frozenset(("exp", "nbf", "iat"))
END_OF_TIME = 253_402_300_800
"""The year 10000, in seconds since 1970."""
UNSOUND = (JoseError, ValueError, TypeError, OverflowError, RecursionError)
"""What a token can be made to raise, malice included."""
BEARER = frozenset(("", "bearer"))
"""`typ` among the claims, where an issuer tells its kinds apart there: others are no access tokens."""


class IssuerKeys(Protocol):
    """An issuer's keys, and in which generation they are."""

    @property
    def generation(self) -> int: ...

    async def current(self) -> KeySet: ...

    async def renewed(self) -> KeySet:
        """After a key id that isn't known."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a verified token says of its bearer, until `end` in seconds since 1970."""

    sub: str
    offices: tuple[str, ...]
    scopes: frozenset[str]
    end: float
    by: IssuerKeys
    generation: int
    """Of the keys that proved it."""

    def is_valid(self) -> bool:
        return self.end > time.time() and self.generation == self.by.generation

    def acting(self, wanted: str | None) -> Subject:
        """As the office that is wanted, or as the only one."""
        if wanted is not None and wanted not in self.offices:
            raise NotAllowed(
                "令牌不能代表请求头 X-Act-As 中的身份。",
                field="X-Act-As",
                english="The token doesn't stand for the office named in X-Act-As.",
            )
        if wanted is None and len(self.offices) > 1:
            raise NotAllowed(
                f"此令牌可代表多个身份，请以请求头 X-Act-As 指明其一：{'、'.join(self.offices)}",
                field="X-Act-As",
                english=f"The token stands for several offices; name one in X-Act-As: {', '.join(self.offices)}",
            )
        found = office(wanted or (self.offices[0] if self.offices else ""))
        if found is None:
            raise Unauthenticated(
                "令牌中没有可用的身份（acts_as）。",
                field="acts_as",
                english="The token names no office that is known here (acts_as).",
            )
        return Subject(sub=self.sub, kind=found[0], code=found[1], scopes=self.scopes)


class TrustedIssuer:
    """One issuer with its keys: what its tokens have to be, and what they say."""

    def __init__(self, issuer: Issuer, keys: IssuerKeys) -> None:
        self.issuer, self.keys = issuer, keys
        self._types = {one.lower().removeprefix("application/") for one in issuer.types}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "value": issuer.audience},
            exp={"essential": True},
        )

    async def verified(self, token: str) -> VerifiedToken:
        try:
            return self._read(token, await self.keys.current())
        except UNSOUND:
            pass
        try:
            return self._read(token, await self.keys.renewed())
        except UNSOUND as error:
            why = type(error).__name__
            raise Unauthenticated(
                f"访问令牌无效：{why}", english=f"The access token isn't valid: {why}"
            ) from None

    def _read(self, token: str, keys: KeySet) -> VerifiedToken:
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        header, claims = found.header, found.claims
        if str(header.get("typ", "")).lower().removeprefix("application/") not in self._types:
            raise ValueError("typ")
        if header.get("crit") == []:
            raise ValueError("crit")
        if str(claims.get("typ", "")).lower() not in BEARER:
            raise ValueError("typ of the claims")
        _sound(claims)
        self._claims.validate(claims)
        return VerifiedToken(
            sub=self.issuer.subject_of(claims),
            offices=self.issuer.offices_of(claims),
            scopes=self.issuer.scopes_of(claims),
            end=float(claims["exp"]),
            by=self.keys,
            generation=self.keys.generation,
        )


class Verifier:
    """The trusted issuers, and a cache of verified tokens that haven't expired."""

    def __init__(self, trusted: Iterable[TrustedIssuer]) -> None:
        self._trusted = {one.issuer.issuer: one for one in trusted}
        self._known: dict[bytes, VerifiedToken] = {}

    @classmethod
    def of(cls, issuers: Iterable[Issuer]) -> "Verifier":
        return cls(TrustedIssuer(issuer, Keys(source_of(issuer))) for issuer in issuers)

    async def subject(self, authorization: str | None, acting: str | None = None) -> Subject:
        """Who bears it, acting as the office that `X-Act-As` names, where the token has several."""
        return (await self.bearer(authorization)).acting(acting)

    async def bearer(self, authorization: str | None) -> VerifiedToken:
        """Its bearer, whichever office is named."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("需要 Bearer 访问令牌。", english="A bearer token is needed.")
        if len(token) > LARGEST:
            raise Unauthenticated("访问令牌过长。", english="The access token is too long.")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is None or not known.is_valid():
            known = await self._issuer(token).verified(token)
            if len(self._known) >= KEPT_TOKENS:
                self._known.clear()
            self._known[digest] = known
        return known

    def _issuer(self, token: str) -> TrustedIssuer:
        """By what it says of itself, which only chooses whose keys have to prove it."""
        try:
            payload = token.split(".")[1]
            said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            return self._trusted[said["iss"]]
        except (*UNSOUND, LookupError):
            raise Unauthenticated(
                "访问令牌无效，或其签发方不受信任。",
                english="The token isn't valid, or not of an issuer of ours.",
            ) from None

    async def keep(self) -> None:
        """Keys fresh, for as long as this runs: with a key that is withdrawn the tokens it proved end."""
        keys = [one.keys for one in self._trusted.values() if isinstance(one.keys, Keys)]
        await asyncio.gather(*(held.keep() for held in keys))


def _sound(claims: Mapping[str, Any]) -> None:
    """Times are numbers that a clock could show; ValueError otherwise."""
    for name in TIMES & set(claims):
        at = claims[name]
        if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < END_OF_TIME:
            raise ValueError(name)
