"""What is said of a whistle: what a side thinks of it, and whose a unit says it is."""

from dataclasses import dataclass

from .events import Finding, Marker


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one side thinks of it, 0 to 100, under a version of the policy."""

    by: Marker
    points: int
    findings: tuple[Finding, ...] = ()
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Which unit said it isn't theirs, and whose it is."""

    unit: str
    whose: str
    ground: str
