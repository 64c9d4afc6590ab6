"""What the steps work on and have to know."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.kernel.clock import WorkTime, local_date
from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from chassis.kind import Held, derived_id
from chassis.places import known_street, named, numbered
from chassis.policy import Policies
from chassis.removals import Removals
from chassis.renewal import renew
from chassis.sealed import Sealed
from contracts.consultation import problem_of
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed

from .domain import (
    calling,
    following,
    leaving,
    naming,
    planning,
    proposing,
    referrals,
    rights,
    watching,
)
from .domain import topic as topics
from .domain.arising import Arisen
from .domain.committee import Committee, Level
from .domain.contact import Contact, ContactEvent
from .domain.events import MatterEvent, MatterProposed
from .domain.fact import Fact, FactEvent
from .domain.following import Clocks
from .domain.following_events import Answerer, Came
from .domain.hall import Hall, HallDescribed
from .domain.matter import Matter
from .domain.membership import members_only
from .domain.policy import ConsultationPolicy
from .domain.roll import CommitteeEvent
from .domain.rules import RULES
from .domain.scheme import Assessor, CommunityAssessed, CommunityAssessment, Scheme, SchemeSet
from .domain.session import Session
from .domain.session_course import Setting, Status
from .domain.session_events import SessionEvent, SessionKind
from .domain.situation import OFFICE, Situation, SituationEvent
from .domain.topic import Proposal, ProposalEvent
from .domain.unit import Unit, UnitEvent
from .photos import Photos

NAME_DAYS = "name_days"
Place = tuple[str, str | None]
"""Street and, below it, community."""


def _there(level: Level, street: str, community: str | None) -> dict[str, str | None]:
    """By what the committees of a place are found: a community's in whatever street it was when it was seated."""
    place = {"community": community} if level is Level.COMMUNITY else {"street": street}
    return {**place, "level": level}


def _raised(matter: str, again: int | None) -> str:
    """The id of the matter above."""
    return derived_id("matters", "raised", matter, *([str(again)] if again else []))


def committee_resource(committee: Committee) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {"street": committee.street, "community": committee.community}


def matter_resource(matter: Matter) -> dict[str, object]:
    """Seen by whom it concerns."""
    return {"street": matter.street, "community": matter.community, "units": matter.units}


def session_resource(session: Session) -> dict[str, object]:
    """Seen by whom its committee is."""
    return {"street": session.called.street, "community": session.called.community}


def fact_resource(fact: Fact) -> dict[str, object]:
    """A street's."""
    return {"street": fact.street}


def unit_resource(unit: Unit) -> dict[str, object]:
    """A street's; who guides it sees it."""
    return {"street": unit.street, "units": (unit.guide,)}


def proposal_resource(proposal: Proposal) -> dict[str, object]:
    return {"street": proposal.street, "community": proposal.community}


def contact_resource(contact: Contact) -> dict[str, object]:
    return {"street": contact.street, "community": contact.community}


def situation_resource(situation: Situation) -> dict[str, object]:
    """Seen by the district's office as well."""
    reported = situation.reported
    return {"street": reported.street, "community": reported.community, "units": (OFFICE,)}


def hall_resource(hall: Hall) -> dict[str, object]:
    return {"street": hall.street, "community": hall.community}


def assessment_resource(assessed: CommunityAssessment) -> dict[str, object]:
    """Civil affairs see all of them."""
    civil = (Assessor.CIVIL_AFFAIRS.value,)
    return {"street": assessed.street, "community": assessed.community, "units": civil}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationDesk:
    committees: Guarded[Committee, CommitteeEvent]
    matters: Guarded[Matter, MatterEvent]
    sessions: Guarded[Session, SessionEvent]
    facts: Guarded[Fact, FactEvent]
    photos: Photos
    removals: Removals
    sealed: Sealed
    proposals: Guarded[Proposal, ProposalEvent]
    units: Guarded[Unit, UnitEvent]
    contacts: Guarded[Contact, ContactEvent]
    schemes: Guarded[Scheme, SchemeSet]
    assessments: Guarded[CommunityAssessment, CommunityAssessed]
    situations: Guarded[Situation, SituationEvent]
    halls: Guarded[Hall, HallDescribed]
    communities: Copies[CommunityProfiled]
    listed: Copies[UnitListed]
    policies: Policies[ConsultationPolicy]
    work: WorkTime

    async def place(self, level: Level, street: str | None, community: str | None) -> Place:
        """At street level of the street that is named, below it of the community."""
        if level is Level.STREET:
            if street is None or community is not None:
                raise Malformed("街道议事委员会只写明街道。", field="street")
            return await known_street(self.communities, street), None
        if community is None:
            raise Malformed("社区及以下议事委员会须写明社区。", field="community")
        its_street, code = await self.community(community)
        if street not in (None, its_street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        return its_street, code

    async def concerned(self, community: str | None, committee: Committee) -> str | None:
        """A street committee's matter may concern one of its communities; the others' is their own."""
        if community is None or community == committee.community:
            return committee.community
        street, code = await self.community(community)
        if committee.level is not Level.STREET or street != committee.street:
            raise Malformed("所涉社区不在该议事委员会的范围内。", field="community")
        return code

    async def several(self, communities: tuple[str, ...], committee: Committee) -> tuple[str, ...]:
        """C-13: communities of the street, whose committee it is before."""
        proposing.several(communities, committee)
        for code in communities:
            if (await self.community(code))[0] != committee.street:
                raise Malformed("所涉社区不在该议事委员会的范围内。", field="communities")
        return communities

    async def responsible(self, unit: str | None, now: datetime) -> None:
        """C-10: of the register of units, as it stands today."""
        if unit is None:
            return
        found = await self.listed.known(unit, "unit")
        today = local_date(now).isoformat()
        if found.valid_to is not None and found.valid_to < today:
            raise UnknownReference(f"{found.name} 已不在单位名录中。", field="unit")

    # Sessions

    async def setting(self, committee: str | None, matter: str | None) -> Setting:
        """Of a session of this committee, about this matter."""
        held = await self.committees.get(committee) if committee else None
        return Setting(
            members=held.aggregate.members if held else (),
            matter=(await self.matters.get(matter)).aggregate if matter else None,
            policy=(await self.policies.current())[1],
            work=self.work,
            planned=held.aggregate.planned if held else frozenset(),
        )

    async def in_session(self, matter: Matter, now: datetime) -> bool:
        """Whether a session here is called for it that isn't over: its outcome is recorded there."""
        found = self.sessions.every({"matter": matter.id})
        called = {held.id: held.aggregate async for held in found}
        if not all(calling.over(id, session, matter) for id, session in called.items()):
            return True
        return calling.awaited(matter, now) not in {None, *called}

    async def session_for(self, matter: Matter, cause: Cause) -> str:
        """C-09: the id of the one session that it may have now."""

        def over(held: Held[Session]) -> bool:
            return calling.over(held.id, held.aggregate, matter)

        return await self.sessions.turn({"matter": matter.id}, cause, over=over)

    async def reserve(
        self, matter: str, session: str, call: Callable[[Session | None], object], cause: Cause
    ) -> None:
        """C-09: noted by the matter before it is there, so that this record decides between it and an outcome by
        hand that comes at once. `call` refuses what isn't to be called."""
        if await self.sessions.recalls(session, cause):
            return
        standing = await self.sessions.look(session)
        call(standing.aggregate if standing else None)
        await self.matters.change(
            matter, lambda m: calling.reserve(m, session, cause.now), cause.unkeyed()
        )

    async def count_absences(self, committee: str, session: str, cause: Cause) -> None:
        """Of a session that was held."""
        absent = (await self.sessions.get(session)).aggregate.absent
        await self.committees.change(
            committee, lambda known: leaving.count(known, session, absent), cause
        )

    async def deliberated(self, matter: str, session: str, cause: Cause) -> None:
        """The matter hears what its session came to."""
        held = (await self.sessions.get(session)).aggregate
        concluded, at = held.conclusion, held.decided_at
        if concluded is None or at is None:
            raise UnknownReference("该会议没有结果。", field="session")
        clocks, members = await self.clocks(), len(held.fixed)

        def heard(m: Matter) -> Iterable[MatterEvent]:
            return following.heard(m, concluded, session, members, clocks, at)

        await self.matters.change(matter, heard, cause)

    async def member_year(
        self, committee: str, seat: str, year: int, reader: Subject
    ) -> rights.MemberYear:
        """By seat, for who sees the committee."""
        held = (await self.committees.show(committee, reader)).aggregate
        members_only((seat,), held.members, "seat")
        where = {"committee": committee}
        sessions = [one.aggregate async for one in self.sessions.every(where)]
        matters = [(one.aggregate, past) async for one, past in self.matters.every_past(where)]
        return rights.year_of(seat, year, sessions, matters, held.meetings)

    async def regular_days(self, committee: str) -> frozenset[date]:
        """On which days its regular meetings were held here; one that was adjourned may have gone on on paper."""
        where = {"committee": committee, "kind": SessionKind.REGULAR}
        held = [one.aggregate async for one in self.sessions.every(where)]
        kept = [one for one in held if one.status is not Status.ADJOURNED]
        return frozenset(local_date(one.opened_at) for one in kept if one.opened_at)

    async def clocks(self) -> Clocks:
        return Clocks(policy=(await self.policies.current())[1], work=self.work)

    async def renew_calendar(self, now: datetime) -> None:
        """At a start: dates that fell on days whose notice wasn't out."""
        await renew(
            self.matters,
            [{"provisional": True}],
            lambda m: (*following.renew(m, self.work, now), *watching.renew(m, self.work, now)),
            now,
        )

    async def committee_due(self, id: str, cause: Cause) -> None:
        """A plan that is late, names whose time is over: gone before it is said that they are."""
        held = (await self.committees.get(id)).aggregate
        lapsed = [gone.seat for gone in naming.lapsed(held, cause.now)]
        await self.sealed.remove(id, lapsed, self.removals, NAME_DAYS, cause)

        def due(c: Committee) -> Iterable[CommitteeEvent]:
            return (*planning.late(c, cause.now), *naming.lapsed(c, cause.now))

        await self.committees.change(id, due, cause)

    async def fire(self, matter: str, cause: Cause) -> None:
        """What is due now and wasn't done."""

        def missed(m: Matter) -> Iterable[MatterEvent]:
            return (*following.late(m, cause.now), *watching.late(m, cause.now))

        await self.matters.change(matter, missed, cause)

    # Referrals

    async def raise_up(self, matter: str, again: int | None, cause: Cause) -> None:
        """C-13: one matter before the committee above, each time that one came to it."""
        held = (await self.matters.get(matter)).aggregate
        level = referrals.UPPER.get(held.level)
        if level is None:
            return
        committee = await self.sitting(level, held.street, held.community, cause.now)
        if committee is None:
            raise UnknownReference("上一级没有在任的议事委员会。", field="committee")
        head = (await self.policies.current())[1].referred_head
        id = _raised(matter, again)
        proposed = referrals.raised(held, id=id, committee=committee.id, head=head, now=cause.now)
        await self._begin(proposed, committee.aggregate, cause)

    async def propose_arisen(self, arisen: Arisen, origin: str, cause: Cause) -> None:
        """C-24: one topic for each `origin`, where a committee sits that could take it up."""
        committee = await self.sitting(arisen.level, arisen.street, arisen.community, cause.now)
        if committee is None:
            return
        head = (await self.policies.current())[1].referred_head
        id = derived_id("matters", "arisen", origin)
        proposed = arisen.proposed(id=id, committee=committee.id, head=head, now=cause.now)
        # A story of its own, so that what comes of its referral finds it.
        await self._begin(proposed, committee.aggregate, replace(cause, correlation=None))

    async def propose_taken_up(self, arisen: Arisen, origin: str, cause: Cause) -> str:
        """What a convener makes a topic of (C-24, C-33), once for each `origin`; the matter's id."""
        committee = await self.sitting(arisen.level, arisen.street, arisen.community, cause.now)
        if committee is None:
            raise RuleBroken(RULES["C-24"], "该社区没有在任的议事委员会。", field="committee")
        policy = (await self.policies.current())[1]
        id = derived_id("matters", "arisen", origin)
        proposed = arisen.proposed(
            id=id, committee=committee.id, head=policy.referred_head, now=cause.now
        )
        proposing.propose(proposed, policy)
        alone = replace(cause.unkeyed(), correlation=None)
        await self._begin(proposed, committee.aggregate, alone)
        return id

    async def _begin(self, proposed: MatterProposed, before: Committee, cause: Cause) -> None:
        """C-01: it lies where its committee does, also where it arose in the street that one has left since."""
        there = replace(proposed, street=before.street)
        number = await numbered(self.communities, there.street, cause.now)
        await self.matters.once(there.id, [there], cause, numbered=number)

    async def seated_at(
        self, level: Level, street: str, community: str | None, cause: Cause
    ) -> str:
        """C-01: the id of the one committee that may sit there now."""
        return await self.committees.turn(
            _there(level, street, community),
            cause,
            over=lambda held: not held.aggregate.sits(cause.now),
        )

    async def sitting(
        self, level: Level, street: str, community: str | None, now: datetime
    ) -> Held[Committee] | None:
        """The committee of that level there that was seated last, of those in office."""
        there = self.committees.every(_there(level, street, community))
        sitting = [held async for held in there if held.aggregate.sits(now)]
        return max(sitting, key=lambda held: held.aggregate.seated_at, default=None)

    async def answer(
        self, matter: str | None, by: Answerer, about: str, outcome: Came, cause: Cause
    ) -> None:
        """What came of a referral, where there is such a matter."""
        if matter is None or await self.matters.look(matter) is None:
            return
        await self.matters.change(
            matter, lambda m: referrals.answered(m, by, about, outcome, cause.now), cause
        )

    async def answer_dispute(self, topic: str | None, case: str, how: Came, cause: Cause) -> None:
        """How mediation ended, to the matter that was refused or the proposal that wasn't taken up."""
        if topic is None or await self.proposals.look(topic) is None:
            await self.answer(topic, Answerer.MEDIATION, case, how, cause)
            return
        await self.proposals.change(topic, lambda p: topics.mediated(p, how, cause.now), cause)

    async def answer_from_whistle(
        self, problem: str | None, about: str, outcome: Came, cause: Cause
    ) -> None:
        """To the matter that went there as this problem, whichever way it or the one below went since."""
        if problem is not None and cause.correlation is not None:
            matter = await self._gone_as(problem, cause.correlation)
            await self.answer(matter, Answerer.WHISTLE, about, outcome, cause)

    async def _gone_as(self, problem: str, matter: str) -> str | None:
        """Of a matter and those above it, as often as it went up."""
        held = await self.matters.look(matter)
        times = range(held.aggregate.again + 1) if held is not None else ()
        if problem in {problem_of(matter, n) for n in times}:
            return matter
        above = [await self._gone_as(problem, _raised(matter, n)) for n in times]
        return next((one for one in above if one is not None), None)

    async def answer_need(self, need: str, contract: str, cause: Cause) -> None:
        """To the matter whose session found it, where one did."""
        matter = referrals.found_by(need)
        held = await self.matters.look(matter) if matter else None
        if held is not None and need in {one.need for one in held.aggregate.needs}:
            await self.answer(matter, Answerer.PROCUREMENT, contract, Came.CONTRACT_SIGNED, cause)

    async def answer_below(self, matter: str, cause: Cause) -> None:
        """The matter that this one was raised from hears how it ended."""
        closed = (await self.matters.get(matter)).aggregate
        outcome = Came.COMPLETED if closed.result is not None else Came.CLOSED
        by = Answerer.UPPER_COMMITTEE
        await self.answer(closed.referred_from, by, matter, outcome, cause)

    async def answer_refused(self, matter: str, refused: Matter, cause: Cause) -> None:
        """Likewise, where it wasn't taken up."""
        by, came = Answerer.UPPER_COMMITTEE, Came.NOT_TAKEN_UP
        await self.answer(refused.referred_from, by, matter, came, cause)

    # Places

    async def community(self, code: str) -> tuple[str, str]:
        """Its street and its code; one without a street is refused."""
        found = await self.communities.known(code, "community")
        if found.street is None:
            detail = f"{found.name} 尚未登记所属街道，由区里补录后方可协商。"
            raise UnknownReference(detail, field="community")
        return found.street, found.code


async def names(desk: ConsultationDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    known = {unit.code: unit.name for unit in await desk.listed.every()}
    return {**await named(desk.communities), "unit": known}
