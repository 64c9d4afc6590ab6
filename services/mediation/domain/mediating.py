"""M-05, M-06, M-09, M-10: the mediation itself, from the parties' own will to what it comes to."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from chassis.kernel.clock import due_minute, end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.mediation.vocabulary import WORDS

from .case import Case, Status
from .clocks import Clocks, late, until
from .course import Happened
from .dispute import Awaited, Body, Conflict, Dispute, How, Party, Remedy, Risk
from .events import (
    Agreement,
    AgreementSigned,
    CaseEnded,
    ClockStarted,
    CommissionReturned,
    MediationExtended,
    MediatorRecused,
    SessionHeld,
    SessionStruck,
    WillSaid,
)
from .rules import CHARGED, CORPS, COURSE, HOSPITALS, RULES, TOLD

AFTER_AGREEMENT = frozenset({How.NOT_PERFORMED})


def will(case: Case, party: str, willing: bool, now: datetime) -> WillSaid:
    """M-05: of its own; one that came may leave."""
    case.may("will")
    return WillSaid(party=known(case, party), willing=willing, at=now)


def known(case: Case, party: str, field: str = "party") -> Party:
    if party not in case.parties:
        raise Malformed(f"没有这一方当事人：{party}", field=field)
    return Party(party)


def may_meet(case: Case, step: str = "session") -> None:
    """M-05: where every party comes of its own will."""
    case.may(step)
    if case.unwilling:
        who = "、".join(word_of(one, WORDS) for one in case.unwilling)
        detail = f"调解须各方自愿：{who}尚未表示同意或已退出。"
        raise RuleBroken(RULES["M-05"], detail)


def meet(
    case: Case, *, on: date, body: Body, mediators: tuple[str, ...], now: datetime
) -> SessionHeld:
    may_meet(case)
    come(on, now)
    _since(case, on)
    if case.dispute is Dispute.MEDICAL and body is Body.HOSPITAL_COUNCIL:
        detail = "医疗纠纷不由医院协商议事会协商。"
        raise RuleBroken(RULES["M-09"], detail, clause=HOSPITALS, field="body")
    if not mediators:
        raise Malformed("请写明调解员。", field="mediators")
    if len(set(mediators)) < len(mediators):
        raise Malformed("调解员不得重复。", field="mediators")
    out = recused_of(case, mediators)
    if out:
        detail = f"须回避的调解员不得主持：{'、'.join(out)}。"
        raise RuleBroken(RULES["M-10"], detail, clause=CORPS, field="mediators")
    return SessionHeld(on=on, body=body, mediators=mediators, at=now)


def may_strike(case: Case) -> None:
    case.may("strike_session")
    if not case.sessions:
        raise RuleBroken(RULES["M-04"], "没有可撤销的调解记录。", clause=OURS)


def strike(case: Case, reason: str, now: datetime) -> SessionStruck:
    """M-04 (ours): the last one, until it came to an agreement or the case went on; it is entered anew."""
    may_strike(case)
    required_by(RULES["M-04"], reason, "reason", "撤销调解记录须写明理由。", OURS)
    return SessionStruck(reason=reason, at=now)


def _since(case: Case, on: date) -> None:
    """M-04: after it was accepted, and after the visit that found it open again."""
    if case.accepted_at is not None and on < local_date(case.accepted_at):
        raise RuleBroken(RULES["M-04"], "调解不得早于受理。", clause=COURSE, field="on")
    if case.visits and on < case.visits[-1].on:
        raise RuleBroken(RULES["M-04"], "再次调解不得早于回访。", clause=COURSE, field="on")


def recused_of(case: Case, mediators: Iterable[str]) -> list[str]:
    out = {one.mediator for one in case.recused}
    return sorted(out.intersection(mediators))


def recuse(case: Case, mediator: str, why: Conflict, now: datetime) -> MediatorRecused:
    """M-10: whenever it comes out, until the case is over."""
    case.may("recuse")
    if any(one.mediator == mediator for one in case.recused):
        raise Malformed("该调解员已回避。", field="mediator")
    return MediatorRecused(mediator=mediator, why=why, at=now)


def may_extend(case: Case, now: datetime) -> None:
    """M-04: once, and while its days run: what has run out is over, not longer (ours)."""
    case.may("extend")
    if case.extended:
        raise RuleBroken(RULES["M-04"], "调解期限只能延长一次。", clause=OURS)
    due = _mediated_by(case)
    if due is not None and now > due:
        detail = f"调解期限已满（至 {due_minute(due)}），须在期满前延长。"
        raise RuleBroken(RULES["M-04"], detail, clause=OURS)


def _mediated_by(case: Case) -> datetime | None:
    return next((one.due for one in case.clocks if one.awaited is Awaited.MEDIATION), None)


def extend(case: Case, agreed: Iterable[Party], clocks: Clocks, now: datetime) -> Happened:
    """M-04: by every party's word, from the date that would have been."""
    may_extend(case, now)
    if set(agreed) != set(case.parties):
        raise RuleBroken(RULES["M-04"], "延长须各方当事人同意。", clause=OURS, field="agreed")
    longer = (_mediated_by(case) or now) + timedelta(days=clocks.policy.mediation_days)
    return MediationExtended(at=now), ClockStarted(awaited=Awaited.MEDIATION, due=longer)


def may_agree(case: Case) -> None:
    may_meet(case, "agree")
    if not case.sessions:
        raise RuleBroken(RULES["M-04"], "未经调解不得登记协议。", clause=COURSE)
    out = recused_of(case, led_by(case))
    if out:
        detail = f"主持调解的{'、'.join(out)}须回避，请由他人另行调解后再登记协议。"
        raise RuleBroken(RULES["M-10"], detail, clause=OURS)


def agree(case: Case, agreement: Agreement, terms: str, now: datetime) -> Happened:
    """M-05: signed by every party, each of its own will; its terms are kept apart."""
    may_agree(case)
    required_by(RULES["M-05"], terms, "terms", "须写明协议内容。")
    if len(set(agreement.signed)) < len(agreement.signed):
        raise Malformed("签字的当事人不得重复。", field="signed")
    if set(agreement.signed) != set(case.parties):
        detail = "协议须各方当事人签字，否则不得登记。"
        raise RuleBroken(RULES["M-05"], detail, field="signed")
    dated(case, agreement, now)
    signed = AgreementSigned(agreement=agreement, at=now)
    performing = until(Awaited.PERFORMANCE, agreement.perform_by)
    return (*late(case, now, Awaited.MEDIATION), signed, performing)


def dated(case: Case, agreement: Agreement, now: datetime) -> None:
    """M-04: signed after it was mediated, to be performed after that."""
    come(agreement.signed_on, now, "signed_on")
    if agreement.signed_on < max(one.on for one in case.sessions):
        raise RuleBroken(RULES["M-04"], "签字不得早于调解。", clause=COURSE, field="signed_on")
    if agreement.perform_by < agreement.signed_on:
        raise Malformed("履行日期不得早于签字。", field="perform_by")
    if agreement.amount is not None and agreement.amount <= 0:
        raise Malformed("金额须大于零。", field="amount")


def fail(case: Case, how: How, told: tuple[Remedy, ...], clocks: Clocks, now: datetime) -> Happened:
    """M-06: what is unsuited or fails ends with the parties told where else to go."""
    may_fail(case)
    _truly(case, how, now)
    if not told:
        detail = "须告知当事人仲裁、复议、裁决或诉讼等途径。"
        raise RuleBroken(RULES["M-06"], detail, clause=TOLD, field="told")
    missed = late(case, now, Awaited.MEDIATION, Awaited.PERFORMANCE)
    if case.commissions:
        returned = CommissionReturned(how=how, at=now)
        (office, _) = case.commissions[-1]
        return (*missed, returned, clocks.returned(now, case.had.get(office)))
    return (*late(case, now), CaseEnded(how=how, told=tuple(dict.fromkeys(told)), at=now))


def _truly(case: Case, how: How, now: datetime) -> None:
    """What is said of it is so."""
    if how is How.SETTLED:
        raise RuleBroken(RULES["M-04"], "调解成功的案件以回访结案。", clause=COURSE, field="how")
    if (how in AFTER_AGREEMENT) != (case.status is Status.AGREED):
        detail = "达成协议之后只有不履行，之前没有不履行。"
        raise RuleBroken(RULES["M-04"], detail, clause=COURSE, field="how")
    if how is How.REFUSED and not any(not said for said in case.willing.values()):
        raise RuleBroken(RULES["M-05"], "没有当事人表示拒绝或退出。", field="how")
    if how is How.NO_AGREEMENT and not case.sessions:
        raise RuleBroken(RULES["M-04"], "未经调解不得称未达成协议。", clause=COURSE, field="how")
    if how is How.NOT_PERFORMED and case.agreement is not None:
        if now < end_of(case.agreement.perform_by):
            detail = f"履行日期为 {case.agreement.perform_by}，当日未过，不得称不履行。"
            raise RuleBroken(RULES["M-04"], detail, clause=COURSE, field="how")


def may_fail(case: Case) -> None:
    """What was commissioned goes back and doesn't end here."""
    case.may("fail")
    if not case.commissions:
        may_end(case)


def may_end(case: Case, field: str | None = None) -> None:
    """M-08: what may become a mass incident stays on the list until somebody in charge closes it."""
    if case.risk is Risk.MASS and case.charge is None:
        detail = "可能引发群体性事件的，明确包案单位后方可结案。"
        raise RuleBroken(RULES["M-08"], detail, clause=CHARGED, field=field)


def come(on: date, now: datetime, field: str = "on") -> None:
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field=field)


def led_by(case: Case) -> tuple[str, ...]:
    """M-10: who led the session that the agreement came of, each once, also where a record names one twice."""
    return tuple(dict.fromkeys(case.sessions[-1].mediators)) if case.sessions else ()
