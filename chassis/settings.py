"""A process's settings: `GONGZHI_*` in the environment. Read by composition roots only."""

import ipaddress
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from contracts.text import Unfit, cleaned

from .bus_nodes import addresses
from .edge import MAX_UPLOAD, ROOM
from .faults import said
from .issuer import ISSUERS, WEB, Issuer, Jwks, reached
from .keyring import Keyring, read_keys
from .system import why

PREFIX = "GONGZHI_"
SIGNING = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
STORES = ("sqlite:///", "mongodb://", "mongodb+srv://")
BROKERS = ("amqp://", "amqps://")
BUSES = ("local:///", *BROKERS)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Misconfigured(Exception):
    """Something an operator has to mend before anything starts: one line that names it and the remedy."""


def _beginning(schemes: tuple[str, ...]) -> AfterValidator:
    def begins(url: str) -> str:
        scheme = next((one for one in schemes if url.startswith(one)), None)
        if scheme is None or url == scheme:
            raise Unfit(
                f"应为以 {'、'.join(schemes)} 之一开头的地址",
                f"begins with one of {', '.join(schemes)}",
            )
        return url

    return AfterValidator(begins)


def _bus(url: str) -> str:
    scheme = next((one for one in BUSES if url.startswith(one)), "")
    for one in addresses(url):
        if scheme in ("", url) or not one.startswith(scheme) or one == scheme:
            raise Unfit(
                f"应为以 {'、'.join(BUSES)} 之一开头的地址；几个节点的地址以逗号分开，开头相同",
                f"begins with one of {', '.join(BUSES)}; of several nodes, with commas, all alike",
            )
        if scheme in BROKERS:
            reached(one)
    return url


def _secret(key: SecretStr) -> SecretStr:
    try:
        read_keys(key.get_secret_value())
    except ValueError:
        raise Unfit(
            "应为 32 字节的密钥，写成 64 个十六进制字符（openssl rand -hex 32）",
            "is 32 bytes as 64 hex digits (openssl rand -hex 32)",
        ) from None
    return key


def _networks(names: str) -> str:
    _read_networks(name for name in names.split(",") if name.strip() != "*")
    return names


def _named_networks(names: str) -> str:
    _read_networks(names.split(",") if names else ())
    return names


def _read_networks(names: Iterable[str]) -> tuple[Network, ...]:
    found: list[Network] = []
    for name in names:
        try:
            found.append(ipaddress.ip_network(name.strip(), strict=False))
        except ValueError:
            raise Unfit(
                f"不是地址或网段：{name.strip()}", f"no address or network: {name}"
            ) from None
    return tuple(found)


def _origins(text: str) -> str:
    for one in _each(text):
        if not one.startswith(WEB) or one.count("/") != 2:
            raise Unfit(
                f"应为 https://主机 这样的来源，不带路径：{one}",
                f"is an origin, without a path: {one}",
            )
        reached(one)
    return text


def _each(text: str) -> tuple[str, ...]:
    """What stands between commas; a space beside one is no part of it."""
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def _rate(text: str) -> str:
    try:
        limit = limits.parse(text)
    except ValueError:
        raise Unfit("写作 6000/minute", "is written 6000/minute") from None
    if limit.amount < 1:
        raise Unfit("至少为 1/minute 这样的次数：0 次无法使用", "is once at least")
    return text


def _signing(secret: SecretStr) -> SecretStr:
    if not SIGNING.fullmatch(secret.get_secret_value()):
        raise Unfit(
            "应为 whsec_ 加 Base64 的密钥（echo whsec_$(openssl rand -base64 32)）",
            "is whsec_ and a key in Base64 (echo whsec_$(openssl rand -base64 32))",
        )
    return secret


StoreUrl = Annotated[str, _beginning(STORES)]
Web = Annotated[str, _beginning(WEB), AfterValidator(reached)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Rate = Annotated[str, AfterValidator(_rate)]
Believed = Annotated[str, AfterValidator(_networks)]
Level = Literal["debug", "info", "warning", "error", "critical"]


class Named(BaseSettings):
    """Who issues tokens, and for whom."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    issuer: str = "gongzhi"
    audience: str = "gongzhi"

    @field_validator("*", mode="before")
    @classmethod
    def _cleaned(cls, given: Any) -> Any:
        """As all text that comes in: a space or a hidden character from a copied line is no part of it."""
        if isinstance(given, dict):
            return {name: cls._cleaned(value) for name, value in given.items()}
        return cleaned(given) if isinstance(given, str) else given


class Settings(Named):
    """The two sizes differ in `store_url` and `bus_url` only."""

    store_url: StoreUrl
    """`sqlite:///<folder>` or `mongodb://…`: one file or database per service."""
    bus_url: Annotated[str, AfterValidator(_bus)]
    """`local:///<file>`, `amqp://…`, or the addresses of a cluster's nodes with commas: another when one is lost."""
    reporters_url: StoreUrl | None = None
    """As `store_url`, for reporters alone; given to the whistle service and to nobody else."""
    reporters_key: Secret | None = None
    """As `trail_key`: reporters are sealed with AES-256-GCM under it. Whistle's alone, too."""
    reporters_key_file: Path | None = None
    """In its place: a file, a key in each line. Read again when it changes."""
    messenger_url: Web | None = None
    """The district's message gateway, for the whistle service: reporters are told by it what became of it."""
    messenger_secret: Annotated[SecretStr, AfterValidator(_signing)] | None = None
    """`whsec_…`: what these messages are signed with (Standard Webhooks)."""
    trail_key: Secret | None = None
    """32 bytes as hex: the trails' marks are made with it. Never in a database. Several with commas, the
    oldest first: what is new is made under the last."""
    trail_key_file: Path | None = None
    """In its place: a file, as above."""
    jwks: Jwks | None = None
    """The token issuer's keys; without them, where the discovery document of `issuer` says they are."""
    issuers: Path | None = None
    """A file that describes one or several issuers (deploy/README.md), in place of `issuer`, `audience` and `jwks`."""
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    sweep_after: Positive = 10.0
    """Seconds an event may wait in an outbox before another process takes it up."""
    tick: Positive = 1.0
    """Seconds between looks for what is due."""
    outbox_bound: Annotated[int, Field(gt=0)] = 100_000
    """Documents with events to publish at which no more commands are taken (the platform's number)."""
    outbox_late: Positive = 60.0
    """Seconds an event may wait before the service calls itself degraded (the platform's number)."""
    bodies_bound: Annotated[int, Field(ge=MAX_UPLOAD)] = ROOM
    """Bytes of the bodies, of each what is beyond 64 KiB, that a process holds at once (the platform's number): up to
    three times as many of memory. What is beyond is answered 503."""
    calendar: Path | None = None
    """A folder of year files (`2027.csv`: date, holiday|workday, name) over the notices that ship."""
    otlp_endpoint: Web | None = None
    log_level: Level = "info"
    forwarded_by: Believed = "127.0.0.1"
    """Whose word is taken for a caller's address (`X-Forwarded-For`): addresses and networks, with
    commas; `*` only where nobody but the front door gets through."""
    cors: Annotated[str, AfterValidator(_origins)] = ""
    """For the gateway: the origins whose pages may call it from a browser, with commas; none by default."""
    limit_subject: Rate = "6000/minute"
    """For the gateway: how often one subject, or one partner, may ask each process of it."""
    limit_address: Rate = "600/minute"
    """And one address, of what is public or refused for want of a token."""
    access_log: bool = False
    """For the gateway: a line for each request, of who asked for what: `sub` and office, never an id or a query."""
    partners_url: Annotated[str, AfterValidator(_bus), _beginning(BROKERS)] | None = None
    """For the gateway: `amqp://…`, as `bus_url`, of the virtual host where partners tell; none by default."""
    webhook_networks: Annotated[str, AfterValidator(_named_networks)] = ""
    """For the gateway: the networks beside us that webhooks may be posted to, with commas (those of the
    district's own systems), and the only ones without TLS; otherwise they go to public addresses alone."""
    services: dict[str, Web] = {}
    """For the gateway: service → its address."""

    @cached_property
    def trail_secret(self) -> Keyring:
        """One for the whole process, so that all of it goes over to a newer key at once."""
        return self._keys("trail_key", self.trail_key, self.trail_key_file)

    def look_at_keys(self) -> None:
        """Misconfigured where one that is given can't be used: before anything has begun."""
        _ = self.trail_secret
        if self.reporters_key is not None or self.reporters_key_file is not None:
            self._keys("reporters_key", self.reporters_key, self.reporters_key_file)

    @staticmethod
    def _keys(name: str, key: SecretStr | None, file: Path | None) -> Keyring:
        """Misconfigured where neither is given, or both, or what isn't one."""
        setting = PREFIX + name.upper()
        if key is not None and file is not None:
            raise Misconfigured(f"{setting} 和 {setting}_FILE 只能设置其一")
        if key is not None:
            return Keyring(read_keys(key.get_secret_value()))
        if file is None:
            raise Misconfigured(f"缺少 {setting}：请在环境变量中设置（见 deploy/README.md）")
        try:
            return Keyring.read(file)
        except OSError as error:
            raise Misconfigured(f"{setting}_FILE 读不到：{file}（{why(error)}）") from None
        except ValueError:
            raise Misconfigured(
                f"密钥文件已损坏：{file}（应为每行 64 个十六进制字符）；请从备份恢复，不要新建"
            ) from None

    @property
    def origins(self) -> tuple[str, ...]:
        return _each(self.cors)

    @property
    def may_be_told(self) -> tuple[Network, ...]:
        """The networks beside us that webhooks may be posted to."""
        return _read_networks(_each(self.webhook_networks))

    def reporters(self) -> tuple[str, Keyring]:
        """Where reporters are kept and under which key; Misconfigured where they aren't given."""
        given = self.reporters_key or self.reporters_key_file
        if self.reporters_url is None or given is None:
            raise Misconfigured(
                "缺少 GONGZHI_REPORTERS_URL 和 GONGZHI_REPORTERS_KEY：whistle 服务须单独存放反映人信息"
            )
        return self.reporters_url, self._keys(
            "reporters_key", self.reporters_key, self.reporters_key_file
        )

    def messenger(self) -> tuple[str, str] | None:
        """Where messages to reporters go, and what they are signed with; Misconfigured where one is missing."""
        if self.messenger_url is None and self.messenger_secret is None:
            return None
        if self.messenger_url is None or self.messenger_secret is None:
            raise Misconfigured("GONGZHI_MESSENGER_URL 和 GONGZHI_MESSENGER_SECRET 须同时设置")
        return self.messenger_url, self.messenger_secret.get_secret_value()

    def trusted(self) -> tuple[Issuer, ...]:
        """Whose tokens are taken; Misconfigured where it isn't said, or not as it should be."""
        if self.issuers is not None:
            return _issuers(self.issuers)
        if self.jwks is None and not self.issuer.startswith(WEB):
            raise Misconfigured(
                "缺少 GONGZHI_JWKS：请在环境变量中设置，或以 GONGZHI_ISSUER 写签发方的 https 地址"
                "（见 deploy/README.md）"
            )
        trusted = Issuer(issuer=self.issuer, audience=self.audience, jwks=self.jwks)
        _asked_where_it_is(trusted, "GONGZHI_ISSUER 有误")
        return (trusted,)


def _issuers(file: Path) -> tuple[Issuer, ...]:
    try:
        found = ISSUERS.validate_json(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Misconfigured(f"GONGZHI_ISSUERS 读不到：{file}（{why(error)}）") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"GONGZHI_ISSUERS 有误（{file}）：编码应为 UTF-8") from None
    except ValidationError as error:
        raise Misconfigured(f"GONGZHI_ISSUERS 有误（{file}）：{_first(error)}") from None
    names = [one.issuer for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Misconfigured(f"GONGZHI_ISSUERS 有误（{file}）：{twice[0]} 写了两次")
    for one in found:
        _asked_where_it_is(one, f"GONGZHI_ISSUERS 有误（{file}）：{one.issuer}")
    return found


def _asked_where_it_is(issuer: Issuer, saying: str) -> None:
    """Misconfigured where its keys are to be found by its name, which is no address."""
    if issuer.jwks is not None:
        return
    if not issuer.issuer.startswith(WEB):
        raise Misconfigured(f"{saying}：不是 http(s) 地址，须以 jwks 写明公钥的文件或地址")
    try:
        reached(issuer.issuer)
    except Unfit as unfit:
        raise Misconfigured(f"{saying}：{unfit}") from None


def _first(error: ValidationError) -> str:
    """What is wrong first, behind where it stands."""
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))} {said(first)}".lstrip()


def settings(**given: Any) -> Settings:
    """From the environment, under what is `given`; Misconfigured names the setting, never its value."""
    try:
        known = Settings(**given)
        known.look_at_keys()
        return known
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        if first["type"] == "missing":
            raise Misconfigured(f"缺少 {name}：请在环境变量中设置（见 deploy/README.md）") from None
        raise Misconfigured(f"{name} 有误：{said(first)}") from None
    except SettingsError:
        raise Misconfigured(
            f'{PREFIX}SERVICES 有误：应为 JSON，例如 {{"whistle":"http://whistle:8000"}}'
        ) from None


def database(url: str, name: str) -> str:
    """What a service's database is called in MongoDB."""
    return f"{urlsplit(url).path.strip('/') or 'gongzhi'}_{name}"


def path_of(url: str) -> Path:
    """The path of a `scheme:///path` address."""
    return Path(url.partition("://")[2])
