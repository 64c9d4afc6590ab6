"""The session: a sealed cookie, and the CSRF token of our own forms."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel.errors import Broken
from chassis.sealing import Seal

from .asking import Caller
from .oidc import Begun, Granted

COOKIE = "gongzhi"
BEGUN = "gongzhi-begun"
LASTS = 12 * 3600
"""Seconds of a session at the longest, however often its token is renewed."""
KNOWN_FOR = 12 * 3600
"""Seconds after its end in which its cookie still says that somebody was here, and opens nothing."""
BEGUN_LASTS = 600
SEALED_AS, BEGUN_AS = "console", "sign-in"
SOON = 30
"""Seconds before its end at which a token is renewed."""
PIECE = 3800
"""Characters of one cookie: browsers keep about four thousand."""
PIECES = 4
ROOMY = 2 * PIECE
"""Of the whole; what is only of use in signing out is left out rather."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who looks at a page; without a token, anybody. A visitor whose token has expired is still known by
    `sub`."""

    forgery: str
    token: str | None = None
    acts_as: str | None = None
    name: str = ""
    address: str | None = None
    sub: str = ""
    until: int = 0
    over: int = 0
    refresh: str | None = None
    proof: str | None = None
    several: bool = False
    """Whether the token has other offices, too."""
    known: bool = False
    """Whether a cookie of ours came, be its session over or not, or one of before people came over TLS alone."""

    @property
    def caller(self) -> Caller:
        return Caller(self.token, self.address, self.acts_as if self.token else None)

    @property
    def kind(self) -> str:
        return (self.acts_as or "resident").partition(":")[0]

    @property
    def code(self) -> str:
        return (self.acts_as or "").partition(":")[2]

    @property
    def ends_soon(self) -> bool:
        return self.until < time.time() + SOON

    def meant(self, text: str) -> bool:
        """Whether a form came from a page that we gave to this visitor."""
        return hmac.compare_digest(self.forgery.encode(), text.encode())

    def entered(self, granted: Granted) -> "Visitor":
        """A new session: nothing known before signing in gives access to it. A user who signs in again after their
        token expired can still send the forms they have open.
        """
        back = bool(self.sub) and self.sub == granted.sub
        return Visitor(
            forgery=self.forgery if back else secrets.token_urlsafe(24),
            acts_as=self.acts_as if back else None,
            address=self.address,
            over=int(time.time()) + LASTS,
        ).granted(granted)

    def granted(self, granted: Granted) -> "Visitor":
        return replace(
            self,
            token=granted.token,
            until=granted.until,
            refresh=granted.refresh,
            proof=granted.proof or self.proof,
            sub=granted.sub,
        )

    def acting(self, acts_as: str, name: str, *, several: bool) -> "Visitor":
        return replace(self, acts_as=acts_as, name=name, several=several)

    def ended(self) -> "Visitor":
        return replace(self, token=None, refresh=None, proof=None, until=0)


class Visitors:
    def __init__(self, seal: Seal, *, shut: bool = False) -> None:
        """`shut`: people come over TLS alone, whatever a proxy says of it. Then no cookie of ours goes without, and
        none that another host beside us may have set opens anything.
        """
        self._seal, self._shut = seal, shut
        self._before = "__Host-" if shut else ""

    def of(self, request: Request) -> Visitor:
        """A request without our cookie, or with an old or altered one, is a new visitor."""
        now = int(time.time())
        kept = self._opened(SEALED_AS, _together(request.cookies, self._before))
        over = int(kept.get("over", "0"))
        known = bool(kept) or bool(self._opened(SEALED_AS, _together(request.cookies)))
        if over <= now:
            kept, over = {}, now + LASTS
        until = int(kept.get("until", "0"))
        return Visitor(
            forgery=kept.get("forgery") or secrets.token_urlsafe(24),
            token=(kept.get("token") or None) if until > now else None,
            acts_as=kept.get("acts_as") or None,
            name=kept.get("name", ""),
            address=request.client.host if request.client else None,
            sub=kept.get("sub", ""),
            until=until,
            over=over,
            refresh=kept.get("refresh") or None,
            proof=kept.get("proof") or None,
            several=bool(kept.get("several")),
            known=known,
        )

    def _opened(self, of: str, box: str) -> dict[str, str]:
        try:
            return self._seal.open(of, box)
        except Broken:  # Nobody's, another key's, or none: whoever it is signs in.
            return {}

    def keep(self, request: Request, response: Response, visitor: Visitor) -> None:
        said = {
            "forgery": visitor.forgery,
            "token": visitor.token or "",
            "acts_as": visitor.acts_as or "",
            "name": visitor.name,
            "sub": visitor.sub,
            "until": str(visitor.until),
            "over": str(visitor.over),
            "refresh": visitor.refresh or "",
            "several": "1" if visitor.several else "",
        }
        box = self._seal.shut(SEALED_AS, {**said, "proof": visitor.proof or ""})
        if len(box) > ROOMY:
            box = self._seal.shut(SEALED_AS, said)
        pieces = [box[at : at + PIECE] for at in range(0, len(box), PIECE)]
        age = max(int(visitor.over + KNOWN_FOR - time.time()), 0)
        for at in range(PIECES):
            if at < len(pieces):
                self._set(request, response, _piece(at), pieces[at], age)
            elif self._before + _piece(at) in request.cookies:
                self._set(request, response, _piece(at), "", 0)
        self._end_open(request, response)

    def forget(self, request: Request, response: Response) -> None:
        for at in range(PIECES):
            self._set(request, response, _piece(at), "", 0)
        self._end_open(request, response)

    def _end_open(self, request: Request, response: Response) -> None:
        """Where it is shut: the cookie that an earlier version set without it, which opens nothing any more."""
        for at in range(PIECES) if self._shut else ():
            if _piece(at) in request.cookies:
                response.delete_cookie(_piece(at), secure=True, httponly=True)

    def begin(self, request: Request, response: Response, begun: Begun, then: str) -> None:
        """What only this browser may end."""
        until = int(time.time()) + BEGUN_LASTS
        said = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier}
        box = self._seal.shut(BEGUN_AS, {**said, "then": then, "until": str(until)})
        self._set(request, response, BEGUN, box, BEGUN_LASTS)

    def begun(self, request: Request) -> tuple[Begun, str] | None:
        kept = self._opened(BEGUN_AS, request.cookies.get(self._before + BEGUN, ""))
        if int(kept.get("until", "0")) <= time.time():
            return None
        return Begun(kept["state"], kept["nonce"], kept["verifier"]), kept["then"]

    def over(self, request: Request, response: Response) -> None:
        """A sign-in is answered once."""
        self._set(request, response, BEGUN, "", 0)

    def _set(self, request: Request, response: Response, name: str, value: str, age: int) -> None:
        secure = self._shut or request.url.scheme == "https"
        response.set_cookie(
            self._before + name,
            value,
            max_age=age,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )


def _piece(at: int) -> str:
    return f"{COOKIE}-{at}" if at else COOKIE


def _together(cookies: Mapping[str, str], before: str = "") -> str:
    return "".join(cookies.get(before + _piece(at), "") for at in range(PIECES))


def expiry(token: str) -> int:
    """When the token ends, by its own word: only so that a session doesn't outlive it."""
    latest = int(time.time()) + LASTS
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return min(int(claims["exp"]), latest)
    except (IndexError, ValueError, KeyError, TypeError):
        return latest
