"""How long what is sealed is kept (M-02, M-10): then nothing of it is left but that it went."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed
from chassis.retention import Line
from services.mediation.desk import TEXT, MediationDesk
from services.mediation.domain import naming
from services.mediation.domain.dispute import How, Party
from services.mediation.domain.events import CaseEnded, PartyNamed
from services.mediation.domain.mediator import MediatorEnlisted, MediatorLeft
from services.mediation.domain.policy import Retention, check
from services.mediation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .lives import DONE, LATER, MORNING, POLICY, WORK, given
from .test_mediators import ENLISTED

KEY = b"k" * 32
DAY = timedelta(days=1)
CASE, NAME = POLICY.retention.case_days * DAY, POLICY.retention.mediator_days * DAY
ENDED = CaseEnded(how=How.SETTLED, at=LATER)
SAID = {"name": "演示甲", "terms": "演示条款", TEXT: "演示内容"}


def cause(now: datetime) -> Cause:
    return Cause(actor="system:test", now=now)


async def kept() -> tuple[MediationDesk, MemoryStore]:
    """A case that was settled, with everything sealed that may be."""
    store = MemoryStore()
    desk = desk_on(store, KEY, Silent(), WORK)
    await desk.policies.seed(MORNING)
    await desk.cases.create(
        "c-1", lambda: [*DONE, PartyNamed(party=Party.JIA), ENDED], cause(LATER)
    )
    await desk.sealed.keeping("c-1", "a", {"name": SAID["name"]}, cause(LATER))()
    await desk.sealed.keeping("c-1", "box-1", {"terms": SAID["terms"]}, cause(LATER))()
    await desk.sealed.keeping("c-1", TEXT, {TEXT: SAID[TEXT]}, cause(LATER))()
    return desk, store


async def go_through(desk: MediationDesk, now: datetime) -> None:
    lines: tuple[Line, ...] = desk.retention()
    for line in lines:
        await line.go_through("mediation", now)


async def test_M_02_what_is_sealed_of_a_case_goes_when_its_term_is_over_and_not_before() -> None:
    desk, _ = await kept()
    await go_through(desk, LATER + CASE - timedelta(seconds=1))
    assert set(await desk.read_sealed("c-1")) == {"a", "terms-1", TEXT}
    await go_through(desk, LATER + CASE)
    assert await desk.read_sealed("c-1") == {}
    assert (await desk.cases.get("c-1")).aggregate.named == ()


async def test_M_02_what_went_is_noted_once_and_nothing_of_what_it_held() -> None:
    desk, store = await kept()
    for later in (0, 1):
        await go_through(desk, LATER + CASE + later * DAY)
    noted = await desk.removals.kept.find({})
    gone = {(one.aggregate.record, one.aggregate.line, one.version) for one in noted}
    each = ("c-1/a", "c-1/box-1", f"c-1/{TEXT}")
    assert gone == {(one, "retention.case_days", 1) for one in each}
    assert [key for key in store.kept if key[0] == "sealed"] == []
    assert not any(one in text for text in store.kept.values() for one in SAID.values())
    trail = await desk.cases.trail("c-1")
    assert await desk.cases.check("c-1") == []
    assert [entry["type"] for entry in trail].count("SealedRemoved") == 1


async def test_M_02_an_open_case_keeps_what_is_sealed() -> None:
    store = MemoryStore()
    desk = desk_on(store, KEY, Silent(), WORK)
    await desk.policies.seed(MORNING)
    await desk.cases.create("c-1", lambda: [*DONE], cause(LATER))
    await desk.sealed.keeping("c-1", TEXT, {TEXT: SAID[TEXT]}, cause(LATER))()
    await go_through(desk, LATER + 10 * CASE)
    assert set(await desk.read_sealed("c-1")) == {TEXT}


async def test_M_02_a_shorter_term_holds_for_what_was_over_before() -> None:
    desk, _ = await kept()
    values = {"retention": {"case_days": 30, "mediator_days": 30}}
    await desk.policies.put(values, "缩短保存期", cause(LATER))
    await go_through(desk, LATER + 30 * DAY)
    assert await desk.read_sealed("c-1") == {}


def test_M_02_after_its_term_no_party_is_named_again() -> None:
    gone = given(DONE, ENDED).state
    [removed] = naming.lapse(gone, LATER + CASE)
    later = given(DONE, ENDED, removed)
    assert naming.lapse(later.state, LATER + CASE) == ()
    later.when(lambda case: naming.name(case, "a", {"name": "演示甲"})).breaks("M-02")


async def test_M_10_a_mediator_s_name_goes_when_it_has_left_for_so_long() -> None:
    desk = desk_on(MemoryStore(), KEY, Silent(), WORK)
    await desk.policies.seed(MORNING)
    enlisted: MediatorEnlisted = ENLISTED
    code = enlisted.code
    await desk.enlist(enlisted, "演示调解员", cause(MORNING))
    await go_through(desk, MORNING + 10 * NAME)
    assert await desk.name_of(code)
    left = MediatorLeft(reason="退休", at=LATER)
    await desk.mediators.change(code, lambda _: [left], cause(LATER))
    await go_through(desk, LATER + NAME - timedelta(seconds=1))
    assert await desk.name_of(code)
    for later in (0, 1):
        await go_through(desk, LATER + NAME + later * DAY)
    assert await desk.name_of(code) == {}
    happened = [entry["type"] for entry in await desk.mediators.trail(code)]
    assert happened.count("MediatorForgotten") == 1
    [noted] = await desk.removals.kept.find({})
    assert noted.aggregate.record == f"mediators/{code}"
    assert noted.aggregate.line == "retention.mediator_days"
    await desk.enlist(enlisted, "演示调解员", cause(LATER + 2 * NAME))
    await go_through(desk, LATER + 20 * NAME)
    assert await desk.name_of(code), "enlisted again, it is kept again"


@pytest.mark.parametrize("days", [0, 29, 10951])
@pytest.mark.parametrize("line", ["case_days", "mediator_days"])
def test_M_02_a_term_is_neither_too_short_nor_for_ever(line: str, days: int) -> None:
    terms: dict[str, int] = {"case_days": 1095, "mediator_days": 90, line: days}
    with pytest.raises(Malformed) as refusal:
        check(replace(POLICY, retention=Retention(**terms)))
    assert refusal.value.field == f"retention.{line}"
