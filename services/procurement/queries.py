"""Figures across documents. Lists and single ones come from the desk's guarded aggregates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.identity import Subject
from chassis.kernel.clock import end_of
from chassis.kernel.errors import NotFound

from .desk import ProcurementDesk
from .domain.allowance import Short, shorts
from .domain.announcement import Announcement, announced
from .domain.catalogue import Differences, comparable, compare
from .domain.eligibility import ResultHeard
from .domain.evaluation import BAND_NAMES, PART_NAMES, STAGE_NAMES, Evaluation, Stage
from .domain.events import Way
from .domain.fund import Account
from .domain.gathered import PARTY_NAMES
from .domain.inspection import Inspection
from .domain.ledger import LedgerShown, opened
from .domain.listed import Organisation, listed
from .domain.money import DistrictMoney, measured
from .domain.panel import Panel
from .domain.passed import shown
from .domain.pilot import Households, PilotBudget, budget
from .domain.plan import Plan, PlanStatus
from .domain.policy import ProcurementPolicy
from .domain.printed import CallsOfYear, PrintedCall, counted
from .domain.published import PublishedPlan, published
from .domain.report import PrintedReport, Report, id_of, printed
from .domain.sheet import Sheet, seated, sheet
from .domain.standing import Standing
from .domain.supervision import Supervision
from .domain.survey import Answered, Survey, answered
from .domain.verdict import TOPIC_NAMES
from .titles import TITLES


def _gathered(evaluation: Evaluation) -> dict[str, Any] | None:
    """What was gathered as its page says it: each figure with its average, where it has one."""
    gathered = evaluation.gathered
    if gathered is None or gathered.averages is None:
        return None
    averages = asdict(gathered.averages)
    return {
        "visits": gathered.visits,
        "interviewed": "、".join(PARTY_NAMES[one] for one in gathered.interviewed),
        "workers": gathered.workers,
        "figures": [
            (TITLES[name], count, f"{averages[name] / 100:.2f}" if name in averages else "")
            for name, count in asdict(gathered.figures).items()
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcurementQueries:
    desk: ProcurementDesk
    printed: Mapping[int, PrintedCall]

    async def differences(self, id: str, other: str, subject: Subject) -> Differences:
        """P-01: what edition `id` has that the earlier edition `other` hasn't, and the reverse."""
        later = await self.desk.catalogues.show(id, subject)
        earlier = await self.desk.catalogues.show(other, subject)
        comparable(earlier.aggregate, later.aggregate)
        return compare(earlier.aggregate.entries, later.aggregate.entries)

    async def panel(self, kept: Aggregates[Any, Any], id: str) -> Panel:
        """P-11: of a contract or a call; public as it was drawn, so that anybody may draw again."""
        panel: Panel | None = (await kept.get(id)).aggregate.panel
        if panel is None:
            raise NotFound
        return panel

    async def sheet(self, id: str, reader: Subject) -> Sheet:
        """P-12: what the panel scores by."""
        expert = reader.code if reader.kind == "expert" else None
        call = (await self.desk.calls.get(id)).aggregate
        if not seated(call, expert):
            call = (await self.desk.calls.show(id, reader)).aggregate
        names = {}
        for one in call.applications:
            supplier = await self.desk.suppliers.get(one.supplier)
            names[one.supplier] = supplier.aggregate.name
        return sheet(call, expert, names)

    async def inspection(self, id: str) -> Inspection:
        """P-26: as it was drawn; public, so that anybody may draw again."""
        return (await self.desk.inspections.get(id)).aggregate

    async def announcements(self, year: int) -> list[Announcement]:
        """The calls of a year, for everybody."""
        return [announced(held.aggregate) async for held in self.desk.calls.every({"year": year})]

    async def money(self, year: int) -> DistrictMoney:
        """P-18: how far the published plans of a year meet what the district sets aside."""
        return measured(year, await self._plans(year), await self._policy(year))

    async def published_plans(self, year: int) -> tuple[PublishedPlan, ...]:
        """P-02, P-36: for everybody."""
        return published(await self._plans(year))

    async def _policy(self, year: int) -> ProcurementPolicy:
        """What it asks of a year is what it asked by that year's end; each street's own money is fixed by its year."""
        _, now = await self.desk.policies.current()
        then = await self.desk.policies.in_force(end_of(date(year, 12, 31)))
        return replace(then, own=now.own)

    async def _plans(self, year: int) -> list[Plan]:
        """The public ones."""
        wanted = {"year": year, "status": PlanStatus.PUBLISHED}
        return [held.aggregate async for held in self.desk.plans.every(wanted)]

    async def allowances(self, year: int) -> tuple[Short, ...]:
        """P-39: every community of the register that stands at the year's end, for everybody.

        Since when there is one, its first telling says; what the register began with counts as there before (ours).
        """
        policy = await self._policy(year)
        held = [one.aggregate async for one in self.desk.allowances.every({"year": year})]
        last = date(year, 12, 31).isoformat()
        told = (await self.desk.communities.told()).values()
        begun = max(last, min((first.valid_from for first, *_ in told), default=last))
        known = {
            now.code: (now.name, now.street)
            for first, now in ((every[0], every[-1]) for every in told)
            if first.valid_from <= begun and (now.valid_to is None or now.valid_to >= last)
        }
        return shorts(known, held, policy.serving_least)

    async def accounts(self, community: str) -> tuple[Account, ...]:
        """P-41: what a community made public of its fund, for everybody; NotFound where it has none."""
        fund = (await self.desk.funds.get(community)).aggregate
        return tuple(fund.account(one) for one in sorted(fund.published))

    async def needs(self, year: int) -> list[Survey]:
        """P-37: what communities published of a year, for everybody."""
        wanted = {"year": year, "public": True}
        return [held.aggregate async for held in self.desk.surveys.every(wanted)]

    async def answered(self, year: int) -> tuple[Answered, ...]:
        """P-37: by the plans of the same year."""
        return answered(await self.needs(year), await self._plans(year))

    async def calls_of(self, year: int) -> CallsOfYear:
        """P-38: NotFound of a year of which nothing was printed and nothing happened here."""
        every = [held.aggregate async for held in self.desk.calls.every({"year": year})]
        own = [one for one in every if one.item.way is Way.BUILDING]
        printed = self.printed.get(year)
        sums = [held.aggregate async for held in self.desk.sums.every({"year": year})]
        if printed is None and not own and not sums:
            raise NotFound
        categories = counted(own)
        return CallsOfYear(
            year=year,
            printed=printed,
            beside=printed.beside if printed else 0,
            calls=len(own),
            applications=sum(len(one.applications) for one in own),
            awarded=sum(one.awarded for one in categories),
            awarded_amount=sum(one.amount for one in categories),
            categories=categories,
            streets=shown(sums),
        )

    async def pilot(self, code: str) -> PilotBudget:
        """P-19: NotFound where the register has no such community."""
        community, yards = await self.desk.communities.look(code), await self.desk.yards.look(code)
        if community is None:
            raise NotFound
        counted = Households(all=community.households)
        if yards is not None:
            counted = Households(
                all=community.households,
                self_governed=yards.self_governed,
                public_unit=yards.public_unit,
                property_managed=yards.property_managed,
                counted=True,
            )
        _, policy = await self.desk.policies.current()
        return budget(code, counted, policy)

    async def supervision(self, contract: str, subject: Subject) -> Supervision:
        """For its supervisor as for whoever is shown it otherwise."""
        held = await self.desk.supervisions.look(contract)
        if held is not None and subject.acts_as == f"supplier:{held.aggregate.supervisor}":
            return held.aggregate
        return (await self.desk.supervisions.show(contract, subject)).aggregate

    async def report(self, contract: str, stage: Stage, subject: Subject) -> PrintedReport:
        """P-24: for its three parties and who sees the contract at once, for everybody once it is public."""
        held = await self.desk.reports.get(id_of(contract, stage))
        signed = (await self.desk.contracts.get(contract)).aggregate
        supervised = await self.desk.supervisions.look(contract)
        supervises = supervised is not None and (
            subject.acts_as == f"supplier:{supervised.aggregate.supervisor}"
        )
        if held.aggregate.published_at is None and not supervises:
            await self.desk.contracts.show(contract, subject)
        return printed(held.aggregate, signed)

    async def report_page(self, contract: str, stage: Stage, subject: Subject) -> dict[str, Any]:
        """The same, as its template wants it."""
        found = await self.report(contract, stage, subject)
        supplier = await self.desk.suppliers.get(found.report.supplier)
        return {
            "title": "项目评估报告",
            "report": found.report,
            "evaluation": found.evaluation,
            "judged": found.judged,
            "second": found.second,
            "topics": TOPIC_NAMES,
            "gathered": _gathered(found.evaluation),
            "parts": asdict(found.evaluation.parts).items(),
            "supplier": supplier.aggregate.name,
            "stages": STAGE_NAMES,
            "bands": BAND_NAMES,
            "part_names": PART_NAMES,
        }

    async def ledger(self, contract: str, subject: Subject) -> LedgerShown:
        """P-35: for who sees the contract."""
        signed = (await self.desk.contracts.show(contract, subject)).aggregate
        held = await self.desk.ledgers.look(contract)
        return opened(held.aggregate if held else None, signed)

    async def reports(self, year: int) -> list[Report]:
        """P-36: what is public of a year, for everybody."""
        wanted = {"year": year, "public": True}
        return [held.aggregate async for held in self.desk.reports.every(wanted)]

    async def organisations(self, on: date) -> tuple[Organisation, ...]:
        """P-25: for everybody."""
        suppliers = [held.aggregate async for held in self.desk.suppliers.every({})]
        heard = {held.id: held.aggregate async for held in self.desk.eligibilities.every({})}
        return listed(suppliers, heard, on)

    async def file(self, supplier: str, subject: Subject) -> tuple[ResultHeard, ...]:
        """P-24: every evaluation in a supplier's file."""
        await self.desk.suppliers.show(supplier, subject)
        heard = await self.desk.eligibilities.look(supplier)
        return heard.aggregate.heard if heard else ()

    async def eligibility(
        self, supplier: str, project: str, year: int, subject: Subject, now: datetime
    ) -> Standing:
        """P-06, P-07, P-08: with every reason, as of now."""
        held = await self.desk.suppliers.show(supplier, subject)
        return (await self.desk.standing(held.aggregate, project, year, now)).standing
