"""O-01 to O-04: how an organisation comes onto the register."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel.clock import WorkTime, local_date, working_days_after
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .events import (
    Applied,
    Examined,
    OrganisationEntered,
    OrganisationRegistered,
    RegistrationRefused,
    SupervisorSaid,
)
from .kinds import Exclusion, Item, Kind, Sector, Status
from .organisation import DIRECT, Organisation
from .parts import Approval, Examination, Founder, Licensed
from .party import agreed
from .policy import OrganisationsPolicy
from .rules import APPROVED_FIRST, DIRECTLY, RULES

FIRST_DAY = date(1949, 10, 1)
"""No organisation was registered before there was who registers (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The policy in force and the working days it counts in."""

    policy: OrganisationsPolicy
    work: WorkTime


def apply(known: Organisation | None, applied: Applied) -> Applied:
    """Again after a refusal it is another application, under another code."""
    if known is not None:
        raise Malformed(f"代码 {applied.code} 已登记给其他社会组织。", field="code")
    for field in ("name", "purpose", "scope"):
        required_by(RULES["O-02"], getattr(applied, field), field)
    check_supervised(applied.sector, applied.supervising)
    check_grants(applied.kind, applied.grants)
    check_licensed(applied.licensed)
    _founded(applied)
    return applied


def check_supervised(sector: Sector, supervising: str | None) -> None:
    direct = sector in DIRECT
    if not direct and supervising is None:
        detail = "这一类别须先有业务主管单位。"
        raise RuleBroken(RULES["O-01"], detail, clause=APPROVED_FIRST, field="supervising")
    if direct and supervising is not None:
        raise RuleBroken(
            RULES["O-01"],
            "这一类别直接登记，不写业务主管单位。",
            clause=DIRECTLY,
            field="supervising",
        )


def check_grants(kind: Kind, grants: bool) -> None:
    if kind is Kind.FOUNDATION and not grants:
        raise RuleBroken(RULES["O-02"], "基金会以资助为主。", field="grants")


def check_licensed(licensed: tuple[Licensed, ...]) -> None:
    for one in licensed:
        if not (one.licence or "").strip():
            detail = f"“{one.matter}”须经许可，取得许可前不得列入业务范围。"
            raise RuleBroken(RULES["O-02"], detail, field="licensed")


def _founded(applied: Applied) -> None:
    """O-04; that their pledge is a paper, and that one alone is the main one, is ours."""
    required_by(RULES["O-04"], applied.pledge, "pledge", "发起人须书面承诺对材料的真实负责。", OURS)
    if [one.main for one in applied.founders].count(True) != 1:
        raise RuleBroken(RULES["O-04"], "主要发起人有且只有一名。", clause=OURS, field="founders")
    seats = [one.seat for one in applied.founders]
    if len(set(seats)) != len(seats):
        raise Malformed("发起人席位重复。", field="founders")
    for one in applied.founders:
        _may_found(one)


def _may_found(founder: Founder) -> None:
    """O-04; the document says that a defaulter is restricted, not how: he isn't one (ours)."""
    if founder.defaulter:
        detail = "失信被执行人不得作为发起人。"
        raise RuleBroken(RULES["O-04"], detail, clause=OURS, field="founders")
    if founder.official and not (founder.approval or "").strip():
        raise RuleBroken(RULES["O-04"], "领导干部作为发起人须经批准。", field="founders")


def may_supervise(organisation: Organisation) -> None:
    """The supervising unit says its word once, before civil affairs examines."""
    if organisation.direct:
        raise RuleBroken(RULES["O-01"], "这一类别直接登记，无须业务主管单位审查。", clause=DIRECTLY)
    if organisation.status is not Status.APPLIED or organisation.approval is not None:
        raise RuleBroken(RULES["O-01"], "业务主管单位已经答复。", clause=OURS)


def supervise(
    organisation: Organisation, *, document: str, agreed: bool, now: datetime
) -> SupervisorSaid:
    may_supervise(organisation)
    required_by(RULES["O-01"], document, "document", "须写明批准文件的文号。", APPROVED_FIRST)
    return SupervisorSaid(approval=Approval(document=document, agreed=agreed, at=now))


def may_examine(organisation: Organisation) -> None:
    if organisation.status is not Status.APPLIED:
        raise RuleBroken(RULES["O-02"], "该申请已经审查。")
    if not organisation.direct and not (organisation.approval and organisation.approval.agreed):
        detail = "业务主管单位尚未书面审查同意。"
        raise RuleBroken(RULES["O-01"], detail, clause=APPROVED_FIRST)


def examine(organisation: Organisation, examination: Examination, numbers: Numbers) -> Examined:
    may_examine(organisation)
    missing = [one for one in Item if one not in examination.items]
    if missing:
        detail = f"尚未审查：{'、'.join(NAMES[one] for one in missing)}。"
        raise RuleBroken(RULES["O-02"], detail, field="items")
    required_by(RULES["O-02"], examination.heard, "heard", "须写明听取了哪些利害关系人的意见。")
    if not examination.departments:
        raise RuleBroken(RULES["O-02"], "须听取有关部门意见。", field="departments")
    if examination.experts_needed:
        required_by(RULES["O-02"], examination.experts, "experts", "需要专家论证的须写明论证结果。")
    required_by(RULES["O-02"], examination.opinion, "opinion")
    agreed(examination.party, numbers.policy)
    return Examined(examination=examination)


def may_register(organisation: Organisation, at: datetime, numbers: Numbers) -> None:
    if organisation.status is not Status.EXAMINED or organisation.examination is None:
        raise RuleBroken(RULES["O-02"], "登记前须逐项审查。")
    if organisation.examination.excluded:
        found = "、".join(EXCLUDED[one] for one in organisation.examination.excluded)
        raise RuleBroken(RULES["O-03"], f"不予登记的情形：{found}。")
    if at < earliest(organisation, numbers):
        days = numbers.policy.examination_days
        raise RuleBroken(
            RULES["O-02"], f"登记不作即时办理事项，审查期至少 {days} 个工作日。", clause=OURS
        )


def earliest(organisation: Organisation, numbers: Numbers) -> datetime:
    days = numbers.policy.examination_days
    return working_days_after(organisation.applied_at, days, numbers.work)


def register(
    organisation: Organisation, *, certificate: str, on: date, now: datetime, numbers: Numbers
) -> OrganisationRegistered:
    may_register(organisation, now, numbers)
    required_by(RULES["O-02"], certificate, "certificate", "须写明登记证书的编号。")
    first = local_date(earliest(organisation, numbers))
    if not first <= on <= local_date(now):
        detail = f"登记日期须在审查期满之日（{first}）至今天之间。"
        raise RuleBroken(RULES["O-02"], detail, clause=OURS, field="on")
    return OrganisationRegistered(
        certificate=certificate, on=on, report_by=numbers.policy.report_by, at=now
    )


def enter(known: Organisation | None, entered: OrganisationEntered) -> OrganisationEntered:
    """Of the register as it was before, with its certificate."""
    if known is not None:
        raise Malformed(f"代码 {entered.code} 已登记给其他社会组织。", field="code")
    required_by(RULES["O-01"], entered.name, "name", clause=OURS)
    required_by(RULES["O-01"], entered.certificate, "certificate", "须写明登记证书的编号。", OURS)
    if entered.sector not in DIRECT and entered.supervising is None:
        detail = "这一类别须有业务主管单位。"
        raise RuleBroken(RULES["O-01"], detail, clause=APPROVED_FIRST, field="supervising")
    if not FIRST_DAY <= entered.on <= local_date(entered.at):
        detail = f"登记日期须在 {FIRST_DAY} 至今天之间。"
        raise Malformed(detail, field="on")
    return entered


def may_refuse(organisation: Organisation) -> None:
    if organisation.status not in (Status.APPLIED, Status.EXAMINED):
        raise RuleBroken(RULES["O-02"], "该申请已经办结。")


def refuse(
    organisation: Organisation, *, excluded: tuple[Exclusion, ...], reason: str, now: datetime
) -> RegistrationRefused:
    may_refuse(organisation)
    required_by(RULES["O-02"], reason, "reason", "不予登记须写明理由。")
    return RegistrationRefused(excluded=excluded, reason=reason, at=now)


NAMES = {
    Item.NAME: "名称",
    Item.PURPOSE: "宗旨",
    Item.SCOPE: "业务范围",
    Item.FUNDS: "资金",
    Item.FOUNDERS: "发起人",
    Item.HEADS: "拟任负责人",
}
EXCLUDED = {
    Exclusion.SPECIAL_GROUP: "特定群体",
    Exclusion.CLAN: "宗族类",
    Exclusion.RIGHTS_CAMPAIGN: "维权类",
    Exclusion.HARMFUL: "危害统一或违反法律",
    Exclusion.ALUMNI_OUTSIDE: "省外学校校友会",
    Exclusion.ALUMNI_SCHOOL: "中小学校友会",
    Exclusion.REGIONAL_BRANCH: "地域性分支机构",
    Exclusion.SET_OVER_ANOTHER: "垂直领导机构",
}
