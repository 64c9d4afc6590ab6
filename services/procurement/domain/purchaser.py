"""A purchaser (购买主体): an office that buys, and the year it loses by what it did with the money."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.offices import one_office
from chassis.kernel.required import required

from .rules import RULES

STANDING_IN = frozenset({"finance", "district_admin"})


class Misconduct(StrEnum):
    """挪用、不按规定使用资金, or contracted purchases left undone."""

    MISUSE = "misuse"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Of something in `year`: while it stands, the year after is lost."""

    id: str
    year: int
    ground: Misconduct
    findings: str
    answer: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecorded:
    purchaser: str
    finding: Finding
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAnswered:
    finding: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWithdrawn:
    finding: str
    reason: str
    at: datetime


PurchaserEvent = FindingRecorded | FindingAnswered | FindingWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchaser:
    """Known here only by what was found; `office` is how it acts, such as `street:guanshang`."""

    office: str
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> str:
        return id_of(self.office)

    def lost(self, year: int) -> Finding | None:
        """The finding by which it may not buy in `year`."""
        standing = (one for one in self.findings if not one.withdrawn)
        return next((one for one in standing if one.year + 1 == year), None)

    def answer(self, finding: str, *, by: str, answer: str, now: datetime) -> FindingAnswered:
        self.may_answer(finding, by)
        required(answer, "answer")
        return FindingAnswered(finding=finding, answer=answer, at=now)

    def withdraw(self, finding: str, *, reason: str, now: datetime) -> FindingWithdrawn:
        self.may_withdraw(finding)
        required(reason, "reason")
        return FindingWithdrawn(finding=finding, reason=reason, at=now)

    def may_answer(self, finding: str, by: str) -> None:
        """P-32: once, and by the purchaser alone: who found it can't use that up."""
        found = self._finding(finding)
        if not one_office(by, self.office):
            raise RuleBroken(RULES["P-32"], "只能由被认定的购买主体自己申辩。", clause=OURS)
        if found.answer is not None or found.withdrawn:
            raise RuleBroken(RULES["P-32"], "该项认定已经申辩或已撤销。")

    def may_withdraw(self, finding: str) -> None:
        if self._finding(finding).withdrawn:
            raise RuleBroken(RULES["P-32"], "该项认定已经撤销。")

    def _finding(self, id: str) -> Finding:
        found = next((one for one in self.findings if one.id == id), None)
        if found is None:
            raise NotFound
        return found


def id_of(office: str) -> str:
    """How an office stands in an address: `street.guanshang`."""
    return office.replace(":", ".")


def office_of(id: str) -> str:
    return id.replace(".", ":", 1)


def place_of(office: str) -> dict[str, Any]:
    """Whose it is that an office buys: its street's, its department's, or nobody's but those who see all."""
    kind, _, code = office.partition(":")
    return {
        "street": code if kind == "street" else None,
        "units": (code,) if kind == "department" else (),
    }


def acts_for(purchaser: str, by: str) -> bool:
    """Who bought, and who may act in any purchaser's place; not a street where it is only delivered."""
    return by == purchaser or by.partition(":")[0] in STANDING_IN


def find(
    known: Purchaser | None,
    office: str,
    *,
    year: int,
    ground: Misconduct,
    findings: str,
    now: datetime,
) -> FindingRecorded:
    """P-32: finance finds it, of this year or one before."""
    required(findings, "findings")
    if year > local_date(now).year:
        raise Malformed("认定的年度不得晚于今年。", field="year")
    number = len(known.findings) + 1 if known else 1
    finding = Finding(id=str(number), year=year, ground=ground, findings=findings)
    return FindingRecorded(purchaser=office, finding=finding, at=now)


def not_lost(purchaser: Purchaser | None, year: int) -> None:
    """P-32: who lost the year plans and buys nothing in it."""
    finding = purchaser.lost(year) if purchaser else None
    if finding is not None:
        detail = f"{finding.year} 年度有认定未撤销，{year} 年度不安排购买资金：{finding.findings}"
        raise RuleBroken(RULES["P-32"], detail)


def evolve(purchaser: Purchaser | None, event: PurchaserEvent) -> Purchaser:
    if isinstance(event, FindingRecorded):
        known = purchaser or Purchaser(office=event.purchaser)
        return replace(known, findings=(*known.findings, event.finding))
    if purchaser is None:
        raise ValueError("a purchaser is known from its first finding on")
    match event:
        case FindingAnswered():
            return _with(purchaser, event.finding, answer=event.answer)
        case FindingWithdrawn():
            return _with(purchaser, event.finding, withdrawn=True)
        case _:
            assert_never(event)


def _with(purchaser: Purchaser, id: str, **changed: str | bool) -> Purchaser:
    findings = tuple(
        replace(one, **changed) if one.id == id else one  # type: ignore[arg-type]
        for one in purchaser.findings
    )
    return replace(purchaser, findings=findings)
