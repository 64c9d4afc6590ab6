"""A statement (台账): what the register computes, what was declared, and the difference. Never added together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from chassis.kernel.measure import as_decimal

from .agreement import Agreement
from .community import Community, CommunityKind
from .declaration import Declaration
from .premises import Premises
from .standard import per_hundred


class By(StrEnum):
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Line(StrEnum):
    COMPUTED = "computed"
    DECLARED = "declared"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Empty where a declaration doesn't say. `households` and `measured`, the area that they may use,
    are of communities whose households the register knows. Areas are hundredths of a m²."""

    agreements: int | None = None
    area_owed: int | None = None
    area_handed_over: int | None = None
    communities: int | None = None
    urban: int | None = None
    village_converted: int | None = None
    at_standard: int | None = None
    households: int | None = None
    measured: int | None = None

    @property
    def per_hundred(self) -> int | None:
        return per_hundred(self.measured, self.households) if self.measured is not None else None


NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A district (no codes), a street, or a community in its street."""

    name: str
    street: str | None = None
    community: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    line: Line
    place: Place
    as_of: date
    source: str | None = None
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stood on record at the end of a day."""

    day: date
    communities: tuple[Community, ...]
    agreements: tuple[Agreement, ...]
    premises: tuple[Premises, ...]

    def by_community(self) -> dict[str, Figures]:
        """One for each community; one that was closed since counts for its agreements only."""
        kept = {premises.community: premises for premises in self.premises}
        known = {
            entry.code: _standing(entry, kept.get(entry.code), self.day)
            for entry in self.communities
        }
        for agreement in self.agreements:
            before = known.get(agreement.community, _nothing())
            known[agreement.community] = _sum([before, _owing(agreement)])
        return known

    def places(self) -> dict[str, Place]:
        """Where each community lies that day; one that was closed since, where its agreements say."""
        closed = {
            one.community: Place(name=one.community, street=one.street, community=one.community)
            for one in self.agreements
        }
        holding = {
            entry.code: Place(name=entry.name, street=entry.street, community=entry.code)
            for entry in self.communities
        }
        return closed | holding


def _nothing() -> Figures:
    return Figures(**dict.fromkeys(NAMES, 0))


def _standing(entry: Community, premises: Premises | None, day: date) -> Figures:
    answer = premises.assessed(day) if premises else None
    measured = premises.own_area if premises and entry.households else 0
    return replace(
        _nothing(),
        communities=1,
        urban=int(entry.kind is CommunityKind.URBAN),
        village_converted=int(entry.kind is CommunityKind.VILLAGE_CONVERTED),
        at_standard=int(bool(answer and answer.met)),
        households=entry.households or 0,
        measured=measured,
    )


def _owing(agreement: Agreement) -> Figures:
    """What is owed counts while the agreement stands; what was handed over stays handed over."""
    return replace(
        _nothing(),
        agreements=int(agreement.stands),
        area_owed=agreement.area_owed if agreement.stands else 0,
        area_handed_over=agreement.counted,
    )


def _sum(parts: Iterable[Figures]) -> Figures:
    total = dict.fromkeys(NAMES, 0)
    for part in parts:
        for name in NAMES:
            total[name] += getattr(part, name) or 0
    return Figures(**total)


def grouped(record: Record, by: By, streets: Mapping[str, str]) -> list[tuple[Place, Figures]]:
    """The parts of every grouping add up to the whole: what has no street is a part of its own."""
    lying = record.places()
    parts: dict[Place, list[Figures]] = {}
    if by is not By.COMMUNITY:
        for place in _places(by, streets):
            parts[place] = []
    for code, figures in record.by_community().items():
        place = _place(by, lying[code], streets)
        parts.setdefault(place, []).append(figures)
    return [(place, _sum(figures)) for place, figures in parts.items()]


DISTRICT = Place(name="官渡区")
NO_STREET = "街道未登记"


def _places(by: By, streets: Mapping[str, str]) -> list[Place]:
    if by is By.DISTRICT:
        return [DISTRICT]
    return [Place(name=name, street=code) for code, name in streets.items()]


def _place(by: By, lying: Place, streets: Mapping[str, str]) -> Place:
    match by:
        case By.DISTRICT:
            return DISTRICT
        case By.STREET:
            return Place(name=streets.get(lying.street or "", NO_STREET), street=lying.street)
        case By.COMMUNITY:
            return lying


def lines(
    record: Record,
    by: By,
    streets: Mapping[str, str],
    declared: Callable[[Place], Declaration | None],
) -> list[StatementLine]:
    """H-08: for every place the last declared line up to the day, the computed one, the difference."""
    found: list[StatementLine] = []
    for place, computed in grouped(record, by, streets):
        said = declared(place)
        if said is not None:
            figures = Figures(**{n: getattr(said.totals, n, None) for n in NAMES})
            found.append(_line(Line.DECLARED, place, said.as_of, figures, said.source))
        found.append(_line(Line.COMPUTED, place, record.day, computed, None))
        if said is not None:
            apart = difference(computed, figures)
            found.append(_line(Line.DIFFERENCE, place, record.day, apart, None))
    return found


def _line(
    line: Line, place: Place, as_of: date, figures: Figures, source: str | None
) -> StatementLine:
    return StatementLine(line=line, place=place, as_of=as_of, source=source, figures=figures)


def difference(computed: Figures, declared: Figures) -> Figures:
    """Computed less declared, where both say something."""
    apart: dict[str, int | None] = {}
    for name in NAMES:
        mine, theirs = getattr(computed, name), getattr(declared, name)
        apart[name] = None if mine is None or theirs is None else mine - theirs
    return Figures(**apart)


def last_declared(
    declarations: Iterable[Declaration], day: date
) -> Callable[[Place], Declaration | None]:
    """For the district and for streets; of two of one day the later recorded, none that was withdrawn."""
    latest: dict[str | None, Declaration] = {}
    stand = (one for one in declarations if one.withdrawn is None)
    for one in sorted(stand, key=lambda one: (one.as_of, one.at)):
        if one.as_of <= day:
            latest[one.street] = one
    return lambda place: (
        None if place.community or place.name == NO_STREET else latest.get(place.street)
    )


def printed(value: int | None) -> str | None:
    """An area as it is printed."""
    return as_decimal(value) if value is not None else None
