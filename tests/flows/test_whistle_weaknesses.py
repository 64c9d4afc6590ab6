"""index → whistle: a weakness told across the broker is on its street's quarterly sheet, and nobody else's."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chassis.bus import Message
from contracts.event import Envelope
from contracts.index import WeaknessFlagged
from tests.support.buses import until
from tests.support.inside import Inside
from tests.support.wired import platform

__all__ = ["platform"]

SHEET = "/api/v1/whistle/bulletins"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def told(sequence: int = 1, id: str = "", **data: Any) -> Message:
    """As the index would."""
    news = WeaknessFlagged(
        **{
            "street": "guanshang",
            "theme": "whistles",
            "quarter": "2026-Q4",
            "level": 5850,
            "why": "below",
            **data,
        }
    )
    envelope = Envelope(
        id=id or str(uuid4()),
        source="/gongzhi/index",
        type=news.type,
        subject=f"weaknesses/{news.street}.{news.theme}.{news.quarter}",
        time=NOW,
        sequence=f"{sequence:012d}",
        correlationid="scorecards",
        data=news.model_dump(mode="json", exclude_none=True),
    )
    return Message(id=envelope.id, type=envelope.type, body=envelope.wire())


async def test_W_14_weaknesses_stand_on_the_quarterly_sheet_of_their_street(
    platform: Inside,
) -> None:
    bus = platform.runtime.bus
    for letter in (
        told(2, id="w-2", level=6100, before=7200, why="falling"),
        told(1, id="w-1"),  # later on the wire, earlier by its teller
        told(2, id="w-2", level=6100, before=7200, why="falling"),
        told(street="taihe", theme="consultation"),
        told(quarter="2026-Q3"),
    ):
        await bus.publish(letter)
    centre: Any = platform("command_centre")
    here = [{"theme": "whistles", "level": 6100, "before": 7200, "why": "falling"}]
    there = [{"theme": "consultation", "level": 5850, "before": None, "why": "below"}]

    async def listed() -> bool:
        sheets = [await centre.get(f"{SHEET}/2026-Q{quarter}") for quarter in (3, 4)]
        first, second = [sheet["weaknesses"] for sheet in sheets]
        return len(first) == 1 and second == {"guanshang": here, "taihe": there}

    await until(listed)
    street = await platform("street:guanshang").get(f"{SHEET}/2026-Q4")
    assert street["weaknesses"] == {"guanshang": here}
    for other in ("street:wujing", "department:water", "community:guanshangzhongxinqu"):
        assert (await platform(other).get(f"{SHEET}/2026-Q4"))["weaknesses"] == {}
    for period in ("2026-11", "2026"):
        assert "weaknesses" not in await centre.get(f"{SHEET}/{period}")
    assert await bus.parked("whistle") == []
