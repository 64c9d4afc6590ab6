"""How a partner authenticates: by its own token, or by a signature under the secret that it was given."""

from datetime import UTC, datetime
from typing import Any

from fastapi import Depends, Request

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import Door, Token, asking
from chassis.identity import Subject, Unauthenticated
from chassis.telemetry import traceparent

from .steps import Desk

SCOPE = "partner:events"
ID, AT, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
BY = "x-partner"
SIGNED = tuple(
    {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": why,
    }
    for name, why in (
        (BY, "以签名证明身份时的合作方代码"),
        (ID, "签名的消息编号"),
        (AT, "签名的时间，自 1970 年起的秒数"),
        (SIGNATURE, "Standard Webhooks 签名（v1）"),
    )
)
WRONG = (
    "签名不成立：请核对合作方代码（X-Partner）、webhook-id、密钥、时间（webhook-timestamp，以秒计，"
    "相差不超过 5 分钟）和请求体。"
)
WRONG_IN_ENGLISH = (
    "The signature doesn't hold: check X-Partner, webhook-id, the key, webhook-timestamp (in seconds, five minutes at "
    "most from now) and the body."
)


def telling(desk: Desk, door: Door) -> Any:
    """The `Asking` of a partner, however it proves who it is."""
    by_token = door.writing(versioned=False, scope=SCOPE, keyed=False).dependency

    @asking(*SIGNED)
    async def teller(request: Request, token: Token) -> Asking:
        if SIGNATURE not in request.headers:
            asked: Asking = await by_token(request, token)
            return asked
        code = request.headers.get(BY, "")
        await _prove(desk, code, request, door.now())
        return as_partner(code, door.now())

    return Depends(teller)


def as_partner(code: str, now: datetime) -> Asking:
    """Of a partner that is proven: it may tell, and nothing else."""
    subject = Subject(sub=f"partner:{code}", kind="partner", code=code, scopes=frozenset({SCOPE}))
    return Asking(subject, Cause(actor=subject.acts_as, now=now, traceparent=traceparent()))


async def _prove(desk: Desk, code: str, request: Request, now: datetime) -> None:
    """Unauthenticated, in one way for all ways of being wrong."""
    partner = await desk.named(code)
    at = _time(request.headers.get(AT, ""))
    body = await request.body()
    id, said = request.headers.get(ID, ""), request.headers[SIGNATURE]
    if partner is None or at is None or not partner.signed(desk.key, id, at, now, body, said):
        raise Unauthenticated(WRONG, english=WRONG_IN_ENGLISH)


def _time(text: str) -> datetime | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)
