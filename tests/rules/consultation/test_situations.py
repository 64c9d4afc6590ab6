"""C-31, C-30, C-13: new situations reported and answered, a community's hall, and matters of several communities."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from services.consultation.domain import hall as halls
from services.consultation.domain import proposing
from services.consultation.domain import situation as situations
from services.consultation.domain.committee import Level
from services.consultation.domain.hall import HallDescribed, HallHead
from services.consultation.domain.situation import SituationAnswered, SituationReported
from services.consultation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .register import listed
from .test_members import sitting

AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
CAUSE = Cause(actor="platform", now=AT)
REPORTED = SituationReported(
    street="guanshang",
    community="guanshangzhongxinqu",
    title="线上议事",
    text="居民多在群里讨论，签到表不好做。",
    by="community:guanshangzhongxinqu",
    at=AT,
)
ANSWERED = SituationAnswered(
    answer="以截屏附签到表。", by="department:united_front", at=AT + timedelta(days=3)
)
SPACE = HallDescribed(
    street="guanshang",
    community="guanshangzhongxinqu",
    head=HallHead.SPACE,
    what="二楼议事室，60平方米。",
    on=date(2026, 3, 1),
    at=AT,
)
PEOPLE = replace(SPACE, head=HallHead.PEOPLE, what="议事员21名。")


def test_C_31_a_new_situation_is_reported_and_answered_once() -> None:
    assert situations.report(REPORTED) == REPORTED
    for field, without in (
        ("title", replace(REPORTED, title=" ")),
        ("text", replace(REPORTED, text=" ")),
    ):
        with pytest.raises(RuleBroken) as refused:
            situations.report(without)
        assert (refused.value.rule.id, refused.value.field) == ("C-31", field)
    here = situations.evolve(None, REPORTED)
    said = situations.answer(here, ANSWERED.answer, ANSWERED.by, ANSWERED.at)
    assert said == ANSWERED
    with pytest.raises(RuleBroken) as refused:
        situations.answer(here, " ", ANSWERED.by, AT)
    assert (refused.value.rule.id, refused.value.field) == ("C-31", "answer")
    after = situations.evolve(here, ANSWERED)
    assert after.answered == ANSWERED
    with pytest.raises(RuleBroken, match="已答复"):
        situations.answer(after, "再答。", ANSWERED.by, AT)


def test_C_30_a_hall_begins_with_its_space_and_shows_what_it_lacks() -> None:
    with pytest.raises(RuleBroken) as refused:
        halls.describe(None, PEOPLE)
    assert (refused.value.rule.id, refused.value.field) == ("C-30", "head")
    assert halls.describe(None, SPACE) == SPACE
    hall = halls.evolve(None, SPACE)
    assert hall.lacking == (HallHead.PEOPLE, HallHead.TOPICS, HallHead.RULES, HallHead.JOINT)
    for head in HallHead:
        hall = halls.evolve(hall, halls.describe(hall, replace(SPACE, head=head)))
    assert hall.lacking == ()


def test_C_30_a_head_is_described_again_as_of_a_later_day() -> None:
    hall = halls.evolve(None, SPACE)
    wider = replace(SPACE, what="三楼，90平方米。", on=date(2026, 3, 19))
    hall = halls.evolve(hall, halls.describe(hall, wider))
    assert hall.heads[HallHead.SPACE] == wider
    for wrong, field in ((replace(wider, what=" "), "what"), (replace(wider, on=SPACE.on), "on")):
        with pytest.raises(RuleBroken) as refused:
            halls.describe(hall, wrong)
        assert (refused.value.rule.id, refused.value.field) == ("C-30", field)
    with pytest.raises(Malformed):
        halls.describe(hall, replace(wider, on=date(2026, 3, 21)))


def test_C_13_what_concerns_several_communities_is_before_the_street() -> None:
    community = sitting().state
    street = replace(community, level=Level.STREET, community=None)
    two = ("guanshangzhongxinqu", "guanshangzhongxinqu2")
    proposing.several((), community)
    proposing.several(two, street)
    with pytest.raises(RuleBroken) as refused:
        proposing.several(two, community)
    assert (refused.value.rule.id, refused.value.field) == ("C-13", "communities")
    for wrong in (two[:1], (*two, two[0])):
        with pytest.raises(Malformed):
            proposing.several(wrong, street)


async def test_C_10_the_responsible_unit_is_one_of_the_register_today() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WorkTime(days=NationalCalendar()))
    await listed(desk, CAUSE, valid_to="2026-03-20")
    await desk.responsible("urban_management", AT)
    await desk.responsible(None, AT)
    with pytest.raises(UnknownReference) as refused:
        await desk.responsible("urban_management", AT + timedelta(days=1))
    assert refused.value.field == "unit"
