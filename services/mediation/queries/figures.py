"""M-10, M-11: a quarter's figures and what was earned in it, of what the reader may see."""

from chassis.identity import Subject
from chassis.kernel.clock import end_of
from chassis.store import Range
from services.mediation.desk import MediationDesk
from services.mediation.domain.figures import Figures, concerned, days_of, ended_with, figures
from services.mediation.domain.mediator import Reward, rewards

PLACES = ("street", "community")
"""Their figures are of what is in them, as the index counts it; what came to them from elsewhere is where it is.

What was earned is theirs who had the case as it ended, wherever it arose.
"""


async def of_quarter(desk: MediationDesk, quarter: str, reader: Subject) -> Figures:
    days_of(quarter)
    where = {reader.kind: reader.code} if reader.kind in PLACES else {}
    known = [held.aggregate async for held in desk.cases.every_of(reader, where)]
    _, policy = await desk.policies.current()
    return figures(known, quarter, policy.least, reader.acts_as)


async def earned(desk: MediationDesk, quarter: str, reader: Subject) -> list[Reward]:
    """By the policy as it was when the quarter ended, or is in one that runs (ours): what was earned stands."""
    first, last = days_of(quarter)
    where = {"ended_on": Range(at_least=first.isoformat(), at_most=last.isoformat())}
    office = reader.acts_as
    if reader.kind in PLACES:  # who had one may see it no more, once its community went elsewhere
        every = [(held.aggregate, past) async for held, past in desk.cases.every_past(where)]
        known = [case for case, past in every if ended_with(past, office)]
    else:
        ended = [held.aggregate async for held in desk.cases.every_of(reader, where)]
        known = [case for case in ended if concerned(case, office, last)]
    policy = await desk.policies.in_force(end_of(last))
    return rewards(known, policy.reward_fen)
