"""The catalogue, an edition a year."""

from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.identity import KINDS, Access
from chassis.kind import Changed
from chassis.lists import Filter
from chassis.steps import Collection, nothing
from chassis.words import Short
from services.procurement.access import BARRING, REVIEWING
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import catalogue, waiting
from services.procurement.domain.catalogue import Catalogue, CatalogueEvent, Entry, Listing

from .words import YearSaid

MOST_ENTRIES = 2000


def key(catalogue: Catalogue) -> dict[str, Any]:
    return {"status": catalogue.status, "listing": catalogue.listing}


CATALOGUES: Collection[Catalogue, CatalogueEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="catalogues",
    title="目录",
    path="/catalogues",
    state=Catalogue,
    events=get_args(CatalogueEvent),
    evolve=catalogue.evolve,
    resource=lambda _: {},
    access=Access(sees_all=KINDS),
    keys=key,
    awaits=waiting.of_catalogue,
    indexes=("status",),
    filters={"listing": Filter(key="listing", type=Listing)},
    of=lambda desk: desk.catalogues,
    knows=nothing,
)
"""Public."""


class CatalogueEntryIn(Asked):
    """One entry; `kind` (类) and `group` (款) as the edition calls them."""

    code: Short
    name: Short
    kind: Short
    group: Short


class CatalogueIn(Asked):
    year: YearSaid
    listing: Listing = Listing.GUIDANCE
    entries: Annotated[tuple[CatalogueEntryIn, ...], Field(min_length=1, max_length=MOST_ENTRIES)]


@CATALOGUES.step(
    "编制目录",
    "/catalogues",
    who=BARRING,
    rules="P-01 P-40",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def draft(
    desk: ProcurementDesk, at: At[None], body: CatalogueIn
) -> Changed[Catalogue, CatalogueEvent]:
    """Again for the same year, it takes the place of the draft."""
    at.demand({})
    entries = tuple(Entry(**one.model_dump()) for one in body.entries)
    return await desk.catalogues.record(
        catalogue.id_of(body.listing, body.year),
        lambda known: [
            catalogue.draft(
                known, year=body.year, entries=entries, listing=body.listing, now=at.now
            )
        ],
        at.cause,
    )


class ApprovalIn(Asked):
    """`document` is the number of the approval."""

    document: Short


@CATALOGUES.step(
    "批准目录", who=REVIEWING, rules="P-01", opens=lambda edition, _: edition.may_approve()
)
def approve(edition: Catalogue, at: At[None], body: ApprovalIn) -> CatalogueEvent:
    return edition.approve(document=body.document, now=at.now)


@CATALOGUES.step(
    "公布目录", who=BARRING, rules="P-01", opens=lambda edition, _: edition.may_publish()
)
def publish(edition: Catalogue, at: At[None]) -> CatalogueEvent:
    return edition.publish(now=at.now)


STEPS = (draft, approve, publish)
