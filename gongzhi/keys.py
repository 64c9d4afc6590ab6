"""The built-in issuer of the all-in-one: keys made at first start, kept in the data folder for its owner."""

import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.identity import BOUND, KINDS, office
from chassis.issuer import WEB
from chassis.keyring import read_keys
from chassis.settings import Misconfigured, Named, Settings, path_of, settings
from chassis.system import why

from .roster import GATEWAY, SERVICES

SCOPES = " ".join(
    f"{service}:{does}" for service in (*SERVICES, GATEWAY) for does in ("read", "write")
)
LIFETIME = 12 * 3600
KEYS = ("trail", "reporters")
"""What is marked and sealed with, apart from the issuer's; each a file that may grow."""


def _secret(path: Path, make: Callable[[], str]) -> str:
    """What the file holds; created once and atomically, even concurrently, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(make())
            with suppress(FileExistsError):  # another process was first: its key is the key
                os.link(draft, path)
        finally:
            os.unlink(draft)
    return path.read_text(encoding="utf-8")


def _own_key(path: Path) -> str:
    """The file's text: a key from the first start on."""
    return _secret(path, lambda: secrets.token_hex(32) + "\n")


def _key_files(data: Path) -> dict[str, str]:
    """A file for each key that isn't told otherwise, made at the first start and never beside what was kept
    under another: Misconfigured then, and nothing is made.
    """
    kept = _kept(data)
    names = [
        name
        for name in KEYS
        if not {f"{_setting(name)}_KEY", f"{_setting(name)}_KEY_FILE"} & {*os.environ}
    ]
    files = {name: data / "keys" / f"{name}.key" for name in names}
    for file in files.values():
        if kept is not None and not file.exists():
            raise Misconfigured(
                f"密钥文件不见了：{file}，而 {kept} 已在用它；请放回保管的密钥，不要新建"
                "（见 docs/runbooks/restoring.md）"
            )
    for file in files.values():
        _own_key(file)
    return {f"{name}_key_file": str(file) for name, file in files.items()}


def _setting(name: str) -> str:
    return f"GONGZHI_{name.upper()}"


def _kept(data: Path) -> Path | None:
    """A database that is there already, in the folder or where the environment says."""
    said = (os.environ.get(name, "") for name in ("GONGZHI_STORE_URL", "GONGZHI_REPORTERS_URL"))
    folders = (data, *(path_of(url) for url in said if url.startswith("sqlite:")))
    return next((found for folder in folders for found in sorted(folder.glob("*.db"))), None)


def _made() -> str:
    return json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))


def _signing_key(folder: Path) -> ECKey:
    path = folder / "issuer.json"
    try:
        return ECKey.import_key(json.loads(_secret(path, _made)))
    except (ValueError, KeyError, TypeError, JoseError):
        raise Misconfigured(f"密钥文件已损坏：{path}；请从备份恢复，或删除后重新签发令牌") from None


def settings_for(data: Path) -> Settings:
    """The all-in-one's settings; what the environment says wins. Misconfigured says what is in the way."""
    own = _own(data)
    unset = {k: v for k, v in own.items() if f"GONGZHI_{k.upper()}" not in os.environ}
    return settings(**unset)


def of_a_platform(data: Path) -> Path:
    """The folder, which a platform has been started in; Misconfigured otherwise, and nothing is made."""
    if not (data / "keys" / "issuer.json").is_file():
        raise Misconfigured(f"--data-dir {data} 中没有平台：请先运行 gongzhi run --data-dir {data}")
    return data


def of_an_issuer(data: Path) -> Path:
    """The same, or one whose folder `keys` was made by hand: the demo issuer of services that stand apart."""
    return data if (data / "keys").is_dir() else of_a_platform(data)


def _own(data: Path) -> dict[str, str]:
    """What the folder itself says, with its keys, which are made at the first start."""
    try:
        return _own_settings(data.resolve())
    except OSError as error:
        raise Misconfigured(
            f"--data-dir {data} 不能使用：{why(error)}（{error.filename}）"
        ) from None


def _own_settings(data: Path) -> dict[str, str]:
    folder = data / "keys"
    files = _key_files(data)
    jwks = folder / "jwks.json"
    jwks.parent.mkdir(parents=True, exist_ok=True)
    public = json.dumps(KeySet([_signing_key(folder)]).as_dict(private=False))
    if not jwks.exists() or jwks.read_text(encoding="utf-8") != public:
        # Whole at once: a running platform may be reading it.
        draft = jwks.with_name(f"jwks.{os.getpid()}")
        draft.write_text(public, encoding="utf-8")
        draft.replace(jwks)
    own = {
        "store_url": f"sqlite://{data}",
        "bus_url": f"local://{data}/bus.db",
        "reporters_url": f"sqlite://{data}",
        **files,
    }
    return own if elsewhere() else {**own, "jwks": str(jwks)}


def elsewhere() -> str | None:
    """What names another issuer, whose tokens are taken in place of the built-in one's."""
    said = os.environ.get("GONGZHI_ISSUER", "")
    own = said if said.startswith(WEB) else None
    return os.environ.get("GONGZHI_ISSUERS") or os.environ.get("GONGZHI_JWKS") or own


def console_key(data: Path) -> bytes:
    """What the console's sessions are sealed under."""
    path = data.resolve() / "keys" / "console.key"
    try:
        return read_keys(_own_key(path))[0]
    except ValueError:
        raise Misconfigured(
            f"密钥文件已损坏：{path}；请从备份恢复，或删除后重新启动（已登录的人须重新登录）"
        ) from None


def token(data: Path, acts_as: str, scope: str | None = None, *, sub: str | None = None) -> str:
    """An access token of the built-in issuer for an invented role; whoever can read the key can make it.

    Misconfigured where nobody acts like that, or where another issuer's tokens are taken.
    """
    if office(acts_as) is None:
        raise Misconfigured(f"没有这种身份：{acts_as}；{_subjects()}")
    _own(data)
    if another := elsewhere():
        raise Misconfigured(f"令牌由 {another} 所说的签发方签发，内置签发方未启用")
    known, now = Named(), int(time.time())
    partner = (
        "partner:events gateway:read gateway:write" if acts_as.startswith("partner:") else None
    )
    confidant = " reporter:read" if not partner else ""
    claims = {
        "iss": known.issuer,
        "aud": known.audience,
        "sub": sub or f"demo-{acts_as}",
        "acts_as": acts_as,
        "scope": scope or partner or SCOPES + confidant,
        "iat": now,
        "exp": now + LIFETIME,
    }
    key = _signing_key(data.resolve() / "keys")
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


def _subjects() -> str:
    named = [f"{kind}:<代码>" if kind in BOUND else kind for kind in sorted(KINDS)]
    return "可用的有 " + "、".join(named)
