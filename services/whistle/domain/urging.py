"""催办 (W-18): who blew asks those it waits on to hurry. It is said and kept, and moves no deadline."""

from datetime import datetime, timedelta

from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import RuleBroken

from . import waiting
from .events import Kind, Urged
from .policy import Urging
from .rules import RULES
from .whistle import Whistle

DAY = timedelta(days=1)


def waits_on(whistle: Whistle) -> tuple[str, ...]:
    """The offices whose move it is (W-17), besides who blew."""
    return tuple(office for office in waiting.of_whistle(whistle) if office != whistle.blower)


def may_urge(whistle: Whistle, by: str, now: datetime, work: WorkTime, under: Urging) -> None:
    whistle.may("urge", by)
    if whistle.kind not in under.kinds:
        raise RuleBroken(RULES["W-18"], "此类哨不设催办。")
    if not waits_on(whistle):
        raise RuleBroken(RULES["W-18"], "此哨正等吹哨单位自己办理，无须催办。")
    every_day = whistle.kind is Kind.EMERGENCY
    if whistle.urged_at is not None and _begun(whistle.urged_at, now, work, every_day) < under.days:
        days = "天" if every_day else "个工作日"
        raise RuleBroken(RULES["W-18"], f"已经催办过，满 {under.days} {days}可再催办。")


def urge(whistle: Whistle, *, by: str, now: datetime, work: WorkTime, under: Urging) -> Urged:
    may_urge(whistle, by, now, work, under)
    return Urged(whom=waits_on(whistle), at=now)


def _begun(last: datetime, now: datetime, work: WorkTime, every_day: bool) -> int:
    """How many working days have begun since that day; for an emergency, which no holiday stops (W-06), of any kind."""
    day, found = local_date(last) + DAY, 0
    while day <= local_date(now):
        found += every_day or work.days.is_working(day)
        day += DAY
    return found
