"""Who may take 三社联动 projects (承接机构名录): social organisations, by scope, age and evaluation results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .eligibility import Eligibility, State
from .evaluation import Band, Stage
from .standing import rated
from .supplier import Supplier, SupplierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A final evaluation that was heard."""

    year: int
    project: str
    points: int
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """`years` it has been there, `grade` how many A it is rated; None where nobody says so."""

    supplier: str
    name: str
    scope: str
    years: int | None
    grade: int | None
    results: tuple[Result, ...]


def listed(
    suppliers: Iterable[Supplier], heard: Mapping[str, Eligibility], on: date
) -> tuple[Organisation, ...]:
    """P-25: who says what it does and is barred or restricted by nobody; the best last result first, then the
    oldest."""
    found = [
        _organisation(one, heard.get(one.code), on)
        for one in suppliers
        if one.kind is SupplierKind.SOCIAL_ORGANISATION
        and one.scope
        and one.left_at is None
        and not any(bar.holds(on) for bar in one.bars)
        and _unlisted(heard.get(one.code), on)
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                -(one.results[-1].points if one.results else 0),
                -(one.years or 0),
                one.supplier,
            ),
        )
    )


def _unlisted(heard: Eligibility | None, on: date) -> bool:
    """P-06, P-07: no register says that it may take nothing."""
    return heard is None or heard.by_registers(on).state is State.ELIGIBLE


def _organisation(supplier: Supplier, heard: Eligibility | None, on: date) -> Organisation:
    rating = rated(supplier, heard.organisation if heard else None, on)
    finals = [one for one in (heard.heard if heard else ()) if one.stage is Stage.FINAL]
    return Organisation(
        supplier=supplier.code,
        name=supplier.name,
        scope=supplier.scope,
        years=_years(supplier.founded_on, on) if supplier.founded_on else None,
        grade=rating.grade or None,
        results=tuple(
            Result(year=one.year, project=one.project, points=one.points, band=one.band)
            for one in finals
        ),
    )


def _years(since: date, on: date) -> int:
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))
