"""Lists, figures, ledgers and reports: what is read and changes nothing."""

from .ledger import Ledger
from .lists import WhistleQueries, route
from .periods import Periods

__all__ = ["Ledger", "Periods", "WhistleQueries", "route"]
