"""M-02: who the parties are and what was said is sealed; it is read with a reason."""

from collections.abc import Mapping
from datetime import datetime

from chassis.kernel.errors import OURS, NotFound, RuleBroken
from chassis.kernel.required import required, required_by

from .case import Case
from .dispute import Party
from .events import PartyForgotten, PartyNamed, SealedRead, SealedRemoved
from .mediating import known
from .rules import RULES


def may_name(case: Case) -> None:
    """Not once its term is over: what went stays away."""
    if case.removed_at is not None:
        raise RuleBroken(
            RULES["M-02"], "封存内容的保存期已满并已删除，不再登记当事人。", clause=OURS
        )


def name(case: Case, party: str, person: Mapping[str, str]) -> PartyNamed:
    may_name(case)
    one = known(case, party)
    required(person["name"], "name", "请写明姓名或名称。")
    return PartyNamed(party=one)


def read(by: str, reason: str, now: datetime) -> SealedRead:
    required_by(RULES["M-02"], reason, "reason", "查看须写明理由。", OURS)
    return SealedRead(by=by, reason=reason, at=now)


def may_forget(case: Case, party: str) -> None:
    if party not in case.named:
        raise NotFound("该方当事人没有登记姓名。")


def forget(case: Case, party: str) -> PartyForgotten:
    may_forget(case, party)
    return PartyForgotten(party=Party(party))


def lapse(case: Case, now: datetime) -> tuple[SealedRemoved, ...]:
    """Once."""
    return (SealedRemoved(at=now),) if case.over is not None else ()
