"""The use cases: load, decide, save. One public method per command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import UnknownReference

from .access import ACCESS
from .commands import EnterCommunity, Extend, HandOver, SignAgreement
from .domain import agreement as agreements
from .domain import community as communities
from .domain.agreement import UNITS, Agreement, AgreementEvent, AgreementSigned
from .domain.area import measured
from .domain.community import Community, CommunityEntered
from .domain.street import Street

Decide = Callable[[Agreement], Iterable[AgreementEvent]]
Named = tuple[str, str, str | None, str]
"""Code, name, street where it is known, and the document that names the community."""


def community_resource(community: Community) -> dict[str, object]:
    return {"street": community.street, "community": community.code}


def agreement_resource(agreement: Agreement) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {"street": agreement.street, "community": agreement.community, "units": UNITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingDesk:
    communities: Guarded[Community, CommunityEntered]
    agreements: Guarded[Agreement, AgreementEvent]
    streets: Mapping[str, Street]

    # The register

    async def enter(
        self, code: str, command: EnterCommunity, asking: Asking
    ) -> Changed[Community, CommunityEntered]:
        ACCESS.demand(asking.subject, "enter", {})
        known = await self.communities.look(code)
        held = await self.communities.count({})
        entry = CommunityEntered(
            code=code,
            name=command.name,
            street=command.street,
            kind=command.kind,
            households=command.households,
            valid_from=local_date(asking.cause.now),
            reason=command.reason,
            listed=held if known else held + 1,
        )
        return await self.communities.record(
            code, lambda known: communities.enter(known, entry, self.streets), asking.cause
        )

    async def seed_communities(self, named: Sequence[Named], now: datetime) -> None:
        """Those the documents name, where the register doesn't know them yet."""
        for code, name, street, document in named:
            entry = CommunityEntered(
                code=code,
                name=name,
                street=street,
                valid_from=local_date(now),
                reason=document,
                listed=len(named),
            )

            await self.communities.once(code, [entry], Cause(actor="platform", now=now))

    # Agreements

    async def sign(
        self, command: SignAgreement, asking: Asking
    ) -> Changed[Agreement, AgreementEvent]:
        street = await self._street_of(command.community)
        place = {"street": street, "community": command.community, "units": UNITS}
        ACCESS.demand(asking.subject, "sign", place)
        id = asking.new_id("agreements")
        signed = AgreementSigned(
            agreement=id,
            project=command.project,
            community=command.community,
            street=street,
            developer=command.developer,
            households=command.households,
            area_owed=measured(command.area),
            due=command.due,
            at=asking.cause.now,
        )
        return await self.agreements.create(id, lambda: agreements.sign(signed), asking.cause)

    async def hand_over(
        self, id: str, command: HandOver, asking: Asking
    ) -> Changed[Agreement, AgreementEvent]:
        area, now = measured(command.area), asking.cause.now
        return await self.agreements.decide(
            id, "hand_over", asking, lambda a: a.hand_over(area=area, at=command.at, now=now)
        )

    async def extend(
        self, id: str, command: Extend, asking: Asking
    ) -> Changed[Agreement, AgreementEvent]:
        now = asking.cause.now
        return await self.agreements.decide(
            id,
            "extend",
            asking,
            lambda a: a.extend(due=command.due, reason=command.reason, now=now),
        )

    async def cancel(
        self, id: str, reason: str, asking: Asking
    ) -> Changed[Agreement, AgreementEvent]:
        now = asking.cause.now
        return await self.agreements.decide(
            id, "cancel", asking, lambda a: a.cancel(reason=reason, now=now)
        )

    # Time

    async def fire(self, id: str, cause: Cause) -> None:
        """The due day of this agreement has ended."""
        await self.agreements.change(id, lambda a: a.lapse(now=cause.now), cause)

    # What the decisions need

    async def _street_of(self, code: str) -> str:
        held = await self.communities.look(code)
        if held is None:
            raise UnknownReference(f"没有这个社区：{code}", field="community")
        if held.aggregate.street is None:
            detail = f"{held.aggregate.name} 尚未登记所属街道，由区里补录后方可签订协议。"
            raise UnknownReference(detail, field="community")
        return held.aggregate.street
