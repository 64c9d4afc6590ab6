"""O-09: ratings by an evaluator of its own standing; O-10: spot checks."""

from datetime import date, datetime

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .days import years_after
from .events import Rated, RatingEnded, SpotChecked
from .organisation import Organisation
from .parts import Rating, SpotCheck
from .registering import Numbers
from .rules import RATING, RULES, SPOT_CHECKS


def rate(
    organisation: Organisation,
    *,
    grade: int,
    evaluator: str,
    document: str,
    on: date,
    until: date | None,
    now: datetime,
    numbers: Numbers,
) -> Rated:
    """For its term, at most the policy's; the next takes the place of the one before, and an older one, entered
    late, of none: but by its own paper it is corrected (ours)."""
    organisation.must_be_on("O-09")
    required_by(RULES["O-09"], evaluator, "evaluator", "须写明独立评估机构。", RATING)
    if evaluator in (organisation.code, organisation.name, organisation.supervising):
        raise RuleBroken(
            RULES["O-09"], "评估机构须独立于该组织。", clause=RATING, field="evaluator"
        )
    required_by(RULES["O-09"], document, "document", clause=RATING)
    if on > local_date(now):
        raise Malformed("评定日期不得晚于今天。", field="on")
    held = organisation.rating
    if held is not None and on < held.on and document != held.document:
        detail = f"已有 {held.on} 评定的等级，较早的评定不再登记。"
        raise RuleBroken(RULES["O-09"], detail, clause=OURS, field="on")
    last = years_after(on, numbers.policy.rating_years)
    ends = until or last
    if not on < ends <= last:
        detail = f"有效期至多 {numbers.policy.rating_years} 年。"
        raise RuleBroken(RULES["O-09"], detail, clause=OURS, field="until")
    if now >= end_of(ends):
        raise Malformed("该评估等级已经过期。", field="until")
    return Rated(
        rating=Rating(grade=grade, evaluator=evaluator, document=document, on=on, until=ends)
    )


def ended(organisation: Organisation, now: datetime) -> tuple[RatingEnded, ...]:
    rating = organisation.rating
    if rating is None or now < end_of(rating.until):
        return ()
    return (RatingEnded(on=local_date(now)),)


def spot_check(
    organisation: Organisation,
    *,
    by: str,
    findings: str,
    document: str,
    on: date,
    draw: str | None,
    now: datetime,
) -> SpotChecked:
    organisation.must_be_on("O-10")
    required_by(RULES["O-10"], findings, "findings", "须写明抽查情况。", SPOT_CHECKS)
    if on > local_date(now):
        raise Malformed("抽查日期不得晚于今天。", field="on")
    return SpotChecked(
        check=SpotCheck(by=by, on=on, findings=findings, document=document, draw=draw)
    )
