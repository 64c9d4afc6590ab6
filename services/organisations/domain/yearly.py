"""O-08: the yearly report, open to the public, and the yearly check; O-09: 4A and above are checked simply."""

from dataclasses import replace
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required_by

from .events import ListingProposed, YearChecked, YearMissed, YearReported
from .kinds import CheckItem, CheckResult, Ground, ListKind
from .listing import propose
from .organisation import Organisation
from .parts import Party, YearCheck, YearReport
from .party import agreed
from .registering import Numbers
from .rules import RULES

SIMPLE_FROM = 4
SIMPLE = frozenset({CheckItem.FUNDS, CheckItem.PARTY})
"""What a simplified check looks at (ours)."""
TOLD = ("registration", "rating", "enforcement", "activities", "donations_used")


def report(
    organisation: Organisation, year: int, report: YearReport, now: datetime, numbers: Numbers
) -> tuple[YearMissed | ListingProposed | YearReported, ...]:
    """Also of a year that was missed: then it is late, whether the clock has come for it yet or not."""
    organisation.must_be_on("O-08")
    if organisation.registered_on is None or year < organisation.registered_on.year:
        raise Malformed("登记之前的年度无须报告。", field="year")
    if year >= local_date(now).year:
        raise RuleBroken(RULES["O-08"], "年度结束后报告。", field="year")
    known = organisation.year(year)
    if known is not None and known.report is not None:
        raise RuleBroken(RULES["O-08"], f"{year} 年已经报告。", field="year")
    for field in TOLD:
        required_by(RULES["O-08"], getattr(report, field), field)
    late = bool(known and known.missed) or year in organisation.overdue(now)
    told = YearReported(year=year, report=replace(report, late=late, at=now))
    return (*missed(organisation, now, numbers), told)


def may_check(organisation: Organisation, year: int) -> None:
    known = organisation.year(year)
    if known is None or known.report is None:
        raise RuleBroken(RULES["O-08"], "该年度尚未报告。")
    if known.check is not None and known.check.result is not CheckResult.TO_PUT_RIGHT:
        raise RuleBroken(RULES["O-08"], "该年度已经检查。")


def check(
    organisation: Organisation,
    year: int,
    *,
    items: tuple[CheckItem, ...],
    result: CheckResult,
    opinion: str,
    party: Party,
    now: datetime,
    numbers: Numbers,
) -> YearChecked:
    """Again after something was put right."""
    may_check(organisation, year)
    simple = organisation.rating is not None and organisation.rating.grade >= SIMPLE_FROM
    needed = SIMPLE if simple else frozenset(CheckItem)
    lacking = sorted(needed - set(items))
    if lacking:
        raise RuleBroken(
            RULES["O-08"],
            f"年检事项未全：{'、'.join(NAMES[one] for one in lacking)}。",
            field="items",
        )
    required_by(RULES["O-08"], opinion, "opinion")
    agreed(party, numbers.policy)
    return YearChecked(
        year=year,
        check=YearCheck(
            items=items, simplified=simple, result=result, opinion=opinion, party=party, at=now
        ),
    )


def missed(
    organisation: Organisation, now: datetime, numbers: Numbers
) -> tuple[YearMissed | ListingProposed, ...]:
    """The years whose day has gone by; and, unless it is proposed or entered, the abnormal list."""
    years = organisation.overdue(now)
    gone = tuple(YearMissed(year=year, due=organisation.year_due(year)) for year in years)
    listed = (one.ground is Ground.REPORT_MISSED and one.open for one in organisation.listings)
    if not gone or any(listed):
        return gone
    proposed = propose(
        organisation,
        kind=ListKind.ABNORMAL,
        ground=Ground.REPORT_MISSED,
        findings=f"{'、'.join(map(str, years))} 年度报告未按期提交。",
        until=None,
        now=now,
        numbers=numbers,
    )
    return (*gone, proposed)


NAMES = {
    CheckItem.REGISTRATION: "登记事项",
    CheckItem.GOVERNANCE: "内部治理",
    CheckItem.FUNDS: "资金",
    CheckItem.ACTIVITIES: "业务活动",
    CheckItem.PARTY: "党建",
}
