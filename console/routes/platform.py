"""规则 and 运行: what is refused and why; whether everything is ready, and which messages are parked."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views, workings
from console.desk import SEE_OTHER, Desk, Look
from console.forms_in import sent
from console.routes.policies import refusals
from console.sections import called
from console.waiting import named

GATEWAY = "gateway"
DELIVERIES = "/gateway/webhooks/{id}/deliveries"
JOURNAL = {"journal": "事件日志"}
"""A queue that is no service's."""
SETTLES = {"replay": "重新投递", "discard": "丢弃"}


def routes(desk: Desk) -> list[Route]:
    async def rules(look: Look) -> Response:
        return await _rules(desk, look)

    async def running(look: Look) -> Response:
        ready, parked, days, waiting = await asyncio.gather(
            look.ask("/readyz"),
            look.ask(f"/api/v1/{GATEWAY}/parked"),
            workings.calendar(look),
            workings.outboxes(look),
        )
        health = ready.json()
        if "troubles" not in health:
            return desk.refused(look, ready)
        context = {
            "title": "运行",
            "ready": health,
            "services": _services(look),
            "queues": _queues(look),
            "parked": parked.json() if parked.good else None,
            "settles": parked.status != 403,
            "why": parked.problem.get("detail", ""),
            "days": days,
            "waiting": waiting,
            "kept": [one for one in look.described.lists.values() if one.service == GATEWAY],
        }
        return desk.page(look, "running.html", context)

    async def deliveries(look: Look) -> Response:
        return await _deliveries(desk, look)

    async def queue(look: Look) -> Response:
        return await _queue(desk, look, {})

    async def settle(look: Look) -> Response:
        return await _settle(desk, look)

    return [
        Route("/console/gateway/webhooks/{id}/deliveries", desk.signed_in(deliveries)),
        Route("/console/rules", desk.signed_in(rules)),
        Route("/console/running", desk.signed_in(running)),
        Route("/console/running/{queue}", desk.signed_in(queue), methods=["GET"]),
        Route("/console/running/{queue}", desk.signed_in(settle), methods=["POST"]),
    ]


def _services(look: Look) -> dict[str, str]:
    """All of them, also those that have said nothing of themselves yet."""
    missing = {name: called(look.described, name) for name in look.described.missing}
    return {**missing, **look.described.services}


async def _rules(desk: Desk, look: Look) -> Response:
    wanted = look.request.query_params.get("service", "")
    services = _services(look)
    names = [name for name in services if wanted in ("", name)]
    answers, refused = await asyncio.gather(
        asyncio.gather(*(look.ask(f"/api/v1/{name}/rules") for name in names)),
        asyncio.gather(*(refusals(look, name) for name in names)),
    )
    books = [
        (name, services[name], answer.json(), counts)
        for name, answer, counts in zip(names, answers, refused, strict=True)
        if answer.good
    ]
    away = [name for name, answer in zip(names, answers, strict=True) if not answer.good]
    context = {
        "title": "规则",
        "books": books,
        "services": services,
        "wanted": wanted,
        "silent": named(look, away),
    }
    return desk.page(look, "rules.html", context)


async def _deliveries(desk: Desk, look: Look) -> Response:
    """How far a webhook has come, and what couldn't be delivered."""
    id = look.request.path_params["id"]
    answer = await views.read(look, DELIVERIES, id=id)
    if not answer.good:
        return desk.refused(look, answer)
    context = {
        "title": "推送进度",
        "page": f"/console/gateway/webhooks/{quote(id, safe='')}",
        "shown": views.shown(look, DELIVERIES, answer),
    }
    return desk.page(look, "deliveries.html", context)


async def _settle(desk: Desk, look: Look) -> Response:
    form = await sent(look.request, look.visitor)
    does = form.one("does")
    if does not in SETTLES:
        raise HTTPException(422)
    said = {"marks": list(form.fields.get("marks", ())), "reason": form.one("reason")}
    answer = await look.ask(
        f"{_parked_in(look)}/{does}",
        method="POST",
        body=json.dumps(said).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": form.one("_key")},
    )
    if not answer.good:
        return await _queue(desk, look, answer.problem, answer.status)
    return RedirectResponse(f"{look.request.url.path}?done={SETTLES[does]}", SEE_OTHER)


def _parked_in(look: Look) -> str:
    return f"/api/v1/{GATEWAY}/parked/{quote(look.request.path_params['queue'], safe='')}"


def _queues(look: Look) -> Mapping[str, str]:
    return {**look.described.services, **JOURNAL}


async def _queue(desk: Desk, look: Look, problem: Mapping[str, Any], status: int = 200) -> Response:
    """What is parked there and why; replaying or discarding it, with a reason."""
    answer = await look.ask(_parked_in(look))
    if not answer.good:
        return desk.refused(look, answer)
    name = look.request.path_params["queue"]
    context = {
        "title": f"搁置的消息：{_queues(look).get(name, name)}",
        "items": answer.json()["items"],
        "settles": SETTLES,
        "problem": problem,
        "key": str(uuid4()),
        "done": look.request.query_params.get("done", ""),
    }
    return desk.page(look, "queue.html", context, status)
