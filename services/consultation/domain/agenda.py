"""C-23: what a regular meeting hears, each item with its own record; of an appraisal only the counts."""

from datetime import datetime

from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .rules import RULES
from .session import Session
from .session_course import Setting
from .session_events import AgendaItem, AgendaItemHeard, Ratings


def hear(
    session: Session,
    item: AgendaItem,
    record: str,
    ratings: Ratings | None,
    setting: Setting,
    now: datetime,
) -> AgendaItemHeard:
    """Once each, while there is a quorum."""
    present = session.deliberating("item", setting)
    if any(heard.item is item for heard in session.agenda):
        raise RuleBroken(RULES["C-23"], "该事项本次会议已听取。", clause=OURS, field="item")
    if not record.strip():
        raise RuleBroken(RULES["C-23"], "每项议程须单独记录。", clause=OURS, field="record")
    if (item is AgendaItem.APPRAISAL) is not (ratings is not None):
        raise RuleBroken(
            RULES["C-23"], "民主评议须有测评票数，其他事项没有。", clause=OURS, field="ratings"
        )
    if ratings is not None:
        counts = (ratings.good, ratings.fair, ratings.poor)
        if min(counts) < 0 or not 0 < sum(counts) <= present:
            raise Malformed(f"测评票数合计应在 1 到 {present} 之间。", field="ratings")
    return AgendaItemHeard(item=item, record=record, ratings=ratings, at=now)
