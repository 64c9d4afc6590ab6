"""What codes are called on paper."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    # outcomes and where they go
    "needs_upper_level": "需上级解决",
    "usable_here": "就地可用",
    "not_yet_possible": "暂不可行",
    "declined": "不予采纳",
    "upper_committee": "上一级议事委员会",
    "whistle": "吹哨",
    "political_conference": "政协协商",
    # decisions
    "adopted": "采纳",
    "partly": "部分采纳",
    # sessions
    "regular": "工作例会",
    "topical": "专题议事",
    "called": "已召集",
    "noticed": "已通知",
    "open": "进行中",
    "adjourned": "已休会",
    "closed": "已结束",
    "deputy_secretary": "副书记",
    "secretary": "书记",
    "other": "其他",
    "in_favour": "赞成",
    "against": "反对",
    "neither": "中立",
    "expert": "专家",
    "third_party": "第三方",
    # agenda
    "year_report": "年度工作报告",
    "budget": "预算",
    "accounts": "决算",
    "plans": "规划",
    "projects": "重大项目",
    "appraisal": "民主评议",
    "proposals": "委员建议办理情况",
    # members
    "fixed": "固定委员",
    "adhoc": "机动委员",
}


def word(code: str | None) -> str:
    """A dash where there is none."""
    return "—" if code is None else WORDS.get(code, code)
