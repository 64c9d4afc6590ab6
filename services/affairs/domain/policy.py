"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from dataclasses import dataclass

from chassis.kernel.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class AffairsPolicy:
    """`least_recognition`: of 100 residents asked; with fewer, what is assessed falls short."""

    least_recognition: int


def check(policy: AffairsPolicy) -> None:
    if not 0 <= policy.least_recognition <= 100:
        raise Malformed("居民认可度为 0 到 100。", field="least_recognition")
