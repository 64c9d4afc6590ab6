"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy; then what stands there, where it goes along |
| whistle.unit_listed | state: the latest wins | our copy |
| organisations.registered, …standing_changed, …group_filed, …volunteer_counted (own) | state | a community's count |
| procurement.project_evaluated, …eligibility_changed | fact: once | the file of the organisation of that code |
| partner.integrity_reported | fact: once | the same |
"""

from datetime import date
from typing import Any

from chassis.kernel.errors import Malformed
from chassis.subscriptions import Heard, Subscription
from contracts.event import Event
from contracts.housing import CommunityProfiled
from contracts.organisations import GroupFiled, Registered, StandingChanged, VolunteerCounted
from contracts.partner import IntegrityReported
from contracts.procurement import EligibilityChanged, ProjectEvaluated

from .desk import OrganisationsDesk
from .domain.file import News, Note

COUNTED: tuple[type[Event], ...] = (Registered, StandingChanged, GroupFiled, VolunteerCounted)
"""After which a community is counted again."""


def subscriptions(desk: OrganisationsDesk) -> tuple[Subscription[Any], ...]:
    async def evaluated(heard: Heard[ProjectEvaluated]) -> None:
        news = heard.event
        note = Note(
            event=heard.envelope.id,
            news=News.EVALUATION,
            at=news.evaluated_at,
            year=news.year,
            project=news.project,
            contract=news.contract,
            stage=news.stage,
            points=news.points,
        )
        await desk.note(_code(heard), note, heard.cause)

    async def changed(heard: Heard[EligibilityChanged]) -> None:
        news = heard.event
        note = Note(
            event=heard.envelope.id,
            news=News.ELIGIBILITY,
            at=heard.envelope.time,
            year=news.year,
            project=news.project,
            state=news.state,
            rule=news.rule,
            until=None if news.until is None else date.fromisoformat(news.until),
        )
        await desk.note(_code(heard), note, heard.cause)

    async def reported(heard: Heard[IntegrityReported]) -> None:
        news = heard.event
        note = Note(
            event=heard.envelope.id,
            news=News.INTEGRITY,
            at=heard.envelope.time,
            register_kind=news.register_kind,
            reference=news.reference,
            clean=news.clean,
            serious=news.serious,
            on=date.fromisoformat(news.on),
            until=None if news.until is None else date.fromisoformat(news.until),
        )
        await desk.note(_code(heard), note, heard.cause)

    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        await desk.communities.hear(heard)
        await desk.follow(heard.event.code, heard.cause)

    async def counted(heard: Heard[Any]) -> None:
        await desk.recount(heard.event.community, heard.cause)

    return (
        *(Subscription(one, counted) for one in COUNTED),
        Subscription(CommunityProfiled, profiled),
        desk.units.subscription(),
        Subscription(ProjectEvaluated, evaluated),
        Subscription(EligibilityChanged, changed),
        Subscription(IntegrityReported, reported),
    )


def _code(heard: Heard[Any]) -> str:
    supplier: str | None = heard.event.supplier
    if supplier is None:
        raise Malformed("事件没有写明 supplier。", field="supplier")
    return supplier
