"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy of the community |
| partner.problem_reported | fact: one problem per source and id | problem |
| consultation.matter_referred | fact: one problem per time a matter came to it | problem |
| housing.agreement_overdue | fact: one whistle per agreement and due date | whistle |
| housing.agreement_changed | command: told on for each date that was missed | dealing |
| whistle.agreement_noted (our own) | command: noted on the whistle of that date | whistle |
| index.weakness_flagged | state: the latest wins, for the quarter's sheet | our copy of the weakness |
| housing.outline_drawn | state: the latest wins | our copy of where the community lies |
| whistle.report_placed (our own) | fact: one problem per report | problem |
| whistle.blown (our own) | command: the problem knows its whistle | problem |
| whistle.rejected, withdrawn (our own) | command: the problem is to be dealt with again | problem |
| whistle.problem_collected (our own) | command: counted with the others of its place | spot |
| whistle.arrived, handled, closed, problem_settled (our own) | fact: one notice to the reporter each | notice |
| whistle.problem_repeated (our own) | fact: one case per so many ignored reports | accountability case |
"""

from typing import Any

from chassis.kernel.clock import local_date
from chassis.kernel.errors import UnknownReference
from chassis.kind import derived_id
from chassis.subscriptions import Heard, Subscription
from contracts.consultation import MatterReferred, problem_of
from contracts.housing import AgreementChanged, AgreementOverdue
from contracts.partner import ProblemReported
from contracts.whistle import (
    AgreementNoted,
    Arrived,
    Blown,
    Closed,
    Handled,
    ProblemCollected,
    ProblemRepeated,
    ProblemSettled,
    Rejected,
    ReportPlaced,
    Withdrawn,
)

from .desk import WhistleDesk
from .desk.agreements import MissedDate
from .desk.registers import street_of
from .domain import dealing, problem
from .domain.notice import Moment
from .domain.problem import Channel
from .domain.spot import ReportCounted

Subscriptions = tuple[Subscription[Any], ...]


def subscriptions(desk: WhistleDesk) -> Subscriptions:
    return (
        desk.communities.subscription(),
        desk.outlines.subscription(),
        *_of_needs(desk),
        *_of_agreements(desk),
        desk.weaknesses.subscription(),
        *_our_own(desk),
        *_of_notices(desk),
    )


def _of_needs(desk: WhistleDesk) -> Subscriptions:
    async def taken(id: str) -> bool:
        """What was taken isn't judged again: the community may have ended since, the category been struck."""
        return await desk.problems.look(id) is not None

    async def partner_reported(heard: Heard[ProblemReported]) -> None:
        news, envelope = heard.event, heard.envelope
        id = derived_id("problems", f"{envelope.source} {envelope.id}")
        if await taken(id):
            return
        community = await desk.communities.known(news.community, "community")
        await desk.take_in(
            id,
            problem.ProblemCollected(
                channel=Channel.DIGITAL,
                street=street_of(community, local_date(envelope.time)),
                community=news.community,
                category=news.category,
                title=news.title,
                place=news.place,
                origin=f"partner:{envelope.source}",
                reference=news.reference,
                arose_at=news.reported_at,
                at=heard.cause.now,
            ),
            heard.cause,
        )

    async def matter_referred(heard: Heard[MatterReferred]) -> None:
        news = heard.event
        id = problem_of(news.matter, news.again)
        if news.target != "whistle" or await taken(id):
            return
        await desk.take_in(
            id,
            problem.ProblemCollected(
                channel=Channel.CONSULTATION,
                street=_known(news.street, "street"),
                community=_known(news.community, "community"),
                category=news.category,
                title=news.title,
                origin=f"matter:{news.matter}",
                at=heard.cause.now,
            ),
            heard.cause,
        )

    return (
        Subscription(ProblemReported, partner_reported),
        Subscription(MatterReferred, matter_referred),
    )


def _of_agreements(desk: WhistleDesk) -> Subscriptions:
    async def agreement_overdue(heard: Heard[AgreementOverdue]) -> None:
        await desk.blow_for_agreement(_missed(heard.event, heard.event.due), heard.cause)

    async def agreement_changed(heard: Heard[AgreementChanged]) -> None:
        news = heard.event
        # Who told it before `missed` was promised said only whether the latest date had been.
        missed = (*news.missed, news.due_before) if news.was_overdue else news.missed
        if not missed:
            return
        concerned = dealing.concerned(
            agreement=news.agreement,
            street=_known(news.street, "street"),
            community=news.community,
            change=news.change,
            missed=missed,
        )
        await desk.deal_with_change(concerned, news.agreement, heard.cause)

    async def agreement_noted(heard: Heard[AgreementNoted]) -> None:
        news = heard.event
        await desk.note_change(_missed(news, news.due), news.change, heard.cause)

    return (
        Subscription(AgreementOverdue, agreement_overdue),
        Subscription(AgreementChanged, agreement_changed),
        Subscription(AgreementNoted, agreement_noted),
    )


def _our_own(desk: WhistleDesk) -> Subscriptions:
    async def blown(heard: Heard[Blown]) -> None:
        if heard.event.problem is not None:
            await desk.follow(heard.event.problem, heard.about, heard.cause)

    async def ended(heard: Heard[Rejected] | Heard[Withdrawn]) -> None:
        if heard.event.problem is not None:
            await desk.drop(heard.event.problem, heard.about, heard.cause)

    async def report_placed(heard: Heard[ReportPlaced]) -> None:
        await desk.begin_placed(heard.about, heard.cause)

    async def problem_collected(heard: Heard[ProblemCollected]) -> None:
        news = heard.event
        if news.spot is None:
            return
        report = ReportCounted(
            problem=heard.about,
            street=_known(news.street, "street"),
            community=_known(news.community, "community"),
            category=news.category,
            at=news.collected_at,
        )
        await desk.count_report(news.spot, report, heard.cause)

    async def problem_repeated(heard: Heard[ProblemRepeated]) -> None:
        await desk.hold_to_account(heard.about, heard.cause)

    return (
        Subscription(Blown, blown),
        Subscription(Rejected, ended),
        Subscription(Withdrawn, ended),
        Subscription(ReportPlaced, report_placed),
        Subscription(ProblemCollected, problem_collected),
        Subscription(ProblemRepeated, problem_repeated),
    )


def _of_notices(desk: WhistleDesk) -> Subscriptions:
    async def arrived(heard: Heard[Arrived]) -> None:
        await desk.notify_of(heard.about, Moment.ARRIVED, heard.envelope.id, heard.cause)

    async def handled(heard: Heard[Handled]) -> None:
        await desk.notify_of(heard.about, Moment.HANDLED, heard.envelope.id, heard.cause)

    async def closed(heard: Heard[Closed]) -> None:
        if heard.event.problem is not None:
            await desk.notify_of_answer(heard.event.problem, heard.event.closed_at, heard.cause)

    async def problem_settled(heard: Heard[ProblemSettled]) -> None:
        await desk.notify(heard.about, Moment.SETTLED, heard.envelope.id, heard.cause)

    return (
        Subscription(Arrived, arrived),
        Subscription(Handled, handled),
        Subscription(Closed, closed),
        Subscription(ProblemSettled, problem_settled),
    )


def _missed(news: AgreementOverdue | AgreementNoted, due: str) -> MissedDate:
    return MissedDate(
        agreement=news.agreement,
        due=due,
        street=_known(news.street, "street"),
        community=news.community,
    )


def _known(code: str | None, field: str) -> str:
    if code is None:
        raise UnknownReference(f"事件没有写明 {field}。", field=field)
    return code
