"""Developers' agreements that missed a date: a whistle for each date, and what has changed since noted on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.cause import Cause
from chassis.kind import derived_id
from services.whistle.domain import dealing
from services.whistle.domain.blowing import HOUSING
from services.whistle.domain.course import OVER
from services.whistle.domain.events import Kind, Level, Noted, WhistleBlown, WhistleEvent
from services.whistle.domain.whistle import Whistle

from .registers import Registers


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDate:
    """One date that an agreement missed (an Asia/Shanghai day), and whom it concerns."""

    agreement: str
    due: str
    street: str
    community: str | None = None

    @property
    def whistle(self) -> str:
        """The id of its whistle."""
        return derived_id("whistles", "agreement", self.agreement, self.due)

    def blown(self, now: datetime) -> WhistleBlown:
        return WhistleBlown(
            level=Level.STREET,
            kind=Kind.TACKLE,
            blower=f"street:{self.street}",
            street=self.street,
            community=self.community,
            category="property",
            title=f"社区“两房”协议逾期未移交（到期日 {self.due}）",
            summoned=(HOUSING,),
            lead=HOUSING,
            origin=f"agreement:{self.agreement}",
            at=now,
        )


class AgreementDesk(Registers):
    __slots__ = ()

    async def blow_for_agreement(self, missed: MissedDate, cause: Cause) -> None:
        """A tackle whistle at the street, once per agreement and due date."""
        numbered = await self.numbered(missed.street, cause.now)
        await self.whistles.once(
            missed.whistle, [missed.blown(cause.now)], cause, numbered=numbered
        )

    async def deal_with_change(
        self, happened: Iterable[dealing.WhistleConcerned], agreement: str, cause: Cause
    ) -> None:
        """Told on for each missed date, because a reaction changes one document."""
        await self.dealings.record(derived_id("dealings", agreement), lambda _: happened, cause)

    async def note_change(self, missed: MissedDate, change: str, cause: Cause) -> None:
        """On its whistle while that is open; made here if its own news is still on the way."""
        note = Noted(what=change, about=missed.agreement)

        def noted(known: Whistle | None) -> Iterable[WhistleEvent]:
            if known is None:
                return [missed.blown(cause.now), note]
            return () if known.status in OVER else [note]

        numbered = await self.numbered(missed.street, cause.now)
        await self.whistles.record(missed.whistle, noted, cause, numbered=numbered)
