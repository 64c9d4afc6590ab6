"""What a session may come to: one of four outcomes, whole, and who disagreed with their reasons (C-10)."""

from collections.abc import Collection, Mapping

from chassis.kernel.errors import Malformed, RuleBroken, UnknownReference
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .events import Conclusion, Disagreement, Outcome, Target
from .rules import BEFORE_OTHERS, RULES

GOES_ON = frozenset({Outcome.NEEDS_UPPER_LEVEL, Outcome.USABLE_HERE})
"""Of which something is carried out."""
NEEDS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.NEEDS_UPPER_LEVEL: ("target", "需上级解决的，须选择报上一级议事委员会或转吹哨。"),
    Outcome.USABLE_HERE: ("unit", "就地可用的，须写明责任单位。"),
    Outcome.NOT_YET_POSSIBLE: ("explanation", "暂不可行的，须作出解释。"),
    Outcome.DECLINED: ("guidance", "不予采纳的，须予以引导。"),
}


def sound(conclusion: Conclusion, there: Collection[str], community: str | None) -> Conclusion:
    """`there`: who was; `community`: whom the matter concerns, if it is one."""
    _whole(conclusion)
    _heard(conclusion, there)
    _needed(conclusion)
    if conclusion.target is Target.WHISTLE and community is None:
        raise Malformed("转吹哨的事项须写明所涉社区。", field="target")
    if conclusion.target is Target.POLITICAL_CONFERENCE and not conclusion.disagreement:
        detail = "未能形成一致意见的方可转政协协商，须记录不同意见。"
        raise RuleBroken(RULES["C-21"], detail, clause=BEFORE_OTHERS, field="target")
    return conclusion


def _needed(conclusion: Conclusion) -> None:
    """C-10: only what is carried out needs a service."""
    if conclusion.need is None:
        return
    if conclusion.outcome not in GOES_ON:
        raise Malformed("暂不可行或不予采纳的，没有购买服务需求。", field="need")
    required_by(RULES["C-10"], conclusion.need, "need", "购买服务需求须写明所需的服务。")


def _whole(conclusion: Conclusion) -> None:
    """C-10: what its own outcome asks for, and nothing that belongs to another."""
    for outcome, (field, wanting) in NEEDS.items():
        given: str | None = getattr(conclusion, field)
        if outcome is conclusion.outcome:
            if given is None or not given.strip():
                raise RuleBroken(RULES["C-10"], wanting, field=field)
        elif given is not None:
            raise Malformed(f"此项与结果“{word_of(conclusion.outcome, WORDS)}”不符。", field=field)


def _heard(conclusion: Conclusion, there: Collection[str]) -> None:
    """C-10: in whatever number, each of who was there with its reason."""
    holders = {held.seat for held in conclusion.disagreement}
    if absent := sorted(holders - set(there)):
        raise UnknownReference(f"到会名单中没有这个席位：{absent[0]}", field="disagreement")
    if any(not _reasoned(held) for held in conclusion.disagreement):
        raise RuleBroken(RULES["C-10"], "不同意见须记录其理由。", field="disagreement")


def _reasoned(held: Disagreement) -> bool:
    return bool(held.reason.strip())
