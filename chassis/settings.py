"""What a process is told from outside: `GONGZHI_*` in the environment. Read by composition roots only."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The two sizes differ in `store_url` and `bus_url` only."""

    model_config = SettingsConfigDict(env_prefix="GONGZHI_", extra="ignore")

    store_url: str
    """`sqlite:///<folder>` or `mongodb://…`: one file or database per service."""
    bus_url: str
    """`local:///<file>` or `amqp://…`."""
    reporters_url: str | None = None
    """As `store_url`, for reporters alone; given to the whistle service and to nobody else."""
    reporters_key: SecretStr | None = None
    """32 bytes as hex: reporters are sealed with AES-256-GCM under it. Whistle's alone, too."""
    trail_key: SecretStr
    """32 bytes as hex: the trails' marks are made with it. Never in a database."""
    jwks: str
    """The token issuer's keys: a file, or an https address."""
    issuer: str = "gongzhi"
    audience: str = "gongzhi"
    mongo_driver: str = "motor"
    sweep_after: float = 10.0
    """Seconds an event may wait in an outbox before another process takes it up."""
    tick: float = 1.0
    """Seconds between looks for what is due."""
    outbox_bound: int = 100_000
    """Documents with events to publish at which no more commands are taken (the platform's number)."""
    outbox_late: float = 60.0
    """Seconds an event may wait before the service calls itself degraded (the platform's number)."""
    otlp_endpoint: str | None = None
    log_level: str = "info"
    forwarded_by: str = "127.0.0.1"
    """Whose word is taken for a caller's address (`X-Forwarded-For`): addresses and networks, with
    commas; `*` only where nobody but the front door gets through."""
    services: dict[str, str] = {}
    """For the gateway: service → its address."""

    @property
    def trail_secret(self) -> bytes:
        return bytes.fromhex(self.trail_key.get_secret_value())

    def reporters(self) -> tuple[str, bytes]:
        """Where reporters are kept and under which key; an error where they aren't given."""
        if self.reporters_url is None or self.reporters_key is None:
            raise ValueError("GONGZHI_REPORTERS_URL and GONGZHI_REPORTERS_KEY are needed here")
        return self.reporters_url, bytes.fromhex(self.reporters_key.get_secret_value())


def path_of(url: str) -> Path:
    """The path of a `scheme:///path` address."""
    return Path(url.partition("://")[2])
