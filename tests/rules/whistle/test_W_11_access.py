"""W-11 and whose step is whose: an office that the rules don't name for a step may not take it."""

from services.whistle.access import ACCESS
from services.whistle.steps import calling, cases, judging, problems, units, unplaced, work, years

SECRETARIES = {"community", "street"}
CENTRE = {"command_centre"}
PREFIXED = {"accountability", "units", "assessments"}
WHO = {
    "collect": SECRETARIES | CENTRE,
    "correct": SECRETARIES | CENTRE,
    "triage": SECRETARIES | CENTRE,
    "settle": SECRETARIES,
    "reporter": SECRETARIES | CENTRE,
    "export": SECRETARIES | CENTRE,
    "blow": SECRETARIES,
    "escalate": SECRETARIES,
    "solve": {"street"},
    "blow_at_street": {"street"},
    "register": CENTRE,
    "reject": CENTRE,
    "dispatch": CENTRE,
    "arrive": {"department"},
    "result": {"department"},
    "decline": {"department"},
    "competence": CENTRE,
    "extend": {"department"},
    "grant_extension": CENTRE | {"community"},
    "pause": CENTRE,
    "resume": CENTRE,
    "confirm": SECRETARIES,
    "verify": CENTRE | {"community"},
    "return": CENTRE | {"community"},
    "marks": CENTRE | {"street"},
    "evaluate": CENTRE | {"street"},
    "answer": SECRETARIES,
    "reopen": {"street"},
    "withdraw": SECRETARIES,
    "urge": SECRETARIES,
    "prove": {"department"},
    "place": CENTRE,
    "elsewhere": CENTRE,
    "accountability.answer": {"department", "community"},
    "accountability.close": {"discipline"},
    "units.enter": {"district_admin"},
    "assessments.exclude": CENTRE,
    "assessments.approve": {"district_admin"},
    "assessments.publish": {"district_admin"},
    "assessments.appeal": {"department"},
    "assessments.decide_appeal": {"district_admin"},
}


STEPS = {
    step.name if step.on.name not in PREFIXED else f"{step.on.name}.{step.name}": step
    for part in (problems, calling, work, judging, years, cases, units, unplaced)
    for step in part.STEPS
}


def test_W_11_every_step_is_for_the_offices_that_the_rules_name() -> None:
    assert {name: step.who for name, step in STEPS.items()} == WHO


def test_W_07_the_centre_and_the_discipline_group_see_every_miss() -> None:
    assert ACCESS.sees_all == {"command_centre", "discipline", "district_admin"}


def test_W_16_a_resident_and_a_partner_are_granted_nothing() -> None:
    for step in STEPS.values():
        assert not step.who & {"resident", "partner", "supplier", "expert", "finance"}
