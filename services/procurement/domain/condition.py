"""What a project asks of its supplier besides what every project asks (项目条件): set in its plan, which the purchaser
draws up and finance examines."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.kernel.errors import Malformed, said_of
from chassis.kernel.required import required, required_by

from .rules import CONDITIONS, RULES
from .supplier import HIGHEST_RATING, FactKind

OF_THE_DOCUMENT = frozenset(
    {
        FactKind.REGISTRATION,
        FactKind.GOVERNANCE,
        FactKind.ACCOUNTS,
        FactKind.MEANS,
        FactKind.TAXES,
        FactKind.QUALIFICATION,
        FactKind.LICENCE,
        FactKind.RATING,
    }
)
"""The conditions that the document names; its ninth is whatever law and project ask besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Shown by a paper of `kind`; an `other` one is told by its `name`, a rating has `grade` A at least.

    `ground` is why a condition that the document doesn't name is asked.
    """

    kind: FactKind
    text: str
    name: str = ""
    grade: int | None = None
    ground: str = ""


def check(conditions: Iterable[Condition]) -> None:
    """P-06: each once, and beyond the document's only with its ground (不得差别化歧视)."""
    asked = list(conditions)
    if len({(one.kind, one.name) for one in asked}) < len(asked):
        raise Malformed("条件不得重复。", field="conditions")
    for place, one in enumerate(asked):
        with said_of("conditions", place):
            _whole(one)


def _whole(one: Condition) -> None:
    required(one.text, "text")
    if (one.kind is FactKind.OTHER) != bool(one.name):
        raise Malformed("其他条件须有名称代码，其余条件不写。", field="name")
    rated = one.kind is FactKind.RATING
    grade = 1 if one.grade is None else one.grade
    if rated != (one.grade is not None) or not 1 <= grade <= HIGHEST_RATING:
        raise Malformed("评估等级须写明几个 A，其余条件不写。", field="grade")
    if one.kind not in OF_THE_DOCUMENT:
        detail = "文件所列条件以外的条件须写明依据，不得以不合理的条件实行差别待遇。"
        required_by(RULES["P-06"], one.ground, "ground", detail, clause=CONDITIONS)
