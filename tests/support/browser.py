"""A real Chromium, found or installed, driven through Playwright: what a page is worth is seen in a browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.support import debian

HEADLESS = "chromium-headless-shell"
"""The same browser without windows to paint: half the processor time for the same pages."""
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome")
MISSING = f"No Chromium for the tests of pages. Install one (Debian: apt-get install {HEADLESS})."
ALONE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
"""Root has no sandbox to offer; and a browser under test calls nobody: a page that wants another's typeface, as an
identity provider's does, would be waited for as long as the network lets one wait."""


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def find() -> str:
    """The program. Only the last resort changes the machine."""
    if found := installed():
        return found
    if debian.may_install():
        debian.install(HEADLESS, MISSING, installed)
        if found := installed():
            return found
    raise RuntimeError(MISSING)


@contextmanager
def started(program: str, folder: Path) -> Iterator[str]:
    """One browser for a whole run; its address. Who connects has windows, cookies and stores of his own."""
    said = {"executablePath": program, "headless": True, "host": "127.0.0.1", "args": ALONE}
    file = folder / "chromium.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    command = [sys.executable, "-m", "playwright", "launch-server", "--browser", "chromium"]
    with subprocess.Popen(
        [*command, "--config", str(file)], stdout=subprocess.PIPE, start_new_session=True
    ) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().decode().strip()
        finally:
            os.killpg(running.pid, signal.SIGTERM)  # with what it has begun


@asynccontextmanager
async def browser(address: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        connected = await playwright.chromium.connect(address)
        try:
            yield connected
        finally:
            await connected.close()


class Visit:
    """A page, with what went wrong while it was shown and what it asked anybody else for."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._noted)
        page.on("request", self._watched)
        self._home = home

    def _noted(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.errors.append(said.text)

    def _watched(self, asked: Request) -> None:
        if not asked.url.startswith(self._home):
            self.strangers.append(asked.url)

    async def too_wide(self) -> list[str]:
        """What sticks out of the paper."""
        found: list[str] = await self.page.evaluate(
            """() => [...document.querySelectorAll('body *')]
                .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                .map(one => one.outerHTML.slice(0, 80))"""
        )
        return found
