"""What is kept here, and what of it and of others' registers the steps look up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.draw_secrets import DrawSecrets
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kernel.offices import other_name
from chassis.kind import derived_id
from chassis.places import named, standing
from chassis.policy import Policies
from contracts.consultation import OutcomeReported
from contracts.housing import CommunityProfiled, YardsCounted
from contracts.whistle import UnitListed
from services.procurement.domain.allowance import Allowance, AllowanceEvent
from services.procurement.domain.call import Call
from services.procurement.domain.call_events import CallEvent
from services.procurement.domain.catalogue import (
    Catalogue,
    CatalogueApproved,
    CatalogueDrafted,
    CatalogueEvent,
    CataloguePublished,
    CatalogueStatus,
    Entry,
    Listing,
)
from services.procurement.domain.contract import Contract
from services.procurement.domain.eligibility import (
    Eligibility,
    EligibilityEvent,
)
from services.procurement.domain.events import ContractEvent
from services.procurement.domain.expert import Expert, ExpertEvent, ExpertStatus
from services.procurement.domain.fund import Fund, FundEvent
from services.procurement.domain.guide import GuideItem
from services.procurement.domain.inspection import Inspection, InspectionEvent
from services.procurement.domain.item import Item
from services.procurement.domain.ledger import Ledger, LedgerEvent
from services.procurement.domain.offer import Offer, OfferEvent
from services.procurement.domain.paid import Paid, PaidEvent
from services.procurement.domain.passed import Passed, PassedEvent
from services.procurement.domain.plan import Plan, PlanEvent
from services.procurement.domain.policy import ProcurementPolicy
from services.procurement.domain.purchaser import Purchaser, PurchaserEvent, id_of
from services.procurement.domain.remark import Remark, RemarkEvent
from services.procurement.domain.report import Report, ReportEvent
from services.procurement.domain.resettling import Begun, carried_by
from services.procurement.domain.supervision import Supervision
from services.procurement.domain.supervision_events import SupervisionEvent
from services.procurement.domain.supplier import Supplier, SupplierEvent
from services.procurement.domain.survey import (
    Survey,
    SurveyEvent,
    known_as,
    published,
)
from services.procurement.domain.tip import Tip, TipEvent
from services.procurement.sealing import Seal

CATALOGUE_OF_2016 = "官财字〔2016〕64号"


def contract_resource(contract: Contract) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": contract.street,
        "community": carried_by(contract),
        "supplier": contract.supplier,
        "units": contract.units,
    }


def supplier_resource(supplier: Supplier) -> dict[str, object]:
    return {"supplier": supplier.code}


def plan_id(purchaser: str, year: int) -> str:
    return derived_id("plan", purchaser, str(year))


def survey_id(of: str, year: int) -> str:
    return derived_id("survey", of, str(year))


def contract_id(plan: str, item: str, replaces: str | None = None) -> str:
    """Of an item's contract, or of what took the place of one that ended early."""
    return derived_id(plan, item, replaces or "")


def by_project(told: Mapping[str, Any]) -> dict[str, str]:
    """The key under which an outcome is kept: the project heard, and where."""
    return {"about": f"{told['serves']['id']}|{told.get('community', '')}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    suppliers: Guarded[Supplier, SupplierEvent]
    contracts: Guarded[Contract, ContractEvent]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]
    plans: Guarded[Plan, PlanEvent]
    purchasers: Guarded[Purchaser, PurchaserEvent]
    catalogues: Guarded[Catalogue, CatalogueEvent]
    calls: Guarded[Call, CallEvent]
    applications: Guarded[Offer, OfferEvent]
    seal: Seal
    secrets: DrawSecrets
    paid: Guarded[Paid, PaidEvent]
    remarks: Guarded[Remark, RemarkEvent]
    tips: Guarded[Tip, TipEvent]
    ledgers: Guarded[Ledger, LedgerEvent]
    surveys: Guarded[Survey, SurveyEvent]
    allowances: Guarded[Allowance, AllowanceEvent]
    funds: Guarded[Fund, FundEvent]
    reports: Guarded[Report, ReportEvent]
    inspections: Guarded[Inspection, InspectionEvent]
    sums: Guarded[Passed, PassedEvent]
    supervisions: Guarded[Supervision, SupervisionEvent]
    experts: Guarded[Expert, ExpertEvent]
    communities: Copies[CommunityProfiled]
    policies: Policies[ProcurementPolicy]
    yards: Copies[YardsCounted]
    outcomes: Copies[OutcomeReported]
    units: Copies[UnitListed]
    work: WorkTime
    guide: tuple[GuideItem, ...]

    async def catalogue(self, year: int, listing: Listing = Listing.GUIDANCE) -> Catalogue:
        """P-01, P-40: the edition in force in a year: the latest published one that isn't of a later year."""
        editions = [
            held.aggregate
            async for held in self.catalogues.every({"status": CatalogueStatus.PUBLISHED})
            if held.aggregate.year <= year and held.aggregate.listing is listing
        ]
        if not editions:
            raise UnknownReference(f"{year} 年没有已公布的目录。", field="year")
        return max(editions, key=lambda one: one.year)

    async def seed_catalogue(self, entries: tuple[Entry, ...], now: datetime) -> None:
        """The printed edition of 2016, unless it is there."""
        cause = Cause(actor="platform", now=now)
        events = (
            CatalogueDrafted(year=2016, entries=entries, at=now),
            CatalogueApproved(document=CATALOGUE_OF_2016, at=now),
            CataloguePublished(at=now),
        )
        await self.catalogues.once("2016", events, cause)

    async def purchaser(self, office: str) -> Purchaser | None:
        """P-32: what was found about it, under either of its names; None of whom nothing was."""
        held = [await self.purchasers.look(id_of(one)) for one in (office, other_name(office))]
        found = tuple(finding for one in held if one for finding in one.aggregate.findings)
        return Purchaser(office=office, findings=found) if found else None

    async def listed_as(self, office: str) -> str | None:
        """P-28: what the register of units has a department as; None where it doesn't know it."""
        kind, _, code = office.partition(":")
        unit = await self.units.look(code) if kind == "department" else None
        if unit is None:
            return None
        return "ended" if unit.valid_to is not None else unit.kind

    async def appointed(self) -> tuple[Expert, ...]:
        """Who may be drawn."""
        wanted = {"status": ExpertStatus.APPOINTED}
        return tuple([held.aggregate async for held in self.experts.every(wanted)])

    async def employers(self, experts: Iterable[str]) -> tuple[str, ...]:
        """P-11: whom those on a panel work for."""
        held = [await self.experts.look(one) for one in experts]
        return tuple(one.aggregate.employer for one in held if one)

    async def public_needs(self, items: Iterable[Item]) -> None:
        """P-02: what the items of a plan say that they answer."""
        named = {need for item in items for need in item.needs}
        asked = {need.rpartition(".")[0] for need in named}
        held = [await self.surveys.look(id) for id in sorted(asked) if id]
        published(named, [one.aggregate for one in held if one])

    async def told_as(self, needs: Iterable[str]) -> tuple[str, ...]:
        """P-37: what they are called by who waits to hear: one that a session found, by its own id there."""
        held = [await self.surveys.look(id) for id in sorted({n.rpartition(".")[0] for n in needs})]
        return known_as(needs, [one.aggregate for one in held if one])

    async def street_of(self, code: str, now: datetime, begun: Begun | None) -> str:
        """Of what a community has `begun`, or begins now: then it has not ended (ours)."""
        if begun is not None:
            return begun.street
        found = await standing(self.communities, code, local_date(now))
        street: str | None = found.street
        if street is None:
            raise UnknownReference(f"{found.name} 尚未登记所属街道。", field="community")
        return street

    async def ended_on(self, code: str, now: datetime) -> date | None:
        """A community's last day, where that is over."""
        found = await self.communities.look(code)
        last = date.fromisoformat(found.valid_to) if found and found.valid_to else None
        return last if last and last < local_date(now) else None

    async def in_street(self, code: str, street: str, now: datetime) -> None:
        """One that carries out what begins now."""
        found = await standing(self.communities, code, local_date(now))
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可签约。"
            raise UnknownReference(detail, field="community")
        if found.street != street:
            raise Malformed(f"{found.name} 不属于街道 {street}。", field="community")


async def names(desk: Registers) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    suppliers = {held.id: held.aggregate.name async for held in desk.suppliers.every({})}
    units = {one.code: one.name for one in await desk.units.every()}
    return {**await named(desk.communities), "supplier": suppliers, "units": units}


def called_as(known: Mapping[str, Mapping[str, str]], office: str) -> str:
    """A purchaser, as its register calls it."""
    kind, _, code = office.partition(":")
    return known.get("units" if kind == "department" else kind, {}).get(code) or office
