"""A-02: what a unit claims of its own work is for the leading group's office to accept or to contest."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.errors import NotAllowed, RuleBroken
from services.affairs.announce import of_admissions
from services.affairs.desk import AffairsDesk
from services.affairs.domain import admitting, free
from services.affairs.domain.admission import (
    Admission,
    ClaimAccepted,
    End,
    Ended,
    Free,
    Refused,
    Status,
)
from services.affairs.steps import admissions, intrusions
from tests.support.walks import AnyStep, person

from .cases import ADMITTED, LATER, MARCH, TODAY, arranged, broken, but, entered, given, malformed
from .test_A_03_admission import EXEMPT
from .test_A_08_intrusions import found, gone, reported
from .test_actions import CAUSE, there

DAY = timedelta(days=1)
LAW = replace(EXEMPT, free=Free.LAW, basis="某法第 1 条", claimed=True)
EMERGENCY = replace(EXEMPT, claimed=True)
accepted = ClaimAccepted(at=LATER)
refused = Refused(reason="该法没有这一职责", document="", at=LATER)
contested = Ended(how=End.CONTESTED, reason="该法没有这一职责", at=LATER)


def contesting(one: Admission, reason: str = "该法没有这一职责") -> Any:
    return free.contest(one, reason, LATER)


def test_A_02_a_claim_names_its_basis() -> None:
    for kind in Free:
        assert free.exempt(replace(EXEMPT, free=kind)).free is kind
    for field in ("item", "basis"):
        broken("A-02", field, free.exempt, but(EXEMPT, **{field: " "}))
    malformed("until", free.exempt, replace(EXEMPT, until=TODAY - timedelta(days=1)))


@pytest.mark.parametrize("kind", [Free.LAW, Free.SUPERIOR])
def test_A_02_a_units_own_claim_stands_admitted_when_it_is_accepted(kind: Free) -> None:
    claim = given(replace(LAW, free=kind))
    assert (claim.state.status, claim.state.in_force) == (Status.CLAIMED, False)
    claim.when(lambda one: admitting.arrange(one, "x", LATER)).breaks("A-08")
    free_now = claim.when(lambda one: free.accept(one, LATER)).then(accepted)
    assert (free_now.state.status, free_now.state.admitted_at) == (Status.ADMITTED, LATER)
    free_now.when(lambda one: admitting.arrange(one, "x", LATER)).leads_to()
    free_now.when(lambda one: free.accept(one, LATER)).breaks("A-02")
    over = replace(LAW, until=TODAY)
    given(over).when(lambda one: free.accept(one, LATER)).breaks("A-02")


def test_A_02_an_emergency_is_on_the_register_at_once_and_judged_afterwards() -> None:
    claim = given(EMERGENCY)
    assert (claim.state.status, claim.state.claimed) == (Status.ADMITTED, True)
    arranged_already = given(EMERGENCY, arranged)
    yes = arranged_already.when(lambda one: free.accept(one, LATER)).then(accepted)
    assert (yes.state.status, yes.state.claimed) == (Status.ARRANGED, False)
    no = arranged_already.when(contesting).then(contested)
    assert (no.state.status, no.state.claimed) == (Status.ENDED, False)


def test_A_02_a_claim_is_contested_with_a_reason_and_so_is_what_stands_on_one() -> None:
    given(LAW).when(lambda one: contesting(one, " ")).breaks("A-02", field="reason")
    no = given(LAW).when(contesting).then(refused)
    assert (no.state.status, no.state.claimed) == (Status.REFUSED, False)
    for step in (contesting, lambda one: free.accept(one, LATER)):
        no.when(step).breaks("A-02")
    for before in ((LAW, accepted), (EXEMPT,), (EXEMPT, arranged, entered)):
        given(*before).when(contesting).then(contested)
    given(EXEMPT, contested).when(contesting).breaks("A-02")
    given(*ADMITTED).when(contesting).breaks("A-02")


def test_A_02_what_is_of_before_keeps_what_it_has() -> None:
    before = given(replace(EXEMPT, free=Free.LAW)).state
    assert (before.status, before.claimed, before.admitted_at) == (Status.ADMITTED, False, MARCH)


def test_A_02_that_work_may_be_asked_is_told_once_when_it_may() -> None:
    def told(*happened: Any) -> list[str]:
        found = []
        for number, event in enumerate(happened, 1):
            if news := of_admissions(event, given(*happened[:number]).state):
                found.append(news.type.split(".")[1])
        return found

    assert told(LAW) == []
    assert told(LAW, accepted) == ["work_admitted"]
    assert told(LAW, refused) == ["work_refused"]
    assert told(EMERGENCY, accepted) == ["work_admitted"]
    assert told(EMERGENCY, contested) == ["work_admitted", "work_ended"]


async def exempting(desk: AffairsDesk, who: str, unit: str, kind: Free = Free.LAW) -> Admission:
    said = admissions.ExemptIn(
        unit=unit, community="haihua", item=reported.item, free=kind, basis="某法"
    )
    asking = Asking(person(who), Cause(actor=who, now=MARCH))
    changed, _ = await step_taken.take(admissions.exempt, desk, asking, {}, (said,))
    admission: Admission = changed.aggregate
    return admission


async def test_A_02_who_claims_for_itself_is_not_who_accepts() -> None:
    _, desk = await there()
    assert (await exempting(desk, "department:health", "health")).status is Status.CLAIMED
    assert (await exempting(desk, "district_admin", "health")).status is Status.ADMITTED
    [claim] = await desk.admissions.find({"status": "claimed"})
    steps: list[tuple[AnyStep, tuple[Any, ...]]] = [
        (admissions.accept, ()),
        (admissions.contest, (ReasonIn(reason="x"),)),
    ]
    for step, said in steps:
        asking = Asking(person("department:health"), replace(CAUSE, expected=1))
        with pytest.raises(NotAllowed):
            await step_taken.take(step, desk, asking, {"id": claim.id}, said)
    office = Asking(person("department:civil_affairs"), replace(CAUSE, expected=1))
    changed, _ = await step_taken.take(admissions.accept, desk, office, {"id": claim.id}, ())
    assert changed.aggregate.in_force


def emergency_of(at: datetime, **other: Any) -> Any:
    here = {"community": "haihua", **other}
    return replace(EMERGENCY, item=reported.item, at=at, **here)


async def verifying(desk: AffairsDesk) -> Any:
    """What was reported is said to be so."""
    said = intrusions.VerifyIn(found=True, opinion="属实")
    asking = Asking(person("street:guanshang"), Cause(actor="x", now=LATER, expected=1))
    changed, _ = await step_taken.take(intrusions.verify, desk, asking, {"id": "i-1"}, (said,))
    return changed.aggregate.status


async def test_A_08_a_claim_keeps_no_intrusion_from_being_found() -> None:
    _, desk = await there()
    await exempting(desk, "department:health", "health")
    await desk.intrusions.once("i-1", [reported], CAUSE)
    await exempting(desk, "department:health", "health", Free.EMERGENCY)
    with pytest.raises(RuleBroken):
        await verifying(desk)
    [emergency] = await desk.admissions.find({"status": "admitted"})
    await desk.admissions.change(emergency.id, lambda one: [contesting(one)], CAUSE)
    assert await verifying(desk) == "found"


@pytest.mark.parametrize(
    ("happened", "intrudes"),
    [
        ((emergency_of(MARCH + DAY),), True),
        ((emergency_of(MARCH - DAY),), False),
        ((emergency_of(MARCH - DAY, street="taihe"),), False),
        ((emergency_of(MARCH - DAY, community="wula"),), True),
        ((emergency_of(MARCH - DAY, community=None),), False),
        ((emergency_of(MARCH - DAY, community=None, street="taihe"),), True),
        ((emergency_of(MARCH - 9 * DAY, until=TODAY - DAY),), True),
        ((emergency_of(MARCH - 9 * DAY, until=TODAY),), False),
        ((emergency_of(MARCH - DAY), Ended(how=End.TERM, at=MARCH + DAY)), False),
        ((emergency_of(MARCH - DAY), Ended(how=End.TERM, at=MARCH)), True),
        ((emergency_of(MARCH - DAY), contested), True),
    ],
)
async def test_A_08_what_counts_is_whether_it_stood_admitted_when_it_was_reported(
    happened: tuple[Any, ...], intrudes: bool
) -> None:
    """Who is reported is no less an intruder for an emergency that he registers then, nor is work one that was over
    since; nor for its community having moved to another street."""
    _, desk = await there()
    await desk.intrusions.once("i-1", [reported], CAUSE)
    await desk.admissions.once("a-1", happened, CAUSE)
    if intrudes:
        assert await verifying(desk) == "found"
        return
    with pytest.raises(RuleBroken) as refusal:
        await verifying(desk)
    assert (refusal.value.rule.id, refusal.value.field) == ("A-08", "found")


async def test_A_08_what_is_there_is_reported_once_until_it_has_left() -> None:
    """Also at once: what was found is told once."""
    _, desk = await there()

    async def reporting(item: str = reported.item, community: str = "haihua") -> Any:
        said = intrusions.IntrusionIn(community=community, unit="health", item=item, what="填表")
        asking = Asking(person(f"community:{community}"), Cause(actor="x", now=MARCH))
        return (await step_taken.take(intrusions.report, desk, asking, {}, (said,)))[0]

    both = await asyncio.gather(reporting(), reporting(), return_exceptions=True)
    [first] = [one for one in both if not isinstance(one, BaseException)]
    with pytest.raises(RuleBroken) as refusal:
        await reporting(f"{reported.item} ")
    assert (refusal.value.rule.id, refusal.value.field) == ("A-08", "item")
    others = [await reporting("另一事项"), await reporting(community="wula")]
    assert len({one.id for one in (first, *others)}) == 3
    await desk.intrusions.change(first.id, lambda _: [found], CAUSE)
    with pytest.raises(RuleBroken):
        await reporting()
    await desk.intrusions.change(first.id, lambda _: [gone], CAUSE)
    assert (await reporting()).id not in {one.id for one in (first, *others)}
