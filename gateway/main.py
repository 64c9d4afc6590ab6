"""Composition root of the front door."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.aggregates import Aggregates
from chassis.bus import WITNESS
from chassis.edge import Edge
from chassis.health import Health
from chassis.kernel.errors import NotAllowed, NotFound, Refusal
from chassis.openapi import named, told, words_of
from chassis.problems import answer_refusals, only_what_is_known, problem
from chassis.service import House, Service, operations, rules_router
from chassis.steps_api import steps_router
from chassis.tokens import Verifier
from chassis.trail_api import trails_router
from contracts.public import is_public
from contracts.uploads import UPLOADS

from .docs import pages
from .feed import feed_router
from .forward import Forward
from .intake import INTAKE, Intake
from .journal import Journal
from .live import Live
from .openapi import joined
from .partners import partners_router
from .rules import RULES
from .titles import TITLES
from .vocabulary import WORDS
from .webhooks.routes import deliveries_router
from .webhooks.wiring import webhooks_on

NAME = "gateway"
API = "/api/v1/"
BASE = API + NAME


PROOF = frozenset((b"authorization", b"x-act-as"))
"""The headers that say who asks: the others pass through unread."""


class FrontDoor:
    """Pure ASGI: a service's path goes to the service, with a proven token; the rest is the gateway's.

    The token travels on and is proved again behind the door: nothing the gateway says is trusted.
    """

    def __init__(self, own: ASGIApp, forward: Forward, verifier: Verifier) -> None:
        self._own = own
        self._forward = forward
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service, _, rest = scope.get("path", "").removeprefix(API).partition("/")
        if scope["type"] != "http" or service not in self._forward.names:
            await self._own(scope, receive, send)
            return
        try:
            if not is_public(service, rest):
                await self._let_in(service, scope)
        except Refusal as refusal:
            await problem(refusal)(scope, receive, send)
            return
        await self._forward(service, scope, receive, send)

    async def _let_in(self, service: str, scope: Scope) -> None:
        headers = {
            name: value.decode("latin-1") for name, value in scope["headers"] if name in PROOF
        }
        subject = await self._verifier.subject(
            headers.get(b"authorization"), headers.get(b"x-act-as")
        )
        if not any(scope.startswith(f"{service}:") for scope in subject.scopes):
            raise NotAllowed(f"令牌没有服务 {service} 的权限范围。", field="scope")


READY_WITHIN = 5.0
"""Seconds: whoever asks whether all is ready doesn't wait for one that hangs."""
DESCRIBED_WITHIN = 30.0
"""A service describes itself once, when it is first asked, and a busy one takes its time."""


def build(house: House, forward: Forward) -> tuple[Service, ASGIApp]:
    key = house.settings.trail_secret
    store, relay = house.store(NAME), house.relay()
    intake = Intake(Aggregates(INTAKE, store, key, relay))
    journal = Journal(store, intake.began)
    live = Live(journal)
    webhooks = webhooks_on(house, NAME, store, relay, journal, live)
    service = Service(
        name=NAME,
        house=house,
        stores=(store,),
        relay=relay,
        aggregates=(intake.news, webhooks.desk.webhooks),
        collections=webhooks.collections,
        rulebook=RULES,
        routers=(),
        handlers={WITNESS: journal.handle},
        prepare=(journal.prepare, webhooks.desk.progress.prepare),
        beside=(live, webhooks.sender),
    )
    app = FastAPI(
        title="共治 Gongzhi",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_what_is_known)],
        generate_unique_id_function=named(NAME),
    )
    answer_refusals(app, TITLES)
    app.include_router(partners_router(intake, house.door(NAME)))
    app.include_router(feed_router(journal, live, house.door(NAME)))
    for one in webhooks.collections:
        one.add_to(app, BASE)
    for router in (
        deliveries_router(webhooks.desk, house.door(NAME)),
        rules_router(RULES),
        steps_router(service.steps),
    ):
        app.include_router(router, prefix=BASE)
    trails = trails_router(service.aggregates, house.door(NAME))
    app.include_router(trails, prefix="/api/v1")
    app.include_router(_whole(app, service, forward))
    app.include_router(pages())
    app.openapi = told(app, TITLES, WORDS)  # type: ignore[method-assign]
    door = FrontDoor(app, forward, house.verifier)
    return service, Edge(door, NAME, house.telemetry, UPLOADS)


def _whole(app: FastAPI, service: Service, forward: Forward) -> APIRouter:
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

    api = operations(health, service.house.telemetry)

    @api.get(BASE + "/words", summary="各代码的中文名称")
    async def words() -> dict[str, dict[str, str]]:
        return words_of(await asyncio.to_thread(app.openapi))

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> dict[str, Any]:
        documents = {}
        for name in forward.names:
            status, document = await forward.ask(name, "/openapi.json", DESCRIBED_WITHIN)
            if status != 200:
                raise NotFound(f"取不到 {name} 的接口说明。")
            documents[name] = document
        return await asyncio.to_thread(lambda: joined(app.openapi(), documents))

    return api
