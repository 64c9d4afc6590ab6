"""The MongoDB the tests run on: found, or started for this run and gone after it.

Where no MongoDB can be had, a peer that speaks its wire protocol takes its place, so that the
adapter meets a real socket and a real driver everywhere. A peer is not MongoDB: it is always
named as what it is.
"""

import gc
import itertools
import os
import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.support import ports

URL_VARIABLE = "GONGZHI_TEST_MONGO_URL"
DOCKER_IMAGE = "mongo:8.0"
START_SECONDS = 60.0


@dataclass(eq=False)
class MongoServer:
    """A server we may make databases on. `name` says what it is, for the last lines of the run."""

    url: str
    name: str
    stop: Callable[[], None] = lambda: None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def database_url(self) -> str:
        """The URL of a database nobody has used: the process id keeps runs on one server apart."""
        return with_database(self.url, f"gongzhi_test_{os.getpid()}_{next(self._numbers)}")

    def drop(self, url: str) -> None:
        with _client(self.url) as client:
            client.drop_database(database_of(url))


def sweep_looks() -> None:
    """pymongo leaves the socket of a look open that its client's end cuts short. It goes by itself, or the collector
    finds it in whatever test runs when it comes by, and that one fails for it.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
        gc.collect()


def database_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if "@" in parts.netloc:
        # The database in the path is also the one a user is looked up in, unless the URL says.
        query.setdefault("authSource", parts.path.removeprefix("/") or "admin")
    return parts._replace(path=f"/{name}", query=urlencode(query)).geturl()


def find() -> MongoServer:
    """The first server this machine offers, the real thing before the peer."""
    if url := os.environ.get(URL_VARIABLE):
        # It may be a peer too, which we cannot tell: they give the version they imitate.
        return MongoServer(url, f"{server_version(url)} by its own account ({URL_VARIABLE})")
    if mongod := shutil.which("mongod"):
        return _mongod(mongod)
    if ports.docker_answers():
        return _container()
    return peer()


def _mongod(program: str) -> MongoServer:
    def command(home: Path, port: int) -> list[str]:
        data = home / "data"
        data.mkdir()
        where = ["--dbpath", str(data), "--port", str(port), "--bind_ip", ports.LOOPBACK]
        return [program, *where, "--nounixsocket"]

    url, stop = _private(command)
    return MongoServer(url, f"mongod {server_version(url)}", stop)


def peer() -> MongoServer:
    def command(home: Path, port: int) -> list[str]:
        # One file per database, or all databases would share one.
        where = ["--data-dir", str(home / "data"), "--host", ports.LOOPBACK, "--port", str(port)]
        # Its own places for these are fixed names in /tmp, which two runs would share.
        files = ["--log-file", str(home / "peer.log"), "--pid-file", str(home / "peer.pid")]
        return [sys.executable, "-m", "nx_27017.nx_27017", *where, *files]

    url, stop = _private(command)
    return MongoServer(url, f"nx-27017 {version('nx-27017')} (peer, not MongoDB)", stop)


def _private(command: Callable[[Path, int], list[str]]) -> tuple[str, Callable[[], None]]:
    """Starts a server on a free loopback port with a directory of its own."""
    workspace, port = ports.Workspace("gongzhi-mongo-"), ports.free_port()
    log = workspace.path / "output.log"
    process = ports.spawn(command(workspace.path, port), cwd=workspace.path, log=log)

    def stop() -> None:
        ports.end(process)
        workspace.remove()

    url = f"mongodb://{ports.LOOPBACK}:{port}/"
    if not ports.wait_until(lambda: process.poll() is not None or _answers(url), START_SECONDS):
        stop()
        raise RuntimeError("the private MongoDB server did not answer")
    if process.poll() is not None:
        said = ports.tail(log)
        stop()
        raise RuntimeError(f"the private MongoDB server did not start:\n{said}")
    return url, stop


def _container() -> MongoServer:
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(DOCKER_IMAGE).with_exposed_ports(27017)
    container.start()
    host, port = container.get_container_host_ip(), container.get_exposed_port(27017)
    url = f"mongodb://{host}:{port}/"
    if not ports.wait_until(lambda: _answers(url), START_SECONDS, pause=0.5):
        container.stop()
        raise RuntimeError(f"the server in Docker ({DOCKER_IMAGE}) did not answer")
    return MongoServer(url, f"{server_version(url)} (Docker)", container.stop)


def _answers(url: str) -> bool:
    try:
        with _client(url, patience_ms=200) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True


def server_version(url: str) -> str:
    with _client(url) as client:
        return str(client.admin.command("buildInfo")["version"])


def _client(url: str, patience_ms: int = 5000) -> MongoClient[dict[str, Any]]:
    return MongoClient(url, serverSelectionTimeoutMS=patience_ms)
