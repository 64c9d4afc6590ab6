"""Whether an applicant may file an application for a call: what it is, what it won, what it says."""

from collections.abc import Iterable
from dataclasses import replace

from chassis.kernel.clock import WorkTime

from .applicant import Applicant
from .application import Application
from .call import Call
from .guide import GuideItem
from .hearing import Hearing
from .lots import apart
from .sellers import may_apply


def check(
    call: Call,
    application: Application,
    applicant: Applicant,
    *,
    won: Iterable[Call],
    work: WorkTime,
    guide: Iterable[GuideItem],
    hearing: Hearing | None,
) -> None:
    """P-05 to P-07, P-10, P-28, P-34, P-38: on screen as from a file."""
    may_apply(applicant.supplier.kind)
    apart(call, won)
    call.may_take(application, applicant.standing, work, guide, hearing)


def taken_part_in(call: Call, kind: str, code: str | None) -> Call:
    """P-12 (ours): with the applications and points that are its own, for who takes part in a call and isn't shown
    it: the ranking is public, who of the panel gave whom how many points isn't."""
    expert = code if kind == "expert" else None
    own = (
        one
        for one in call.applications
        if (kind, code) in (("supplier", one.supplier), ("community", one.community))
    )
    return replace(
        call,
        applications=tuple(own),
        sealed=tuple(one for one in call.sealed if one.expert == expert),
        scores=tuple((by, points) for by, points in call.scores if by == expert),
    )
