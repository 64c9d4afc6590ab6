"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy of the community; what one began that merged or moved |
| housing.yards_counted | state: the latest wins | our copy of its yards |
| procurement.project_evaluated (our own) | command: once, in any order | the supplier's eligibility; its report |
| procurement.contract_ended (our own) | command: once; of one that was passed on | the supplier's eligibility |
| the same, early | command: once | the supervision of that contract |
| partner.integrity_reported | command: once, in any order | the supplier's eligibility |
| consultation.outcome_reported | state: the latest wins; of a project's hearing | our copy of the outcome |
| whistle.unit_listed | state: the latest wins | our copy of the unit |
| organisations.standing_changed | state: the teller's order | the eligibility of the supplier of that code |
| consultation.need_identified | command: once, by the need's own id | that year's list of needs, wherever it is now |
"""

from datetime import date
from typing import Any

from chassis.kernel.errors import Malformed
from chassis.subscriptions import Heard, Subscription
from contracts.consultation import NeedIdentified, OutcomeReported
from contracts.housing import CommunityProfiled
from contracts.organisations import StandingChanged
from contracts.partner import IntegrityReported
from contracts.procurement import ContractEnded, ProjectEvaluated

from .desk import ProcurementDesk
from .domain.eligibility import BreachHeard, OrganisationHeard, ResultHeard
from .domain.evaluation import Band, Stage
from .domain.events import Why
from .domain.integrity import IntegrityHeard, Register


def subscriptions(desk: ProcurementDesk) -> tuple[Subscription[Any], ...]:
    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        await desk.communities.hear(heard)
        await desk.follow(heard.event.code, heard.cause)

    async def evaluated(heard: Heard[ProjectEvaluated]) -> None:
        result = _result(heard)
        await desk.enter(result, heard.cause)
        await desk.give_report(result.contract, result.stage, heard.cause)

    async def needed(heard: Heard[NeedIdentified]) -> None:
        await desk.hear_need(heard.event, heard.cause)
        if heard.event.community is not None:
            await desk.follow(heard.event.community, heard.cause)

    async def ended(heard: Heard[ContractEnded]) -> None:
        if heard.event.why == Why.SUBCONTRACTED.value:
            await desk.enter(_breach(heard), heard.cause)
        if heard.event.why != Why.EXPIRED.value:
            await desk.end_supervision(heard.event.contract, heard.envelope.time, heard.cause)

    async def deliberated(heard: Heard[OutcomeReported]) -> None:
        serves = heard.event.serves
        if serves is not None and serves.kind == "project":
            await desk.outcomes.hear(heard)

    async def reported(heard: Heard[IntegrityReported]) -> None:
        await desk.hear_integrity(_integrity(heard), heard.cause)

    async def listed(heard: Heard[StandingChanged]) -> None:
        told = _organisation(heard)
        await desk.hear_organisation(told, heard.cause)

    return (
        Subscription(CommunityProfiled, profiled),
        desk.yards.subscription(),
        Subscription(ProjectEvaluated, evaluated),
        Subscription(NeedIdentified, needed),
        Subscription(ContractEnded, ended),
        Subscription(OutcomeReported, deliberated),
        desk.units.subscription(),
        Subscription(IntegrityReported, reported),
        Subscription(StandingChanged, listed),
    )


def _organisation(heard: Heard[StandingChanged]) -> OrganisationHeard:
    news = heard.event
    if news.supplier is None:
        raise Malformed("事件没有写明 supplier。", field="supplier")
    return OrganisationHeard(
        event=heard.envelope.id,
        sequence=heard.sequence,
        supplier=news.supplier,
        grade=news.rating,
        grade_until=_day(news.rating_until),
        abnormal=news.abnormal,
        abnormal_until=_day(news.abnormal_until),
        blacklisted=news.blacklisted,
        blacklisted_until=_day(news.blacklisted_until),
        ended=news.ended,
        at=heard.envelope.time,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _result(heard: Heard[ProjectEvaluated]) -> ResultHeard:
    news = heard.event
    if news.supplier is None:
        raise Malformed("事件没有写明 supplier。", field="supplier")
    return ResultHeard(
        event=heard.envelope.id,
        supplier=news.supplier,
        contract=news.contract,
        project=news.project,
        year=news.year,
        stage=Stage(news.stage),
        points=news.points,
        band=Band(news.band),
        at=news.evaluated_at,
    )


def _breach(heard: Heard[ContractEnded]) -> BreachHeard:
    news = heard.event
    if news.supplier is None or news.year is None:
        raise Malformed("事件没有写明 supplier 和 year。", field="supplier")
    return BreachHeard(
        event=heard.envelope.id,
        supplier=news.supplier,
        contract=news.contract,
        project=news.project,
        year=news.year,
        at=heard.envelope.time,
    )


def _integrity(heard: Heard[IntegrityReported]) -> IntegrityHeard:
    news = heard.event
    return IntegrityHeard(
        event=heard.envelope.id,
        supplier=news.supplier,
        register=Register(news.register_kind),
        reference=news.reference,
        clean=news.clean,
        serious=news.serious,
        on=date.fromisoformat(news.on),
        until=_day(news.until),
    )
