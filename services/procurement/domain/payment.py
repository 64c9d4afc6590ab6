"""Payment (拨付): three instalments, each behind its gate and with its day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.clock import Budget, Deadline


class Instalment(StrEnum):
    """首款 once the contract takes effect, 中期款 and 尾款 once the evaluations are passed."""

    FIRST = "first"
    MID = "mid"
    FINAL = "final"


SHARES = {Instalment.FIRST: 60, Instalment.MID: 20, Instalment.FINAL: 20}
"""Per cent of the contract's amount (官社建办通〔2018〕15号 二.5.7); for other ways of buying the same (ours)."""

TIME_TO_PAY = Budget.working_days(15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What was paid: `amount` in fen, `due` the last moment it was in time."""

    instalment: Instalment
    amount: int
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An instalment whose condition is met, and the clock of whoever has to pay it."""

    instalment: Instalment
    clock: Deadline
    missed: bool = False


def plan(amount: int) -> dict[Instalment, int]:
    """P-14: what each instalment is, in fen: each sum up to one is rounded down, so they add up to `amount`."""
    parts: dict[Instalment, int] = {}
    share = paid = 0
    for instalment, per_cent in SHARES.items():
        share += per_cent
        parts[instalment] = amount * share // 100 - paid
        paid += parts[instalment]
    return parts
