"""The broker the tests run on: found, or started for this run and gone after it.

Tests of delivery are worth something on a real RabbitMQ only, and they must not see each other's
queues. So a private node is preferred to a shared one: every test gets a virtual host of its own
and may kill the node as hard as it likes.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiormq

from tests.support import debian, ports

T = TypeVar("T")

URL_VARIABLE = "GONGZHI_TEST_AMQP_URL"
# Debian's other one, in sbin, changes to the user rabbitmq and to the machine's own node.
DEBIAN_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
DOCKER_IMAGE = "rabbitmq:4.3"
START_SECONDS = 60.0
MISSING = (
    f"No RabbitMQ for the tests. Do one of these: set {URL_VARIABLE} to a broker whose exchanges "
    "and queues the tests may delete; install RabbitMQ (Debian: apt-get install rabbitmq-server); "
    "start Docker."
)


@dataclass(eq=False)
class Broker:
    """A broker we may use. `how` says where it comes from, for the last lines of the run."""

    url: str
    version: str
    how: str

    def stop(self) -> None:
        """Nothing to do: it was there before us."""


@dataclass(eq=False)
class Container(Broker):
    end: Callable[[], None]

    def stop(self) -> None:
        self.end()


@dataclass(eq=False)
class PrivateNode(Broker):
    """A node of our own: separate virtual hosts, and it may be killed and started again."""

    node: "Node"

    @property
    def running(self) -> bool:
        return self.node.running

    def vhosts(self, n: int) -> list[str]:
        """URLs of n fresh virtual hosts."""
        self.node.start()
        names = self.node.add_vhosts(n)
        return [f"{self.url}{name}" for name in names]

    def drop(self, urls: Iterable[str]) -> None:
        """Deletes virtual hosts. Each one left behind makes every later start slower."""
        self.node.start()
        self.node.delete_vhosts(urlsplit(url).path.removeprefix("/") for url in urls)

    def settle(self) -> None:
        """Makes queues just declared as safe as queues declared long ago.

        The broker buffers its register of quorum queues for some two seconds. One declared more
        recently than that comes back from a SIGKILL deaf: nothing is confirmed, nothing delivered.
        """
        self.node.evaluate("lists:foreach(fun dets:sync/1, dets:all())")

    def kill(self) -> None:
        """SIGKILL, no last words. Tests about messages, not declarations, settle first."""
        self.node.kill()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It neither answers nor closes anything, as when its machine hangs."""
        assert self.node.beam is not None
        self.node.beam.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.node.beam.send_signal(signal.SIGCONT)

    def start(self) -> None:
        """Up again on the same data and port. Does nothing to a running node."""
        self.node.start()

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        self.node.remove()


class Node:
    """The processes of a private node: the port mapper and the broker, both on loopback only.

    The broker is started with its Erlang shell on a pipe. An expression written there takes
    milliseconds, where each call of rabbitmqctl starts a virtual machine and takes seconds.
    """

    def __init__(self, server: Path) -> None:
        self.server = server
        self.port = ports.free_port()
        self.workspace = ports.Workspace("gongzhi-rabbit-")
        self.home = self.workspace.path
        self.log = self.home / "output.log"
        self.epmd_port = ports.free_port()
        self.dist_port = ports.free_port()
        self.environment = self._environment()
        self.calls = itertools.count(1)
        self.vhost_numbers = itertools.count(1)
        self.epmd: subprocess.Popen[bytes] | None = None
        self.beam: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{ports.LOOPBACK}:{self.port}/"

    @property
    def ports(self) -> tuple[int, int, int]:
        """Every port something of this node listens on."""
        return self.port, self.dist_port, self.epmd_port

    @property
    def running(self) -> bool:
        return self.beam is not None and self.beam.poll() is None

    def start(self) -> None:
        if self.running:
            return
        self._start_epmd()
        self.beam = ports.spawn(
            [str(self.server)],
            cwd=self.home,
            log=self.log,
            env=self.environment,
            stdin=subprocess.PIPE,
        )
        ports.wait_until(lambda: ports.listens(self.port) or not self.running, START_SECONDS)
        if not (self.running and ports.listens(self.port)):
            raise RuntimeError(f"the private RabbitMQ did not start:\n{ports.tail(self.log)}")

    def _start_epmd(self) -> None:
        # Ours, in the foreground and before the broker: left to itself, the broker would start
        # one as a daemon that nobody ends.
        if self.epmd is not None and self.epmd.poll() is None:
            return
        self.epmd = ports.spawn(
            [_epmd(), "-port", str(self.epmd_port), "-address", ports.LOOPBACK],
            cwd=self.home,
            log=self.log,
        )
        if not ports.wait_until(lambda: ports.listens(self.epmd_port), START_SECONDS):
            raise RuntimeError(f"Erlang's epmd did not start:\n{ports.tail(self.log)}")

    def _environment(self) -> dict[str, str]:
        """Everything in a directory of its own, nothing from the machine's configuration."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(self.home),  # the Erlang cookie is made there
            "RABBITMQ_NODENAME": f"gz{os.getpid()}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.dist_port),
            "RABBITMQ_NODE_IP_ADDRESS": ports.LOOPBACK,
            "RABBITMQ_MNESIA_BASE": str(self.home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._file("enabled_plugins", "[].\n")),
            "RABBITMQ_CONFIG_FILE": str(
                self._file("rabbitmq.conf", "loopback_users.guest = true\n")
            ),
            "RABBITMQ_CONF_ENV_FILE": str(self._file("rabbitmq-env.conf", "")),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # The start script replaces itself by the broker, whose id we then hold; and the
            # broker reads expressions from its input.
            "RABBITMQ_ALLOW_INPUT": "1",
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "ERL_EPMD_PORT": str(self.epmd_port),
        }

    def _file(self, name: str, text: str) -> Path:
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return path

    def add_vhosts(self, n: int) -> list[str]:
        names = [f"t{next(self.vhost_numbers)}" for _ in range(n)]
        self._for_each(
            names,
            'rabbit_vhost:add(V, <<"tests">>), '
            'rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, '
            '<<".*">>, <<".*">>, <<".*">>, <<"tests">>)',
        )
        return names

    def delete_vhosts(self, names: Iterable[str]) -> None:
        self._for_each(names, 'rabbit_vhost:delete(V, <<"tests">>)')

    def _for_each(self, names: Iterable[str], action: str) -> None:
        listed = ", ".join(f'<<"{name}">>' for name in names)
        answer = self.evaluate(f"lists:foreach(fun(V) -> {action} end, [{listed}])")
        if answer != "ok":
            raise RuntimeError(f"the private RabbitMQ refused: {answer}")

    def evaluate(self, expression: str) -> str:
        """The value of an Erlang expression inside the broker."""
        answer = self.home / f"answer{next(self.calls)}"
        # Written beside and renamed, so that a file that is there is complete.
        self._tell(
            f'file:write_file("{answer}.part", io_lib:format("~0p", '
            f"[catch (fun() -> {expression} end)()])), "
            f'file:rename("{answer}.part", "{answer}").\n'
        )
        ports.wait_until(lambda: answer.exists() or not self.running, START_SECONDS, pause=0.002)
        if not answer.exists():
            raise RuntimeError(f"the private RabbitMQ gave no answer:\n{ports.tail(self.log)}")
        text = answer.read_text(encoding="utf-8")
        answer.unlink()
        return text

    def _tell(self, line: str) -> None:
        if self.beam is None or self.beam.stdin is None:
            raise RuntimeError("the private RabbitMQ was not started")
        self.beam.stdin.write(line.encode())
        self.beam.stdin.flush()

    def kill(self) -> None:
        if self.beam is not None:
            ports.end(self.beam)
            self.beam = None

    def remove(self) -> None:
        self.kill()
        if self.epmd is not None:
            ports.end(self.epmd)
            self.epmd = None
        self.workspace.remove()


def find() -> Broker:
    """The first broker this machine offers. Only the last resort changes the machine."""
    if url := os.environ.get(URL_VARIABLE):
        return Broker(url, server_version(url), URL_VARIABLE)
    if server := installed():
        return private(server)
    if ports.docker_answers():
        return _container()
    if debian.may_install():
        debian.install("rabbitmq-server", MISSING, installed)
        if server := installed():
            return private(server)
    raise RuntimeError(MISSING)


def installed() -> Path | None:
    if DEBIAN_SERVER.exists():
        return DEBIAN_SERVER
    elsewhere = shutil.which("rabbitmq-server")
    return Path(elsewhere) if elsewhere else None


def private(server: Path) -> PrivateNode:
    node = Node(server)
    try:
        node.start()
        return PrivateNode(node.url, server_version(node.url), "private node", node)
    except BaseException:
        node.remove()
        raise


def _epmd() -> str:
    if found := shutil.which("epmd"):
        return found
    # Not on the path everywhere, but always beside the Erlang that will run the broker.
    erl = shutil.which("erl")
    if erl is None:
        raise RuntimeError("RabbitMQ is installed, but no Erlang (erl) is on the PATH")
    return str(Path(erl).resolve().with_name("epmd"))


def _container() -> Container:
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(DOCKER_IMAGE).with_exposed_ports(5672)
    container.start()
    host, port = container.get_container_host_ip(), container.get_exposed_port(5672)
    url = f"amqp://guest:guest@{host}:{port}/"
    try:
        return Container(url, _version_when_up(url), "Docker", container.stop)
    except BaseException:
        container.stop()
        raise


def _version_when_up(url: str) -> str:
    # Docker accepts connections for a container before anything in it listens, so only an
    # answer in AMQP counts.
    versions: list[str] = []

    def answered() -> bool:
        try:
            versions.append(server_version(url))
        except (OSError, aiormq.exceptions.AMQPError):
            return False
        return True

    if not ports.wait_until(answered, START_SECONDS, pause=0.5):
        raise RuntimeError(f"the broker in Docker ({DOCKER_IMAGE}) did not start")
    return versions[0]


def server_version(url: str) -> str:
    """What the broker says of itself when a connection opens."""
    return in_a_loop_of_its_own(_server_version(url))


async def _server_version(url: str) -> str:
    connection = await aiormq.connect(url)
    try:
        version = connection.server_properties.get("version", "of unknown version")
        return version.decode() if isinstance(version, bytes) else str(version)
    finally:
        await connection.close()


async def sweep(url: str, names: Iterable[str]) -> None:
    """Deletes exchanges and queues by name, on a broker where a test has no virtual host of its
    own. Names that do not exist are no error: either kind may carry the name, or neither.
    """
    connection = await aiormq.connect(url)
    try:
        channel = await connection.channel()
        for name in names:
            await channel.queue_delete(name)
            await channel.exchange_delete(name)
    finally:
        await connection.close()


def in_a_loop_of_its_own(work: Coroutine[Any, Any, T]) -> T:
    """For fixtures, which are not coroutines. In a thread, because the calling one may be inside
    a loop already, and because asyncio.run would take away the loop pytest-asyncio has set.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
