"""A dispute between neighbours from its registration on, as the tests take it up."""

import tomllib
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from services.mediation.domain.case import Case
from services.mediation.domain.clocks import Clocks
from services.mediation.domain.dispute import Awaited, Body, Dispute, Party, Risk, Source, Way
from services.mediation.domain.events import (
    Agreement,
    AgreementPerformed,
    AgreementSigned,
    CaseAccepted,
    CaseEvent,
    CaseRegistered,
    ClockStarted,
    SessionHeld,
    WillSaid,
)
from services.mediation.domain.evolution import evolve
from services.mediation.domain.policy import MediationPolicy
from services.mediation.shipped import POLICY as SHIPPED
from tests.support.specification import Given, past

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday
LATER = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
COMMUNITY = "community:guanshangzhongxinqu"
STREET = "street:guanshang"
POLICY = TypeAdapter(MediationPolicy).validate_python(
    tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
)
WORK = WorkTime(days=NationalCalendar())
CLOCKS = Clocks(policy=POLICY, work=WORK)
BOTH = (Party.JIA, Party.YI)

REGISTERED = CaseRegistered(
    dispute=Dispute.NEIGHBOURS,
    risk=Risk.ORDINARY,
    source=Source.PARTIES,
    street="guanshang",
    community="guanshangzhongxinqu",
    office=COMMUNITY,
    way=Way.PEOPLE,
    parties=BOTH,
    by=COMMUNITY,
    at=MORNING,
)
RESPONSE = CLOCKS.started(Awaited.RESPONSE, MORNING)
ACCEPTED = CaseAccepted(way=Way.PEOPLE, at=MORNING)
MEDIATION = CLOCKS.mediation(MORNING)
WILLING = tuple(WillSaid(party=party, willing=True, at=MORNING) for party in BOTH)
HELD = SessionHeld(on=date(2026, 3, 5), body=Body.COMMITTEE, mediators=("m1",), at=LATER)
AGREEMENT = Agreement(
    signed_on=date(2026, 3, 6),
    signed=BOTH,
    perform_by=date(2026, 3, 16),
    amount=50_000,
    box="box-1",
)
SIGNED = AgreementSigned(agreement=AGREEMENT, at=LATER)
PERFORMING = ClockStarted(awaited=Awaited.PERFORMANCE, due=datetime(2026, 3, 16, 16, tzinfo=UTC))
PERFORMED = AgreementPerformed(on=date(2026, 3, 16), at=LATER)
VISITING = CLOCKS.visit(date(2026, 3, 16))

RECEIVED: tuple[CaseEvent, ...] = (REGISTERED, RESPONSE)
TAKEN: tuple[CaseEvent, ...] = (*RECEIVED, ACCEPTED, MEDIATION)
MET: tuple[CaseEvent, ...] = (*TAKEN, *WILLING, HELD)
AGREED: tuple[CaseEvent, ...] = (*MET, SIGNED, PERFORMING)
DONE: tuple[CaseEvent, ...] = (*AGREED, PERFORMED, VISITING)


def given(events: tuple[CaseEvent, ...], *more: Any) -> Given[Case]:
    return past(None, evolve, (*events, *more))
