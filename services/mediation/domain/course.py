"""M-02, M-03, M-06: how a case comes in, whose it is, and how it is handed on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from .case import Case
from .clocks import Clocks, late
from .dispute import Awaited, Party, Risk, Source, Way
from .events import (
    CaseAccepted,
    CaseAssigned,
    CaseEvent,
    CaseHanded,
    CaseRegistered,
    CaseReturned,
    CaseVoided,
    PartyJoined,
    PartyNamed,
    ProblemSettled,
    RiskRaised,
)
from .resettling import Resettled
from .rules import EARLY, LINKED, RULES, WHOSE

Happened = tuple[CaseEvent, ...]
FINAL = 3
"""Returns after which whose it is has been decided by the district."""


def labels(count: int) -> tuple[Party, ...]:
    """What the parties are called here."""
    if not 2 <= count <= len(Party):
        raise Malformed(f"当事人为 2 到 {len(Party)} 方。", field="parties")
    return tuple(Party)[:count]


def between(text: str, count: int, names: Sequence[str]) -> tuple[Party, ...]:
    """Whom a dispute is between, so many of whom the first are named, once it is said what it is about."""
    required_by(RULES["M-02"], text, "text", "须写明纠纷内容。", EARLY)
    if not 2 <= count <= len(Party):
        raise Malformed(f"当事人为 2 到 {len(Party)} 方。", field="count")
    for place, name in enumerate(names):
        required(name, f"parties.{place}.name", "请写明姓名或名称。")
    return labels(max(count, len(names)))


def resettle(case: Case, to: Resettled) -> tuple[Resettled, ...]:
    """Of one that concerns the office, once."""
    there = case.became.get(to.before, to.before), case.streets.get(to.office, case.street)
    concerned = to.before in case.offices
    return (to,) if concerned and there != (to.office, to.street) else ()


def register(registered: CaseRegistered, clocks: Clocks) -> Happened:
    """M-02, M-08: what may become a mass incident is told at once, and wants somebody in charge."""
    now = registered.at
    if (registered.source is Source.WHISTLE) != (registered.problem is not None):
        raise Malformed("吹哨报到转来的纠纷写明问题编号，其余不写。", field="problem")
    if registered.problem is not None and registered.community is None:
        raise Malformed("吹哨报到转来的纠纷写明问题所在社区。", field="community")
    happened: Happened = (registered, clocks.started(Awaited.RESPONSE, now))
    if registered.risk is not Risk.MASS:
        return happened
    raised = RiskRaised(risk=Risk.MASS, reason="登记时即为此等级。", at=now)
    return (*happened, raised, clocks.started(Awaited.CHARGE, now))


def take_in(registered: CaseRegistered, to: Resettled | None, clocks: Clocks) -> Happened:
    """From elsewhere, where it arose; M-06: `to` where what is of its community went since."""
    happened = register(registered, clocks)
    if to is None or (to.before, registered.street) == (to.office, to.street):
        return happened
    return (*happened, to)


def named_at_first(parties: Iterable[Party]) -> tuple[PartyNamed, ...]:
    return tuple(PartyNamed(party=party) for party in parties)


def may_void(case: Case, by: str) -> None:
    case.may("void")
    if by != case.registrar:
        raise RuleBroken(RULES["M-02"], "由登记该纠纷的单位撤销登记。", clause=OURS)
    if case.accepted_at is not None:
        detail = "已经受理过的纠纷不得撤销登记，依调解程序办结。"
        raise RuleBroken(RULES["M-02"], detail, clause=OURS)
    if case.matter is not None or case.problem is not None:
        detail = "协商、吹哨报到转来的纠纷不得撤销登记，由办理单位写明结果。"
        raise RuleBroken(RULES["M-02"], detail, clause=OURS)
    decided = any(one.office is not None for one in case.screened)
    if case.charge is not None or case.listed is not None or decided:
        detail = "已由排查会议决定、包案或挂牌督办的纠纷不得撤销登记，依调解程序办结。"
        raise RuleBroken(RULES["M-08"], detail, clause=OURS)


def void(case: Case, by: str, reason: str, now: datetime) -> Happened:
    """M-02 (ours): what was entered by mistake, or twice, by who entered it; once somebody has taken it up, or others
    look after it, it ends. What is late by then stays so."""
    may_void(case, by)
    required_by(RULES["M-02"], reason, "reason", "撤销登记须写明理由。", OURS)
    return (*late(case, now), CaseVoided(reason=reason, at=now))


def may_join(case: Case) -> None:
    case.may("join")
    if len(case.parties) == len(Party):
        raise RuleBroken(RULES["M-02"], f"当事人至多 {len(Party)} 方。", clause=EARLY)


def join(case: Case, now: datetime) -> PartyJoined:
    """M-05: who joins comes of its own will, too, and is heard before there is an agreement."""
    may_join(case)
    return PartyJoined(party=tuple(Party)[len(case.parties)], at=now)


def problem_settled(case: Case, now: datetime) -> tuple[ProblemSettled, ...]:
    """Once; it ends nothing here, but whoever has the case knows."""
    return (ProblemSettled(at=now),) if case.problem_settled_at is None else ()


def accept(case: Case, way: Way | None, clocks: Clocks, now: datetime) -> Happened:
    """M-03. By its own way, where no other is named and the office has that."""
    case.may("accept")
    _of_its_kind(way, case.office, clocks)
    ways = clocks.policy.ways_of(case.office)
    own = case.way if case.way in ways else clocks.policy.way_of(case.office)
    accepted = CaseAccepted(way=way or own, at=now)
    return (
        *late(case, now, Awaited.RESPONSE),
        accepted,
        clocks.accepted(now, case.had.get(case.office)),
    )


def _of_its_kind(way: Way | None, office: str, clocks: Clocks) -> None:
    """M-06: judicial mediation is a court's, administrative mediation a department's (ours)."""
    if way is not None and way not in clocks.policy.ways_of(office):
        raise RuleBroken(RULES["M-06"], "该单位不能以此方式调解。", clause=OURS, field="way")


def may_return(case: Case) -> None:
    case.may("whose")
    if len(case.returns) >= FINAL:
        raise RuleBroken(RULES["M-03"], "归属已由区里裁定，不得再退回。", clause=OURS)


def whose(
    case: Case,
    to: str,
    reason: str,
    clocks: Clocks,
    now: datetime,
    *,
    its_street: str | None = None,
) -> Happened:
    """M-03: never just sent back: it names whose it is, in `its_street`."""
    may_return(case)
    if to == case.office:
        raise RuleBroken(RULES["M-03"], "退回须写明另一归属单位。", clause=WHOSE, field="to")
    required_by(RULES["M-03"], reason, "reason", "退回须写明理由。", WHOSE)
    way = clocks.policy.way_of(to)
    returned = CaseReturned(
        office=case.office, to=to, reason=reason, way=way, its_street=its_street, at=now
    )
    awaited = Awaited.DECISION if case.returns else Awaited.RESPONSE
    return (*late(case, now, Awaited.RESPONSE), returned, clocks.started(awaited, now))


def may_assign(case: Case, office: str) -> None:
    """By who decides it: of the second return the street, of the third the district."""
    case.may("assign")
    kind = office.partition(":")[0]
    if kind == "street" and case.deciding == "district":
        raise RuleBroken(RULES["M-03"], "第三次退回由区里裁定。", clause=OURS)


def assign(
    case: Case,
    to: str,
    reason: str,
    by: str,
    clocks: Clocks,
    now: datetime,
    *,
    its_street: str | None = None,
) -> Happened:
    may_assign(case, by)
    required_by(RULES["M-03"], reason, "reason", "裁定须写明理由。", OURS)
    way = clocks.policy.way_of(to)
    assigned = CaseAssigned(
        office=to,
        way=way,
        by=by,
        reason=reason,
        its_street=its_street,
        on=local_date(now),
        at=now,
    )
    decided = late(case, now, Awaited.DECISION)
    return (*decided, assigned, clocks.started(Awaited.RESPONSE, now))


def transfer(
    case: Case,
    *,
    to: str,
    way: Way | None,
    commission: bool,
    reason: str,
    clocks: Clocks,
    now: datetime,
    its_street: str | None = None,
) -> Happened:
    """M-06: the case goes as it is; a commission comes back where it leads to nothing."""
    case.may("transfer")
    _of_its_kind(way, to, clocks)
    there = way or clocks.policy.way_of(to)
    if (to, there) == (case.office, case.way):
        detail = "移交或委托须写明另一单位或另一调解方式。"
        raise RuleBroken(RULES["M-06"], detail, clause=LINKED, field="to")
    if commission and to == case.office:
        raise RuleBroken(RULES["M-06"], "委托须写明另一单位。", clause=LINKED, field="to")
    required(reason, "reason", "请写明理由。")
    handed = CaseHanded(
        office=to,
        way=there,
        commission=commission,
        reason=reason,
        its_street=its_street,
        at=now,
    )
    return (*late(case, now, Awaited.MEDIATION), handed, clocks.started(Awaited.RESPONSE, now))
