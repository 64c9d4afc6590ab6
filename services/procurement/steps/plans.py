"""Yearly plans, and what the year brings besides."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, Part
from chassis.words import Flag, Long, Short, Whole
from contracts.event import Code, Id
from services.procurement import announce
from services.procurement.access import ACCESS, KEEPERS, PURCHASERS, REVIEWING
from services.procurement.desk import ProcurementDesk, plan_id
from services.procurement.domain import plan as plans
from services.procurement.domain import waiting
from services.procurement.domain.catalogue import Catalogue
from services.procurement.domain.condition import Condition
from services.procurement.domain.events import Way
from services.procurement.domain.item import Fund, Item, Lot, Method, Shares
from services.procurement.domain.money import owned
from services.procurement.domain.plan import (
    Draft,
    Line,
    Plan,
    PlanDrafted,
    PlanEvent,
    PlanStatus,
    drawn_up,
)
from services.procurement.domain.policy import ProcurementPolicy
from services.procurement.domain.purchaser import Purchaser, place_of
from services.procurement.domain.supplier import HIGHEST_RATING, FactKind

from .words import Fen, Year, YearSaid


@dataclass(frozen=True, slots=True)
class Known:
    """What was found about the purchaser, the policy, the plan's year, and the catalogue where a step needs
    it."""

    purchaser: Purchaser | None
    policy: ProcurementPolicy
    year: int = 0
    catalogue: Catalogue | None = None

    @property
    def edition(self) -> Catalogue:
        if self.catalogue is None:
            raise ValueError("a step that needs the catalogue learns it")
        return self.catalogue


async def known(desk: ProcurementDesk, plan: Plan | None, at: At[None]) -> Known:
    _, policy = await desk.policies.current()
    office = plan.purchaser if plan else at.by
    year = plan.year if plan else 0
    return Known(await desk.purchaser(office), policy.of(year), year)


def resource(plan: Plan) -> dict[str, object]:
    return place_of(plan.purchaser)


PLANS: Collection[Plan, PlanEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="plans",
    title="购买计划",
    path="/plans",
    state=Plan,
    events=get_args(PlanEvent),
    evolve=plans.evolve,
    announce=announce.of_plans,
    resource=resource,
    access=ACCESS,
    keys=lambda plan: {**resource(plan), "year": plan.year, "status": plan.status},
    awaits=waiting.of_plan,
    indexes=("street", "units[]", "year"),
    filters={
        "year": Filter(key="year", type=Year),
        "state": Filter(key="status", type=PlanStatus),
    },
    of=lambda desk: desk.plans,
    knows=known,
)


class LineIn(Asked):
    """A budget line and what it holds, in fen."""

    code: Code
    amount: Fen


class SharesIn(Asked):
    """In fen."""

    personnel: Annotated[Whole, Field(ge=0)]
    evaluation: Annotated[Whole, Field(ge=0)]
    supervision: Annotated[Whole, Field(ge=0)]


class ConditionIn(Asked):
    """What the project asks of its supplier: a rating of `grade` A at least, another condition by its `name`; and
    why, where the document doesn't name it."""

    kind: FactKind
    text: Short
    name: Code | Literal[""] = ""
    grade: Annotated[Whole, Field(ge=1, le=HIGHEST_RATING)] | None = None
    ground: Long = ""


class ItemIn(Asked):
    """What is to be bought, for `amount` fen from budget line `line`."""

    code: Code
    way: Way
    entry: Short
    title: Short
    line: Code
    amount: Fen
    method: Method
    targets: Long
    standard: Long
    needs: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    ground: Long = ""
    shares: SharesIn | None = None
    renews: Id | None = None
    fund: Fund | None = None
    lot: Lot | None = None
    conditions: Annotated[tuple[ConditionIn, ...], Field(max_length=20)] = ()

    def item(self) -> Item:
        return Item(
            **self.model_dump(exclude={"shares", "conditions"}),
            shares=Shares(**self.shares.model_dump()) if self.shares else None,
            conditions=tuple(Condition(**one.model_dump()) for one in self.conditions),
        )


class DraftIn(Asked):
    lines: Annotated[tuple[LineIn, ...], Field(min_length=1, max_length=100)]
    items: Annotated[tuple[ItemIn, ...], Field(min_length=1, max_length=200)]

    def draft(self) -> Draft:
        return Draft(
            lines=tuple(Line(**one.model_dump()) for one in self.lines),
            items=tuple(one.item() for one in self.items),
        )


class PlanIn(DraftIn):
    year: YearSaid


@PLANS.step(
    "编制计划",
    "/plans",
    who=PURCHASERS,
    rules="P-01 P-02 P-03 P-04 P-18",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def draft(desk: ProcurementDesk, at: At[Known], body: PlanIn) -> Changed[Plan, PlanEvent]:
    """One a purchaser and year."""
    at.demand(place_of(at.by))
    catalogue = await desk.catalogue(body.year)
    await desk.public_needs(body.draft().items)
    other = await desk.under_other_name(at.by, body.year)
    id = plan_id(at.by, body.year)

    def decided(known: Plan | None) -> list[PlanEvent]:
        plans.once(known or other)
        plans.foreseen(body.year, at.now)
        owned(body.draft().items, at.by)
        drawn_up(body.draft(), catalogue, at.known.policy.of(body.year))
        return [
            PlanDrafted(plan=id, purchaser=at.by, year=body.year, draft=body.draft(), at=at.now)
        ]

    return await desk.plans.record(id, decided, at.cause)


async def learn_needs(desk: ProcurementDesk, at: At[Known], body: DraftIn | ItemIn) -> Known:
    """Nothing but that they are public."""
    items = body.draft().items if isinstance(body, DraftIn) else (body.item(),)
    await desk.public_needs(items)
    return at.known


async def learn_catalogue(desk: ProcurementDesk, at: At[Known], _: Any) -> Known:
    return replace(at.known, catalogue=await desk.catalogue(at.known.year))


@PLANS.step(
    "修改计划",
    who=PURCHASERS,
    rules="P-01 P-02 P-03 P-04 P-18",
    opens=lambda plan, _: plan.may_revise(),
    learns=(learn_catalogue, learn_needs),
)
def revise(plan: Plan, at: At[Known], body: DraftIn) -> PlanEvent:
    owned(body.draft().items, plan.purchaser)
    return plan.revise(body.draft(), at.known.edition, at.known.policy, at.now)


@PLANS.step(
    "报送计划",
    who=PURCHASERS,
    rules="P-02 P-03 P-32",
    opens=lambda plan, at: plan.may_submit(at.known.purchaser, at.known.policy),
)
def submit(plan: Plan, at: At[Known]) -> PlanEvent:
    return plan.submit(at.known.purchaser, at.known.policy, at.now)


class ReviewPlanIn(Asked):
    agreed: Flag
    opinion: Long


@PLANS.step("审核资金", who=KEEPERS, rules="P-02", opens=lambda plan, at: plan.may_review(at.by))
def review(plan: Plan, at: At[Known], body: ReviewPlanIn) -> PlanEvent:
    return plan.review(by=at.by, agreed=body.agreed, opinion=body.opinion, now=at.now)


class ExaminationIn(Asked):
    """`approved` are the codes of the items that stand."""

    approved: Annotated[tuple[Code, ...], Field(max_length=200)]
    opinion: Long


@PLANS.step(
    "财政审核", who=KEEPERS, rules="P-02 P-04", opens=lambda plan, at: plan.may_examine(at.by)
)
def examine(plan: Plan, at: At[Known], body: ExaminationIn) -> PlanEvent:
    return plan.examine(by=at.by, approved=body.approved, opinion=body.opinion, now=at.now)


@PLANS.step("退回修改", who=KEEPERS, rules="P-02", opens=lambda plan, at: plan.may_send_back(at.by))
def send_back(plan: Plan, at: At[Known], body: ReasonIn) -> PlanEvent:
    return plan.send_back(by=at.by, reason=body.reason, now=at.now)


@PLANS.step(
    "公布计划",
    who=PURCHASERS,
    rules="P-02 P-32",
    opens=lambda plan, at: plan.may_publish(at.known.purchaser),
)
def publish(plan: Plan, at: At[Known]) -> PlanEvent:
    return plan.publish(at.known.purchaser, at.now)


@PLANS.step(
    "报告计划外事项",
    "/plans/{id}/matters",
    name="report",
    who=PURCHASERS,
    rules="P-01 P-02 P-03 P-04 P-18 P-29",
    opens=lambda plan, _: plan.may_report(),
    learns=(learn_catalogue, learn_needs),
)
def report(plan: Plan, at: At[Known], body: ItemIn) -> PlanEvent:
    owned((body.item(),), plan.purchaser)
    return plan.report(body.item(), at.known.edition, at.known.policy, at.now)


class SettlementIn(Asked):
    """`amount` in fen and where it comes from; `document` is the number of the minutes."""

    amount: Fen
    source: Short
    document: Short


@PLANS.step(
    "一事一议核定",
    part=Part(
        path="/matters/{item}",
        places=lambda plan: ({"item": one.code} for one in plan.reported),
    ),
    who=REVIEWING,
    rules="P-03 P-04 P-29",
    opens=lambda plan, at: plan.may_settle(at["item"]),
)
def settle(plan: Plan, at: At[Known], body: SettlementIn) -> PlanEvent:
    return plan.settle(at["item"], at.known.policy, **body.model_dump(), now=at.now)


class MethodIn(Asked):
    """`document` is the number of the approval."""

    document: Short


@PLANS.step(
    "批准购买方式",
    part=Part(
        path="/items/{item}",
        places=lambda plan: ({"item": one.code} for one in plan.items),
    ),
    who=REVIEWING,
    rules="P-03",
    opens=lambda plan, at: plan.may_approve_method(at["item"]),
)
def approve_method(plan: Plan, at: At[Known], body: MethodIn) -> PlanEvent:
    return plan.approve_method(at["item"], document=body.document, now=at.now)


STEPS = (draft, revise, submit, review, examine, send_back, publish, report, settle, approve_method)
