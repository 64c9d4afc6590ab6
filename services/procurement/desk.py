"""What the steps work on and have to know, and what happens by others' news."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kind import derived_id
from chassis.lists import due
from chassis.places import named
from chassis.policy import Policies
from chassis.renewal import renew
from chassis.store import Range
from contracts.consultation import NeedIdentified, OutcomeReported
from contracts.housing import CommunityProfiled, YardsCounted
from contracts.whistle import UnitListed

from .domain import eligibility as eligibilities
from .domain.allowance import Allowance, AllowanceEvent
from .domain.applicant import Applicant
from .domain.awarding import bought_by
from .domain.call import Call, CallStatus
from .domain.call_events import CallEvent
from .domain.catalogue import (
    Catalogue,
    CatalogueApproved,
    CatalogueDrafted,
    CatalogueEvent,
    CataloguePublished,
    CatalogueStatus,
    Entry,
    Listing,
)
from .domain.condition import Condition
from .domain.contract import Contract
from .domain.course import Status
from .domain.eligibility import (
    BreachHeard,
    Eligibility,
    EligibilityEvent,
    OrganisationHeard,
    ResultHeard,
)
from .domain.evaluation import Stage
from .domain.events import ContractEvent
from .domain.expert import Expert, ExpertEvent, ExpertStatus
from .domain.fund import Fund, FundEvent
from .domain.guide import GuideItem
from .domain.hearing import Hearing
from .domain.inspection import Inspection, InspectionEvent
from .domain.integrity import IntegrityHeard
from .domain.item import Item
from .domain.ledger import Ledger, LedgerEvent
from .domain.offer import Offer, OfferEvent
from .domain.paid import Paid, PaidEvent
from .domain.passed import Passed, PassedEvent
from .domain.plan import Plan, PlanEvent
from .domain.policy import ProcurementPolicy
from .domain.purchaser import Purchaser, PurchaserEvent, id_of
from .domain.remark import Remark, RemarkEvent, RemarkStatus
from .domain.report import Report, ReportEvent, give
from .domain.report import id_of as report_id
from .domain.signing import may_buy, year_of
from .domain.standing import Lost, standing
from .domain.supervision import Supervision
from .domain.supervision_events import SupervisionEvent
from .domain.supplier import Supplier, SupplierEvent
from .domain.survey import Need, NeedSource, Survey, SurveyEvent, heard, known_as, published
from .domain.tip import Tip, TipEvent
from .sealing import Seal

CATALOGUE_OF_2016 = "官财字〔2016〕64号"


def contract_resource(contract: Contract) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": contract.street,
        "community": contract.community,
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
class ProcurementDesk:
    suppliers: Guarded[Supplier, SupplierEvent]
    contracts: Guarded[Contract, ContractEvent]
    eligibilities: Aggregates[Eligibility, EligibilityEvent]
    plans: Guarded[Plan, PlanEvent]
    purchasers: Guarded[Purchaser, PurchaserEvent]
    catalogues: Guarded[Catalogue, CatalogueEvent]
    calls: Guarded[Call, CallEvent]
    applications: Guarded[Offer, OfferEvent]
    seal: Seal
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

    async def enter(self, result: ResultHeard | BreachHeard, cause: Cause) -> None:
        """An evaluation or a breach, into the eligibility of its supplier: the only way in."""
        await self.eligibilities.record(
            result.supplier, lambda known: eligibilities.hear(known, result), cause
        )

    async def hear_integrity(self, told: IntegrityHeard, cause: Cause) -> None:
        """P-06, P-07: whether or not it is a supplier yet."""
        await self.eligibilities.record(
            told.supplier,
            lambda known: eligibilities.hear_integrity(known, told, local_date(cause.now)),
            cause,
        )

    async def hear_organisation(self, told: OrganisationHeard, cause: Cause) -> None:
        """P-06, P-07: whether or not it is a supplier yet."""
        await self.eligibilities.record(
            told.supplier,
            lambda known: eligibilities.hear_organisation(known, told, local_date(cause.now)),
            cause,
        )

    async def give_report(self, contract: str, stage: Stage, cause: Cause) -> None:
        """P-24: of an evaluation that was heard of."""
        judged = (await self.contracts.get(contract)).aggregate
        _, policy = await self.policies.current()
        days = policy.publish_days
        await self.reports.record(
            report_id(contract, stage),
            lambda known: give(known, judged, stage, days=days, work=self.work),
            cause,
        )

    async def missed_in(self, contract: str, now: datetime) -> int:
        """P-26: how much of what was found in it wasn't put right in time, whether or not the timer came by."""
        found = [held.aggregate async for held in self.remarks.every({"contract": contract})]
        return sum(one.missed or bool(one.miss(now)) for one in found)

    async def remark_due(self, id: str, cause: Cause) -> None:
        await self.remarks.change(id, lambda one: one.miss(cause.now), cause)

    async def fund_due(self, id: str, cause: Cause) -> None:
        await self.funds.change(id, lambda fund: fund.find_missed(cause.now), cause)

    async def report_due(self, id: str, cause: Cause) -> None:
        await self.reports.change(id, lambda report: report.miss(cause.now), cause)

    async def come_due(self, id: str, cause: Cause) -> None:
        """An instalment's time has run out, or a term is over."""
        await self.contracts.change(id, lambda c: c.come_due(now=cause.now), cause)

    async def renewable(self, id: str, by: str) -> Contract:
        """The contract that `by` would sign for another year."""
        return await self._own(id, by, "item")

    async def ended_early(self, id: str, by: str) -> Contract:
        """The contract in whose place `by` would sign another."""
        return await self._own(id, by, "replaces")

    async def delivered(self, id: str, by: str) -> Contract:
        """The contract that `by` delivers."""
        held = await self.contracts.look(id)
        if held is None or by != f"supplier:{held.aggregate.supplier}":
            raise UnknownReference("您没有这份合同。", field="contract")
        return held.aggregate

    async def _own(self, id: str, by: str, field: str) -> Contract:
        held = await self.contracts.look(id)
        if held is None or held.aggregate.purchaser != by:
            raise UnknownReference("您没有这份合同。", field=field)
        return held.aggregate

    async def bought(self, plan: str, item: str, amount: int, by: str) -> tuple[Plan, Item]:
        """P-28, P-02, P-03, P-29, P-32: the item of its plan that an office calls or signs for."""
        may_buy(by, await self.listed_as(by))
        held = await self.plans.look(plan)
        if held is None or held.aggregate.purchaser != by:
            raise UnknownReference("您没有这份计划。", field="plan")
        found = held.aggregate.bought(item, amount, await self.purchaser(by))
        return held.aggregate, found

    async def call_for(self, plan: Plan, item: Item) -> Call | None:
        """P-33: the call by which an item is bought, where it is by one."""
        held = await self.calls.look(derived_id("call", plan.id, item.code))
        return bought_by(held.aggregate if held else None, item)

    async def contracts_of(self, plan: str, item: str) -> tuple[Contract, ...]:
        """P-02: all that was signed for an item, one in the place of another."""
        held = self.contracts.every({"plan": plan})
        return tuple([one.aggregate async for one in held if one.aggregate.item == item])

    async def signed_under(self, call: Call) -> tuple[Contract, ...]:
        """P-33: the contracts of its award, whether or not they ended since."""
        signed = await self.contracts_of(call.plan, call.item.code) if call.awarded else ()
        return tuple(one for one in signed if call.awarded and one.signed_at >= call.awarded.at)

    async def won_by(self, supplier: str, year: int) -> tuple[Call, ...]:
        """P-38: the calls of a year that it was awarded and that weren't cancelled since."""
        held = self.calls.every({"year": year, "winner": supplier, "status": CallStatus.AWARDED})
        return tuple([one.aggregate async for one in held])

    async def employers(self, experts: Iterable[str]) -> tuple[str, ...]:
        """P-11: whom those on a panel work for."""
        held = [await self.experts.look(one) for one in experts]
        return tuple(one.aggregate.employer for one in held if one)

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

    async def purchaser(self, office: str) -> Purchaser | None:
        """What was found about it; None of whom nothing was."""
        held = await self.purchasers.look(id_of(office))
        return held.aggregate if held else None

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

    async def renew_calendar(self, now: datetime) -> None:
        """At start: what has time that runs."""
        await renew(
            self.reports,
            [{"public": False, "missed": False}],
            lambda report: report.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.calls,
            [{"status": CallStatus.RANKED}],
            lambda call: call.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.remarks,
            [{"status": one, "missed": False} for one in (RemarkStatus.OPEN, RemarkStatus.DONE)],
            lambda remark: remark.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.contracts,
            [{"status": Status.SIGNED}],
            lambda c: c.renew_calendar(self.work, now),
            now,
        )

    async def find_missed(self, contract: str, cause: Cause) -> None:
        """A month, or a report's day, has gone by."""
        await self.supervisions.change(
            contract, lambda one: one.find_missed(cause.now, self.work), cause
        )

    async def end_supervision(self, contract: str, at: datetime, cause: Cause) -> None:
        """P-15: with its contract, where it has one."""
        if await self.supervisions.look(contract):
            await self.supervisions.change(contract, lambda one: one.end_with_contract(at), cause)

    async def end_supervisions(self, now: datetime) -> None:
        """P-15: at start, those of which something is still due after their contract's early end was heard, as it was
        before 30 November 2026. What was told as missed since stays told."""
        cause = Cause(actor="platform", now=now)
        async for held in self.supervisions.every({"due": Range(below=due(None))}):
            contract = await self.contracts.look(held.id)
            if contract is not None and contract.aggregate.ended_early:
                await self.end_supervision(held.id, contract.aggregate.ended_at or now, cause)

    async def end_bars(self, code: str, cause: Cause) -> None:
        """A bar's term is over."""
        await self.suppliers.change(code, lambda supplier: supplier.end_bars(now=cause.now), cause)

    async def applicant(
        self, code: str, project: str, now: datetime, plan: str, year: int, item: Item
    ) -> Applicant:
        """A supplier and what decides about it as of now, for an item of the plan of a year; UnknownReference where
        there is no such one."""
        held = await self.suppliers.look(code)
        if held is None:
            raise UnknownReference(f"没有这个供应方：{code}", field="supplier")
        signed = await self.contracts_of(plan, item.code)
        lost = tuple(one.lost for one in signed if one.supplier == code and one.lost)
        return await self.standing(
            held.aggregate, project, year_of(year, now), now, item.conditions, lost
        )

    async def standing(
        self,
        supplier: Supplier,
        project: str,
        year: int,
        now: datetime,
        asked: Iterable[Condition] = (),
        lost: Iterable[Lost] = (),
    ) -> Applicant:
        """P-06, P-07, P-08: by its papers, its bars, what was heard, what the project asks, and what it lost of it."""
        heard = await self.eligibilities.look(supplier.code)
        _, policy = await self.policies.current()
        now_stands = standing(
            supplier,
            heard.aggregate if heard else None,
            project=project,
            year=year,
            on=local_date(now),
            needs=policy.supplier_facts,
            asked=asked,
            lost=lost,
        )
        aggregate = heard.aggregate if heard else None
        return Applicant(standing=now_stands, supplier=supplier, heard=aggregate)

    async def hear_need(self, told: NeedIdentified, cause: Cause) -> None:
        """P-37: what a session found is needed, into the list of its year."""
        if told.street is None:
            raise Malformed("事件没有写明 street。", field="street")
        street, year = told.street, local_date(told.at).year
        id = survey_id(told.community or f"street-{street}", year)
        need = Need(
            id="",
            group="",
            kind=None,
            rank=None,
            text=told.title,
            source=NeedSource.HEARING,
            source_id=told.need,
        )
        await self.surveys.record(
            id,
            lambda known: heard(
                known,
                id=id,
                street=street,
                community=told.community,
                year=year,
                need=need,
                now=told.at,
            ),
            cause,
        )

    async def hearing(self, project: str, community: str | None) -> Hearing | None:
        """P-10: the last hearing of a project in a community, as consultation told it."""
        found = await self.outcomes.find({"about": f"{project}|{community or ''}"})
        last = max(found, key=lambda one: one.at, default=None)
        return Hearing(matter=last.matter, outcome=last.outcome, at=last.at) if last else None

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

    async def street_of(self, code: str) -> str:
        found = await self.communities.known(code, "community")
        if found.street is None:
            raise UnknownReference(f"{found.name} 尚未登记所属街道。", field="community")
        return found.street

    async def may_carry_out(self, community: str | None, call: Call) -> None:
        """P-10, P-33: who applies together is in the register, and in the street that buys, as its contract will be."""
        kind, _, street = call.purchaser.partition(":")
        if community is not None and kind == "street":
            await self.in_street(community, street)
        elif community is not None:
            await self.communities.known(community, "community")

    async def in_street(self, code: str, street: str) -> None:
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可签约。"
            raise UnknownReference(detail, field="community")
        if found.street != street:
            raise Malformed(f"{found.name} 不属于街道 {street}。", field="community")


async def names(desk: ProcurementDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    suppliers = {held.id: held.aggregate.name async for held in desk.suppliers.every({})}
    units = {one.code: one.name for one in await desk.units.every()}
    return {**await named(desk.communities), "supplier": suppliers, "units": units}


def called_as(known: Mapping[str, Mapping[str, str]], office: str) -> str:
    """A purchaser, as its register calls it."""
    kind, _, code = office.partition(":")
    return known.get("units" if kind == "department" else kind, {}).get(code) or office
