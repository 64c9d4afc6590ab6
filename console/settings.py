"""What the console is told from outside: where the gateway is, and its own key."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

Address = Annotated[str, StringConstraints(pattern=r"^https?://")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class ConsoleSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GONGZHI_", extra="ignore", env_ignore_empty=True)

    gateway_url: Address
    """The front door, as this process reaches it."""
    console_key: SecretStr = Field(min_length=64, max_length=64)
    """32 bytes as hex: sessions are sealed under it. The same for all processes of the console."""

    forwarded_by: str = "127.0.0.1"
    """Whose word is taken for a visitor's address."""

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.console_key.get_secret_value())
