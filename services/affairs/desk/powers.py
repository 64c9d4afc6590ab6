"""Lists, powers and how they are exercised, what is disclosed, and charters."""

from datetime import date, datetime
from functools import partial

from chassis.cause import Cause
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kind import Changed, derived_id
from chassis.policy import PLATFORM
from contracts.housing import CommunityProfiled
from services.affairs.domain import check, disclosure, exercise, listing, power
from services.affairs.domain.charter import Charter, CharterStatus
from services.affairs.domain.disclosure import DisclosureBegun
from services.affairs.domain.exercise import CaseStatus
from services.affairs.domain.listing import CommunityList, ListKind, VersionAdopted
from services.affairs.domain.power import Sample, SamplePut

from .workers import Workers


class Powers(Workers):
    __slots__ = ()

    def list_named(self, name: str) -> ListKind:
        try:
            return ListKind(name)
        except ValueError:
            raise NotFound("没有这张清单。") from None

    async def adopt(
        self, adopted: VersionAdopted, cause: Cause
    ) -> Changed[CommunityList, VersionAdopted]:
        return await self.lists.record(
            adopted.list, lambda known: [listing.adopt(known, adopted)], cause
        )

    async def ship_lists(self, first: VersionAdopted, now: datetime) -> None:
        """What the documents themselves name, as the first version."""
        await self.lists.once(first.list, [first], Cause(actor=PLATFORM, now=now))

    async def put_sample(
        self, code: str, event: SamplePut, cause: Cause
    ) -> Changed[Sample, SamplePut]:
        return await self.samples.record(code, lambda _: [power.put(event)], cause)

    async def sample(self, code: str) -> Sample:
        held = await self.samples.look(code)
        if held is None:
            raise UnknownReference(f"没有这个权力样本：{code}", field="sample")
        return held.aggregate

    async def hear_outcome(self, matter: str, outcome: str, cause: Cause) -> None:
        """Every running case that waits for it."""
        where = {"matter": matter, "status": CaseStatus.RUNNING}
        async for held in self.cases.every(where):
            await self.cases.change(
                held.id, lambda known: exercise.hear(known, outcome, cause.now), cause
            )

    async def follow_disclosures(self, code: str, cause: Cause) -> None:
        """They begin with a community that has a street, go where it goes, and end with it."""
        known = await self.communities.look(code)
        if known is None or known.street is None:
            return
        if known.valid_to is None:
            await self.begin_disclosures(known.street, code, cause.now)
        left = partial(disclosure.leave, street=known.street, last=_last_day(known))
        for id in [held.id async for held in self.disclosures.every({"community": code})]:
            await self.disclosures.change(id, left, cause.unkeyed())

    async def begin_disclosures(self, street: str, community: str, now: datetime) -> None:
        """One for each template of the policy, once."""
        for code, template in (await self.policy()).disclosures.items():
            running = disclosure.period_of(template.every, local_date(now))
            begun = DisclosureBegun(
                street=street, community=community, template=template, period=running, at=now
            )
            id = derived_id("disclosures", community, code)
            await self.disclosures.once(id, [begun], Cause(actor=PLATFORM, now=now))

    async def disclosure_due(self, id: str, cause: Cause) -> None:
        """Templates that the policy has had since begin in its community then."""
        changed = await self.disclosures.change(
            id, lambda known: disclosure.come_due(known, cause.now), cause
        )
        one = changed.aggregate
        if one.last is None:
            await self.begin_disclosures(one.street, one.community, cause.now)

    async def begin_periods(self, now: datetime) -> None:
        """At a start: of disclosures that began before the clock said when a period is over."""
        cause = Cause(actor=PLATFORM, now=now)
        async for held in self.disclosures.every({}):
            if held.aggregate.period is None:
                await self.disclosures.change(
                    held.id, lambda known: disclosure.begin(known, now), cause
                )

    async def leave_disclosures(self, now: datetime) -> None:
        """At a start: of those whose community was heard to be elsewhere, or no more, before they went with it."""
        cause = Cause(actor=PLATFORM, now=now)
        async for held in self.disclosures.every({}):
            known = await self.communities.look(held.aggregate.community)
            if known is not None and known.street is not None:
                left = partial(disclosure.leave, street=known.street, last=_last_day(known))
                if left(held.aggregate):
                    await self.disclosures.change(held.id, left, cause)

    async def check_due(self, id: str, cause: Cause) -> None:
        await self.checks.change(id, lambda known: check.late(known, cause.now), cause)

    async def published(self, one: Charter | None) -> int:
        """How many versions of its kind this community has published."""
        if one is None:
            return 0
        status = CharterStatus.PUBLISHED
        where = {"community": one.community, "kind": one.kind, "status": status}
        return await self.charters.count(where)


def _last_day(one: CommunityProfiled) -> date | None:
    return None if one.valid_to is None else date.fromisoformat(one.valid_to)
