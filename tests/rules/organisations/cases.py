"""An invented organisation, and what happens to it."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from services.organisations.domain.events import (
    Applied,
    Examined,
    OrganisationEntered,
    OrganisationRegistered,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import Item, Kind, PartyForm, Sector
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.parts import Examination, Founder, Party
from services.organisations.domain.policy import OrganisationsPolicy
from services.organisations.domain.registering import Numbers
from services.organisations.shipped import POLICY
from tests.support.specification import Given, past

MARCH = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, ten o'clock."""
LATER = MARCH + timedelta(days=20)
WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
SHIPPED: OrganisationsPolicy = TypeAdapter(OrganisationsPolicy).validate_python(
    tomllib.loads(POLICY.read_text(encoding="utf-8"))
)
NUMBERS = Numbers(policy=SHIPPED, work=WORK)

applied = Applied(
    code="nuanyang",
    name="暖阳社会工作服务中心",
    kind=Kind.SERVICE_INSTITUTION,
    sector=Sector.COMMUNITY_SERVICE,
    street="guanshang",
    community="haihua",
    supervising=None,
    purpose="服务社区老人",
    scope="社区养老服务",
    funds=3_000_000,
    grants=False,
    pledge="诺〔2026〕1号",
    founders=(Founder(seat="f1", main=True), Founder(seat="f2")),
    licensed=(),
    at=MARCH,
)
other = replace(applied, sector=Sector.OTHER, supervising="education")
examination = Examination(
    items=tuple(Item),
    heard="周边居民",
    departments=("health",),
    experts_needed=False,
    experts=None,
    excluded=(),
    party=Party(form=PartyForm.LIAISON, members=1),
    opinion="符合条件",
    at=MARCH,
)
examined = Examined(examination=examination)
registered = OrganisationRegistered(
    certificate="证-1", on=date(2026, 3, 20), report_by="06-30", at=LATER
)
entered = OrganisationEntered(
    code="nuanyang",
    name="暖阳",
    kind=Kind.SERVICE_INSTITUTION,
    sector=Sector.OTHER,
    supervising="education",
    scope="助学",
    certificate="证-1",
    on=date(2020, 1, 1),
    report_by="06-30",
    at=MARCH,
)


def given(*happened: Any) -> Given[Organisation]:
    """What happened after its application."""
    return past(None, evolve, (applied, *happened))


def on_register(*happened: Any) -> Given[Organisation]:
    return given(examined, registered, *happened)
