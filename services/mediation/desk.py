"""What the steps work on and have to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.held_about import held_about
from chassis.identity import office
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kind import Changed, Held, derived_id
from chassis.places import known_street, named, numbered, settled, standing, standing_street
from chassis.policy import PLATFORM, Policies
from chassis.removals import Removals
from chassis.renewal import AWAITED, renew
from chassis.retention import Line
from chassis.sealed import Sealed
from chassis.store import Has, Range
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed

from .domain import clocks, course, naming, risk
from .domain import mediator as mediators
from .domain import notice as notices
from .domain import screening as screenings
from .domain.case import Case
from .domain.clocks import Clocks
from .domain.dispute import STABILITY
from .domain.events import CaseEvent, CaseRegistered, CaseScreened, SealedRead
from .domain.figures import came, days_of
from .domain.mediator import Mediator, MediatorEnlisted, MediatorEvent
from .domain.notice import Notice, NoticeEvent
from .domain.policy import MediationPolicy
from .domain.resettling import Resettled
from .domain.screening import MeetingHeld, Screening, ScreeningEvent

MEDIATORS = "mediators"
"""Whose names are sealed by their codes."""
TEXT = "text"
"""What is sealed of a case from its beginning, besides its parties."""
CASE_DAYS, MEDIATOR_DAYS = "retention.case_days", "retention.mediator_days"


def place_of(acts_as: str, street: str | None = None) -> dict[str, object]:
    """What the policy looks at, of an office: a community's is its street's as well."""
    kind, _, code = acts_as.partition(":")
    return {
        "street": code if kind == "street" else street,
        "community": code if kind == "community" else None,
        "units": (code,) if kind == "department" else (),
    }


def of_problem(problem: str, *community: str) -> str:
    """The one case of a problem that the whistle's service handed here, in the community that it is of."""
    return derived_id("cases", "problem", problem, *community)


def departments(offices: Iterable[str]) -> tuple[str, ...]:
    """Of these, by their codes."""
    parts = (one.partition(":") for one in offices)
    return tuple(code for kind, _, code in parts if kind == "department")


def case_resource(case: Case) -> dict[str, object]:
    """Seen by its `offices`; found by its territory and by the departments among these."""
    return {
        "street": case.street,
        "community": case.community,
        "units": departments(case.offices),
        "offices": case.offices,
    }


def screening_resource(known: Screening) -> dict[str, object]:
    return {"street": known.street, "units": (STABILITY,)}


def mediator_resource(known: Mediator) -> dict[str, object]:
    return {"street": known.street, "community": known.community, "units": (STABILITY,)}


def notice_resource(known: Notice) -> dict[str, object]:
    """Seen by whom it is about, a community's also by its street."""
    about = place_of(known.office, known.street)
    return {**about, "units": tuple(dict.fromkeys((STABILITY, *departments([known.office]))))}


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationDesk:
    cases: Guarded[Case, CaseEvent]
    screenings: Guarded[Screening, ScreeningEvent]
    mediators: Guarded[Mediator, MediatorEvent]
    notices: Guarded[Notice, NoticeEvent]
    sealed: Sealed
    removals: Removals
    communities: Copies[CommunityProfiled]
    units: Copies[UnitListed]
    policies: Policies[MediationPolicy]
    work: WorkTime

    async def clocks(self) -> Clocks:
        return Clocks(policy=(await self.policies.current())[1], work=self.work)

    # Places and offices

    async def here(
        self, street: str | None, community: str | None, now: datetime
    ) -> tuple[str, str | None]:
        """Where something new begins: in no community that has ended, nor a street whose have (ours)."""
        today = local_date(now)
        if community is not None:
            await standing(self.communities, community, today)
        elif street is not None:
            await standing_street(self.communities, street, today)
        return await self.place(street, community)

    async def place(self, street: str | None, community: str | None) -> tuple[str, str | None]:
        """Of a community that is named, or of a street as a whole."""
        if community is None:
            if street is None:
                raise Malformed("请写明社区或街道。", field="community")
            return await known_street(self.communities, street), None
        found = await self.communities.known(community, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可登记。"
            raise UnknownReference(detail, field="community")
        if street not in (None, found.street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return found.street, found.code

    async def known_office(self, text: str, now: datetime, field: str = "to") -> str:
        """A street of the register or a community that is there, or a department."""
        kind, code = office(text) or ("", None)
        if code is None or kind not in ("street", "community", "department"):
            detail = "单位写作 street:…、community:… 或 department:…。"
            raise Malformed(detail, field=field)
        if kind == "street":
            await standing_street(self.communities, code, local_date(now), field)
        elif kind == "community":
            await standing(self.communities, code, local_date(now), field)
        elif code != STABILITY and code not in (await self.policies.current())[1].judicial:
            await self.units.known(code, field)
        return text

    async def street_of(self, office: str) -> str | None:
        """A street's own, a community's; a department has none."""
        kind, _, code = office.partition(":")
        if kind == "street":
            return code
        return (
            (await self.communities.known(code, "office")).street if kind == "community" else None
        )

    async def follow(self, community: str, cause: Cause) -> None:
        """M-06: what concerns it goes along where it is merged into another, or lies in another street now."""
        to = await self._resettled(community, cause.now)
        if to is None:
            return
        concerned = {"offices": Has([to.before])}
        each = cause.unkeyed()
        for id in [held.id async for held in self.cases.every(concerned)]:
            await self.cases.change(id, lambda one: course.resettle(one, to), each)
        its = {"community": community}
        for id in [held.id async for held in self.mediators.every(its)]:
            await self.mediators.change(id, lambda one: mediators.resettle(one, to), each)
        for id in [held.id async for held in self.notices.every(its)]:
            await self.notices.change(id, lambda one: notices.resettle(one, to), each)

    async def _resettled(self, community: str, now: datetime) -> Resettled | None:
        found = await settled(self.communities, community)
        if found is None:
            return None
        before, office = f"community:{community}", f"community:{found[0]}"
        return Resettled(before=before, office=office, street=found[1], at=now)

    # Screenings, mediators, notices

    async def begin_screening(self, street: str | None, now: datetime) -> None:
        """Once for each street of the register, and for the district; again where they had ended."""
        id, begun = screenings.begin(street, now)

        def first(known: Screening | None) -> Iterable[ScreeningEvent]:
            return known.resume(now) if known else (begun,)

        await self.screenings.record(id, first, Cause(actor=PLATFORM, now=now))

    async def there(self, street: str, day: date) -> bool:
        """Whether the register has a community of this street on that day, as far as it is known today."""
        known = await self.communities.every({"street": street})
        return any(one.valid_to is None or one.valid_to >= day.isoformat() for one in known)

    async def was_there(self, street: str, day: date) -> bool:
        """Whether one lay in it on that day, whatever became of it since."""
        told = (await self.communities.told()).values()
        then = (screenings.as_of(told_of, day.isoformat()) for told_of in told)
        return any(one.street == street for one in then if one is not None)

    async def since(self, told_at: datetime) -> datetime:
        """When meetings begin or resume by such news: as it says itself, however late it comes, but not before any
        were on record here."""
        _, trail = await self.screenings.history(screenings.DISTRICT)
        return max(told_at, datetime.fromisoformat(trail[0]["at"]))

    async def begun(self, screening: str) -> date:
        """The day since which its meetings are on record here."""
        _, trail = await self.screenings.history(screening)
        return local_date(datetime.fromisoformat(trail[0]["at"]))

    async def close_period(self, id: str, cause: Cause) -> None:
        known = (await self.screenings.get(id)).aggregate
        street, period = known.street, known.period
        there = street is None or period is None or await self.was_there(street, period.last)
        held = await self.screenings.change(
            id, lambda one: one.close(cause.now, there=there), cause
        )
        # A community that came while they were ending had found them going on.
        ended = held.aggregate.awaits is None
        if street and ended and await self.there(street, local_date(cause.now)):
            await self.begin_screening(street, cause.now)

    async def enlist(
        self, enlisted: MediatorEnlisted, name: str, cause: Cause
    ) -> Changed[Mediator, MediatorEvent]:
        return await self.mediators.record(
            enlisted.code,
            lambda known: [mediators.enlist(known, enlisted)],
            cause,
            beside=self.sealed.keeping(MEDIATORS, enlisted.code, {"name": name}, cause),
        )

    async def name_of(self, mediator: str) -> dict[str, dict[str, str]]:
        return await self.sealed.read(MEDIATORS, {mediator: mediator})

    async def roster(self, codes: Iterable[str]) -> dict[str, Mediator]:
        """Of these, who is there."""
        found = {code: await self.mediators.look(code) for code in codes}
        return {code: held.aggregate for code, held in found.items() if held is not None}

    async def count_of(self, office: str, quarter: str) -> int:
        """The disputes of an office's territory, or that came to it, in the quarter."""
        kind, _, code = office.partition(":")
        first, last = days_of(quarter)
        if kind != "department":
            days = Range(at_least=first.isoformat(), at_most=last.isoformat())
            return await self.cases.count({kind: code, "opened_on": days})
        held = [one.aggregate async for one in self.cases.every({"offices": Has([office])})]
        standing = [case for case in held if case.voided is None]
        return sum(any(first <= day <= last for day in came(case, office)) for case in standing)

    async def miss_notice(self, id: str, cause: Cause) -> None:
        await self.notices.change(id, lambda known: notices.late(known, cause.now), cause)

    # Cases

    async def take_in(self, id: str, registered: CaseRegistered, cause: Cause) -> None:
        """From elsewhere, once for each `id`; what comes after its community was merged or moved goes along at once."""
        community = registered.community
        to = await self._resettled(community, cause.now) if community else None
        happened = course.take_in(registered, to, await self.clocks())
        number = await numbered(self.communities, registered.street, cause.now)
        await self.cases.once(id, happened, cause, numbered=number)

    async def case_of(self, problem: str, street: str | None, community: str | None) -> str:
        """What a community holds for a problem's is in nobody else's way: which problems there are isn't known here.

        Earlier ones were kept by the problem alone.
        """
        earlier = of_problem(problem)
        held = await self.cases.look(earlier)
        if held is not None:
            place = held.aggregate.street, held.aggregate.community
            if place in ((street, community), (street, None)):
                return earlier
        return of_problem(problem, community or "")

    async def note_settled(self, id: str, cause: Cause) -> None:
        if await self.cases.look(id) is not None:
            await self.cases.change(
                id, lambda known: course.problem_settled(known, cause.now), cause
            )

    async def note_meeting(self, case: str, of: Screening, held: MeetingHeld, cause: Cause) -> None:
        """On the case: that it was on the list, and each decision about it; once."""
        listed = CaseScreened(
            level=of.level, street=of.street, on=held.on, minutes=held.minutes, at=held.at
        )
        decided = [
            replace(
                listed,
                office=one.office,
                until=one.until,
                its_street=await self.street_of(one.office),
            )
            for one in held.decided
            if one.case == case
        ]
        met = decided or [listed]
        await self.cases.change(case, lambda known: risk.screened(known, met), cause.unkeyed())

    async def fire(self, case: str, cause: Cause) -> None:
        """What is due now and wasn't done."""
        await self.cases.change(case, lambda known: clocks.late(known, cause.now), cause)

    async def renew_calendar(self, now: datetime) -> None:
        """At a start: dates that run."""
        await renew(
            self.cases,
            AWAITED,
            lambda case: clocks.renew(case, self.work, now),
            now,
        )

    async def names_on_paper(self, held: Held[Case]) -> dict[str, str]:
        """Number, place and office as people call them."""
        case, known = held.aggregate, await names(self)
        kind, _, code = case.office.partition(":")
        called = known["units" if kind == "department" else kind]
        street = known["street"].get(case.street, case.street)
        community = known["community"].get(case.community or "", "")
        return {
            "number": held.number or held.id,
            "place": f"{street}{community}",
            "office": called.get(code, case.office),
        }

    async def read_sealed(self, id: str) -> dict[str, dict[str, str]]:
        """The parties, and everything that was said."""
        return await self.sealed.read(id, boxes((await self.cases.get(id)).aggregate))

    async def held_about(self, id: str, party: str) -> dict[str, Any]:
        """All that is held about one party; what was told and agreed is of others, too, and stays sealed."""
        return await held_about(
            self.cases,
            self.sealed,
            id,
            party,
            reading=lambda event: isinstance(event, SealedRead),
            over=(await self.cases.get(id)).aggregate.over,
            days=(await self.policies.current())[1].retention.case_days,
        )

    # What is kept no longer

    def retention(self) -> tuple[Line, ...]:
        async def of_cases() -> int:
            return (await self.policies.current())[1].retention.case_days

        async def of_mediators() -> int:
            return (await self.policies.current())[1].retention.mediator_days

        return (
            Line(name=CASE_DAYS, of=self.cases, days=of_cases, remove=self.lapse),
            Line(name=MEDIATOR_DAYS, of=self.mediators, days=of_mediators, remove=self.forget),
        )

    async def lapse(self, held: Held[Case], cause: Cause) -> None:
        """Who the parties are and what was said: noted, gone, and then said to be gone."""
        what = boxes(held.aggregate).values()
        await self.sealed.remove(held.id, what, self.removals, CASE_DAYS, cause)
        await self.cases.change(held.id, lambda known: naming.lapse(known, cause.now), cause)

    async def forget(self, held: Held[Mediator], cause: Cause) -> None:
        await self.sealed.remove(MEDIATORS, (held.id,), self.removals, MEDIATOR_DAYS, cause)
        await self.mediators.change(held.id, lambda one: mediators.forget(one, cause.now), cause)


def boxes(case: Case) -> dict[str, str]:
    """Everything that may be sealed of a case, by what it is called."""
    return {**{name: name for name in (TEXT, *case.parties)}, **case.boxes}


async def names(desk: MediationDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    units = {one.code: one.name for one in await desk.units.every()}
    known = {**await named(desk.communities), "units": units}
    return {**known, "offices": _offices(known)}


def _offices(known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """As they act: `street:guanshang`."""
    kinds = {"street": "street", "community": "community", "department": "units"}
    return {
        f"{kind}:{code}": name
        for kind, field in kinds.items()
        for code, name in known[field].items()
    }
