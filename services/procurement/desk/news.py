"""What happens by others' news, and by our own over the bus."""

from datetime import datetime

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.lists import due
from chassis.store import Range
from contracts.consultation import NeedIdentified
from services.procurement.domain import eligibility as eligibilities
from services.procurement.domain.eligibility import (
    BreachHeard,
    OrganisationHeard,
    ResultHeard,
)
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.integrity import IntegrityHeard
from services.procurement.domain.report import give
from services.procurement.domain.report import id_of as report_id
from services.procurement.domain.survey import Need, NeedSource, heard

from .filing import Filing
from .registers import survey_id


class News(Filing):
    __slots__ = ()

    async def enter(self, result: ResultHeard | BreachHeard, cause: Cause) -> None:
        """An evaluation or a breach, into the eligibility of its supplier: the only way in."""
        await self.eligibilities.record(
            result.supplier, lambda known: eligibilities.hear(known, result), cause
        )

    async def hear_integrity(self, event: IntegrityHeard, cause: Cause) -> None:
        """P-06, P-07: whether or not it is a supplier yet."""
        await self.eligibilities.record(
            event.supplier,
            lambda known: eligibilities.hear_integrity(known, event, local_date(cause.now)),
            cause,
        )

    async def hear_organisation(self, event: OrganisationHeard, cause: Cause) -> None:
        """P-06, P-07: whether or not it is a supplier yet."""
        await self.eligibilities.record(
            event.supplier,
            lambda known: eligibilities.hear_organisation(known, event, local_date(cause.now)),
            cause,
        )

    async def hear_need(self, event: NeedIdentified, cause: Cause) -> None:
        """P-37: what a session found is needed, into the list of its year."""
        if event.street is None:
            raise Malformed("事件没有写明 street。", field="street")
        street, year = event.street, local_date(event.at).year
        id = survey_id(event.community or f"street-{street}", year)
        need = Need(
            id="",
            group="",
            kind=None,
            rank=None,
            text=event.title,
            source=NeedSource.HEARING,
            source_id=event.need,
        )
        await self.surveys.record(
            id,
            lambda known: heard(
                known,
                id=id,
                street=street,
                community=event.community,
                year=year,
                need=need,
                now=event.at,
            ),
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
