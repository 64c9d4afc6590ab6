"""C-16, C-27: a topic, under a head of its catalogue, and for whom its hearing is."""

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .committee import Committee, Level
from .events import MatterProposed, Purpose, Served, ServedKind
from .policy import ConsultationPolicy
from .rules import CATALOGUES, HEARINGS, RULES, UPWARD


def propose(proposed: MatterProposed, policy: ConsultationPolicy) -> MatterProposed:
    """C-16: of a category, and under one of the subject heads of its level's catalogue."""
    for name in ("title", "subject"):
        required(getattr(proposed, name), name, "此项不能为空。")
    if proposed.category not in policy.categories:
        raise UnknownReference(f"没有这个类别：{proposed.category}", field="category")
    street = proposed.level is Level.STREET
    heads = policy.street_heads if street else policy.community_heads
    if proposed.head not in heads:
        detail = f"议题须归入协商目录的一个类目，目录中没有：{proposed.head}"
        raise RuleBroken(RULES["C-16"], detail, field="head", clause=CATALOGUES[street])
    if proposed.purpose is not None:
        _awaited_for(proposed.purpose, proposed.serves)
    return proposed


def several(communities: tuple[str, ...], committee: Committee) -> None:
    """C-13: what concerns two or more communities is before the street, which settles its procedure."""
    if not communities:
        return
    if len(communities) < 2 or len(set(communities)) != len(communities):
        raise Malformed("请写明两个以上不同的社区。", field="communities")
    if committee.level is not Level.STREET:
        detail = "涉及两个以上社区的事项由街道主持。"
        raise RuleBroken(RULES["C-13"], detail, clause=UPWARD, field="communities")


AWAITED_FOR = {
    Purpose.PLAN_HEARING: (ServedKind.PROJECT, HEARINGS[0]),
    Purpose.COMMUNITY_FUNDS: (ServedKind.APPLICATION, HEARINGS[1]),
    Purpose.PREMISES_SITING: (ServedKind.PREMISES, HEARINGS[2]),
}


def _awaited_for(purpose: Purpose, serves: Served | None) -> None:
    """C-27: who waits for a hearing hears of its outcome by what it is about."""
    kind, clause = AWAITED_FOR[purpose]
    if serves is None or serves.kind is not kind:
        detail = f"此类协商须写明所服务的对象（{word_of(kind, WORDS)}）。"
        raise RuleBroken(RULES["C-27"], detail, clause=clause, field="serves")
