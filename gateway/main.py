"""Composition root of the gateway."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.aggregates import Aggregates
from chassis.bus import WITNESS
from chassis.edge import Edge
from chassis.health import Health
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import NotFound, Unavailable
from chassis.openapi import named, told, words_of
from chassis.problems import METHODS, answer_refusals, only_what_is_known
from chassis.routes import Routes
from chassis.service import Runtime, Service
from chassis.service_api import operations, rules_router
from chassis.steps_api import Desked
from chassis.steps_listed import steps_router
from chassis.telemetry import NOT_ITS_OWN
from chassis.trail_api import trails_router
from contracts.event import Envelope
from contracts.uploads import UPLOADS

from .catching.wiring import catching_on
from .codes import Codes
from .docs import pages
from .door import API, FrontDoor
from .feed import feed_router
from .forward import AWAY, AWAY_IN_ENGLISH, Forward
from .happened import HAPPENED
from .hours import hours_router
from .intake import INTAKE, Intake
from .journal import Journal
from .limits import Limits
from .live import Live
from .me import me_router
from .openapi import Joined, answered
from .parking.routes import parked_router
from .parking.steps import PARTNERS
from .parking.wiring import parking_on
from .partnership.telling import partners_router
from .partnership.wiring import bridge_on, partnership_on
from .rules import RULES
from .titles import TITLES
from .vocabulary import WORDS
from .webhooks.routes import deliveries_router
from .webhooks.wiring import webhooks_on

NAME = "gateway"
BASE = API + NAME


ASKED_WITH = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "traceparent",
    "X-Act-As",
    "X-Receipt-Code",
)
"""What a page of another origin may send: a partner's signature isn't a page's to make."""
ANSWERED_WITH = (
    "Allow",
    "Content-Disposition",
    "ETag",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
)
"""And what it may read of an answer, besides its body."""
READY_WITHIN = 5.0
"""Seconds: a request for everybody's readiness doesn't wait for a service that hangs."""


def build(runtime: Runtime, forward: Forward) -> tuple[Service, ASGIApp]:
    key = runtime.settings.trail_secret
    store, relay = runtime.store(NAME), runtime.relay()
    intake = Intake(Aggregates(INTAKE, store, key, relay), Codes(forward))
    journal = Journal(store, intake.began, partial(_kept, runtime))
    live = Live(journal)
    partnership = partnership_on(runtime, NAME, store, relay)
    shut_out = partnership.desk.shut_out
    webhooks = webhooks_on(runtime, NAME, store, relay, journal, intake.codes, live, shut_out)
    bridge = bridge_on(runtime, NAME, intake, partnership)
    parking = parking_on(runtime, NAME, store, relay, {PARTNERS: bridge} if bridge else {})
    collections: tuple[Desked[Any, Any, Any, Any], ...] = (
        *partnership.collections,
        *webhooks.collections,
        *parking.collections,
        *catching_on(runtime, NAME, store, relay, journal),
    )
    service = Service(
        name=NAME,
        runtime=runtime,
        stores=(store,),
        relay=relay,
        aggregates=(
            intake.news,
            partnership.refused_news.kept,
            *(desked.kept for desked in collections),
        ),
        collections=collections,
        rulebook=RULES,
        routers=(),
        handlers={WITNESS: journal.handle},
        prepare=(journal.prepare, webhooks.desk.progress.prepare),
        beside=(live, webhooks.sender, *([bridge] if bridge else [])),
        worse={PARTNERS: bridge.trouble} if bridge else {},
    )
    app = FastAPI(
        title="共治 Gongzhi",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_what_is_known)],
        telemetry=NOT_ITS_OWN,
        generate_unique_id_function=named(NAME),
        separate_input_output_schemas=False,
    )
    answer_refusals(app, TITLES, started=lambda: service.started)
    partners_router(intake, partnership.desk, runtime.door(NAME)).add_to(app)
    feed_router(journal, live, shut_out, runtime.door(NAME)).add_to(app)
    for one in service.collections:
        one.add_to(app, BASE, HAPPENED)
    for router in (
        deliveries_router(webhooks.desk, runtime.door(NAME)),
        parked_router(parking.desk, runtime.door(NAME)),
        hours_router(WorkTime(days=runtime.calendar), runtime.door(NAME), runtime.clock),
        rules_router(RULES),
        steps_router(service.steps),
        service.keys_router(),
    ):
        router.add_to(app, BASE)
    for router in (
        me_router(runtime.verifier),
        trails_router(service.aggregates, runtime.door(NAME)),
    ):
        router.add_to(app, "/api/v1")
    app.openapi = told(app, TITLES, WORDS)  # type: ignore[method-assign]
    _whole(app, service, forward).add_to(app)
    pages().add_to(app)
    limits = Limits(runtime.settings.limit_subject, runtime.settings.limit_address)
    kept = runtime.settings.access_log
    door = FrontDoor(app, forward, runtime.verifier, limits, shut_out, access_log=kept)
    return service, Edge(
        _crossing(door, runtime.settings.origins),
        NAME,
        runtime.telemetry,
        UPLOADS,
        room=runtime.room,
    )


def _kept(runtime: Runtime, envelope: Envelope) -> None:
    age = (runtime.clock() - envelope.time).total_seconds()
    runtime.telemetry.heard(WITNESS, age)


class Crossing(CORSMiddleware):
    """For pages alone. What others are answered isn't kept for pages: it is asked for again, or not kept at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == b"origin" for name, _ in scope.get("headers", ())):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _crossing(door: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """For pages of these origins; a token is sent by the page itself, so no cookie ever goes along."""
    return Crossing(
        door,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=ASKED_WITH,
        expose_headers=ANSWERED_WITH,
        max_age=600,
    )


def _whole(app: FastAPI, service: Service, forward: Forward) -> Routes:
    """What speaks for the whole platform."""

    async def health() -> Health:
        own = await service.health()
        troubles, degraded = dict(own.troubles), dict(own.degraded)
        asked = [forward.ask(name, "/readyz", READY_WITHIN) for name in forward.names]
        for name, (status, body) in zip(forward.names, await asyncio.gather(*asked), strict=True):
            said = body if isinstance(body, dict) else {}
            if status != 200:
                reasons = said.get("troubles", {})
                troubles[name] = "；".join(reasons.values()) or f"状态 {status}"
            if worse := said.get("degraded"):
                degraded[name] = "；".join(worse.values())
        return Health(troubles, degraded)

    whole = Joined(app.openapi, forward)
    api = operations(health, service.runtime.telemetry, lambda: service.started)

    @api.get(BASE + "/words", summary="各代码的中文名称")
    async def words() -> dict[str, dict[str, str]]:
        return words_of(await asyncio.to_thread(app.openapi))

    @api.get("/openapi.json", include_in_schema=False)
    @api.get(API + "{service}/openapi.json", include_in_schema=False)
    async def openapi(request: Request, service: str = "") -> Response:
        text = await whole(service)
        if text is None and service in forward.names:
            raise Unavailable(AWAY, english=AWAY_IN_ENGLISH)
        if text is None:
            raise NotFound
        return answered(request, text)

    return api
