"""Lists, figures, ledgers and reports: what is read and changes nothing."""

from dataclasses import dataclass

from .ledger import Ledger
from .lists import WhistleQueries, route
from .periods import Periods
from .rankings import DepartmentYear, Rankings
from .words import WORDS, Registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    lists: WhistleQueries
    ledger: Ledger
    periods: Periods
    rankings: Rankings
    registers: Registers


__all__ = [
    "WORDS",
    "DepartmentYear",
    "Ledger",
    "Periods",
    "Queries",
    "Rankings",
    "Registers",
    "WhistleQueries",
    "route",
]
