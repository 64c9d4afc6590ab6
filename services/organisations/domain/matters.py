"""O-07: major matters, reported in writing before or as they happen, and after."""

from datetime import date, datetime

from chassis.kernel.clock import Budget, begin_of, local_date, start
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required_by

from .events import MatterFollowed, MatterMissed, MatterReported
from .kinds import MatterKind
from .organisation import Organisation
from .parts import Matter
from .registering import Numbers
from .rules import RULES


def report(
    organisation: Organisation,
    *,
    kind: MatterKind,
    what: str,
    on: date,
    now: datetime,
    numbers: Numbers,
) -> MatterReported:
    """On its day it is in time; the day after it is late, and marked so. Its outcome is reported after: the first
    working day that counts is the one after its day, or after that of a late report."""
    organisation.must_be_on("O-07")
    required_by(RULES["O-07"], what, "what")
    if on.year > local_date(now).year + 1:
        raise Malformed("日期太远。", field="on")
    late = on < local_date(now)
    days = Budget.working_days(numbers.policy.matter_days)
    matter = Matter(
        id=f"m{len(organisation.matters) + 1}",
        kind=kind,
        what=what,
        on=on,
        reported_at=now,
        late=late,
        clock=start(days, max(now, begin_of(on)), numbers.work),
    )
    return MatterReported(matter=matter)


def may_follow(organisation: Organisation, id: str, now: datetime) -> None:
    """Once; also after its time, which stays on record."""
    matter = organisation.matter(id)
    if matter.after is not None:
        raise RuleBroken(RULES["O-07"], "该事项已作事后报告。")
    if local_date(now) < matter.on:
        raise RuleBroken(RULES["O-07"], f"事项定于 {matter.on}，发生后再作事后报告。")


def follow(
    organisation: Organisation, id: str, *, after: str, now: datetime
) -> tuple[MatterMissed | MatterFollowed, ...]:
    """After its time it was missed first, whether the clock has come for it yet or not."""
    may_follow(organisation, id, now)
    required_by(RULES["O-07"], after, "after")
    return (*missed(organisation, now), MatterFollowed(matter=id, after=after, at=now))


def missed(organisation: Organisation, now: datetime) -> tuple[MatterMissed, ...]:
    if not organisation.on_register:
        return ()
    return tuple(
        MatterMissed(matter=one.id, due=one.clock.due)
        for one in organisation.matters
        if one.awaited and now > one.clock.due
    )
