"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from chassis.kernel.errors import Malformed
from chassis.kernel.media import LARGEST_PHOTO
from chassis.kernel.terms import check_term

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many seats, both ends included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a matter can be about."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A subject head of the catalogue (协商目录) that topics fall under."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """C-11, C-12: working days for each step after the session; `progress_days` are natural ones;
    `answer_days` (C-20): working days to answer what a member found."""

    report_days: int
    filing_days: int
    decision_days: int
    feedback_days: int
    publication_days: int
    progress_days: int
    answer_days: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPolicy:
    """How many fixed members "about 50" of a street are, and those of a quarter or building (C-01),
    `publicity_days` (C-02) and `notice_days` (C-07), working days, `early_minutes` and
    `late_minutes`: how long before and after the time it was called for a session may open (C-07), the
    categories, and the subject heads of a street's and a community's catalogue (C-16);
    `referred_head`: that of what comes from the level below, until it is settled;
    `name_days`: how long a name is kept after its seat's end (C-14), `photo_days` photographs after their
    matter's (C-18), `proposal_days` what a resident proposed after it came to an end (C-24);
    `photo_bytes`: the largest photograph of a step (C-18).

    A matter's category travels with its referral, so these are the codes whistle knows as well.
    """

    publicity_days: int
    notice_days: int
    follow_up: FollowUp
    street_size: Size
    small_size: Size
    categories: Mapping[str, Category]
    community_heads: Mapping[str, Head]
    street_heads: Mapping[str, Head]
    referred_head: str
    early_minutes: int = 30
    late_minutes: int = 120
    photo_bytes: int = 5 * 2**20
    name_days: int = 90
    photo_days: int = 1095
    proposal_days: int = 365


def check(policy: ConsultationPolicy) -> None:
    if not 1 <= policy.photo_bytes <= LARGEST_PHOTO:
        raise Malformed(f"照片上限须在 1 与 {LARGEST_PHOTO} 之间。", field="photo_bytes")
    for minutes in ("early_minutes", "late_minutes"):
        if not 0 <= getattr(policy, minutes) < DAY_MINUTES:
            raise Malformed("提前、推迟的分钟数应不小于零、不足一天。", field=minutes)
    for days in ("publicity_days", "notice_days"):
        if getattr(policy, days) <= 0:
            raise Malformed("天数须大于零。", field=days)
    for term in ("name_days", "photo_days", "proposal_days"):
        check_term(getattr(policy, term), term)
    if min(astuple(policy.follow_up)) <= 0:
        raise Malformed("天数须大于零。", field="follow_up")
    if policy.referred_head not in policy.street_heads.keys() & policy.community_heads.keys():
        raise Malformed("报上来的议题暂归的类目须在两级目录中。", field="referred_head")
    for field in ("street_size", "small_size"):
        size: Size = getattr(policy, field)
        if not 0 < size.least <= size.most:
            raise Malformed("规模下限须大于零且不大于上限。", field=field)
