"""O-06, O-04: who heads an organisation: publicised first, sealed, reported on, audited on leaving."""

from datetime import date, datetime

from chassis.kernel.clock import (
    Budget,
    WorkTime,
    announced,
    local_date,
    local_minute,
    start,
    working_days_after,
)
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.required import required_by

from .events import (
    AuditMissed,
    ConductRecorded,
    HeadAudited,
    HeadLeft,
    HeadPublicised,
    HeadReported,
    HeadSeated,
    PeopleForgotten,
    PersonNamed,
    PersonRead,
)
from .kinds import Kind, Post, Status
from .naming import identified
from .organisation import Organisation
from .parts import Conduct, Head, Party
from .party import agreed
from .registering import Numbers
from .rules import FOUNDING, HEADS, OFFICIALS, RULES

ALONE = frozenset({Post.HEAD, Post.LEGAL})
"""Posts that one holds at a time."""
NOT_FOR_SERVANTS = frozenset({Kind.FOUNDATION, Kind.SERVICE_INSTITUTION})


def may_publicise(organisation: Organisation) -> None:
    if organisation.status not in (Status.EXAMINED, Status.REGISTERED):
        raise RuleBroken(RULES["O-06"], "登记审查之后、在册期间方可公示负责人。", clause=OURS)


def publicise(
    organisation: Organisation,
    *,
    post: Post,
    founder: str | None,
    official: bool,
    civil_servant: bool,
    defaulter: bool,
    approval: str | None,
    now: datetime,
    numbers: Numbers,
) -> HeadPublicised:
    may_publicise(organisation)
    _eligible(organisation, post, official, civil_servant, defaulter, approval)
    if post is Post.HEAD and _first(organisation) not in (None, founder):
        raise RuleBroken(RULES["O-04"], "第一任负责人由主要发起人担任。", field="founder")
    if founder is not None and founder not in {one.seat for one in organisation.founders}:
        raise Malformed("没有这个发起人席位。", field="founder")
    days = numbers.policy.publicity_days
    head = Head(
        seat=f"h{len(organisation.heads) + 1}",
        post=post,
        founder=founder,
        official=official,
        civil_servant=civil_servant,
        approval=approval,
        publicised_at=now,
        opens=working_days_after(now, days, numbers.work),
        days=days,
    )
    return HeadPublicised(head=head)


def _eligible(
    organisation: Organisation,
    post: Post,
    official: bool,
    civil_servant: bool,
    defaulter: bool,
    approval: str | None,
) -> None:
    if defaulter:
        detail = "失信被执行人不登记为负责人。"
        raise RuleBroken(RULES["O-04"], detail, clause=FOUNDING, field="defaulter")
    if official and not (approval or "").strip():
        detail = "领导干部兼职须经批准。"
        raise RuleBroken(RULES["O-06"], detail, clause=OFFICIALS, field="approval")
    if civil_servant and post in ALONE and organisation.kind in NOT_FOR_SERVANTS:
        detail = "在职公务员不得担任基金会、社会服务机构的负责人。"
        raise RuleBroken(RULES["O-06"], detail, clause=OFFICIALS, field="civil_servant")


def _first(organisation: Organisation) -> str | None:
    """The seat of who is to be its first head: of the main founder, until somebody was its head, who was only
    publicised wasn't, or the founder's own publicity was taken back: then of whomever it names (ours).
    """
    main = next((one.seat for one in organisation.founders if one.main), None)
    terms = [one for one in organisation.heads if one.post is Post.HEAD]
    had = any(one.seated_on is not None for one in terms)
    withdrawn = any(one.founder == main and one.left_on is not None for one in terms)
    return None if had or withdrawn else main


def may_seat(organisation: Organisation, seat: str, now: datetime, work: WorkTime) -> None:
    head = organisation.head(seat)
    if head.seated_on is not None or head.left_on is not None:
        raise RuleBroken(RULES["O-06"], "该负责人已经任职或离任。", clause=OURS)
    organisation.must_be_on("O-06")
    opens = announced(head.opens, head.publicised_at, head.days, work)
    if now < opens:
        detail = f"公示期未满（至 {local_minute(opens)}），不得任职。"
        raise RuleBroken(RULES["O-06"], detail, clause=HEADS)
    if seat not in organisation.named:
        raise RuleBroken(RULES["O-06"], "任职前须登记姓名（密封保存）。", clause=OURS)
    if head.post in ALONE and any(
        one.post is head.post and one.serves for one in organisation.heads
    ):
        raise RuleBroken(RULES["O-06"], "该职务尚有在任者。", clause=OURS)


def seat(
    organisation: Organisation,
    seat: str,
    *,
    party: Party,
    elsewhere: int,
    is_founder: bool,
    now: datetime,
    numbers: Numbers,
) -> HeadSeated:
    """`elsewhere`: in how many other organisations the same person serves; `is_founder`: whether it is the founder
    whose seat it was publicised with, where both are named."""
    may_seat(organisation, seat, now, numbers.work)
    if not is_founder:
        detail = "该席位登记的不是公示时所写的发起人本人。"
        raise RuleBroken(RULES["O-04"], detail, clause=FOUNDING, field="seat")
    if organisation.head(seat).official and elsewhere:
        detail = "领导干部兼任的社会组织职务至多一个。"
        raise RuleBroken(RULES["O-06"], detail, clause=OFFICIALS, field="seat")
    agreed(party, numbers.policy)
    return HeadSeated(seat=seat, on=local_date(now), party=party)


def may_leave(organisation: Organisation, seat: str) -> None:
    """Who serves, or was publicised and is not to take office."""
    if organisation.head(seat).left_on is not None:
        raise RuleBroken(RULES["O-06"], "该负责人已经离任或撤回公示。", clause=OURS)


def leave(
    organisation: Organisation, seat: str, *, reason: str, now: datetime, numbers: Numbers
) -> HeadLeft:
    """A legal representative that served is audited after it."""
    may_leave(organisation, seat)
    required_by(RULES["O-06"], reason, "reason", clause=OURS)
    days = Budget.working_days(numbers.policy.audit_days)
    head = organisation.head(seat)
    served = head.post is Post.LEGAL and head.serves
    audit = start(days, now, numbers.work) if served else None
    return HeadLeft(seat=seat, on=local_date(now), reason=reason, audit=audit)


def may_audit(organisation: Organisation, seat: str) -> None:
    head = organisation.head(seat)
    if head.audit is None or head.audited is not None:
        raise RuleBroken(RULES["O-06"], "没有待办的离任审计。", clause=OURS)


def audit(
    organisation: Organisation, seat: str, *, document: str, now: datetime
) -> tuple[AuditMissed | HeadAudited, ...]:
    """Late is better than not at all; that it was missed stays on record, though the clock hasn't come for it yet."""
    may_audit(organisation, seat)
    required_by(RULES["O-06"], document, "document", "须写明审计报告的文号。", HEADS)
    return (*audits_missed(organisation, now), HeadAudited(seat=seat, document=document))


def audits_missed(organisation: Organisation, now: datetime) -> tuple[AuditMissed, ...]:
    return tuple(
        AuditMissed(seat=one.seat, due=one.audit.due)
        for one in organisation.heads
        if one.audit and one.audited is None and not one.audit_missed and now > one.audit.due
    )


def may_report(organisation: Organisation, seat: str) -> None:
    head = organisation.head(seat)
    if head.post is not Post.LEGAL or not head.serves:
        raise RuleBroken(RULES["O-06"], "由在任的法定代表人述职。", clause=HEADS)


def report(
    organisation: Organisation, seat: str, *, year: int, text: str, now: datetime
) -> HeadReported:
    may_report(organisation, seat)
    required_by(RULES["O-06"], text, "text", "须写明述职内容。", HEADS)
    if year in organisation.head(seat).reports:
        raise RuleBroken(RULES["O-06"], f"{year} 年已经述职。", clause=OURS, field="year")
    since = organisation.head(seat).seated_on
    if since is not None and not since.year <= year <= local_date(now).year:
        raise Malformed("述职年度须在任职之年至今年之间。", field="year")
    return HeadReported(seat=seat, year=year, text=text)


def record_conduct(
    organisation: Organisation, *, seat: str, what: str, document: str, on: date, now: datetime
) -> ConductRecorded:
    if seat not in seats(organisation):
        raise Malformed("没有这个席位。", field="seat")
    required_by(RULES["O-04"], what, "what")
    required_by(RULES["O-04"], document, "document", "不良行为须有文书。")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    return ConductRecorded(conduct=Conduct(seat=seat, what=what, document=document, on=on))


# Who it is


def seats(organisation: Organisation) -> tuple[str, ...]:
    founders = tuple(one.seat for one in organisation.founders)
    return founders + tuple(one.seat for one in organisation.heads)


def name(organisation: Organisation, seat: str, *, name: str, number: str) -> PersonNamed:
    """Once it serves, a seat is one person's. By the number the same one is told again elsewhere."""
    if seat not in seats(organisation):
        raise NotFound
    serving = next((one for one in organisation.heads if one.seat == seat), None)
    if serving is not None and serving.seated_on is not None:
        raise RuleBroken(RULES["O-06"], "任职后席位不得换人。", clause=OURS)
    identified(name, number)
    return PersonNamed(seat=seat)


def forget(
    organisation: Organisation, until: datetime, now: datetime
) -> tuple[PeopleForgotten, ...]:
    """Of those who were gone at `until`, once."""
    seats = tuple(seat for seat, since in organisation.gone.items() if since <= until)
    return (PeopleForgotten(seats=seats, at=now),) if seats else ()


def may_read(organisation: Organisation, seat: str) -> None:
    if seat not in organisation.named:
        raise NotFound("该席位没有登记姓名。")


def read(organisation: Organisation, seat: str, *, by: str, reason: str) -> PersonRead:
    """Recorded before anything is shown."""
    may_read(organisation, seat)
    required_by(RULES["O-04"], reason, "reason", "查看姓名须写明理由。", OURS)
    return PersonRead(seat=seat, by=by, reason=reason)
