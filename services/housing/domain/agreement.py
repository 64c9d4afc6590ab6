"""An agreement (提供协议书): what a developer owes a community, what came of it, and by which day.

Decisions read the state and return what now happens, or refuse; `evolve` is the only place where
state changes. A due date is missed once, whatever happens afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import SHANGHAI
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.measure import as_decimal

from .area import least
from .rules import NEW_RESIDENCES, RULES

UNITS = ("housing_construction",)
"""The department that every agreement concerns."""


class Status(StrEnum):
    OPEN = "open"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"


ALLOWED: Mapping[str, frozenset[Status]] = {
    "handovers": frozenset({Status.OPEN, Status.FULFILLED}),
    "extend": frozenset({Status.OPEN}),
    "cancel": frozenset({Status.OPEN}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned:
    """Signed by developer (an organisation's code) and street. Areas are hundredths of a m²."""

    agreement: str
    project: str
    community: str
    street: str
    developer: str
    households: int
    area_owed: int
    due: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesHandedOver:
    area: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFulfilled:
    """Nothing is outstanding any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOverdue:
    """The due day ended with area outstanding."""

    due: date
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementExtended:
    due_before: date
    due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCancelled:
    reason: str


AgreementEvent = (
    AgreementSigned
    | PremisesHandedOver
    | AgreementFulfilled
    | AgreementOverdue
    | AgreementExtended
    | AgreementCancelled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One part of the area, and when it was handed over."""

    area: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`missed`: the due dates that ended with area outstanding; they stay, also after an extension."""

    id: str
    status: Status
    project: str
    community: str
    street: str
    developer: str
    households: int
    area_owed: int
    due: date
    signed_at: datetime
    handovers: tuple[Handover, ...] = ()
    missed: tuple[date, ...] = ()

    # What follows from it

    @property
    def accepted(self) -> int:
        return sum(handover.area for handover in self.handovers)

    @property
    def outstanding(self) -> int:
        return max(0, self.area_owed - self.accepted)

    @property
    def surplus(self) -> int:
        return max(0, self.accepted - self.area_owed)

    @property
    def overdue(self) -> bool:
        """Missed, and still to be handed over by the same date."""
        return self.status is Status.OPEN and self.due in self.missed

    @property
    def lapses_at(self) -> datetime | None:
        """When the due day has ended in Shanghai; None where nobody waits for it any more."""
        if self.status is not Status.OPEN or self.due in self.missed:
            return None
        morning_after = datetime.combine(self.due + timedelta(days=1), time(), SHANGHAI)
        return morning_after.astimezone(UTC)

    def next_steps(self) -> list[str]:
        return [step for step, statuses in ALLOWED.items() if self.status in statuses]

    # Decisions

    def hand_over(self, *, area: int, at: datetime, now: datetime) -> tuple[AgreementEvent, ...]:
        """H-06: a part, or the rest, or more than that."""
        self._walk("handovers")
        if area <= 0:
            raise Malformed("移交面积须大于零。", field="area")
        if at > now:
            raise Malformed("移交时间不能晚于现在。", field="at")
        handed_over = PremisesHandedOver(area=area, at=at)
        if self.status is Status.OPEN and area >= self.outstanding:
            return *self.lapse(now=now), handed_over, AgreementFulfilled()
        return *self.lapse(now=now), handed_over

    def extend(self, *, due: date, reason: str, now: datetime) -> tuple[AgreementEvent, ...]:
        """H-07: also after the due date, which then stays missed."""
        self._walk("extend")
        if not reason.strip():
            raise RuleBroken(RULES["H-07"], "延期须写明理由。", field="reason")
        if due <= self.due:
            detail = f"新的到期日须晚于现在的到期日 {self.due}。"
            raise RuleBroken(RULES["H-07"], detail, field="due")
        extended = AgreementExtended(due_before=self.due, due=due, reason=reason)
        return *self.lapse(now=now), extended

    def cancel(self, *, reason: str, now: datetime) -> tuple[AgreementEvent, ...]:
        self._walk("cancel")
        if not reason.strip():
            raise Malformed("撤销须写明理由。", field="reason")
        return *self.lapse(now=now), AgreementCancelled(reason=reason)

    def lapse(self, *, now: datetime) -> tuple[AgreementOverdue, ...]:
        """H-07: once per due date, by the timer or by whatever is done here before it came round."""
        lapses_at = self.lapses_at
        if lapses_at is None or now < lapses_at:
            return ()
        return (AgreementOverdue(due=self.due, outstanding=self.outstanding),)

    def _walk(self, step: str) -> None:
        if self.status not in ALLOWED[step]:
            allowed = "、".join(self.next_steps()) or "无"
            detail = f"当前状态为 {self.status}，不允许 {step}；允许的步骤：{allowed}。"
            raise RuleBroken(RULES["H-06"], detail)


def sign(signed: AgreementSigned) -> tuple[AgreementSigned, ...]:
    """H-06: it says who and what; H-03: it owes what the households are due."""
    if not signed.project.strip():
        raise RuleBroken(RULES["H-06"], "协议须写明项目。", field="project")
    if signed.households <= 0:
        raise RuleBroken(RULES["H-06"], "协议须写明户数。", field="households")
    due = least(signed.households)
    if signed.area_owed < due:
        detail = (
            f"{signed.households} 户应无偿提供不少于 {as_decimal(due)} 平方米，"
            f"协议只有 {as_decimal(signed.area_owed)} 平方米。"
        )
        raise RuleBroken(RULES["H-03"], detail, clause=NEW_RESIDENCES, field="area")
    return (signed,)


def evolve(agreement: Agreement | None, event: AgreementEvent) -> Agreement:
    if isinstance(event, AgreementSigned):
        return _signed(event)
    if agreement is None:
        raise ValueError("an agreement begins by being signed")
    match event:
        case PremisesHandedOver():
            part = Handover(area=event.area, at=event.at)
            return replace(agreement, handovers=(*agreement.handovers, part))
        case AgreementFulfilled():
            return replace(agreement, status=Status.FULFILLED)
        case AgreementOverdue():
            return replace(agreement, missed=(*agreement.missed, event.due))
        case AgreementExtended():
            return replace(agreement, due=event.due)
        case AgreementCancelled():
            return replace(agreement, status=Status.CANCELLED)
        case _:
            assert_never(event)


def _signed(event: AgreementSigned) -> Agreement:
    return Agreement(
        id=event.agreement,
        status=Status.OPEN,
        project=event.project,
        community=event.community,
        street=event.street,
        developer=event.developer,
        households=event.households,
        area_owed=event.area_owed,
        due=event.due,
        signed_at=event.at,
    )
