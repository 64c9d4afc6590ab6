"""A contract that was passed on: found, answered, settled."""

from chassis.at import At
from chassis.http import Asked
from chassis.words import Flag, Long, Short
from services.procurement.access import KEEPERS, PURCHASERS, SUPPLIERS
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractEvent

from .contracts import CONTRACTS, Known

PATH = "/contracts/{id}/subcontracting"


class PassingIn(Asked):
    """`to` says whom it was passed on to, `document` the number of the record."""

    to: Short
    findings: Long
    document: Short


@CONTRACTS.step(
    "认定转包",
    PATH,
    name="find_passing",
    who=PURCHASERS,
    rules="P-13",
    opens=lambda c, at: c.may_find_passing(at.by),
)
def find_passing(c: Contract, at: At[Known], body: PassingIn) -> tuple[ContractEvent, ...]:
    return c.find_passing(**body.model_dump(), by=at.by, now=at.now)


class PassingAnswerIn(Asked):
    answer: Long


@CONTRACTS.step(
    "申辩转包认定",
    f"{PATH}/answer",
    name="answer_passing",
    who=SUPPLIERS,
    rules="P-13",
    opens=lambda c, _: c.may_answer_passing(),
)
def answer_passing(c: Contract, at: At[Known], body: PassingAnswerIn) -> ContractEvent:
    return c.answer_passing(answer=body.answer, now=at.now)


class PassingSettlementIn(Asked):
    upheld: Flag
    opinion: Long


@CONTRACTS.step(
    "复核转包认定",
    f"{PATH}/settle",
    name="settle_passing",
    who=KEEPERS,
    rules="P-13",
    opens=lambda c, at: c.may_settle_passing(at.by),
)
def settle_passing(
    c: Contract, at: At[Known], body: PassingSettlementIn
) -> tuple[ContractEvent, ...]:
    """Upheld, the contract ends and its supplier may not have the project in the next year."""
    return c.settle_passing(by=at.by, **body.model_dump(), now=at.now, work=at.known.work)


STEPS = (find_passing, answer_passing, settle_passing)
