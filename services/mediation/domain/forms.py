"""Which form a case fills: none before it came that far (M-04)."""

from enum import StrEnum

from chassis.kernel.errors import RuleBroken

from .case import Case
from .rules import COURSE, RULES


class CaseForm(StrEnum):
    AGREEMENT = "agreement"
    VISIT = "visit"


def of_case(form: CaseForm, case: Case) -> None:
    """An agreement to be signed from the first session on, a visit's sheet once it is performed."""
    if form is CaseForm.AGREEMENT and not case.sessions:
        raise RuleBroken(RULES["M-04"], "尚未调解，没有协议可打印。", clause=COURSE)
    if form is CaseForm.VISIT and case.performed is None:
        raise RuleBroken(RULES["M-04"], "尚未履行，没有回访表可打印。", clause=COURSE)
