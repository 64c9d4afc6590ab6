"""What every service says of itself: the rules it keeps, and what an operator needs."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from prometheus_client.exposition import choose_encoder

from .health import Health
from .kernel.rule import Rule, Rulebook
from .routes import Routes
from .telemetry import Telemetry


def rules_router(rulebook: Rulebook) -> Routes:
    api = Routes(tags=["规则"])

    @api.get("/rules", summary="所执行的规则及其条款")
    async def rules() -> list[dict[str, Any]]:
        return [_listed(rule) for rule in rulebook]

    return api


def _listed(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "text": rule.text,
        "clauses": list(rule.clauses),
        "source": rule.source,
    }


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
    async def readyz(response: Response) -> dict[str, Any]:
        found = await health()
        response.status_code = 503 if found.troubles else 200
        return {
            "ready": not found.troubles,
            "troubles": found.troubles,
            "degraded": found.degraded,
        }

    @api.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        """As OpenMetrics, with exemplars, for who reads it."""
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(telemetry.registry), headers={"content-type": media_type})

    return api
