"""What can be done here: each collection with its steps."""

from typing import Any

from chassis.http import Door
from chassis.steps_api import Desked, desked
from services.affairs.desk import AffairsDesk

from . import admissions, checks, disclosures, intrusions, leaving, lists, pay, powers, workers

__all__ = ["of"]


def of(desk: AffairsDesk, door: Door) -> tuple[Desked[Any, Any, AffairsDesk, Any], ...]:
    return desked(
        desk,
        door,
        (admissions.ADMISSIONS, (*admissions.STEPS, *leaving.STEPS)),
        (intrusions.INTRUSIONS, intrusions.STEPS),
        (workers.WORKERS, workers.STEPS),
        (workers.ESTABLISHMENTS, workers.NUMBER_STEPS),
        (pay.PAY, pay.STEPS),
        (pay.YEARS, pay.YEAR_STEPS),
        (lists.LISTS, lists.STEPS),
        (lists.PROOFS, lists.PROOF_STEPS),
        (powers.SAMPLES, powers.SAMPLE_STEPS),
        (powers.POWERS, powers.POWER_STEPS),
        (powers.CASES, powers.CASE_STEPS),
        (disclosures.DISCLOSURES, disclosures.STEPS),
        (disclosures.CONTRACTS, disclosures.CONTRACT_STEPS),
        (checks.CHECKS, checks.STEPS),
        (checks.CHARTERS, checks.CHARTER_STEPS),
    )
