"""An import is entered whole and once, whoever works on it, and however often that breaks off."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.asking import Asking
from chassis.begun import LEFT
from chassis.brake import Brake
from chassis.cause import Cause
from chassis.deadlines import Scheduler
from chassis.guarded import Guarded
from chassis.identity import Access, Subject, kinds
from chassis.imports import desk, work
from chassis.imports.desk import COLLECTION, Bad, Change, Importable, Imports, imports_kind
from chassis.imports.domain import (
    KEPT_FOR,
    MOST_OPEN,
    TAKEN_FOR,
    TRIES,
    Import,
    ImportStatus,
    Superseded,
    evolve,
    turn_of,
)
from chassis.imports.judging import tried
from chassis.imports.work import Worker
from chassis.kernel.errors import (
    Malformed,
    NotAllowed,
    RuleBroken,
    TooMany,
    Unavailable,
    Unreadable,
)
from chassis.store import Document, Store
from chassis.tables.columns import Column, Line
from chassis.telemetry import Telemetry
from tests.support.inside import HeldClock
from tests.support.stores import store
from tests.support.toy import FULL, KEY, NOON, PutIn, Silent, cause, jars

__all__ = ["store"]
SECOND = timedelta(seconds=1)
COLUMNS = (
    Column(name="jar", title="罐", about="罐的名字。"),
    Column(name="amount", title="数量", about="整数。", number=True),
)
ADMIN = Subject(sub="s", kind="district_admin", code=None, scopes=frozenset())
STREET = Subject(sub="s", kind="street", code="guanshang", scopes=frozenset())
ACCESS = Access(sees_all=kinds("district_admin"))


async def sent(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


class Shelf:
    """Jars that are filled by import, and what a test does to the one who fills them."""

    def __init__(self, store: Store) -> None:
        self.jars = jars(store)
        self.clock = HeldClock(NOON)
        kept = Guarded(
            imports_kind("toy"), store, KEY, Silent(), access=ACCESS, resource=lambda _: {}
        )
        table = Importable(
            name="jars",
            title="罐",
            columns=COLUMNS,
            who=kinds("district_admin", "street"),
            lines=self,
        )
        self.imports = Imports(kept, tables=[table], most=self.most, rule=FULL)
        self.brake = Brake()
        self.worker = Worker(self.imports, self.clock, self.brake)
        self.breaks_at: str | None = None
        self.entered: list[str] = []
        self.told: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()

    async def prepare(self) -> None:
        await self.jars.prepare()
        await self.imports.kept.prepare()
        await self.imports.prepare()

    async def most(self) -> int:
        return 1000

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        self.told.add(by)
        async for line in lines:
            await self.gate.wait()
            jar, amount = line.cells["jar"], line.cells["amount"]
            if not amount.isdecimal():
                yield Bad(line.number, "amount", "须为整数。")
            else:
                enter = partial(self.enter, jar, int(amount))
                yield Change(line.number, jar, {"jar": jar}, enter)

    async def rows(self, _: Subject) -> AsyncIterator[tuple[str, int]]:
        async for held in self.jars.every({}):
            yield held.id, held.aggregate.holds

    async def enter(self, jar: str, amount: int, cause: Cause) -> None:
        if jar == self.breaks_at:
            raise RuntimeError("killed")
        self.entered.append(jar)
        await self.jars.record(jar, lambda known: self.put(known, amount), cause)

    def put(self, known: object, amount: int) -> list[PutIn]:
        if amount > 1000:
            raise RuleBroken(FULL, "满了。", field="amount")
        return [PutIn(amount=amount, at=NOON)]

    async def receive(
        self, text: str, *, enter: bool = True, key: str | None = None, by: Subject = ADMIN
    ) -> str:
        fingerprint = text if key else ""
        why = Cause(actor=by.acts_as, now=self.clock(), key=key, fingerprint=fingerprint)
        body = sent("jar,amount\n" + text)
        made = await self.imports.receive("jars", body, "盘点", enter=enter, asking=Asking(by, why))
        return made.id

    async def fire(self, id: str) -> Import:
        await self.worker.fire(id, Cause(actor="system:clock", now=self.clock()))
        return await self.now(id)

    async def now(self, id: str) -> Import:
        return (await self.imports.kept.get(id)).aggregate

    async def holds(self) -> dict[str, int]:
        return {held.id: held.aggregate.holds async for held in self.jars.every({})}

    async def left(self, collection: str) -> int:
        return len(await self.imports.kept.store.find(collection, {}))


@pytest.fixture
async def shelf(store: Store) -> Shelf:
    made = Shelf(store)
    await made.prepare()
    return made


async def test_every_line_is_good_or_none_is_entered(shelf: Shelf) -> None:
    id = await shelf.receive("a,1\nb,x\nc,2\n")
    ended = await shelf.fire(id)
    assert (ended.status, ended.bad, ended.total) == (ImportStatus.REFUSED, 1, 3)
    assert await shelf.holds() == {}
    found, more = await shelf.imports.found(id, 0, ADMIN)
    assert [item["line"] for item in found] == [2, 3, 4] and not more
    assert found[1] == {
        "line": 3,
        "field": "amount",
        "column": "数量",
        "detail": "须为整数。",
    }


async def test_a_run_that_breaks_off_is_followed_by_one_that_enters_the_rest_once(
    shelf: Shelf,
) -> None:
    id = await shelf.receive("a,1\nb,2\nc,3\n")
    shelf.breaks_at = "b"
    with pytest.raises(ExceptionGroup):
        await shelf.fire(id)
    assert (await shelf.now(id)).status is ImportStatus.ENTERING
    await shelf.jars.record("a", lambda _: [PutIn(amount=5, at=NOON)], cause())
    shelf.breaks_at = None
    assert (await shelf.fire(id)).status is ImportStatus.ENTERING, "the other still has its time"
    shelf.clock.now += TAKEN_FOR
    assert (await shelf.fire(id)).status is ImportStatus.ENTERED
    assert await shelf.holds() == {"a": 6, "b": 2, "c": 3}
    assert (await shelf.jars.get("a")).version == 2


async def test_one_that_was_received_or_taken_before_the_clock_was_set_back_holds_up_nobody(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.deadlines.PUT_OFF_EVERY", 0)
    jobs = [Worker.timer(shelf.imports, shelf.clock, shelf.brake)]
    runs = Scheduler("toy", jobs, shelf.clock, Telemetry("test"), jobs=True)
    shelf.clock.now += timedelta(hours=1)
    taken = await shelf.receive("a,1\nb,2\n")
    shelf.clock.now += SECOND
    received = await shelf.receive("c,3\n", by=STREET)
    shelf.breaks_at = "b"
    with pytest.raises(ExceptionGroup):
        await shelf.fire(taken)
    shelf.breaks_at = None
    await runs.fire_due()
    assert (await shelf.now(taken)).status is ImportStatus.ENTERING, "the other still has its time"
    shelf.clock.now -= timedelta(hours=1)
    await runs.fire_due()
    await runs.fire_due()
    ended = [(await shelf.now(id)).status for id in (taken, received)]
    assert ended == [ImportStatus.ENTERED] * 2
    assert await shelf.holds() == {"a": 1, "b": 2, "c": 3}


async def test_a_check_that_breaks_off_leaves_no_findings_twice(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.imports.desk.Findings.PAGE", 1)
    id = await shelf.receive("a,1\nb,2\n", enter=False)
    shelf.gate.clear()
    working = asyncio.create_task(shelf.fire(id))
    while await shelf.left("import_findings") == 0:
        shelf.gate.set()
        await asyncio.sleep(0)
        shelf.gate.clear()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    shelf.gate.set()
    shelf.clock.now += TAKEN_FOR
    assert (await shelf.fire(id)).status is ImportStatus.CHECKED
    pages = [(await shelf.imports.found(id, n, ADMIN)) for n in range(3)]
    assert [([item["line"] for item in found], more) for found, more in pages] == [
        ([2], True),
        ([3], False),
        ([], False),
    ]
    shelf.clock.now += KEPT_FOR
    await shelf.fire(id)
    assert await shelf.left("import_findings") == 2


async def test_who_was_succeeded_stops_and_ends_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BEAT", 0.3)
    id = await shelf.receive("a,1\n")
    shelf.gate.clear()
    slow = asyncio.create_task(shelf.fire(id))
    while (await shelf.now(id)).run == 0:
        await asyncio.sleep(0.01)
    shelf.clock.now += TAKEN_FOR
    other = Worker(shelf.imports, shelf.clock, shelf.brake)
    quick = asyncio.create_task(other.fire(id, Cause(actor="system:clock", now=shelf.clock.now)))
    await asyncio.wait_for(slow, 60)
    assert (await shelf.now(id)).run == 2
    shelf.gate.set()
    await asyncio.wait_for(quick, 60)
    assert (await shelf.now(id)).status is ImportStatus.ENTERED
    assert shelf.entered == ["a"]


def test_who_was_succeeded_can_neither_end_a_check_nor_an_entry_nor_refuse() -> None:
    one = Import(table="jars", reason="-", by="-", enter=True, received_at=NOON, next=NOON)
    for taken in range(2):
        [event] = one.take(now=NOON + taken * TAKEN_FOR)
        one = evolve(one, event)
    late: dict[str, Any] = {"run": 1, "now": NOON}
    for end in (
        lambda: one.reach(lines=1, **late),
        lambda: one.end_check(lines=1, changes=1, bad=0, pages=1, **late),
        lambda: one.end_entry(failed=0, pages=0, **late),
        lambda: one.refuse(detail="-", field=None, **late),
    ):
        with pytest.raises(Superseded):
            end()
    assert one.reach(lines=1, run=2, now=NOON)


async def test_while_it_works_it_says_so_and_nobody_else_begins(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BEAT", 0.01)
    id = await shelf.receive("a,1\n")
    shelf.gate.clear()
    working = asyncio.create_task(shelf.fire(id))
    while (await shelf.now(id)).lines == 0:
        shelf.clock.now += TAKEN_FOR / 4
        await asyncio.sleep(0.02)
        await shelf.fire(id)
    assert (await shelf.now(id)).run == 1
    shelf.gate.set()
    await working


async def test_one_that_hangs_is_broken_off_and_begins_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that it was alive, so nobody took it over, and every other import waited for it."""
    monkeypatch.setattr(work, "BEAT", 0.01)
    monkeypatch.setattr(work, "STANDS_AFTER", 0.2)
    id = await shelf.receive("a,1\n")
    shelf.gate.clear()
    with pytest.raises(ExceptionGroup) as broken_off, capture_logs() as log:
        async with asyncio.timeout(60):
            await shelf.fire(id)
    assert broken_off.value.subgroup(TimeoutError)
    assert {"event": "import_stands", "id": id, "line": 0, "log_level": "error"} in log
    shelf.gate.set()
    shelf.clock.now += TAKEN_FOR
    monkeypatch.setattr(work, "STANDS_AFTER", 600.0)
    assert (await shelf.fire(id)).status is ImportStatus.ENTERED


async def test_while_the_outbox_is_full_nothing_is_added_to_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BEAT", 0.02)
    id = await shelf.receive("a,1\n")
    shelf.brake.reason = "有 100000 条记录的事件等待发布"
    working = asyncio.create_task(shelf.fire(id))
    while (await shelf.now(id)).status is not ImportStatus.ENTERING or (
        await shelf.now(id)
    ).lines == 0:
        await asyncio.sleep(0.01)
    assert await shelf.holds() == {}
    shelf.brake.reason = None
    await asyncio.wait_for(working, 5)
    assert await shelf.holds() == {"a": 1}


async def test_the_oldest_goes_first(shelf: Shelf) -> None:
    first = await shelf.receive("a,1\n")
    shelf.clock.now += timedelta(seconds=1)
    second = await shelf.receive("a,2\n")
    assert (await shelf.fire(second)).status is ImportStatus.WAITING
    assert (await shelf.fire(first)).status is ImportStatus.ENTERED
    assert (await shelf.fire(second)).status is ImportStatus.ENTERED


def test_offices_take_turns_and_nobody_waits_for_all_files_of_another() -> None:
    def received(by: str, second: int) -> Import:
        bare = Import(table="t", reason="r", by=by, enter=True, received_at=NOON + second * SECOND)
        return replace(bare, turn=turn_of(by, waiting))

    waiting: list[Import] = []
    served: list[str] = []
    for second, by in enumerate("aaaab"):
        waiting.append(received(by, second))
    while waiting:
        first = min(waiting, key=lambda one: one.place)
        waiting.remove(first)
        served.append(first.by)
        if served == ["a", "b"]:
            waiting += [received(by, 9) for by in "bc"]
    assert "".join(served) == "ababcaa"
    assert turn_of("a", ()) == 0


async def test_another_offices_first_comes_before_the_second_of_one(shelf: Shelf) -> None:
    ids = []
    for office in (ADMIN, ADMIN, STREET):
        ids.append(await shelf.receive("a,1\n", by=office))
        shelf.clock.now += SECOND
    first, second, other = ids
    assert (await shelf.fire(first)).status is ImportStatus.ENTERED
    assert (await shelf.fire(second)).status is ImportStatus.WAITING
    assert (await shelf.fire(other)).status is ImportStatus.ENTERED
    assert (await shelf.fire(second)).status is ImportStatus.ENTERED


async def test_one_that_an_earlier_version_writes_meanwhile_has_its_turn(shelf: Shelf) -> None:
    """It knows neither turns nor any key of them."""
    id = await shelf.receive("a,1\n")
    shelf.clock.now += SECOND
    await shelf.receive("b,1\n", by=STREET)
    store = shelf.imports.kept.store
    [kept] = [one for one in await store.find(COLLECTION, {}) if one["id"] == id]
    known = {part: {**kept[part]} for part in ("keys", "state")}
    for part in known.values():
        part.pop("turn", None)
    await store.replace(COLLECTION, {**kept, **known, "rev": kept["rev"] + 1}, kept["rev"])
    assert (await shelf.fire(id)).status is ImportStatus.ENTERED


async def test_an_office_has_a_few_imports_at_once_with_those_still_coming(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unread(*_: object) -> None:
        """Whether it is a table is not what this is about."""

    monkeypatch.setattr(shelf.imports, "_refuse_what_is_none", unread)
    gone = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        await gone.wait()
        yield b"jar,amount\na,1\n"

    why = Cause(actor=ADMIN.acts_as, now=shelf.clock())
    coming = asyncio.create_task(
        shelf.imports.receive("jars", slow(), "盘点", enter=True, asking=Asking(ADMIN, why))
    )
    await asyncio.sleep(0)
    first, *_ = [await shelf.receive("a,1\n", key=f"k-{n}") for n in range(MOST_OPEN - 1)]
    with pytest.raises(TooMany, match="至多 5 份"):
        await shelf.receive("a,1\n")
    assert await shelf.receive("a,1\n", key="k-0") == first
    shelf.clock.now += SECOND
    assert await shelf.receive("a,1\n", by=STREET)
    gone.set()
    await coming
    with pytest.raises(TooMany):
        await shelf.receive("a,1\n")
    await shelf.fire(first)
    assert await shelf.receive("a,1\n")


async def test_one_file_is_read_at_a_time(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is behind a long one is received, and the worker says what it is."""
    monkeypatch.setattr(desk, "AT_ONCE", 0.2)
    first = await shelf.receive("a,1\n")
    shelf.gate.clear()
    working = asyncio.create_task(shelf.fire(first))
    while not shelf.told:
        await asyncio.sleep(0.05)
    assert shelf.imports.reader.locked()
    second = await shelf.receive("no such table\n")
    shelf.gate.set()
    assert (await working).status is ImportStatus.ENTERED
    assert not shelf.imports.reader.locked()
    assert (await shelf.fire(second)).status is ImportStatus.REFUSED


async def test_one_that_gets_no_farther_is_given_up_and_lets_the_next_go(shelf: Shelf) -> None:
    id = await shelf.receive("a,1\n")
    shelf.breaks_at = "a"
    for _ in range(TRIES):
        with pytest.raises(ExceptionGroup):
            await shelf.fire(id)
        shelf.clock.now += TAKEN_FOR
    assert (await shelf.fire(id)).status is ImportStatus.GIVEN_UP
    shelf.breaks_at = None
    assert (await shelf.fire(await shelf.receive("b,1\n"))).status is ImportStatus.ENTERED
    assert await shelf.holds() == {"b": 1}


async def test_what_has_become_impossible_since_the_check_is_told_and_the_rest_entered(
    shelf: Shelf,
) -> None:
    id = await shelf.receive("a,1\nb,1001\nc,3\n")
    ended = await shelf.fire(id)
    assert (ended.status, ended.bad, ended.failed) == (ImportStatus.ENTERED_IN_PART, 0, 1)
    assert await shelf.holds() == {"a": 1, "c": 3}
    (failed, more), (checked, last) = [await shelf.imports.found(id, n, ADMIN) for n in (0, 1)]
    assert failed == [{"line": 3, "field": "amount", "column": "数量", "detail": "满了。"}]
    assert ([one["line"] for one in checked], more, last) == ([2, 3, 4], True, False)


async def test_a_record_that_this_version_cannot_read_or_change_is_one_bad_line(
    shelf: Shelf,
) -> None:
    """As after going back to an earlier version: the whole import was given up for it, whatever else was in it."""
    await shelf.fire(await shelf.receive("a,1\nb,2\n"))
    for jar, part, said in (("a", "state", "much"), ("b", "trail", "later")):
        known = dict(await shelf.jars.store.get("jars", jar) or {})
        if part == "state":
            known["state"] = {**known["state"], "holds": said}
        else:
            [put] = known["trail"]
            known["trail"] = [{**put, "data": {**put["data"], "spilt": said}}]
        rev = known["rev"]
        assert await shelf.jars.store.replace("jars", {**known, "rev": rev + 1}, rev)
    id = await shelf.receive("a,1\nb,2\nc,3\n")
    ended = await shelf.fire(id)
    assert (ended.status, ended.failed) == (ImportStatus.ENTERED_IN_PART, 2)
    assert (await shelf.jars.get("c")).aggregate.holds == 3
    failed, _ = await shelf.imports.found(id, 0, ADMIN)
    assert [(one["line"], one["field"]) for one in failed] == [(2, "row"), (3, "row")]
    assert "读不出" in failed[0]["detail"] and "更新的版本写下" in failed[1]["detail"]

    async def unread() -> None:
        raise Unreadable("its state")

    async def away() -> None:
        raise Unavailable("存储暂时不可用。")

    assert await tried(2, unread()) == Bad(2, "row", Unreadable("").detail)
    with pytest.raises(Unavailable):
        await tried(2, away())


async def test_a_file_goes_when_it_is_needed_no_longer(shelf: Shelf) -> None:
    entered = await shelf.receive("a,1\n")
    await shelf.fire(entered)
    tried = await shelf.receive("b,1\n", enter=False)
    await shelf.fire(tried)
    assert await shelf.left("import_files") == 2
    assert (await shelf.fire(entered)).file is None
    assert await shelf.left("import_files") == 1
    shelf.clock.now += KEPT_FOR
    assert (await shelf.fire(tried)).next is None
    assert await shelf.left("import_files") == 0
    with pytest.raises(RuleBroken, match="保存期"):
        await shelf.imports.enter(tried, Asking(ADMIN, Cause(actor="a", now=NOON)))


async def test_a_file_of_several_parts_comes_out_as_it_went_in(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.files.PART", 7)
    id = await shelf.receive("".join(f"j{n},{n}\n" for n in range(9)))
    assert (await shelf.fire(id)).status is ImportStatus.ENTERED
    assert await shelf.holds() == {f"j{n}": n for n in range(9)}


async def test_the_same_request_again_is_the_same_import(shelf: Shelf) -> None:
    first = await shelf.receive("a,1\n", key="k")
    await shelf.fire(first)
    await shelf.fire(first)
    assert await shelf.receive("a,1\n", key="k") == first
    assert (await shelf.now(first)).status is ImportStatus.ENTERED
    assert await shelf.left("import_files") == 0


async def test_what_is_no_such_table_leaves_nothing_behind(shelf: Shelf) -> None:
    asking = Asking(ADMIN, Cause(actor="district_admin", now=NOON))
    with pytest.raises(Malformed, match="表头缺少列"):
        await shelf.imports.receive("jars", sent("x,y\n1,2\n"), "盘点", enter=True, asking=asking)
    assert await shelf.left("import_files") == 0


async def test_a_file_that_no_import_was_begun_with_goes_and_another_s_stays(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    store, begun = shelf.imports.kept.store, await shelf.receive("a,1\n", key="begun")
    insert, file = store.insert, (await shelf.now(begun)).file
    assert file is not None
    # Killed before it was said that the record stands.
    await shelf.imports.begun.note(file.id, shelf.clock(), parts=file.parts, record=begun)

    async def killed(collection: str, document: Document, **how: bool) -> None:
        if collection == "imports":
            raise Killed
        await insert(collection, document, **how)

    with monkeypatch.context() as patched:
        patched.setattr(store, "insert", killed)
        with pytest.raises(Killed):
            await shelf.receive("b,2\n", key="never")
    assert await shelf.left("import_files") == 2
    await shelf.imports.go_through("toy", shelf.clock() + LEFT - timedelta(seconds=1))
    assert await shelf.left("import_files") == 2
    await shelf.imports.go_through("toy", shelf.clock() + LEFT)
    assert await shelf.left("import_files") == 1 and await shelf.left("import_files_begun") == 0
    assert (await shelf.fire(begun)).status is ImportStatus.ENTERED


async def test_a_table_is_imported_by_its_own_and_is_told_whose_file_it_is(shelf: Shelf) -> None:
    ended = await shelf.fire(await shelf.receive("a,1\n"))
    assert (ended.by, shelf.told) == ("district_admin", {"district_admin"})
    stranger = Subject(sub="s", kind="finance", code=None, scopes=frozenset())
    why = Cause(actor="finance", now=shelf.clock())
    with pytest.raises(NotAllowed):
        await shelf.imports.receive(
            "jars", sent("jar,amount\n"), "盘点", enter=True, asking=Asking(stranger, why)
        )
