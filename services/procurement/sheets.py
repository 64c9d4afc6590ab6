"""Tables out: what the lists here show, one line a thing, as CSV and XLSX; never a score that isn't open."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from chassis.titles import COMMON

from .desk import ProcurementDesk
from .domain.payment import Instalment
from .domain.payment import plan as instalments
from .titles import TITLES
from .vocabulary import WORDS

Rows = AsyncIterator[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`rows` are what `subject` may see of a year, in the order of `columns`."""

    title: str
    columns: tuple[Column, ...]
    rows: Callable[[ProcurementDesk, Subject, int], Rows]


NAMED: Mapping[str, str] = {
    **COMMON,
    **TITLES,
    "street": "街道",
    "community": "社区",
    "kind": "类别",
    "published_at": "公布时间",
    "code": "代码",
    "title": "项目名称",
    "supplier": "承接方",
    "at": "时间",
    "decided_by": "并列时的依据",
    "due": "应付期限",
    "name": "名称",
    "missed": "逾期",
    "passed": "仍在评审",
}
WORDED = {code: word for code, word in WORDS.items() if "." not in code}


def columns(*names: str, **own: str) -> tuple[Column, ...]:
    """`own`: what is called otherwise here."""
    return tuple(Column(one, own.get(one) or NAMED[one], WORDED) for one in names)


async def needs(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    async for held in desk.surveys.every_of(subject, {"year": year}):
        survey = held.aggregate
        for one in survey.standing:
            said = (one.id, one.group, one.kind, one.rank, one.text, one.source)
            yield survey.street, survey.community, *said, survey.published_at


async def plans(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    async for held in desk.plans.every_of(subject, {"year": year}):
        plan = held.aggregate
        for one in plan.items:
            said = (one.code, one.title, one.way, one.entry, one.line, one.amount, one.method)
            stands = one.code in plan.approved
            yield plan.purchaser, plan.status, *said, one.needs, one.targets, stands


async def applications(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    async for held in desk.calls.every_of(subject, {"year": year}):
        call = held.aggregate
        inside = {one.supplier for one in call.going_on}
        for one in call.applications:
            said = (one.supplier, one.community, one.workers, one.staff, one.amount, one.at)
            yield call.title, call.project, call.status, *said, one.supplier in inside


async def rankings(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    """P-12: there is none before the panel closes."""
    async for held in desk.calls.every_of(subject, {"year": year}):
        call = held.aggregate
        for one in call.ranking:
            won = call.awarded is not None and call.awarded.supplier == one.supplier
            yield call.title, call.project, one.rank, one.supplier, one.points, one.decided, won


async def contracts(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    async for held in desk.contracts.every_of(subject, {"year": year}):
        one = held.aggregate
        said = (one.project, one.title, one.supplier, one.purchaser, one.street, one.community)
        until = one.terms.until if one.terms else None
        yield *said, one.way, one.amount, one.status, one.signed_at, until, one.ended_why


async def payments(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    """Due and paid, each instalment once; what isn't due yet has no date."""
    async for held in desk.contracts.every_of(subject, {"year": year}):
        one = held.aggregate
        paid = {each.instalment: each for each in one.payments}
        owed = {each.instalment: each for each in one.claims}
        for instalment, amount in instalments(one.amount).items():
            done, claim = paid.get(instalment), owed.get(instalment)
            due = done.due if done else claim.clock.due if claim else None
            late = bool(claim and claim.missed) or bool(done and done.at > done.due)
            said = (one.title, one.supplier, one.street, Instalment(instalment), amount)
            yield *said, due, done.at if done else None, late


async def evaluations(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    async for held in desk.contracts.every_of(subject, {"year": year}):
        one = held.aggregate
        for each in one.evaluations:
            parts = each.parts
            by_part = (parts.professional, parts.output, parts.quality, parts.management)
            said = (one.title, one.supplier, one.street, each.stage, each.points, each.band)
            yield *said, *by_part, each.at


async def suppliers(desk: ProcurementDesk, subject: Subject, year: int) -> Rows:
    """Of every year: what each may do about a project of this one is asked for by project."""
    async for held in desk.suppliers.every_of(subject, {}):
        one = held.aggregate
        kinds = tuple(dict.fromkeys(fact.kind for fact in one.facts))
        barred = max((bar.until for bar in one.bars if bar.stands), default=None)
        yield one.code, one.name, one.kind, one.scope, kinds, barred, one.registered_at, one.left_at


WHOSE = ("title", "supplier", "street")
SHEETS: Mapping[str, Sheet] = {
    "needs": Sheet(
        title="需求清单",
        columns=columns(
            "street",
            "community",
            "need",
            "group",
            "kind",
            "rank",
            "text",
            "source",
            "published_at",
            **{"need": "编号", "text": "需求", "source": "来源"},
        ),
        rows=needs,
    ),
    "plans": Sheet(
        title="购买计划",
        columns=columns(
            "purchaser",
            "state",
            "code",
            "title",
            "way",
            "entry",
            "line",
            "amount",
            "method",
            "needs",
            "targets",
            "approved",
        ),
        rows=plans,
    ),
    "applications": Sheet(
        title="申报",
        columns=columns(
            "title",
            "project",
            "state",
            "supplier",
            "community",
            "workers",
            "staff",
            "amount",
            "at",
            "passed",
        ),
        rows=applications,
    ),
    "rankings": Sheet(
        title="评审排名",
        columns=columns("title", "project", "rank", "supplier", "points", "decided_by", "awarded"),
        rows=rankings,
    ),
    "contracts": Sheet(
        title="合同",
        columns=columns(
            "project",
            "title",
            "supplier",
            "purchaser",
            "street",
            "community",
            "way",
            "amount",
            "state",
            "signed_at",
            "until",
            "ended_why",
        ),
        rows=contracts,
    ),
    "payments": Sheet(
        title="应付和已付款项",
        columns=columns(*WHOSE, "instalment", "amount", "due", "at", "missed", at="拨付时间"),
        rows=payments,
    ),
    "evaluations": Sheet(
        title="评估",
        columns=columns(
            *WHOSE,
            "stage",
            "points",
            "band",
            "professional",
            "output",
            "quality",
            "management",
            "at",
        ),
        rows=evaluations,
    ),
    "suppliers": Sheet(
        title="承接方",
        columns=columns(
            "code",
            "name",
            "kind",
            "scope",
            "facts",
            "until",
            "registered_at",
            "left_at",
            until="禁入截止",
        ),
        rows=suppliers,
    ),
}


async def table(desk: ProcurementDesk, name: str, subject: Subject, year: int) -> Table:
    sheet = SHEETS[name]
    rows = [row async for row in sheet.rows(desk, subject, year)]
    return Table(f"{year} 年{sheet.title}", sheet.columns, rows)
