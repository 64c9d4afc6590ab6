"""P-37, P-02: what communities need, published before a plan, and how far plans answer it."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.errors import OURS, NotFound, RuleBroken
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.plan import Plan
from services.procurement.domain.survey import (
    Need,
    NeedClass,
    NeedClassified,
    NeedRank,
    NeedRecorded,
    NeedSource,
    NeedStruck,
    Survey,
    SurveyPublished,
    answered,
    evolve,
    heard,
    known_as,
    published,
    record,
)
from services.procurement.domain.waiting import of_survey
from services.procurement.main import desk_on
from services.procurement.steps.surveys import strike
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import DRAFT, ITEM, LINE, MARCH, WORK, drafted

MATCHING, NEEDS = "官办通〔2019〕77号 四.4.1", "官社建办通〔2018〕15号 二.5.2"
NEED = Need(
    id="s-1.1",
    group="独居老人",
    kind=NeedClass.SUPPORT,
    rank=NeedRank.BASIC,
    text="助餐",
    source=NeedSource.SURVEY,
)
recorded = NeedRecorded(
    survey="s-1", street="guanshang", community="haihua", year=2026, need=NEED, at=MARCH
)
second = replace(recorded, need=replace(NEED, id="s-1.2", rank=NeedRank.PROBLEM))
classified = NeedClassified(
    need="s-1.1", group="独居老人", kind=NeedClass.POLICY, rank=NeedRank.SPECIAL, at=MARCH
)
struck = NeedStruck(need="s-1.1", reason="重复登记", at=MARCH)
public = SurveyPublished(at=MARCH)


def survey(*happened: Any) -> Given[Survey]:
    return past(None, evolve, happened)


def test_P_02_no_need_is_recorded_for_later_than_a_plan_may_be_made() -> None:
    def of(year: int) -> Decision[Any]:
        return Given(None, evolve).when(
            lambda known: record(
                known,
                id="s-1",
                street="guanshang",
                community="haihua",
                year=year,
                need=NEED,
                now=MARCH,
            )
        )

    for year in (2024, 2026, 2027):
        assert of(year).decide(None).year == year
    of(2028).breaks("P-02", clause=OURS, field="year")


def records(known: Survey | None, **other_than: Any) -> NeedRecorded:
    need = replace(NEED, id="", **other_than)
    return record(
        known,
        id="s-1",
        street="guanshang",
        community="haihua",
        year=2026,
        need=need,
        now=MARCH,
    )


def plan(*needs: str, stands: bool = True) -> Plan:
    item = replace(ITEM, needs=needs)
    approved = ("i1",) if stands else ()
    return Plan(
        id="p-1", purchaser="street:guanshang", year=2026, lines=(LINE,), items=(item,),
        approved=approved,
    )  # fmt: skip


def test_P_37_a_need_says_of_whom_and_what() -> None:
    assert records(None) == recorded
    assert records(survey(recorded).state).need.id == "s-1.2"
    for field in ("group", "text"):
        with pytest.raises(RuleBroken) as broken:
            records(None, **{field: " "})
        assert (broken.value.rule.id, broken.value.field) == ("P-37", field)
        assert broken.value.clause == MATCHING


FOUND = Need(
    id="",
    group="",
    kind=None,
    rank=None,
    text="独居老人探访",
    source=NeedSource.HEARING,
    source_id="matter-1.1",
)


def hears(known: Survey | None, need: Need = FOUND) -> tuple[NeedRecorded, ...]:
    return heard(
        known, id="s-1", street="guanshang", community=None, year=2026, need=need, now=MARCH
    )


def test_P_37_what_a_session_found_is_listed_once_and_classified_later() -> None:
    [event] = hears(None)
    state = survey(event)
    assert (event.need.id, state.state.community) == ("s-1.1", None)
    assert hears(state.state) == ()
    assert len(hears(state.state, replace(FOUND, source_id="matter-1.2"))) == 1

    def classify(id: str = "s-1.1", group: str = "独居老人") -> Any:
        return lambda one: one.classify(
            id, group=group, kind=NeedClass.POLICY, rank=NeedRank.SPECIAL, now=MARCH
        )

    after = state.when(classify()).then(classified)
    assert after.state.needs[0].rank is NeedRank.SPECIAL
    state.when(classify(group=" ")).breaks("P-37", clause=MATCHING, field="group")
    state.when(classify("s-1.9")).refused(NotFound)
    [open_] = answered([survey(event, public).state], [])
    assert (open_.open, sum(count for _, count in open_.ranks)) == (("s-1.1",), 0)


def test_P_37_what_was_entered_by_mistake_is_struck_while_no_plan_answers_it() -> None:
    def strike(reason: str = struck.reason, *, planned: bool = False) -> Any:
        return lambda one: one.strike("s-1.1", reason=reason, planned=planned, now=MARCH)

    state = survey(recorded, second, public)
    after = state.when(strike()).then(struck)
    assert [one.struck for one in after.state.needs] == ["重复登记", None]
    [open_] = answered([after.state], [])
    assert (open_.needs, open_.open) == (1, ("s-1.2",))
    with pytest.raises(RuleBroken):
        published(["s-1.1"], [after.state])
    after.when(strike()).breaks("P-37", clause=MATCHING)
    after.when(
        lambda one: one.classify(
            "s-1.1", group="老人", kind=NeedClass.POLICY, rank=NeedRank.BASIC, now=MARCH
        )
    ).breaks("P-37", clause=MATCHING)
    state.when(strike(planned=True)).breaks("P-37", clause=MATCHING)
    state.when(strike(" ")).breaks("P-37", clause=MATCHING, field="reason")
    [event] = hears(None)
    survey(event).when(strike()).breaks("P-37", clause=MATCHING)
    assert records(after.state).need.id == "s-1.3", "no number is given twice"


async def test_P_37_a_need_that_any_plan_answers_is_not_struck() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="community:haihua", now=MARCH)
    await desk.surveys.once("s-1", [recorded, second], cause)
    item = replace(ITEM, needs=("s-1.1",))
    draft = replace(drafted, draft=replace(DRAFT, items=(item,)))
    await desk.plans.once("p-1", [draft], cause)
    asking = Asking(person("community:haihua"), cause)

    async def strikes(need: str) -> Any:
        said = ReasonIn(reason="重复登记")
        return await take(strike, desk, asking, said, id="s-1", need=need)

    with pytest.raises(RuleBroken, match="计划"):
        await strikes("s-1.1")
    assert (await strikes("s-1.2")).events


def test_P_02_a_list_is_published_once_and_told() -> None:
    publish = lambda one: one.publish(MARCH)  # noqa: E731
    after = survey(recorded, second).when(publish).then(public)
    after.when(publish).breaks("P-02", clause=OURS)
    event = announce.of_surveys(public, after.state)
    assert isinstance(event, told.NeedsSurveyPublished)
    assert (event.needs, event.community, event.year) == (2, "haihua", 2026)
    assert announce.of_surveys(recorded, after.state) is None


def test_P_02_a_list_whose_every_need_was_struck_is_not_published_and_waits_for_nobody() -> None:
    empty = survey(recorded, struck)
    empty.when(lambda one: one.publish(MARCH)).breaks("P-02", clause=OURS)
    assert of_survey(empty.state) == {}
    again = survey(recorded, struck, second)
    assert of_survey(again.state) and again.when(lambda one: one.publish(MARCH)).happened


def test_P_02_only_published_needs_are_answered() -> None:
    drafted, out = survey(recorded).state, survey(recorded, public).state
    published(["s-1.1"], [out])
    published([], [])
    for named, known in ((["s-1.1"], [drafted]), (["s-1.2"], [out]), (["s-9.1"], [])):
        with pytest.raises(RuleBroken) as broken:
            published(named, known)
        assert (broken.value.rule.id, broken.value.field) == ("P-02", "needs")
        assert broken.value.clause is None


def test_P_37_a_need_that_a_session_found_is_told_by_the_sessions_own_id() -> None:
    found = replace(second, need=replace(second.need, source=NeedSource.HEARING, source_id="m-1.1"))
    listed = replace(NEED, source=NeedSource.LIST, source_id="x")
    known = survey(recorded, found, replace(recorded, need=replace(listed, id="s-1.3"))).state
    assert known_as(("s-1.2", "s-1.1", "s-1.3", "s-9.9"), [known]) == (
        "m-1.1",
        "s-1.1",
        "s-1.3",
        "s-9.9",
    )


def test_P_37_each_street_sees_what_stays_open() -> None:
    known = survey(recorded, second, public).state
    hidden = replace(known, id="s-2", street="taihe", published_at=None)
    [found] = answered([known, hidden], [plan("s-1.1")])
    assert (found.street, found.needs, found.answered, found.open) == (
        "guanshang",
        2,
        1,
        ("s-1.2",),
    )
    assert dict(found.ranks) == {NeedRank.BASIC: 0, NeedRank.SPECIAL: 0, NeedRank.PROBLEM: 1}
    [none] = answered([known], [plan("s-1.1", stands=False)])
    assert none.answered == 0
