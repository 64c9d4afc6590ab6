"""What is stored comes back as it was: every event class, every state, and the shipped policy."""

import json
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from chassis.documents import Codec
from chassis.kind import Kind
from services.affairs.domain.admission import (
    ClaimAccepted,
    ClockRenewed,
    End,
    Ended,
    FundsCorrected,
    FundsMissing,
    FundsReceived,
    Group,
    Mode,
    Refused,
    Registered,
    ReviewMissed,
    ShortConfirmed,
    Withdrawn,
)
from services.affairs.domain.establishment import NumberApproved, SeatFreed, SeatHeld
from services.affairs.domain.exercise import CaseDone
from services.affairs.domain.keeping import PersonForgotten
from services.affairs.domain.policy import check
from services.affairs.domain.proof import ProofRead
from services.affairs.domain.scale import Post
from services.affairs.domain.sheet import (
    EndAwaited,
    LineCorrected,
    MonthEmpty,
    MonthMissed,
    MonthPaid,
    PaidOnPaper,
    QuarterFollowed,
    QuarterPaid,
    SheetReturned,
)
from services.affairs.domain.worker import (
    Awarded,
    Certificate,
    Certified,
    Holding,
    Honour,
    Moved,
    Named,
    Served,
    Service,
    Struck,
    WorkerRead,
)
from services.affairs.domain.year import (
    ExcellentCorrected,
    ExcellentNamed,
    LevelsReviewed,
    ReviewCorrected,
    YearClosed,
)
from services.affairs.steps.admissions import ADMISSIONS
from services.affairs.steps.checks import CHARTERS, CHECKS
from services.affairs.steps.disclosures import CONTRACTS, DISCLOSURES
from services.affairs.steps.intrusions import INTRUSIONS
from services.affairs.steps.lists import LISTS, PROOFS
from services.affairs.steps.pay import PAY, YEARS
from services.affairs.steps.powers import CASES, POWERS, SAMPLES
from services.affairs.steps.workers import ESTABLISHMENTS, WORKERS
from tests.rules.affairs import cases
from tests.rules.affairs import test_A_03_admission as admission
from tests.rules.affairs import test_A_08_intrusions as intrusions
from tests.rules.affairs import test_A_13_pay as pay
from tests.rules.affairs import test_A_17_quarters as quarters
from tests.rules.affairs import test_A_20_powers as powers
from tests.rules.affairs import test_A_22_open as opened
from tests.rules.affairs import test_A_25_lists as lists
from tests.rules.affairs.cases import DUE, LATER, MARCH, WHEN

REGISTERED = Registered(
    unit="health",
    street="guanshang",
    item="普查",
    group=Group.STREET,
    document="x",
    mode=Mode.AGENCY,
    until=WHEN,
    at=MARCH,
)
ENTRIES = (
    Holding(post=Post.STAFF, since=WHEN, community="wula"),
    Service(since=WHEN, where="x", proof="y"),
    Certified(kind=Certificate.MASTER, on=WHEN),
    Awarded(honour=Honour.CITY, on=WHEN, papers_on=WHEN),
)
AFTER = replace(quarters.LINES[0], worker="u", month="2025-12", paid_with="2026-01")
HAPPENED: list[tuple[Kind[Any, Any], tuple[Any, ...]]] = [
    (
        ADMISSIONS.kind,
        (
            cases.applied,
            ClockRenewed(due=DUE, provisional=False),
            ReviewMissed(due=DUE),
            cases.reviewed,
            Refused(reason="无依据", document="2", at=LATER),
            cases.admitted,
            cases.arranged,
            cases.entered,
            FundsMissing(due=LATER),
            FundsReceived(fen=1, evidence="1", on=WHEN, at=LATER),
            FundsCorrected(number=1, fen=0, reason="重复登记", at=LATER),
            admission.ASSESSED,
            admission.SHORT,
            ShortConfirmed(opinion="属实", at=LATER),
            admission.ASIDE,
            admission.SHORTENED,
            Ended(how=End.FELL_SHORT, reason="x", at=LATER),
        ),
    ),
    (ADMISSIONS.kind, (admission.EXEMPT, ClaimAccepted(at=LATER))),
    (ADMISSIONS.kind, (REGISTERED, admission.corrected)),
    (ADMISSIONS.kind, (cases.applied, Withdrawn(reason="街道写错", at=LATER))),
    (INTRUSIONS.kind, (intrusions.reported, intrusions.found, intrusions.gone)),
    (
        WORKERS.kind,
        (
            pay.taken,
            Named(at=MARCH),
            pay.second,
            pay.left,
            Moved(community="wula", post=Post.STAFF, since=WHEN),
            Served(service=ENTRIES[1]),
            *ENTRIES[2:],
            pay.trained,
            *(Struck(entry=one, reason="录错", at=LATER) for one in ENTRIES),
            WorkerRead(by="street:guanshang", reason="核对", at=LATER),
            PersonForgotten(at=LATER),
        ),
    ),
    (
        ESTABLISHMENTS.kind,
        (
            NumberApproved(street="a", community="b", approved=7, document="x", at=MARCH),
            SeatHeld(worker="w", at=MARCH),
            SeatHeld(worker="v", at=MARCH),
            SeatFreed(worker="w", at=LATER),
        ),
    ),
    (
        PAY.kind,
        (
            quarters.begun,
            EndAwaited(),
            LineCorrected(line=replace(AFTER, correction=-1, reason="x"), at=MARCH),
            quarters.submitted,
            SheetReturned(office="finance", reason="x", at=LATER),
            replace(quarters.submitted, lines=(*quarters.LINES, AFTER)),
            PaidOnPaper(worker="u", month="2025-12", paper="x", at=LATER),
            *quarters.approvals,
            quarters.whole,
            MonthMissed(month="2026-01", due=LATER),
            MonthEmpty(month="2026-02"),
            MonthPaid(month="2026-01", sum=1, left=("w",), at=LATER),
            QuarterPaid(at=LATER),
            QuarterFollowed(at=LATER),
        ),
    ),
    (
        YEARS.kind,
        (
            pay.opened,
            pay.general,
            LevelsReviewed(by_level={"17": 1}, sum=1, proofs="x", at=LATER),
            ReviewCorrected(by_level={"16": 1}, sum=2, reason="x", at=LATER),
            ExcellentNamed(workers=("w",), of=9, on=WHEN, at=LATER),
            ExcellentCorrected(workers=("v",), reason="x", at=LATER),
            YearClosed(untrained=("w",), held=True, at=LATER),
        ),
    ),
]


HAPPENED += [
    (LISTS.kind, (lists.version, lists.second)),
    (
        PROOFS.kind,
        (
            lists.asked,
            lists.given,
            lists.declined,
            ProofRead(by="street:guanshang", reason="核对", at=LATER),
            PersonForgotten(at=LATER),
        ),
    ),
    (SAMPLES.kind, (powers.sample,)),
    (POWERS.kind, (powers.listed, powers.struck)),
    (
        CASES.kind,
        (
            powers.opened,
            powers.first,
            powers.agreed,
            powers.second,
            powers.third,
            powers.returned,
            powers.waiting,
            powers.confirmed,
            CaseDone(at=LATER),
            powers.stopped,
        ),
    ),
    (
        DISCLOSURES.kind,
        (
            opened.begun,
            opened.april_over,
            opened.told,
            opened.mended,
            opened.missed,
            opened.gone,
        ),
    ),
    (CONTRACTS.kind, (opened.submitted, opened.passed, opened.signed)),
    (CHECKS.kind, (opened.found, opened.late, opened.blamed, opened.right, opened.handed)),
    (
        CHARTERS.kind,
        (
            opened.drafted,
            *opened.TALKED,
            opened.sent,
            opened.back,
            opened.amended,
            opened.filed,
            opened.published,
        ),
    ),
]


@pytest.mark.parametrize(("kind", "events"), HAPPENED)
def test_events_and_state_come_back(kind: Kind[Any, Any], events: tuple[Any, ...]) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    for event in events:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
    state = reduce(kind.evolve, events, None)
    assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


@pytest.mark.parametrize("kind", [kind for kind, _ in HAPPENED])
def test_every_event_class_is_tried(kind: Kind[Any, Any]) -> None:
    tried = {type(event) for other, events in HAPPENED if other is kind for event in events}
    assert tried == set(kind.events)


def test_the_shipped_policy_is_in_order() -> None:
    check(cases.SHIPPED)
