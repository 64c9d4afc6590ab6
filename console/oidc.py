"""The district's sign-in (OpenID Connect): the code flow with PKCE, state and nonce. Proofs are joserfc's work.

A response is accepted only if verified: it belongs to this browser's request (state), comes from the issuer that was
asked (`iss`), its code is useless to others (PKCE), and the ID token is signed by one of the issuer's own keys, for us,
for this sign-in (nonce). The access token is verified by the gateway, not here.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.jwks import DISCOVERY, Fetched, Keys, body_of
from chassis.kernel.errors import Unavailable

ALGORITHMS = ["ES256", "RS256", "PS256"]
LEEWAY = 30
FRESH = 900.0
"""Seconds that what the issuer says of itself is good."""
WITHIN = aiohttp.ClientTimeout(total=10, connect=5)
SHARED = 60.0
"""Seconds within which a token renewed once serves all who come with the old one: a page asks for several things."""
BACK = "/console/sign-in/back"
AFTER = "/console/sign-in"
Said = Mapping[str, Any]


class NotEntered(Exception):
    """Nobody was signed in, and why, in words for the user."""


class Away(NotEntered):
    """The issuer doesn't answer, or with nothing of use."""

    def __init__(self) -> None:
        super().__init__("统一身份认证没有应答，请稍后再试。")


@dataclass(frozen=True, slots=True)
class Client:
    """What the issuer knows us by, and where we are at home."""

    issuer: str
    client: str
    home: str
    secret: str | None = None
    scope: str = "openid"
    resource: str | None = None

    @property
    def shut(self) -> bool:
        """Whether people come to us over TLS."""
        return self.home.startswith("https://")


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: what only this browser and the issuer know of it."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Granted:
    token: str
    until: int
    refresh: str | None = None
    proof: str | None = None
    """The ID token: what signing out at the issuer refers to."""
    sub: str = ""


class Provider:
    def __init__(self, client: Client) -> None:
        self.client = client
        self._keys = Keys(Fetched(issuer=client.issuer))
        self._known: Said = {}
        self._until = 0.0
        self._renewing: dict[str, tuple[float, asyncio.Task[Granted]]] = {}

    async def address(self, begun: Begun) -> str:
        """Where the browser is sent."""
        asked = {
            "response_type": "code",
            "client_id": self.client.client,
            "redirect_uri": self.client.home + BACK,
            "scope": self.client.scope,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        if self.client.resource:
            asked["resource"] = self.client.resource
        return _with(await self._endpoint("authorization_endpoint"), asked)

    async def entered(self, begun: Begun, said: Mapping[str, str]) -> Granted:
        """The user who came back; NotEntered if the issuer refused, or if this isn't the browser that began."""
        if not secrets.compare_digest(said.get("state", "").encode(), begun.state.encode()):
            raise NotEntered("登录已过期或不是由本页面发起的，请重新登录。")
        known = await self._metadata()
        must = known.get("authorization_response_iss_parameter_supported") is True
        if said.get("iss", None if must else self.client.issuer) != self.client.issuer:
            raise NotEntered("登录的答复不是由统一身份认证发出的，请重新登录。")
        if "code" not in said or "error" in said:
            raise NotEntered("统一身份认证没有同意登录。")
        form = {
            "grant_type": "authorization_code",
            "code": said["code"],
            "redirect_uri": self.client.home + BACK,
            "code_verifier": begun.verifier,
        }
        answer = await self._posted("token_endpoint", form)
        sub = await self._proved(str(answer.get("id_token", "")), begun.nonce)
        return _granted(answer, sub=sub)

    async def renewed(self, refresh: str, sub: str) -> Granted:
        """Once for each refresh token, however many ask; NotEntered where the issuer gives none any more."""
        now = time.monotonic()
        self._renewing = {
            name: (until, task)
            for name, (until, task) in self._renewing.items()
            if until > now or not task.done()
        }
        digest = hashlib.sha256(refresh.encode()).hexdigest()
        if digest not in self._renewing:
            task = asyncio.create_task(self._renewed(refresh, sub))
            self._renewing[digest] = (now + SHARED, task)
        return await asyncio.shield(self._renewing[digest][1])

    async def _renewed(self, refresh: str, sub: str) -> Granted:
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        return _granted(await self._posted("token_endpoint", form), sub=sub, refresh=refresh)

    async def ended(self, refresh: str | None, proof: str | None) -> str | None:
        """The refresh token is given back; where the browser signs out at the issuer, too."""
        try:
            known = await self._metadata()
            if refresh and "revocation_endpoint" in known:
                form = {"token": refresh, "token_type_hint": "refresh_token"}
                await self._posted("revocation_endpoint", form)
            if "end_session_endpoint" not in known:
                return None
            hint = {"id_token_hint": proof} if proof else {}
            asked = {
                "client_id": self.client.client,
                "post_logout_redirect_uri": self.client.home + AFTER,
            }
            return _with(await self._endpoint("end_session_endpoint"), {**asked, **hint})
        except NotEntered:
            return None  # Here it is ended all the same.

    async def _metadata(self) -> Said:
        if time.monotonic() > self._until:
            said = await self._asked("GET", self.client.issuer.rstrip("/") + DISCOVERY)
            if said.get("issuer") != self.client.issuer:
                raise Away
            self._known, self._until = said, time.monotonic() + FRESH
        return self._known

    async def _endpoint(self, name: str) -> str:
        """As the issuer says; never over plain HTTP where the issuer itself is not."""
        url = (await self._metadata()).get(name)
        plain = self.client.issuer.startswith("http://")
        if not isinstance(url, str) or not url.startswith(
            ("https://", "http://") if plain else "https://"
        ):
            raise Away
        return url

    async def _posted(self, endpoint: str, form: dict[str, str]) -> Said:
        """As the client that we are, by the way that the issuer takes."""
        client, headers = self.client, {}
        ways = (await self._metadata()).get("token_endpoint_auth_methods_supported")
        if client.secret is None:
            form = {**form, "client_id": client.client}
        elif isinstance(ways, list) and "client_secret_basic" not in ways:
            form = {**form, "client_id": client.client, "client_secret": client.secret}
        else:
            pair = f"{quote(client.client, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return await self._asked("POST", await self._endpoint(endpoint), form, headers)

    async def _asked(
        self, method: str, url: str, form: Said | None = None, headers: Said | None = None
    ) -> Said:
        try:
            async with (
                aiohttp.ClientSession(timeout=WITHIN) as session,
                session.request(
                    method, url, data=form, headers=headers, allow_redirects=False
                ) as answer,
            ):
                body = await body_of(answer)
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            raise Away from None
        if 400 <= status < 500:
            raise NotEntered("统一身份认证没有接受这次登录，请重新登录。")
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            raise Away from None
        if status != 200 or not isinstance(found, dict):
            raise Away
        return found

    async def _proved(self, token: str, nonce: str) -> str:
        """The subject of an ID token that is the issuer's, for us, for this once."""
        try:
            try:
                return self._read(token, await self._keys.current(), nonce)
            except (JoseError, ValueError, TypeError):
                return self._read(token, await self._keys.renewed(), nonce)
        except Unavailable:
            raise Away from None
        except (JoseError, ValueError, TypeError):
            raise NotEntered("统一身份认证的答复无法核实，请重新登录。") from None

    def _read(self, token: str, keys: KeySet, nonce: str) -> str:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self.client.issuer},
            aud={"essential": True, "value": self.client.client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client.client) != self.client.client:
            raise ValueError("azp")
        return str(claims["sub"])


def _granted(said: Said, *, sub: str, refresh: str | None = None) -> Granted:
    token, lasts = said.get("access_token"), said.get("expires_in", 300)
    bearer = str(said.get("token_type", "")).lower() == "bearer"
    if not bearer or not isinstance(token, str) or not isinstance(lasts, int | float):
        raise Away
    return Granted(
        token=token,
        until=int(time.time() + lasts),
        refresh=said.get("refresh_token") or refresh,
        proof=said.get("id_token"),
        sub=sub,
    )


def _with(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"
