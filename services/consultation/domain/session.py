"""A session (会议): called, noticed, opened with a quorum, and one matter deliberated in it.

The roll is live: who is there decides at every step, in the one document that every clerk writes to.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import assert_never

from chassis.kernel.clock import local_date, working_days_after
from chassis.kernel.errors import OURS, Malformed, OutOfOrder, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from . import attendance, conclusion
from .committee import Level, enough
from .events import Conclusion
from .minutes import Sealed, sealed
from .resettling import Resettled
from .rules import DISMISSING, RULES, TECHNICAL
from .session_course import ALLOWED, OPPOSITE, PRINCIPAL, Movement, Setting, Status, in_time
from .session_events import (
    AgendaItemHeard,
    AnnexAdded,
    Chair,
    DecisionTaken,
    FloorAsked,
    FloorGiven,
    InterestDeclared,
    MinutesSigned,
    NoticeGiven,
    OpinionFiled,
    QuorumLost,
    SeatExcused,
    SeatsArrived,
    SeatsLeft,
    SessionAdjourned,
    SessionCalled,
    SessionClosed,
    SessionEvent,
    SessionKind,
    SessionOpened,
    Side,
    Signatory,
    Source,
    UrgencyDeclared,
    Votes,
)
from .watching import risk_assessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`there`: who is, in the order they came; `waiting`: who asked for the floor and hasn't had it."""

    status: Status
    called: SessionCalled
    papers: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    noticed_at: datetime | None = None
    notice_days: int | None = None
    urgency: str | None = None
    opinions: tuple[OpinionFiled, ...] = ()
    there: tuple[str, ...] = ()
    movements: tuple[Movement, ...] = ()
    interested: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    chair: Chair | None = None
    why_chair: str | None = None
    opened_at: datetime | None = None
    waiting: tuple[FloorAsked, ...] = ()
    speeches: tuple[FloorGiven, ...] = ()
    agenda: tuple[AgendaItemHeard, ...] = ()
    conclusion: Conclusion | None = None
    votes: Votes | None = None
    decided_at: datetime | None = None
    summary: str | None = None
    adjourned: str | None = None
    ended_at: datetime | None = None
    minutes: tuple[Sealed, ...] = ()
    signed: tuple[Signatory, ...] = ()
    annexes: tuple[str, ...] = ()

    def may(self, step: str) -> None:
        """In its order."""
        if self.status not in ALLOWED[step]:
            steps = [name for name, at in ALLOWED.items() if self.status in at]
            raise OutOfOrder(RULES["C-09"], word_of(self.status, WORDS), step, steps)
        if step == "record" and self.conclusion is not None:
            raise RuleBroken(RULES["C-09"], "一事一议：本次会议已形成结果。")
        if step == "adjourn" and self.conclusion is not None:
            raise RuleBroken(
                RULES["C-09"], "本次会议已形成结果，不得休会；请总结后散会。", clause=OURS
            )
        if step == "record" and self.called.matter is None:
            raise RuleBroken(RULES["C-09"], "例会不就单一事项形成结果。")
        if step == "excuse" and self.ended_at is not None and not self.absent:
            raise RuleBroken(RULES["C-03"], "本次会议没有记为缺席的席位。", clause=OURS)
        if step == "item" and self.called.kind is not SessionKind.REGULAR:
            raise RuleBroken(RULES["C-23"], "议程事项只在工作例会上听取。", field="item")

    def deliberating(self, step: str, setting: Setting) -> int:
        """C-08: while there is a quorum; how many fixed members are there now."""
        self.may(step)
        entitled = self.entitled(self.fixed)
        return attendance.quorum(self.there, self.sitting(setting), entitled)

    def entitled(self, fixed: Collection[str]) -> int:
        """C-08: how many the quorum is half of: the fixed members when it was called, or, where they are more,
        those of the day; nobody makes a quorum by dismissing who is away (ours)."""
        return max(len(self.called.fixed), len(fixed))

    def sitting(self, setting: Setting) -> tuple[str, ...]:
        """Its fixed members of the day it was opened whose seats haven't ended since: who counts as there."""
        return tuple(seat for seat in self.fixed if seat in setting.fixed)

    def present(self, setting: Setting) -> tuple[str, ...]:
        """Who is there and still has a seat, in the order they came."""
        return tuple(seat for seat in self.there if seat in setting.seats)

    def notice(self, papers: Iterable[str], setting: Setting, now: datetime) -> NoticeGiven:
        self.may("notice")
        titles = tuple(papers)
        if not titles or not all(title.strip() for title in titles):
            raise RuleBroken(RULES["C-07"], "会议通知须附材料。", field="papers")
        days = setting.policy.notice_days
        return NoticeGiven(papers=titles, seats=setting.fixed, days=days, at=now)

    def opinion(self, title: str, source: Source) -> OpinionFiled:
        self.may("opinion")
        required(title, "title", "请写明意见书名称。")
        return OpinionFiled(title=title, source=source)

    def urgent(self, reason: str) -> UrgencyDeclared:
        self.may("urgent")
        if not reason.strip():
            raise RuleBroken(RULES["C-07"], "紧急开会须写明理由。", field="reason")
        return UrgencyDeclared(reason=reason)

    def arrive(
        self, seats: Collection[str], setting: Setting, now: datetime
    ) -> tuple[SeatsArrived, ...]:
        """Whoever is on the roll already stays on it: two clerks may take the same seat. Nobody has come
        before its day (ours)."""
        self.may("arrive")
        early = timedelta(minutes=setting.policy.early_minutes)
        if self.opened_at is None and local_date(now + early) < local_date(self.called.held_at):
            raise RuleBroken(RULES["C-08"], "会议当日方可签到。", clause=OURS, field="seats")
        attendance.checked(tuple(seats), setting.seats, "seats")
        new = tuple(seat for seat in seats if seat not in self.there)
        return (SeatsArrived(seats=new, at=now),) if new else ()

    def leave(self, seats: Collection[str], now: datetime) -> tuple[SessionEvent, ...]:
        """And where that costs the quorum, it stands on the record."""
        self.may("leave")
        gone = attendance.checked(tuple(seats), self.there, "seats")
        if not gone:
            return ()
        left = SeatsLeft(seats=tuple(seats), at=now)
        remaining = len((set(self.there) - gone) & set(self.fixed))
        if self.status is not Status.OPEN or remaining * 2 >= self.entitled(self.fixed):
            return (left,)
        return (left, QuorumLost(present=remaining, at=now))

    def excuse(self, seat: str, reason: str, setting: Setting) -> SeatExcused:
        """C-03: who stays away with a reason isn't counted as absent, nor whose reason comes to be known after the end
        (ours)."""
        self.may("excuse")
        if self.ended_at is None:
            attendance.checked((seat,), setting.fixed, "seat")
        elif seat not in self.absent:
            raise RuleBroken(RULES["C-03"], "该席位未记为缺席。", clause=OURS, field="seat")
        if not reason.strip():
            raise RuleBroken(RULES["C-03"], "请假须写明事由。", clause=DISMISSING, field="reason")
        return SeatExcused(seat=seat, reason=reason)

    def interest(self, seat: str) -> InterestDeclared:
        """C-19: of somebody who is there."""
        self.may("interest")
        attendance.checked((seat,), self.there, "seat")
        if seat in self.interested:
            raise Malformed("该席位已说明利害关系。", field="seat")
        return InterestDeclared(seat=seat)

    def open(self, chair: Chair, why: str | None, setting: Setting, now: datetime) -> SessionOpened:
        """C-07 its notice, C-08 its quorum, C-09 its chair."""
        self.openable(setting, now)
        principal = PRINCIPAL.get(self.called.level, Chair.SECRETARY)
        if chair is not principal and not (why or "").strip():
            detail = f"原则上由{word_of(principal, WORDS)}主持；由他人主持的须写明理由。"
            raise RuleBroken(RULES["C-09"], detail, field="why_chair")
        return SessionOpened(chair=chair, why_chair=why, fixed=setting.fixed, at=now)

    def openable(self, setting: Setting, now: datetime) -> None:
        """C-07: five working days after the notice, unless the party committee found it urgent; C-08: with a
        quorum; C-14: a regular meeting not on a day of one on paper (ours)."""
        self.may("open")
        self._ready(setting, now)
        attendance.quorum(self.there, setting.fixed, self.entitled(setting.fixed))

    def _ready(self, setting: Setting, now: datetime) -> None:
        """For whoever comes: what doesn't depend on how many do."""
        enough(self.called.level, setting.fixed, setting.policy)
        if self.urgency is None:
            self._noticed(setting, now)
        in_time(self.called.held_at, setting, now)
        if self.called.kind is SessionKind.REGULAR and local_date(now) in setting.on_paper:
            detail = "这一天的工作例会已补登为线下会议；补登有误的，先更正。"
            raise RuleBroken(RULES["C-14"], detail, clause=OURS)

    def _noticed(self, setting: Setting, now: datetime) -> None:
        if self.noticed_at is None:
            raise RuleBroken(RULES["C-07"], "尚未发出会议通知和材料。")
        days = self.notice_days or setting.policy.notice_days
        earliest = local_date(working_days_after(self.noticed_at, days, setting.work))
        if local_date(now) < earliest:
            detail = (
                f"会议通知和材料须提前 {days} 个工作日，最早可于 {earliest} 开会；"
                "会议定于此前的，说明理由作为紧急会议召开，或休会后另行召集。"
            )
            raise RuleBroken(RULES["C-07"], detail)

    def ask(self, seat: str, side: Side) -> FloorAsked:
        """For the floor; each stands on the speech list once at a time."""
        self.may("ask")
        attendance.checked((seat,), self.there, "seat")
        if any(one.seat == seat for one in self.waiting):
            raise RuleBroken(RULES["C-09"], "该席位已在发言名单上。", field="seat")
        return FloorAsked(seat=seat, side=side)

    def speak(self, seat: str, setting: Setting, now: datetime) -> FloorGiven:
        """C-09: who stands on the list, opposing sides in turn."""
        self.deliberating("speak", setting)
        asked = [one for one in self.waiting if one.seat == seat]
        if not asked or seat not in self.present(setting):
            raise RuleBroken(RULES["C-09"], "未经主持人允许不得发言：请先申请。", field="seat")
        side = asked[0].side
        heard = [one.side for one in self.speeches if one.side in OPPOSITE]
        other = OPPOSITE.get(side)
        if heard and heard[-1] is side and any(one.side is other for one in self.waiting):
            raise RuleBroken(RULES["C-09"], "不同意见应轮流发言，现轮到对方。", field="seat")
        return FloorGiven(seat=seat, side=side, at=now)

    def record(
        self, said: Conclusion, votes: Votes | None, setting: Setting, now: datetime
    ) -> DecisionTaken:
        """C-08 once more at the decision: with those who are there at this moment."""
        present, there = self.recordable(setting), self.present(setting)
        concluded = replace(
            said,
            present=present,
            roll=there,
            interested=tuple(seat for seat in self.interested if seat in there),
        )
        community = setting.matter.community if setting.matter else None
        conclusion.sound(concluded, there, community)
        if votes is not None:
            _counted(votes, present)
        return DecisionTaken(conclusion=concluded, votes=votes, at=now)

    def recordable(self, setting: Setting) -> int:
        """C-26, C-32: what was marked when its topic was settled is in the papers before it is decided."""
        present = self.deliberating("record", setting)
        if setting.matter is not None:
            setting.matter.may("outcome")
            risk_assessed(setting.matter)
        settled = setting.matter.settled if setting.matter else None
        if settled is not None and settled.technical and not self.opinions:
            detail = "专业性事项须先有专家或第三方意见，方可形成结果。"
            raise RuleBroken(RULES["C-26"], detail, clause=TECHNICAL)
        return present

    def adjourn(self, reason: str, setting: Setting, now: datetime) -> SessionAdjourned:
        """C-03: where too few have come by the time that was told, the others stayed away; of what was called off,
        with nobody on its roll, nobody did (ours).
        """
        self.may("adjourn")
        required(reason, "reason", "请写明休会原因。")
        fixed = self.fixed or setting.fixed
        there = len(set(self.there) & set(fixed))
        short = self.movements and there * 2 < self.entitled(fixed) and now >= self.called.held_at
        absent = self._absent(fixed) if short and self._was_ready(setting) else ()
        return SessionAdjourned(reason=reason, absent=absent, at=now)

    def _was_ready(self, setting: Setting) -> bool:
        """Nobody stays away from what could not have opened at the time that was told, had everybody come."""
        if self.opened_at is None:
            try:
                self._ready(setting, self.called.held_at)
            except RuleBroken:
                return False
        return True

    def _absent(self, fixed: Collection[str]) -> tuple[str, ...]:
        """Who was told and never came, without a reason."""
        came = {one.seat for one in self.movements if one.came} | set(self.excused)
        told = (self.noticed or fixed) if self.noticed_at else ()
        return tuple(seat for seat in fixed if seat in told and seat not in came)

    def close(self, summary: str, now: datetime) -> SessionClosed:
        """C-09: the chair has summed up what was agreed."""
        self.closable()
        if not summary.strip():
            raise RuleBroken(RULES["C-09"], "散会前由主持人总结议定事项。", field="summary")
        closed = SessionClosed(summary=summary, absent=self._absent(self.fixed), at=now)
        said = _minutes(_closed(self, closed))
        return replace(closed, minutes=sealed((), "minutes", said))

    def sign(self, signatory: Signatory, by: str, now: datetime) -> MinutesSigned:
        """C-14: the minutes as they were sealed, by each who must, once."""
        self.may("sign")
        if signatory in self.signed:
            raise RuleBroken(RULES["C-14"], "已经签署。", field="signatory")
        body = {"signatory": signatory, "by": by, "at": now}
        line = sealed(self.minutes, "signature", body)
        return MinutesSigned(signatory=signatory, by=by, sealed=line, at=now)

    def annex(self, text: str, by: str, now: datetime) -> AnnexAdded:
        """C-14: whatever is put right later."""
        self.may("annex")
        if not text.strip():
            raise RuleBroken(
                RULES["C-14"], "附件须写明更正或补充的内容。", clause=OURS, field="text"
            )
        line = sealed(self.minutes, "annex", {"text": text, "by": by, "at": now})
        return AnnexAdded(sealed=line, text=text, at=now)

    def closable(self) -> None:
        """C-09: with an outcome, C-23 or something heard."""
        self.may("close")
        if self.called.matter is not None and self.conclusion is None:
            raise RuleBroken(RULES["C-09"], "专题会议尚未形成结果；不能形成的应休会。")
        street = self.called.level is Level.STREET
        if self.called.kind is SessionKind.REGULAR and street and not self.agenda:
            raise RuleBroken(RULES["C-23"], "街道工作例会尚未听取任何议程事项。", field="item")


def _counted(votes: Votes, present: int) -> None:
    counts = (votes.in_favour, votes.against, votes.abstained)
    if min(counts) < 0 or sum(counts) > present:
        raise Malformed(f"票数合计应在 0 到 {present} 之间（机动委员不表决）。", field="votes")


# Change


def evolve(session: Session | None, event: SessionEvent) -> Session:
    if isinstance(event, SessionCalled):
        return Session(status=Status.CALLED, called=event)
    if session is None:
        raise ValueError("a session begins by being called")
    match event:
        case NoticeGiven():
            return replace(
                session,
                status=Status.NOTICED,
                papers=event.papers,
                noticed=event.seats,
                noticed_at=event.at,
                notice_days=event.days,
            )
        case OpinionFiled():
            return replace(session, opinions=(*session.opinions, event))
        case UrgencyDeclared():
            return replace(session, urgency=event.reason)
        case SessionOpened():
            return replace(
                session,
                status=Status.OPEN,
                chair=event.chair,
                why_chair=event.why_chair,
                fixed=event.fixed,
                opened_at=event.at,
            )
        case DecisionTaken():
            return replace(
                session, conclusion=event.conclusion, votes=event.votes, decided_at=event.at
            )
        case SessionAdjourned():
            return replace(
                session,
                status=Status.ADJOURNED,
                adjourned=event.reason,
                absent=event.absent,
                ended_at=event.at,
            )
        case SessionClosed():
            return _closed(session, event)
        case MinutesSigned() | AnnexAdded():
            return _on_paper(session, event)
        case Resettled():
            community = event.community or session.called.community
            called = replace(session.called, street=event.street, community=community)
            return replace(session, called=called)
        case _:
            return _in_the_room(session, event)


def _closed(session: Session, event: SessionClosed) -> Session:
    return replace(
        session,
        status=Status.CLOSED,
        summary=event.summary,
        absent=event.absent,
        ended_at=event.at,
        minutes=(event.minutes,) if event.minutes else (),
    )


def _on_paper(session: Session, event: MinutesSigned | AnnexAdded) -> Session:
    longer = replace(session, minutes=(*session.minutes, event.sealed))
    if isinstance(event, MinutesSigned):
        return replace(longer, signed=(*session.signed, event.signatory))
    return replace(longer, annexes=(*session.annexes, event.text)) if event.text else longer


UNSAID = frozenset({"status", "there", "waiting", "minutes", "signed", "annexes", "adjourned"})
"""What minutes don't say: where the record stands, and what the movements say already."""


def _minutes(session: Session) -> dict[str, object]:
    """All that happened, by seat."""
    said = {field.name: getattr(session, field.name) for field in fields(session)}
    return {name: value for name, value in said.items() if name not in UNSAID}


InTheRoom = (
    SeatsArrived
    | SeatsLeft
    | QuorumLost
    | SeatExcused
    | AgendaItemHeard
    | InterestDeclared
    | FloorAsked
    | FloorGiven
)


def _in_the_room(session: Session, event: InTheRoom) -> Session:
    match event:
        case SeatsArrived():
            came = tuple(Movement(seat=seat, came=True, at=event.at) for seat in event.seats)
            return replace(
                session,
                there=(*session.there, *event.seats),
                movements=(*session.movements, *came),
            )
        case SeatsLeft():
            left = tuple(Movement(seat=seat, came=False, at=event.at) for seat in event.seats)
            there = tuple(seat for seat in session.there if seat not in event.seats)
            return replace(session, there=there, movements=(*session.movements, *left))
        case SeatExcused():
            absent = tuple(seat for seat in session.absent if seat != event.seat)
            return replace(session, excused=(*session.excused, event.seat), absent=absent)
        case AgendaItemHeard():
            return replace(session, agenda=(*session.agenda, event))
        case InterestDeclared():
            return replace(session, interested=(*session.interested, event.seat))
        case FloorAsked():
            return replace(session, waiting=(*session.waiting, event))
        case FloorGiven():
            waiting = tuple(one for one in session.waiting if one.seat != event.seat)
            return replace(session, waiting=waiting, speeches=(*session.speeches, event))
        case QuorumLost():
            return session
        case _:
            assert_never(event)
