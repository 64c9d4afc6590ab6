"""W-11 and whose step is whose: an office that the rules don't name for a step may not take it."""

import pytest

from services.whistle.access import ACCESS

SECRETARIES = {"community", "street"}
CENTRE = {"command_centre"}
WHO = {
    "collect": SECRETARIES | CENTRE,
    "triage": SECRETARIES | CENTRE,
    "settle": SECRETARIES,
    "read_reporter": SECRETARIES | CENTRE,
    "blow": SECRETARIES,
    "escalate": {"community"},
    "solve": {"street"},
    "blow_at_street": {"street"},
    "register": CENTRE,
    "reject": CENTRE,
    "dispatch": CENTRE,
    "arrive": {"department"},
    "result": {"department"},
    "decline": {"department"},
    "competence": CENTRE,
    "ask_extension": {"department"},
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
    "answer_case": {"department", "community"},
    "close_case": {"discipline"},
    "list_unit": {"district_admin"},
    "policy": {"district_admin"},
}


@pytest.mark.parametrize("action", WHO)
def test_W_11_every_step_is_for_the_offices_that_the_rules_name(action: str) -> None:
    assert ACCESS.grants[action] == WHO[action]


def test_W_07_the_centre_and_the_discipline_group_see_every_miss() -> None:
    assert ACCESS.sees_all == {"command_centre", "discipline", "district_admin"}


def test_W_16_a_resident_and_a_partner_are_granted_nothing() -> None:
    for kinds in ACCESS.grants.values():
        assert not kinds & {"resident", "partner", "supplier", "expert", "finance"}
