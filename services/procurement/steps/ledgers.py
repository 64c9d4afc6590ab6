"""The ledger that a supplier keeps of each contract."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import by
from chassis.steps import Collection, nothing
from chassis.words import Day, Short, Whole
from services.procurement.access import ACCESS, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import ledger as ledgers
from services.procurement.domain.ledger import Entry, EntryKind, Ledger, LedgerEvent, LedgerOut
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.resettling import carried_by
from services.procurement.steps.words import Fen


def resource(ledger: Ledger) -> dict[str, object]:
    return {
        "street": ledger.street,
        "community": carried_by(ledger),
        "supplier": ledger.supplier,
        "units": place_of(ledger.purchaser)["units"],
    }


LEDGERS: Collection[Ledger, LedgerEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="ledgers",
    title="台账",
    path="/ledgers",
    state=Ledger,
    events=get_args(LedgerEvent),
    evolve=ledgers.evolve,
    resource=resource,
    access=ACCESS,
    out=ledgers.shown,
    shows=LedgerOut,
    keys=resource,
    indexes=("street", "community", "units[]", "supplier"),
    filters={**by("street", "community", "supplier")},
    of=lambda desk: desk.ledgers,
    knows=nothing,
)


class LedgerEntryIn(Asked):
    """`evidence` says where the paper is kept; `amount` in fen, of a payment."""

    kind: EntryKind
    on: Day
    title: Short
    evidence: Short
    amount: Fen | None = None


@LEDGERS.step(
    "登记台账",
    "/contracts/{id}/ledger",
    who=SUPPLIERS,
    rules="P-35",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def enter(
    desk: ProcurementDesk, at: At[None], body: LedgerEntryIn
) -> Changed[Ledger, LedgerEvent]:
    """Also after the contract has ended."""
    contract = await desk.delivered(at.id, at.by)
    at.demand({"supplier": contract.supplier})
    entry = Entry(**body.model_dump())
    return await desk.ledgers.record(
        contract.id,
        lambda known: [ledgers.enter(known, contract, entry, at.now)],
        at.cause,
    )


class StrikeIn(ReasonIn):
    """`number` is the entry's in the ledger."""

    number: Annotated[Whole, Field(ge=1)]


@LEDGERS.step("作废登记", who=SUPPLIERS, rules="P-35", opens=lambda ledger, _: ledger.may_strike())
def strike(ledger: Ledger, at: At[None], body: StrikeIn) -> LedgerEvent:
    """Also after the contract has ended."""
    return ledger.strike(body.number, reason=body.reason, now=at.now)


STEPS = (enter, strike)
