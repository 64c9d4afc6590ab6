"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.errors import Malformed
from chassis.kernel.terms import check_terms

from .disclosure import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days that a worker's name and certificates are kept after the last post, who asked after the answer."""

    worker_days: int
    asker_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AffairsPolicy:
    """`least_recognition`: of 100 residents asked; with fewer, what is assessed falls short.
    `brief_days`: how long what is asked for as short lasts at most.
    `levelless_fen`: a month's base of posts without a level. `average_wage_fen`: a month's, by year.
    `disclosures`: what every community discloses, by code.
    """

    least_recognition: int
    brief_days: int
    levelless_fen: int
    average_wage_fen: Mapping[str, int]
    disclosures: Mapping[str, Template]
    retention: Retention


def check(policy: AffairsPolicy) -> None:
    if not 0 <= policy.least_recognition <= 100:
        raise Malformed("居民认可度为 0 到 100。", field="least_recognition")
    if policy.brief_days < 1:
        raise Malformed("短期事项至少一天。", field="brief_days")
    if policy.levelless_fen < 0:
        raise Malformed("不得为负。", field="levelless_fen")
    for year, fen in policy.average_wage_fen.items():
        if not (year.isdecimal() and len(year) == 4) or fen <= 0:
            raise Malformed("写作年度和大于零的分。", field="average_wage_fen")
    for one in policy.disclosures.values():
        if not one.what.strip() or one.days <= 0:
            raise Malformed("每项公开须写明内容和天数。", field="disclosures")
    check_terms(policy.retention)
