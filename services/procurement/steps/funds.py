"""The fund of a community: what comes in, what is spent, each quarter's account."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, get_args

from pydantic import AfterValidator, Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import soonest
from chassis.kind import Changed
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection
from chassis.words import Day, Short, Whole
from contracts.event import Code
from services.procurement import announce
from services.procurement.access import ACCESS, ENTRUSTED, KEEPERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import fund as funds
from services.procurement.domain import waiting
from services.procurement.domain.fund import Fund, FundEvent, Move, Received, Source, quarter_of
from services.procurement.domain.resettling import carried_by
from services.procurement.steps.words import Fen


@dataclass(frozen=True, slots=True)
class Known:
    """Its community's last day, where that is over."""

    ended_on: date | None = None


async def known(desk: ProcurementDesk, fund: Fund | None, at: At[None]) -> Known:
    return Known(await desk.ended_on(fund.community, at.now) if fund else None)


def resource(fund: Fund) -> dict[str, object]:
    return {"street": fund.street, "community": carried_by(fund)}


FUNDS: Collection[Fund, FundEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="funds",
    title="社区基金",
    path="/funds",
    state=Fund,
    events=get_args(FundEvent),
    evolve=funds.evolve,
    announce=announce.of_funds,
    resource=resource,
    access=ACCESS,
    keys=lambda fund: {
        **resource(fund),
        "missed": bool(fund.missed),
        "due": due(soonest(waiting.of_fund(fund), fund.next_due)),
    },
    awaits=waiting.of_fund,
    runs=lambda fund, _: waiting.coming(fund.next_due),
    indexes=("street+due", "community", "due"),
    sorts={"due": DUE},
    filters={**by("street", "community"), "missed": Filter(key="missed", type=bool)},
    next_due=lambda fund: fund.next_due,
    of=lambda desk: desk.funds,
    knows=known,
)


KEEPING = ENTRUSTED | KEEPERS
"""The leading group in the place of a community that ended alone."""


def kept(fund: Fund, at: At[Known]) -> Fund:
    funds.kept_by(fund, at.by)
    return fund


class ReceivedIn(Asked):
    """`amount` in fen; who gave isn't said."""

    community: Code
    source: Source
    amount: Fen
    on: Day
    title: Short


@FUNDS.step(
    "登记收入",
    "/funds",
    who=KEEPING,
    rules="P-41",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def receive(
    desk: ProcurementDesk, at: At[Known], body: ReceivedIn
) -> Changed[Fund, FundEvent]:
    """The first one begins the fund; what it was merged into enters what came in before."""
    begun = await desk.funds.look(body.community)
    at.demand({"community": carried_by(begun.aggregate) if begun else body.community})
    funds.kept_by(begun.aggregate if begun else None, at.by)
    street = await desk.street_of(body.community, at.now, begun.aggregate if begun else None)
    ended_on = await desk.ended_on(body.community, at.now)
    received = Received(street=street, **body.model_dump(), at=at.now)
    return await desk.funds.record(
        body.community, lambda known: [funds.receive(known, received, ended_on)], at.cause
    )


class SpendingIn(Asked):
    """`amount` in fen, as residents decided on `decided_on`."""

    amount: Fen
    on: Day
    title: Short
    decided_on: Day


@FUNDS.step("登记支出", who=KEEPING, rules="P-41", opens=kept)
def spend(fund: Fund, at: At[Known], body: SpendingIn) -> FundEvent:
    return kept(fund, at).spend(**body.model_dump(), now=at.now)


class StruckIn(ReasonIn):
    """`number`: its place among what was received, or spent, from 1."""

    what: Move
    number: Annotated[Whole, Field(ge=1)]


@FUNDS.step("作废登记", who=KEEPING, rules="P-41", opens=kept)
def strike(fund: Fund, at: At[Known], body: StruckIn) -> FundEvent:
    """What was entered wrongly, until its quarter is public; what is right is entered anew."""
    return kept(fund, at).strike(**body.model_dump(), now=at.now)


class QuarterIn(Asked):
    """Any day of the quarter."""

    quarter: Annotated[Day, AfterValidator(quarter_of)]


@FUNDS.step(
    "公布收支",
    who=KEEPING,
    rules="P-36 P-41",
    opens=kept,
    versioned=None,
)
def publish(fund: Fund, at: At[Known], body: QuarterIn) -> tuple[FundEvent, ...]:
    """That each quarter is public once guards it."""
    return kept(fund, at).publish(body.quarter, at.known.ended_on, at.now)


STEPS = (receive, spend, strike, publish)
