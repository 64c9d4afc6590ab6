"""A call and what is said of it, as the specifications of calls share it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chassis.kernel.clock import Budget, start
from services.procurement.domain.application import Application, Precedence, Prepared
from services.procurement.domain.call import Call
from services.procurement.domain.call_events import (
    ApplicationsClosed,
    Applied,
    CallOpened,
    Criterion,
    PanelClosed,
    Points,
)
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.events import Way
from services.procurement.domain.expert import Expert
from services.procurement.domain.offer import OfferFiled
from services.procurement.domain.panel import PanelDrawn, PanelListed
from services.procurement.domain.programme import (
    ProgrammeApproved,
    ProgrammeConfirmed,
    ProgrammeRevised,
)
from services.procurement.domain.ranking import Ranked
from tests.support.specification import Given, past

from .cases import BANK, COMMITTED, FORM, ITEM, MARCH, POPULATIONS, SERVICES, WORK, listed

BUILDING = "官民函〔2021〕64号 二"
TOGETHER = "官办通〔2019〕77号 四.4.4"
GUIDE = "官社建办通〔2018〕15号"
CLOSES = date(2026, 3, 10)
AFTER = datetime(2026, 3, 10, 16, tzinfo=UTC)
"""The first moment after the closing day in Shanghai."""
CLOCK = start(Budget.working_days(10), AFTER, WORK)
"""In which the result of a call whose scores were opened then is owed."""
LATER = CLOCK.due
CRITERIA = (
    Criterion(code="need", text="需求", points=40),
    Criterion(code="design", text="设计", points=60),
)
opened = CallOpened(
    call="call-1",
    plan="p-1",
    item=ITEM,
    project="elderly-care",
    year=2026,
    purchaser="street:guanshang",
    title="长者关怀服务征集",
    closes=CLOSES,
    criteria=CRITERIA,
    at=MARCH,
)
EQUAL = Precedence(social=True, workers_share=(2, 3), outstanding=False, clean=True, grade=0)
mine = Application(
    supplier="tongxin",
    community="haihua",
    workers=2,
    staff=3,
    amount=20_000_000,
    summary="为社区长者提供关怀服务",
    prepared=Prepared(
        heard_on=date(2026, 2, 1), decided_on=date(2026, 2, 2), posted_on=date(2026, 2, 3)
    ),
    form=FORM,
    services=SERVICES,
    populations=POPULATIONS,
    precedence=EQUAL,
    at=MARCH,
)
other = replace(mine, supplier="other")
offered = OfferFiled(
    call="call-1",
    opened_at=MARCH,
    title="长者关怀服务征集",
    closes=CLOSES,
    application=mine,
)
APPLIED = (Applied(application=mine), Applied(application=other))
over = ApplicationsClosed(at=AFTER)
"""As the clock found it where applications stood in the call at once."""
shut = ApplicationsClosed(unopened=True, at=AFTER)
drawn = PanelDrawn(seed="1", drawn=("7", "8", "9", "a", "b"), at=AFTER)
SEATED = (*APPLIED, over, listed, drawn)


def given(*happened: Any, first: CallOpened = opened) -> Given[Call]:
    return past(None, evolve, (first, *happened))


def listing(call: Call, bank: tuple[Expert, ...] = BANK, now: datetime = AFTER) -> PanelListed:
    return call.list_panel(bank, by="finance", size=3, commitment=COMMITTED, now=now)


def called(way: Way) -> CallOpened:
    category = "社区文化营造类" if way is Way.BUILDING else ""
    return replace(opened, item=replace(ITEM, way=way), category=category)


def points(need: int, design: int, supplier: str) -> tuple[Points, ...]:
    return (
        Points(supplier=supplier, criterion="need", points=need),
        Points(supplier=supplier, criterion="design", points=design),
    )


FULL = (*points(40, 60, "tongxin"), *points(10, 20, "other"))


RANKING = (
    Ranked(rank=1, supplier="tongxin", points=300),
    Ranked(rank=2, supplier="other", points=90),
)
closed = PanelClosed(
    scores=(("7", FULL),), ranking=RANKING, publish_by=LATER, clock=CLOCK, at=AFTER
)
revised = ProgrammeRevised(form=FORM, services=SERVICES, at=AFTER)
confirmed = ProgrammeConfirmed(at=AFTER)
approved = ProgrammeApproved(approved=True, opinion="同意", at=AFTER)
PROGRAMME = (revised, confirmed, approved)
