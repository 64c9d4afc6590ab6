"""What registers of credit, penalties and yearly checks say of a supplier (P-06, P-07, P-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Register(StrEnum):
    """信用, 行政处罚, 年度检查."""

    CREDIT = "credit"
    PENALTY = "penalty"
    ANNUAL_CHECK = "annual_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityHeard:
    """An entry of `on`: `clean` where it speaks for it (credit in order, a check passed, a penalty lifted);
    `serious` dishonesty bars. It holds until the end of `until`, where it says so."""

    event: str
    supplier: str
    register: Register
    reference: str
    clean: bool
    serious: bool = False
    on: date
    until: date | None = None

    @property
    def bars(self) -> bool:
        """P-07: serious dishonesty."""
        return self.register is Register.CREDIT and self.serious and not self.clean

    @property
    def restricts(self) -> bool:
        """P-06: credit, or the yearly check; a penalty alone only speaks against it (P-09)."""
        return self.register is not Register.PENALTY and not self.clean and not self.bars

    def holds(self, day: date) -> bool:
        return self.on <= day and (self.until is None or day <= self.until)


def in_order(entries: Iterable[IntegrityHeard]) -> tuple[IntegrityHeard, ...]:
    """By their day, whatever the order they came in."""
    return tuple(sorted(entries, key=lambda one: (one.on, one.event)))


def counting(entries: Iterable[IntegrityHeard], day: date) -> tuple[IntegrityHeard, ...]:
    """What counts on a day: of credit and of the yearly check the last entry, of penalties each one's last."""
    last: dict[tuple[Register, str], IntegrityHeard] = {}
    for one in entries:
        if one.on <= day:
            about = one.reference if one.register is Register.PENALTY else ""
            last[one.register, about] = one
    return tuple(one for one in last.values() if not one.clean and one.holds(day))
