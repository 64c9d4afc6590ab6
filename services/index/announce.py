"""What this service tells others: nothing yet. An entry is its own affair."""

from contracts.event import Event

from .domain.entry import Entry, TurnHeard


def of_entries(event: TurnHeard, after: Entry) -> Event | None:
    return None
