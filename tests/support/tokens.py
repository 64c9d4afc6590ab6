"""Tokens a test signs, rightly or wrongly, and who checks them."""

import base64
import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from joserfc.jws import JWSRegistry

from chassis.issuer import Issuer
from chassis.tokens import IssuerKeys, TrustedIssuer, Verifier

ES256: Any = JWSRegistry.algorithms["ES256"]
KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)


class Fixed:
    def __init__(self, *keys: Any) -> None:
        self.keys = list(keys)
        self.renewals = 0
        self.generation = 0

    async def current(self) -> KeySet:
        return KeySet(self.keys)

    async def renewed(self) -> KeySet:
        self.renewals += 1
        return KeySet(self.keys)


def claims(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "iss": "gongzhi",
        "aud": "gongzhi",
        "sub": "s1",
        "acts_as": "street:guanshang",
        "scope": "whistle:read whistle:write",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def signed(of: dict[str, Any], key: Any = KEY, alg: str = "ES256", **header: Any) -> str:
    whole = {"alg": alg, "typ": "at+jwt", "kid": key.kid, **header}
    return jwt.encode(whole, of, key, algorithms=[alg])


OURS = Issuer(issuer="gongzhi")


def verifier(*keys: Any) -> Verifier:
    return trusting(Fixed(*(keys or (KEY,))))


def trusting(keys: IssuerKeys, issuer: Issuer = OURS) -> Verifier:
    return Verifier([TrustedIssuer(issuer, keys)])


def forged(payload: bytes, **header: Any) -> str:
    """Signed rightly, whatever it says: what a library would refuse to write."""
    whole = {"alg": "ES256", "typ": "at+jwt", "kid": KEY.kid, **header}
    parts = [json.dumps(whole).encode(), payload]
    signing = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = ES256.sign(signing, KEY)
    return f"{signing.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
