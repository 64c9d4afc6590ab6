"""规则 and 运行: what is refused and why; is everything well, and what lies parked."""

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from console.desk import Desk, Look

GATEWAY = "gateway"


def routes(desk: Desk) -> list[Route]:
    async def rules(look: Look) -> Response:
        wanted = look.request.query_params.get("service", "")
        names = [name for name in look.described.services if wanted in ("", name)]
        answers = await asyncio.gather(*(look.ask(f"/api/v1/{name}/rules") for name in names))
        books = [
            (name, look.described.services[name], answer.json() if answer.good else [])
            for name, answer in zip(names, answers, strict=True)
        ]
        context = {
            "title": "规则",
            "books": books,
            "services": look.described.services,
            "wanted": wanted,
        }
        return desk.page(look, "rules.html", context)

    async def running(look: Look) -> Response:
        ready, parked = await asyncio.gather(
            look.ask("/readyz"), look.ask(f"/api/v1/{GATEWAY}/parked")
        )
        context = {
            "title": "运行",
            "ready": ready.json(),
            "services": look.described.services,
            "parked": _parked(parked.json()) if parked.good else None,
            "why": parked.problem.get("detail", ""),
        }
        return desk.page(look, "running.html", context)

    async def queue(look: Look) -> Response:
        name = look.request.path_params["queue"]
        answer = await look.ask(f"/api/v1/{GATEWAY}/parked/{name}")
        if not answer.good:
            return desk.refused(look, answer)
        context = {"title": f"搁置：{name}", "items": answer.json()["items"], "queue": name}
        return desk.page(look, "queue.html", context)

    return [
        Route("/console/rules", desk.signed_in(rules)),
        Route("/console/running", desk.signed_in(running)),
        Route("/console/running/{queue}", desk.signed_in(queue)),
    ]


def _parked(said: Any) -> list[Any]:
    return list(said.get("items", said) if isinstance(said, dict) else said)
