"""What everybody may know of a call (征集公告)."""

from dataclasses import dataclass
from datetime import date

from .call import Call, CallStatus
from .call_events import Criterion, StagePassed
from .condition import Condition
from .events import Way
from .ranking import Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What everybody may know of a call: `amount` in fen at most, and once it is decided by whom it was won, and
    who was `passed_over`, ranked before and not allowed to have it any more."""

    id: str
    title: str
    category: str
    project: str
    year: int
    way: Way
    amount: int
    closes: date
    conditions: tuple[Condition, ...]
    criteria: tuple[Criterion, ...]
    status: CallStatus
    stages: tuple[StagePassed, ...]
    ranking: tuple[Ranked, ...]
    awarded: str | None
    passed_over: tuple[str, ...]
    suggestions: str


def announced(call: Call) -> Announcement:
    return Announcement(
        id=call.id,
        title=call.title,
        category=call.category,
        project=call.project,
        year=call.year,
        way=call.item.way,
        amount=call.item.amount,
        closes=call.closes,
        conditions=call.item.conditions,
        criteria=call.criteria,
        status=call.status,
        stages=call.stages,
        ranking=call.ranking,
        awarded=call.awarded.supplier if call.awarded else None,
        passed_over=call.awarded.passed_over if call.awarded else (),
        suggestions=call.awarded.suggestions if call.awarded else "",
    )
