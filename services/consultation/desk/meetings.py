"""Committees, who sits on them and what they did; sessions and what matters hear of them; what comes due."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import structlog

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Unavailable, UnknownReference, WrittenLater
from chassis.kind import Held
from chassis.lists import moment
from chassis.renewal import AWAITED, renew
from chassis.store import In, Range
from services.consultation.domain import (
    calling,
    following,
    leaving,
    naming,
    planning,
    rights,
    watching,
)
from services.consultation.domain.committee import Committee, Level
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.matter import Matter
from services.consultation.domain.membership import members_only
from services.consultation.domain.roll import CommitteeEvent
from services.consultation.domain.session import Session
from services.consultation.domain.session_course import Setting, Status
from services.consultation.domain.session_events import SessionKind

from .registers import Registers

NAME_DAYS = "name_days"
log = structlog.get_logger()


def _there(level: Level, street: str, community: str | None) -> dict[str, str | None]:
    """By what the committees of a place are found: a community's in whatever street it was when it was seated."""
    place = {"community": community} if level is Level.COMMUNITY else {"street": street}
    return {**place, "level": level}


class Meetings(Registers):
    __slots__ = ()

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

    async def setting(self, committee: str | None, matter: str | None) -> Setting:
        """Of a session of this committee, about this matter."""
        held = await self.committees.get(committee) if committee else None
        return Setting(
            members=held.aggregate.members if held else (),
            matter=(await self.matters.get(matter)).aggregate if matter else None,
            policy=(await self.policies.current())[1],
            work=self.work,
            planned=held.aggregate.planned if held else frozenset(),
            on_paper=frozenset(one.on for one in held.aggregate.meetings) if held else frozenset(),
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
        """Of a session that was held, or adjourned because too few came."""
        absent = (await self.sessions.get(session)).aggregate.absent
        await self.committees.change(
            committee, lambda known: leaving.count(known, session, absent), cause
        )

    async def count_left(self, now: datetime) -> None:
        """At a start: those of adjourned sessions, and excuses known after the end, that a process no longer came to
        count, since nobody is told of them. Of the sessions called within a year, so that it reads no more from year to
        year; a committee that can't be read holds up neither another nor the start.
        """
        since = Range(at_least=moment(now - timedelta(days=366)))
        where = {"status": In([Status.ADJOURNED, Status.CLOSED]), "opened_at": since}
        async for held in self.sessions.every_readable(where):
            if held.aggregate.absent or held.aggregate.excused:
                cause = Cause(actor="system:clock", now=now, correlation=held.correlation)
                try:
                    await self.count_absences(held.aggregate.called.committee, held.id, cause)
                except Exception as error:
                    if isinstance(error, Unavailable) and not isinstance(error, WrittenLater):
                        raise
                    log.exception("not_counted", record=self.sessions.subject(held.id))

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

    async def renew_calendar(self, now: datetime) -> None:
        """At a start: dates that run."""
        await renew(
            self.matters,
            AWAITED,
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
