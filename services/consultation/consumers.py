"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy; then what is the community's goes along |
| whistle.unit_listed | state: the latest wins | our copy of the unit |
| consultation.matter_deliberated (our own) | command: it takes its session's outcome, or sets it aside | matter |
| consultation.session_held (our own) | fact: absences, once per session | committee |
| consultation.matter_referred (our own) | fact: one matter above per time that one below came to it | matter |
| consultation.matter_closed (our own) | fact: told to the matter it was raised from | matter |
| whistle.problem_settled, closed, rejected | fact: what came of a referral, by the problem it became | matter |
| whistle.problem_repeated, accountability_opened | fact: one topic per run of reports | matter |
| mediation.case_ended | fact: how the dispute that was refused here ended, once | matter or proposal |
| procurement.contract_signed | fact: which contract answers a need that was found, once each | matter |
| procurement.needs_survey_published | fact: one topic per survey | matter |
| index.weakness_flagged | fact: one topic per street, theme and quarter | matter |
"""

from typing import Any

from chassis.subscriptions import Heard, Subscription
from contracts.consultation import MatterClosed, MatterDeliberated, MatterReferred, SessionHeld
from contracts.housing import CommunityProfiled
from contracts.index import WeaknessFlagged
from contracts.mediation import CaseEnded
from contracts.procurement import ContractSigned, NeedsSurveyPublished
from contracts.whistle import (
    AccountabilityOpened,
    Closed,
    ProblemRepeated,
    ProblemSettled,
    Rejected,
)

from .desk import ConsultationDesk
from .domain import arising
from .domain.following_events import Came

SERVICES = "welfare"
"""The category of what services a community needs."""
OTHER = "other"
"""The category of what whistle has none for."""
Subscriptions = tuple[Subscription[Any], ...]


def subscriptions(desk: ConsultationDesk) -> Subscriptions:
    return (
        _of_places(desk),
        desk.listed.subscription(),
        *_our_own(desk),
        *_of_referrals(desk),
        *_of_topics(desk),
    )


def _of_places(desk: ConsultationDesk) -> Subscription[Any]:
    async def profiled(heard: Heard[CommunityProfiled]) -> None:
        await desk.communities.hear(heard)
        await desk.follow(heard.event.code, heard.cause)

    return Subscription(CommunityProfiled, profiled)


def _our_own(desk: ConsultationDesk) -> Subscriptions:
    async def matter_deliberated(heard: Heard[MatterDeliberated]) -> None:
        await desk.deliberated(heard.event.matter, heard.about, heard.cause)

    async def session_held(heard: Heard[SessionHeld]) -> None:
        await desk.count_absences(heard.event.committee, heard.about, heard.cause)

    async def matter_referred(heard: Heard[MatterReferred]) -> None:
        if heard.event.target == "upper_committee":
            await desk.raise_up(heard.event.matter, heard.event.again, heard.cause)

    async def matter_closed(heard: Heard[MatterClosed]) -> None:
        await desk.answer_below(heard.event.matter, heard.cause)

    return (
        Subscription(MatterDeliberated, matter_deliberated),
        Subscription(SessionHeld, session_held),
        Subscription(MatterReferred, matter_referred),
        Subscription(MatterClosed, matter_closed),
    )


def _of_referrals(desk: ConsultationDesk) -> Subscriptions:
    async def answered(heard: Heard[Any], problem: str | None, outcome: Came) -> None:
        await desk.answer_from_whistle(problem, heard.about, outcome, heard.cause)

    async def problem_settled(heard: Heard[ProblemSettled]) -> None:
        await answered(heard, heard.about, Came.SETTLED)

    async def closed(heard: Heard[Closed]) -> None:
        await answered(heard, heard.event.problem, Came(heard.event.outcome))

    async def rejected(heard: Heard[Rejected]) -> None:
        await answered(heard, heard.event.problem, Came.REJECTED)

    async def case_ended(heard: Heard[CaseEnded]) -> None:
        news = heard.event
        await desk.answer_dispute(news.matter, heard.about, Came(news.how), heard.cause)

    async def contract_signed(heard: Heard[ContractSigned]) -> None:
        for need in heard.event.needs:
            await desk.answer_need(need, heard.event.contract, heard.cause)

    return (
        Subscription(CaseEnded, case_ended),
        Subscription(ContractSigned, contract_signed),
        Subscription(ProblemSettled, problem_settled),
        Subscription(Closed, closed),
        Subscription(Rejected, rejected),
    )


def _of_topics(desk: ConsultationDesk) -> Subscriptions:
    async def came_again(heard: Heard[ProblemRepeated] | Heard[AccountabilityOpened]) -> None:
        news = heard.event
        if news.street is None or news.community is None:
            return
        arisen = arising.repeated(
            news.street,
            news.community,
            news.category,
            count=news.count,
            first=news.first,
            last=news.last,
        )
        # Of a run of reports both are told: the case may come with another count.
        run = f"{news.community} {news.category} {news.first}"
        await desk.propose_arisen(arisen, run, heard.cause)

    async def weakness_flagged(heard: Heard[WeaknessFlagged]) -> None:
        news = heard.event
        arisen = arising.weak(news.street, news.theme, news.quarter, OTHER)
        origin = f"{news.street} {news.theme} {news.quarter}"
        await desk.propose_arisen(arisen, origin, heard.cause)

    async def survey_published(heard: Heard[NeedsSurveyPublished]) -> None:
        news = heard.event
        if news.street is None or news.community is None:
            return
        arisen = arising.surveyed(news.street, news.community, SERVICES, news.year, news.needs)
        await desk.propose_arisen(arisen, f"survey {news.survey}", heard.cause)

    return (
        Subscription(NeedsSurveyPublished, survey_published),
        Subscription(ProblemRepeated, came_again),
        Subscription(AccountabilityOpened, came_again),
        Subscription(WeaknessFlagged, weakness_flagged),
    )
