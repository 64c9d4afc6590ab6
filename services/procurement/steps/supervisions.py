"""Supervision: commissioned by the purchaser, recorded and reported by supplier and supervisor."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import WorkTime, local_date, soonest
from chassis.kernel.errors import UnknownReference
from chassis.kind import Changed
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Long, Passage, Whole
from contracts.event import Code
from services.procurement import announce
from services.procurement.access import ACCESS, PURCHASERS, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import recording, waiting
from services.procurement.domain import supervision as supervisions
from services.procurement.domain.figures import Figures
from services.procurement.domain.ledger import Ledger
from services.procurement.domain.panel import apart
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.resettling import carried_by
from services.procurement.domain.supervision import Supervision
from services.procurement.domain.supervision_events import (
    Commissioned,
    Manner,
    SupervisionEvent,
)
from services.procurement.domain.supervision_evolution import evolve


@dataclass(frozen=True, slots=True)
class Known:
    work: WorkTime
    ledger: Ledger | None = None


async def known(desk: ProcurementDesk, _: Supervision | None, __: At[None]) -> Known:
    return Known(desk.work)


def resource(one: Supervision) -> dict[str, object]:
    return {
        "street": one.street,
        "community": carried_by(one),
        "supplier": one.supplier,
        "units": place_of(one.purchaser)["units"],
    }


SUPERVISIONS: Collection[Supervision, SupervisionEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="supervisions",
    title="督导",
    path="/supervisions",
    state=Supervision,
    events=get_args(SupervisionEvent),
    evolve=evolve,
    announce=announce.of_supervisions,
    resource=resource,
    access=ACCESS,
    keys=lambda one: {
        **resource(one),
        "supervisor": one.supervisor,
        "missed": bool(one.missed),
        "due": due(soonest(waiting.of_supervision(one), one.next_due)),
    },
    awaits=waiting.of_supervision,
    own=lambda one, reader: one.of(reader.code),
    runs=lambda one, _: waiting.coming(one.next_due),
    indexes=("street+due", "units[]", "supplier+due", "supervisor", "due"),
    sorts={"due": DUE},
    filters={
        **by("street", "community", "supplier", "supervisor"),
        "missed": Filter(key="missed", type=bool),
    },
    next_due=lambda one: one.next_due,
    of=lambda desk: desk.supervisions,
    knows=known,
)


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


Month = Annotated[Day, AfterValidator(_first_of_month)]
"""Any of its days."""


class CommissionIn(Asked):
    """From the month of `first` to that of `last`."""

    supervisor: Code
    first: Month
    last: Month
    qualified: Annotated[Whole, Field(ge=0, le=100)]


@SUPERVISIONS.step(
    "委托督导",
    "/contracts/{id}/supervision",
    who=PURCHASERS,
    rules="P-11 P-15 P-22",
    record=None,
    versioned=False,
    status=201,
)
async def commission(
    desk: ProcurementDesk, at: At[Known], body: CommissionIn
) -> Changed[Supervision, SupervisionEvent]:
    contract = (await desk.contracts.show(at.id, at.subject)).aggregate
    if contract.purchaser != at.by:
        raise UnknownReference("您没有这份合同。", field="id")
    contract.may_be_supervised(at.now)
    if not await desk.suppliers.look(body.supervisor):
        raise UnknownReference(f"没有这个供应方：{body.supervisor}", field="supervisor")
    apart(body.supervisor, await desk.employers(contract.panel.members if contract.panel else ()))
    commissioned = Commissioned(
        contract=contract.id,
        supplier=contract.supplier,
        purchaser=contract.purchaser,
        street=contract.street,
        community=carried_by(contract),
        at=at.now,
        **body.model_dump(),
    )
    signed = local_date(contract.signed_at)
    return await desk.supervisions.record(
        contract.id,
        lambda known: [supervisions.commission(known, commissioned, signed, contract.until)],
        at.cause,
    )


def by_supervisor(one: Supervision, at: At[Any]) -> dict[str, object]:
    """The supervisor's own, whom the list doesn't show."""
    return {**resource(one), "supplier": one.supervisor}


class RecordIn(Asked):
    """`minutes` is how long it took."""

    held_on: Day
    minutes: Annotated[Whole, Field(ge=1, le=1440)]
    summary: Passage


@SUPERVISIONS.step(
    "提交集体督导记录",
    "/supervisions/{id}/sessions",
    name="record_session",
    who=SUPPLIERS,
    rules="P-15",
    opens=lambda one, _: one.goes_on(),
)
def record_session(one: Supervision, at: At[Known], body: RecordIn) -> tuple[SupervisionEvent, ...]:
    return one.record(Manner.GROUP, **body.model_dump(), now=at.now, work=at.known.work)


class VisitIn(RecordIn):
    """On site, or from afar."""

    remote: Flag = False


@SUPERVISIONS.step(
    "提交现场或远程督导记录",
    "/supervisions/{id}/visits",
    name="record_visit",
    who=SUPPLIERS,
    rules="P-15",
    part=Part(whose=by_supervisor),
    opens=lambda one, _: one.goes_on(),
    versioned=None,
)
def record_visit(one: Supervision, at: At[Known], body: VisitIn) -> tuple[SupervisionEvent, ...]:
    way = Manner.REMOTE if body.remote else Manner.VISIT
    asked = body.model_dump(exclude={"remote"})
    return one.record(way, **asked, now=at.now, work=at.known.work)


@SUPERVISIONS.step(
    "签署集体督导记录",
    part=Part(
        path="/sessions/{record}",
        places=lambda one: ({"record": str(n)} for n in range(1, len(one.records) + 1)),
        whose=by_supervisor,
    ),
    who=SUPPLIERS,
    rules="P-15",
    opens=lambda one, at: one.may_countersign(_number(at)),
    versioned=None,
)
def countersign(one: Supervision, at: At[Known]) -> SupervisionEvent:
    return one.countersign(_number(at), at.now)


def by_writer(one: Supervision, at: At[Any]) -> dict[str, object]:
    """The supplier's of a group session, else the supervisor's."""
    known = one.record_of(_number(at))
    return resource(one) if known and known.way is Manner.GROUP else by_supervisor(one, at)


class RecordCorrectedIn(ReasonIn, RecordIn):
    """As it was in truth."""


@SUPERVISIONS.step(
    "更正督导记录",
    part=Part(
        path="/records/{record}",
        places=lambda one: ({"record": str(n)} for n in range(1, len(one.records) + 1)),
        whose=by_writer,
    ),
    name="correct_record",
    who=SUPPLIERS,
    rules="P-15",
    opens=lambda one, at: recording.may_correct(one, _number(at)),
    versioned=None,
)
def correct(
    one: Supervision, at: At[Known], body: RecordCorrectedIn
) -> tuple[SupervisionEvent, ...]:
    """By who wrote it; a session is countersigned anew."""
    return recording.correct(one, _number(at), **body.model_dump(), now=at.now, work=at.known.work)


def _number(at: At[Any]) -> int:
    return int(at["record"]) if at["record"].isdecimal() else 0


class FiguresIn(Asked):
    """Counted from the beginning of the project; `case_hours` in whole hours."""

    large_events: Annotated[Whole, Field(ge=0)] = 0
    large_attendances: Annotated[Whole, Field(ge=0)] = 0
    contacts: Annotated[Whole, Field(ge=0)] = 0
    case_hours: Annotated[Whole, Field(ge=0)] = 0
    cases_opened: Annotated[Whole, Field(ge=0)] = 0
    cases_closed: Annotated[Whole, Field(ge=0)] = 0
    groups: Annotated[Whole, Field(ge=0)] = 0
    group_sessions: Annotated[Whole, Field(ge=0)] = 0
    group_attendances: Annotated[Whole, Field(ge=0)] = 0
    community_events: Annotated[Whole, Field(ge=0)] = 0
    community_attendances: Annotated[Whole, Field(ge=0)] = 0


class ReportIn(Asked):
    """`reason` where a figure is lower than the month before's; `workers` are the project's social workers."""

    month: Month
    figures: FiguresIn
    workers: Annotated[Whole, Field(ge=1, le=1000)]
    events: Passage = ""
    reason: Long = ""


async def learn_ledger(desk: ProcurementDesk, at: At[Known], _: Any) -> Known:
    held = await desk.ledgers.look(at.id)
    return replace(at.known, ledger=held.aggregate if held else None)


@SUPERVISIONS.step(
    "提交月报",
    who=SUPPLIERS,
    rules="P-15 P-21 P-35",
    opens=lambda one, _: one.goes_on(),
    learns=(learn_ledger,),
)
def report(one: Supervision, at: At[Known], body: ReportIn) -> tuple[SupervisionEvent, ...]:
    return one.report(
        body.month,
        figures=Figures(**body.figures.model_dump()),
        workers=body.workers,
        events=body.events,
        reason=body.reason,
        ledger=at.known.ledger,
        now=at.now,
        work=at.known.work,
    )


class StageReportIn(Asked):
    month: Month
    opinion: Passage


@SUPERVISIONS.step(
    "提交阶段督导报告",
    name="report_stage",
    who=SUPPLIERS,
    rules="P-22",
    part=Part(whose=by_supervisor),
    opens=lambda one, _: one.goes_on(),
    versioned=None,
)
def report_stage(one: Supervision, at: At[Known], body: StageReportIn) -> SupervisionEvent:
    return one.report_stage(body.month, opinion=body.opinion, now=at.now)


class DecisionIn(Asked):
    """By the last stage report."""

    goes_on: Flag
    opinion: Passage


@SUPERVISIONS.step(
    "决定是否继续委托", who=PURCHASERS, rules="P-22", opens=lambda one, at: one.may_decide(at.by)
)
def decide(one: Supervision, at: At[Known], body: DecisionIn) -> tuple[SupervisionEvent, ...]:
    return one.decide(by=at.by, goes_on=body.goes_on, opinion=body.opinion, now=at.now)


@SUPERVISIONS.step(
    "结束督导", who=PURCHASERS, rules="P-15", opens=lambda one, at: one.may_end(at.by)
)
def end(one: Supervision, at: At[Known]) -> tuple[SupervisionEvent, ...]:
    return one.end(by=at.by, now=at.now)


def by_whoever_hands_over(one: Supervision, at: At[Any]) -> dict[str, object]:
    """Also who supervised before; who is done as well, to be answered again as it was."""
    former = at.subject.code in (*one.former, *one.relieved)
    return {**resource(one), "supplier": at.subject.code if former else one.supervisor}


class HandOverIn(Asked):
    report: Passage


@SUPERVISIONS.step(
    "移交督导记录",
    name="hand_over",
    who=SUPPLIERS,
    rules="P-15",
    part=Part(whose=by_whoever_hands_over),
    opens=lambda one, at: one.may_hand_over(at.subject.code),
    versioned=None,
)
def hand_over(one: Supervision, at: At[Known], body: HandOverIn) -> SupervisionEvent:
    return one.hand_over(by=at.subject.code, report=body.report, now=at.now)


STEPS = (
    commission,
    record_session,
    record_visit,
    countersign,
    correct,
    report,
    report_stage,
    decide,
    end,
    hand_over,
)
