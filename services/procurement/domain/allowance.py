"""The money for serving people (服务群众专项经费) of a community in a year: its sum, and the projects it goes to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.required import required

from .resettling import Resettled
from .rules import RULES, SERVING


class ProjectStatus(StrEnum):
    """申报, 评审, 立项; one that isn't agreed to is refused, one that isn't gone on with dropped."""

    APPLIED = "applied"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`amount` in fen; residents settled its use on `decided_on`."""

    code: str
    title: str
    use: str
    amount: int
    decided_on: date
    status: ProjectStatus = ProjectStatus.APPLIED
    opinion: str | None = None
    supervised: tuple[str, ...] = ()
    """What was found on it since (督导)."""
    used: int | None = 0
    """Of one that was dropped: what had been spent of it by then, in fen; None of one that was never approved."""
    dropped_why: str | None = None

    @property
    def bound(self) -> int:
        """What it takes of its community's money, in fen."""
        return self.amount if self.status is ProjectStatus.APPROVED else self.used or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotted:
    """`amount` in fen; again in the same year, it takes the place of the sum before."""

    street: str
    community: str
    year: int
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectApplied:
    project: Project
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReviewed:
    project: str
    agreed: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectApproved:
    project: str
    approved: bool
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSupervised:
    project: str
    findings: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDropped:
    """`used` in fen is what was spent of it, None of one that was never approved; the rest is free again."""

    project: str
    used: int | None = None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCorrected:
    """What was spent of one that was dropped, in fen, was entered wrongly."""

    project: str
    used: int
    reason: str
    at: datetime


AllowanceEvent = (
    Allotted
    | ProjectApplied
    | ProjectReviewed
    | ProjectApproved
    | ProjectSupervised
    | ProjectDropped
    | UseCorrected
    | Resettled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    street: str
    community: str
    successor: str | None = None
    year: int
    amount: int
    projects: tuple[Project, ...] = ()

    @property
    def bound(self) -> int:
        """What approved projects take, and dropped ones took, in fen."""
        return sum(one.bound for one in self.projects)

    def apply(self, project: Project, now: datetime) -> ProjectApplied:
        """P-39: by the community, once residents have settled its use."""
        required(project.title, "title")
        required(project.use, "use")
        if any(one.code == project.code for one in self.projects):
            raise Malformed("项目编号不得重复。", field="code")
        if project.decided_on > local_date(now):
            raise _broken("居民先行商定用途，方可申报。", "decided_on")
        if project.amount <= 0:
            raise Malformed("金额为正整数，单位为分。", field="amount")
        self._holds(project.amount)
        return ProjectApplied(project=project, at=now)

    def review(self, code: str, *, agreed: bool, opinion: str, now: datetime) -> ProjectReviewed:
        self.may_review(code)
        required(opinion, "opinion")
        return ProjectReviewed(project=code, agreed=agreed, opinion=opinion, at=now)

    def approve(self, code: str, *, approved: bool, opinion: str, now: datetime) -> ProjectApproved:
        self.may_approve(code)
        required(opinion, "opinion")
        if approved:
            self._holds(self._project(code).amount)
        return ProjectApproved(project=code, approved=approved, opinion=opinion, at=now)

    def supervise(self, code: str, *, findings: str, now: datetime) -> ProjectSupervised:
        self.may_supervise(code)
        required(findings, "findings")
        return ProjectSupervised(project=code, findings=findings, at=now)

    def drop(self, code: str, *, used: int | None, reason: str, now: datetime) -> ProjectDropped:
        """P-39 (ours): what isn't gone on with leaves its money to others, but for what was spent of it, which is said
        of what was approved, were it 0."""
        self.may_drop(code)
        required(reason, "reason")
        project = self._project(code)
        approved = project.status is ProjectStatus.APPROVED
        if used and not approved:
            raise _broken("尚未立项的项目没有已用金额。", "used", OURS)
        if approved and used is None:
            raise _broken("已立项的项目撤销时须写明已用金额，没有支出的写 0。", "used", OURS)
        _within(project, used or 0)
        return ProjectDropped(project=code, used=used if approved else None, reason=reason, at=now)

    def correct(self, code: str, *, used: int, reason: str, now: datetime) -> UseCorrected:
        """P-39 (ours): within what others have left since."""
        self.may_correct(code)
        required(reason, "reason")
        project = self._project(code)
        _within(project, used)
        self._holds(used - project.bound, "used")
        return UseCorrected(project=code, used=used, reason=reason, at=now)

    def may_correct(self, code: str) -> None:
        project = self._project(code)
        if project.status is not ProjectStatus.DROPPED or project.used is None:
            raise _broken("立项后又撤销的项目方可更正已用金额。", None, OURS)

    def may_drop(self, code: str) -> None:
        if self._project(code).status in (ProjectStatus.REFUSED, ProjectStatus.DROPPED):
            raise _broken("该项目未通过或已经撤销。", None, OURS)

    def may_review(self, code: str) -> None:
        self._is(code, ProjectStatus.APPLIED, "没有待评审的项目。")

    def may_approve(self, code: str) -> None:
        self._is(code, ProjectStatus.REVIEWED, "评审通过后方可立项。")

    def may_supervise(self, code: str) -> None:
        self._is(code, ProjectStatus.APPROVED, "立项后方可督导。")

    def _holds(self, amount: int, field: str = "amount") -> None:
        if self.bound + amount > self.amount:
            detail = f"专项经费仅余 {self.amount - self.bound} 分。"
            raise _broken(detail, field)

    def _is(self, code: str, status: ProjectStatus, detail: str) -> None:
        if self._project(code).status is not status:
            raise _broken(detail, None)

    def _project(self, code: str) -> Project:
        found = next((one for one in self.projects if one.code == code), None)
        if found is None:
            raise NotFound
        return found


def allot(
    known: Allowance | None,
    *,
    street: str,
    community: str,
    year: int,
    amount: int,
    now: datetime,
) -> Allotted:
    """P-39: never less than what its projects take."""
    if known is not None and amount < known.bound:
        raise _broken(f"已立项和已用 {known.bound} 分，不得少于此数。", "amount")
    return Allotted(street=street, community=community, year=year, amount=amount, at=now)


def _within(project: Project, used: int) -> None:
    if not 0 <= used <= project.amount:
        raise Malformed(f"已用金额为 0 到 {project.amount} 分。", field="used")


def _broken(detail: str, field: str | None, clause: str = SERVING) -> RuleBroken:
    return RuleBroken(RULES["P-39"], detail, clause=clause, field=field)


def evolve(allowance: Allowance | None, event: AllowanceEvent) -> Allowance:
    if isinstance(event, Allotted):
        if allowance is not None:
            return replace(allowance, amount=event.amount)
        return Allowance(
            street=event.street, community=event.community, year=event.year, amount=event.amount
        )
    if allowance is None:
        raise ValueError("an allowance begins by being allotted")
    match event:
        case ProjectApplied():
            return replace(allowance, projects=(*allowance.projects, event.project))
        case ProjectReviewed():
            after = ProjectStatus.REVIEWED if event.agreed else ProjectStatus.REFUSED
            return _with(allowance, event.project, status=after, opinion=event.opinion)
        case ProjectApproved():
            after = ProjectStatus.APPROVED if event.approved else ProjectStatus.REFUSED
            return _with(allowance, event.project, status=after, opinion=event.opinion)
        case ProjectSupervised():
            [found] = (one for one in allowance.projects if one.code == event.project)
            supervised = (*found.supervised, event.findings)
            return _with(allowance, event.project, supervised=supervised)
        case ProjectDropped():
            dropped = ProjectStatus.DROPPED
            return _with(
                allowance, event.project, status=dropped, used=event.used, dropped_why=event.reason
            )
        case UseCorrected():
            return _with(allowance, event.project, used=event.used)
        case Resettled():
            return replace(
                allowance,
                successor=event.community or allowance.successor,
                street=event.street or allowance.street,
            )
        case _:
            assert_never(event)


def _with(allowance: Allowance, code: str, **changed: object) -> Allowance:
    projects = (
        replace(one, **changed) if one.code == code else one  # type: ignore[arg-type]
        for one in allowance.projects
    )
    return replace(allowance, projects=tuple(projects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """In fen: what a community was allotted in a year, what it is to have at least, and what is missing."""

    community: str
    name: str
    street: str | None
    allotted: int
    least: int
    short: int
    bound: int


def shorts(
    communities: Mapping[str, tuple[str, str | None]],
    allowances: Iterable[Allowance],
    least: int,
) -> tuple[Short, ...]:
    """P-39: every community of the register, those that lack most first."""
    known = {one.community: one for one in allowances}
    found = []
    for code, (name, street) in communities.items():
        held = known.get(code)
        allotted = held.amount if held else 0
        found.append(
            Short(
                community=code,
                name=name,
                street=street,
                allotted=allotted,
                least=least,
                short=max(least - allotted, 0),
                bound=held.bound if held else 0,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.short, one.community)))
