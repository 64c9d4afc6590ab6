"""Lists, figures, ledgers and reports: what is read and changes nothing."""

from .ledger import Ledger
from .lists import WhistleQueries, route
from .periods import Periods
from .words import WORDS, Registers

__all__ = ["WORDS", "Ledger", "Periods", "Registers", "WhistleQueries", "route"]
