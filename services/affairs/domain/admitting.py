"""A-03 … A-11: how a piece of work comes to be asked of a community, and what falls due of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from chassis.kernel.clock import (
    Budget,
    WorkTime,
    begin_of,
    due_after,
    in_working_days,
    local_date,
    recounted,
    working_days_after,
)
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .admission import (
    Admission,
    AdmissionEvent,
    Admitted,
    Applied,
    Arranged,
    ClockRenewed,
    End,
    Ended,
    Entered,
    Form,
    FundsCorrected,
    FundsMissing,
    FundsReceived,
    Hearing,
    Mode,
    Provision,
    Refused,
    Reviewed,
    ReviewMissed,
    Status,
    Term,
    Withdrawn,
)
from .rules import BODIES, RULES, WINDOW

REVIEW_DAYS, AHEAD = 10, 5
"""Working days: of the first review; between a short item's application and its beginning."""
SEASON = frozenset({3, 9})
FORM = {
    "item": "事项名称",
    "basis": "依据",
    "aim": "目的",
    "task": "任务",
    "process": "流程",
    "assessed_by": "考核方式",
    "staff": "配备人员",
    "powers": "下放权限",
}


def apply(
    *,
    unit: str,
    street: str,
    community: str | None,
    form: Form,
    urgent: str | None,
    out_of_season: str | None,
    listed: frozenset[str],
    brief_days: int,
    work: WorkTime,
    now: datetime,
) -> Applied:
    """A-01: what stands on the list of items is asked for without."""
    _whole(form, local_date(now))
    if form.item.strip() in listed:
        detail = "已在社区工作事项清单内，无须准入。"
        raise RuleBroken(RULES["A-01"], detail, field="item")
    _paid(form)
    _no_body(form)
    _short(form, brief_days)
    _in_time(form, urgent, out_of_season, work, now)
    due, assumed = _review_due(form, now, work)
    return Applied(
        unit=unit,
        street=street,
        community=community,
        form=form,
        urgent=urgent,
        out_of_season=out_of_season,
        due=due,
        provisional=assumed,
        at=now,
    )


def _whole(form: Form, today: date) -> None:
    """A-03."""
    for field, called in FORM.items():
        required_by(RULES["A-03"], getattr(form, field), field, f"申请须写明{called}。")
    if form.funds <= 0 and form.provision is not Provision.STAFF:
        raise RuleBroken(RULES["A-03"], "申请须写明经费。", field="funds")
    if form.term is not Term.LONG and form.until is None:
        raise RuleBroken(RULES["A-03"], "阶段性和短期事项须写明期限。", field="until")
    if form.begins_on < today:
        raise RuleBroken(RULES["A-03"], "开始日期不得早于今天。", clause=OURS, field="begins_on")
    if form.until is not None and form.until < form.begins_on:
        raise RuleBroken(RULES["A-03"], "期限不得早于开始日期。", field="until")


def _paid(form: Form) -> None:
    """A-07: the long-term pays for staff and office, the short-term sends staff or allots funds."""
    if (form.term is Term.LONG) != (form.provision is Provision.OFFICE):
        detail = "长期事项由申请单位承担人员和办公费用，阶段性和短期事项派员或拨付经费。"
        raise RuleBroken(RULES["A-07"], detail, field="provision")


def _no_body(form: Form) -> None:
    if form.own_body:
        raise RuleBroken(RULES["A-09"], "不得在社区另设机构。", clause=BODIES, field="own_body")
    if form.headed_by_director:
        detail = "不得要求社区主任、副主任兼任其负责人。"
        raise RuleBroken(RULES["A-09"], detail, clause=BODIES, field="headed_by_director")


def _short(form: Form, most: int) -> None:
    """A-05 (ours): it is neither held to the season nor heard, and so is what is short alone."""
    if form.term is Term.BRIEF and form.until is not None:
        _no_longer(form.begins_on, form.until, most)


def _no_longer(begins_on: date, until: date, most: int) -> None:
    if (until - begins_on).days >= most:
        detail = f"短期事项不超过 {most} 天；更长的按阶段性事项申请。"
        raise RuleBroken(RULES["A-05"], detail, clause=OURS, field="until")


def _in_time(
    form: Form, urgent: str | None, out_of_season: str | None, work: WorkTime, now: datetime
) -> None:
    if form.term is Term.BRIEF:
        earliest = local_date(working_days_after(now, AHEAD, work))
        if form.begins_on < earliest and not (urgent or "").strip():
            detail = f"短期事项须提前{AHEAD}个工作日提出；紧急的写明理由。"
            raise RuleBroken(RULES["A-05"], detail, field="begins_on")
        return
    if local_date(now).month not in SEASON:
        detail = "每年三月、九月集中申请；其他时间须说明理由。"
        required_by(RULES["A-03"], out_of_season, "out_of_season", detail, OURS)


def _review_due(form: Form, since: datetime, work: WorkTime) -> tuple[datetime, bool]:
    """Of what is short: before it begins."""
    if form.term is Term.BRIEF:
        return max(begin_of(form.begins_on), since), False
    return due_after(Budget.working_days(REVIEW_DAYS), since, work)


def staged(mode: Mode, scope: str, until: date | None) -> None:
    """A-06."""
    if mode is Mode.STAGE:
        required_by(RULES["A-06"], scope, "scope", "阶段性事项须写明范围。")
        if until is None:
            raise RuleBroken(RULES["A-06"], "阶段性事项须写明期限。", field="until")


def only_at(
    known: Admission, rule: str, detail: str, *of: Status, clause: str | None = None
) -> None:
    if known.status not in of:
        raise RuleBroken(RULES[rule], detail, clause=clause)


def may_review(known: Admission) -> None:
    only_at(known, "A-04", "该申请已经初审。", Status.APPLIED)


def review(
    known: Admission,
    *,
    hearing: Hearing | None,
    heard: tuple[str, ...],
    opinion: str,
    on: date,
    placed: Mapping[str, str | None],
    now: datetime,
) -> Sequence[AdmissionEvent]:
    """A-04, A-05: what is short is reviewed without a meeting. `placed`: streets of communities heard."""
    may_review(known)
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if on < local_date(known.asked_at):
        raise RuleBroken(RULES["A-04"], "初审不得早于申请。", field="on")
    if not known.brief:
        if hearing is None:
            detail = "初审须召开协调会、论证会或听证会。"
            raise RuleBroken(RULES["A-04"], detail, field="hearing")
        _heard(known, heard, placed)
    required_by(RULES["A-04"], opinion, "opinion", "须写明初审意见。")
    reviewed = Reviewed(hearing=hearing, heard=heard, opinion=opinion, on=on, at=now)
    return (*_review_missed(known, now), reviewed)


def _heard(known: Admission, heard: Iterable[str], placed: Mapping[str, str | None]) -> None:
    """The street it is asked of, and the community: of a whole street's, one at least (ours)."""
    offices = set(heard)
    if known.community is not None:
        of_community = f"community:{known.community}" in offices
    else:
        of_community = any(
            f"community:{code}" in offices
            for code, street in placed.items()
            if street == known.street
        )
    if f"street:{known.street}" not in offices or not of_community:
        detail = "须听取申请所涉街道和社区的意见。"
        raise RuleBroken(RULES["A-04"], detail, field="heard")


def may_withdraw(known: Admission) -> None:
    detail = "审定之前由申请单位撤回。"
    only_at(known, "A-03", detail, Status.APPLIED, Status.REVIEWED, Status.CLAIMED, clause=OURS)


def withdraw(known: Admission, reason: str, now: datetime) -> Sequence[AdmissionEvent]:
    """A-03 (ours): what was asked for by mistake, or wrongly, and is asked for anew; what is late by then stays so."""
    may_withdraw(known)
    required_by(RULES["A-03"], reason, "reason", "撤回须写明理由。", OURS)
    return (*_review_missed(known, now), Withdrawn(reason=reason, at=now))


def may_decide(known: Admission) -> None:
    only_at(known, "A-04", "初审之后由领导小组审定一次。", Status.REVIEWED)


def admit(
    known: Admission,
    *,
    mode: Mode,
    scope: str,
    until: date | None,
    document: str,
    brief_days: int,
    on: date | None = None,
    now: datetime,
) -> Admitted:
    """A-05 (ours): what is short may be given longer than it asked for, though not longer than what is short lasts."""
    may_decide(known)
    if on is not None:
        _decided(known, on, now)
    required_by(RULES["A-04"], document, "document", "须写明审定文件。")
    form = known.form
    term = until or (form.until if form else None)
    staged(mode, scope, term)
    if term is not None and term < (on or local_date(now)):
        raise Malformed("期限不得早于审定之日。", field="until")
    if term is not None and form is not None and term < form.begins_on:
        detail = f"期限不得早于申请所写的开始日期（{form.begins_on}）。"
        raise RuleBroken(RULES["A-06"], detail, clause=OURS, field="until")
    if known.brief and form is not None and term is not None and term != form.until:
        _no_longer(form.begins_on, term, brief_days)
    return Admitted(mode=mode, scope=scope, until=term, document=document, on=on, at=now)


def _decided(known: Admission, on: date, now: datetime) -> None:
    """A-04: after its review."""
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if known.review is not None and on < known.review.on:
        raise RuleBroken(RULES["A-04"], "审定不得早于初审。", field="on")


def refuse(known: Admission, *, reason: str, document: str, now: datetime) -> Refused:
    may_decide(known)
    required_by(RULES["A-04"], reason, "reason", "不予准入须书面说明理由。")
    required_by(RULES["A-04"], document, "document", "不予准入须有书面文件。")
    return Refused(reason=reason, document=document, at=now)


def may_arrange(known: Admission) -> None:
    only_at(known, "A-08", "审批之后由街道安排。", Status.ADMITTED)


def arrange(known: Admission, how: str, now: datetime) -> Arranged:
    may_arrange(known)
    required_by(RULES["A-08"], how, "how", "须写明如何安排。")
    return Arranged(how=how, at=now)


def may_enter(known: Admission, now: datetime) -> None:
    only_at(known, "A-08", "街道安排之后由社区承接。", Status.ARRANGED)
    if known.form is not None and local_date(now) < known.form.begins_on:
        raise RuleBroken(RULES["A-08"], _too_early(known.form), clause=OURS)


def _too_early(form: Form) -> str:
    return f"不得早于申请所写的开始日期（{form.begins_on}）进入社区。"


def enter(known: Admission, *, on: date, window: str, now: datetime) -> Entered:
    """A-09: at the service window, and nowhere else."""
    may_enter(known, now)
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if known.admitted_at is not None and on < local_date(known.admitted_at):
        raise RuleBroken(RULES["A-08"], "不得在审批之前进入社区。", field="on")
    if known.form is not None and on < known.form.begins_on:
        raise RuleBroken(RULES["A-08"], _too_early(known.form), clause=OURS, field="on")
    if not window.strip():
        detail = "准入事项一律在服务窗口办理，须写明窗口。"
        raise RuleBroken(RULES["A-09"], detail, clause=WINDOW, field="window")
    return Entered(on=on, window=window, at=now)


def may_receive(known: Admission) -> None:
    if not known.in_force:
        raise RuleBroken(RULES["A-07"], "准入之后、退出之前登记经费。")
    if not known.still_owed:
        raise RuleBroken(RULES["A-07"], "经费已全部到位。")


def receive(
    known: Admission, *, fen: int, evidence: str, on: date, now: datetime
) -> Sequence[AdmissionEvent]:
    may_receive(known)
    required_by(RULES["A-07"], evidence, "evidence", "须写明到账凭证。")
    if not 0 < fen <= known.still_owed:
        raise RuleBroken(
            RULES["A-07"], "到账金额须大于零且不超过应到经费。", clause=OURS, field="fen"
        )
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    received = FundsReceived(fen=fen, evidence=evidence, on=on, at=now)
    return (*_funds_missed(known, now), received)


def may_correct(known: Admission) -> None:
    if not known.received:
        raise RuleBroken(RULES["A-07"], "尚未登记到账的经费。", clause=OURS)


def correct(
    known: Admission, *, number: int, fen: int, reason: str, now: datetime
) -> FundsCorrected:
    """A-07 (ours): a wrong sum is put right beside what was entered, 0 where nothing came; also after the end."""
    may_correct(known)
    arrived = known.arrived
    if number not in arrived:
        detail = f"没有第 {number} 笔到账，共登记 {len(arrived)} 笔。"
        raise RuleBroken(RULES["A-07"], detail, clause=OURS, field="number")
    most = known.still_owed + arrived[number]
    if fen == arrived[number] or fen > most:
        detail = (
            f"该笔现为 {arrived[number]} 分，更正为不同的金额，且不超过应到经费（至多 {most} 分）。"
        )
        raise RuleBroken(RULES["A-07"], detail, clause=OURS, field="fen")
    required_by(RULES["A-07"], reason, "reason", "更正须写明理由。", OURS)
    return FundsCorrected(number=number, fen=fen, reason=reason, at=now)


def come_due(known: Admission, now: datetime) -> Sequence[AdmissionEvent]:
    """By the clock: what is late, and what is over."""
    over = known.ends_at is not None and now >= known.ends_at
    ended = (Ended(how=End.TERM, at=now),) if over else ()
    return (*_review_missed(known, now), *_funds_missed(known, now), *ended)


def _review_missed(known: Admission, now: datetime) -> tuple[ReviewMissed, ...]:
    due = known.review_due
    return (ReviewMissed(due=due),) if due is not None and now > due else ()


def _funds_missed(known: Admission, now: datetime) -> tuple[FundsMissing, ...]:
    due = known.funds_due
    return (FundsMissing(due=due),) if due is not None and now >= due else ()


def renew(known: Admission, work: WorkTime, now: datetime) -> Iterable[ClockRenewed]:
    """A review that is to come, but for what is short: that is due before it begins."""
    due, form = known.review_due, known.form
    if due is None or form is None or form.term is Term.BRIEF:
        return
    clock = in_working_days(known.asked_at, REVIEW_DAYS, due, provisional=known.provisional)
    again = recounted(clock, work, now)
    if again:
        yield ClockRenewed(due=again.due, provisional=again.provisional)
