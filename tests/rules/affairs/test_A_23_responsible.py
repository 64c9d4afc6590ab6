"""A-23: who is responsible for a finding is one of the registers, and sees it."""

from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.kernel.errors import NotAllowed, Refusal
from services.affairs.domain.check import Checked
from services.affairs.steps import checks
from tests.support.walks import person

from .cases import MARCH, WHEN
from .test_actions import there


async def test_A_23_the_unit_that_is_responsible_sees_its_finding_and_does_not_close_it() -> None:
    _, desk = await there()
    unit, office = person("department:health"), person("department:civil_affairs")
    said = {"community": "haihua", "checked": Checked.POWER, "what": "x", "measure": "y"}

    async def find(**whose: str) -> Any:
        problem = checks.ProblemIn(**said, **whose, until=WHEN)
        changed, _ = await step_taken.take(
            checks.find, desk, Asking(office, Cause(actor="x", now=MARCH)), {}, (problem,)
        )
        return changed

    theirs, words = await find(unit="health"), await find(office="居委会")
    assert (theirs.aggregate.office, words.aggregate.office) == ("区卫健局", "居委会")
    assert [one.id for one in await desk.checks.list(unit, {}, None, 9)] == [theirs.id]
    for missing in ({}, {"unit": "nobody"}):
        with pytest.raises(Refusal):
            await find(**missing)
    right_now = checks.ResultIn(result="已补齐")
    for who, closed in ((unit, False), (office, True)):
        asking = Asking(who, Cause(actor="x", now=MARCH, expected=1))
        taking = step_taken.take(checks.put_right, desk, asking, {"id": theirs.id}, (right_now,))
        if closed:
            assert (await taking)[0].aggregate.result == "已补齐"
            continue
        with pytest.raises(NotAllowed):
            await taking
