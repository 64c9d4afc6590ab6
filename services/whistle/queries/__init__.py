"""Lists, figures, ledgers and reports: what is read and changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.whistle.desk import WhistleDesk

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

    @classmethod
    def of(cls, desk: WhistleDesk) -> "Queries":
        registers = Registers(units=desk.units, communities=desk.communities)
        return cls(
            lists=WhistleQueries(
                whistles=desk.whistles,
                problems=desk.problems,
                units=desk.units,
                policies=desk.policies,
                communities=desk.communities,
                spots=desk.spot_ids,
            ),
            ledger=Ledger(desk.whistles, registers, desk.policies),
            periods=Periods(
                whistles=desk.whistles,
                problems=desk.problems,
                cases=desk.cases,
                years=desk.years,
                weaknesses=desk.weaknesses,
                policies=desk.policies,
            ),
            rankings=Rankings(
                whistles=desk.whistles,
                years=desk.years,
                units=desk.units,
                policies=desk.policies,
            ),
            registers=registers,
        )


async def names(desk: WhistleDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    known = await Registers(units=desk.units, communities=desk.communities).names()
    return {"street": known.streets, "community": known.communities, "units": known.units}


__all__ = [
    "WORDS",
    "DepartmentYear",
    "Ledger",
    "Periods",
    "Queries",
    "Rankings",
    "Registers",
    "WhistleQueries",
    "names",
    "route",
]
