"""The platform as its users meet it: processes started for the tests, in both sizes.

All-in-one: `gongzhi run`. One per service: `gongzhi serve` for each, on RabbitMQ and MongoDB.
"""

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from gongzhi import keys
from gongzhi.office import Office
from gongzhi.roster import GATEWAY, SERVICES

from . import warm
from .ports import free_port

ROOT = warm.ROOT
OFTEN = "1000000/minute"
HASTY = {
    "GONGZHI_SWEEP_AFTER": "2",
    "GONGZHI_TICK": "0.5",
    "GONGZHI_LIMIT_SUBJECT": OFTEN,
    "GONGZHI_LIMIT_ADDRESS": OFTEN,
    "GONGZHI_LIMIT_SESSION": OFTEN,
    "GONGZHI_LIMIT_VISITORS": OFTEN,
}
"""Waits short enough for tests, and requests as many as they like; the defaults are for people."""


Process = subprocess.Popen[bytes] | warm.Started


@dataclass
class Platform:
    """A running platform: its front door, and where its keys are."""

    name: str
    url: str
    data: Path
    processes: dict[str, Process] = field(default_factory=dict)

    @asynccontextmanager
    async def offices(self) -> AsyncIterator["Cast"]:
        async with aiohttp.ClientSession() as session:
            yield Cast(session, self)


@dataclass(frozen=True)
class Cast:
    """Whoever a test needs, on one HTTP session."""

    session: aiohttp.ClientSession
    platform: Platform

    def __call__(self, acts_as: str, scope: str | None = None) -> Office:
        token = keys.token(self.platform.data, acts_as, scope)
        return Office(self.session, self.platform.url, token)


def start(
    arguments: list[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Really: for what is measured, and once in each size."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "gongzhi", *arguments],
            env=with_only(HASTY, environment),
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )


def fork(arguments: list[str], environment: Mapping[str, str], log: Path) -> warm.Started:
    """The same in a third of the time."""
    with log.open("ab") as output:
        return warm.start(
            ["gongzhi", *arguments], env=with_only(HASTY, environment), stdout=output, stderr=output
        )


def with_only(*settings: Mapping[str, str]) -> dict[str, str]:
    """Our environment, with these settings of the platform's and no others."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GONGZHI_")}
    return {k: v for one in (clean, *settings) for k, v in one.items()}


def ready(
    url: str, process: Process, log: Path, *, asked: str = "/readyz", within: float = 240
) -> None:
    """Wait until it says so; what a dead process left in its log is the error."""
    end, last = time.monotonic() + within, ""
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(
                f"it ended with {process.returncode}: {log.read_text(encoding='utf-8')[-3000:]}"
            )
        try:
            with urllib.request.urlopen(url + asked, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            last = error.read().decode()
        except OSError as error:
            last = str(error)
        time.sleep(0.1)
    raise AssertionError(
        f"not ready within {within} s: {last}; log: {log.read_text(encoding='utf-8')[-3000:]}"
    )


def end(processes: Mapping[str, Process]) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _all_in_one(
    begin: Callable[[list[str], Mapping[str, str], Path], Process],
    data: Path,
    *flags: str,
    **environment: str,
) -> Iterator[Platform]:
    port = free_port()
    log = data.with_suffix(".log")
    command = ["run", "--port", str(port), "--data-dir", str(data), *flags]
    process = begin(command, environment, log)
    platform = Platform("all-in-one", f"http://127.0.0.1:{port}", data, {"gongzhi": process})
    try:
        ready(platform.url, process, log)
        yield platform
    finally:
        end(platform.processes)


REALLY = "whistle"
"""The service that is started really, where each is alone."""


all_in_one = partial(_all_in_one, fork)
from_scratch = partial(_all_in_one, start)
"""The same for who counts what it takes."""


def environment_of(data: Path, store_url: str, bus_url: str) -> dict[str, str]:
    """What each process is told when every service stands alone."""
    settings = keys.settings_for(data)
    return {
        "GONGZHI_STORE_URL": store_url,
        "GONGZHI_BUS_URL": bus_url,
        "GONGZHI_REPORTERS_URL": store_url,
        "GONGZHI_REPORTERS_KEY": secrets.token_hex(32),
        "GONGZHI_TRAIL_KEY": secrets.token_hex(32),
        "GONGZHI_JWKS": str(settings.jwks),
        "GONGZHI_LOG_LEVEL": "warning",
    }


@contextmanager
def one_per_service(data: Path, store_url: str, bus_url: str) -> Iterator[Platform]:
    environment = environment_of(data, store_url, bus_url)
    ports = {name: free_port() for name in [*SERVICES, GATEWAY]}
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    backs = ",".join(f'"{name}":"{addresses[name]}"' for name in SERVICES)
    environment["GONGZHI_SERVICES"] = f"{{{backs}}}"
    platform = Platform("one per service", addresses[GATEWAY], data)
    logs = data / "logs"
    logs.mkdir(parents=True)
    try:
        for name, port in ports.items():
            arguments = ["serve", name, "--host", "127.0.0.1", "--port", str(port)]
            begin = start if name == REALLY else fork
            platform.processes[name] = begin(arguments, environment, logs / f"{name}.log")
        ready(platform.url, platform.processes[GATEWAY], logs / f"{GATEWAY}.log")
        yield platform
    finally:
        end(platform.processes)
