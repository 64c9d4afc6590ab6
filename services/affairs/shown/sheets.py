"""《社区工作准入审批表》 and a street's quarterly form, filled from the record."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.affairs.domain.admission import Admission
from services.affairs.domain.lines import Line
from services.affairs.domain.months import months_of
from services.affairs.domain.scale import yuan
from services.affairs.domain.sheet import PaySheet
from services.affairs.vocabulary import WORDS

NOTHING = "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Of a month: how many of a post and level, and what they are paid together, in yuan."""

    month: str
    post: str
    level: str
    workers: int
    base: str
    allowance: str
    extra: str
    total: str


def admission_lines(
    one: Admission, number: str, names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    """What the form asks for, and what was decided."""
    form, review = one.form, one.review
    place = names["street"].get(one.street, one.street)
    place += names["community"].get(one.community or "", "")
    lines = [
        ("编号", number),
        ("拟入单位", names["units"].get(one.unit, one.unit)),
        ("拟入社区", place),
        ("事项", one.item),
        ("依据", one.basis),
    ]
    if form is not None:
        lines += [
            ("目的", form.aim),
            ("任务", form.task),
            ("流程", form.process),
            ("期限", f"{form.begins_on} 至 {_day(form.until)}（{WORDS[f'Term.{form.term}']}）"),
            ("考核方式", form.assessed_by),
            ("配备人员", form.staff),
            ("下放权限", form.powers),
            ("经费", f"{yuan(form.funds)} 元（{WORDS[f'Provision.{form.provision}']}）"),
        ]
    opinion = review.opinion if review else NOTHING
    mode = WORDS[f"Mode.{one.mode}"] if one.mode else NOTHING
    return [
        *lines,
        ("初审意见", opinion),
        ("承接方式", mode),
        ("审定", WORDS[f"Status.{one.status}"]),
        ("文号", one.document or (one.refusal.document if one.refusal else "") or NOTHING),
    ]


def quarter_rows(one: PaySheet) -> list[Row]:
    """What is put right by itself, with its reason: by one row with whatever else it would say nothing."""
    counted: Counter[tuple[str, str, str, int, str]] = Counter()
    sums: dict[tuple[str, str, str, int, str], list[int]] = {}
    for line in one.lines:
        key = (line.month, line.paid_with or "", line.post.value, line.level, _why(line))
        counted[key] += 1
        of = sums.setdefault(key, [0, 0, 0, 0])
        for n, fen in enumerate((line.base, line.allowance, line.extra, line.total)):
            of[n] += fen
    return [
        Row(
            month=_month(month, paid_with, reason),
            post=WORDS[f"Post.{post}"],
            level=str(level or NOTHING),
            workers=counted[(month, paid_with, post, level, reason)],
            base=yuan(of[0]),
            allowance=yuan(of[1]),
            extra=yuan(of[2]),
            total=yuan(of[3]),
        )
        for (month, paid_with, post, level, reason), of in sorted(sums.items())
    ]


def _why(line: Line) -> str:
    of = "表彰和优秀，" if line.of_extra else ""
    if not line.paper:
        return of + line.reason
    by = "已另行发放" if line.correction < 0 else "退还误作已另行发放而追回的"
    return f"{of}{line.reason}；{by}，凭证号 {line.paper}"


def _month(month: str, paid_with: str, reason: str) -> str:
    if not paid_with:
        return month
    if reason:
        return f"{month}（随{paid_with}更正：{reason}）"
    return f"{month}（本季不在岗）" if paid_with == month else f"{month}（随{paid_with}补发）"


def quarter_form(one: PaySheet, street: str) -> dict[str, Any]:
    return {
        "title": f"社区工作者岗位补贴季度审批表（{one.quarter}）",
        "street": street,
        "months": months_of(one.quarter),
        "rows": quarter_rows(one),
        "sum": yuan(one.sum),
        "approved": [approval.office for approval in one.approvals],
    }


def _day(day: date | None) -> str:
    return NOTHING if day is None else day.isoformat()
