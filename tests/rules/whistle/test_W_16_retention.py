"""How long who reported is kept (W-16): until its term is over, and then nothing of it is left but that it went."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken, Unavailable
from services.whistle.desk import WhistleDesk
from services.whistle.desk.registers import whistle_of
from services.whistle.domain.policy import check
from services.whistle.domain.problem import reporter_kept_until
from services.whistle.steps.problems import ReadIn, SettleIn, export, settle
from tests.support.memory import MemoryStore
from tests.support.pictures import jpeg
from tests.support.taking import take

from .cases import MONDAY, NUMBERS, blown, withdrawn
from .test_W_01_problems import collected, small
from .test_W_16_reporters import ASKED, CAUSE, WHO, asking, desk, reported

DAY = timedelta(days=1)
TERM = 365 * DAY


def at(now: datetime) -> Any:
    return replace(CAUSE, now=now)


async def settled() -> tuple[WhistleDesk, MemoryStore, MemoryStore]:
    store, apart = MemoryStore(), MemoryStore()
    there = desk(store, apart)
    await there.policies.seed(MONDAY)
    happened = replace(collected, has_reporter=True)
    await there.problems.create("p-1", lambda: [happened, small], CAUSE)
    await there.reporters.keep("p-1", {"asked": ASKED, **WHO}, CAUSE)
    clerk = asking("community", "haihua")
    await take(settle, there, clerk, SettleIn(how="已沟通。"), id="p-1")
    return there, store, apart


def test_W_16_the_term_runs_from_the_last_that_happened_in_a_case_that_is_over() -> None:
    assert reporter_kept_until(MONDAY, 365) == MONDAY + TERM


async def test_W_16_who_reported_is_removed_when_the_term_is_over_and_not_before() -> None:
    there, store, apart = await settled()
    [last] = [entry["at"] for entry in (await there.problems.trail("p-1"))[-1:]]
    end = datetime.fromisoformat(last) + TERM
    await there.look_after_reporter("p-1", at(end - timedelta(seconds=1)))
    assert await there.reporters.read("p-1") == WHO
    await there.look_after_reporter("p-1", at(end))
    assert not apart.kept
    with pytest.raises(NotFound):
        await there.reporters.read("p-1")


async def test_W_16_what_went_is_noted_and_nothing_of_what_it_held() -> None:
    there, store, _ = await settled()
    await there.look_after_reporter("p-1", at(MONDAY + 2 * TERM))
    [noted] = await there.removals.kept.find({})
    assert (noted.aggregate.collection, noted.aggregate.record) == ("reporters", "p-1")
    assert (noted.aggregate.since, noted.aggregate.line) == (MONDAY, "retention.reporter_days")
    text = "".join(store.kept.values())
    assert not any(hidden in text for hidden in (*WHO.values(), ASKED))
    trail = await there.removals.kept.trail(noted.id)
    assert await there.removals.kept.check(noted.id) == [] and len(trail) == 1


async def test_W_16_a_removal_that_was_noted_and_broken_off_is_noted_once() -> None:
    there, _, apart = await settled()
    kept = dict(apart.kept)
    await there.look_after_reporter("p-1", at(MONDAY + 2 * TERM))
    apart.kept.update(kept)
    await there.look_after_reporter("p-1", at(MONDAY + 2 * TERM + DAY))
    assert not apart.kept
    [noted] = await there.removals.kept.find({})
    assert noted.version == 1


async def test_W_16_while_something_is_to_be_done_it_is_kept() -> None:
    there, _, _ = await reported()
    await there.policies.seed(MONDAY)
    now = MONDAY + 10 * TERM
    await there.look_after_reporter("p-1", at(now))
    assert await there.reporters.read("p-1") == WHO
    held = await there.reporters.aggregates.get("p-1")
    assert held.aggregate.look_at == now + 30 * DAY


async def test_W_16_after_a_whistle_that_ended_something_is_to_be_done_again() -> None:
    there, _, _ = await reported()
    await there.policies.seed(MONDAY)
    first = whistle_of("p-1", 0)
    await there.whistles.create(first, lambda: [replace(blown, problem="p-1"), withdrawn], CAUSE)
    held = await there.problems.get("p-1")
    assert await there.kept_until(held) is None
    await there.drop("p-1", first, CAUSE)
    await there.problems.change("p-1", lambda _: [small], CAUSE)
    await take(settle, there, asking("community", "haihua"), SettleIn(how="已沟通。"), id="p-1")
    held = await there.problems.get("p-1")
    assert await there.kept_until(held) == MONDAY + timedelta(seconds=1) + TERM


async def test_W_16_it_is_looked_at_on_the_day_where_that_is_sooner() -> None:
    there, _, _ = await settled()
    now = MONDAY + TERM - 10 * DAY
    await there.look_after_reporter("p-1", at(now))
    held = await there.reporters.aggregates.get("p-1")
    until = await there.kept_until(await there.problems.get("p-1"))
    assert held.aggregate.look_at == until


@pytest.mark.parametrize("days", [0, 29, 3651])
def test_W_16_the_term_is_neither_shorter_than_a_case_runs_nor_for_ever(days: int) -> None:
    retention = replace(NUMBERS.retention, reporter_days=days)
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, retention=retention))
    assert refusal.value.field == "retention.reporter_days"


# What is held about one


async def test_W_16_all_that_is_held_about_a_reporter_is_exported_with_a_reason_on_record() -> None:
    there, _, _ = await settled()
    said = await take(export, there, asking("command_centre"), ReadIn(reason="本人申请"), id="p-1")
    assert (said["reporter"], said["asked"]) == (WHO, ASKED)
    assert said["case"]["status"] == "settled"
    assert [(one["by"], one["reason"]) for one in said["read"]] == [("command_centre", "本人申请")]
    assert said["kept_until"].startswith("2027-03-02")
    json.dumps(said)


async def test_W_16_nobody_else_exports_it() -> None:
    there, _, _ = await settled()
    with pytest.raises(NotAllowed):
        await take(export, there, asking("district_admin"), ReadIn(reason="想知道"), id="p-1")
    with pytest.raises(RuleBroken):
        await take(export, there, asking("command_centre"), ReadIn(reason=" "), id="p-1")
    assert "ReporterRead" not in [entry["type"] for entry in await there.problems.trail("p-1")]


async def test_W_16_photographs_go_with_who_reported_it_and_what_was_added_elsewhere_stays() -> (
    None
):
    store, apart = MemoryStore(), MemoryStore()
    there = desk(store, apart)
    await there.policies.seed(MONDAY)
    for id in ("p-1", "p-2"):
        happened = replace(collected, has_reporter=True)
        await there.problems.create(id, lambda: [happened, small], CAUSE)  # noqa: B023
        await there.reporters.keep(id, {"asked": ASKED, **WHO}, CAUSE)
        code = await there.reporters.receipt(id)
        added = await there.add_photo(code, jpeg(b"GPS 25.02"), CAUSE)
    assert not any("GPS" in text for text in (*store.kept.values(), *apart.kept.values()))
    line = there.photo_line()
    await line.go_through("whistle", MONDAY + 2 * TERM)
    assert len(await there.photos.find({})) == 2, "neither is over"
    for id in ("p-1", "p-2"):
        await take(settle, there, asking("community", "haihua"), SettleIn(how="已沟通。"), id=id)
        assert await there.photo_files.read(added.file) == jpeg(b"")
        await line.go_through("whistle", MONDAY + 2 * TERM)
    assert await there.photos.find({}) == []
    assert len(await there.removals.kept.find({})) == 2
    with pytest.raises(NotFound):
        await there.photo_files.read(added.file)


async def photographed(there: WhistleDesk, id: str) -> str:
    """What one who reported something adds to it; the file."""
    happened = replace(collected, has_reporter=True)
    await there.problems.create(id, lambda: [happened, small], CAUSE)
    await there.reporters.keep(id, {"asked": ASKED, **WHO}, CAUSE)
    return (await there.add_photo(await there.reporters.receipt(id), jpeg(b""), CAUSE)).file


@pytest.mark.parametrize("collection", ["photo_files", "photos"])
async def test_W_16_what_is_added_elsewhere_while_a_photograph_goes_stays(
    collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = MemoryStore()
    there = desk(MemoryStore(), apart)
    await there.policies.seed(MONDAY)
    file = await photographed(there, "p-1")
    await take(settle, there, asking("community", "haihua"), SettleIn(how="已沟通。"), id="p-1")
    delete, insert = apart.delete, apart.insert

    async def overtaken(where: str, id: str, rev: int | None = None) -> bool:
        if where == collection:
            monkeypatch.undo()
            await photographed(there, "p-2")
        return await delete(where, id, rev)

    monkeypatch.setattr(apart, "delete", overtaken)
    await there.photo_line().go_through("whistle", MONDAY + 2 * TERM)
    assert [held.id for held in await there.photos.find({})] == ["p-2"]
    assert await there.photo_files.read(file) == jpeg(b"")

    async def late(where: str, document: Any, **how: bool) -> None:
        if where == "photos":
            monkeypatch.undo()
            settling = asking("community", "haihua")
            await take(settle, there, settling, SettleIn(how="已沟通。"), id="p-2")
            await there.photo_line().go_through("whistle", MONDAY + 2 * TERM)
        await insert(where, document, **how)

    monkeypatch.setattr(apart, "insert", late)
    await photographed(there, "p-3")
    assert [held.id for held in await there.photos.find({})] == ["p-3"]
    assert await there.photo_files.read(file) == jpeg(b"")


async def test_W_16_photographs_whose_content_could_not_go_are_met_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = MemoryStore()
    there = desk(MemoryStore(), apart)
    await there.policies.seed(MONDAY)
    file = await photographed(there, "p-1")
    await take(settle, there, asking("community", "haihua"), SettleIn(how="已沟通。"), id="p-1")
    delete = apart.delete

    async def failing(where: str, id: str, rev: int | None = None) -> bool:
        if where == "photo_files":
            raise Unavailable("存储暂时不可用，请稍后再试。")
        return await delete(where, id, rev)

    with monkeypatch.context() as patched:
        patched.setattr(apart, "delete", failing)
        await there.photo_line().go_through("whistle", MONDAY + 2 * TERM)
    assert len(await there.photos.find({})) == 1
    await there.photo_line().go_through("whistle", MONDAY + 2 * TERM)
    assert await there.photos.find({}) == [] and await there.photo_files.look(file) is None


async def test_W_16_a_photograph_that_was_kept_when_the_process_was_killed_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    apart = MemoryStore()
    there, insert = desk(MemoryStore(), apart), apart.insert
    await there.policies.seed(MONDAY)

    async def killed(where: str, document: Any, **how: bool) -> None:
        if where == "photos":
            raise Killed
        await insert(where, document, **how)

    with monkeypatch.context() as patched:
        patched.setattr(apart, "insert", killed)
        with pytest.raises(Killed):
            await photographed(there, "p-1")
    assert any(where == "photo_files" for where, _ in apart.kept)
    await there.photo_files.go_through("whistle", MONDAY + DAY)
    assert not any(where.startswith("photo_files") for where, _ in apart.kept)
