"""C-25: what a member may do, by seat, is for the committee's own members."""

from collections.abc import Iterable

from chassis.kernel.errors import Malformed, RuleBroken

from .committee import Member
from .rules import MEMBERS_RIGHTS, RULES


def members_only(seats: Iterable[str], members: Iterable[Member], field: str) -> tuple[str, ...]:
    """The seats, all of them of the committee and each once."""
    asked = tuple(seats)
    strangers = sorted(set(asked) - {member.seat for member in members})
    if strangers:
        detail = f"由本会委员行使，没有这个席位：{strangers[0]}"
        raise RuleBroken(RULES["C-25"], detail, clause=MEMBERS_RIGHTS, field=field)
    if len(set(asked)) != len(asked):
        raise Malformed("同一席位只能出现一次。", field=field)
    return asked
