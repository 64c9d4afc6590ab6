"""Premises: how they begin, and what the register tells of them."""

from collections.abc import Iterable

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound
from services.housing.domain.premises import CommunityNoted, OutcomeNoted, Premises, PremisesEvent

from .registers import Registers


class PremisesDesk(Registers):
    __slots__ = ()

    async def begun(self, code: str) -> tuple[CommunityNoted]:
        """How the premises of a community that is registered begin."""
        community, version = await self.community(code)
        return (
            CommunityNoted(
                community=code,
                street=community.street,
                households=community.households,
                sequence=version,
            ),
        )

    async def note(self, noted: CommunityNoted, cause: Cause) -> None:
        """What the register told: its households and street, into its premises."""
        today = local_date(cause.now)

        def heard(known: Premises | None) -> Iterable[PremisesEvent]:
            return known.note(noted, today=today) if known else (noted,)

        await self.premises.record(noted.community, heard, cause)

    async def note_outcome(self, community: str, noted: OutcomeNoted, cause: Cause) -> None:
        """What was deliberated about the premises; UnknownReference for those of no community of ours."""
        begun = await self.begun(community)

        def heard(known: Premises | None) -> Iterable[PremisesEvent]:
            return known.note_outcome(noted) if known else (*begun, noted)

        await self.premises.record(community, heard, cause)


def community_of(room: str) -> str:
    """A room's id says whose it is: `haihua~3`."""
    community, _, number = room.rpartition("~")
    if not community or not number.isdecimal():
        raise NotFound(f"没有这个房间：{room}")
    return community
