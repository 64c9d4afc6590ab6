"""The shape of this service's policy: the numbers that the documents leave to the platform."""

from dataclasses import dataclass

from chassis.kernel.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationsPolicy:
    """`examination_days` (O-02): working days that a registration takes at least; `answer_days` (O-10):
    working days to answer a listing; `blacklist_years` (O-10): its term, where the decision says none.
    """

    examination_days: int
    answer_days: int
    blacklist_years: int


def check(policy: OrganisationsPolicy) -> None:
    for field in ("examination_days", "answer_days", "blacklist_years"):
        if getattr(policy, field) <= 0:
            raise Malformed("须大于零。", field=field)
