"""M-02: who the parties are and what was said is sealed; it is read with a reason."""

from collections.abc import Mapping
from datetime import datetime

from chassis.kernel.errors import NotFound
from chassis.kernel.said import said, said_by

from .case import Case
from .events import PartyForgotten, PartyNamed, SealedRead
from .mediating import known
from .rules import EARLY, RULES


def name(case: Case, party: str, person: Mapping[str, str]) -> PartyNamed:
    known(case, party)
    said(person["name"], "name", "请写明姓名或名称。")
    return PartyNamed(party=party)


def read(by: str, reason: str, now: datetime) -> SealedRead:
    said_by(RULES["M-02"], reason, "reason", "查看须写明理由。", EARLY)
    return SealedRead(by=by, reason=reason, at=now)


def may_forget(case: Case, party: str) -> None:
    if party not in case.named:
        raise NotFound("该方当事人没有登记姓名。")


def forget(case: Case, party: str) -> PartyForgotten:
    may_forget(case, party)
    return PartyForgotten(party=party)
