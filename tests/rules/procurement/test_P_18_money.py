"""P-18: how far a year's plans meet what the district sets aside."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed, RuleBroken
from services.procurement.domain.item import Fund
from services.procurement.domain.money import Measure, measured, owned
from services.procurement.domain.plan import Plan
from services.procurement.domain.policy import OwnMoney, check
from services.procurement.main import desk_on
from services.procurement.queries import ProcurementQueries
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .cases import ITEM, LINE, MARCH, POLICY, WORK
from .hearing import profiled

GUANSHANG = OwnMoney(street="guanshang", year=2026, amount=50_000_000)
POLICY_OF_2026 = replace(POLICY[1], own=(GUANSHANG, replace(GUANSHANG, year=2025, amount=1)))


def planned(*funds: Fund | None, by: str = "street:guanshang", stands: bool = True) -> Plan:
    items = tuple(
        replace(ITEM, code=f"i{number}", fund=fund) for number, fund in enumerate(funds, 1)
    )
    approved = tuple(one.code for one in items) if stands else ()
    return Plan(id=by, purchaser=by, year=2026, lines=(LINE,), items=items, approved=approved)


def measures(*plans: Plan) -> dict[tuple[Fund, str | None], Measure]:
    found = measured(2026, plans, POLICY_OF_2026)
    return {(one.fund, one.street): one for one in found.measures}


def test_P_18_what_is_planned_is_held_against_what_is_wanted() -> None:
    found = measures(
        planned(Fund.SOCIAL, Fund.SOCIAL, Fund.OWN, None),
        planned(Fund.SOCIAL, Fund.SOCIAL, by="department:civil-affairs"),
    )
    social, own = found[Fund.SOCIAL, None], found[Fund.OWN, "guanshang"]
    assert (social.wanted, social.planned, social.short) == (100_000_000, 120_000_000, 0)
    assert social.clause == "官办通〔2019〕77号 四.4.2"
    assert (own.wanted, own.planned, own.short) == (50_000_000, 30_000_000, 20_000_000)
    building = found[Fund.BUILDING, None]
    assert (building.planned, building.short) == (0, 3_000_000_000)


def test_P_18_only_what_finance_let_stand_counts() -> None:
    assert measures(planned(Fund.SOCIAL, stands=False))[Fund.SOCIAL, None].planned == 0


def test_P_18_a_street_whose_money_was_not_fixed_is_shown_without() -> None:
    found = measures(planned(Fund.OWN, by="street:taihe"))[Fund.OWN, "taihe"]
    assert (found.wanted, found.planned, found.short) == (None, 30_000_000, 0)


def test_P_18_a_streets_own_money_is_a_streets_to_plan() -> None:
    items = planned(Fund.OWN).items
    owned(items, "street:guanshang")
    owned(planned(Fund.SOCIAL).items, "department:civil-affairs")
    with pytest.raises(RuleBroken) as broken:
        owned(items, "department:civil-affairs")
    assert (broken.value.rule.id, broken.value.field) == ("P-18", "fund")


def test_P_18_each_streets_year_is_fixed_once() -> None:
    check(POLICY_OF_2026)
    for own in ((GUANSHANG, GUANSHANG), (replace(GUANSHANG, amount=-1),)):
        with pytest.raises(Malformed):
            check(replace(POLICY[1], own=own))
    with pytest.raises(Malformed):
        check(replace(POLICY[1], social_least=-1))


async def test_P_18_P_39_what_is_asked_of_a_year_is_what_was_asked_by_its_end() -> None:
    """A street's own money is fixed by its year, also after it."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await profiled(desk, "haihua", "guanshang")
    cause = Cause(actor="district_admin", now=datetime(2027, 1, 5, tzinfo=UTC))
    own = [{"street": "guanshang", "year": 2026, "amount": 5}]
    await desk.policies.put({"social_least": 7, "serving_least": 9, "own": own}, "调整", cause)
    read = ProcurementQueries(desk=desk, printed={})
    for year, social, serving in ((2026, 100_000_000, 20_000_000), (2027, 7, 9)):
        [first, *_] = (await read.money(year)).measures
        assert (first.fund, first.wanted) == (Fund.SOCIAL, social)
        assert {one.least for one in await read.allowances(year)} == {serving}
    [fixed] = [one for one in (await read.money(2026)).measures if one.fund is Fund.OWN]
    assert fixed.wanted == 5
