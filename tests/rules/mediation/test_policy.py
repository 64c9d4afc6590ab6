"""What the district may set: no day count or limit of nothing, an amount for every risk."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.mediation.domain.dispute import Risk
from services.mediation.domain.policy import DAYS, check

from .lives import POLICY


def test_M_04_no_date_is_of_no_days() -> None:
    check(POLICY)
    for days in DAYS:
        nothing: dict[str, Any] = {days: 0}
        with pytest.raises(Malformed) as refusal:
            check(replace(POLICY, **nothing))
        assert refusal.value.field == days


def test_M_10_every_risk_has_its_reward() -> None:
    for reward in ({Risk.ORDINARY: 1}, {**POLICY.reward_fen, Risk.MASS: -1}):
        with pytest.raises(Malformed) as refusal:
            check(replace(POLICY, reward_fen=reward))
        assert refusal.value.field == "reward_fen"
