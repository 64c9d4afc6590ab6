"""The evaluation scheme (评估方案): its indicators, shown to the supplier and agreed before they are used."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required

from .evaluation import PART_NAMES, Parts, Score
from .policy import Bands, ProcurementPolicy
from .rules import EVALUATION, RULES


class Basis(StrEnum):
    """How an indicator is judged: 主观 by judgement, 客观 by counting."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"


class PartName(StrEnum):
    """The four parts of the scale, as `Parts` names them."""

    PROFESSIONAL = "professional"
    OUTPUT = "output"
    QUALITY = "quality"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One item of a part, worth `points` at most."""

    code: str
    part: PartName
    text: str
    points: int
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A version of a contract's scheme; scored under the bands of `policy`, and its points for what wasn't put right
    in time, as they were when it was shown."""

    number: int
    indicators: tuple[Indicator, ...]
    bands: Bands
    missed_points: int | None = None
    """None of one from before it was kept: those of the day."""
    policy: int
    shown_at: datetime
    accepted_at: datetime | None = None
    comment: str | None = None

    def score(self, scores: tuple[Score, ...]) -> Parts:
        """P-16: each indicator once, within its points, with its evidence; the sum of each part."""
        told = Counter(one.code for one in scores)
        wanted = Counter(one.code for one in self.indicators)
        if wrong := {*(told - wanted), *(wanted - told)}:
            detail = f"逐项评分须与方案一致，每项一次：{'、'.join(sorted(wrong))}。"
            raise RuleBroken(RULES["P-16"], detail, clause=EVALUATION, field="scores")
        given = {one.code: one for one in scores}
        sums = dict.fromkeys(PartName, 0)
        for indicator in self.indicators:
            score = given[indicator.code]
            if not 0 <= score.points <= indicator.points:
                detail = f"{indicator.code} 为 0 到 {indicator.points} 的整数。"
                raise Malformed(detail, field="scores")
            required(score.evidence, "evidence")
            sums[indicator.part] += score.points
        return Parts(**{str(part): points for part, points in sums.items()})


def drawn_up(
    number: int,
    indicators: tuple[Indicator, ...],
    policy: tuple[int, ProcurementPolicy],
    now: datetime,
) -> Scheme:
    """P-16: each part adds up to its maximum, and both ways of judging are there."""
    version, numbers = policy
    codes = [one.code for one in indicators]
    if len(set(codes)) < len(codes):
        raise Malformed("指标代码不得重复。", field="indicators")
    for one in indicators:
        required(one.text, "text")
    for part, most in asdict(numbers.parts).items():
        has = sum(one.points for one in indicators if one.part == part)
        if has != most:
            detail = f"{PART_NAMES[part]}部分各项合计 {has} 分，应为 {most} 分。"
            raise RuleBroken(RULES["P-16"], detail, clause=OURS, field="indicators")
    if {one.basis for one in indicators} != set(Basis):
        raise RuleBroken(
            RULES["P-16"], "评估须兼有主观和客观指标。", clause=EVALUATION, field="indicators"
        )
    return Scheme(
        number=number,
        indicators=indicators,
        bands=numbers.bands,
        missed_points=numbers.missed_points,
        policy=version,
        shown_at=now,
    )
