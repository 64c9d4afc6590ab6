"""The OCDS packages of a year: every process of its public plans (P-17)."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.kind import derived_id

from .desk import ProcurementDesk, called_as, names
from .domain.contract import Contract
from .domain.item import Item
from .domain.plan import Plan, PlanStatus
from .ocds import model
from .ocds.compiled import compiled
from .ocds.releases import Process, ocid_of, releases

Named = Mapping[str, Mapping[str, str]]
PUBLISHER = model.Publisher(name="官渡区")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    desk: ProcurementDesk

    async def release_package(self, year: int, now: datetime) -> model.ReleasePackage:
        """All releases, oldest first."""
        found = [one async for process in self._processes(year) for one in releases(process)]
        found.sort(key=lambda one: (one.date, one.ocid))
        return model.ReleasePackage(
            uri=f"urn:gongzhi:procurement:releases:{year}",
            published_date=now,
            publisher=PUBLISHER,
            releases=tuple(found),
        )

    async def record_package(self, year: int, now: datetime) -> model.RecordPackage:
        """The same by process, with what they lead to."""
        every = [(process.ocid, releases(process)) async for process in self._processes(year)]
        records = [
            model.Record(ocid=ocid, releases=told, compiled_release=compiled(told))
            for ocid, told in every
            if told
        ]
        return model.RecordPackage(
            uri=f"urn:gongzhi:procurement:records:{year}",
            published_date=now,
            publisher=PUBLISHER,
            records=tuple(records),
        )

    async def _processes(self, year: int) -> AsyncIterator[Process]:
        called = await names(self.desk)
        wanted = {"year": year, "status": PlanStatus.PUBLISHED}
        async for held in self.desk.plans.every(wanted):
            plan = held.aggregate
            signed = await self._signed(plan)
            for item in plan.table:
                yield await self._process(plan, item, signed[item.code], called)

    async def _process(
        self, plan: Plan, item: Item, signed: list[Contract], called: Named
    ) -> Process:
        call = await self.desk.calls.look(derived_id("call", plan.id, item.code))
        return Process(
            plan=plan,
            item=item,
            call=call.aggregate if call else None,
            contracts=sorted(signed, key=lambda one: one.signed_at),
            buyer=called_as(called, plan.purchaser),
            named=lambda code: called["supplier"].get(code, code),
            renews=await self._renewed(item),
        )

    async def _renewed(self, item: Item) -> str | None:
        held = await self.desk.contracts.look(item.renews) if item.renews else None
        if held is None or held.aggregate.plan is None or held.aggregate.item is None:
            return None
        return ocid_of(held.aggregate.plan, held.aggregate.item)

    async def _signed(self, plan: Plan) -> dict[str, list[Contract]]:
        found: dict[str, list[Contract]] = defaultdict(list)
        async for held in self.desk.contracts.every({"plan": plan.id}):
            found[held.aggregate.item or ""].append(held.aggregate)
        return found
