"""C-13: what goes up becomes one matter there, and what came of a referral comes back; over a store in memory."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args, get_type_hints

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import UnknownReference
from chassis.subscriptions import Heard
from chassis.vocabulary import word_for
from contracts.consultation import MatterClosed as Ended
from contracts.consultation import MatterReferred as Referred
from contracts.consultation import problem_of
from contracts.event import Envelope, Event
from contracts.index import WeaknessFlagged
from contracts.mediation import CaseEnded
from contracts.procurement import ContractSigned, NeedsSurveyPublished
from contracts.whistle import (
    AccountabilityOpened,
    Outcome,
    ProblemRepeated,
    ProblemSettled,
    Rejected,
)
from services.consultation import announce
from services.consultation.consumers import subscriptions
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import referrals
from services.consultation.domain.committee import CommitteeSeated, Level
from services.consultation.domain.events import (
    Conclusion,
    MatterEvent,
    MatterHanded,
    MatterReferred,
    Target,
)
from services.consultation.domain.following_events import (
    Answerer,
    Came,
    MatterClosed,
    MatterReopened,
    NeedFound,
    ReferralAnswered,
)
from services.consultation.main import desk_on
from services.consultation.queries import public
from services.consultation.vocabulary import WORDS
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .test_clerks import SEATED
from .test_matter import (
    EVENING,
    PASTS,
    PASTS_2016,
    PROPOSED,
    UPPER,
    USABLE,
    WHISTLE,
    recorded,
)
from .test_session import WORK

CAUSE = Cause(actor="platform", now=EVENING)
STREET = replace(SEATED, level=Level.STREET, community=None)
HERE = {"street": "guanshang", "community": "guanshangzhongxinqu"}
CHINESE = re.compile(r"[\u4e00-\u9fff，]+")
GOES_UP = Referred(**HERE, matter="m-1", target="upper_committee", category="parking", title="停车")
SETTLED = ProblemSettled(**HERE, category="parking", channel="consultation")
GONE = MatterReferred(target=Target.WHISTLE)


@pytest.fixture
async def there() -> ConsultationDesk:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(EVENING)
    await desk.committees.once("c-1", [SEATED], CAUSE)
    await desk.matters.once("m-1", PASTS["referred"], CAUSE)
    return desk


async def hear(
    desk: ConsultationDesk,
    event: Event,
    id: str,
    about: str = "x-1",
    sequence: int = 1,
    now: datetime = EVENING,
) -> None:
    reactions: dict[type[Event], Callable[[Any], Any]] = {
        one.event: one.react for one in subscriptions(desk)
    }
    envelope = Envelope(
        id=id,
        source="/gongzhi/somebody",
        type=event.type,
        subject=f"things/{about}",
        time=EVENING,
        sequence=f"{sequence:012}",
        correlationid="m-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor="event", now=now, correlation="m-1", key=f"event:{id}")
    await reactions[type(event)](Heard(event, envelope, cause))


async def again(desk: ConsultationDesk, conclusion: Conclusion) -> Referred:
    """What is told when m-1 was deliberated again and came to this."""
    assert conclusion.target is not None
    goes = MatterReferred(target=conclusion.target)
    anew: list[MatterEvent] = [
        MatterReopened(reason="居民另有意见。"),
        recorded(conclusion),
        goes,
    ]
    after = await desk.matters.change("m-1", lambda _: anew, CAUSE)
    told = announce.of_matters(goes, after.aggregate)
    assert isinstance(told, Referred)
    return told


async def raised(desk: ConsultationDesk) -> list[Any]:
    every = [held async for held in desk.matters.every({})]
    return [held for held in every if held.aggregate.referred_from is not None]


async def goes_to_whistle(desk: ConsultationDesk, id: str) -> None:
    await desk.matters.change(id, lambda _: [recorded(WHISTLE), GONE], CAUSE)


async def answers_to(desk: ConsultationDesk, id: str) -> list[Came]:
    return [one.outcome for one in (await desk.matters.get(id)).aggregate.answers]


def rejected_as(problem: str | None) -> Rejected:
    return Rejected(**HERE, kind="problem", level="community", category="parking", problem=problem)


async def seat(desk: ConsultationDesk, id: str, seated: CommitteeSeated) -> None:
    await desk.committees.once(id, [seated], CAUSE)


async def test_C_13_what_goes_up_becomes_one_matter_of_the_street_s(
    there: ConsultationDesk,
) -> None:
    await seat(there, "c-old", replace(STREET, at=EVENING.replace(year=2020)))
    await seat(there, "c-street", STREET)
    await seat(there, "c-over", replace(STREET, term_ends=EVENING.date()))
    for id in ("e-1", "e-1", "e-2"):
        await hear(there, GOES_UP, id)
    [held] = await raised(there)
    matter = held.aggregate
    assert (matter.committee, matter.level, matter.status) == ("c-street", "street", "proposed")
    assert (matter.title, matter.community) == (PROPOSED.title, PROPOSED.community)
    assert (matter.referred_from, matter.head) == ("m-1", "plans")


async def test_C_13_a_building_s_goes_to_the_community_and_a_street_s_nowhere_here(
    there: ConsultationDesk,
) -> None:
    await there.matters.once("m-b", [replace(PROPOSED, id="m-b", level=Level.BUILDING)], CAUSE)
    await hear(there, GOES_UP.model_copy(update={"matter": "m-b"}), "e-b")
    [held] = await raised(there)
    assert (held.aggregate.committee, held.aggregate.level) == ("c-1", "community")
    await there.matters.once("m-s", [replace(PROPOSED, id="m-s", level=Level.STREET)], CAUSE)
    await hear(there, GOES_UP.model_copy(update={"matter": "m-s"}), "e-s")
    await hear(there, GOES_UP.model_copy(update={"target": "whistle"}), "e-w")
    assert len(await raised(there)) == 1


async def test_C_13_what_is_deliberated_again_goes_up_again(there: ConsultationDesk) -> None:
    """The first of the street's is over, and nobody would hear of the second outcome."""
    await seat(there, "c-street", STREET)
    await hear(there, GOES_UP, "e-1")
    [first] = await raised(there)
    told = await again(there, UPPER)
    assert told.again == 1
    for id in ("e-2", "e-2", "e-3"):
        await hear(there, told, id)
    [second] = [held for held in await raised(there) if held.id != first.id]
    await goes_to_whistle(there, second.id)
    await hear(there, rejected_as(problem_of(second.id, None)), "e-4", about="w-1")
    assert (await there.matters.get(first.id)).aggregate.answers == ()
    [answer] = (await there.matters.get(second.id)).aggregate.answers
    assert answer.outcome is Came.REJECTED


async def test_C_13_without_a_committee_above_it_is_said(there: ConsultationDesk) -> None:
    with pytest.raises(UnknownReference):
        await hear(there, GOES_UP, "e-1")


async def test_C_13_how_it_ended_above_comes_back_below(there: ConsultationDesk) -> None:
    await seat(there, "c-street", STREET)
    await hear(there, GOES_UP, "e-1")
    [held] = await raised(there)
    ending: list[MatterEvent] = [
        recorded(USABLE),
        MatterHanded(unit="water"),
        MatterClosed(result="好", at=EVENING),
    ]
    await there.matters.change(held.id, lambda _: ending, CAUSE)
    ended = Ended(
        **HERE, matter=held.id, completed=True, fixed=21, progress=0, missed=0, at=EVENING
    )
    for id in ("e-2", "e-3"):
        await hear(there, ended, id, about=held.id)
    below = (await there.matters.get("m-1")).aggregate
    by = Answerer.UPPER_COMMITTEE
    assert below.answers == (
        ReferralAnswered(by=by, about=held.id, outcome=Came.COMPLETED, at=EVENING),
    )


async def test_C_13_what_came_of_a_whistle_comes_back(there: ConsultationDesk) -> None:
    problem = problem_of("m-1", None)
    rejected = rejected_as(problem)
    for id, event in (("e-1", SETTLED), ("e-1", SETTLED), ("e-2", SETTLED), ("e-3", rejected)):
        await hear(there, event, id, about=problem)
    answers = (await there.matters.get("m-1")).aggregate.answers
    assert [(one.by, one.about, one.outcome) for one in answers] == [
        ("whistle", problem, "settled"),
        ("whistle", problem, "rejected"),
    ]


async def test_C_13_what_went_up_and_then_to_a_whistle_is_answered_above(
    there: ConsultationDesk,
) -> None:
    await seat(there, "c-street", STREET)
    await hear(there, await again(there, UPPER), "e-1")
    [above] = await raised(there)
    await goes_to_whistle(there, above.id)
    await hear(there, SETTLED, "e-2", about=problem_of(above.id, None))
    assert await answers_to(there, above.id) == [Came.SETTLED]
    assert await answers_to(there, "m-1") == []


async def test_C_13_what_went_up_once_and_to_a_whistle_itself_the_next_time_hears_its_answer(
    there: ConsultationDesk,
) -> None:
    """The street's matter of then has nothing to do with it."""
    await seat(there, "c-street", STREET)
    await hear(there, await again(there, UPPER), "e-1")
    [above] = await raised(there)
    told = await again(there, WHISTLE)
    await hear(there, SETTLED, "e-2", about=problem_of("m-1", told.again))
    assert await answers_to(there, "m-1") == [Came.SETTLED]
    assert await answers_to(there, above.id) == []


async def test_C_13_a_late_answer_of_an_earlier_whistle_is_its_own_matter_s(
    there: ConsultationDesk,
) -> None:
    """Which went another way since, or up anew: what is raised then was never at a whistle."""
    await seat(there, "c-street", STREET)
    earlier = await again(there, WHISTLE)
    await hear(there, await again(there, UPPER), "e-1")
    [above] = await raised(there)
    await hear(there, rejected_as(problem_of("m-1", earlier.again)), "e-2", about="w-1")
    assert await answers_to(there, "m-1") == [Came.REJECTED]
    await goes_to_whistle(there, above.id)
    await hear(there, await again(there, UPPER), "e-3")
    [anew] = [held for held in await raised(there) if held.id != above.id]
    await hear(there, SETTLED, "e-4", about=problem_of(above.id, None))
    assert await answers_to(there, above.id) == [Came.SETTLED]
    await again(there, WHISTLE)
    await hear(there, rejected_as(problem_of(above.id, None)), "e-5", about="w-2")
    assert await answers_to(there, above.id) == [Came.SETTLED, Came.REJECTED]
    assert await answers_to(there, anew.id) == []
    assert await answers_to(there, "m-1") == [Came.REJECTED]


async def test_C_13_a_whistle_of_the_story_that_no_matter_went_to_answers_none(
    there: ConsultationDesk,
) -> None:
    await hear(there, rejected_as(None), "e-1")
    await hear(there, rejected_as(problem_of("m-other", None)), "e-2")
    assert await answers_to(there, "m-1") == []


REPEATED = ProblemRepeated(
    **HERE, category="parking", count=3, first="2025-03-01", last="2025-03-18"
)


async def arisen(desk: ConsultationDesk) -> list[Any]:
    return [held.aggregate async for held in desk.matters.every({}) if held.id != "m-1"]


async def test_C_24_trouble_that_came_again_is_proposed_once_in_its_community(
    there: ConsultationDesk,
) -> None:
    opened = AccountabilityOpened(**{**REPEATED.model_dump(), "holder": "department:water"})
    for id, event in (("e-1", REPEATED), ("e-2", REPEATED), ("e-3", opened)):
        await hear(there, event, id)
    [matter] = await arisen(there)
    assert (matter.committee, matter.status, matter.category) == ("c-1", "proposed", "parking")
    assert "反映 3 次" in matter.subject
    assert (await there.matters.get(matter.id)).correlation == matter.id
    elsewhere = REPEATED.model_copy(update={"community": "hepinglu"})
    nowhere = REPEATED.model_copy(update={"community": None})
    for id, event in (("e-4", elsewhere), ("e-5", nowhere)):
        await hear(there, event, id)
    assert len(await arisen(there)) == 1


async def test_C_24_a_street_s_weakness_is_proposed_once_a_quarter(
    there: ConsultationDesk,
) -> None:
    weakness = WeaknessFlagged(
        street="guanshang", theme="whistles", quarter="2025-Q1", level=5850, why="below"
    )
    await hear(there, weakness, "e-0")
    assert await arisen(there) == []
    await seat(there, "c-street", STREET)
    next_one = weakness.model_copy(update={"quarter": "2025-Q2"})
    for id, event in (("e-1", weakness), ("e-2", weakness), ("e-3", next_one)):
        await hear(there, event, id)
    assert sorted(one.title for one in await arisen(there)) == [
        "治理短板（2025-Q1）",
        "治理短板（2025-Q2）",
    ]
    assert {(one.committee, one.level, one.head) for one in await arisen(there)} == {
        ("c-street", "street", "plans")
    }


async def test_C_13_news_of_what_was_never_referred_changes_nothing(
    there: ConsultationDesk,
) -> None:
    await there.matters.once("m-2", PASTS_2016["proposed"], CAUSE)
    ended = Ended(**HERE, matter="m-2", completed=True, fixed=21, progress=0, missed=0, at=EVENING)
    await hear(there, ended, "e-1")
    assert (await there.matters.get("m-1")).aggregate.answers == ()


async def test_C_13_a_contract_that_answers_a_need_is_told_to_the_matter_that_found_it(
    there: ConsultationDesk,
) -> None:
    found = NeedFound(need="m-1.1", title="独居老人探访", at=EVENING)
    await there.matters.change("m-1", lambda _: [found], CAUSE)
    signed = ContractSigned(**HERE, contract="k-1", project="p-1", year=2026)
    for id, needs in (("e-1", ("m-1.1", "m-1.2", "elsewhere")), ("e-2", ("m-1.1",))):
        await hear(there, signed.model_copy(update={"needs": needs}), id, about="k-1")
    answers = (await there.matters.get("m-1")).aggregate.answers
    assert [(one.by, one.about, one.outcome) for one in answers] == [
        ("procurement", "k-1", "contract_signed")
    ]


async def test_C_24_a_survey_of_needs_is_a_topic_once(there: ConsultationDesk) -> None:
    survey = NeedsSurveyPublished(**HERE, survey="n-1", year=2026, needs=7)
    for id, event in (
        ("e-1", survey),
        ("e-2", survey),
        ("e-3", survey.model_copy(update={"community": None})),
    ):
        await hear(there, event, id)
    topics = [one.aggregate.title async for one in there.matters.every({}) if one.id != "m-1"]
    assert topics == ["2026 年购买服务需求"]


async def test_C_13_how_mediation_ended_comes_back_to_the_topic_that_was_refused(
    there: ConsultationDesk,
) -> None:
    ended = CaseEnded(
        **HERE,
        dispute="neighbours",
        how="settled",
        way="people",
        days=20,
        missed=0,
        matter="m-1",
        at=EVENING,
    )
    for id, event in (
        ("e-1", ended),
        ("e-2", ended),
        ("e-3", ended.model_copy(update={"matter": None})),
        ("e-4", ended.model_copy(update={"matter": "m-unknown"})),
    ):
        await hear(there, event, id, about="case-1")
    matter = (await there.matters.get("m-1")).aggregate
    by = Answerer.MEDIATION
    assert matter.answers == (
        ReferralAnswered(by=by, about="case-1", outcome=Came.SETTLED, at=EVENING),
    )
    assert referrals.mediated(matter) == "settled"


async def test_C_01_a_community_that_moved_to_another_street_has_its_committee_still(
    there: ConsultationDesk,
) -> None:
    """No second one is seated beside it, and topics that arise are before it: of its street until that is heard of."""
    moved = {**HERE, "street": "taihe"}
    assert await there.seated_at(Level.COMMUNITY, **moved, cause=CAUSE) == "c-1"
    survey = NeedsSurveyPublished(**moved, survey="n-1", year=2026, needs=7)
    await hear(there, survey, "e-1")
    [topic] = [one.aggregate async for one in there.matters.every({}) if one.id != "m-1"]
    assert (topic.committee, topic.street) == ("c-1", "guanshang")
    other = {**moved, "community": "hepinglu"}
    assert await there.sitting(Level.COMMUNITY, **other, now=EVENING) is None
    assert await there.sitting(Level.STREET, "taihe", None, EVENING) is None


def test_C_13_what_came_of_a_referral_is_said_in_words_and_is_whatever_others_tell() -> None:
    """A resident with a receipt code reads how mediation ended."""
    told = {*get_args(Outcome), *get_args(CaseEnded.model_fields["how"].annotation)}
    assert told <= set(Came)
    words = [word_for("Came", one, WORDS) or "" for one in Came]
    assert [word for word in words if not CHINESE.fullmatch(word)] == []
    assert get_type_hints(public.Case)["mediation"] == Came | None
    assert get_type_hints(ReferralAnswered)["outcome"] is Came
