"""What an expert of the panel evaluates a contract by, and for whom an evaluation waits."""

from dataclasses import dataclass, replace

from chassis.kernel.errors import RuleBroken

from .contract import Contract
from .course import Status
from .evaluation import Stage
from .events import SelfAssessed, Terms
from .panel import waits_for
from .rules import RULES, SCHEME
from .scheme import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What was agreed, and what its parties say themselves; `stage` is the one that comes.

    What others of the panel gave isn't in it: a second score is one of its own (P-16).
    """

    title: str
    status: Status
    stage: Stage | None
    supplier: str
    project: str
    purchaser: str
    street: str
    community: str | None
    year: int
    terms: Terms | None
    scheme: Scheme | None
    assessed: tuple[SelfAssessed, ...]


def appraisal(contract: Contract) -> Appraisal:
    return Appraisal(
        title=contract.title,
        status=contract.status,
        stage=contract.next_stage,
        supplier=contract.supplier,
        project=contract.project,
        purchaser=contract.purchaser,
        street=contract.street,
        community=contract.community,
        year=contract.year,
        terms=contract.terms,
        scheme=contract.scheme,
        assessed=contract.assessed,
    )


def taken_part_in(contract: Contract, by: str) -> Contract:
    """P-16: with no points but those that it gave itself, for who evaluates a contract and isn't shown it; P-13 (ours):
    nor with what somebody says of its supplier and isn't settled by who evaluates."""
    return replace(
        contract,
        passing=None,
        evaluations=tuple(one for one in contract.evaluations if one.by == by),
        seconds=tuple(one for one in contract.seconds if one.by == by),
    )


def to_evaluate(contract: Contract) -> tuple[str, ...]:
    """P-16, P-20: any of the panel evaluates, and shows the scheme where none stands that the supplier has yet
    to answer or has accepted."""
    return waits_for(contract.panel, contract.may_evaluate, lambda by: _may_draw_up(contract, by))


def _may_draw_up(contract: Contract, by: str) -> None:
    contract.may_show_scheme(by)
    scheme = contract.scheme
    if scheme is not None and (scheme.accepted_at is not None or scheme.comment is None):
        raise RuleBroken(RULES["P-20"], "评估方案待承接方答复或已认可。", clause=SCHEME)
