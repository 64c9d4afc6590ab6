"""An agreement (提供协议书): what a developer owes a community, what came of it, and by which day.

Decisions read the state and return what now happens, or refuse; `evolve` is the only place where
state changes. A due date is missed once, whatever happens afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of
from chassis.kernel.errors import OURS, Malformed, OutOfOrder, RuleBroken, UnknownReference
from chassis.kernel.measure import as_decimal
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.housing.vocabulary import WORDS

from .area import least
from .events import (
    AgreementCancelled,
    AgreementEvent,
    AgreementExtended,
    AgreementFulfilled,
    AgreementOverdue,
    AgreementReplaced,
    AgreementSigned,
    Handover,
    InspectionCorrected,
    PremisesHandedOver,
    PremisesInspected,
    RemedyDone,
    Terms,
)
from .inspection import Inspection, Point, Remedy, agreed, corrected
from .rules import NEW_RESIDENCES, RULES

UNITS = ("housing_construction",)
"""The department that every agreement concerns."""


class Status(StrEnum):
    OPEN = "open"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


ALLOWED: Mapping[str, frozenset[Status]] = {
    "inspect": frozenset({Status.OPEN, Status.FULFILLED}),
    "hand_over": frozenset({Status.OPEN, Status.FULFILLED}),
    "extend": frozenset({Status.OPEN}),
    "cancel": frozenset({Status.OPEN}),
    "replace": frozenset({Status.OPEN}),
}


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
    replaces: str | None = None
    replacement: AgreementReplaced | None = None
    inspections: tuple[Inspection, ...] = ()
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
    def stands(self) -> bool:
        """Whether what it owes is still owed, or has been given."""
        return self.status in (Status.OPEN, Status.FULFILLED)

    @property
    def counted(self) -> int:
        """H-12: what was handed over stays so, also under a cancelled one; a replaced one's goes on."""
        return 0 if self.status is Status.REPLACED else self.accepted

    @property
    def overdue(self) -> bool:
        """Missed, and still to be handed over by the same date."""
        return self.status is Status.OPEN and self.due in self.missed

    @property
    def undone(self) -> tuple[tuple[int | None, Remedy], ...]:
        """What is still to be done, by inspection; a replaced agreement's goes on in the other."""
        if self.status is Status.REPLACED:
            return ()
        return tuple(
            (part.inspection, remedy)
            for part in self.handovers
            for remedy in part.remedies
            if remedy.done_at is None
        )

    @property
    def to_remedy(self) -> tuple[tuple[int | None, Point], ...]:
        return tuple((inspection, remedy.point) for inspection, remedy in self.undone)

    @property
    def done_with(self) -> bool:
        """Nothing is owed or to be put right; a replaced one says where it goes on."""
        if self.status is Status.REPLACED:
            return False
        return self.status is not Status.OPEN and not self.to_remedy

    @property
    def ends_at(self) -> datetime | None:
        """When the due day ends, or has ended, in Shanghai, while something is owed."""
        if self.status is not Status.OPEN:
            return None
        return end_of(self.due)

    @property
    def lapses_at(self) -> datetime | None:
        """When the due day has ended in Shanghai; None where nobody waits for it any more."""
        return None if self.due in self.missed else self.ends_at

    def next_steps(self) -> list[str]:
        steps = [step for step, statuses in ALLOWED.items() if self.status in statuses]
        return [*steps, "remedies"] if self.to_remedy else steps

    # Decisions

    def inspect(self, inspection: Inspection, *, now: datetime) -> tuple[AgreementEvent, ...]:
        """H-04: what is offered, looked at before it is accepted."""
        self.may("inspect")
        if inspection.at > now:
            raise Malformed("验收时间不能晚于现在。", field="at")
        return (PremisesInspected(inspection=inspection),)

    def may_correct(self) -> None:
        """H-04: what was inspected and not yet handed over."""
        self.may("inspect")
        if all(self._given(one.number) for one in self.inspections):
            raise RuleBroken(RULES["H-04"], "没有尚未移交的验收。", clause=OURS)

    def correct(
        self, *, inspection: int, area: int, first: int, second: int, reason: str
    ) -> tuple[AgreementEvent, ...]:
        """H-04: areas that were typed wrong; what was handed over stays as it was (ours)."""
        self.may_correct()
        found = self._inspected(inspection)
        if self._given(inspection):
            detail = "这次验收已经办过移交，不得更正。"
            raise RuleBroken(RULES["H-04"], detail, clause=OURS, field="inspection")
        required(reason, "reason", "更正须写明理由。")
        right = corrected(found, area=area, first=first, second=second)
        return (InspectionCorrected(inspection=right, reason=reason),)

    def hand_over(
        self, *, inspection: int, remedies: Sequence[Remedy], at: datetime, now: datetime
    ) -> tuple[AgreementEvent, ...]:
        """H-06: a part, or the rest, or more than that: the area that was inspected, once."""
        self.may("hand_over")
        inspected = self._inspected(inspection)
        if self._given(inspection):
            raise RuleBroken(
                RULES["H-04"], "这次验收已经办过移交。", clause=OURS, field="inspection"
            )
        if not inspected.at <= at <= now:
            raise Malformed("移交时间不能早于验收，也不能晚于现在。", field="at")
        area = inspected.area
        handed_over = PremisesHandedOver(
            area=area, at=at, inspection=inspection, remedies=agreed(inspected, remedies, at)
        )
        if self.status is Status.OPEN and area >= self.outstanding:
            return *self.lapse(now=now), handed_over, AgreementFulfilled()
        return *self.lapse(now=now), handed_over

    def extend(self, *, due: date, reason: str, now: datetime) -> tuple[AgreementEvent, ...]:
        """H-07: also after the due date, which then stays missed."""
        self.may("extend")
        if not reason.strip():
            raise RuleBroken(RULES["H-07"], "延期须写明理由。", field="reason")
        if due <= self.due:
            detail = f"新的到期日须晚于现在的到期日 {self.due}。"
            raise RuleBroken(RULES["H-07"], detail, field="due")
        if now >= end_of(due):
            detail = "新的到期日已经过去，延期只能延到今天或以后。"
            raise RuleBroken(RULES["H-07"], detail, field="due")
        extended = AgreementExtended(due_before=self.due, due=due, reason=reason)
        return *self.lapse(now=now), extended

    def cancel(self, *, reason: str, now: datetime) -> tuple[AgreementEvent, ...]:
        self.may("cancel")
        required(reason, "reason", "撤销须写明理由。")
        return *self.lapse(now=now), AgreementCancelled(reason=reason)

    def may(self, step: str) -> None:
        """H-06: the step in its order."""
        if self.status not in ALLOWED[step]:
            raise OutOfOrder(RULES["H-06"], word_of(self.status, WORDS), step, self.next_steps())

    def may_remedy(self) -> None:
        if not self.to_remedy:
            raise RuleBroken(RULES["H-04"], "没有待整改的项。", clause=OURS)

    def remedy(
        self, *, inspection: int, point: Point, photos: Sequence[str], now: datetime
    ) -> tuple[AgreementEvent, ...]:
        """H-04: done, with its photo; late or not, the agreed day stays."""
        self.may_remedy()
        if (inspection, point) not in self.to_remedy:
            raise RuleBroken(RULES["H-04"], "没有这一项待整改。", clause=OURS, field="point")
        if not photos:
            raise RuleBroken(RULES["H-04"], "整改完成须附照片。", clause=OURS, field="photos")
        return (RemedyDone(inspection=inspection, point=point, photos=tuple(photos), at=now),)

    def replace(
        self, *, by: str, terms: Terms, reason: str, now: datetime
    ) -> tuple[AgreementEvent, ...]:
        """H-12: cancelled for another one, which must be one that could have been signed."""
        self.may("replace")
        required(reason, "reason", "变更协议须写明理由。")
        replaced = AgreementReplaced(by=by, terms=terms, reason=reason, at=now)
        sign(self.successor(replaced))
        return *self.lapse(now=now), replaced

    def successor(self, replaced: AgreementReplaced) -> AgreementSigned:
        terms = replaced.terms
        return AgreementSigned(
            agreement=replaced.by,
            project=terms.project,
            community=self.community,
            street=self.street,
            developer=terms.developer,
            households=terms.households,
            area_owed=terms.area_owed,
            due=terms.due,
            at=replaced.at,
            replaces=self.id,
            carried=self.handovers,
            inspected=self.inspections,
        )

    def _inspected(self, number: int) -> Inspection:
        for inspection in self.inspections:
            if inspection.number == number:
                return inspection
        raise UnknownReference(f"没有第 {number} 次验收。", field="inspection")

    def _given(self, inspection: int) -> bool:
        """Whether what was inspected then was handed over."""
        return any(part.inspection == inspection for part in self.handovers)

    def lapse(self, *, now: datetime) -> tuple[AgreementOverdue, ...]:
        """H-07: once per due date, by the timer or by whatever is done here before it came round."""
        lapses_at = self.lapses_at
        if lapses_at is None or now < lapses_at:
            return ()
        return (AgreementOverdue(due=self.due, outstanding=self.outstanding),)


def sign(signed: AgreementSigned) -> tuple[AgreementSigned, ...]:
    """H-06: it says who and what; H-03: it owes what the households are due."""
    if not signed.project.strip():
        raise RuleBroken(RULES["H-06"], "协议须写明项目。", field="project")
    if not signed.developer.strip():
        raise RuleBroken(RULES["H-06"], "协议须写明开发单位。", field="developer")
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


def succeed(signed: AgreementSigned) -> tuple[AgreementEvent, ...]:
    """One that replaces another: fulfilled at once where what was carried on is enough."""
    enough = sum(part.area for part in signed.carried) >= signed.area_owed
    return (signed, AgreementFulfilled()) if enough else (signed,)


def evolve(agreement: Agreement | None, event: AgreementEvent) -> Agreement:
    if isinstance(event, AgreementSigned):
        return _signed(event)
    if agreement is None:
        raise ValueError("an agreement begins by being signed")
    match event:
        case PremisesInspected():
            return replace(agreement, inspections=(*agreement.inspections, event.inspection))
        case InspectionCorrected():
            right = event.inspection
            each = (right if one.number == right.number else one for one in agreement.inspections)
            return replace(agreement, inspections=tuple(each))
        case PremisesHandedOver():
            part = Handover(
                area=event.area,
                at=event.at,
                inspection=event.inspection,
                remedies=event.remedies,
            )
            return replace(agreement, handovers=(*agreement.handovers, part))
        case RemedyDone():
            return replace(agreement, handovers=_remedied(agreement.handovers, event))
        case AgreementReplaced():
            return replace(agreement, status=Status.REPLACED, replacement=event)
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


def _remedied(handovers: Sequence[Handover], done: RemedyDone) -> tuple[Handover, ...]:
    return tuple(
        replace(
            part,
            remedies=tuple(
                replace(remedy, done_at=done.at, photos=done.photos)
                if (part.inspection, remedy.point) == (done.inspection, done.point)
                else remedy
                for remedy in part.remedies
            ),
        )
        for part in handovers
    )


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
        replaces=event.replaces,
        handovers=event.carried,
        inspections=event.inspected,
    )
