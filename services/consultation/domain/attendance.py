"""Who was there, by seat: the roll, and whether it is a quorum."""

from collections.abc import Collection, Sequence

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference

from .rules import RULES


def checked(roll: Sequence[str], seats: Collection[str], field: str) -> frozenset[str]:
    """Each once, and each one who has a seat; Malformed or UnknownReference naming `field`."""
    if len(set(roll)) != len(roll):
        raise Malformed("同一席位只能出现一次。", field=field)
    if unknown := sorted(set(roll) - set(seats)):
        raise UnknownReference(f"没有这个席位：{unknown[0]}", field=field)
    return frozenset(roll)


def quorum(
    there: Collection[str], fixed: Collection[str], entitled: int, field: str | None = None
) -> int:
    """C-08, C-19: how many of the fixed members are there, at least half of `entitled` and never nobody;
    invited ones don't count. `field`: where the roll stands in what was said, if it was."""
    present = len(set(there) & set(fixed))
    if not present or present * 2 < entitled:
        detail = f"到会固定委员 {present} 人，不足全体固定委员 {entitled} 人的半数，不能议事。"
        raise RuleBroken(RULES["C-08"], detail, field=field)
    return present
