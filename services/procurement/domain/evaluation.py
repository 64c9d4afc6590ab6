"""An evaluation (评估): three stages, four parts, 1000 points, a band."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .gathered import Gathered
from .rules import CONCLUDED, EVALUATION, JUDGED, PUBLICITY, RULES
from .verdict import Verdict, judged_at

SCALE = 1000
FOCUS_GROUPS = 2
SAMPLE = 5


class Stage(StrEnum):
    """前期, 中期 and 末期, in this order."""

    BEFORE = "before"
    MID = "mid"
    FINAL = "final"


STAGES = tuple(Stage)
STAGE_NAMES = {Stage.BEFORE: "前期评估", Stage.MID: "中期评估", Stage.FINAL: "末期评估"}


class Band(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


BAND_NAMES = {
    Band.EXCELLENT: "优秀",
    Band.GOOD: "良好",
    Band.QUALIFIED: "合格",
    Band.UNQUALIFIED: "不合格",
}
PART_NAMES = {
    "professional": "专业标准",
    "output": "服务量与产出",
    "quality": "服务质量",
    "management": "项目和机构管理",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Points by part: professional standard, volume and output, quality, and management of project
    and organisation."""

    professional: int
    output: int
    quality: int
    management: int

    @property
    def total(self) -> int:
        return self.professional + self.output + self.quality + self.management

    def fit(self, most: "Parts") -> None:
        """None below nothing, none above its part's maximum."""
        highest = asdict(most)
        for part, points in asdict(self).items():
            if not 0 <= points <= highest[part]:
                detail = f"{PART_NAMES[part]}为 0 到 {highest[part]} 的整数（满分为平台默认值）。"
                raise Malformed(detail, field=f"parts.{part}")


def sampled(contract: str, stage: Stage) -> bool:
    """P-16: one evaluation in five is scored a second time (ours); which one, anybody can work out again."""
    return int(hashlib.sha256(f"{contract}|{stage}".encode()).hexdigest(), 16) % SAMPLE == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one indicator of the scheme was given, and the papers it rests on."""

    code: str
    points: int
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The four sides of a 三社联动 evaluation: residents satisfied and targets met, in per cent, and what the
    department and the community say."""

    satisfaction: int
    targets: int
    department: str
    community: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What an evaluator says: of the stage before the project the parts, later each indicator's score."""

    stage: Stage
    parts: Parts | None = None
    scores: tuple[Score, ...] = ()
    focus_groups: int = 0
    sides: Sides | None = None
    supervision: str = ""
    """What is said of the supervision."""
    verdicts: tuple[Verdict, ...] = ()
    gathered: Gathered | None = None
    independent: bool = False
    """That who evaluates has no interest in it (利益无关), as it declares."""

    def declared(self) -> None:
        """P-11: said with each evaluation."""
        if not self.independent:
            detail = "评估方须声明与购买方、督导方、承接方和受益方无利益关系。"
            raise RuleBroken(RULES["P-11"], detail, clause=EVALUATION, field="independent")

    def with_figures(self) -> Gathered:
        """P-16, P-21: what was seen and heard, and how much was done."""
        if self.gathered is None:
            detail = "须写明走访、访谈和服务量。"
            raise RuleBroken(RULES["P-21"], detail, field="gathered")
        return self.gathered

    def of_the_supervision(self) -> None:
        """P-22: at the end it is judged as well."""
        required_by(
            RULES["P-22"], self.supervision, "supervision", "须评价督导工作。", clause=JUDGED
        )

    def of_its_stage(self, supervised: bool) -> None:
        """P-20: what this stage has to judge."""
        judged_at(self.stage, self.verdicts, supervised=supervised)

    def by_all_three(self) -> None:
        """P-16: the purchaser and the users beside the third party, of a department's or street's own purchase."""
        if self.sides is None:
            detail = "购买方、服务对象和第三方共同评估，须写明服务对象满意度和购买方意见。"
            raise RuleBroken(RULES["P-16"], detail, clause=PUBLICITY, field="sides")
        required(self.sides.department, "department")

    def from_four_sides(self) -> None:
        """P-27: all of them, each saying something."""
        if self.sides is None:
            detail = "三社联动项目从居民满意度、目标完成、部门意见和社区意见四方面评估。"
            raise RuleBroken(RULES["P-27"], detail, clause=CONCLUDED, field="sides")
        for opinion in ("department", "community"):
            required(getattr(self.sides, opinion), opinion)

    def in_parts(self) -> Parts:
        if self.parts is None or self.scores:
            raise Malformed("前期评估按四个部分给分。", field="parts")
        return self.parts

    def scored(self) -> tuple[Score, ...]:
        """P-16: with at least two focus groups held."""
        if self.parts is not None or not self.scores:
            raise Malformed("中期和末期评估按方案逐项给分。", field="scores")
        if self.focus_groups < FOCUS_GROUPS:
            raise RuleBroken(
                RULES["P-16"],
                "每次评估至少组织两次焦点小组。",
                clause=EVALUATION,
                field="focus_groups",
            )
        return self.scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation as given, under a version of the policy; `by` is the office that gave it."""

    stage: Stage
    parts: Parts
    points: int
    band: Band
    policy: int
    by: str | None = None
    scores: tuple[Score, ...] = ()
    focus_groups: int = 0
    sides: Sides | None = None
    supervision: str = ""
    verdicts: tuple[Verdict, ...] = ()
    gathered: Gathered | None = None
    independent: bool = False
    missed: int = 0
    """What was found while it ran and not put right in time, and is counted here."""
    at: datetime
