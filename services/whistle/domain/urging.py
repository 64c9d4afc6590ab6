"""催办 (W-18): who blew asks those it waits on to hurry. It is said and kept, and moves no deadline."""

from datetime import datetime, timedelta

from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import RuleBroken

from .course import CALLED, Status
from .events import Urged
from .rules import RULES
from .whistle import Whistle

DAY = timedelta(days=1)


def waits_on(whistle: Whistle) -> tuple[str, ...]:
    """The offices whose turn it is, besides who blew."""
    if whistle.status in CALLED:
        return tuple(f"department:{task.unit}" for task in whistle.tasks if not task.filed)
    if whistle.status is Status.HANDLED and whistle.word is None:
        return ()
    turn = whistle.evaluator if whistle.status is Status.VERIFIED else whistle.authority
    return (turn,) if turn != whistle.blower else ()


def may_urge(whistle: Whistle, by: str, now: datetime, work: WorkTime) -> None:
    whistle.may("urge", by)
    if not waits_on(whistle):
        raise RuleBroken(RULES["W-18"], "此哨正等吹哨单位自己办理，无须催办。")
    if whistle.urged_at is not None and not _another_day(whistle.urged_at, now, work):
        raise RuleBroken(RULES["W-18"], "本工作日已催办过，下一个工作日可再催办。")


def urge(whistle: Whistle, *, by: str, now: datetime, work: WorkTime) -> Urged:
    may_urge(whistle, by, now, work)
    return Urged(whom=waits_on(whistle), at=now)


def _another_day(last: datetime, now: datetime, work: WorkTime) -> bool:
    """Whether a working day has begun since that day."""
    day = local_date(last) + DAY
    while day <= local_date(now):
        if work.days.is_working(day):
            return True
        day += DAY
    return False
