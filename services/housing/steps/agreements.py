"""Agreements with developers: signed, inspected, handed over in parts, extended, cancelled, replaced."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.files_api import FileOut
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import Ends
from chassis.kind import Changed, derived_id
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, nothing
from chassis.words import Area, Day, Flag, Long, Moment, Short, Whole
from contracts.event import Code, Id
from services.housing import announce
from services.housing.access import ACCESS, KEEPERS
from services.housing.desk import HousingDesk, agreement_resource
from services.housing.domain import agreement as agreements
from services.housing.domain import inspection as inspections
from services.housing.domain import waiting
from services.housing.domain.agreement import UNITS, Agreement, Status
from services.housing.domain.area import measured
from services.housing.domain.events import AgreementEvent, AgreementSigned, Terms
from services.housing.domain.households import MOST
from services.housing.domain.inspection import Point, Remedy
from services.housing.queries import names
from services.housing.shown.agreements import AgreementOut, shown

Events = tuple[AgreementEvent, ...]
Number = Annotated[Whole, Field(ge=1, le=10_000)]
Photos = Annotated[tuple[Id, ...], Field(max_length=20)]

AGREEMENTS: Collection[Agreement, AgreementEvent, HousingDesk, None] = Collection(
    service="housing",
    name="agreements",
    title="协议",
    path="/agreements",
    state=Agreement,
    events=get_args(AgreementEvent),
    evolve=agreements.evolve,
    announce=announce.of_agreements,
    next_due=lambda agreement: agreement.lapses_at,
    resource=agreement_resource,
    access=ACCESS,
    keys=lambda agreement: {
        **agreement_resource(agreement),
        "status": agreement.status,
        "overdue": agreement.overdue,
        "opened_at": moment(agreement.signed_at),
        "due": due(waiting.soonest(agreement)),
    },
    awaits=waiting.of_agreement,
    runs=lambda agreement, _: Ends(due=agreement.ends_at) if agreement.ends_at else None,
    indexes=(
        "street+opened_at",
        "street+due",
        "community",
        "units[]",
        "overdue",
        "opened_at",
        "due",
    ),
    words=lambda agreement: agreement.project,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community"),
        "state": Filter(key="status", type=Status),
        "overdue": Filter(key="overdue", type=bool),
        "due_before": Filter(key="due", type=Moment, how="before"),
    },
    of=lambda desk: desk.agreements,
    knows=nothing,
    opens=lambda agreement, _, step: agreement.may(step),
    out=shown,
    shows=AgreementOut,
)


class TermsIn(Asked):
    """`developer` is an organisation, as it is called or by a code; never a person."""

    project: Short
    developer: Short
    households: Annotated[Whole, Field(ge=0, le=MOST)]
    area: Area
    due: Day


class AgreementIn(TermsIn):
    community: Code


@AGREEMENTS.step(
    "签订协议",
    "/agreements",
    who=KEEPERS,
    rules="H-03 H-06",
    record=None,
    versioned=False,
    status=201,
)
async def sign(
    desk: HousingDesk, at: At[None], body: AgreementIn
) -> Changed[Agreement, AgreementEvent]:
    street = await desk.street_of(body.community)
    at.demand({"street": street, "community": body.community, "units": UNITS})
    id = at.asking.new_id("agreements")
    signed = AgreementSigned(
        agreement=id,
        project=body.project,
        community=body.community,
        street=street,
        developer=body.developer,
        households=body.households,
        area_owed=measured(body.area),
        due=body.due,
        at=at.now,
    )
    return await desk.agreements.create(
        id, lambda: agreements.sign(signed), at.cause, numbered=desk.numbered(street, at.now)
    )


@AGREEMENTS.step(
    "上传佐证",
    "/agreements/{id}/evidence",
    who=KEEPERS,
    rules="H-04",
    opens=lambda *_: None,
    versioned=False,
    claims=True,
    status=201,
    makes="/evidence/{made}",
)
async def evidence(desk: HousingDesk, at: At[None], data: bytes) -> FileOut:
    """The body is the file: JPEG, PNG or PDF, told by its first bytes."""
    filed = await desk.file(at.id, data, at.cause)
    return FileOut(id=filed.id, media=filed.aggregate.media, size=filed.aggregate.size)


class PhotosIn(Asked):
    """Ids of evidence filed for this agreement, for every point at least one."""

    outside: Photos = ()
    close: Photos = ()
    floors: Photos = ()
    ground_half: Photos = ()
    decorated: Photos = ()


class InspectionIn(Asked):
    """`first` and `second`: what of the area lies on floors 1 and 2, whose points follow from it."""

    area: Area
    first: Area
    second: Area
    outside: Flag
    close: Flag
    decorated: Flag
    photos: PhotosIn
    at: Moment


async def photographed(desk: HousingDesk, at: At[None], body: InspectionIn) -> None:
    by_point = (getattr(body.photos, point) for point in Point)
    await desk.filed(at.id, [photo for photos in by_point for photo in photos])


@AGREEMENTS.step(
    "验收",
    "/agreements/{id}/inspections",
    who=KEEPERS,
    rules="H-04 H-06",
    opens=lambda a, _: a.may("inspect"),
    learns=(photographed,),
)
def inspect(a: Agreement, at: At[None], body: InspectionIn) -> Events:
    inspection = inspections.inspect(
        number=len(a.inspections) + 1,
        area=measured(body.area),
        first=measured(body.first, "first"),
        second=measured(body.second, "second"),
        seen={
            Point.OUTSIDE: body.outside,
            Point.CLOSE: body.close,
            Point.DECORATED: body.decorated,
        },
        photos={point: getattr(body.photos, point) for point in Point},
        at=body.at,
    )
    return a.inspect(inspection, now=at.now)


class CorrectionIn(Asked):
    """Of an inspection by its number: the areas as they are."""

    inspection: Number
    area: Area
    first: Area
    second: Area
    reason: Long


@AGREEMENTS.step("更正验收面积", who=KEEPERS, rules="H-04 H-06", opens=lambda a, _: a.may_correct())
def correct(a: Agreement, at: At[None], body: CorrectionIn) -> Events:
    """As long as nothing was handed over by it: what was seen, and its photographs, stay."""
    return a.correct(
        inspection=body.inspection,
        area=measured(body.area),
        first=measured(body.first, "first"),
        second=measured(body.second, "second"),
        reason=body.reason,
    )


class RemedyDoneIn(Asked):
    inspection: Number
    point: Point
    photos: Photos


async def remedied(desk: HousingDesk, at: At[None], body: RemedyDoneIn) -> None:
    await desk.filed(at.id, body.photos)


@AGREEMENTS.step(
    "整改完成",
    "/agreements/{id}/remedies",
    who=KEEPERS,
    rules="H-04",
    opens=lambda a, _: a.may_remedy(),
    learns=(remedied,),
)
def remedy(a: Agreement, at: At[None], body: RemedyDoneIn) -> Events:
    return a.remedy(**body.model_dump(), now=at.now)


class ReplaceIn(TermsIn):
    reason: Long


@AGREEMENTS.step("变更协议", who=KEEPERS, rules="H-03 H-06 H-12")
def replace(a: Agreement, at: At[None], body: ReplaceIn) -> Events:
    """Over here; the one that takes its place begins by the reaction to what this tells."""
    terms = Terms(
        project=body.project,
        developer=body.developer,
        households=body.households,
        area_owed=measured(body.area),
        due=body.due,
    )
    by = derived_id("agreements", "replaces", at.id)
    return a.replace(by=by, terms=terms, reason=body.reason, now=at.now)


class RemedyIn(Asked):
    point: Point
    what: Long
    due: Day


class HandoverIn(Asked):
    """The area is the inspected one; a remedy for every point that was missed."""

    inspection: Number
    remedies: Annotated[tuple[RemedyIn, ...], Field(max_length=5)] = ()
    at: Moment


@AGREEMENTS.step(
    "移交",
    "/agreements/{id}/handovers",
    who=KEEPERS,
    rules="H-04 H-06 H-07",
    opens=lambda a, _: a.may("hand_over"),
)
def hand_over(a: Agreement, at: At[None], body: HandoverIn) -> Events:
    remedies = tuple(Remedy(**remedy.model_dump()) for remedy in body.remedies)
    return a.hand_over(inspection=body.inspection, remedies=remedies, at=body.at, now=at.now)


class ExtendIn(Asked):
    due: Day
    reason: Long


@AGREEMENTS.step("延期", who=KEEPERS, rules="H-06 H-07")
def extend(a: Agreement, at: At[None], body: ExtendIn) -> Events:
    return a.extend(due=body.due, reason=body.reason, now=at.now)


@AGREEMENTS.step("撤销协议", who=KEEPERS, rules="H-06 H-07")
def cancel(a: Agreement, at: At[None], body: ReasonIn) -> Events:
    return a.cancel(reason=body.reason, now=at.now)


STEPS = (sign, evidence, inspect, correct, remedy, replace, hand_over, extend, cancel)
