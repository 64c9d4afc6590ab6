"""M-10, M-11: a quarter's figures and what was earned in it, of what the reader may see."""

from chassis.identity import Subject
from chassis.kernel.clock import end_of
from chassis.store import Range
from services.mediation.desk import MediationDesk
from services.mediation.domain.case import Case
from services.mediation.domain.figures import Figures, concerned, days_of, figures
from services.mediation.domain.mediator import Reward, rewards

PLACES = ("street", "community")
"""Their figures are of what is in them, as the index counts it; what came to them from elsewhere is where it is."""


def _in(reader: Subject) -> dict[str, object]:
    return {reader.kind: reader.code} if reader.kind in PLACES else {}


async def of_quarter(desk: MediationDesk, quarter: str, reader: Subject) -> Figures:
    days_of(quarter)
    known = [held.aggregate async for held in desk.cases.every_of(reader, _in(reader))]
    _, policy = await desk.policies.current()
    return figures(known, quarter, policy.least, reader.acts_as)


async def earned(desk: MediationDesk, quarter: str, reader: Subject) -> list[Reward]:
    """By the policy as it was when the quarter ended, or is in one that runs (ours): what was earned stands."""
    first, last = days_of(quarter)
    days = Range(at_least=first.isoformat(), at_most=last.isoformat())
    where = {**_in(reader), "ended_on": days}
    ended: list[Case] = [held.aggregate async for held in desk.cases.every_of(reader, where)]
    known = [case for case in ended if concerned(case, reader.acts_as, last)]
    policy = await desk.policies.in_force(end_of(last))
    return rewards(known, policy.reward_fen)
