"""Who the parties are: sealed, read with a reason, forgotten (M-02)."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.at import At
from chassis.http import ReasonIn
from chassis.kind import Changed
from chassis.steps import Part
from services.mediation.access import HOLDERS
from services.mediation.desk import MediationDesk
from services.mediation.domain import course, naming
from services.mediation.domain.case import Case
from services.mediation.domain.events import CaseEvent

from .cases import CASES, HELD, Known, PartyIn, holder

Answer = Changed[Case, CaseEvent]


def _parties(case: Case) -> Iterable[Mapping[str, str]]:
    return ({"party": party} for party in case.parties)


def _named(case: Case) -> Iterable[Mapping[str, str]]:
    return ({"party": party} for party in case.named)


PARTIES: Part[Case] = Part(path="/parties/{party}", places=_parties, whose=holder)
NAMED: Part[Case] = Part(path="/parties/{party}", places=_named, whose=holder)


@CASES.step(
    "增加一方当事人",
    "/cases/{id}/parties",
    name="join",
    who=HOLDERS,
    rules="M-02 M-04 M-05",
    part=HELD,
    opens=lambda c, _: course.may_join(c),
)
def join(c: Case, at: At[Known]) -> CaseEvent:
    """By its label: who it is is sealed under it afterwards."""
    return course.join(c, at.now)


def always(*_: object) -> None:
    """Whatever the case is at."""


@CASES.step(
    "登记当事人",
    "/cases/{id}/parties/{party}",
    name="party",
    who=HOLDERS,
    rules="M-02",
    part=PARTIES,
    method="PUT",
    opens=lambda c, at: naming.may_name(c),
)
async def party(desk: MediationDesk, at: At[Known], body: PartyIn) -> Answer:
    person = body.model_dump()
    return await desk.cases.change(
        at.id,
        lambda c: [naming.name(c, at["party"], person)],
        at.cause,
        beside=desk.sealed.keeping(at.id, at["party"], person, at.cause),
    )


@CASES.step(
    "删除当事人姓名",
    name="forget",
    who=HOLDERS,
    rules="M-02",
    part=NAMED,
    opens=lambda c, at: naming.may_forget(c, at["party"]),
)
async def forget(desk: MediationDesk, at: At[Known]) -> Answer:
    changed = await desk.cases.change(at.id, lambda c: [naming.forget(c, at["party"])], at.cause)
    await desk.sealed.forget(at.id, at["party"])
    return changed


@CASES.step(
    "查看封存内容",
    name="sealed",
    who=HOLDERS,
    rules="M-02",
    part=HELD,
    opens=always,
    versioned=False,
    scope="reporter:read",
)
async def sealed(desk: MediationDesk, at: At[Known], body: ReasonIn) -> dict[str, dict[str, str]]:
    """The reading is recorded first."""
    await desk.cases.change(at.id, lambda _: [naming.read(at.by, body.reason, at.now)], at.cause)
    return await desk.read_sealed(at.id)


@CASES.step(
    "导出当事人信息",
    name="export",
    who=HOLDERS,
    rules="M-02",
    part=NAMED,
    opens=lambda c, at: naming.may_forget(c, at["party"]),
    versioned=False,
    scope="reporter:read",
)
async def export(desk: MediationDesk, at: At[Known], body: ReasonIn) -> dict[str, Any]:
    """All that is held about one party, for him who asks for it; a reading like any other, on record."""
    await desk.cases.change(at.id, lambda _: [naming.read(at.by, body.reason, at.now)], at.cause)
    return await desk.held_about(at.id, at["party"])


STEPS = (join, party, forget, sealed, export)
