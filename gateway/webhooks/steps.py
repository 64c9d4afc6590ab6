"""Webhook addresses and the steps on them; each belongs to the office for which it receives events."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, get_args

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from chassis.at import At
from chassis.guarded import Guarded
from chassis.http import Asked
from chassis.identity import BOUND, Access, Subject, kinds
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, moment
from chassis.outbound import FORBIDDEN, Forbidden, OutboundClient
from chassis.signing import secret_of
from chassis.steps import Collection, nothing
from chassis.steps_api import Single
from chassis.store import Where
from chassis.words import Line, Short, Whole
from contracts.event import Code
from gateway.access import visible_to
from gateway.codes import NOT_LISTED, Codes
from gateway.journal import Journal
from gateway.rules import RULES
from gateway.wanted import Wanted, must_be_told

from . import domain
from .domain import (
    SecretRotated,
    Status,
    Webhook,
    WebhookEvent,
    WebhookMade,
    WebhookPaused,
    WebhookRemoved,
    WebhookResumed,
    resource,
)
from .progress import Progress

OWNERS = kinds(*BOUND, "district_admin")
MOST = 20
"""Addresses of one office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    webhooks: Guarded[Webhook, WebhookEvent]
    progress: Progress
    journal: Journal
    codes: Codes
    client: OutboundClient
    key: bytes

    def secret(self, id: str, generation: int) -> str:
        return secret_of(self.key, id, generation)


WEBHOOKS: Collection[Webhook, WebhookEvent, Desk, None] = Collection(
    service="gateway",
    name="webhooks",
    title="推送地址",
    path="/webhooks",
    state=Webhook,
    events=get_args(WebhookEvent),
    evolve=domain.evolve,
    resource=resource,
    access=Access(sees_all=kinds("district_admin")),
    keys=lambda webhook: {
        **resource(webhook),
        "owner": webhook.owner,
        "status": webhook.status,
        "opened_at": moment(webhook.made_at),
    },
    indexes=("owner", "status", "opened_at"),
    sorts={"newest": NEWEST},
    filters={"state": Filter(key="status", type=Status)},
    of=lambda desk: desk.webhooks,
    knows=nothing,
    opens=lambda webhook, _, step: webhook.may(step),
)


class WebhookIn(Asked):
    """Where to, and of what: all that is said must hold; nothing said is all that concerns the owner."""

    url: Annotated[str, Line, StringConstraints(max_length=500)]
    type: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    street: Code | None = None
    community: Code | None = None
    unit: Code | None = None
    reference: Short | None = None


class Told(Single[Webhook]):
    """`secret`: what the receiver verifies signatures with; it is shown here only."""

    secret: str


def _secret(desk: Desk, made: Any) -> dict[str, str]:
    return {"secret": desk.secret(made.id, made.aggregate.generation)}


@WEBHOOKS.step(
    "登记推送地址",
    "/webhooks",
    who=OWNERS,
    rules="G-02",
    record=None,
    versioned=False,
    status=201,
    answers=Told,
    adds=_secret,
    claims=True,
)
async def make(desk: Desk, at: At[None], body: WebhookIn) -> Changed[Webhook, WebhookEvent]:
    """Told from now on: what happened before is in the feed."""
    must_be_told(body.type)
    about = Wanted(**body.model_dump(exclude={"url"}))
    _seen_by(at.subject, about)
    await _there(desk.codes, at.subject, about)
    url = _leading(desk.client, body.url)
    made = WebhookMade(owner=at.by, url=url, about=about, at=at.now)

    async def begin(id: str) -> Changed[Webhook, WebhookEvent]:
        await _one_more(desk, id, at.by)
        begun = partial(desk.progress.begin, id, await desk.journal.newest(), at.now)
        return await desk.webhooks.create(id, lambda: [made], at.cause, beside=begun)

    return await desk.webhooks.in_turn({"owner": at.by}, at.cause, begin)


def _seen_by(owner: Subject, about: Wanted) -> None:
    """Malformed for another street's or community's: their events would be waited for for ever."""
    if field := about.beyond(visible_to(owner) or {}):
        raise Malformed("本单位看不到这里的事件，登记后不会收到推送。", field=field)


async def _there(codes: Codes, owner: Subject, about: Wanted) -> None:
    """Malformed for a street or community that isn't on its list, and a street that isn't its community's."""
    own = visible_to(owner) or {}
    for field in ("street", "community"):
        code = getattr(about, field)
        if code is None or field in own or field not in codes.of:
            continue
        if await codes.wrong(field, code) is NOT_LISTED:
            raise Malformed(f"名录中没有这个代码：{code}，登记后不会收到推送。", field=field)
    community = about.community or str(own.get("community", ""))
    street = about.street or str(own.get("street", ""))
    if street and community and await codes.elsewhere(street, community):
        detail = "该社区不属于这个街道，登记后不会收到推送。"
        raise Malformed(detail, field="street" if about.street else "community")


def _leading(client: OutboundClient, text: str) -> str:
    """Malformed already now, where the address itself says that it leads to where nothing is told."""
    url = domain.address(text)
    try:
        client.check(url)
    except Forbidden:
        raise Malformed(
            f"{FORBIDDEN}：须为公网的 https:// 地址，或在已登记的网段内。", field="url"
        ) from None
    return url


async def _one_more(desk: Desk, id: str, owner: str) -> None:
    """RuleBroken where the office has as many as it may; the same request again is not one more."""
    if await desk.webhooks.look(id) is not None:
        return
    of_it: Where = {"owner": owner}
    gone = await desk.webhooks.count({**of_it, "status": Status.REMOVED})
    if await desk.webhooks.count(of_it) - gone >= MOST:
        raise RuleBroken(RULES["G-02"], f"每个单位最多 {MOST} 个推送地址。")


class ReplayIn(Asked):
    """`after`: that number; without it, what was parked."""

    after: Annotated[Whole, Field(ge=0, le=10**15 - 1)] | None = None


class Replayed(TypedDict):
    """How many parked ones are told again; `after`, behind which number all are: the one
    asked for, or the last that has been told.
    """

    parked: int
    after: int | None


@WEBHOOKS.step("重新推送", who=OWNERS, rules="G-01", versioned=False)
async def replay(desk: Desk, at: At[None], body: ReplayIn) -> Replayed:
    """A receiver knows by `webhook-id` what it has had."""
    if body.after is None:
        return Replayed(parked=await desk.progress.release(at.id, at.now), after=None)
    return Replayed(parked=0, after=await desk.progress.rewind(at.id, body.after))


@WEBHOOKS.step("更换密钥", who=OWNERS, rules="G-01", answers=Told, adds=_secret)
def rotate(w: Webhook, at: At[None]) -> WebhookEvent:
    """The earlier secret signs beside the new one for a day."""
    w.may("rotate")
    return SecretRotated(at=at.now)


@WEBHOOKS.step("暂停推送", who=OWNERS, rules="G-01")
def pause(w: Webhook, at: At[None]) -> WebhookEvent:
    """What happens meanwhile is told afterwards."""
    w.may("pause")
    return WebhookPaused(at=at.now)


@WEBHOOKS.step("恢复推送", who=OWNERS, rules="G-01")
async def resume(desk: Desk, at: At[None]) -> Changed[Webhook, WebhookEvent]:
    """From where it stopped."""
    await desk.progress.rewind(at.id)

    def resumed(known: Webhook) -> list[WebhookEvent]:
        known.may("resume")
        return [WebhookResumed(at=at.now)]

    return await desk.webhooks.change(at.id, resumed, at.cause)


@WEBHOOKS.step("删除推送地址", who=OWNERS, rules="G-01")
def remove(w: Webhook, at: At[None]) -> WebhookEvent:
    w.may("remove")
    return WebhookRemoved(at=at.now)


STEPS = (make, rotate, pause, resume, replay, remove)
