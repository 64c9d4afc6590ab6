"""One RabbitMQ in a container, as the district's operators run one for partners: in plain, or with TLS as shipped."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.authority import DAY, Authority
from tests.support.partner_vhost import SHIPPED, Tools
from tests.support.ports import free_port, wait_until

from .engine import Engine

NAME = "gongzhi-tests-partners"
USER = "gongzhi"
INSIDE = "/etc/gongzhi"
PORTS = {"amqp": 5672, "amqps": 5671}


@dataclass(frozen=True)
class Single:
    engine: Engine
    url: str

    @property
    def tools(self) -> Tools:
        ctl = (self.engine.program, "exec", "-i", NAME, "rabbitmqctl")
        return Tools(ctl, {**os.environ, **self.engine.environment}, INSIDE)

    def start(self) -> None:
        if not self.engine.inspect(NAME)["State"]["Running"]:
            self.engine("start", NAME)
        assert wait_until(self._answers, 120, pause=0.5), self.engine.ask("logs", NAME)

    def settle(self) -> None:
        """As a node of our own does: what was declared just now outlasts a kill."""
        said = "lists:foreach(fun dets:sync/1, dets:all())."
        self.engine("exec", NAME, "rabbitmqctl", "-q", "eval", said)

    def kill(self) -> None:
        self.engine("kill", "--signal", "KILL", NAME)

    def _answers(self) -> bool:
        done = self.engine.ask(
            "exec", NAME, "rabbitmq-diagnostics", "-q", "check_port_connectivity"
        )
        return done.returncode == 0


@contextmanager
def single(engine: Engine, image: str, scheme: str, scratch: Path) -> Iterator[Single]:
    """With TLS, `scratch` has the authority's certificate."""
    password, port = secrets.token_hex(16), free_port()
    own = ["--name", NAME, "--hostname", NAME, "--publish", f"127.0.0.1:{port}:{PORTS[scheme]}"]
    own += ["--volume", f"{SHIPPED}:{INSIDE}:ro"]
    if scheme == "amqps":
        # The broker's user is another one than who made it.
        scratch.chmod(0o755)
        for file in Authority(scratch).issue(DAY):
            file.chmod(0o644)
        own += ["--volume", f"{SHIPPED}/tls.conf:/etc/rabbitmq/conf.d/tls.conf:ro"]
        own += ["--volume", f"{scratch}:/etc/rabbitmq/tls:ro"]
    for name, value in (("DEFAULT_USER", USER), ("DEFAULT_PASS", password)):
        own += ["--env", f"RABBITMQ_{name}={value}"]
    engine("run", "--detach", *own, image)
    try:
        made = Single(engine, f"{scheme}://{USER}:{password}@127.0.0.1:{port}/")
        made.start()
        yield made
    finally:
        engine.ask("rm", "--force", "--volumes", NAME)
