"""Who is signed in: a sealed cookie, and the token that says a form came from our own page."""

import base64
import hmac
import json
import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel.errors import Broken
from chassis.sealing import Seal

from .asking import Caller

COOKIE = "gongzhi"
LASTS = 12 * 3600
SEALED_AS = "console"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who looks at a page; without a token, anybody."""

    forgery: str
    token: str | None = None
    acts_as: str | None = None
    name: str = ""
    address: str | None = None

    @property
    def caller(self) -> Caller:
        return Caller(self.token, self.address)

    @property
    def kind(self) -> str:
        return (self.acts_as or "resident").partition(":")[0]

    @property
    def code(self) -> str:
        return (self.acts_as or "").partition(":")[2]

    def meant(self, said: str) -> bool:
        """Whether a form came from a page that we gave to this visitor."""
        return hmac.compare_digest(self.forgery.encode(), said.encode())


class Visitors:
    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def of(self, request: Request) -> Visitor:
        """Whoever brings no cookie of ours, or an old or altered one, is somebody new."""
        address = request.client.host if request.client else None
        kept = self._opened(request.cookies.get(COOKIE, ""))
        return Visitor(
            forgery=kept.get("forgery") or secrets.token_urlsafe(24),
            token=kept.get("token") or None,
            acts_as=kept.get("acts_as") or None,
            name=kept.get("name", ""),
            address=address,
        )

    def _opened(self, box: str) -> dict[str, str]:
        try:
            kept = self._seal.open(SEALED_AS, box)
        except Broken:  # Nobody's, another key's, or none: whoever it is signs in.
            return {}
        return kept if int(kept.get("until", "0")) > time.time() else {}

    def keep(self, response: Response, visitor: Visitor, *, secure: bool) -> None:
        until = expiry(visitor.token)
        box = self._seal.shut(
            SEALED_AS,
            {
                "forgery": visitor.forgery,
                "token": visitor.token or "",
                "acts_as": visitor.acts_as or "",
                "name": visitor.name,
                "until": str(until),
            },
        )
        age = max(int(until - time.time()), 0)
        response.set_cookie(
            COOKIE, box, max_age=age, path="/", secure=secure, httponly=True, samesite="lax"
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def expiry(token: str | None) -> int:
    """When the token ends, by its own word: only so that the cookie doesn't outlive it."""
    latest = int(time.time()) + LASTS
    try:
        part = (token or "").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return min(int(claims["exp"]), latest)
    except (IndexError, ValueError, KeyError, TypeError):
        return latest
