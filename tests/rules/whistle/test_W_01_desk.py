"""Collecting and taking in, asked of the desk: what is refused leaves nothing behind (W-01, W-16)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.copies import Told
from chassis.kernel.errors import NotAllowed, NotFound, RuleBroken, UnknownReference
from services.whistle.desk import WhistleDesk
from services.whistle.desk.placing import Report
from services.whistle.desk.registers import whistle_of
from services.whistle.domain.events import Kind
from services.whistle.domain.placing import spotted
from services.whistle.domain.problem import (
    Channel,
    Difficulty,
    Handling,
    ProblemCollected,
    ProblemStatus,
    Urgency,
)
from services.whistle.steps.problems import (
    CorrectIn,
    ProblemIn,
    ReadIn,
    ReporterIn,
    SettleIn,
    TriageIn,
    collect,
    correct,
    reporter,
    settle,
    triage,
)
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import MONDAY, SECOND, blown, rejected
from .test_W_01_problems import collected, joint, small
from .test_W_16_reporters import CAUSE, asking, desk

WHO = {"name": "张三丰", "contact": "13800138000", "text": ""}
COLLECT = ProblemIn(
    channel=Channel.VISIT,
    community="haihua",
    category="parking",
    title="消防通道停车",
    asked="请划线并清理。",
    reporter=ReporterIn(**WHO),
)
REPORT = Report(community="haihua", category="parking", asked=COLLECT.asked, reporter=WHO)
SETTLED = SettleIn(how="已劝离")
TRIAGE = TriageIn(
    kind=Kind.PROBLEM,
    urgency=Urgency.NORMAL,
    difficulty=Difficulty.HARD,
    handling=Handling.JOINT,
)
COMMUNITY, CENTRE = asking("community", "haihua"), asking("command_centre")


@pytest.fixture
async def stores() -> tuple[MemoryStore, MemoryStore]:
    return MemoryStore(), MemoryStore()


@pytest.fixture
async def there(stores: tuple[MemoryStore, MemoryStore]) -> WhistleDesk:
    ready = desk(*stores)
    await ready.policies.seed(MONDAY)
    for code, street in (("haihua", "liujia"), ("nowhere", None)):
        data = {"code": code, "name": code, "valid_from": "2018-12-01", "listed": 2}
        told = Told(
            event=f"e-{code}", sequence=1, data=data | ({"street": street} if street else {})
        )
        await ready.communities.aggregates.once(code, [told], CAUSE)
    return ready


def kept(stores: tuple[MemoryStore, MemoryStore]) -> list[str]:
    return [id for store in stores for name, id in store.kept if name in ("problems", "reporters")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"category": "potholes"}, "category"), ({"title": " "}, "title"), ({"asked": ""}, "asked")],
)
async def test_W_01_what_is_incomplete_is_neither_collected_nor_sealed(
    there: WhistleDesk, stores: Any, wrong: dict[str, Any], field: str
) -> None:
    said = COLLECT.model_copy(update=wrong)
    calls: list[Callable[[], Awaitable[object]]] = [lambda: take(collect, there, COMMUNITY, said)]
    if "title" not in wrong:  # where there is none it is the category's name
        calls.append(lambda: there.collect_publicly(replace(REPORT, **wrong), CAUSE))
    for call in calls:
        with pytest.raises(RuleBroken) as refusal:
            await call()
        assert (refusal.value.rule.id, refusal.value.field) == ("W-01", field)
    assert kept(stores) == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("community", "haixiang"),
        ("street", "guandu"),
        ("department", "water"),
        ("discipline", None),
    ],
)
async def test_W_01_who_has_nothing_to_do_with_the_place_collects_nothing_there(
    there: WhistleDesk, stores: Any, kind: str, code: str | None
) -> None:
    with pytest.raises(NotAllowed):
        await take(collect, there, asking(kind, code), COLLECT)
    assert kept(stores) == []


async def test_W_01_a_community_is_one_of_the_register_with_a_street(there: WhistleDesk) -> None:
    with pytest.raises(UnknownReference, match="尚未登记所属街道") as refusal:
        await take(collect, there, CENTRE, COLLECT.model_copy(update={"community": "nowhere"}))
    assert refusal.value.field == "community"


async def test_W_01_nothing_is_collected_or_blown_in_a_community_that_has_ended(
    there: WhistleDesk,
) -> None:
    """Its last day was 2 March."""
    ended = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 2}
    told = Told(
        event="e-9", sequence=9, data={**ended, "street": "liujia", "valid_to": "2026-03-02"}
    )
    await there.communities.aggregates.change("haihua", lambda _: [told], replace(CAUSE, key=None))
    assert (await take(collect, there, CENTRE, COLLECT)).aggregate.community == "haihua"
    later = replace(CENTRE, cause=replace(CENTRE.cause, now=MONDAY + timedelta(days=1)))
    with pytest.raises(UnknownReference, match="海华 已于 2026-03-02 终止") as refusal:
        await take(collect, there, later, COLLECT)
    assert refusal.value.field == "community"
    own = replace(COMMUNITY, cause=later.cause)
    with pytest.raises(UnknownReference, match="终止"):
        await there.own_matter("夜间施工", "noise", own)


async def test_W_16_who_collected_holds_it_but_the_centre_collects_for_the_community(
    there: WhistleDesk,
) -> None:
    for who, holder in (
        (COMMUNITY, "community:haihua"),
        (asking("street", "liujia"), "street:liujia"),
        (CENTRE, "community:haihua"),
    ):
        made = await take(collect, there, who, COLLECT)
        problem = made.aggregate
        assert await there.reporters.read(made.id) == WHO
        assert await there.reporters.asked(made.id) == COLLECT.asked
        assert (problem.holder(None), problem.street) == (holder, "liujia")
        assert problem.has_reporter
    unsaid = COLLECT.model_copy(update={"reporter": None})
    anonymous = await take(collect, there, asking("community", "haihua"), unsaid)
    assert not anonymous.aggregate.has_reporter
    assert await there.reporters.asked(anonymous.id) == COLLECT.asked


async def test_W_16_what_the_public_reports_is_named_by_its_category_alone(
    there: WhistleDesk, stores: Any
) -> None:
    id = await there.collect_publicly(REPORT, replace(CAUSE, fresh="p-9"))
    problem = (await there.problems.get(id)).aggregate
    assert (problem.title, problem.origin, problem.collected_by) == ("停车秩序", "open311", None)
    assert problem.has_reporter and await there.reporters.read(id) == WHO
    assert not any("张三丰" in text or "划线" in text for text in stores[0].kept.values())
    nobody = replace(REPORT, reporter={})
    id = await there.collect_publicly(nobody, replace(CAUSE, fresh="p-8"))
    assert not (await there.problems.get(id)).aggregate.has_reporter
    assert await there.reporters.asked(id) == COLLECT.asked


async def test_W_16_the_point_on_the_map_is_sealed_with_the_words_and_read_with_them(
    there: WhistleDesk, stores: Any
) -> None:
    here = replace(REPORT, spotted=spotted(25.0213, 102.7451))
    id = await there.collect_publicly(here, replace(CAUSE, fresh="p-7"))
    point = "北纬 25.021300，东经 102.745100"
    assert (await there.asked_of_problem(id, COMMUNITY.subject)).place == point
    assert not any("25.02" in text or "25021300" in text for text in stores[0].kept.values())
    assert await there.reporters.read(id) == WHO
    assert (await there.held_about(id))["point"] == point
    first = whistle_of(id, 0)
    await there.whistles.create(first, lambda: [replace(blown, problem=id)], CAUSE)
    water = asking("department", "water").subject
    assert (await there.asked_of_whistle(first, water)).place == point
    named = replace(here, place="东门")
    other = await there.collect_publicly(named, replace(CAUSE, fresh="p-6"))
    assert (await there.asked_of_problem(other, COMMUNITY.subject)).place == f"东门；{point}"


async def test_W_01_what_others_told_is_taken_in_once_and_in_full(there: WhistleDesk) -> None:
    happened = ProblemCollected(
        channel=Channel.DIGITAL,
        street="liujia",
        community="haihua",
        category="parking",
        title="占道停车",
        origin="partner:12345",
        at=MONDAY,
    )
    first = await there.take_in("p-1", happened, CAUSE)
    again = await there.take_in("p-1", replace(happened, title="另一件"), CAUSE)
    assert (first.version, again.version, again.aggregate.title) == (1, 1, "占道停车")
    with pytest.raises(RuleBroken) as refusal:
        await there.take_in("p-2", replace(happened, category="potholes"), CAUSE)
    assert refusal.value.rule.id == "W-01"


async def test_W_01_the_street_and_the_community_triage_and_settle_and_others_do_not(
    there: WhistleDesk,
) -> None:
    await there.problems.create("p-1", lambda: [collected], CAUSE)
    for other, refusal in (
        (asking("district_admin"), NotAllowed),
        (asking("department", "water"), NotFound),
        (asking("street", "guandu"), NotFound),
    ):
        with pytest.raises(refusal):
            await take(triage, there, other, TRIAGE, id="p-1")
        with pytest.raises(refusal):
            await take(settle, there, other, SETTLED, id="p-1")
    with pytest.raises(NotAllowed):
        await take(settle, there, CENTRE, SETTLED, id="p-1")
    triaged = await take(triage, there, asking("street", "liujia"), TRIAGE, id="p-1")
    assert (triaged.aggregate.status, triaged.aggregate.handling) == (
        ProblemStatus.TRIAGED,
        Handling.JOINT,
    )
    at_once = TRIAGE.model_copy(update={"handling": Handling.IMMEDIATE})
    await take(triage, there, COMMUNITY, at_once, id="p-1")
    settled = await take(settle, there, COMMUNITY, SETTLED, id="p-1")
    assert settled.aggregate.settled_how == "已劝离"


async def test_W_01_a_slip_is_put_right_within_the_list_and_until_a_whistle_is_out(
    there: WhistleDesk,
) -> None:
    await there.problems.create("p-1", lambda: [collected, joint], CAUSE)
    said = {"title": collected.title, "place": None, "reason": "看错类别"}
    unknown = CorrectIn(category="potholes", **said)
    with pytest.raises(RuleBroken) as refusal:
        await take(correct, there, COMMUNITY, unknown, id="p-1")
    assert (refusal.value.rule.id, refusal.value.field) == ("W-01", "category")
    other = CorrectIn(category="noise", **said)
    with pytest.raises(NotFound):
        await take(correct, there, asking("street", "guandu"), other, id="p-1")
    changed = await take(correct, there, COMMUNITY, other, id="p-1")
    assert (changed.aggregate.category, changed.aggregate.title) == ("noise", collected.title)
    held = [one.id async for one in there.problems.every({"category": "noise"})]
    assert held == ["p-1"]
    out = replace(blown, problem="p-1")
    await there.whistles.create(whistle_of("p-1", 0), lambda: [out], CAUSE)
    with pytest.raises(RuleBroken) as refusal:
        await take(correct, there, COMMUNITY, CorrectIn(category="parking", **said), id="p-1")
    assert (refusal.value.rule.id, refusal.value.field) == ("W-08", None)


async def test_W_01_a_whistle_that_ended_keeps_no_small_matter_from_being_settled(
    there: WhistleDesk,
) -> None:
    await there.problems.create("p-1", lambda: [collected, joint, small], CAUSE)
    out = replace(blown, problem="p-1")
    await there.whistles.create(whistle_of("p-1", 0), lambda: [out], CAUSE)
    with pytest.raises(RuleBroken) as refusal:
        await take(settle, there, COMMUNITY, SETTLED, id="p-1")
    assert refusal.value.rule.id == "W-08"


async def test_W_16_after_a_whistle_that_ended_who_may_triage_it_reads_what_was_asked(
    there: WhistleDesk,
) -> None:
    """And who reported it is read again by who collected it, or its community, and not by who blew."""
    made = await take(collect, there, COMMUNITY, COLLECT)
    street, first = asking("street", "liujia"), whistle_of(made.id, 0)
    await there.whistles.create(first, lambda: [replace(blown, problem=made.id)], CAUSE)
    with pytest.raises(NotAllowed):
        await there.asked_of_problem(made.id, COMMUNITY.subject)
    await there.whistles.change(first, lambda _: [rejected], CAUSE)
    for reader in (COMMUNITY, street, CENTRE):
        assert (await there.asked_of_problem(made.id, reader.subject)).asked == COLLECT.asked
    why = ReadIn(reason="核对地址")
    assert await take(reporter, there, COMMUNITY, why, id=made.id) == WHO
    with pytest.raises(NotAllowed):
        await take(reporter, there, street, why, id=made.id)


async def test_W_16_by_receipt_nothing_is_told_of_a_whistle_that_ended(there: WhistleDesk) -> None:
    made = await take(collect, there, COMMUNITY, COLLECT)
    code, first = await there.reporters.receipt(made.id), whistle_of(made.id, 0)
    await there.whistles.create(first, lambda: [replace(blown, problem=made.id)], CAUSE)
    assert (await there.case(code, MONDAY)).units == blown.summoned
    await there.whistles.change(first, lambda _: [rejected], CAUSE)
    told = await there.case(code, MONDAY)
    assert (told.whistle, told.units, told.category) == (None, (), "parking")


async def test_W_16_what_was_asked_is_the_title_where_nothing_more_was_said(
    there: WhistleDesk,
) -> None:
    await there.problems.create("p-1", lambda: [replace(collected, origin="partner:1")], CAUSE)
    said = await there.asked_of_problem("p-1", CENTRE.subject)
    assert (said.asked, said.place) == ("消防通道停车", collected.place)
    await there.whistles.create(whistle_of("p-1", 0), lambda: [blown], CAUSE)
    assert (await there.asked_of_problem("p-1", asking("street", "liujia").subject)) == said
    with pytest.raises(NotAllowed):
        await there.asked_of_problem("p-1", COMMUNITY.subject)
    await there.whistles.create("w-1", lambda: [replace(blown, problem=None)], CAUSE)
    said = await there.asked_of_whistle("w-1", CENTRE.subject)
    assert (said.asked, said.place) == ("河道翻坝漏水", None)


async def test_W_16_an_orphaned_record_is_removed_and_a_claimed_one_stays(
    there: WhistleDesk, stores: Any
) -> None:
    later = replace(CAUSE, now=MONDAY + 3600 * SECOND)
    for id in ("p-1", "p-2"):
        await there.reporters.keep(id, {"asked": "请清理"}, CAUSE)
    await there.problems.create("p-1", lambda: [collected], CAUSE)
    for id in ("p-1", "p-2"):
        await there.look_after_reporter(id, later)
    assert [id for name, id in stores[1].kept if name == "reporters"] == ["p-1"]
    assert await there.reporters.asked("p-1") == "请清理"
