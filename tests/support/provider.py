"""A real identity provider on loopback (npm's oidc-provider): its keys are given by the test, which may turn them."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp
import pytest
from joserfc.jwk import ECKey
from playwright.async_api import Page

import console.oidc
from console.oidc import Begun, Client, Granted
from tests.support import lanes, node
from tests.support.ports import LOOPBACK, end, free_port, listens, spawn, tail

SECRET = "of-the-console-and-nobody-else-here"
SCOPE = "openid whistle:read whistle:write housing:read gateway:read"
PEOPLE = {
    "zhang": ["community:guanshangzhongxinqu"],
    "li": ["street:guanshang", "command_centre"],
    "wang": [],
}
"""Invented: account → offices."""


def key() -> dict[str, Any]:
    made = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)
    return {**made, "use": "sig", "alg": "ES256"}


@dataclass
class Provider:
    folder: Path
    home: str
    """Of the console."""
    port: int = field(default_factory=free_port)
    people: Mapping[str, Sequence[str]] = field(default_factory=lambda: PEOPLE)
    lasts: int = 600
    refresh: bool = False
    keys: list[dict[str, Any]] = field(default_factory=lambda: [key()])
    _process: Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def client(self) -> Client:
        return Client(issuer=self.url, client="console", home=self.home, secret=SECRET, scope=SCOPE)

    async def start(self, packages: Path) -> None:
        said = {
            "port": self.port,
            "home": self.home,
            "keys": self.keys,
            "people": self.people,
            "lasts": self.lasts,
            "refresh": self.refresh,
            "secret": SECRET,
        }
        # Modules are looked for beside the program: so it lies beside them.
        program = packages / f"provider-{self.port}.mjs"
        program.write_bytes((node.PACKAGES / "provider.mjs").read_bytes())
        log = self.folder / "provider.log"
        self._process = spawn(["node", str(program), json.dumps(said)], cwd=self.folder, log=log)
        try:
            for _ in range(600):
                if listens(self.port):
                    return
                assert self._process.poll() is None, tail(log)
                await asyncio.sleep(0.05)
            raise AssertionError(tail(log))
        finally:
            program.unlink()

    def stop(self) -> None:
        if self._process is not None:
            end(self._process)

    async def turned(self, packages: Path, *keys: dict[str, Any]) -> None:
        """Started again with other keys: whoever was signed in there isn't any more."""
        self.stop()
        self.keys = list(keys)
        await self.start(packages)


def packages() -> Path:
    found = node.packages()
    if found is None:
        lanes.note("a real identity provider, axe: not tried, npm's registry isn't reached")
        pytest.skip("npm's registry isn't reached")
    return found


@asynccontextmanager
async def provider(folder: Path, **more: Any) -> AsyncIterator[Provider]:
    one = Provider(folder, home=f"http://{LOOPBACK}:{free_port()}", **more)
    try:
        await one.start(packages())
        yield one
    finally:
        one.stop()


async def enter(page: Page, who: str) -> None:
    """At the provider's own pages: who it is, and that the console may know."""
    await page.locator("input[name=login]").fill(who)
    await page.locator("input[name=password]").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()


FORM = re.compile(r'<form[^>]* action="([^"]+)"')
PROMPT = re.compile(r'name="prompt" value="([^"]+)"')


async def walked(session: aiohttp.ClientSession, address: str, who: str, home: str) -> str:
    """As a browser would go, from the provider's address to where it sends back: its last address."""
    form: dict[str, str] | None = None
    for _ in range(20):
        method = "POST" if form else "GET"
        async with session.request(method, address, data=form, allow_redirects=False) as answer:
            page, form = await answer.text(), None
            if answer.status in (302, 303):
                address = urljoin(address, answer.headers["Location"])
                if address.startswith(home):
                    return address
                continue
            assert answer.status == 200, (answer.status, page[:500])
        found, prompt = FORM.search(page), PROMPT.search(page)
        assert found and prompt, page[:500]
        address = urljoin(address, html.unescape(found[1]))
        form = {"prompt": prompt[1], "login": who, "password": "any"}
    raise AssertionError(address)


async def granted(one: Provider, who: str = "zhang") -> Granted:
    """Whoever it is, by the whole way of a sign-in."""
    by, begun = console.oidc.Provider(one.client), Begun()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        back = await walked(session, await by.address(begun), who, one.home)
    return await by.entered(begun, dict(parse_qsl(urlsplit(back).query)))
