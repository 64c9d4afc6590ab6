"""Partners' events: checked by the gateway, stored, and published on the bus under the partner's own name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
)

from chassis.aggregates import Aggregates
from chassis.asking import Asking
from chassis.kernel.errors import KeyReused, NotAllowed
from chassis.kind import Changed, Kind, derived_id
from contracts.event import Moment
from contracts.platform import PARTNER_SOURCE
from contracts.published import PARTNERS
from contracts.text import cleaned

from .access import TELLERS
from .checked import checked
from .codes import Codes

Text = Annotated[str, AfterValidator(cleaned), StringConstraints(min_length=1, max_length=150)]
ID_BYTES = 255
"""What a broker carries of a message's id."""


def _fit_to_travel(id: str) -> str:
    if len(id.encode()) > ID_BYTES or not id.isprintable():
        raise ValueError(f"not printable, or longer than {ID_BYTES} bytes")
    return id


class Told(BaseModel):
    """A CloudEvent as a partner sends it (1.0, structured JSON)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Annotated[str, StringConstraints(pattern=r"^1\.0$")]
    id: Annotated[Text, AfterValidator(_fit_to_travel)]
    source: Annotated[
        str,
        StringConstraints(max_length=200, pattern=PARTNER_SOURCE),
    ]
    type: Text
    time: Moment | None = None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTaken:
    source: str
    event: str
    type: str
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a partner told, as it was told."""

    source: str
    event: str
    type: str
    data: dict[str, Any]
    taken_at: datetime

    @property
    def partner(self) -> str:
        return self.source.split("/")[2]

    @property
    def reference(self) -> str | None:
        """The partner's own number, if its event has one."""
        found = self.data.get("reference")
        return found if isinstance(found, str) else None


class IdReused(KeyReused):
    """Its source and id were another event's."""

    title = "事件编号已用于其他事件"


def evolve(news: News | None, event: NewsTaken) -> News:
    return News(
        source=event.source,
        event=event.event,
        type=event.type,
        data=event.data,
        taken_at=event.at,
    )


INTAKE: Kind[News, NewsTaken] = Kind(
    service="gateway",
    collection="intake",
    state=News,
    events=(NewsTaken,),
    evolve=evolve,
    announce=lambda event, _: PARTNERS[event.type].model_validate(event.data),
    keys=lambda news: {"source": news.source},
    voice=lambda _, news: (news.source, news.event),
)


@dataclass(frozen=True, slots=True)
class Intake:
    news: Aggregates[News, NewsTaken]
    codes: Codes

    async def began(self, correlation: str) -> News | None:
        """The event with which a case began; None if no partner began it."""
        held = await self.news.look(correlation)
        return held.aggregate if held else None

    async def take(self, told: Told, asking: Asking) -> Changed[News, NewsTaken]:
        """Once per source and id; the same again is the same answer, another under that id is refused."""
        asking.subject.must_be(TELLERS)
        own = f"/partners/{asking.subject.code}"
        if not _is_within(told.source, own):
            raise NotAllowed(
                f"来源须以 {own} 开头。",
                field="source",
                english=f"The source has to begin with {own}.",
            )
        now = asking.cause.now
        found = await checked(told.type, told.data, self.codes, now)
        taken = NewsTaken(
            source=told.source, event=told.id, type=told.type, data=found.data, at=now
        )
        # No source has a space in it: where the source ends and the id begins is never in doubt.
        which = f"{told.source} {told.id}"
        cause = replace(
            asking.cause, key=f"event:{which}", fingerprint=_fingerprint(told.type, found.said)
        )

        def first(_: News | None) -> Iterable[NewsTaken]:
            return [taken]

        try:
            return await self.news.record(derived_id("intake", which), first, cause)
        except KeyReused:
            detail = "同一来源和编号只能用于同一个事件；更正请另用编号。"
            raise IdReused(detail, field="id") from None


def _is_within(source: str, own: str) -> bool:
    """It, or below it: who reads it as a path is led nowhere else."""
    return f"{source}/".startswith(f"{own}/") and {".", ".."}.isdisjoint(source.split("/"))


def _fingerprint(type: str, data: Mapping[str, Any]) -> str:
    return derived_id(type, repr(sorted(data.items())))
