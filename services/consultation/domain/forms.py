"""C-30: which form there is of a matter or a session, and from when on."""

from enum import StrEnum

from chassis.kernel.errors import RuleBroken

from .committee import Level
from .matter import Matter
from .rules import FORMS, RULES
from .session import Session


class MatterForm(StrEnum):
    """议事专报, 意见表, 意见交办单, 办理反馈单."""

    REPORT = "report"
    OPINIONS = "opinions"
    ASSIGNMENT = "assignment"
    HANDLING = "handling"


class SessionForm(StrEnum):
    """协商会议纪要, 签到表."""

    MINUTES = "minutes"
    SIGN_IN = "sign_in"


def of_matter(form: MatterForm, matter: Matter) -> None:
    """Only what its record fills."""
    if matter.conclusion is None:
        raise _none("该事项尚无议事结果。")
    match form:
        case MatterForm.REPORT if matter.level is not Level.STREET:
            raise _none("《议事专报》是街道议事成果的。")
        case MatterForm.ASSIGNMENT if not matter.units:
            raise _none("该事项没有责任单位，无须交办。")
        case MatterForm.HANDLING if not (matter.feedback or matter.notice or matter.progress):
            raise _none("该事项尚未反馈、公布或通报。")


def of_session(form: SessionForm, session: Session) -> None:
    if form is SessionForm.MINUTES and not session.minutes:
        raise _none("会议尚未结束，没有纪要。")


def _none(detail: str) -> RuleBroken:
    return RuleBroken(RULES["C-30"], detail, clause=FORMS)
