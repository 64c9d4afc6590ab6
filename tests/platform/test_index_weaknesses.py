"""Weaknesses through the service: from entries to what is told when the quarter has ended."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from services.index.domain.entry import Account, Entry, Turn, TurnHeard
from tests.support.index import MARCH, Index, running

CLOSES = datetime(2026, 4, 5, 16, tzinfo=UTC)


async def closed(index: Index, street: str, score: int, at: datetime) -> None:
    """A whistle of this street that closed with this score."""
    entries: Aggregates[Entry, TurnHeard] = next(
        one for one in index.service.aggregates if one.kind.collection == "entries"
    )
    account = Account(
        arrivals=1, arrivals_on_time=1, handlings=1, handlings_on_time=1, returns=0, score=score
    )
    name = f"{street}-{at:%m%d}"
    heard = TurnHeard(
        event=name,
        type="whistle.closed.v1",
        sequence=9,
        turn=Turn.CLOSED,
        at=at,
        street=street,
        account=account,
    )
    await entries.record(name, lambda _: [heard], Cause(actor="test", now=at))


async def test_I_13_a_street_is_told_once_that_it_is_weak(tmp_path: Path, sqlite_url: str) -> None:
    async with running(tmp_path) as index:
        await closed(index, "liujia", 5999, MARCH)
        await closed(index, "guandu", 9500, MARCH)
        index.now = CLOSES - timedelta(seconds=1)
        _, none = await index.ask("resident", "GET", "/weaknesses")
        assert none["items"] == []
        index.now = CLOSES
        await index.until(lambda: len(index.told("weakness_flagged")) == 1)
        assert index.told("weakness_flagged") == [
            {
                "street": "liujia",
                "units": [],
                "theme": "whistles",
                "quarter": "2026-Q1",
                "level": 5999,
                "why": "below",
            }
        ]
        await closed(index, "guandu", 8500, datetime(2026, 5, 4, tzinfo=UTC))
        index.now = datetime(2026, 7, 5, 16, tzinfo=UTC)
        await index.until(lambda: len(index.told("weakness_flagged")) == 2)
        falling = index.told("weakness_flagged")[1]
        assert (falling["street"], falling["before"], falling["why"]) == ("guandu", 9500, "falling")
        _, listed = await index.ask("resident", "GET", "/weaknesses?street=liujia")
        assert [item["id"] for item in listed["items"]] == ["liujia.whistles.2026-Q1"]
