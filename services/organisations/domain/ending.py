"""O-11: how an organisation comes off the register; its assets are never shared out."""

from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required, required_by

from .events import Deregistered, EndBegun, EndWithdrawn, Liquidated
from .kinds import Ending, Status
from .organisation import Organisation
from .parts import End
from .rules import LEAVING, RULES


def may_end(organisation: Organisation) -> None:
    organisation.must_be_on("O-11")


def begin(
    organisation: Organisation, *, how: Ending, document: str, findings: str, now: datetime
) -> EndBegun:
    may_end(organisation)
    required_by(RULES["O-11"], document, "document", "须写明决定的文号。", LEAVING)
    required_by(RULES["O-11"], findings, "findings", "须写明事由。", LEAVING)
    today = local_date(now)
    return EndBegun(end=End(how=how, document=document, findings=findings, begun_on=today))


def may_liquidate(organisation: Organisation) -> None:
    if organisation.status is not Status.LIQUIDATING or organisation.end is None:
        raise RuleBroken(RULES["O-11"], "该组织未在清算。", clause=OURS)
    if organisation.end.liquidation is not None:
        raise RuleBroken(RULES["O-11"], "清算报告已经提交。", clause=OURS)


def liquidate(
    organisation: Organisation, *, document: str, assets_to: str, shared_out: bool, now: datetime
) -> Liquidated:
    may_liquidate(organisation)
    if shared_out:
        raise RuleBroken(RULES["O-11"], "剩余财产不得分配。", clause=LEAVING, field="shared_out")
    required_by(RULES["O-11"], document, "document", "须写明清算报告的文号。", LEAVING)
    required_by(RULES["O-11"], assets_to, "assets_to", "须写明剩余财产的去向。", LEAVING)
    return Liquidated(document=document, assets_to=assets_to, at=now)


def may_withdraw(organisation: Organisation) -> None:
    if organisation.status is not Status.LIQUIDATING:
        raise RuleBroken(RULES["O-11"], "该组织未在清算。", clause=OURS)


def withdraw(organisation: Organisation, *, reason: str, now: datetime) -> EndWithdrawn:
    """O-11 (ours): what was begun by mistake, as of another organisation, until it is deregistered."""
    may_withdraw(organisation)
    required(reason, "reason")
    return EndWithdrawn(reason=reason, at=now)


def may_deregister(organisation: Organisation) -> None:
    end = organisation.end
    if organisation.status is not Status.LIQUIDATING or end is None or end.liquidation is None:
        raise RuleBroken(RULES["O-11"], "清算之后方可注销。", clause=LEAVING)


def deregister(organisation: Organisation, now: datetime) -> Deregistered:
    may_deregister(organisation)
    return Deregistered(on=local_date(now))
