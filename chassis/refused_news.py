"""A partner's event that a service refuses: the refusal is published, so that the partner needn't ask."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.platform import PARTNER_SOURCE, NewsRefused

from .aggregates import Aggregates, Outlet
from .cause import Cause
from .kind import Kind, derived_id
from .store import Store

LONGEST = 2000
"""Characters of a reason that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTurnedDown:
    """One message, and why it was refused: what happened, and what is kept of it."""

    partner: str
    why: str
    source: str | None = None
    news: str | None = None
    told: str | None = None
    reference: str | None = None
    at: datetime


def teller(source: str) -> str | None:
    """Which partner published it; None if no partner did."""
    return source.split("/")[2] if re.match(PARTNER_SOURCE, source) else None


class RefusedNews:
    """Of one service. On redelivery of a message it is found that the refusal was published already."""

    def __init__(self, service: str, store: Store, key: bytes, outlet: Outlet) -> None:
        def announce(event: NewsTurnedDown, _: NewsTurnedDown) -> NewsRefused:
            return NewsRefused(
                partner=event.partner,
                service=service,
                why=event.why,
                source=event.source,
                news=event.news,
                told=event.told,
                reference=event.reference,
            )

        kind: Kind[NewsTurnedDown, NewsTurnedDown] = Kind(
            service=service,
            collection="refused_news",
            state=NewsTurnedDown,
            events=(NewsTurnedDown,),
            evolve=lambda _, event: event,
            announce=announce,
            keys=lambda _: {},
        )
        self.kept = Aggregates(kind, store, key, outlet)

    async def tell(self, refused: NewsTurnedDown, cause: Cause, *, mark: str) -> None:
        """Once for each reason; `mark` tells messages apart. Unavailable while it can't be kept."""
        told = replace(refused, why=refused.why[:LONGEST])

        def decide(known: NewsTurnedDown | None) -> list[NewsTurnedDown]:
            return [] if known is not None and known.why == told.why else [told]

        id = derived_id(self.kept.kind.service, "refused_news", mark)
        await self.kept.record(id, decide, cause.unkeyed())
