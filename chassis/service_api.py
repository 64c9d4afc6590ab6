"""What every service serves about itself: its rules, and what an operator needs."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from prometheus_client.exposition import choose_encoder
from pydantic import BaseModel

from .health import Health
from .kernel.rule import Rule, Rulebook
from .routes import Routes
from .telemetry import Telemetry


class RuleListed(BaseModel):
    """`source`: `document`, or `platform` where the documents are silent and the rule is ours."""

    rule: str
    text: str
    clauses: list[str]
    source: str


class Readiness(BaseModel):
    """What keeps it from being ready, and what it is worse off for, in words, by whose it is."""

    ready: bool
    troubles: dict[str, str]
    degraded: dict[str, str]


def rules_router(rulebook: Rulebook) -> Routes:
    api = Routes(tags=["规则"])

    @api.get("/rules", summary="所执行的规则及其条款")
    async def rules() -> list[RuleListed]:
        return [_listed(rule) for rule in rulebook]

    return api


def _listed(rule: Rule) -> RuleListed:
    return RuleListed(rule=rule.id, text=rule.text, clauses=list(rule.clauses), source=rule.source)


def operations(
    health: Callable[[], Awaitable[Health]], telemetry: Telemetry, started: Callable[[], bool]
) -> Routes:
    """`/livez`: the loop turns; `/startupz`: it has begun; `/readyz`: what is missing; `/metrics`."""
    api = Routes(tags=["运行"])

    @api.get("/livez", summary="是否存活")
    async def livez() -> dict[str, bool]:
        return {"alive": True}

    @api.get("/startupz", summary="是否启动完毕")
    async def startupz(response: Response) -> dict[str, bool]:
        """What it keeps is opened and brought up to date, and the bus was reached once."""
        response.status_code = 200 if started() else 503
        return {"started": started()}

    @api.get("/readyz", summary="是否就绪，缺什么")
    async def readyz(response: Response) -> Readiness:
        found = await health()
        response.status_code = 503 if found.troubles else 200
        return Readiness(
            ready=not found.troubles,
            troubles=dict(found.troubles),
            degraded=dict(found.degraded),
        )

    @api.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        """As OpenMetrics, with exemplars, for a scraper that accepts it."""
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(telemetry.registry), headers={"content-type": media_type})

    return api
