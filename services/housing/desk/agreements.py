"""Agreements with developers: signed, handed over in parts, extended, cancelled, missed."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Changed, derived_id
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.kernel.errors import Malformed, UnknownReference
from services.housing.access import ACCESS
from services.housing.commands import (
    Extend,
    HandOver,
    Inspect,
    RemedyDone,
    ReplaceAgreement,
    SignAgreement,
)
from services.housing.domain import agreement as agreements
from services.housing.domain import inspection as inspections
from services.housing.domain.agreement import UNITS, Agreement
from services.housing.domain.area import measured
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.events import AgreementEvent, AgreementSigned, Terms
from services.housing.domain.evidence import Evidence, EvidenceFiled

Made = Changed[Agreement, AgreementEvent]


def agreement_resource(agreement: Agreement) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {"street": agreement.street, "community": agreement.community, "units": UNITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDesk:
    agreements: Guarded[Agreement, AgreementEvent]
    communities: Guarded[Community, CommunityEntered]
    evidence: Aggregates[Evidence, EvidenceFiled]

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
        now = asking.cause.now
        return await self.agreements.decide(
            id,
            "hand_over",
            asking,
            lambda a: a.hand_over(
                inspection=command.inspection, remedies=command.remedies, at=command.at, now=now
            ),
        )

    async def inspect(self, id: str, command: Inspect, asking: Asking) -> Made:
        areas = {name: measured(getattr(command, name)) for name in ("area", "first", "second")}
        await self.agreements.show(id, asking.subject)
        await self._filed(id, [photo for photos in command.photos.values() for photo in photos])

        def inspected(agreement: Agreement) -> Iterable[AgreementEvent]:
            inspection = inspections.inspect(
                number=len(agreement.inspections) + 1,
                **areas,
                seen=command.seen,
                photos=command.photos,
                at=command.at,
            )
            return agreement.inspect(inspection, now=asking.cause.now)

        return await self.agreements.decide(id, "inspect", asking, inspected)

    async def remedy(self, id: str, command: RemedyDone, asking: Asking) -> Made:
        await self.agreements.show(id, asking.subject)
        await self._filed(id, command.photos)
        return await self.agreements.decide(
            id,
            "inspect",
            asking,
            lambda a: a.remedy(
                inspection=command.inspection,
                point=command.point,
                photos=command.photos,
                now=asking.cause.now,
            ),
        )

    async def replace(self, id: str, command: ReplaceAgreement, asking: Asking) -> Made:
        """Over here; the one that takes its place begins by the reaction to what this tells."""
        terms = Terms(
            project=command.project,
            developer=command.developer,
            households=command.households,
            area_owed=measured(command.area),
            due=command.due,
        )
        by = derived_id("agreements", "replaces", id)
        return await self.agreements.decide(
            id,
            "cancel",
            asking,
            lambda a: a.replace(by=by, terms=terms, reason=command.reason, now=asking.cause.now),
        )

    async def succeed(self, id: str, cause: Cause) -> None:
        """The agreement that takes the place of this one, once."""
        replaced = (await self.agreements.get(id)).aggregate
        if replaced.replacement is None:
            raise Malformed(f"协议没有被代替：{id}", field="agreement")
        signed = replaced.successor(replaced.replacement)
        await self.agreements.once(signed.agreement, agreements.succeed(signed), cause)

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

    async def _filed(self, agreement: str, photos: Iterable[str]) -> None:
        for photo in photos:
            held = await self.evidence.look(photo)
            if held is None or not held.aggregate.is_for(agreement):
                raise UnknownReference(f"没有为本协议上传这份佐证：{photo}", field="photos")

    async def _street_of(self, code: str) -> str:
        held = await self.communities.look(code)
        if held is None or held.aggregate.valid_to is not None:
            raise UnknownReference(f"没有这个社区，或已终止：{code}", field="community")
        if held.aggregate.street is None:
            detail = f"{held.aggregate.name} 尚未登记所属街道，由区里补录后方可签订协议。"
            raise UnknownReference(detail, field="community")
        return held.aggregate.street
