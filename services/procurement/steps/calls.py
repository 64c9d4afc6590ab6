"""Calls: opened, applied to, narrowed, scored in secret, ranked, awarded."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import Budget, WorkTime, start
from chassis.kernel.draw import Commitment
from chassis.kind import Changed, derived_id
from chassis.lists import Filter
from chassis.steps import Collection, Part
from chassis.words import Day, Short, Whole
from contracts.event import Code, Id
from services.procurement import announce
from services.procurement.access import ACCESS, EXPERT, KEEPERS, PURCHASERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import applying, awarding, waiting
from services.procurement.domain import call as calls
from services.procurement.domain.applicant import Applicant
from services.procurement.domain.call import FULL, Call, CallStatus
from services.procurement.domain.call_events import (
    CallEvent,
    CallOpened,
    Criterion,
    Points,
    ScreeningStage,
)
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.expert import Expert
from services.procurement.domain.guide import GuideItem
from services.procurement.domain.policy import ProcurementPolicy
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.sheet import to_score
from services.procurement.domain.signing import to_call_for

from .panels import SEATED, SEATS, panel_steps, seated_on
from .words import Year


@dataclass(frozen=True, slots=True)
class Known:
    """The call, whether its award is contracted and with which community (`together`, as it is now), the working time,
    the policy, the service guide, and what a step learns: the applicant and what it won, who before it is `out`, who
    may be drawn, what a list is committed to and the secret it was, a box of scores or all."""

    work: WorkTime
    policy: ProcurementPolicy
    guide: tuple[GuideItem, ...]
    call: Call | None = None
    contracted: bool = False
    together: str | None = None
    applicant: Applicant | None = None
    won: tuple[Call, ...] = ()
    out: tuple[str, ...] = ()
    experts: tuple[Expert, ...] = ()
    interested: tuple[str, ...] = ()
    commitment: Commitment | None = None
    secret: str | None = None
    box: str = ""
    opened: dict[str, tuple[Points, ...]] | None = None

    @property
    def there(self) -> Call:
        if self.call is None:
            raise ValueError("a step on a call knows it")
        return self.call

    @property
    def applying(self) -> Applicant:
        if self.applicant is None:
            raise ValueError("a step about an applicant learns it")
        return self.applicant


async def known(desk: ProcurementDesk, call: Call | None, __: At[None]) -> Known:
    _, policy = await desk.policies.current()
    signed = await desk.signed_under(call) if call is not None else ()
    contracted = any(not one.ended_early for one in signed)
    won = awarding.winner(call) if call is not None and call.awarded else None
    together = await desk.as_now(won.community) if won else None
    return Known(desk.work, policy, desk.guide, call, contracted, together)


def resource(call: Call) -> dict[str, object]:
    return place_of(call.purchaser)


CALLS: Collection[Call, CallEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="solicitations",
    title="征集",
    path="/solicitations",
    state=Call,
    events=get_args(CallEvent),
    evolve=evolve,
    announce=announce.of_calls,
    resource=resource,
    access=ACCESS,
    keys=lambda call: {
        **resource(call),
        "year": call.year,
        "status": call.status,
        "closes": call.closes.isoformat(),
        "winner": call.awarded.supplier if call.awarded else None,
        "unsigned": call.signed_in_time is False,
        "unpublished": call.result_missed,
        **seated_on(call.panel, to_score(call)),
    },
    awaits=waiting.of_call,
    own=lambda call, reader: applying.taken_part_in(call, reader.kind, reader.code),
    indexes=("street", "units[]", "status", *SEATS),
    always=SEATED,
    words=lambda call: call.title,
    filters={
        "year": Filter(key="year", type=Year),
        "state": Filter(key="status", type=CallStatus),
        "unsigned": Filter(key="unsigned", type=bool),
        "unpublished": Filter(key="unpublished", type=bool),
    },
    next_due=lambda call: call.next_due,
    of=lambda desk: desk.calls,
    knows=known,
)


class CriterionIn(Asked):
    code: Code
    text: Short
    points: Annotated[Whole, Field(gt=0, le=FULL)]


class CallIn(Asked):
    """For an item of a published plan; applications are taken until the end of `closes`. 社区营造 is listed by
    `category`."""

    plan: Id
    item: Code
    project: Code
    title: Short
    category: Short = ""
    closes: Day
    criteria: Annotated[tuple[CriterionIn, ...], Field(min_length=1, max_length=30)]


@CALLS.step(
    "发布征集",
    "/solicitations",
    name="open",
    who=PURCHASERS,
    rules="P-02 P-10 P-13 P-28 P-29 P-38",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def open_call(desk: ProcurementDesk, at: At[Known], body: CallIn) -> Changed[Call, CallEvent]:
    """One an item, and again once it was cancelled."""
    at.demand(place_of(at.by))
    plan, item = await desk.bought(body.plan, body.item, 0, at.by, at.now)
    item = to_call_for(item, await desk.contracts_of(plan.id, item.code))
    id = derived_id("call", plan.id, item.code)
    opened = CallOpened(
        call=id,
        plan=plan.id,
        item=item,
        project=body.project,
        year=plan.year,
        purchaser=at.by,
        title=body.title,
        category=body.category,
        closes=body.closes,
        criteria=tuple(Criterion(**one.model_dump()) for one in body.criteria),
        at=at.now,
    )
    return await desk.calls.record(id, lambda known: [calls.open_call(known, opened)], at.cause)


async def served(desk: ProcurementDesk, at: At[Known]) -> tuple[str, ...]:
    """P-11: the streets of the communities where it would be delivered, whoever buys."""
    asked = sorted({one.community for one in at.known.there.applications if one.community})
    found = [await desk.communities.look(code) for code in asked]
    return tuple(one.street for one in found if one is not None and one.street is not None)


def to_experts(call: Call, _: At[Any]) -> dict[str, object]:
    """Who sits on its panel is shown no call, and bound to none."""
    return resource(call)


async def learned(desk: ProcurementDesk, at: At[Known], supplier: str) -> Known:
    call = at.known.there
    applicant = await desk.applicant(
        supplier, call.project, at.now, call.plan, call.year, call.item
    )
    won = await desk.won_by(supplier, call.year)
    return replace(at.known, applicant=applicant, won=won)


class StageIn(Asked):
    """`passed` go on, the others are out."""

    stage: ScreeningStage
    passed: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]


@CALLS.step(
    "公布环节结果",
    "/solicitations/{id}/stages",
    name="pass_stage",
    who=PURCHASERS,
    rules="P-10",
    opens=lambda call, at: call.may_pass_stage(at.now),
)
def pass_stage(call: Call, at: At[Known], body: StageIn) -> CallEvent:
    return call.pass_stage(body.stage, body.passed, at.now)


class PointsIn(Asked):
    supplier: Code
    criterion: Code
    points: Annotated[Whole, Field(ge=0, le=FULL)]


class ScoresIn(Asked):
    """Each application by each criterion."""

    points: Annotated[tuple[PointsIn, ...], Field(min_length=1, max_length=2000)]

    def all(self) -> tuple[Points, ...]:
        return tuple(Points(**one.model_dump()) for one in self.points)


async def learn_box(desk: ProcurementDesk, at: At[Known], body: ScoresIn) -> Known:
    return replace(at.known, box=desk.seal.close(body.all()))


@CALLS.step(
    "提交评分",
    "/solicitations/{id}/scores",
    name="score",
    who=EXPERT,
    rules="P-11 P-12",
    part=Part(whose=to_experts),
    opens=lambda call, at: call.may_score(at.by),
    learns=(learn_box,),
    versioned=None,
)
def score(call: Call, at: At[Known], body: ScoresIn) -> CallEvent:
    """Sealed as it comes in; each member once."""
    return call.score(by=at.by, points=body.all(), box=at.known.box, now=at.now)


async def learn_scores(desk: ProcurementDesk, at: At[Known], *_: Any) -> Known:
    return replace(at.known, opened=dict(desk.seal.open(at.known.there)))


@CALLS.step(
    "开封评分",
    name="close_panel",
    who=KEEPERS,
    rules="P-09 P-12 P-36",
    opens=lambda call, _: call.may_close_panel(),
    learns=(learn_scores,),
)
def close_panel(call: Call, at: At[Known]) -> CallEvent:
    days = Budget.working_days(at.known.policy.publish_days)
    return call.close_panel(at.known.opened or {}, at.now, start(days, at.now, at.known.work))


def ending(at: At[Known]) -> dict[str, Any]:
    """Who ends it, and what has come of it."""
    keeps = at.subject.kind in KEEPERS
    return {"by": at.by, "keeps": keeps, "contracted": at.known.contracted}


@CALLS.step(
    "取消征集",
    who=PURCHASERS,
    rules="P-10 P-12 P-33",
    opens=lambda call, at: call.may_cancel(**ending(at)),
)
def cancel(call: Call, at: At[Known], body: ReasonIn) -> tuple[CallEvent, ...]:
    return call.cancel(**ending(at), reason=body.reason, now=at.now)


STEPS = (
    open_call,
    pass_stage,
    *panel_steps(CALLS, to_experts, lambda call, at: call.may_list_panel(at.now), served),
    score,
    close_panel,
    cancel,
)
