"""O-01, O-02: what the register says of an organisation is put right, or follows a change of it (变更登记; ours)."""

from dataclasses import replace
from typing import Any

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .events import RegistrationChanged
from .heads import ALONE, NOT_FOR_SERVANTS
from .kinds import Status
from .organisation import DIRECT, Organisation
from .registering import (
    FIRST_DAY,
    Numbers,
    check_grants,
    check_licensed,
    check_supervised,
    earliest,
)
from .rules import APPROVED_FIRST, OFFICIALS, RULES

SAID = (
    "name",
    "kind",
    "sector",
    "supervising",
    "purpose",
    "scope",
    "funds",
    "grants",
    "licensed",
    "certificate",
    "registered_on",
)


def changed(organisation: Organisation, event: RegistrationChanged) -> Organisation:
    """An application that is put right waits for its supervising unit's word anew."""
    said: dict[str, Any] = {
        field: getattr(event, field) for field in SAID if getattr(event, field) is not None
    }
    if event.street is not None:
        said |= {"street": event.street, "community": event.community}
    if event.sector in DIRECT:
        said |= {"supervising": event.supervising}
    if organisation.status is Status.APPLIED:
        said |= {"approval": None}
    elif event.approval is not None:
        said |= {"approval": event.approval}
    return replace(organisation, **said)


def may_change(organisation: Organisation) -> None:
    if organisation.status not in (Status.APPLIED, Status.REGISTERED):
        detail = "只有在册的，或申请尚未审查的，可以更正或变更登记。"
        raise RuleBroken(RULES["O-02"], detail, clause=OURS)


def change(
    organisation: Organisation, asked: RegistrationChanged, numbers: Numbers
) -> RegistrationChanged:
    """`asked` says everything that was said; what is so already is left out of what happened."""
    may_change(organisation)
    required(asked.reason, "reason")
    another = _another(organisation, asked)
    if all(getattr(another, field) is None for field in (*SAID, "street")):
        detail = "须写明更正或变更后的内容，且与现在的不同。"
        raise RuleBroken(RULES["O-02"], detail, clause=OURS, field="name")
    _dated(organisation, another, numbers)
    after = changed(organisation, another)
    for field in ("name", "purpose", "scope", "certificate"):
        if getattr(another, field) is not None:
            required_by(RULES["O-02"], getattr(another, field), field)
    if (another.sector, another.supervising) != (None, None):
        check_supervised(after.sector, after.supervising)
        if another.on is not None and not after.direct and another.approval is None:
            detail = "变更类别或业务主管单位，须写明批准文件的文号。"
            raise RuleBroken(RULES["O-01"], detail, clause=APPROVED_FIRST, field="document")
    if another.kind is not None or another.grants is not None:
        check_grants(after.kind, after.grants)
    check_licensed(another.licensed or ())
    if another.kind is not None:
        _headed(after)
    return another


def _another(organisation: Organisation, asked: RegistrationChanged) -> RegistrationChanged:
    """A sector that is registered directly is said again where a supervising unit was entered beside it."""
    same: dict[str, Any] = {
        field: None for field in SAID if getattr(asked, field) == getattr(organisation, field)
    }
    if asked.sector in DIRECT and organisation.supervising is not None:
        same.pop("sector", None)
        same.pop("supervising", None)
    if (asked.street, asked.community) == (organisation.street, organisation.community):
        same |= {"street": None, "community": None}
    return replace(asked, **same)


def _dated(organisation: Organisation, another: RegistrationChanged, numbers: Numbers) -> None:
    today = local_date(another.at)
    if organisation.registered_on is None:
        for field in ("certificate", "registered_on", "on", "approval"):
            if getattr(another, field) is not None:
                called = "document" if field == "approval" else field
                raise Malformed("申请尚未登记，不填此项。", field=called)
        return
    first = local_date(earliest(organisation, numbers)) if organisation.examination else FIRST_DAY
    if another.registered_on is not None and not first <= another.registered_on <= today:
        raise Malformed(f"登记日期须在 {first} 至今天之间。", field="registered_on")
    since = another.registered_on or organisation.registered_on
    if another.on is not None and not since <= another.on <= today:
        raise Malformed(f"变更日期须在登记日期（{since}）至今天之间。", field="on")


def _headed(after: Organisation) -> None:
    """O-06: by another kind nobody heads it who couldn't have been seated."""
    heads = [one for one in after.heads if one.post in ALONE and one.left_on is None]
    if after.kind in NOT_FOR_SERVANTS and any(one.civil_servant for one in heads):
        detail = "在职公务员不得担任基金会、社会服务机构的负责人，请先更换负责人。"
        raise RuleBroken(RULES["O-06"], detail, clause=OFFICIALS, field="kind")
