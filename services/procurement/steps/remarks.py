"""What is found while a project runs: remarked, put right, judged; what residents report of it."""

from dataclasses import dataclass
from typing import Any, get_args

from typing_extensions import TypedDict

from chassis import beside
from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import Access, kinds
from chassis.kernel.clock import WorkTime, soonest
from chassis.kernel.errors import UnknownReference
from chassis.kind import Changed, derived_id
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, nothing
from chassis.words import Flag, Long
from contracts.event import Id
from services.procurement.access import ACCESS, ENTRUSTED, KEEPERS, LEADING, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import remark as remarks
from services.procurement.domain import tip as tips
from services.procurement.domain import waiting
from services.procurement.domain.inspection import found_by, inspects
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.remark import Remark, RemarkEvent, RemarkStatus, Source
from services.procurement.domain.resettling import carried_by
from services.procurement.domain.tip import Tip, TipEvent, TipGiven


@dataclass(frozen=True, slots=True)
class Known:
    """The working time, and how many days there are."""

    work: WorkTime
    days: int


async def known(desk: ProcurementDesk, _: Remark | None, __: At[None]) -> Known:
    policy = (await desk.policies.current())[1]
    return Known(desk.work, policy.put_right_days)


def resource(remark: Remark) -> dict[str, object]:
    return {
        "street": remark.street,
        "community": carried_by(remark),
        "supplier": remark.supplier,
        "units": place_of(remark.purchaser)["units"],
    }


REMARKS: Collection[Remark, RemarkEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="remarks",
    title="问题",
    path="/remarks",
    state=Remark,
    events=get_args(RemarkEvent),
    evolve=remarks.evolve,
    resource=resource,
    access=ACCESS,
    keys=lambda remark: {
        **resource(remark),
        "contract": remark.contract,
        "status": remark.status,
        "missed": remark.missed,
        "due": due(soonest(waiting.of_remark(remark), remark.next_due)),
    },
    awaits=waiting.of_remark,
    runs=lambda remark, _: waiting.coming(remark.next_due),
    indexes=("street+due", "community", "units[]", "supplier+due", "contract", "due"),
    sorts={"due": DUE},
    filters={
        **by("street", "community", "supplier"),
        "contract": Filter(key="contract", type=Id),
        "state": Filter(key="status", type=RemarkStatus),
        "missed": Filter(key="missed", type=bool),
    },
    next_due=lambda remark: remark.next_due,
    of=lambda desk: desk.remarks,
    knows=known,
)


class TipIn(Asked):
    contract: Id
    what: Long


class RemarkIn(TipIn):
    """`inspection`: the draw that the leading group inspects by."""

    inspection: Id | None = None


@REMARKS.step(
    "提出问题",
    "/remarks",
    who=ENTRUSTED | KEEPERS,
    rules="P-26",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def remark(
    desk: ProcurementDesk, at: At[Known], body: RemarkIn
) -> Changed[Remark, RemarkEvent]:
    """By the community where it is delivered, or by who inspects for the leading group, where the lot fell."""
    contract = (await desk.contracts.named(body.contract, at.subject, "contract")).aggregate
    at.demand({"community": carried_by(contract)})
    entrusted = at.subject.kind in ENTRUSTED
    if not entrusted:
        held = await desk.inspections.look(found_by(body.inspection, body.what))
        inspects(held.aggregate if held else None, contract.id)
    made = remarks.remark(
        contract,
        source=Source.COMMUNITY if entrusted else Source.INSPECTION,
        by=at.by,
        what=body.what,
        days=at.known.days,
        now=at.now,
        work=at.known.work,
    )
    id = derived_id("remark", contract.id, at.cause.key or at.cause.fresh)
    return await desk.remarks.record(id, lambda known: [] if known else [made], at.cause)


class PutRightIn(Asked):
    what: Long


@REMARKS.step(
    "整改", name="put_right", who=SUPPLIERS, rules="P-26", opens=lambda one, _: one.may_put_right()
)
def put_right(one: Remark, at: At[Known], body: PutRightIn) -> tuple[RemarkEvent, ...]:
    return one.put_right(what=body.what, now=at.now)


class JudgementIn(Asked):
    closed: Flag
    opinion: Long


@REMARKS.step(
    "核实整改",
    who=ENTRUSTED | KEEPERS,
    rules="P-26",
    opens=lambda one, at: one.may_judge(at.by),
)
def judge(one: Remark, at: At[Known], body: JudgementIn) -> RemarkEvent:
    return one.judge(by=at.by, closed=body.closed, opinion=body.opinion, now=at.now)


class RemarkCorrectedIn(ReasonIn):
    what: Long


@REMARKS.step(
    "更正问题",
    who=ENTRUSTED | KEEPERS,
    rules="P-26",
    opens=lambda one, at: one.may_correct(at.by),
)
def correct(one: Remark, at: At[Known], body: RemarkCorrectedIn) -> RemarkEvent:
    """By who found it, in other words; its day stays."""
    return one.correct(by=at.by, **body.model_dump(), now=at.now)


@REMARKS.step(
    "撤回问题",
    who=ENTRUSTED | KEEPERS,
    rules="P-26",
    opens=lambda one, at: one.may_withdraw(at.by),
)
async def withdraw(
    desk: ProcurementDesk, at: At[Known], body: ReasonIn
) -> Changed[Remark, RemarkEvent]:
    """What was found by mistake; it counts in no evaluation that is still to come. What a resident reported is to be
    answered anew."""

    def decided(one: Remark) -> list[RemarkEvent]:
        return [one.withdraw(by=at.by, reason=body.reason, now=at.now)]

    changed = await desk.remarks.change(at.id, decided, at.cause)
    await desk.give_back(changed, at.cause)
    return changed


STEPS = (remark, put_right, judge, correct, withdraw)

TIPS: Collection[Tip, TipEvent, ProcurementDesk, Any] = Collection(
    service="procurement",
    name="tips",
    title="居民反映",
    path="/tips",
    state=Tip,
    events=get_args(TipEvent),
    evolve=tips.evolve,
    resource=lambda _: {},
    access=Access(sees_all=LEADING),
    keys=lambda tip: {"contract": tip.contract, "open": not (tip.remark or tip.dismissed)},
    awaits=waiting.of_tip,
    indexes=("contract",),
    filters={
        "contract": Filter(key="contract", type=Id),
        "open": Filter(key="open", type=bool),
    },
    of=lambda desk: desk.tips,
    knows=nothing,
)


class Taken(TypedDict):
    """Of which contract."""

    contract: str


@TIPS.step(
    "居民反映",
    "/tips",
    name="give",
    who=kinds("resident"),
    rules="P-26",
    record=None,
    versioned=False,
    claims=True,
    status=202,
)
async def give(desk: ProcurementDesk, at: At[None], body: TipIn) -> Taken:
    """Of a project that runs. The answer says that it was taken, not what became of it."""
    at.demand({})
    held = await desk.contracts.look(body.contract)
    if held is None:
        raise UnknownReference("没有这份合同。", field="contract")
    remarks.runs(held.aggregate)
    id = derived_id("tip", body.contract, at.cause.key or at.cause.fresh)
    given = TipGiven(contract=body.contract, what=body.what, at=at.now)
    await desk.tips.record(id, lambda known: [] if known else [given], at.cause)
    return Taken(contract=body.contract)


class TakenUpIn(Asked):
    """In the leading group's words, with nothing of who reported it."""

    what: Long


@TIPS.step("转为问题", who=KEEPERS, rules="P-26", opens=lambda tip, _: tip.may_answer())
async def take_up(desk: ProcurementDesk, at: At[None], body: TakenUpIn) -> Changed[Tip, TipEvent]:
    """Makes the remark that the supplier sees; once, however often the request comes."""
    tip = (await desk.tips.get(at.id)).aggregate
    contract = (await desk.contracts.get(tip.contract)).aggregate
    _, policy = await desk.policies.current()
    made = remarks.remark(
        contract,
        source=Source.RESIDENT,
        by=at.by,
        what=body.what,
        days=policy.put_right_days,
        now=at.now,
        work=desk.work,
    )
    id = await desk.made_of(at.id, tip)

    async def remarked() -> beside.Undo:
        """Nothing is taken back: who else writes first has made the same of it."""
        await desk.remarks.record(id, lambda known: [] if known else [made], at.cause.unkeyed())
        return await beside.nothing()

    def taken(known: Tip) -> list[TipEvent]:
        return [known.take_up(id, at.now)]

    return await desk.tips.change(at.id, taken, at.cause, beside=remarked)


@TIPS.step("不予采纳", who=KEEPERS, rules="P-26", opens=lambda tip, _: tip.may_answer())
def dismiss(tip: Tip, at: At[None], body: ReasonIn) -> TipEvent:
    return tip.dismiss(reason=body.reason, now=at.now)


TIP_STEPS = (give, take_up, dismiss)
