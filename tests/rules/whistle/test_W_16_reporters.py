"""W-16: who reported it is sealed apart, opened for its own problem only, with a reason and a trace."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.errors import Broken, NotAllowed, NotFound, RuleBroken
from chassis.store import Store
from services.whistle.desk import (
    WhistleDesk,
)
from services.whistle.desk.registers import whistle_of
from services.whistle.domain.events import WhistleWithdrawn
from services.whistle.main import desk_on
from services.whistle.reporters import Reporters
from services.whistle.steps.problems import ReadIn, SettleIn, reporter, settle
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent

from .cases import MONDAY, SECOND, WORK, blown, called, registered
from .test_W_01_problems import collected, joint, small

TRAIL_KEY, KEY, OTHER_KEY = bytes(32), bytes(range(32)), bytes(range(1, 33))
WHO = {"name": "张三丰", "contact": "13800138000", "text": "楼下的烧烤摊凌晨还在营业。"}
ASKED = "请让烧烤摊十点收摊，我在家里睡不着。"
CAUSE = Cause(actor="community:haihua", now=MONDAY)


def reporters(store: MemoryStore, key: bytes = KEY) -> Reporters:
    return Reporters(store, key, TRAIL_KEY, Silent())


def desk(store: Store, apart: MemoryStore) -> WhistleDesk:
    return desk_on(store, reporters(apart), TRAIL_KEY, Silent(), WORK)


def asking(kind: str, code: str | None = None) -> Asking:
    subject = Subject(sub="u-1", kind=kind, code=code, scopes=frozenset())
    return Asking(subject, Cause(actor=subject.acts_as, now=MONDAY + SECOND))


async def reported(anonymous: bool = False) -> tuple[WhistleDesk, MemoryStore, MemoryStore]:
    store, apart = MemoryStore(), MemoryStore()
    there = desk(store, apart)
    happened = replace(collected, has_reporter=not anonymous)
    await there.problems.create("p-1", lambda: [happened, joint], CAUSE)
    sealed = {"asked": ASKED} if anonymous else {"asked": ASKED, **WHO}
    await there.reporters.keep("p-1", sealed, CAUSE)
    return there, store, apart


# Sealed


async def test_W_16_what_is_kept_shows_nothing_of_the_reporter() -> None:
    store = MemoryStore()
    await reporters(store).keep("p-1", WHO, CAUSE)
    [text] = store.kept.values()
    for hidden in (*WHO, *WHO.values(), "张三", "138001", "烧烤"):
        assert hidden not in text
        assert json.dumps(hidden)[1:-1] not in text


async def test_W_16_the_same_reporter_is_never_sealed_to_the_same_text() -> None:
    store = MemoryStore()
    kept = reporters(store)
    for problem in ("p-1", "p-2"):
        await kept.keep(problem, WHO, CAUSE)
    sealed = [json.loads(text)["state"]["sealed"] for text in store.kept.values()]
    assert sealed[0] != sealed[1]


async def test_W_16_it_opens_for_its_own_problem() -> None:
    kept = reporters(MemoryStore())
    await kept.keep("p-1", WHO, CAUSE)
    assert await kept.read("p-1") == WHO


async def test_W_16_it_does_not_open_for_another_problem() -> None:
    store = MemoryStore()
    kept = reporters(store)
    await kept.keep("p-1", WHO, CAUSE)
    moved = json.loads(store.kept["reporters", "p-1"])
    store.kept["reporters", "p-2"] = json.dumps({**moved, "id": "p-2"})
    with pytest.raises(Broken):
        await kept.read("p-2")


async def test_W_16_it_does_not_open_under_another_key() -> None:
    store = MemoryStore()
    await reporters(store).keep("p-1", WHO, CAUSE)
    with pytest.raises(Broken):
        await reporters(store, OTHER_KEY).read("p-1")


async def test_W_16_what_was_changed_does_not_open() -> None:
    store = MemoryStore()
    kept = reporters(store)
    await kept.keep("p-1", WHO, CAUSE)
    document = json.loads(store.kept["reporters", "p-1"])
    sealed = document["state"]["sealed"]
    document["state"]["sealed"] = ("B" if sealed[30] == "A" else "A").join(
        (sealed[:30], sealed[31:])
    )
    store.kept["reporters", "p-1"] = json.dumps(document)
    with pytest.raises(Broken):
        await kept.read("p-1")


async def test_W_16_it_is_kept_once() -> None:
    kept = reporters(MemoryStore())
    await kept.keep("p-1", WHO, CAUSE)
    await kept.keep("p-1", {"name": "李四"}, CAUSE)
    assert await kept.read("p-1") == WHO


# Orphans


async def test_W_16_a_record_whose_problem_never_came_is_due_for_removal_after_an_hour() -> None:
    store = MemoryStore()
    kept = reporters(store)
    await kept.keep("p-1", WHO, CAUSE)
    held = await kept.aggregates.get("p-1")
    assert held.aggregate.orphan_at == MONDAY + timedelta(hours=1)
    there = replace(desk(MemoryStore(), store), reporters=kept)
    await there.look_after_reporter("p-1", CAUSE)
    assert store.kept == {}


async def test_W_16_a_record_whose_problem_exists_is_claimed_and_can_still_be_read() -> None:
    there, _, apart = await reported()
    await there.look_after_reporter("p-1", CAUSE)
    held = await there.reporters.aggregates.get("p-1")
    assert held.aggregate.orphan_at is None and held.aggregate.look_at == MONDAY + timedelta(
        days=30
    )
    assert await there.reporters.read("p-1") == WHO


# Reading


async def test_W_16_the_blowing_unit_and_the_centre_read_it_with_a_reason_on_the_trail() -> None:
    there, store, _ = await reported()
    for reader in (asking("community", "haihua"), asking("command_centre")):
        assert await take(reporter, there, reader, ReadIn(reason="核对地址"), id="p-1") == WHO
    read = [
        (entry["actor"], entry["data"])
        for entry in await there.problems.trail("p-1")
        if entry["type"] == "ReporterRead"
    ]
    assert read == [
        ("community:haihua", {"by": "community:haihua", "reason": "核对地址"}),
        ("command_centre", {"by": "command_centre", "reason": "核对地址"}),
    ]
    assert not any(hidden in text for hidden in WHO.values() for text in store.kept.values())


async def test_W_16_without_a_reason_nothing_is_read() -> None:
    there, _, _ = await reported()
    with pytest.raises(RuleBroken) as refusal:
        await take(reporter, there, asking("command_centre"), ReadIn(reason=" "), id="p-1")
    assert refusal.value.rule.id == "W-16"
    assert len(await there.problems.trail("p-1")) == 2


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("community", "haixiang", NotFound),
        ("street", "guandu", NotFound),
        ("street", "liujia", NotAllowed),
        ("department", "water", NotFound),
        ("resident", None, NotFound),
        ("discipline", None, NotAllowed),
        ("district_admin", None, NotAllowed),
    ],
)
async def test_W_16_nobody_else_reads_it(kind: str, code: str | None, refusal: Any) -> None:
    there, _, _ = await reported()
    with pytest.raises(refusal):
        await take(reporter, there, asking(kind, code), ReadIn(reason="想知道"), id="p-1")
    assert len(await there.problems.trail("p-1")) == 2


async def test_W_16_an_anonymous_report_has_nobody_to_read() -> None:
    there, _, _ = await reported(anonymous=True)
    with pytest.raises(NotFound):
        await take(reporter, there, asking("command_centre"), ReadIn(reason="核对地址"), id="p-1")


# What was asked, in full


async def with_whistle(there: WhistleDesk) -> None:
    happened: list[Any] = [replace(blown, problem="p-1"), registered, called]
    await there.whistles.create(whistle_of("p-1", 0), lambda: happened, CAUSE)


async def test_W_16_the_full_text_is_in_no_document_but_the_sealed_one() -> None:
    there, store, apart = await reported()
    await with_whistle(there)
    for text in (*store.kept.values(), *apart.kept.values()):
        assert ASKED not in text and json.dumps(ASKED)[1:-1] not in text


@pytest.mark.parametrize(
    ("kind", "code", "may"),
    [
        ("community", "haihua", True),
        ("command_centre", None, True),
        ("street", "liujia", True),
        ("discipline", None, False),
        ("district_admin", None, False),
    ],
)
async def test_W_16_before_a_whistle_who_may_triage_it_reads_what_was_asked(
    kind: str, code: str | None, may: bool
) -> None:
    there, _, _ = await reported(anonymous=True)
    if may:
        assert (await there.asked_of_problem("p-1", asking(kind, code).subject)).asked == ASKED
        return
    with pytest.raises(NotAllowed):
        await there.asked_of_problem("p-1", asking(kind, code).subject)


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("street", "liujia", None),
        ("command_centre", None, None),
        ("department", "water", None),
        ("department", "justice", NotFound),
        ("community", "haihua", NotAllowed),
        ("discipline", None, NotAllowed),
    ],
)
async def test_W_16_the_units_called_read_what_was_asked_too(
    kind: str, code: str | None, refusal: Any
) -> None:
    there, _, _ = await reported()
    await with_whistle(there)
    reader = asking(kind, code).subject
    if refusal is None:
        said = await there.asked_of_whistle(whistle_of("p-1", 0), reader)
        assert (said.asked, said.place) == (ASKED, collected.place)
        return
    with pytest.raises(refusal):
        await there.asked_of_whistle(whistle_of("p-1", 0), reader)


async def test_W_16_once_the_street_has_blown_it_and_not_the_community_reads_the_reporter() -> None:
    there, _, _ = await reported()
    await with_whistle(there)
    assert (
        await take(reporter, there, asking("street", "liujia"), ReadIn(reason="核对地址"), id="p-1")
        == WHO
    )
    with pytest.raises(NotAllowed):
        await take(
            reporter, there, asking("community", "haihua"), ReadIn(reason="核对地址"), id="p-1"
        )


async def test_W_01_a_problem_is_not_settled_while_a_whistle_is_on_its_way_to_it() -> None:
    """Its news hasn't come: the problem knows of no whistle yet."""
    there, _, _ = await reported()
    await there.problems.change("p-1", lambda _: [small], CAUSE)
    await with_whistle(there)
    with pytest.raises(RuleBroken) as refusal:
        await take(settle, there, asking("community", "haihua"), SettleIn(how="已劝离"), id="p-1")
    assert refusal.value.rule.id == "W-08"
    withdrawn = WhistleWithdrawn(reason="已自行解决")
    await there.whistles.change(whistle_of("p-1", 0), lambda _: [withdrawn], CAUSE)
    await take(settle, there, asking("community", "haihua"), SettleIn(how="已劝离"), id="p-1")
