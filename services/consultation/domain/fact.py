"""C-15: what annex 9 asks of a street's year and no other event tells. Once for each item; put right with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES

FIRST_YEAR = 2018
WALLS = 3
FULL_MARK = 100


class Item(StrEnum):
    """Annex 9's items 1, 2, 4, 8, 11 and 12, and a piece of the bonus."""

    LEADING_GROUP = "leading_group"
    MECHANISM = "mechanism"
    PLACE = "place"
    MADE_PUBLIC = "made_public"
    MEMBERS_RATING = "members_rating"
    FRIENDS_RATING = "friends_rating"
    BONUS = "bonus"


NUMBERS: Mapping[Item, int] = {
    Item.LEADING_GROUP: 1,
    Item.MECHANISM: 2,
    Item.PLACE: 4,
    Item.MADE_PUBLIC: 8,
    Item.MEMBERS_RATING: 11,
    Item.FRIENDS_RATING: 12,
}


class Taken(StrEnum):
    """By whose united-front department a piece of information was taken up."""

    DISTRICT = "district"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`document`: what shows it (its number or title).

    `walls`: how many of the three hang on the wall of a fixed place (`fixed`); `published` of the `made`
    rules; `mark` (0–100) with the responsible head's signature (`signed`); `piece` taken up by `taken`,
    or commented on by a leader of the district or above (`commented`).
    """

    document: str
    fixed: bool | None = None
    walls: int | None = None
    made: int | None = None
    published: int | None = None
    mark: int | None = None
    signed: bool | None = None
    piece: str | None = None
    taken: Taken | None = None
    commented: bool | None = None


ASKED: Mapping[Item, frozenset[str]] = {
    Item.LEADING_GROUP: frozenset(),
    Item.MECHANISM: frozenset(),
    Item.PLACE: frozenset({"fixed", "walls"}),
    Item.MADE_PUBLIC: frozenset({"made", "published"}),
    Item.MEMBERS_RATING: frozenset({"mark", "signed"}),
    Item.FRIENDS_RATING: frozenset({"mark", "signed"}),
    Item.BONUS: frozenset({"piece"}),
}
OPTIONAL: Mapping[Item, frozenset[str]] = {Item.BONUS: frozenset({"taken", "commented"})}
TITLES = {
    "fixed": "是否有固定场所",
    "walls": "上墙项数",
    "made": "制定的规定、政策数",
    "published": "公开数",
    "mark": "评分",
    "signed": "负责人签字",
    "piece": "信息代码",
    "taken": "采用单位",
    "commented": "领导批示",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    street: str
    year: int
    item: Item
    figures: Figures
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCorrected:
    figures: Figures
    reason: str
    at: datetime


FactEvent = FactRecorded | FactCorrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`corrections`: the reasons, in their order."""

    street: str
    year: int
    item: Item
    figures: Figures
    recorded_at: datetime
    corrections: tuple[str, ...] = ()


def id_of(street: str, year: int, item: Item, piece: str | None) -> str:
    """One for each item of a street's year, and for each piece of the bonus: none is counted twice."""
    return ".".join([street, str(year), item, *([piece] if piece and item is Item.BONUS else [])])


def record(known: Fact | None, recorded: FactRecorded) -> FactRecorded:
    if known is not None:
        raise RuleBroken(RULES["C-15"], "该年度此项已登记；有误的予以更正。", field="item")
    if not FIRST_YEAR <= recorded.year <= local_date(recorded.at).year:
        raise Malformed(f"年度应在 {FIRST_YEAR} 到本年之间。", field="year")
    sound(recorded.item, recorded.figures)
    return recorded


def correct(fact: Fact, figures: Figures, reason: str, now: datetime) -> FactCorrected:
    required_by(RULES["C-15"], reason, "reason", "更正须写明理由。", OURS)
    if figures.piece != fact.figures.piece:
        raise Malformed("更正不改变所登记的信息。", field="piece")
    sound(fact.item, figures)
    return FactCorrected(figures=figures, reason=reason, at=now)


def sound(item: Item, figures: Figures) -> None:
    """What its item asks for, nothing that belongs to another, with what shows it."""
    required_by(RULES["C-15"], figures.document, "document", "须写明证明材料。")
    allowed = ASKED[item] | OPTIONAL.get(item, frozenset())
    for name, title in TITLES.items():
        given = getattr(figures, name) is not None
        if given and name not in allowed:
            raise Malformed(f"{title}与该项无关。", field=name)
        if not given and name in ASKED[item]:
            raise RuleBroken(RULES["C-15"], f"该项须写明{title}。", field=name)
    _within(figures)
    if item is Item.BONUS and figures.taken is None and not figures.commented:
        raise RuleBroken(RULES["C-15"], "信息须被采用或被批示。", field="taken")


def _within(figures: Figures) -> None:
    walls, made, published = figures.walls, figures.made, figures.published
    if walls is not None and not 0 <= walls <= WALLS:
        raise Malformed(f"上墙项数应在 0 到 {WALLS} 之间。", field="walls")
    if walls and not figures.fixed:
        raise RuleBroken(RULES["C-15"], "没有固定场所的，不计上墙。", field="walls")
    if made is not None and published is not None and not 0 <= published <= made:
        raise Malformed("公开数应在 0 到制定数之间。", field="published")
    if figures.mark is not None and not 0 <= figures.mark <= FULL_MARK:
        raise Malformed(f"评分应在 0 到 {FULL_MARK} 之间。", field="mark")
    if figures.mark is not None and not figures.signed:
        raise RuleBroken(RULES["C-15"], "评价结果须由负责人签字确认。", field="signed")


def evolve(fact: Fact | None, event: FactEvent) -> Fact:
    match event:
        case FactRecorded():
            return Fact(
                street=event.street,
                year=event.year,
                item=event.item,
                figures=event.figures,
                recorded_at=event.at,
            )
        case FactCorrected() if fact is not None:
            reasons = (*fact.corrections, event.reason)
            return replace(fact, figures=event.figures, corrections=reasons)
        case FactCorrected():
            raise ValueError("a fact begins by being recorded")
        case _:
            assert_never(event)
