"""C-02: seats are allocated to classes; C-01: one committee sits at a place, until it is dissolved."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .committee import Committee, Level, fixed_of, size_of
from .members import CommitteeDissolved, MemberClass, SeatsAllocated
from .policy import ConsultationPolicy
from .rules import NOMINATING, RULES

ONE_SITS = frozenset({Level.STREET, Level.COMMUNITY})
"""The levels of which a place has one."""


def allocate(
    committee: Committee,
    seats: Mapping[MemberClass, int],
    policy: ConsultationPolicy,
    now: datetime,
) -> SeatsAllocated:
    """As many in all as the committee may have."""
    committee.in_office(now)
    if not seats or min(seats.values()) <= 0:
        raise Malformed("各类别名额须大于零。", field="seats")
    size, total = size_of(committee.level, policy), sum(seats.values())
    if not size.least <= total <= size.most:
        detail = f"名额合计应在 {size.least}—{size.most} 之间，现为 {total}。"
        raise RuleBroken(RULES["C-02"], detail, clause=NOMINATING, field="seats")
    return SeatsAllocated(seats=seats)


def within_allocation(committee: Committee, member_class: MemberClass) -> None:
    """C-02: a nomination is for a seat that its class still has."""
    allocated = committee.allocated
    if not allocated:
        return
    taken = sum(one.member_class is member_class for one in fixed_of(committee.members))
    taken += sum(one.member_class is member_class for one in committee.nominations)
    if taken >= allocated.get(member_class, 0):
        called = word_of(member_class, WORDS)
        detail = f"{called}的名额为 {allocated.get(member_class, 0)}，已满。"
        raise RuleBroken(RULES["C-02"], detail, clause=NOMINATING, field="member_class")


def dissolve(committee: Committee, reason: str, now: datetime) -> CommitteeDissolved:
    committee.in_office(now)
    required_by(RULES["C-01"], reason, "reason", "撤销须写明理由。", OURS)
    return CommitteeDissolved(reason=reason, at=now)


def alone(sitting: Committee | None) -> None:
    """C-01: `sitting`: who sits there already."""
    if sitting is not None:
        detail = "该处已有在任的议事委员会；换届须先届满或撤销。"
        raise RuleBroken(RULES["C-01"], detail, clause=OURS, field="level")


def evolve(committee: Committee, event: SeatsAllocated | CommitteeDissolved) -> Committee:
    if isinstance(event, SeatsAllocated):
        return replace(committee, allocated=event.seats)
    return replace(committee, dissolved_at=event.at, plan_year=None)
