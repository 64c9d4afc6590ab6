"""The built-in issuer of the all-in-one: keys made at first start, kept in the data folder for its owner."""

import json
import os
import secrets
import time
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.settings import Settings

SCOPES = (
    "whistle:read whistle:write housing:read housing:write procurement:read procurement:write "
    "consultation:read consultation:write index:read index:write gateway:read"
)
LIFETIME = 12 * 3600


def _secret(path: Path, make: str) -> str:
    """What the file holds; made once, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(make)
    return path.read_text()


def _signing_key(folder: Path) -> ECKey:
    made = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)
    return ECKey.import_key(json.loads(_secret(folder / "issuer.json", json.dumps(made))))


def settings_for(data: Path) -> Settings:
    """The all-in-one's settings; what the environment says wins."""
    data = data.resolve()
    folder = data / "keys"
    jwks = folder / "jwks.json"
    jwks.parent.mkdir(parents=True, exist_ok=True)
    public = json.dumps(KeySet([_signing_key(folder)]).as_dict(private=False))
    if not jwks.exists() or jwks.read_text() != public:  # a running platform may be reading it
        jwks.write_text(public)
    own = {
        "store_url": f"sqlite://{data}",
        "bus_url": f"local://{data}/bus.db",
        "reporters_url": f"sqlite://{data}",
        "reporters_key": _secret(folder / "reporters.key", secrets.token_hex(32)),
        "trail_key": _secret(folder / "trail.key", secrets.token_hex(32)),
        "jwks": str(jwks),
    }
    unset = {k: v for k, v in own.items() if f"GONGZHI_{k.upper()}" not in os.environ}
    return Settings(**unset)  # type: ignore[arg-type]


def token(data: Path, acts_as: str, scope: str | None = None, *, sub: str | None = None) -> str:
    """An access token of the built-in issuer for an invented role; whoever can read the key can make it."""
    settings = settings_for(data)
    now = int(time.time())
    partner = "partner:events" if acts_as.startswith("partner:") else None
    confidant = " reporter:read" if not partner else ""
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": sub or f"demo-{acts_as}",
        "acts_as": acts_as,
        "scope": scope or partner or SCOPES + confidant,
        "iat": now,
        "exp": now + LIFETIME,
    }
    key = _signing_key(data.resolve() / "keys")
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=["ES256"])
