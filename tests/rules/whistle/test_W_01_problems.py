"""W-01: what a problem must say, who settles the small ones, and the order of a problem's steps."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, NotAllowed, RuleBroken
from chassis.vocabulary import word_of
from services.whistle.domain.events import Kind
from services.whistle.domain.problem import (
    Channel,
    Difficulty,
    Handling,
    Problem,
    ProblemCollected,
    ProblemCorrected,
    ProblemEvent,
    ProblemSettled,
    ProblemStatus,
    ProblemTriaged,
    ReporterRead,
    Urgency,
    WhistleDropped,
    WhistleFollowed,
    collect,
    evolve,
)
from services.whistle.vocabulary import WORDS
from tests.support.specification import Given, past

from .cases import MONDAY, NUMBERS, at

collected = ProblemCollected(
    channel=Channel.VISIT,
    street="liujia",
    community="haihua",
    category="parking",
    title="消防通道停车",
    place="海华小区三栋",
    by="community:haihua",
    has_reporter=True,
    at=MONDAY,
)
ASKED = "请划线并清理。"
small = ProblemTriaged(
    kind=Kind.SERVICE,
    urgency=Urgency.NORMAL,
    difficulty=Difficulty.EASY,
    handling=Handling.IMMEDIATE,
)
joint = ProblemTriaged(
    kind=Kind.PROBLEM,
    urgency=Urgency.URGENT,
    difficulty=Difficulty.HARD,
    handling=Handling.JOINT,
)
raised = replace(joint, handling=Handling.ESCALATED)
settled = ProblemSettled(how="当日劝离并划线", at=at("03-02 16:00"))
followed = WhistleFollowed(whistle="w-1")
dropped = WhistleDropped(whistle="w-1")


def given(*happened: ProblemEvent) -> Given[Problem]:
    return past(None, evolve, (collected, *happened))


def settle(how: str = "当日劝离并划线") -> Any:
    return lambda p: p.settle(how=how, now=at("03-02 16:00"))


def triage(to: ProblemTriaged, by: str = "community:haihua") -> Any:
    return lambda p: p.triage(by=by, as_=to)


# What it says


def test_W_01_a_problem_in_full_is_collected() -> None:
    assert collect(collected, ASKED, NUMBERS.categories) == collected


@pytest.mark.parametrize("category", ["potholes", ""])
def test_W_01_a_category_outside_the_list_is_refused(category: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        collect(replace(collected, category=category), ASKED, NUMBERS.categories)
    assert (refusal.value.rule.id, refusal.value.field) == ("W-01", "category")


@pytest.mark.parametrize("field", ["title", "asked"])
@pytest.mark.parametrize("empty", ["", " \n"])
def test_W_01_a_problem_has_a_title_and_says_what_was_asked(field: str, empty: str) -> None:
    said = {"title": collected.title, "asked": ASKED, field: empty}
    with pytest.raises(RuleBroken) as refusal:
        collect(replace(collected, title=said["title"]), said["asked"], NUMBERS.categories)
    assert (refusal.value.rule.id, refusal.value.field) == ("W-01", field)


def test_W_01_the_five_channels_and_the_three_handlings() -> None:
    assert {channel.value for channel in Channel} == {
        "secretary",
        "consultation",
        "digital",
        "visit",
        "petition",
    }
    assert {handling.value for handling in Handling} == {"immediate", "joint", "escalated"}


def test_W_01_a_collected_problem_is_what_was_said() -> None:
    problem = given().state
    assert problem == Problem(
        status=ProblemStatus.COLLECTED,
        channel=Channel.VISIT,
        street="liujia",
        community="haihua",
        category="parking",
        title="消防通道停车",
        place="海华小区三栋",
        collected_by="community:haihua",
        has_reporter=True,
        collected_at=MONDAY,
    )


# What was entered wrong

noise = ProblemCorrected(
    category="noise", title=collected.title, place=collected.place, reason="看错类别"
)


def correct(by: str = "community:haihua", whistled: bool = False, **said: str | None) -> Any:
    def whole(p: Problem) -> dict[str, Any]:
        stands = {"category": p.category, "title": p.title, "place": p.place}
        return {**stands, "reason": "看错类别", **said}

    return lambda p: p.correct(**whole(p), by=by, whistled=whistled)


def test_W_01_a_slip_is_put_right_with_a_reason() -> None:
    there = given().when(correct(category="noise")).then(noise)
    assert there.state == replace(given().state, category="noise")
    there.when(correct(category="noise")).breaks("W-01", clause=OURS, field="title")
    other = replace(noise, place="海华小区五栋")
    there.when(correct(place="海华小区五栋")).then(other).when(correct(title="夜间施工")).then(
        replace(other, title="夜间施工")
    )
    for nowhere in (None, " "):
        assert there.when(correct(place=nowhere)).leads_to().state.place is None
    given().when(correct(category="noise", reason=" ")).refused(Malformed, field="reason")
    given().when(correct(title=" ")).breaks("W-01", field="title")
    given().when(correct()).breaks("W-01", clause=OURS, field="title")


def test_W_01_a_slip_is_put_right_until_it_is_blown_and_after_a_whistle_in_vain() -> None:
    assert given(joint).when(correct(category="noise")).then(noise).state.handling is joint.handling
    given(joint).when(correct(category="noise", whistled=True)).breaks("W-08")
    given(joint, followed).when(correct(category="noise")).breaks("W-17")
    given(joint, followed, dropped).when(correct(category="noise")).then(noise)


def test_W_01_the_centre_puts_right_what_a_partner_told_and_nothing_else() -> None:
    given().when(correct(by="command_centre", category="noise")).breaks("W-01")
    told = past(None, evolve, (replace(collected, origin="partner:12345"),))
    told.when(correct(by="command_centre", category="noise")).then(noise)


# Small matters


def test_W_01_triage_sets_kind_urgency_difficulty_and_handling() -> None:
    after = given().when(triage(joint)).then(joint).state
    assert after.kind is Kind.PROBLEM
    assert (after.urgency, after.difficulty, after.handling) == (
        Urgency.URGENT,
        Difficulty.HARD,
        Handling.JOINT,
    )


def test_W_01_a_triage_may_be_corrected() -> None:
    after = given(joint).when(triage(small)).then(small).state
    assert after.handling is Handling.IMMEDIATE


def test_W_01_a_small_matter_is_settled_in_the_community_without_a_whistle() -> None:
    after = given(small).when(settle()).then(settled).state
    assert (after.status, after.settled_how, after.whistles) == (
        ProblemStatus.SETTLED,
        "当日劝离并划线",
        (),
    )


@pytest.mark.parametrize("triaged", [joint, raised], ids=["joint", "escalated"])
def test_W_01_only_a_small_matter_is_settled_there(triaged: ProblemTriaged) -> None:
    given(triaged).when(settle()).breaks("W-01", clause="官办通〔2019〕80号 四.4")


def test_W_01_how_it_was_settled_is_said() -> None:
    given(small).when(settle(" ")).refused(Malformed, field="how")


def test_W_01_the_centre_triages_what_a_partner_told_and_nothing_else() -> None:
    given().when(triage(joint, by="command_centre")).breaks("W-01")
    partners = replace(collected, origin="partner:/partners/hotline", by=None)
    told = past(None, evolve, (partners,))
    told.when(triage(joint, by="command_centre")).then(joint)
    told.when(triage(joint, by="street:liujia")).then(joint)


def test_W_01_what_was_settled_before_a_whistles_news_came_stays_settled() -> None:
    after = given(small, settled).when(lambda p: p.follow("w-1")).then(followed).state
    assert (after.status, after.settled_how, after.whistles) == (
        ProblemStatus.SETTLED,
        "当日劝离并划线",
        ("w-1",),
    )
    past(after, evolve, ()).when(settle()).breaks("W-17")


# What no whistle is out for any more


def drop(whistle: str = "w-1") -> Any:
    return lambda p: p.drop(whistle)


def test_W_01_what_was_whistled_in_vain_is_triaged_again_and_settled_in_the_community() -> None:
    back = given(joint, followed).when(drop()).then(dropped)
    assert back.state.status is ProblemStatus.TRIAGED
    back.when(triage(small)).then(small).when(settle()).then(settled)
    assert "blow" in back.state.next_steps()


def test_W_01_a_whistle_is_dropped_once_and_no_later_one_with_it() -> None:
    back = given(joint, followed).when(drop()).then(dropped)
    back.when(drop()).then()
    again = past(back.state, evolve, (WhistleFollowed(whistle="w-2"),))
    again.when(drop()).then()
    again.when(drop("w-2")).then(WhistleDropped(whistle="w-2"))


def test_W_01_that_it_ended_may_be_heard_before_that_it_was_blown() -> None:
    back = given(joint).when(drop()).then(followed, dropped)
    assert back.state.status is ProblemStatus.TRIAGED
    back.when(lambda p: p.follow("w-1")).then()


def test_W_01_what_was_settled_stays_settled_whatever_becomes_of_a_whistle() -> None:
    given(small, settled).when(drop()).then(followed)
    given(small, settled, followed).when(drop()).then()


# The order

PASTS: dict[str, tuple[ProblemEvent, ...]] = {
    "collected": (),
    "triaged": (small,),
    "settled": (small, settled),
    "whistled": (joint, followed),
}
LAW: dict[str, tuple[Any, set[str]]] = {
    "correct": (correct(category="noise"), {"collected", "triaged"}),
    "triage": (triage(small), {"collected", "triaged"}),
    "settle": (settle(), {"triaged"}),
    "blow": (lambda p: p.ready_for_whistle() or (), {"triaged", "whistled"}),
}


@pytest.mark.parametrize("status", PASTS)
@pytest.mark.parametrize("step", LAW)
def test_W_17_a_problem_takes_its_steps_in_order(status: str, step: str) -> None:
    decide, allowed = LAW[step]
    problem = given(*PASTS[status]).state
    assert problem.status.value == status
    if status in allowed:
        decide(problem)
        return
    with pytest.raises(RuleBroken) as refusal:
        decide(problem)
    assert refusal.value.rule.id == "W-17"
    said = refusal.value.detail
    steps = {name for name, (_, statuses) in LAW.items() if status in statuses}
    assert f"当前状态为“{word_of(problem.status, WORDS)}”" in said
    named = {"blow": "吹哨"}
    told = {named.get(one, one) for one in steps} or {"无"}
    assert set(said.split("允许的步骤：")[1].rstrip("。").split("、")) == told


def test_W_08_a_problem_knows_each_of_its_whistles_once() -> None:
    after = given(joint).when(lambda p: p.follow("w-1")).then(followed)
    after.when(lambda p: p.follow("w-1")).then()
    again = after.when(lambda p: p.follow("w-2")).then(WhistleFollowed(whistle="w-2"))
    assert again.state.whistles == ("w-1", "w-2")
    assert again.state.status is ProblemStatus.WHISTLED


# Who reported it


def test_W_16_reading_the_reporter_needs_a_reason() -> None:
    given(joint).when(
        lambda p: p.read_reporter(by="community:haihua", reason="  ", blower=None)
    ).breaks("W-16", field="reason")


def test_W_16_the_unit_that_blew_and_the_centre_alone_read_the_reporter() -> None:
    def read(by: str, blower: str | None) -> Any:
        return lambda p: p.read_reporter(by=by, reason="核对地址", blower=blower)

    for by, blower in (
        ("community:haihua", None),
        ("street:liujia", "street:liujia"),
        ("command_centre", "street:liujia"),
    ):
        given(joint).when(read(by, blower)).then(ReporterRead(by=by, reason="核对地址"))
    given(joint).when(read("street:liujia", None)).refused(NotAllowed)
    given(joint).when(read("community:haihua", "street:liujia")).refused(NotAllowed)
    given(joint).when(read("district_admin", None)).refused(NotAllowed)


def test_W_16_before_any_whistle_it_is_for_who_collected_it_or_else_its_community() -> None:
    by_street = past(None, evolve, (replace(collected, by="street:liujia"),)).state
    assert by_street.holder(None) == "street:liujia"
    assert by_street.holder("community:haihua") == "community:haihua"
    told = past(None, evolve, (replace(collected, by=None, origin="partner:12345"),)).state
    assert told.holder(None) == "community:haihua"


def test_W_16_a_reading_is_an_entry_of_the_trail_and_changes_nothing() -> None:
    before = given(joint)
    read = ReporterRead(by="community:haihua", reason="核对地址")
    after = before.when(
        lambda p: p.read_reporter(by="community:haihua", reason="核对地址", blower=None)
    )
    assert after.then(read).state == before.state


def test_W_01_a_problem_begins_by_being_collected() -> None:
    with pytest.raises(ValueError, match="begins by being collected"):
        evolve(None, small)
