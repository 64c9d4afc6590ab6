"""Who sits on a seat: sealed, read with a reason, forgotten (C-14)."""

from collections.abc import Iterable, Mapping

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.steps import Part
from chassis.words import Short
from services.consultation.access import CONVENERS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import naming
from services.consultation.domain.committee import Committee
from services.consultation.domain.roll import CommitteeEvent

from .committees import COMMITTEES, Known
from .members import SEATED

Answer = Changed[Committee, CommitteeEvent]


def _named(committee: Committee) -> Iterable[Mapping[str, str]]:
    return ({"seat": seat} for seat in committee.named)


NAMED: Part[Committee] = Part(path="/members/{seat}", places=_named)


class PersonIn(Asked):
    """Sealed at once; in no list, no event and no trail."""

    name: Short
    phone: Short = ""


@COMMITTEES.step(
    "登记委员姓名",
    "/committees/{id}/members/{seat}/person",
    name="name",
    who=CONVENERS,
    rules="C-14",
    part=SEATED,
    method="PUT",
)
async def name(desk: ConsultationDesk, at: At[Known], body: PersonIn) -> Answer:
    person, days = body.model_dump(), at.known.policy.name_days
    return await desk.committees.change(
        at.id,
        lambda c: [naming.name(c, at["seat"], person, days)],
        at.cause,
        beside=desk.sealed.keeping(at.id, at["seat"], person, at.cause),
    )


@COMMITTEES.step(
    "查看委员姓名",
    "/committees/{id}/members/{seat}/person",
    name="person",
    who=CONVENERS,
    rules="C-14",
    part=NAMED,
    opens=lambda c, at: naming.named(c, at["seat"]),
    versioned=False,
    scope="reporter:read",
)
async def person(desk: ConsultationDesk, at: At[Known], body: ReasonIn) -> dict[str, str]:
    """The reading is recorded first."""
    await desk.committees.change(
        at.id, lambda c: [naming.read(c, at["seat"], at.by, body.reason)], at.cause
    )
    return await desk.sealed.open(at.id, at["seat"])


@COMMITTEES.step(
    "删除委员姓名",
    name="forget",
    who=CONVENERS,
    rules="C-14",
    part=NAMED,
    opens=lambda c, at: naming.named(c, at["seat"]),
)
async def forget(desk: ConsultationDesk, at: At[Known]) -> Answer:
    """Of a seat that ended, too."""
    changed = await desk.committees.change(
        at.id, lambda c: [naming.forget(c, at["seat"])], at.cause
    )
    await desk.sealed.forget(at.id, at["seat"])
    return changed


STEPS = (name, person, forget)
