"""The data held about a person, on that person's request: identity, the record, who read it, and until when it is
kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .aggregates import Aggregates
from .documents import plain
from .sealed import Sealed


async def held_about(
    records: Aggregates[Any, Any],
    sealed: Sealed,
    id: str,
    what: str,
    *,
    reading: Callable[[Any], bool],
    over: datetime | None,
    days: int,
) -> dict[str, Any]:
    """`what` is sealed of the record; `reading`: whether an event is that somebody read it.

    Kept for `days` once it is over; no time is said while something is still to be done.
    """
    held, trail = await records.history(id)
    events = [(entry, records.codec.load_event(entry["type"], entry["data"])) for entry in trail]
    return {
        "person": await sealed.open(id, what),
        "record": records.codec.dump_state(held.aggregate),
        "read": [
            {"at": entry["at"], "by": entry["actor"], "reason": event.reason}
            for entry, event in events
            if reading(event)
        ],
        "kept_until": plain(over + timedelta(days=days)) if over else None,
    }
