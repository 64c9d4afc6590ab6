"""Annex 9's sheets: what is told of a street's consultation, and what the street and its assessor say."""

from datetime import date
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field

from chassis.at import At
from chassis.http import Asked
from chassis.lists import Filter, by
from chassis.steps import Collection, Part, nothing
from chassis.words import Flag, Short, Whole
from services.index.access import ACCESS, DEPARTMENT, STREET
from services.index.desk import IndexDesk, sheet_resource
from services.index.domain import annex9_events
from services.index.domain.annex9 import CLAIMED, Sum, total
from services.index.domain.annex9_events import (
    Claim,
    ItemMarked,
    Level,
    Marker,
    PieceTakenUp,
    Sheet,
    SheetEvent,
)
from services.index.domain.offices import UNITED_FRONT

OFFICE: Part[Sheet] = Part(whose=lambda *_: {"units": (UNITED_FRONT,)})


class SheetOut(BaseModel):
    """Both sums side by side; provisional until the day they are `due`. Points in hundredths."""

    model_config = ConfigDict(from_attributes=True)

    sheet: Sheet
    own: Sum
    assessed: Sum
    due: date


def shown(sheet: Sheet) -> SheetOut:
    return SheetOut(
        sheet=sheet,
        own=total(sheet, Marker.SELF),
        assessed=total(sheet, Marker.ASSESSED),
        due=sheet.due,
    )


SHEETS: Collection[Sheet, SheetEvent, IndexDesk, None] = Collection(
    service="index",
    name="consultation_sheets",
    title="协商民主评价表",
    path="/consultation",
    state=Sheet,
    events=get_args(SheetEvent),
    evolve=annex9_events.evolve,
    resource=sheet_resource,
    access=ACCESS,
    keys=lambda sheet: {**sheet_resource(sheet), "year": sheet.year},
    indexes=("street", "year"),
    filters={**by("street"), "year": Filter(key="year", type=int)},
    of=lambda desk: desk.sheets,
    knows=nothing,
    begins=lambda desk, id: desk.sheet_begun(id),
    early=True,
    out=shown,
    shows=SheetOut,
)

Item = Annotated[Whole, Field(ge=1, le=12)]
Count = Annotated[Whole, Field(ge=0, le=10_000)]


class ClaimIn(Asked):
    """What the item asks for: 1, 2 document; 3 members, non_party, document; 4 place, walls; 8 published, of;
    11, 12 mark and signed."""

    document: Short = ""
    members: Count = 0
    non_party: Count = 0
    place: Flag = False
    walls: Annotated[Whole, Field(ge=0, le=3)] = 0
    published: Count = 0
    of: Count = 0
    mark: Annotated[Whole, Field(ge=0, le=100)] = 0
    signed: Flag = False


class ItemIn(Asked):
    item: Item
    claim: ClaimIn
    evidence: Short


def marked(marker: Marker, at: At[None], body: ItemIn) -> ItemMarked:
    claim = Claim(**body.claim.model_dump())
    return ItemMarked(
        marker=marker,
        item=body.item,
        claim=claim,
        evidence=body.evidence,
        by=at.by,
        at=at.now,
    )


@SHEETS.step("自评", "/consultation/{id}/own", who=STREET, rules="I-15", versioned=None)
def mark_own(sheet: Sheet, at: At[None], body: ItemIn) -> ItemMarked:
    return sheet.mark(marked(Marker.SELF, at, body), CLAIMED)


@SHEETS.step(
    "考核", "/consultation/{id}/assessed", who=DEPARTMENT, rules="I-15", part=OFFICE, versioned=None
)
def assess(sheet: Sheet, at: At[None], body: ItemIn) -> ItemMarked:
    return sheet.mark(marked(Marker.ASSESSED, at, body), CLAIMED)


class PieceIn(Asked):
    """`piece`: its name or number; `level`: which office took it up, `commented`: by a leader in writing."""

    piece: Short
    level: Level | None = None
    commented: Flag = False
    evidence: Short


@SHEETS.step(
    "登记加分",
    "/consultation/{id}/pieces",
    who=DEPARTMENT,
    rules="I-15",
    part=OFFICE,
    versioned=None,
)
def take_up(sheet: Sheet, at: At[None], body: PieceIn) -> PieceTakenUp:
    return sheet.take_up(PieceTakenUp(**body.model_dump(), by=at.by, at=at.now))


STEPS = (mark_own, assess, take_up)
