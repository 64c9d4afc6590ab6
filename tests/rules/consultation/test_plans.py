"""C-05: the year's plan: what it holds, by when, and the year that had none."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.consultation import announce
from services.consultation.domain import planning
from services.consultation.domain.committee import Committee, Level, term
from services.consultation.domain.members import CommitteeDissolved
from services.consultation.domain.plans import Plan, PlanFiled, PlanMissed, PlannedTopic
from services.consultation.domain.policy import Head
from services.consultation.domain.roll import CommitteeEvent, evolve
from services.consultation.domain.rules import MEETING, PUBLICISING
from tests.support.specification import Decision, Given, past

from .test_committee import MORNING, policy, roll, seated

POLICY = replace(
    policy(),
    street_heads={"projects": Head(name="重大项目")},
    community_heads={"order": Head(name="治安")},
)
TOPICS = tuple(PlannedTopic(head="projects", title=f"议题{n}") for n in range(2))
PLAN = Plan(year=2026, topics=TOPICS, regular=2)
IN_TIME = datetime(2026, 2, 28, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
MARCH = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # 00:00 of the 1st in Shanghai
PUBLICISED = date(2026, 2, 27)
FILED = PlanFiled(plan=PLAN, publicised_on=PUBLICISED, late=False, at=IN_TIME)


def sitting(*events: CommitteeEvent, level: Level = Level.STREET) -> Given[Committee]:
    count = {Level.STREET: 50, Level.COMMUNITY: 20}.get(level, 5)
    return past(None, evolve, [seated(level, roll(count, count)), *events])


def filing(
    plan: Plan = PLAN,
    now: datetime = IN_TIME,
    on: date = PUBLICISED,
    level: Level = Level.STREET,
) -> Decision[Committee]:
    asked = planning.Asked(plan=plan, publicised_on=on)
    return sitting(level=level).when(lambda c: planning.file(c, asked, POLICY, now))


@pytest.mark.parametrize(("now", "late"), [(IN_TIME, False), (MARCH, True)])
def test_C_05_a_plan_is_filed_by_the_end_of_february_or_says_that_it_is_late(
    now: datetime, late: bool
) -> None:
    missed = (PlanMissed(year=2026, due=MARCH),) if late else ()
    filing(now=now).then(*missed, replace(FILED, late=late, at=now))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"topics": TOPICS[:1]}, "topics"), ({"regular": 1}, "regular")],
)
def test_C_05_a_street_plans_two_topical_sessions_and_two_regular_ones(
    said: dict[str, Any], field: str
) -> None:
    filing(replace(PLAN, **said)).breaks("C-05", clause=MEETING, field=field)
    order = (PlannedTopic(head="order", title="停车"),)
    few = replace(PLAN, topics=order, regular=0)
    filing(few, level=Level.COMMUNITY).leads_to()


@pytest.mark.parametrize(
    "topic", [PlannedTopic(head="order", title="停车"), PlannedTopic(head="projects", title=" ")]
)
def test_C_05_each_topic_has_a_title_and_a_head_of_the_catalogue(topic: PlannedTopic) -> None:
    filing(replace(PLAN, topics=(*TOPICS, topic))).breaks("C-05", field="topics")


def test_C_05_a_plan_is_publicised_first() -> None:
    filing(on=date(2026, 3, 1)).breaks("C-05", clause=PUBLICISING, field="publicised_on")


def test_C_05_a_plan_is_not_publicised_years_before_its_year() -> None:
    filing(on=date(2025, 1, 1)).leads_to()
    filing(on=date(2024, 12, 31)).breaks("C-05", clause=OURS, field="publicised_on")


def test_C_05_a_plan_is_of_a_year_of_the_term_and_of_a_street_or_community() -> None:
    for year in (2024, 2029):
        filing(replace(PLAN, year=year)).refused(Malformed, field="year")
    order = replace(PLAN, topics=(PlannedTopic(head="order", title="停车"),))
    filing(order, level=Level.COMMUNITY).leads_to()
    filing(order, level=Level.BUILDING).breaks("C-05", clause=OURS)


def test_C_05_a_plan_is_of_the_term_as_it_began_on_paper() -> None:
    """Typed in January, seated in May of the year before, whose plan is filed too."""
    january, may = datetime(2026, 1, 10, 2, tzinfo=UTC), date(2025, 5, 20)
    typed = replace(seated(Level.STREET, roll(50, 50)), at=january)
    first = planning.Asked(plan=replace(PLAN, year=2025), publicised_on=date(2025, 5, 25))

    def of(seated_on: date | None) -> Decision[Committee]:
        on_paper = replace(typed, term_ends=term(seated_on, january))
        here = past(None, evolve, [on_paper])
        return here.when(lambda c: planning.file(c, first, POLICY, january))

    filed = of(may).leads_to().state
    assert (sorted(filed.planned), filed.plan_year) == ([2025], 2026)
    of(None).refused(Malformed, field="year")


def test_C_01_a_committee_that_sits_no_more_files_no_plan() -> None:
    """It would be waited for one again."""
    asked = planning.Asked(plan=PLAN, publicised_on=PUBLICISED)
    dissolved = sitting(CommitteeDissolved(reason="换届。", at=IN_TIME))
    filed = dissolved.when(lambda c: planning.file(c, asked, POLICY, IN_TIME))
    filed.breaks("C-01", field="committee")
    filing(now=datetime(2028, 3, 3, tzinfo=UTC)).breaks("C-01", field="committee")


def test_C_05_a_year_without_a_plan_is_missed_once() -> None:
    here = sitting()
    assert planning.next_due(here.state) == MARCH
    here.when(lambda c: planning.late(c, IN_TIME)).then()
    missed = PlanMissed(year=2026, due=MARCH)
    after = here.when(lambda c: planning.late(c, MARCH)).then(missed)
    after.when(lambda c: planning.late(c, MARCH)).then()
    assert after.state.plans_missed == (2026,)
    filed = sitting(FILED)
    filed.when(lambda c: planning.late(c, MARCH)).then()
    next_march = datetime(2027, 2, 28, 16, 0, tzinfo=UTC)
    assert planning.next_due(filed.state) == next_march
    assert planning.next_due(sitting(level=Level.QUARTER).state) is None
    last = sitting(FILED, *(replace(FILED, plan=replace(PLAN, year=y)) for y in (2027, 2028)))
    assert planning.next_due(last.state) is None


def test_C_05_a_plan_of_a_later_year_is_none_of_the_one_that_is_awaited() -> None:
    """Whoever files next year's first still owes this year's, and is awaited for no plan that is there."""
    later = replace(FILED, plan=replace(PLAN, year=2027))
    here = sitting(later)
    assert planning.next_due(here.state) == MARCH
    missed = here.when(lambda c: planning.late(c, MARCH)).then(PlanMissed(year=2026, due=MARCH))
    assert planning.next_due(missed.state) == planning.due_of(2028)
    both = sitting(later, FILED)
    assert (both.state.plan_year, sitting(FILED, later).state.plan_year) == (2028, 2028)


def test_C_05_who_files_late_before_the_clock_has_said_so_has_missed_it() -> None:
    late = replace(FILED, late=True, at=MARCH)
    after = filing(now=MARCH).then(PlanMissed(year=2026, due=MARCH), late)
    after.when(lambda c: planning.late(c, MARCH)).then()
    assert planning.awaited_by(after.state) == planning.due_of(2027)


def test_C_05_a_plan_that_was_missed_is_awaited_until_it_is_filed_or_the_term_s_last_is_over() -> (
    None
):
    next_march = datetime(2027, 2, 28, 16, 0, tzinfo=UTC)
    missed = PlanMissed(year=2026, due=MARCH)
    assert planning.awaited_by(sitting().state) == MARCH
    assert planning.awaited_by(sitting(missed).state) == MARCH
    late = replace(FILED, late=True, at=MARCH)
    assert planning.awaited_by(sitting(missed, late).state) == next_march
    over = [PlanMissed(year=y, due=planning.due_of(y)) for y in (2026, 2027, 2028)]
    assert planning.awaited_by(sitting(*over).state) is None
    assert planning.awaited_by(sitting(level=Level.QUARTER).state) is None


@pytest.mark.parametrize(
    ("at", "year"),
    [(MORNING, 2026), (datetime(2025, 2, 28, 15, 59, tzinfo=UTC), 2025)],
)
def test_C_05_the_first_plan_is_that_of_the_first_february(at: datetime, year: int) -> None:
    first = replace(seated(Level.STREET, roll(50, 50)), at=at)
    assert past(None, evolve, [first]).state.plan_year == year


def test_C_05_a_plan_filed_again_takes_the_place_of_the_first() -> None:
    again = replace(FILED, plan=replace(PLAN, regular=3))
    assert sitting(FILED, again).state.plans == (again,)


def test_C_05_what_is_told_of_a_plan() -> None:
    letter = announce.of_committees(FILED, sitting(FILED).state)
    assert letter is not None and letter.type == "consultation.plan_filed.v1"
    said = letter.model_dump(mode="json")
    assert (said["year"], said["topics"], said["regular"], said["late"]) == (2026, 2, 2, False)
    missed = PlanMissed(year=2026, due=MARCH)
    letter = announce.of_committees(missed, sitting(missed).state)
    assert letter is not None and letter.type == "consultation.date_missed.v1"
    said = letter.model_dump(mode="json")
    assert (said["awaited"], said["matter"]) == ("plan", None)
