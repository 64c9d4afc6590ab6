"""An invented application, and what happens to it."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, RuleBroken
from services.affairs.domain.admission import (
    Admission,
    Admitted,
    Applied,
    Arranged,
    Entered,
    Form,
    Hearing,
    Mode,
    Provision,
    Reviewed,
    Term,
)
from services.affairs.domain.evolution import evolve
from services.affairs.domain.policy import AffairsPolicy
from services.affairs.shipped import POLICY
from tests.support.specification import Given, past

MARCH = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, ten o'clock."""
LATER = MARCH + timedelta(days=20)
DUE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
"""Ten working days after, at five o'clock."""
WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))
SHIPPED: AffairsPolicy = TypeAdapter(AffairsPolicy).validate_python(
    tomllib.loads(POLICY.read_text(encoding="utf-8"))
)
TODAY = date(2026, 3, 2)
WHEN = date(2026, 3, 22)
"""The day of `LATER`."""

FORM = Form(
    item="居家养老需求调查",
    basis="民发〔2026〕1号",
    aim="摸清底数",
    task="入户填表",
    process="培训、入户、汇总",
    assessed_by="抽查",
    staff="每社区 2 人",
    powers="查阅台账",
    funds=2_000_000,
    provision=Provision.FUNDS,
    term=Term.STAGE,
    begins_on=date(2026, 3, 20),
    until=date(2026, 6, 30),
)
applied = Applied(
    unit="health", street="guanshang", community="haihua", form=FORM, due=DUE, at=MARCH
)
reviewed = Reviewed(
    hearing=Hearing.COORDINATION,
    heard=("street:guanshang", "community:haihua"),
    opinion="必要",
    on=TODAY,
    at=MARCH,
)
admitted = Admitted(
    mode=Mode.STAGE, scope="全部楼栋", until=date(2026, 6, 30), document="和社〔2026〕1号", at=MARCH
)
arranged = Arranged(how="按楼栋推进", at=MARCH)
entered = Entered(on=WHEN, window="一号窗口", at=LATER)
ADMITTED = (applied, reviewed, admitted)
ENTERED = (*ADMITTED, arranged, entered)


def given(*happened: Any) -> Given[Admission]:
    return past(None, evolve, happened or (applied,))


def but(one: Any, **other: Any) -> Any:
    """With something said otherwise."""
    return replace(one, **other)


def broken(
    rule: str, field: str | None, decide: Callable[..., object], *of: Any, **said: Any
) -> RuleBroken:
    """Refused, citing the rule and naming the field."""
    with pytest.raises(RuleBroken) as refusal:
        decide(*of, **said)
    assert (refusal.value.rule.id, refusal.value.field) == (rule, field)
    return refusal.value


def malformed(field: str, decide: Callable[..., object], *of: Any, **said: Any) -> None:
    with pytest.raises(Malformed) as refusal:
        decide(*of, **said)
    assert refusal.value.field == field
