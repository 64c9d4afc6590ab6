"""docker-compose.yml as it stands: started, played on, scraped, ended and started again on the same volumes."""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from chassis.kernel.clock import quarter_of
from gongzhi import keys
from gongzhi.demo_cast import STREET
from gongzhi.office import Office
from tests.containers import images
from tests.containers.engine import Engine
from tests.deploy.test_compose import ASKED, EVERYONE, FILE, PARTS
from tests.support import lanes
from tests.support.ports import wait_until

PROJECT = "gongzhi-tests"
PORT = 8000
URL = f"http://127.0.0.1:{PORT}"
UP_WITHIN = 300.0
STATEMENT = "/api/v1/housing/statement"
FRONT = {"gateway", "console"}


@dataclass(frozen=True)
class House:
    engine: Engine
    folder: Path
    files: tuple[str, ...]

    def compose(self, *arguments: str) -> str:
        chosen = [word for file in self.files for word in ("--file", file)]
        return self.engine.compose(self.folder, "--project-name", PROJECT, *chosen, *arguments)

    def container(self, part: str) -> str:
        label = f"label=com.docker.compose.service={part}"
        project = f"label=com.docker.compose.project={PROJECT}"
        said = self.engine("ps", "--all", "--quiet", "--filter", label, "--filter", project)
        [found] = said.split()
        return found

    def up(self) -> None:
        began = time.monotonic()
        self.compose("up", "--detach", "--no-build")
        for part in PARTS:
            container = self.container(part)

            def healthy(container: str = container) -> bool:
                return self.engine.healthy(container)

            left = UP_WITHIN - (time.monotonic() - began)
            assert wait_until(healthy, left, pause=1.0), (part, self.last_words(container))
        lanes.note(f"docker-compose.yml: healthy after {time.monotonic() - began:.0f} s")

    def last_words(self, container: str) -> str:
        done = self.engine.ask("logs", "--tail", "30", container)
        return done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture(scope="module")
def house(
    engine: Engine, base: str, product: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Its own folder, project and volumes; the file itself is a copy, byte by byte."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            lanes.note(f"docker-compose.yml: NOT STARTED, port {PORT} is taken")
            pytest.skip(f"port {PORT} is taken")
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(FILE, folder)
    values = {name: secrets.token_hex(32) for name in ASKED.findall(FILE.read_text("utf-8"))}
    files = [FILE.name]
    if base != images.OFFICIAL:
        files.append("debian.yml")
        shutil.copy(images.HERE / "debian.yml", folder)
        values |= {"RABBITMQ": images.rabbitmq(engine), "PEER": images.peer(engine, base)}
    said = "".join(f"{name}={value}\n" for name, value in values.items())
    (folder / ".env").write_text(said, encoding="utf-8")
    keys.settings_for(folder / "data" / "compose")
    (folder / "data" / "compose" / "keys" / "jwks.json").chmod(0o644)
    built = House(engine, folder, tuple(files))
    try:
        built.up()
        yield built
    finally:
        built.compose("down", "--volumes")


def data(house: House) -> Path:
    return house.folder / "data" / "compose"


def gongzhi(house: House, command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gongzhi", command, "--url", URL, "--data-dir", data(house)],
        cwd=images.ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("GONGZHI_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


async def everything(house: House) -> dict[str, Any]:
    """What must be the same after a new start: statements, scorecards, and the journal whole."""
    async with aiohttp.ClientSession() as session:
        office = Office(session, URL, keys.token(data(house), "district_admin"))
        found: dict[str, Any] = {"statement": await office.get(STATEMENT)}
        quarter = quarter_of(datetime.now(UTC))
        card = f"/api/v1/index/scorecards/{STREET}"
        found["scorecard"] = await office.get(card, quarter=quarter)
        events: list[Any] = []
        after = 0
        while (page := await office.get("/api/v1/events", after=after, limit=500))["items"]:
            events += page["items"]
            after = page["next"]
        return {**found, "events": events}


def test_it_is_healthy_plays_the_demo_ends_in_order_and_comes_back_as_it_was(
    house: House,
) -> None:
    gongzhi(house, "demo")
    measured = urllib.request.urlopen(URL + "/metrics", timeout=10).read().decode()
    assert "gongzhi_http_request_seconds" in measured
    before = asyncio.run(everything(house))
    assert before["events"]
    began = time.monotonic()
    house.compose("stop")
    lanes.note(f"docker-compose.yml: stopped in {time.monotonic() - began:.0f} s")
    ended = {
        name: house.engine.inspect(house.container(name))["State"]["ExitCode"] for name in EVERYONE
    }
    assert ended == dict.fromkeys(EVERYONE, 0)
    house.compose("down")
    house.up()
    after = asyncio.run(everything(house))
    assert after == before
    assert "0 条有问题" in gongzhi(house, "verify")
    gongzhi(house, "demo")


def test_services_and_stores_answer_nobody_but_the_house(house: House) -> None:
    """Only the gateway and the console have a port, and the house has no way out."""
    for part in PARTS:
        bound = house.engine.inspect(house.container(part))["HostConfig"]["PortBindings"] or {}
        assert any(bound.values()) == (part in FRONT)
    ask = "import socket; socket.create_connection(('{}', {}), 3)"
    whistle, index = house.container("whistle"), house.container("index")

    def reaches(container: str, host: str, port: int) -> bool:
        said = ("exec", container, "python", "-c", ask.format(host, port))
        return house.engine.ask(*said).returncode == 0

    assert reaches(whistle, "reporters", 27017)
    assert reaches(index, "store", 27017)
    assert not reaches(index, "reporters", 27017)


def test_who_runs_there_may_do_nothing_but_its_work(house: House) -> None:
    for name in EVERYONE:
        container = house.container(name)
        found = house.engine.inspect(container)
        assert found["HostConfig"]["ReadonlyRootfs"] is True
        status = house.engine("exec", container, "cat", "/proc/1/status")
        said = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert said["Uid"].split() == ["10001"] * 4
        assert int(said["CapEff"], 16) == int(said["CapBnd"], 16) == 0
        assert said["NoNewPrivs"] == "1"
