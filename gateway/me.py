"""The caller, by their own token: what a front-end has to know before it requests anything else on their behalf."""

from datetime import UTC, datetime

from fastapi import Request
from pydantic import BaseModel, Field

from chassis.http import ACT_AS, Token
from chassis.routes import Routes
from chassis.tokens import Verifier


class Me(BaseModel):
    """`acts_as` stands where it is settled which office is meant: the only one, or the one of X-Act-As."""

    sub: str
    offices: list[str] = Field(max_length=1000)
    acts_as: str | None = None
    scopes: list[str]
    ends: datetime


def me_router(verifier: Verifier) -> Routes:
    api = Routes(tags=["身份"])

    @api.get("/me", summary="令牌属于谁：可用的身份和权限范围")
    async def show(request: Request, _: Token) -> Me:
        """Also of a token with several offices that doesn't say yet which one it means."""
        borne = await verifier.bearer(request.headers.get("authorization"))
        wanted = request.headers.get(ACT_AS)
        settled = wanted is not None or len(borne.offices) == 1
        return Me(
            sub=borne.sub,
            offices=list(borne.offices),
            acts_as=borne.acting(wanted).acts_as if settled else None,
            scopes=sorted(borne.scopes),
            ends=datetime.fromtimestamp(borne.end, UTC),
        )

    return api
