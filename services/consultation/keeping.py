"""What is kept no longer: photographs of a matter's steps, and what residents proposed in their words (C-18, C-24)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chassis.cause import Cause
from chassis.kind import Held
from chassis.retention import Line

from .desk import ConsultationDesk
from .domain.photo import Photo
from .domain.policy import ConsultationPolicy
from .domain.resettling import Resettled
from .domain.topic import Proposal

PHOTO_DAYS, PROPOSAL_DAYS = "photo_days", "proposal_days"


def lines(desk: ConsultationDesk) -> tuple[Line, ...]:
    async def policy() -> ConsultationPolicy:
        return (await desk.policies.current())[1]

    async def photo_days() -> int:
        return (await policy()).photo_days

    async def proposal_days() -> int:
        return (await policy()).proposal_days

    async def remove_photo(photo: Held[Photo], cause: Cause) -> None:
        if await _over(
            desk, photo.aggregate.matter, cause.now - timedelta(days=await photo_days())
        ):
            files, names = desk.photos.files, [photo.aggregate.file]
            await desk.removals.remove_filed(files, photo, names, PHOTO_DAYS, cause)

    async def remove_proposal(held: Held[Proposal], cause: Cause) -> None:
        """Its words are in its trail, too: all of it goes, and the matter made of it, in words of its own, stays."""
        until, matter = cause.now - timedelta(days=await proposal_days()), held.aggregate.matter
        answered = _last(await desk.proposals.trail(held.id)) <= until
        if answered and (matter is None or await _over(desk, matter, until)):
            await desk.removals.remove(desk.proposals, held.id, PROPOSAL_DAYS, cause)

    return (
        Line(name=PHOTO_DAYS, of=desk.photos.kept, days=photo_days, remove=remove_photo),
        Line(name=PROPOSAL_DAYS, of=desk.proposals, days=proposal_days, remove=remove_proposal),
    )


async def _over(desk: ConsultationDesk, matter: str, until: datetime) -> bool:
    """The last that happened in it was by then."""
    held, trail = await desk.matters.history(matter)
    return held.aggregate.over and _last(trail) <= until


def _last(trail: Sequence[Mapping[str, Any]]) -> datetime:
    """That its community came to another street is nothing that happened to it."""
    own = [entry for entry in trail if entry["type"] != Resettled.__name__]
    return datetime.fromisoformat(own[-1]["at"])
