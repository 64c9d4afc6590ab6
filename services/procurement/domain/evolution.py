"""The only place where a contract changes."""

from dataclasses import replace
from typing import Any, assert_never

from . import panel as panels
from . import passing as passings
from .contract import Contract
from .course import Status
from .evaluation import Evaluation
from .events import (
    ContractEnded,
    ContractEvent,
    ContractFiled,
    ContractSigned,
    Corrected,
    CorrectionAnswered,
    CorrectionAsked,
    PaymentMissed,
    PaymentOpened,
    PaymentReleased,
    PaymentRenewed,
    PerformanceAccepted,
    ProjectEvaluated,
    RenewalAgreed,
    SchemeAnswered,
    SchemeShown,
    SecondScored,
    SelfAssessed,
)
from .panel import ExpertRecused, PanelDrawn, PanelListed
from .passing import PassingAnswered, PassingFound, PassingSettled
from .payment import Claim, Instalment, Payment
from .resettling import Orphaned, Resettled
from .scheme import Scheme


def evolve(contract: Contract | None, event: ContractEvent) -> Contract:
    if isinstance(event, ContractSigned):
        return _signed(event)
    if contract is None:
        raise ValueError("a contract begins by being signed")
    match event:
        case ProjectEvaluated() | SelfAssessed() | SecondScored():
            return _judged(contract, event)
        case ContractFiled() | RenewalAgreed() | PerformanceAccepted():
            return _agreed(contract, event)
        case CorrectionAsked() | CorrectionAnswered():
            return _corrected(contract, event)
        case SchemeShown() | SchemeAnswered():
            return replace(contract, scheme=_scheme(contract, event))
        case PanelListed() | PanelDrawn() | ExpertRecused():
            return replace(contract, panel=panels.evolve(contract.panel, event))
        case PaymentOpened() | PaymentMissed() | PaymentRenewed() | PaymentReleased():
            return _money(contract, event)
        case PassingFound() | PassingAnswered() | PassingSettled():
            return replace(contract, passing=passings.evolve(contract.passing, event))
        case Resettled() | Orphaned():
            return _left(contract, event)
        case ContractEnded():
            return replace(
                contract,
                status=Status.ENDED,
                ended_why=event.why,
                ended_ground=event.ground,
                ended_reason=event.reason,
                ended_at=event.at,
            )
        case _:
            assert_never(event)


def _left(contract: Contract, event: Resettled | Orphaned) -> Contract:
    if isinstance(event, Orphaned):
        return replace(contract, orphaned=True)
    return replace(contract, successor=event.community)


def _signed(event: ContractSigned) -> Contract:
    return Contract(
        id=event.contract,
        status=Status.SIGNED,
        supplier=event.supplier,
        project=event.project,
        title=event.title,
        year=event.year,
        street=event.street,
        community=event.community,
        amount=event.amount,
        purchaser=event.purchaser,
        way=event.way,
        money=event.money,
        outside=event.outside,
        workers=event.workers,
        paid_before=event.paid_before,
        trade=event.trade,
        turn=event.turn,
        plan=event.plan,
        item=event.item,
        signed_at=event.at,
    )


def _agreed(
    contract: Contract, event: ContractFiled | RenewalAgreed | PerformanceAccepted
) -> Contract:
    match event:
        case ContractFiled():
            return replace(contract, filed_at=event.at, terms=event.terms)
        case RenewalAgreed():
            return replace(contract, agreed_at=event.at)
        case PerformanceAccepted():
            return replace(contract, accepted_at=event.at) if event.passed else contract
        case _:
            assert_never(event)


def _corrected(contract: Contract, event: CorrectionAsked | CorrectionAnswered) -> Contract:
    if isinstance(event, CorrectionAsked):
        return replace(contract, correction=event)
    asked, answered = contract.correction, replace(contract, correction=None)
    if asked is None or not event.agreed:
        return answered
    before = Corrected(
        terms_before=contract.terms if asked.terms else None,
        amount_before=contract.amount if asked.amount else None,
        reason=asked.reason,
        at=event.at,
    )
    return replace(
        answered,
        terms=asked.terms or contract.terms,
        amount=asked.amount or contract.amount,
        corrected=(*contract.corrected, before),
    )


def _judged(contract: Contract, event: ProjectEvaluated | SelfAssessed | SecondScored) -> Contract:
    if isinstance(event, SecondScored):
        return replace(contract, seconds=(*contract.seconds, event))
    if isinstance(event, SelfAssessed):
        return replace(contract, assessed=(*contract.assessed, event))
    given = Evaluation(
        stage=event.stage,
        parts=event.parts,
        points=event.points,
        band=event.band,
        policy=event.policy,
        by=event.by,
        scores=event.scores,
        focus_groups=event.focus_groups,
        sides=event.sides,
        supervision=event.supervision,
        verdicts=event.verdicts,
        gathered=event.gathered,
        independent=event.independent,
        missed=event.missed,
        at=event.at,
    )
    return replace(contract, evaluations=(*contract.evaluations, given))


def _with_claim(contract: Contract, instalment: Instalment, **changed: Any) -> Contract:
    claims = tuple(
        replace(claim, **changed) if claim.instalment is instalment else claim
        for claim in contract.claims
    )
    return replace(contract, claims=claims)


def _scheme(contract: Contract, event: SchemeShown | SchemeAnswered) -> Scheme | None:
    if isinstance(event, SchemeShown):
        return event.scheme
    accepted_at = event.at if event.accepted else None
    scheme = contract.scheme
    return scheme and replace(scheme, accepted_at=accepted_at, comment=event.comment)


def _money(
    contract: Contract, event: PaymentOpened | PaymentMissed | PaymentRenewed | PaymentReleased
) -> Contract:
    match event:
        case PaymentReleased():
            paid = Payment(
                instalment=event.instalment, amount=event.amount, due=event.due, at=event.at
            )
            left = tuple(one for one in contract.claims if one.instalment is not event.instalment)
            return replace(contract, claims=left, payments=(*contract.payments, paid))
        case PaymentOpened():
            claim = Claim(instalment=event.instalment, clock=event.clock)
            return replace(contract, claims=(*contract.claims, claim))
        case PaymentMissed():
            return _with_claim(contract, event.instalment, missed=True)
        case PaymentRenewed():
            return _with_claim(contract, event.instalment, clock=event.clock)
        case _:
            assert_never(event)
