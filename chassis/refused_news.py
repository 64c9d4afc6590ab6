"""What a partner told and a service refuses: told back, so that the partner needn't ask."""

import re
from dataclasses import asdict, dataclass, replace
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
    partner: str
    why: str
    source: str | None = None
    news: str | None = None
    told: str | None = None
    reference: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDown:
    """One message, and why it was last refused."""

    partner: str
    why: str
    source: str | None = None
    news: str | None = None
    told: str | None = None
    reference: str | None = None
    at: datetime


def evolve(_: TurnedDown | None, event: NewsTurnedDown) -> TurnedDown:
    return TurnedDown(**asdict(event))


def teller(source: str) -> str | None:
    """Which partner's it is; None for whoever is none."""
    return source.split("/")[2] if re.match(PARTNER_SOURCE, source) else None


class RefusedNews:
    """Of one service. Whoever delivers a message again finds that it was told already."""

    def __init__(self, service: str, store: Store, key: bytes, outlet: Outlet) -> None:
        def announce(event: NewsTurnedDown, _: TurnedDown) -> NewsRefused:
            return NewsRefused(
                partner=event.partner,
                service=service,
                why=event.why,
                source=event.source,
                news=event.news,
                told=event.told,
                reference=event.reference,
            )

        kind: Kind[TurnedDown, NewsTurnedDown] = Kind(
            service=service,
            collection="refused_news",
            state=TurnedDown,
            events=(NewsTurnedDown,),
            evolve=evolve,
            announce=announce,
            keys=lambda _: {},
        )
        self.kept = Aggregates(kind, store, key, outlet)

    async def tell(self, refused: NewsTurnedDown, cause: Cause, *, mark: str) -> None:
        """Once for each reason; `mark` tells messages apart. Unavailable while it can't be kept."""
        told = replace(refused, why=refused.why[:LONGEST])

        def decide(known: TurnedDown | None) -> list[NewsTurnedDown]:
            return [] if known is not None and known.why == told.why else [told]

        id = derived_id(self.kept.kind.service, "refused_news", mark)
        await self.kept.record(id, decide, cause.unkeyed())
