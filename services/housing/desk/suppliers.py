"""Suppliers as procurement tells them: who may book here, and where."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.copies import Copies
from chassis.subscriptions import Heard
from contracts.procurement import (
    ContractEnded,
    ContractSigned,
    EligibilityChanged,
    SupplierRegistered,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppliers:
    """Five copies, because news comes in any order: a contract may be heard to end before it begins.

    What a supplier may do is told by two that count their news apart: by who bars it (`suppliers/…`), and of what
    registers say (`eligibilities/…`).
    """

    registered: Copies[SupplierRegistered]
    bars: Copies[EligibilityChanged]
    standings: Copies[EligibilityChanged]
    signed: Copies[ContractSigned]
    ended: Copies[ContractEnded]

    def every(self) -> tuple[Copies[Any], ...]:
        return self.registered, self.bars, self.standings, self.signed, self.ended

    async def hear_standing(self, heard: Heard[EligibilityChanged]) -> None:
        """Of all projects: who may not have one of them isn't barred, nor any less where it is."""
        if heard.event.project is None:
            barring = heard.envelope.subject.startswith("suppliers/")
            await (self.bars if barring else self.standings).hear(heard)

    async def at_work(self, supplier: str, today: date) -> list[ContractSigned]:
        """The contracts that run of one that is known and not gone, nor barred."""
        known = await self.registered.look(supplier)
        if known is None or known.left or await self._barred(supplier, today):
            return []
        signed = await self.signed.every({"supplier": supplier})
        return [one for one in signed if not await self.ended.look(one.contract)]

    async def _barred(self, supplier: str, today: date) -> bool:
        """By either of them."""
        told = [await self.bars.look(supplier), await self.standings.look(supplier)]
        return any(
            one.state == "barred" and (one.until is None or today.isoformat() <= one.until)
            for one in told
            if one is not None
        )
