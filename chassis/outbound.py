"""HTTP to addresses that others chose, guarded against SSRF: only to the public internet, never to internal networks.

The address is checked when the connection is made, after its name was resolved, so that a second resolution can't lead
elsewhere; redirects aren't followed.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
READ = 16 * 1024
"""Of an answer, so that the connection can be used again; what it says is nobody's business."""
READ_WITHIN = 1.0
"""Seconds; by then its status is known, and whoever keeps its body back has taken the event all the same."""
LATER = frozenset({408, 425, 429})
GONE = 410
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
NOWHERE = tuple(
    ipaddress.ip_network(one)
    for one in (
        "::/96",  # an IPv4 address in an older form
        "::ffff:0:0:0/96",  # and for a translator (RFC 2765)
        "64:ff9b:1::/48",  # a translator of one's own network (RFC 8215)
        "fec0::/10",  # what unique local addresses were before (RFC 3879)
        "3fff::/20",  # for books (RFC 9637)
        "5f00::/16",  # segments of one network (RFC 9602)
        "192.88.99.0/24",  # relays that are no more (RFC 7526)
        "192.0.0.0/24",  # protocols' own (RFC 6890), and where a cloud tells a machine its secrets
    )
)
"""Taken for global by some, and open to nobody out there."""
FORBIDDEN = "地址不在允许范围内"
TROUBLE: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "域名无法解析"),
    ((aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError), "TLS 连接或证书有误"),
    (TimeoutError, "超时未答复"),
    (aiohttp.ClientConnectorError, "连接不上"),
    ((aiohttp.InvalidURL, ValueError), "网址无法使用"),
    (OSError, "连接中断"),
    (aiohttp.ClientConnectionError, "连接中断"),
)
"""The first that fits."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Forbidden(OSError):
    """The address is internal: nobody from outside may have us call it."""


@dataclass(frozen=True, slots=True)
class Had:
    """It has it."""


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody there, or not now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """There, and doesn't take this one; `ever`: nor any other again."""

    reason: str
    ever: bool = False


Outcome = Had | Away | Declined


class OutboundClient:
    """`networks`: the internal ones that may be called, and the only ones that may be called without TLS."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = networks
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        if scheme not in self._sessions:
            named_only = scheme != "https"

            def connected(info: Any) -> socket.socket:
                family, kind, protocol, _, where = info
                self._allow(where[0], named_only)
                return socket.socket(family, kind, protocol)

            connector = aiohttp.TCPConnector(socket_factory=connected, limit_per_host=4)
            self._sessions[scheme] = aiohttp.ClientSession(
                connector=connector,
                timeout=TIMEOUT,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._sessions[scheme]

    def _allow(self, text: str, named_only: bool) -> None:
        address = _plain(ipaddress.ip_address(text.partition("%")[0]))
        if any(address in network for network in self._networks):
            return
        far = address.is_global and not any(address in network for network in NOWHERE)
        if named_only or not far or address.is_multicast:
            raise Forbidden("address is not allowed")

    def check(self, url: str) -> None:
        """Forbidden where the address itself says that nobody may go there; where a name leads is seen when it is
        connected to.
        """
        parts = urlsplit(url)
        if (address := _literal(parts.hostname or "")) is not None:
            self._allow(str(address), parts.scheme != "https")
        elif parts.scheme != "https" and not self._networks:
            raise Forbidden("no address is allowed without TLS")

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        try:
            session = self._session(URL(url).scheme)
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                with suppress(aiohttp.ClientError, OSError, TimeoutError):
                    async with asyncio.timeout(READ_WITHIN):
                        await answer.content.read(READ)
                return _outcome(answer.status)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            return Away(_named(error))

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()


def _literal(host: str) -> Address | None:
    """What is written as an address, in whichever way the system would read it; None of a name."""
    if host == "localhost" or host.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    with suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0])
    with suppress(OSError, UnicodeError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None


def _plain(address: Address) -> Address:
    """The address that is meant, where one is written within another."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in TRANSLATED:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour is not None:
            return address.sixtofour
    return address


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Had()
    if status in LATER or status >= 500:
        return Away(f"HTTP {status}")
    return Declined(f"HTTP {status}", ever=status == GONE)


def _named(error: BaseException) -> str:
    """Which kind of trouble, in words of ours: no address, no text of theirs."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Forbidden):
            return FORBIDDEN
        cause = cause.__cause__ or getattr(cause, "os_error", None)
    return next((said for kinds, said in TROUBLE if isinstance(error, kinds)), "未能送达")
