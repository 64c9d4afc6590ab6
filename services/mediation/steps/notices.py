"""Streets and units with many disputes: notified, talked to, listed, until it is put right (M-13)."""

from typing import Annotated, get_args

from pydantic import StringConstraints

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import quarter_of, soonest
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long
from services.mediation import announce
from services.mediation.access import ACCESS, DISTRICT, HOLDERS, LEADING
from services.mediation.desk import MediationDesk, names, notice_resource, place_of
from services.mediation.domain import notice as notices
from services.mediation.domain import waiting
from services.mediation.domain.dispute import STABILITY
from services.mediation.domain.notice import Notice, NoticeEvent, NoticeIssued, Rung, Standing
from services.mediation.shown.notices import NoticeOut, shown

from .cases import Office

NOTICES: Collection[Notice, NoticeEvent, MediationDesk, None] = Collection(
    service="mediation",
    name="notices",
    title="督办通知",
    path="/notices",
    state=Notice,
    events=get_args(NoticeEvent),
    evolve=notices.evolve,
    announce=announce.of_notices,
    next_due=lambda known: known.next_due,
    resource=notice_resource,
    access=ACCESS,
    keys=lambda known: {
        **notice_resource(known),
        "office": known.office,
        "rung": known.rung,
        "status": known.standing,
        "quarter": known.quarter,
        "open": not known.over,
        "due": due(soonest(waiting.of_notice(known), known.next_due)),
        "opened_at": moment(known.issued_at),
    },
    awaits=waiting.of_notice,
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at", "due"),
    always=("status",),
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community"),
        "unit": Filter(key="units"),
        "office": Filter(key="office", type=Office),
        "state": Filter(key="status", type=Standing),
        "rung": Filter(key="rung", type=Rung),
        "quarter": Filter(key="quarter", type=str),
        "open": Filter(key="open", type=bool),
    },
    of=lambda desk: desk.notices,
    knows=nothing,
    opens=lambda known, *_: known.open(),
    out=shown,
    shows=NoticeOut,
)
LED: Part[Notice] = Part(whose=lambda *_: {"units": (STABILITY,)})
ITS_OWN: Part[Notice] = Part(whose=lambda known, _: place_of(known.office, known.street))


Quarter = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]


class NoticeIn(Asked):
    """`quarter`: that of the disputes, the one that runs unless it is said; `until`: the date by which it is to be put
    right."""

    office: Office
    quarter: Quarter | None = None
    reason: Long
    until: Day


@NOTICES.step(
    "通报", "/notices", who=LEADING, rules="M-13", record=None, versioned=False, status=201
)
async def issue(desk: MediationDesk, at: At[None], body: NoticeIn) -> Changed[Notice, NoticeEvent]:
    """With the number of disputes that the office had in the quarter: of one that is over, when its figures are in."""
    at.demand({"units": (STABILITY,)})
    office = await desk.known_office(body.office, at.now, "office")
    quarter = body.quarter or quarter_of(at.now)
    issued = NoticeIssued(
        office=office,
        street=await desk.street_of(office),
        quarter=quarter,
        cases=await desk.count_of(office, quarter),
        reason=body.reason,
        until=body.until,
        by=at.by,
        at=at.now,
    )
    id = at.asking.new_id("notices")
    return await desk.notices.create(id, lambda: [notices.issue(issued)], at.cause)


class MeasuresIn(Asked):
    causes: Long
    measures: Long


@NOTICES.step("报送原因和措施", who=HOLDERS, rules="M-13", part=ITS_OWN)
def answer(n: Notice, at: At[None], body: MeasuresIn) -> NoticeEvent:
    return notices.answer(n, body.causes, body.measures, at.now)


class ClimbIn(Asked):
    reason: Long
    until: Day


@NOTICES.step("升级督办", who=LEADING, rules="M-13", part=LED, opens=lambda n, _: n.may_climb())
def climb(n: Notice, at: At[None], body: ClimbIn) -> list[NoticeEvent]:
    """To talks, then to the list."""
    return notices.climb(n, body.reason, body.until, at.by, at.now)


class ResultIn(Asked):
    result: Long


@NOTICES.step("整改销号", who=LEADING, rules="M-13", part=LED, opens=lambda n, _: n.may_lift())
def lift(n: Notice, at: At[None], body: ResultIn) -> list[NoticeEvent]:
    return notices.lift(n, body.result, at.by, at.now)


@NOTICES.step("撤销通报", who=LEADING, rules="M-13", part=LED, opens=lambda n, _: n.may_withdraw())
def withdraw(n: Notice, at: At[None], body: ReasonIn) -> list[NoticeEvent]:
    """One that was issued by mistake."""
    return notices.withdraw(n, body.reason, at.now)


class VetoIn(Asked):
    ground: Long


@NOTICES.step("一票否决", who=DISTRICT, rules="M-13", opens=lambda n, _: n.may_veto())
def veto(n: Notice, at: At[None], body: VetoIn) -> NoticeEvent:
    return notices.veto(n, body.ground, at.now)


STEPS = (issue, answer, climb, lift, withdraw, veto)
