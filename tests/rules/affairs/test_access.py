"""A-04, A-08, A-12, A-17: whose step is whose, and nobody's in another's street, community or department."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import NotAllowed, NotFound, UnknownReference
from services.affairs.domain.admission import Free, Group, Mode, Provision, Term
from services.affairs.domain.charter import CharterKind
from services.affairs.domain.check import Checked
from services.affairs.domain.proof import Paper
from services.affairs.domain.scale import Post
from services.affairs.steps import (
    admissions,
    checks,
    disclosures,
    intrusions,
    leaving,
    lists,
    pay,
    powers,
    workers,
)
from tests.support.walks import AnyStep, person

from .cases import MARCH, TODAY
from .test_A_03_admission import CITY
from .test_A_20_powers import listed
from .test_actions import CAUSE, there

UNIT, STREET, COMMUNITY = {"department"}, {"street"}, {"community"}
OFFICE = {"department", "district_admin"}
LOCAL = COMMUNITY | STREET
CHECKING = {"street", "department", "district_admin", "discipline"}
PAYING = {"department", "finance"}
SECOND = {"street", "department", "discipline", "finance"}
WHO: dict[str, set[str]] = {
    "admissions.apply": UNIT,
    "admissions.exempt": OFFICE,
    "admissions.accept": OFFICE,
    "admissions.contest": OFFICE,
    "admissions.register": OFFICE | STREET,
    "admissions.correct_registration": OFFICE | STREET,
    "admissions.withdraw": UNIT,
    "admissions.review": OFFICE,
    "admissions.admit": OFFICE,
    "admissions.refuse": OFFICE,
    "admissions.arrange": STREET,
    "admissions.enter": LOCAL,
    "admissions.funds": LOCAL,
    "admissions.correct_funds": LOCAL,
    "admissions.assess": LOCAL,
    "admissions.confirm": STREET,
    "admissions.set_aside": LOCAL | OFFICE,
    "admissions.end": OFFICE,
    "admissions.shorten": UNIT,
    "findings.find": CHECKING,
    "findings.hand": CHECKING,
    "findings.right": CHECKING,
    "findings.criticise": CHECKING,
    "charters.draft": COMMUNITY,
    "charters.talks": COMMUNITY,
    "charters.send": COMMUNITY,
    "charters.return": STREET,
    "charters.amend": COMMUNITY,
    "charters.file": STREET,
    "charters.publish": LOCAL,
    "disclosures.publish": LOCAL,
    "disclosures.correct": LOCAL,
    "contracts.submit": COMMUNITY,
    "contracts.review": STREET,
    "contracts.sign": COMMUNITY,
    "intrusions.report": COMMUNITY,
    "intrusions.verify": STREET,
    "intrusions.withdraw": STREET,
    "lists.adopt": OFFICE,
    "proofs.ask": LOCAL,
    "proofs.give": LOCAL,
    "proofs.decline": LOCAL,
    "proofs.person": LOCAL,
    "pay.correct": STREET,
    "pay.submit": STREET,
    "pay.take_off": STREET,
    "pay.approve": PAYING,
    "pay.return": PAYING,
    "pay.paid": STREET,
    "years.trainings": STREET,
    "years.review": STREET,
    "years.correct_review": STREET,
    "years.excellent": STREET,
    "years.correct_excellent": STREET,
    "samples.put": {"district_admin"},
    "powers.enlist": STREET,
    "powers.strike": STREET,
    "cases.open": LOCAL,
    "cases.step": LOCAL,
    "cases.confirm": SECOND,
    "cases.return": SECOND,
    "cases.stop": LOCAL,
    "workers.take": STREET,
    "workers.name": STREET,
    "workers.posts": STREET,
    "workers.leave": STREET,
    "workers.move": STREET,
    "workers.service": STREET,
    "workers.certificates": STREET,
    "workers.awards": STREET,
    "workers.training": STREET,
    "workers.strike_post": STREET,
    "workers.strike_service": STREET,
    "workers.strike_certificate": STREET,
    "workers.strike_award": STREET,
    "workers.strike_training": STREET,
    "workers.person": STREET | {"district_admin"},
    "establishments.approve": OFFICE,
}
SEALED = {"proofs.person", "workers.person"}
STEPS: dict[str, AnyStep] = {
    step.operation.removeprefix("affairs."): step
    for steps in (
        admissions.STEPS,
        leaving.STEPS,
        intrusions.STEPS,
        checks.STEPS,
        checks.CHARTER_STEPS,
        disclosures.STEPS,
        disclosures.CONTRACT_STEPS,
        lists.STEPS,
        lists.PROOF_STEPS,
        pay.STEPS,
        pay.YEAR_STEPS,
        powers.SAMPLE_STEPS,
        powers.POWER_STEPS,
        powers.CASE_STEPS,
        workers.STEPS,
        workers.NUMBER_STEPS,
    )
    for step in steps
}
HERE: dict[str, Any] = {"community": "haihua"}
WORK: dict[str, Any] = {**HERE, "unit": "water", "item": "调查"}
FORM = admissions.ApplyIn(
    **WORK, provision=Provision.FUNDS, term=Term.STAGE, begins_on=date(2026, 4, 1)
)
FREE = admissions.ExemptIn(**WORK, free=Free.EMERGENCY, basis="预案")
OTHERS = admissions.RegisterIn(**WORK, group=Group.STREET, mode=Mode.AGENCY, document="1")
CITYS = admissions.RegisterIn(**WORK, group=Group.CITY, mode=Mode.AGENCY, document="1")
PROBLEM = checks.ProblemIn(**HERE, checked=Checked.POWER, until=date(2026, 4, 1))
HANDED = checks.HandOverIn(street="guanshang", checked=Checked.POWER, number="1")
CHARTER = checks.CharterIn(**HERE, kind=CharterKind.CHARTER, text="章程")
VERSION = lists.VersionIn(entries=(), document="1", since=TODAY)
PROOF = lists.ProofIn(**HERE, paper=Paper.SEAL, what="用章", person="甲（虚构）")
WORKER = workers.WorkerIn(**HERE, name="甲（虚构）", post=Post.STAFF, since=TODAY)
STRANGERS: list[tuple[str, str, Any, str]] = [
    ("admissions.apply", "department:health", FORM, ""),
    ("admissions.exempt", "department:health", FREE, ""),
    ("admissions.register", "street:liujia", OTHERS, ""),
    ("admissions.register", "department:health", CITYS, ""),
    ("intrusions.report", "community:wula", intrusions.IntrusionIn(**WORK, what="入户"), ""),
    ("findings.find", "street:liujia", PROBLEM, ""),
    ("findings.find", "department:health", PROBLEM, ""),
    ("findings.hand", "street:liujia", HANDED, ""),
    ("findings.hand", "department:health", HANDED, ""),
    ("charters.draft", "community:wula", CHARTER, ""),
    ("contracts.submit", "community:wula", disclosures.ContractIn(**HERE, subject="x", fen=1), ""),
    ("lists.adopt", "department:health", VERSION, "items"),
    ("proofs.ask", "community:wula", PROOF, ""),
    ("proofs.ask", "street:liujia", PROOF, ""),
    ("powers.enlist", "street:liujia", powers.PowerIn(**HERE, sample="s-1"), ""),
    ("cases.open", "community:wula", powers.CaseIn(power="p-1", about="x"), ""),
    ("workers.take", "street:liujia", WORKER, ""),
    (
        "establishments.approve",
        "department:health",
        workers.NumberIn(approved=7, document="1"),
        "haihua",
    ),
]


def test_A_04_every_step_is_for_the_offices_that_the_rules_name() -> None:
    assert {name: step.who for name, step in STEPS.items()} == WHO


@pytest.mark.parametrize(
    ("group", "own", "other"),
    [
        (Group.CITY, "department:civil_affairs", "street:guanshang"),
        (Group.STREET, "street:guanshang", "department:civil_affairs"),
    ],
)
async def test_A_11_who_registers_a_groups_admissions_puts_them_right(
    group: Group, own: str, other: str
) -> None:
    _, desk = await there()
    await desk.admissions.once("a-1", [replace(CITY, group=group)], CAUSE)
    said = admissions.RegistrationCorrectedIn(
        item="普查",
        document="2",
        mode=Mode.AGENCY,
        scope=None,
        funds=100,
        until=None,
        reason="文号误录",
    )

    async def corrects(who: str) -> Any:
        asking = Asking(person(who), Cause(actor=who, now=MARCH))
        return await step_taken.take(admissions.correct, desk, asking, {"id": "a-1"}, (said,))

    with pytest.raises(NotAllowed):
        await corrects(other)
    assert (await corrects(own))[0].aggregate.document == "2"


@pytest.mark.parametrize("unsaid", ["scope", "funds", "until"])
def test_A_11_a_correction_says_all_of_it_so_that_nothing_is_erased_by_silence(unsaid: str) -> None:
    said = {
        "item": "普查",
        "document": "2",
        "mode": Mode.AGENCY,
        "scope": None,
        "funds": 100,
        "until": None,
        "reason": "文号误录",
    }
    assert admissions.RegistrationCorrectedIn.model_validate(said).funds == 100
    del said[unsaid]
    with pytest.raises(ValidationError, match=unsaid):
        admissions.RegistrationCorrectedIn.model_validate(said)


def test_A_12_what_is_sealed_is_read_with_a_scope_of_its_own() -> None:
    assert {name for name, step in STEPS.items() if step.scope == "reporter:read"} == SEALED
    assert {step.scope for name, step in STEPS.items() if name not in SEALED} == {"affairs:write"}


def test_A_08_nothing_begins_without_being_tried_by_a_stranger() -> None:
    begun = {name for name, step in STEPS.items() if step.record is None}
    assert begun - {name for name, *_ in STRANGERS} == {"samples.put"}


@pytest.mark.parametrize(("name", "who", "said", "id"), STRANGERS)
async def test_A_08_what_begins_begins_with_those_whose_it_is(
    name: str, who: str, said: Any, id: str
) -> None:
    store, desk = await there()
    await desk.powers.once("p-1", [listed], CAUSE)
    step, before = STEPS[name], dict(store.kept)
    asking = Asking(person(who), Cause(actor=who, now=MARCH))
    with pytest.raises((NotAllowed, NotFound, UnknownReference)):
        await step_taken.take(step, desk, asking, {"id": id} if id else {}, (said,))
    assert store.kept == before
