"""What is heard of others, as the bus brings it."""

from typing import Any

from chassis.cause import Cause
from chassis.subscriptions import Heard
from contracts.event import Envelope
from contracts.housing import CommunityProfiled
from services.procurement.desk import ProcurementDesk

from .cases import MARCH


def heard_of(subject: str, told: Any, news: int = 1) -> Heard[Any]:
    """`news`: which of what was told of it this is; a later one wins."""
    envelope = Envelope(
        id=f"{subject.replace('/', '-')}-{news}",
        source="/gongzhi/housing",
        type=told.type,
        subject=subject,
        time=MARCH,
        sequence=f"{news:012}",
        correlationid="c",
        data=told.model_dump(mode="json", exclude_none=True),
    )
    return Heard(told, envelope, Cause(actor="system:bus", now=MARCH))


def profile(
    code: str,
    street: str,
    valid_from: str = "2019-01-01",
    news: int = 1,
    name: str = "",
    **ended: str,
) -> Heard[Any]:
    """A community of the register; one that `ended`, until when it was (`valid_to`) and what it became."""
    told = CommunityProfiled(
        street=street,
        community=code,
        code=code,
        name=name or code,
        valid_from=valid_from,
        listed=1,
        **ended,
    )
    return heard_of(f"communities/{code}", told, news)


async def profiled(desk: ProcurementDesk, code: str, street: str, **other: Any) -> None:
    await desk.communities.hear(profile(code, street, **other))
