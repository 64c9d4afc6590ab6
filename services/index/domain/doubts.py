"""What the printed table leaves open (存疑): listed with each point, settled by nobody but the district."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One open question; `code` names it, `text` says it to people."""

    code: str
    text: str


_TEXTS = {
    "whose_figure": "斜杠前只印一个数，没有写明是市的数还是区的数。",
    "one_value": "只印一个数，没有写明是当下值还是目标值；暂作2020年目标值。",
    "no_slash": "没有印斜杠；暂列区一栏。",
    "beside_baseline": "目标值没有印斜杠；暂与当下值列同一栏。",
    "after_slash": "数印在斜杠之后；也可能是当下值空缺。",
    "two_goals": "一格印两个目标（100和60）；作两个目标。",
    "reduction": "起数和人数的目标印为20%，可能是下降幅度；含义未定前不计分。",
    "two_words": "有效、明显分作当下值和目标值；也可能是一个词“有效明显”。",
    "worker_title": "“社会助工师”照印；可能是社工师或助理社工师。",
    "party_branch": "“社会党组织”照印；可能是社会组织党组织。",
    "volunteers": "志愿者占常住人口76%至80%偏高；单位可能是‰。",
}
_NOTED = {
    "one_sided": "whose_figure",
    "single value printed": "one_value",
    "no slash printed": "no_slash",
    "target printed without a slash": "beside_baseline",
    "value printed after the slash": "after_slash",
    "two targets in one cell": "two_goals",
    "20% printed against a count": "reduction",
    "two words": "two_words",
    "社会助工师": "worker_title",
    "社会党组织": "party_branch",
    "76% to 80%": "volunteers",
}
"""How a part of a note in the table's `doubt` column holds each question."""

_GOES_ON = ("column ", "put ", "may ", "unit may ", "probably ")
"""How a part begins that goes on with the question before it."""

OF_THE_WHOLE = (
    Doubt(code="baseline_year", text="没有印当下值的年份。"),
    Doubt(
        code="organisations",
        text="每万人拥有社会组织数的当下值此处印7.04，官发〔2019〕5号印7.5（2017年）。",
    ),
)
"""What the table leaves open beyond single points."""


def doubt_of(code: str) -> Doubt:
    """By the code that a table's row keeps."""
    return Doubt(code=code, text=_TEXTS[code])


def doubts(row: Mapping[str, str]) -> tuple[Doubt, ...]:
    """I-02: every question a row leaves open.

    Raises ValueError for a part of a note that no known question stands for: a doubt isn't lost.
    """
    codes: dict[str, None] = {}
    for part in filter(None, row["doubt"].split("; ")):
        held = [code for mark, code in _NOTED.items() if mark in part]
        if not held and not part.startswith(_GOES_ON):
            raise ValueError(f"a doubt nobody has put into words: {part!r}")
        codes |= dict.fromkeys(held)
    return tuple(Doubt(code=code, text=_TEXTS[code]) for code in codes)
