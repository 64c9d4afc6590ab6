"""What a partner tells, a few of it at a time."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from gongzhi.office import Office

PARTNERS = "/api/v1/partners/events"
HOTLINE = "/partners/hotline"


def in_time(events: Iterable[dict[str, Any]]) -> list[str]:
    """Their types in the order in which they happened: what comes to the journal together it may number otherwise."""
    return [event["type"] for event in sorted(events, key=lambda event: str(event["time"]))]


async def told(by: Office, many: int, **more: Any) -> str:
    """News of the hotline, each of them a case; the number of its own that they share."""
    reference = str(more.pop("reference", uuid4().hex))
    for _ in range(many):
        data = {
            "community": "jiangong",
            "category": "environment",
            "title": "垃圾清运不及时",
            "reported_at": "2025-11-20T01:00:00Z",
            "reference": reference,
            **more,
        }
        kind = "partner.problem_reported.v1"
        event = {"specversion": "1.0", "id": uuid4().hex, "source": HOTLINE, "type": kind}
        await by.post(PARTNERS, {**event, "data": data})
    return reference
