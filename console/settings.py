"""The console's settings: where the gateway is, its own key, and the district's sign-in."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.issuer import reached
from chassis.settings import Believed, Level, Misconfigured, Rate, Web

from .limits import ADDRESS, SESSION, Limits
from .oidc import Client

WEB = r"^https?://[^/\s?#]+"
HERE = ("http://127.0.0.1", "http://localhost", "http://[::1]")


def _shut(url: str) -> str:
    """Codes and tokens travel there: over TLS, but for what runs on one machine."""
    if not url.startswith(("https://", *HERE)):
        raise ValueError("not over TLS")
    return reached(url)


Issuer = Annotated[str, StringConstraints(pattern=WEB), AfterValidator(_shut)]
Home = Annotated[str, StringConstraints(pattern=WEB + "$"), AfterValidator(_shut)]
Named = Annotated[str, StringConstraints(pattern=r"^\S{1,300}$")]


class SignIn(BaseSettings):
    """Without an issuer nobody who works there signs in, and all that is said of it follows from that."""

    model_config = SettingsConfigDict(env_prefix="GONGZHI_", extra="ignore", env_ignore_empty=True)

    limit_session: Rate = SESSION
    """How often one session may ask each process of the console."""
    limit_visitors: Rate = ADDRESS
    """And one address, of all who ask from there without one: a whole office that comes in the morning."""
    oidc_issuer: Issuer | None = None
    """As its own discovery document writes it."""
    oidc_client: Named | None = None
    oidc_secret: SecretStr | None = None
    """None for a client without one: PKCE is used in both cases."""
    oidc_scope: Annotated[str, StringConstraints(pattern=r"^openid( \S+)*$")] = "openid"
    """`openid offline_access` where the issuer gives refresh tokens for that alone."""
    oidc_resource: Named | None = None
    """What the access token shall be for (RFC 8707), where the issuer wants to be told."""
    console_url: Home | None = None
    """As people's browsers know it, without a path: the issuer sends them back there and nowhere else."""

    @property
    def limits(self) -> Limits:
        return Limits(self.limit_session, self.limit_visitors)

    def client(self) -> Client | None:
        """None where there is no such sign-in; Misconfigured where it is said by half."""
        if self.oidc_issuer is None:
            return None
        for name in ("oidc_client", "console_url"):
            if getattr(self, name) is None:
                raise Misconfigured(
                    f"缺少 GONGZHI_{name.upper()}：设置了 GONGZHI_OIDC_ISSUER 就须一并设置"
                    "（见 deploy/README.md）"
                )
        return Client(
            issuer=self.oidc_issuer,
            client=self.oidc_client or "",
            home=self.console_url or "",
            secret=self.oidc_secret.get_secret_value() if self.oidc_secret else None,
            scope=self.oidc_scope,
            resource=self.oidc_resource,
        )


class ConsoleSettings(SignIn):
    """Of its own process. There nobody picks a role; without an issuer it serves residents alone."""

    gateway_url: Web
    """The front door, as this process reaches it."""
    console_key: SecretStr = Field(min_length=64, max_length=64)
    """32 bytes as hex: sessions are sealed under it. The same for all processes of the console."""

    forwarded_by: Believed = "127.0.0.1"
    """Whose word is taken for a visitor's address."""
    otlp_endpoint: Web | None = None
    log_level: Level = "info"

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.console_key.get_secret_value())
