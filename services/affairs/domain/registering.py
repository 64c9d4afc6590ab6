"""A-11: another group's admission on the register: a higher one's told down, a lower one's reported up."""

from dataclasses import replace
from datetime import date, datetime

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .admission import Admission, Group, Mode, Registered, RegistrationCorrected
from .admitting import staged
from .free import to_come
from .rules import RULES


def whose(group: Group, office: str) -> None:
    """A street's is the street's to register, the city's the leading group's office's."""
    kind = office.partition(":")[0]
    if kind == "street" and group is not Group.STREET:
        detail = "街道只登记街道准入的，市里准入的由区领导小组办公室登记。"
        raise RuleBroken(RULES["A-11"], detail, field="group")
    if kind == "department" and group is Group.STREET:
        raise RuleBroken(RULES["A-11"], "街道准入的由该街道登记。", field="group")


def register(registered: Registered) -> Registered:
    """By the group's own document."""
    if registered.group is Group.DISTRICT:
        raise RuleBroken(RULES["A-11"], "区里的准入由申请而来。", field="group")
    _whole(registered)
    return registered


def may_correct(known: Admission) -> None:
    if known.group is Group.DISTRICT or not known.in_force:
        detail = "仍在社区的上下级准入方可更正。"
        raise RuleBroken(RULES["A-11"], detail, clause=OURS)


def correct(
    known: Admission,
    *,
    item: str,
    document: str,
    mode: Mode,
    scope: str,
    funds: int,
    until: date | None,
    reason: str,
    now: datetime,
) -> RegistrationCorrected:
    """A-11 (ours): what the document says, held to the same, and no less than came of its funds. Of whom and where it
    is asked stays: one that was registered in the wrong place ends with its term."""
    may_correct(known)
    right = RegistrationCorrected(
        item=item,
        document=document,
        mode=mode,
        scope=scope,
        funds=funds,
        until=until,
        reason=reason,
        at=now,
    )
    _whole(right)
    if put_right(known, right) == known:
        raise RuleBroken(RULES["A-11"], "与登记的内容相同。", clause=OURS, field="item")
    came = sum(known.arrived.values())
    if funds < came:
        detail = f"已登记到账 {came} 分，经费不得少于此数；到账有误的先更正到账金额。"
        raise RuleBroken(RULES["A-11"], detail, clause=OURS, field="funds")
    required_by(RULES["A-11"], reason, "reason", "更正须写明理由。", OURS)
    return right


def _whole(said: Registered | RegistrationCorrected) -> None:
    required_by(RULES["A-11"], said.item, "item", "须写明事项名称。")
    required_by(RULES["A-11"], said.document, "document", "须写明准入文件。")
    staged(said.mode, said.scope, said.until)
    to_come(said.until, said.at)


def put_right(known: Admission, right: RegistrationCorrected) -> Admission:
    return replace(
        known,
        item=right.item,
        document=right.document,
        mode=right.mode,
        scope=right.scope,
        funds=right.funds,
        until=right.until,
    )
