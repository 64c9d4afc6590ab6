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

    async def places(self, supplier: str) -> list[dict[str, str]]:
        """Where it is or was at work: in a community, wherever that lies now, or all over a street."""
        signed = await self.signed.every({"supplier": supplier})
        communities = {one.community for one in signed if one.community is not None}
        streets = {one.street for one in signed if one.community is None and one.street}
        return [
            *({"community": one} for one in sorted(communities)),
            *({"street": one} for one in sorted(streets)),
        ]

    async def may_book(
        self, supplier: str, street: str | None, community: str, today: date
    ) -> bool:
        """Known and not gone, not barred, and at work under a contract in this community, wherever it lies now, or in
        all of this street."""
        known = await self.registered.look(supplier)
        if known is None or known.left or await self._barred(supplier, today):
            return False
        for contract in await self.signed.every({"supplier": supplier}):
            in_street = contract.community is None and contract.street == street
            if (in_street or contract.community == community) and not await self.ended.look(
                contract.contract
            ):
                return True
        return False

    async def _barred(self, supplier: str, today: date) -> bool:
        """By either of them."""
        told = [await self.bars.look(supplier), await self.standings.look(supplier)]
        return any(
            one.state == "barred" and (one.until is None or today.isoformat() <= one.until)
            for one in told
            if one is not None
        )
