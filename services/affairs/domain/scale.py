"""A-13, A-15: what posts and levels bring in, as the notice's two tables print it, in fen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Post(StrEnum):
    """`deputy`: the chair of the residents' supervision committee included."""

    COMBINED = "combined"
    CHIEF = "chief"
    DEPUTY = "deputy"
    STAFF = "staff"
    SUPERVISION_MEMBER = "supervision_member"
    BRANCH_SECRETARY = "branch_secretary"
    GROUP_LEADER = "group_leader"


FIRST = {Post.STAFF: 17, Post.DEPUTY: 15, Post.CHIEF: 13, Post.COMBINED: 11}
"""The level one begins at; the others have none."""
REACH = 10
"""How many levels above it a post goes."""
LEVELLESS = frozenset(set(Post) - set(FIRST))
BORNE_ELSEWHERE = frozenset({Post.BRANCH_SECRETARY, Post.GROUP_LEADER})
"""Paid by the community or the group itself."""
BASES = {
    "一肩挑（书记和主任）": Post.COMBINED,
    "正职（书记、主任）": Post.CHIEF,
    "副职（副书记、副主任）": Post.DEPUTY,
    "专职党组织委员、社区居委会委员、社区专职社会工作者、社区专业社会工作者、社区工作人员": Post.STAFF,
    "居务监督委员会委员、居民小组党支部书记、居民小组长": Post.SUPERVISION_MEMBER,
}
YUAN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """`printed`: the base that the table prints for posts without a level; what is paid is policy."""

    base: Mapping[Post, int]
    allowance: Mapping[int, int]
    printed: int


def scale(bases: Iterable[Mapping[str, str]], levels: Iterable[Mapping[str, str]]) -> Scale:
    """From the lines of the two tables."""
    printed = {
        BASES[line["post"]]: int(line["base_allowance_yuan_per_month"]) * YUAN
        for line in bases
        if line["post"] in BASES
    }
    return Scale(
        base={post: fen for post, fen in printed.items() if post not in LEVELLESS},
        allowance={int(one["level"]): int(one["monthly_allowance_yuan"]) * YUAN for one in levels},
        printed=printed[Post.SUPERVISION_MEMBER],
    )


def yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // YUAN:,}.{abs(fen) % YUAN:02d}"
