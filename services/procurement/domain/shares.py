"""What a project's budget spends on people, its evaluation and its supervision (P-04)."""

from collections.abc import Iterable, Mapping

from chassis.kernel.errors import OURS, Malformed, RuleBroken

from .events import Way
from .item import Fund, Item, Lot
from .rules import EVALUATED, PERSONNEL, RULES, SUPERVISED

PEOPLE = "personnel"
BOUNDS: Mapping[str, tuple[str, int, int, str]] = {
    PEOPLE: ("人员经费", 65, 100, PERSONNEL),
    Lot.EVALUATION: ("评估经费", 5, 8, EVALUATED),
    Lot.SUPERVISION: ("督导经费", 10, 12, SUPERVISED),
}
"""What each is called, its per cent of the project's budget, both bounds included, and the clause."""


def shared(items: Iterable[Item]) -> None:
    """P-04: of what isn't a department's or street's own purchase, and of all that is bought from social
    organisations. A lot of its own for a whole call is held against the call's sum (ours): what one plan buys
    in one way, its lots among them."""
    ways: dict[Way, list[Item]] = {}
    for item in items:
        ways.setdefault(item.way, []).append(item)
    for mine in ways.values():
        for lot in sorted(_lots(mine)):
            _whole(lot, mine)
        for item in mine:
            _alone(item, mine)


def joined(item: Item, others: Iterable[Item]) -> None:
    """P-04: what is bought beside others; where they keep no shares without it, itself alone (ours), as nothing could
    be bought any more, nor the lot that they lack."""
    mine = [one for one in others if one.way is item.way]
    every = [*mine, item]
    try:
        shared(mine)
    except RuleBroken:
        if item.lot is not None:
            _whole(item.lot, every)
        _alone(item, every)
    else:
        shared(every)


def _lots(mine: Iterable[Item]) -> set[Lot]:
    return {one.lot for one in mine if one.lot is not None}


def _whole(lot: Lot, mine: Iterable[Item]) -> None:
    """Of one's own purchases only what is bought from social organisations pays for them."""
    every = [one for one in mine if one.lot is lot or _pays(one)]
    if all(one.way is Way.PURCHASE and one.lot is not None for one in every):
        return  # a third party judges what nobody else's rule is about (P-16)
    part = sum(one.amount for one in every if one.lot is lot)
    _within(lot, part, sum(one.amount for one in every), "items")


def _pays(item: Item) -> bool:
    return item.way is not Way.PURCHASE or item.fund is Fund.SOCIAL or item.lot is not None


def _alone(item: Item, mine: Iterable[Item]) -> None:
    if item.way is Way.PURCHASE and item.fund is not Fund.SOCIAL:
        return
    lots = _lots(mine)
    if item.shares is None:
        detail = "项目预算须列明人员、评估和督导经费。"
        raise RuleBroken(RULES["P-04"], detail, clause=PERSONNEL, field="shares")
    _within(PEOPLE, item.shares.personnel, item.amount, f"shares.{PEOPLE}")
    for line in Lot:
        part: int = getattr(item.shares, line)
        if item.lot is None and line not in lots:
            _within(line, part, item.amount, f"shares.{line}")
        elif part:
            name, *_ = BOUNDS[line]
            detail = f"{name}已整体列项，项目预算不再列支。"
            raise RuleBroken(RULES["P-04"], detail, clause=OURS, field=f"shares.{line}")
    total = item.shares.personnel + item.shares.evaluation + item.shares.supervision
    if total > item.amount:
        raise Malformed("各项经费之和不得超过项目预算。", field="shares")


def _within(line: str, part: int, whole: int, field: str) -> None:
    name, least, most, clause = BOUNDS[line]
    if not least * whole <= 100 * part <= most * whole:
        detail = f"{name}应占项目预算的 {least}% 至 {most}%。"
        raise RuleBroken(RULES["P-04"], detail, clause=clause, field=field)
