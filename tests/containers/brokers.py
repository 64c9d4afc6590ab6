"""A RabbitMQ of three nodes, each in a container: to be killed, cut off and brought back."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support import rabbit
from tests.support.ports import free_port, wait_until

from .engine import Engine

NETWORK = "gongzhi-tests-brokers"
NODES = ("gz-rmq1", "gz-rmq2", "gz-rmq3")
USER = "gongzhi"
ESTABLISHED = "01"
BROKER = Path(__file__).parents[2] / "deploy/k8s/components/rabbitmq-operator/broker.yaml"
OF_A_CLUSTER = ("net_ticktime", "cluster_partition_handling")
SHIPPED = [
    line.strip()
    for line in BROKER.read_text("utf-8").splitlines()
    if line.strip().startswith(OF_A_CLUSTER)
]
"""What we give the operator: the nodes here keep the same patience."""
CONFIGURATION = "\n".join(
    [
        "cluster_formation.peer_discovery_backend = classic_config",
        *(
            f"cluster_formation.classic_config.nodes.{n} = rabbit@{x}"
            for n, x in enumerate(NODES, 1)
        ),
        *SHIPPED,
        "",
    ]
)
# Erlang wants its cookie readable for its owner alone; a second start finds it there.
STARTED = (
    'cd /var/lib/rabbitmq; [ -f .erlang.cookie ] || (umask 377; printf %s "$COOKIE" > .erlang.cookie);'
    " exec rabbitmq-server"
)


@dataclass(frozen=True)
class Brokers:
    engine: Engine
    urls: dict[str, str]
    version: str

    @property
    def url(self) -> str:
        return ",".join(self.urls.values())

    def ask(self, node: str, *command: str) -> Any:
        return json.loads(self.engine("exec", node, *command, "--formatter=json", "--quiet"))

    def members(self) -> dict[str, int]:
        """Of each quorum queue."""
        found = self.ask(NODES[0], "rabbitmqctl", "list_queues", "name", "type", "members")
        return {one["name"]: len(one["members"]) for one in found if one["type"] == "quorum"}

    def connections(self) -> dict[str, int]:
        """By node: those that this machine has with its published port."""
        found = [line.split() for line in Path("/proc/net/tcp").read_text("utf-8").splitlines()]
        to = [int(line[2].rpartition(":")[2], 16) for line in found[1:] if line[3] == ESTABLISHED]
        return {node: to.count(urlsplit(url).port or 0) for node, url in self.urls.items()}

    def answers(self, node: str) -> bool:
        done = self.engine.ask(
            "exec", node, "rabbitmq-diagnostics", "-q", "check_port_connectivity"
        )
        return done.returncode == 0

    def kill(self, node: str) -> None:
        self.engine("kill", "--signal", "KILL", node)

    def start(self, node: str) -> None:
        self.engine("start", node)

    def cut_off(self, node: str) -> None:
        """From the others and from everybody: what it sends arrives nowhere, and nothing says so."""
        self.engine("network", "disconnect", "--force", NETWORK, node)

    def put_back(self, node: str) -> None:
        self.engine("network", "connect", NETWORK, node)

    def vhost(self, name: str) -> str:
        """Addresses of a fresh virtual host: nothing that was told before is in it."""
        self.engine("exec", NODES[0], "rabbitmqctl", "--quiet", "add_vhost", name)
        everything = [".*"] * 3
        self.engine(
            "exec",
            NODES[0],
            "rabbitmqctl",
            "--quiet",
            "set_permissions",
            "-p",
            name,
            USER,
            *everything,
        )
        return ",".join(f"{url}{name}" for url in self.urls.values())

    def wait_for(self, node: str) -> None:
        assert wait_until(lambda: self.answers(node), 120, pause=1.0), self.engine("logs", node)


@contextmanager
def three(engine: Engine, image: str, scratch: Path) -> Iterator[Brokers]:
    told = scratch / "rabbitmq.conf"
    told.write_text(CONFIGURATION, encoding="utf-8")
    cookie, password = secrets.token_hex(16), secrets.token_hex(16)
    urls: dict[str, str] = {}
    engine("network", "create", NETWORK)
    try:
        for node in NODES:
            port = free_port()
            urls[node] = f"amqp://{USER}:{password}@127.0.0.1:{port}/"
            own = ["--name", node, "--hostname", node, "--network", NETWORK]
            own += ["--publish", f"127.0.0.1:{port}:5672"]
            own += ["--volume", f"{told}:/etc/rabbitmq/rabbitmq.conf:ro"]
            for name, value in (("DEFAULT_USER", USER), ("DEFAULT_PASS", password)):
                own += ["--env", f"RABBITMQ_{name}={value}"]
            own += ["--env", f"COOKIE={cookie}", "--entrypoint", "sh"]
            engine("run", "--detach", *own, image, "-c", STARTED)
        brokers = Brokers(engine, urls, "")
        for node in NODES:
            brokers.wait_for(node)
        yield Brokers(engine, urls, rabbit.server_version(urls[NODES[0]]))
    finally:
        for node in NODES:
            engine.ask("rm", "--force", "--volumes", node)
        engine.ask("network", "rm", NETWORK)
