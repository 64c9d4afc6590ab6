"""What consultation tells, as annex 9's sheets take it: of a street's own committee, with the year it counts in.

Annex 9 is of streets: what a community's committee does is not in it.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from chassis.kernel.clock import local_date
from chassis.subscriptions import Heard
from contracts.consultation import (
    DateMissed,
    FactRecorded,
    MatterClosed,
    MemberSeated,
    OutcomeFollowed,
    OutcomeReported,
    PlanFiled,
    SeatEnded,
    SessionHeld,
)

from .domain.annex9 import RECORDED
from .domain.annex9_events import (
    Claim,
    FactTold,
    Level,
    MatterTold,
    MissTold,
    Owed,
    PlanTold,
    RollTold,
    SessionTold,
    Told,
)

Found = tuple[int, Told] | None
"""The year, and what is entered in its sheet."""
CARRIED_OUT = frozenset({"needs_upper_level", "usable_here"})
"""Outcomes of which something is to be."""
OWED = {
    "report": Owed.FEEDBACK,
    "decision": Owed.FEEDBACK,
    "feedback": Owed.FEEDBACK,
    "progress": Owed.PROGRESS,
}
"""What waits behind each date: before anybody is told, it is reported and decided."""


def planned(heard: Heard[PlanFiled]) -> Found:
    news = heard.event
    if news.level != "street":
        return None
    return news.year, PlanTold(
        event=heard.envelope.id,
        sequence=heard.sequence,
        topics=news.topics,
        regular=news.regular,
        members=news.seats,
        non_party=news.outside,
        at=news.at,
    )


def stands(heard: Heard[MemberSeated] | Heard[SeatEnded]) -> Found:
    news = heard.event
    if news.level != "street" or news.seats is None or news.outside is None:
        return None
    return local_date(news.at).year, RollTold(
        event=heard.envelope.id,
        sequence=heard.sequence,
        members=news.seats,
        non_party=news.outside,
        at=news.at,
    )


def held(heard: Heard[SessionHeld]) -> Found:
    news = heard.event
    if (news.level, news.kind) != ("street", "topical"):
        return None
    return local_date(news.at).year, SessionTold(
        event=heard.envelope.id, papers=news.seal is not None, at=news.at, matter=news.matter
    )


def decided(heard: Heard[OutcomeReported]) -> Found:
    """It counts as not carried out until it is."""
    news = heard.event
    if news.level != "street":
        return None
    return local_date(news.at).year, MatterTold(
        event=heard.envelope.id,
        matter=news.matter,
        sequence=heard.sequence,
        completed=False,
        fixed=news.fixed or 0,
        informed=0,
        written=0,
        progress=0,
        at=news.at,
        owed=news.outcome in CARRIED_OUT,
        ended=False,
        since=news.at,
    )


def followed(heard: Heard[OutcomeFollowed]) -> Found:
    """What was said of it so far, in the year of its outcome; its end says it again."""
    news = heard.event
    if news.level != "street":
        return None
    return local_date(news.decided or news.at).year, MatterTold(
        event=heard.envelope.id,
        matter=news.matter,
        sequence=heard.sequence,
        completed=False,
        fixed=news.fixed,
        informed=news.informed or 0,
        written=news.written or 0,
        progress=news.progress,
        at=news.at,
        ended=False,
        since=news.decided,
        told_back=news.informed is not None,
    )


def ended(heard: Heard[MatterClosed]) -> Found:
    """In the year of its outcome; what isn't carried out had nothing to be.

    Where nobody counted who was told (under the procedure of 2016), item 7 counts none of its members.
    """
    news = heard.event
    of_street = news.level == "street" if news.level else news.community is None
    if not of_street:
        return None
    return local_date(news.decided or news.at).year, MatterTold(
        event=heard.envelope.id,
        matter=news.matter,
        sequence=heard.sequence,
        completed=news.completed,
        fixed=news.fixed if news.informed is not None else 0,
        informed=news.informed or 0,
        written=news.written or 0,
        progress=news.progress,
        at=news.at,
        owed=news.completed,
        since=news.decided,
    )


def missed(heard: Heard[DateMissed]) -> Found:
    """In the year of its date: what is due in a later one is of no account for the year of the outcome. What is due
    as a day ends is of that day.
    """
    news = heard.event
    if news.level != "street" or news.matter is None or news.awaited not in OWED:
        return None
    last = news.due - timedelta(microseconds=1)
    return local_date(last).year, MissTold(
        event=heard.envelope.id, matter=news.matter, owed=OWED[news.awaited], at=last
    )


def recorded(heard: Heard[FactRecorded]) -> Found:
    """What is on record was documented and signed before it was told; what shows it stays where it is kept."""
    news = heard.event
    claim = Claim(
        document=RECORDED,
        place=bool(news.fixed),
        walls=news.walls or 0,
        published=news.published or 0,
        of=news.made or 0,
        mark=news.mark or 0,
        signed=news.mark is not None,
    )
    return news.year, FactTold(
        event=heard.envelope.id,
        sequence=heard.sequence,
        item=news.item,
        claim=claim,
        piece=news.piece,
        level=Level(news.taken) if news.taken else None,
        commented=news.commented,
        at=news.at,
    )


def years(year: int, event: Told) -> tuple[int, ...]:
    """In whose sheets it is entered: how a committee stands when a year ends is how the next one begins."""
    return (year, year + 1) if isinstance(event, RollTold) else (year,)


READ: Mapping[type[Any], Callable[[Heard[Any]], Found]] = {
    PlanFiled: planned,
    MemberSeated: stands,
    SeatEnded: stands,
    SessionHeld: held,
    OutcomeReported: decided,
    OutcomeFollowed: followed,
    MatterClosed: ended,
    DateMissed: missed,
    FactRecorded: recorded,
}
