"""Every published event class, by type: the schemas, AsyncAPI and the gateway's checks are made from it."""

import inspect
from collections.abc import Mapping

from . import (
    affairs,
    consultation,
    housing,
    index,
    mediation,
    organisations,
    partner,
    platform,
    procurement,
    whistle,
)
from .event import Event

MODULES = (
    affairs,
    consultation,
    housing,
    index,
    mediation,
    organisations,
    partner,
    platform,
    procurement,
    whistle,
)


def _events() -> Mapping[str, type[Event]]:
    found = [
        member
        for module in MODULES
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Event) and "type" in vars(member)
    ]
    return {event.type: event for event in sorted(found, key=lambda event: event.type)}


EVENTS = _events()
PARTNERS = {type: event for type, event in EVENTS.items() if type.startswith("partner.")}
