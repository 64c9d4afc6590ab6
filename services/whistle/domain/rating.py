"""What the resident says of it, 1 to 5: once, from the handling on; it is half of the street's side (W-09)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, RuleBroken

from .course import RESIDENT, Status
from .events import ResidentRated
from .judging import scored_again
from .policy import WhistlePolicy
from .rules import PLAN, RULES
from .whistle import Whistle


def may_rate(whistle: Whistle, days: int, now: datetime) -> None:
    whistle.walk("rate")
    if whistle.rating is not None:
        raise RuleBroken(RULES["W-09"], "已经评价过。", clause=f"{PLAN} 四.6", field="rating")
    if whistle.status is Status.ANSWERED:
        whistle.still_open_to_complaint(days, now)


def rate(
    whistle: Whistle,
    *,
    rating: int,
    days: int,
    scored_under: WhistlePolicy,
    now: datetime,
    work: WorkTime,
) -> ResidentRated:
    """Where the scores stand already they are computed again, under the policy and calendar they were made under.

    `days`: how long after the answer he may, as of today, and as he is told.
    """
    may_rate(whistle, days, now)
    if not 1 <= rating <= 5:
        raise Malformed("评价为 1 到 5 的整数。", field="rating")
    rated = replace(whistle, rating=rating)
    again = scored_again(rated, scored_under, work) if whistle.scores else ()
    return ResidentRated(rating=rating, scores=again)


def open_to_reporter(whistle: Whistle, days: int, now: datetime) -> tuple[str, ...]:
    """What he may do now with his receipt."""
    steps: Mapping[str, Callable[[], None]] = {
        "rate": lambda: may_rate(whistle, days, now),
        "reopen": lambda: whistle.may_reopen(RESIDENT, days, now),
    }
    found = []
    for step, may in steps.items():
        with suppress(RuleBroken):
            may()
            found.append(step)
    return tuple(found)
