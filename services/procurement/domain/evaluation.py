"""An evaluation (评估): three stages, four parts, 1000 points, a band."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import Malformed

SCALE = 1000


class Stage(StrEnum):
    """前期, 中期 and 末期, in this order."""

    BEFORE = "before"
    MID = "mid"
    FINAL = "final"


STAGES = tuple(Stage)


class Band(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


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
                detail = f"{part} 为 0 到 {highest[part]} 的整数（满分为平台默认值）。"
                raise Malformed(detail, field=f"parts.{part}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation as given, under a version of the policy; `by` is the office that gave it."""

    stage: Stage
    parts: Parts
    points: int
    band: Band
    policy: int
    by: str | None = None
    at: datetime
