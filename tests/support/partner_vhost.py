"""The partners' virtual host on a broker of the tests', made of what is shipped, as an operator makes it."""

import json
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel

from tests.support import ports
from tests.support.platform import ROOT
from tests.support.rabbit import PrivateNode

SHIPPED = ROOT / "deploy" / "rabbitmq"
PROBLEM = "partner.problem_reported.v1"
BRIDGE = "partners-bridge"


class Standing(Protocol):
    """A broker that may be killed and started again; the address is of somebody who may do everything."""

    @property
    def url(self) -> str: ...
    def start(self) -> None: ...
    def settle(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(frozen=True)
class Tools:
    """How `rabbitmqctl` is called on the broker's machine, and where it finds what we ship."""

    ctl: tuple[str, ...]
    environment: Mapping[str, str]
    shipped: str = str(SHIPPED)


def of_node(broker: PrivateNode) -> Tools:
    node = broker.node
    environment = {k: v for k, v in node.environment.items() if k != "RABBITMQ_ALLOW_INPUT"}
    return Tools((str(node.server.with_name("rabbitmqctl")),), environment)


@dataclass(frozen=True)
class Vhost:
    node: Standing
    tools: Tools

    def url(self, user: str) -> str:
        at = urlsplit(self.node.url)
        return f"{at.scheme}://{user}:secret-of-{user}@{ports.LOOPBACK}:{at.port}/partners"

    def ctl(self, *arguments: str, said: str = "") -> str:
        """`rabbitmqctl`, as on the broker's machine."""
        return self._run([*self.tools.ctl, *arguments], said)

    def add_partner(self, name: str) -> None:
        ctl = " ".join(self.tools.ctl)
        self._run([str(SHIPPED / "partner.sh"), name], f"secret-of-{name}", RABBITMQCTL=ctl)

    async def empty(self) -> None:
        connection = await aio_pika.connect(f"{self.node.url}partners")
        async with connection, connection.channel() as channel:
            for name in ("news", "parked", "broken"):
                queue = await channel.get_queue(f"partners.{name}", ensure=False)
                await queue.purge()

    def _run(self, command: list[str], text: str = "", **more: str) -> str:
        done = subprocess.run(
            command,
            env={**self.tools.environment, **more},
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @asynccontextmanager
    async def channel(self, user: str) -> AsyncIterator[AbstractChannel]:
        connection = await aio_pika.connect(self.url(user))
        async with connection, connection.channel(on_return_raises=True) as channel:
            yield channel


@contextmanager
def partner_vhost(node: Standing, tools: Tools, *partners: str) -> Iterator[Vhost]:
    node.start()
    made = Vhost(node, tools)
    made.ctl("-q", "import_definitions", f"{tools.shipped}/partners.json")
    everybody = urlsplit(node.url).username or ""
    made.ctl("-q", "set_permissions", "-p", "partners", everybody, ".*", ".*", ".*")
    made.ctl("change_password", BRIDGE, said=f"secret-of-{BRIDGE}")
    try:
        for name in partners:
            made.add_partner(name)
        yield made
    finally:
        node.start()
        made.ctl("-q", "delete_vhost", "partners")
        for name in (BRIDGE, *partners):
            made.ctl("-q", "delete_user", name)


def event(id: str = "", source: str = "/partners/hotline", **data: Any) -> dict[str, Any]:
    said = {
        "community": "jiangong",
        "category": "environment",
        "title": "垃圾清运不及时",
        "reported_at": "2025-11-20T01:00:00Z",
        **data,
    }
    id = id or uuid4().hex
    return {"specversion": "1.0", "id": id, "source": source, "type": PROBLEM, "data": said}


def structured(said: object, user: str | None = "hotline") -> aio_pika.Message:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return aio_pika.Message(
        body,
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        user_id=user,
    )


def binary(said: dict[str, Any], user: str | None = "hotline") -> aio_pika.Message:
    headers = {f"cloudEvents:{name}": value for name, value in said.items() if name != "data"}
    return aio_pika.Message(
        json.dumps(said["data"]).encode(),
        headers=headers,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        user_id=user,
    )


async def tell(
    channel: AbstractChannel, message: aio_pika.Message, key: str = f"hotline.{PROBLEM}"
) -> None:
    """Returns when the broker has it for sure."""
    exchange = await channel.get_exchange("partners", ensure=False)
    await exchange.publish(message, key, mandatory=True)
