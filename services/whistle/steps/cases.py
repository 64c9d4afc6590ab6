"""Accountability cases (W-12): answered by who held the matter, closed by the discipline group."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.identity import kinds
from chassis.kernel.clock import ends, local_date
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Flag, Moment, Passage
from services.whistle import announce
from services.whistle.access import ACCESS
from services.whistle.desk import WhistleDesk, case_resource
from services.whistle.domain import accountability, waiting
from services.whistle.domain.accountability import Case, CaseEvent, CaseStatus
from services.whistle.queries import names

from .judging import AnswerIn

CASES: Collection[Case, CaseEvent, WhistleDesk, None] = Collection(
    service="whistle",
    name="accountability",
    title="问责",
    path="/accountability",
    state=Case,
    events=get_args(CaseEvent),
    evolve=accountability.evolve,
    announce=announce.of_cases,
    resource=case_resource,
    access=ACCESS,
    keys=lambda case: {
        **case_resource(case),
        "status": case.status,
        "category": case.category,
        "opened_on": local_date(case.opened_at),
        "opened_at": moment(case.opened_at),
        "due": due(case.answer_by.due if case.status is CaseStatus.OPEN else None),
    },
    awaits=waiting.of_case,
    runs=lambda case, _: ends(case.answer_by) if case.status is CaseStatus.OPEN else None,
    indexes=("street+opened_at", "units[]+opened_at", "opened_at", "due"),
    words=lambda _: "",
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community", "category"),
        "from": Filter(key="opened_on", type=Day, how="from"),
        "to": Filter(key="opened_on", type=Day, how="to"),
        "due_before": Filter(key="due", type=Moment, how="before"),
        "unit": Filter(key="units"),
        "state": Filter(key="status", type=CaseStatus),
    },
    of=lambda desk: desk.cases,
    knows=nothing,
)


@CASES.step(
    "答复问责",
    who=kinds("department", "community"),
    rules="W-12",
    opens=lambda c, at: c.may_answer(at.by),
)
def answer(c: Case, at: At[None], body: AnswerIn) -> CaseEvent:
    return c.answer(by=at.by, answer=body.answer, now=at.now)


class CloseIn(Asked):
    upheld: Flag
    finding: Passage


@CASES.step(
    "办结问责", who=kinds("discipline"), rules="W-12", opens=lambda c, at: c.may_close(at.now)
)
def close(c: Case, at: At[None], body: CloseIn) -> CaseEvent:
    return c.close(by=at.by, upheld=body.upheld, finding=body.finding, now=at.now)


STEPS = (answer, close)
