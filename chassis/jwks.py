"""An issuer's public keys: where they are fetched, how long they are valid, and what happens when fetching fails."""

import asyncio
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from .issuer import WEB, Issuer
from .kernel.errors import Unavailable
from .settings import Misconfigured
from .system import why

COOLDOWN = 30.0
"""Seconds between two fetches for a key id that isn't known: forged ones must not make us ask and ask."""
FETCH_WITHIN = 5.0
WITHOUT_KEYS = 1.0
"""Seconds until an issuer that gave nothing is asked again; requests meanwhile don't wait."""
LONGEST = 900.0
"""Seconds that keys are good at most, whatever the issuer says: a withdrawn one ends its tokens by then."""
FILE_GOOD_FOR = 15.0
LARGEST = 1024 * 1024
"""Bytes of an issuer's answer: within the seconds for which it is waited for, one without end would fill the memory."""
DISCOVERY = "/.well-known/openid-configuration"
MAX_AGE = re.compile(r"(?:^|[,\s])max-age=(\d{1,9})(?:$|[,\s])")
log = structlog.get_logger()


def _key_set(found: Any) -> KeySet:
    """A JWKS, without the keys that can't be used here (RFC 7517, 5: one on SM2 beside ours); ValueError for what has
    no other.
    """
    listed = found.get("keys") if isinstance(found, dict) else None
    keys = []
    for one in listed if isinstance(listed, list) else ():
        with suppress(JoseError, UnsupportedAlgorithm, LookupError, TypeError, ValueError):
            keys.append(JWKRegistry.import_key(one))
    if not keys:
        raise ValueError("not a JWKS")
    return KeySet(keys)


async def body_of(answer: aiohttp.ClientResponse) -> bytes:
    """What an issuer answers; ValueError for what is too long."""
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > LARGEST:
            raise ValueError("longer than what an issuer has to say")
    return bytes(body)


class Source(Protocol):
    @property
    def cooldown(self) -> float: ...

    async def fetch(self) -> tuple[KeySet, float]:
        """The keys, and for how many seconds they are good; raises where there are none."""


@dataclass(frozen=True, slots=True)
class InFile:
    """A JWKS in a file, which may be replaced."""

    path: Path
    cooldown: float = 0.0

    def read(self) -> KeySet:
        return _key_set(json.loads(self.path.read_bytes()))

    async def fetch(self) -> tuple[KeySet, float]:
        return self.read(), FILE_GOOD_FOR


@dataclass(frozen=True, slots=True)
class Fetched:
    """A JWKS at its address, or where the discovery document of `issuer` says that it is."""

    url: str = ""
    issuer: str = ""

    @property
    def cooldown(self) -> float:
        return COOLDOWN

    async def fetch(self) -> tuple[KeySet, float]:
        timeout = aiohttp.ClientTimeout(total=FETCH_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            url = self.url or await self._discovered(session)
            async with session.get(url, raise_for_status=True) as answer:
                good = MAX_AGE.search(answer.headers.get("Cache-Control", ""))
                seconds = float(good[1]) if good else LONGEST
                return _key_set(json.loads(await body_of(answer))), min(seconds, LONGEST)

    async def _discovered(self, session: aiohttp.ClientSession) -> str:
        where = self.issuer.rstrip("/") + DISCOVERY
        async with session.get(where, raise_for_status=True) as answer:
            body = json.loads(await body_of(answer))
        # Anybody who can put a document there may name keys; it has to be the issuer whose tokens they sign.
        if not isinstance(body, dict) or body.get("issuer") != self.issuer:
            raise ValueError("another issuer's document")
        url = body.get("jwks_uri")
        if not isinstance(url, str) or not url.startswith(WEB):
            raise ValueError("no jwks_uri")
        return url


def source_of(issuer: Issuer) -> Source:
    """Misconfigured for a file that holds no keys: every token would be refused as forged."""
    if issuer.jwks is None:
        return Fetched(issuer=issuer.issuer)
    if issuer.jwks.startswith(WEB):
        return Fetched(issuer.jwks)
    file = InFile(Path(issuer.jwks))
    try:
        file.read()
    except OSError as error:
        raise Misconfigured(f"签发方公钥文件读不到：{file.path}（{why(error)}）") from None
    except ValueError:
        raise Misconfigured(
            f'签发方公钥文件有误：{file.path}（应为 JWKS，例如 {{"keys": [{{"kty": "EC", …}}]}}）'
        ) from None
    return file


@dataclass(slots=True)
class Keys:
    """What was fetched last. While fetching fails, the cached keys stay in use."""

    source: Source
    generation: int = 0
    """Grows when other keys come: what the ones before proved has to be proved again."""
    _keys: KeySet | None = None
    _good_until: float = 0.0
    _again_from: float = 0.0
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self) -> KeySet:
        return self._keys if self._keys is not None else await self.renewed()

    async def renewed(self) -> KeySet:
        """After an unknown key id: fetched again, but not more often than the cooldown allows."""
        async with self._fetching:
            if time.monotonic() >= self._again_from:
                await self._fetch()
                wait = WITHOUT_KEYS if self._keys is None else self.source.cooldown
                self._again_from = time.monotonic() + wait
        if self._keys is None:
            raise Unavailable("取不到令牌签发方的公钥。")
        return self._keys

    async def keep(self) -> None:
        """Fetched again when they are no longer good, for as long as this runs."""
        while True:
            await asyncio.sleep(WITHOUT_KEYS)
            if self._keys is None or time.monotonic() < self._good_until:
                continue  # nobody has asked yet, or they are good
            async with self._fetching:
                await self._fetch()

    async def _fetch(self) -> None:
        seconds, before = 0.0, _prints(self._keys)
        try:
            self._keys, seconds = await self.source.fetch()
        except Exception as error:
            # Whatever it was: who keeps them goes on, or a withdrawn key would be good for ever.
            detail = str(error)[:200]  # as of a certificate that has run out
            log.warning("keys_not_fetched", error=type(error).__name__, detail=detail)
        self.generation += _prints(self._keys) != before
        self._good_until = time.monotonic() + max(seconds, self.source.cooldown)


def _prints(keys: KeySet | None) -> frozenset[str]:
    return frozenset(key.thumbprint() for key in keys.keys) if keys is not None else frozenset()
