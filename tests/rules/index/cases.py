"""What is heard of a whistle, written out."""

from datetime import datetime
from functools import reduce
from typing import Any

from services.index.domain.entry import Account, Entry, Turn, TurnHeard, evolve, hear

TYPES = {
    Turn.CLOSED: "whistle.closed.v1",
    Turn.REOPENED: "whistle.reopened.v1",
    Turn.REJECTED: "whistle.rejected.v1",
    Turn.WITHDRAWN: "whistle.withdrawn.v1",
    Turn.MISSED: "whistle.deadline_missed.v1",
}
GOOD = Account(
    arrivals=3,
    arrivals_on_time=2,
    handlings=3,
    handlings_on_time=3,
    returns=1,
    score=7567,
    satisfaction=4,
)
WORSE = Account(
    arrivals=3, arrivals_on_time=2, handlings=3, handlings_on_time=1, returns=2, score=6400
)


def heard(sequence: int, turn: Turn, at: str, account: Account | None = None) -> TurnHeard:
    """`at` in UTC: "2026-03-31T16:00:00Z"."""
    return TurnHeard(
        event=f"e-{sequence}",
        type=TYPES[turn],
        sequence=sequence,
        turn=turn,
        at=datetime.fromisoformat(at),
        street="liujia",
        community="haihua",
        account=account,
    )


missed = heard(4, Turn.MISSED, "2026-03-03T09:00:01Z")
closed = heard(12, Turn.CLOSED, "2026-03-10T02:00:00Z", GOOD)
reopened = heard(13, Turn.REOPENED, "2026-03-20T02:00:00Z")
missed_again = heard(14, Turn.MISSED, "2026-03-27T09:00:01Z")
closed_again = heard(20, Turn.CLOSED, "2026-04-08T02:00:00Z", WORSE)
rejected = heard(2, Turn.REJECTED, "2026-03-02T03:00:00Z")
withdrawn = heard(2, Turn.WITHDRAWN, "2026-03-02T03:00:00Z")
LIFE = (missed, closed, reopened, missed_again, closed_again)


def delivered(*news: TurnHeard) -> Entry:
    """As the desk enters it: what `hear` lets through, folded."""
    entry: Any = None
    for one in news:
        entry = reduce(evolve, hear(entry, one), entry)
    assert isinstance(entry, Entry)
    return entry
