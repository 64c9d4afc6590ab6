"""The use cases: load, decide, save. One public method per command."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.errors import Malformed, NotFound, UnknownReference
from chassis.policy import Policies
from contracts.housing import CommunityProfiled

from .access import ACCESS
from .commands import Evaluate, RegisterSupplier, SignContract
from .domain import contract as contracts
from .domain import eligibility as eligibilities
from .domain import supplier as suppliers
from .domain.contract import Contract, ContractEvent, ContractSigned
from .domain.eligibility import Eligibility, EligibilityEvent, ResultHeard, Standing
from .domain.policy import ProcurementPolicy
from .domain.supplier import Supplier, SupplierRegistered

Decide = Callable[[Contract], Iterable[ContractEvent]]


def contract_resource(contract: Contract) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": contract.street,
        "community": contract.community,
        "supplier": contract.supplier,
    }


def supplier_resource(supplier: Supplier) -> dict[str, object]:
    return {"supplier": supplier.code}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementDesk:
    suppliers: Guarded[Supplier, SupplierRegistered]
    contracts: Guarded[Contract, ContractEvent]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]
    communities: Copies[CommunityProfiled]
    policies: Policies[ProcurementPolicy]

    # Suppliers

    async def register(
        self, command: RegisterSupplier, asking: Asking
    ) -> Changed[Supplier, SupplierRegistered]:
        ACCESS.demand(asking.subject, "register", {})
        registered = SupplierRegistered(
            code=command.code, name=command.name, kind=command.kind, at=asking.cause.now
        )
        return await self.suppliers.record(
            command.code, lambda known: [suppliers.register(known, registered)], asking.cause
        )

    async def enter(self, result: ResultHeard, cause: Cause) -> None:
        """An evaluation, into the eligibility of its supplier: the only way in."""
        await self.eligibilities.record(
            result.supplier, lambda known: eligibilities.hear(known, result), cause
        )

    # Contracts

    async def sign(self, command: SignContract, asking: Asking) -> Changed[Contract, ContractEvent]:
        ACCESS.demand(asking.subject, "sign", {"street": command.street})
        await self._known_supplier(command.supplier)
        if command.community is not None:
            await self._in_street(command.community, command.street)
        standing = await self._standing(command.supplier, command.project, command.year)
        id = asking.new_id("contracts")
        signed = ContractSigned(
            contract=id,
            supplier=command.supplier,
            project=command.project,
            title=command.title,
            year=command.year,
            street=command.street,
            community=command.community,
            amount=command.amount,
            purchaser=asking.by,
            at=asking.cause.now,
        )
        return await self.contracts.create(
            id, lambda: [contracts.sign(signed, standing)], asking.cause
        )

    async def evaluate(
        self, id: str, command: Evaluate, asking: Asking
    ) -> Changed[Contract, ContractEvent]:
        policy = await self.policies.current()

        def admit(contract: Contract) -> None:
            may = ACCESS.may(asking.subject, "evaluate", contract_resource(contract))
            _seen(may or ACCESS.may_see(asking.subject, contract_resource(contract)))
            # Before the grant: who has an interest is told that, not just that he may not.
            contract.independent(asking.by)
            ACCESS.demand(asking.subject, "evaluate", contract_resource(contract))

        def judged(contract: Contract) -> Iterable[ContractEvent]:
            return contract.evaluate(
                by=asking.by,
                stage=command.stage,
                parts=command.parts,
                policy=policy,
                now=asking.cause.now,
            )

        return await self.contracts.change(id, judged, asking.cause, admit=admit)

    async def terminate(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Contract, ContractEvent]:
        now = asking.cause.now
        return await self.contracts.decide(
            id, "terminate", asking, lambda c: [c.terminate(reason=reason, now=now)]
        )

    # What the decisions need

    async def _standing(self, supplier: str, project: str, year: int) -> Standing:
        held = await self.eligibilities.look(supplier)
        known = held.aggregate if held else None
        return eligibilities.standing(known, supplier=supplier, project=project, year=year)

    async def _known_supplier(self, code: str) -> None:
        if not await self.suppliers.look(code):
            raise UnknownReference(f"没有这个供应方：{code}", field="supplier")

    async def _in_street(self, code: str, street: str) -> None:
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可签约。"
            raise UnknownReference(detail, field="community")
        if found.street != street:
            raise Malformed(f"{found.name} 不属于街道 {street}。", field="community")


def _seen(visible: bool) -> None:
    if not visible:
        raise NotFound
