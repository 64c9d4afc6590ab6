"""A call (征集): opened for an item of a plan, applied to, narrowed in stages, scored in secret, ranked, awarded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.kernel.clock import Deadline, WorkTime, end_of, local_date, recounted
from chassis.kernel.draw import Commitment
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required, required_by
from chassis.vocabulary import word_of
from services.procurement.vocabulary import WORDS

from .application import Application
from .call_events import (
    ApplicationsClosed,
    ApplicationsOpened,
    Awarded,
    CallCancelled,
    CallEvent,
    CallOpened,
    Criterion,
    PanelClosed,
    Points,
    ResultMissed,
    ResultRenewed,
    Scored,
    ScreeningStage,
    Sealed,
    SigningChecked,
    StagePassed,
)
from .called import Called
from .events import Way
from .expert import Expert
from .guide import GuideItem
from .hearing import Hearing
from .item import Item
from .panel import ExpertRecused, Panel, PanelListed, list_up
from .programme import Programme
from .ranking import Ranked, rank
from .rules import BUILDING, RULES
from .standing import Standing

FULL = 100
"""What the criteria of a call add up to (ours)."""
OPENING = timedelta(minutes=1)
"""From closing a call to opening what was applied for (ours): longer than a request lasts that came before."""


class CallStatus(StrEnum):
    OPEN = "open"
    RANKED = "ranked"
    AWARDED = "awarded"
    CANCELLED = "cancelled"


STAGES = tuple(ScreeningStage)
CALLED_FOR = frozenset({Way.LINKAGE, Way.BUILDING})
"""Always bought by a call here; a department's or street's own purchase may be tendered elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    id: str
    plan: str
    item: Item
    project: str
    year: int
    purchaser: str
    title: str
    category: str = ""
    closes: date
    criteria: tuple[Criterion, ...]
    status: CallStatus = CallStatus.OPEN
    applications: tuple[Application, ...] = ()
    closed_at: datetime | None = None
    unopened: bool = False
    """Closed, while what was applied for isn't opened."""
    stages: tuple[StagePassed, ...] = ()
    panel: Panel | None = None
    sealed: tuple[Sealed, ...] = ()
    scores: tuple[tuple[str, tuple[Points, ...]], ...] = ()
    ranking: tuple[Ranked, ...] = ()
    awarded: Awarded | None = None
    programme: Programme | None = None
    publish_by: datetime | None = None
    """When the result is late; None once it is found late."""
    clock: Deadline | None = None
    result_missed: bool = False
    signed_in_time: bool | None = None
    """None while it isn't known."""
    cancelled_why: str | None = None
    opened_at: datetime | None = None
    cancelled_at: datetime | None = None
    earlier: tuple[Called, ...] = ()

    @property
    def going_on(self) -> tuple[Application, ...]:
        """Who is still in."""
        if not self.stages:
            return self.applications
        return tuple(one for one in self.applications if one.supplier in self.stages[-1].passed)

    @property
    def next_stage(self) -> ScreeningStage | None:
        """Of 社区营造 alone."""
        done = len(self.stages)
        wanted = self.item.way is Way.BUILDING and done < len(STAGES)
        return STAGES[done] if wanted else None

    @property
    def closed(self) -> bool:
        """Nobody applies any more and all who did are known, as the clock found or what was done since shows."""
        if self.unopened:
            return False
        return self.closed_at is not None or bool(self.stages) or self.panel is not None

    @property
    def next_due(self) -> datetime | None:
        """When its closing day is over, applications are opened, the result is late, or an award had to be signed."""
        if self.status is CallStatus.OPEN:
            return self.opens_at or (None if self.closed else end_of(self.closes))
        if self.status is CallStatus.RANKED:
            return self.publish_by
        waits = self.status is CallStatus.AWARDED and self.signed_in_time is None
        return self.awarded.sign_by if waits and self.awarded else None

    @property
    def opens_at(self) -> datetime | None:
        """When what was applied for is opened; None where that isn't to be."""
        return self.closed_at + OPENING if self.closed_at and self.unopened else None

    def come_due(self, *, signed: bool, now: datetime) -> tuple[CallEvent, ...]:
        """P-10, P-36, P-30: what time alone brings, each once; `signed` whether its contract is there."""
        if self.next_due is None or now < self.next_due:
            return ()
        if self.status is CallStatus.OPEN:
            return () if self.unopened else (ApplicationsClosed(unopened=True, at=now),)
        return self.miss(now) or (SigningChecked(signed=signed, at=now),)

    def miss(self, now: datetime) -> tuple[ResultMissed, ...]:
        """P-36: a result that is late and wasn't found."""
        due = self.publish_by if self.status is CallStatus.RANKED else None
        return (ResultMissed(due=due, at=now),) if due is not None and now >= due else ()

    def renew_calendar(self, work: WorkTime, now: datetime) -> tuple[ResultRenewed, ...]:
        """P-36: while the result is owed."""
        owed = self.clock if self.status is CallStatus.RANKED and self.publish_by else None
        again = recounted(owed, work, now)
        return (ResultRenewed(clock=again),) if again else ()

    def in_time(self, signed: Iterable[datetime]) -> bool:
        """P-30: whether its award was contracted by its day, whenever that is looked at."""
        by = self.awarded.sign_by if self.awarded else None
        return any(by is None or at < by for at in signed)

    def open_applications(
        self, offered: Mapping[str, Application | None], now: datetime
    ) -> tuple[ApplicationsOpened, ...]:
        """P-10, P-12 (ours): what was `offered` until it was closed, once nobody can be filing or withdrawing."""
        if self.status is not CallStatus.OPEN or self.opens_at is None or now < self.opens_at:
            return ()
        return (ApplicationsOpened(applications=self._with(offered), at=now),)

    def left_sealed(
        self, offered: Mapping[str, Application | None], now: datetime
    ) -> tuple[ApplicationsClosed, ...]:
        """P-10: closed by an earlier build, which knew of none that lie sealed, it is still to be opened, unless it
        is reviewed already."""
        if self.status is not CallStatus.OPEN or not self.closed or self.stages or self.panel:
            return ()
        if set(self._with(offered)) == set(self.applications):
            return ()
        return (ApplicationsClosed(unopened=True, at=now),)

    def _with(self, offered: Mapping[str, Application | None]) -> tuple[Application, ...]:
        """In the order they were filed; of before applications lay sealed some stand here already."""
        every = {one.supplier: one for one in self.applications} | dict(offered)
        there = (one for one in every.values() if one is not None)
        return tuple(sorted(there, key=lambda one: (one.at, one.supplier)))

    def may_take(
        self,
        application: Application,
        standing: Standing,
        work: WorkTime,
        guide: Iterable[GuideItem],
        hearing: Hearing | None,
    ) -> None:
        """P-10, P-05, P-06, P-07: before it closes, by who may bid."""
        self.may_apply(application.at)
        standing.must_bid()
        if not 0 < application.amount <= self.item.amount:
            detail = f"申报金额不得超过 {self.item.amount} 分。"
            raise Malformed(detail, field="amount")
        application.check(self.item.way, work, guide, hearing)

    def pass_stage(
        self, stage: ScreeningStage, passed: tuple[str, ...], now: datetime
    ) -> StagePassed:
        """P-10: the next stage, of those who came through the one before."""
        self.may_pass_stage(now)
        if stage is not self.next_stage:
            detail = f"各环节依次进行，下一环节为{word_of(self.next_stage, WORDS)}。"
            raise RuleBroken(RULES["P-10"], detail, clause=BUILDING, field="stage")
        if strange := set(passed) - {one.supplier for one in self.going_on}:
            raise Malformed(f"未在上一环节名单中：{'、'.join(sorted(strange))}。", field="passed")
        return StagePassed(stage=stage, passed=passed, at=now)

    def list_panel(
        self,
        experts: Iterable[Expert],
        *,
        by: str,
        size: int,
        commitment: Commitment,
        now: datetime,
        interested: Iterable[str] = (),
    ) -> PanelListed:
        """P-11: without who works for its purchaser, for an applicant, or in the community or the street
        (`interested`) where it would be delivered."""
        self.may_list_panel(now)
        own = {self.purchaser.rpartition(":")[2]}
        for one in self.applications:
            own |= {one.supplier, *([one.community] if one.community else [])}
        against = own.union(interested)
        return list_up(
            experts, against, self.panel, by=by, size=size, commitment=commitment, now=now
        )

    def vacate(self, expert: str, *, reason: str, now: datetime) -> tuple[ExpertRecused, ...]:
        """P-23: while it is reviewed."""
        if self.panel is None or self.status is not CallStatus.OPEN:
            return ()
        return self.panel.vacate(expert, reason=reason, now=now)

    def score(self, *, by: str, points: tuple[Points, ...], box: str, now: datetime) -> Scored:
        """P-12: all of it once, by each member for itself; `box` is `points` sealed."""
        self.may_score(by)
        wanted = {(one.supplier, two.code): two for one in self.going_on for two in self.criteria}
        given = {(one.supplier, one.criterion): one.points for one in points}
        if set(given) != set(wanted) or len(points) != len(given):
            raise Malformed("每份申报的每项标准各评一次。", field="points")
        for about, criterion in wanted.items():
            if not 0 <= given[about] <= criterion.points:
                detail = f"{criterion.code} 为 0 到 {criterion.points} 的整数。"
                raise Malformed(detail, field="points")
        return Scored(sealed=Sealed(expert=by.partition(":")[2], box=box), at=now)

    def close_panel(
        self,
        opened: Mapping[str, tuple[Points, ...]],
        now: datetime,
        clock: Deadline,
    ) -> PanelClosed:
        """P-12: once every member has scored; `opened` is what each one's box holds."""
        self.may_close_panel()
        members = self.seated().members
        sums = []
        for expert in members:
            total: dict[str, int] = {}
            for one in opened[expert]:
                total[one.supplier] = total.get(one.supplier, 0) + one.points
            sums.append(total)
        ranking = rank(self.going_on, sums)
        return PanelClosed(
            scores=tuple((one, opened[one]) for one in members),
            ranking=ranking,
            publish_by=clock.due,
            clock=clock,
            at=now,
        )

    def cancel(
        self, *, reason: str, by: str, keeps: bool, contracted: bool, now: datetime
    ) -> tuple[CallEvent, ...]:
        """P-36: a late result is found first, whether or not the timer came by."""
        self.may_cancel(by=by, keeps=keeps, contracted=contracted)
        required(reason, "reason")
        return *self.miss(now), CallCancelled(reason=reason, at=now)

    def seated(self) -> Panel:
        """P-11: the panel there is to draw, to step back from, or to score with."""
        self.is_(CallStatus.OPEN, "P-11")
        if self.panel is None:
            raise RuleBroken(RULES["P-11"], "评审组尚未编制名单。")
        return self.panel

    @property
    def _announced(self) -> str:
        """Which clause has a call close on a day: that of 社区营造 alone."""
        return BUILDING if self.item.way is Way.BUILDING else OURS

    def may_apply(self, now: datetime) -> None:
        self.is_(CallStatus.OPEN, "P-10")
        if now >= end_of(self.closes):
            raise RuleBroken(
                RULES["P-10"], f"征集已于 {self.closes} 截止。", clause=self._announced
            )

    def may_pass_stage(self, now: datetime) -> None:
        self._closed(now)
        if self.next_stage is None or self.panel is not None:
            raise RuleBroken(RULES["P-10"], "没有待进行的环节。", clause=BUILDING)

    def may_list_panel(self, now: datetime) -> None:
        self._closed(now)
        if self.next_stage is not None:
            detail = "资格审查、初筛、培训和路演完成后方可评审。"
            raise RuleBroken(RULES["P-10"], detail, clause=BUILDING)
        if self.panel is not None and self.panel.complete:
            raise RuleBroken(RULES["P-11"], "评审组已经抽取。")
        if not self.going_on:
            raise RuleBroken(RULES["P-10"], "没有可评审的申报。", clause=OURS)

    def may_score(self, by: str) -> None:
        self.seated().sits(by)
        if any(one.expert == by.partition(":")[2] for one in self.sealed):
            raise RuleBroken(RULES["P-12"], "已经提交评分，不得更改。")

    def may_close_panel(self) -> None:
        panel = self.seated()
        scored = {one.expert for one in self.sealed}
        if not panel.complete or not set(panel.members) <= scored:
            raise RuleBroken(RULES["P-12"], "评审组成员全部提交评分后方可开封。")

    def may_cancel(self, *, by: str, keeps: bool, contracted: bool) -> None:
        """P-10, P-33: not while its award is `contracted`, unless that ended early. P-12: once the scores are open by
        who `keeps` calls and doesn't buy here, or a purchaser would have it scored until it likes who wins (ours)."""
        if self.status is CallStatus.CANCELLED:
            raise RuleBroken(RULES["P-10"], "征集已经取消。", clause=OURS)
        if contracted:
            detail = "中选项目已经签约，征集不得取消。"
            raise RuleBroken(RULES["P-33"], detail, clause=OURS)
        if self.status is not CallStatus.OPEN and (not keeps or one_office(self.purchaser, by)):
            detail = "评分已经开封，由购买主体以外的财政或区级主管单位决定是否取消。"
            raise RuleBroken(RULES["P-12"], detail)

    def _closed(self, now: datetime) -> None:
        self.is_(CallStatus.OPEN, "P-10")
        if now < end_of(self.closes):
            detail = f"征集至 {self.closes} 截止，截止后方可评审。"
            raise RuleBroken(RULES["P-10"], detail, clause=self._announced)
        if not self.closed:
            detail = "征集已经截止，申报将在截止后一分钟左右统一开启，请稍后再办。"
            raise RuleBroken(RULES["P-10"], detail, clause=OURS)

    def is_(self, status: CallStatus, rule: str) -> None:
        if self.status is not status:
            raise RuleBroken(
                RULES[rule],
                f"征集现为“{word_of(self.status, WORDS)}”，不能进行此操作。",
                clause=OURS,
            )


def open_call(known: Call | None, opened: CallOpened) -> CallOpened:
    """P-10: once for an item, and again where the call was cancelled. P-02: while who wins may still sign (ours)."""
    if known is not None and known.status is not CallStatus.CANCELLED:
        raise RuleBroken(RULES["P-10"], "该项目已有征集。", clause=OURS, field="item")
    required(opened.title, "title")
    if opened.item.way is Way.BUILDING:
        required_by(RULES["P-38"], opened.category, "category", clause=BUILDING)
    if opened.closes <= local_date(opened.at):
        raise Malformed("截止日期应晚于今天。", field="closes")
    if opened.closes.year > opened.year + 1:
        detail = f"{opened.year} 年计划的项目最迟次年签约，征集应在此前截止。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="closes")
    codes = [one.code for one in opened.criteria]
    if len(set(codes)) < len(codes) or sum(one.points for one in opened.criteria) != FULL:
        raise Malformed(f"评审标准不得重复，合计 {FULL} 分。", field="criteria")
    return opened
