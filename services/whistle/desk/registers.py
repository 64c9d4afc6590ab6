"""What the use cases work on, and what their decisions need to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.files import Files
from chassis.guarded import Guarded
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import UnknownReference
from chassis.kind import Held, derived_id
from chassis.places import numbered
from chassis.policy import Policies
from chassis.removals import Removals
from chassis.rev_cache import RevCache
from contracts.housing import CommunityProfiled, OutlineDrawn
from contracts.index import WeaknessFlagged
from services.whistle.domain.accountability import Case, CaseEvent
from services.whistle.domain.course import OVER, Status
from services.whistle.domain.dealing import Dealing, WhistleConcerned
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.ladder import Steps
from services.whistle.domain.notice import Notice, NoticeEvent
from services.whistle.domain.photo import PhotoAdded, Photos
from services.whistle.domain.policy import Category, WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemEvent, ProblemStatus
from services.whistle.domain.proof import Proof, ProofFiled
from services.whistle.domain.spot import Spot, SpotEvent
from services.whistle.domain.unit import Unit, UnitEntered
from services.whistle.domain.unplaced import Unplaced, UnplacedEvent
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, YearEvent
from services.whistle.messenger import Messenger
from services.whistle.reporters import Reporters
from services.whistle.spots import Spots

ENDED = (Status.REJECTED, Status.WITHDRAWN)


def whistle_resource(whistle: Whistle) -> dict[str, object]:
    """What the policy looks at; also the fields by which lists are filtered."""
    return {
        "street": whistle.street,
        "community": whistle.community,
        "units": whistle.summoned,
    }


def of_unit(whistle: Whistle, unit: str) -> dict[str, object]:
    """A unit acts for itself only, not for the others that were called."""
    return {**whistle_resource(whistle), "units": (unit,)}


def year_resource(year: Year) -> dict[str, object]:
    return {"units": (year.unit,)}


def problem_resource(problem: Problem) -> dict[str, object]:
    return {"street": problem.street, "community": problem.community}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    problems: Guarded[Problem, ProblemEvent]
    whistles: Guarded[Whistle, WhistleEvent]
    units: Guarded[Unit, UnitEntered]
    entries: RevCache[Unit]
    communities: Copies[CommunityProfiled]
    outlines: Copies[OutlineDrawn]
    unplaced: Guarded[Unplaced, UnplacedEvent]
    reporters: Reporters
    policies: Policies[WhistlePolicy]
    years: Guarded[Year, YearEvent]
    spots: Aggregates[Spot, SpotEvent]
    spot_ids: Spots
    cases: Guarded[Case, CaseEvent]
    weaknesses: Copies[WeaknessFlagged]
    dealings: Aggregates[Dealing, WhistleConcerned]
    proofs: Aggregates[Proof, ProofFiled]
    photos: Aggregates[Photos, PhotoAdded]
    notices: Aggregates[Notice, NoticeEvent]
    removals: Removals
    messenger: Messenger | None
    files: Files
    photo_files: Files
    work: WorkTime

    def kept_besides(self) -> tuple[Aggregates[Any, Any], ...]:
        """What is no collection of its own."""
        return (
            self.spots,
            self.dealings,
            self.proofs,
            self.photos,
            self.notices,
            self.weaknesses.aggregates,
            self.communities.aggregates,
            self.outlines.aggregates,
            self.reporters.aggregates,
            self.policies.aggregates,
            self.removals.kept,
        )

    async def has_ended(self, community: str | None, today: date) -> bool:
        known = await self.communities.look(community) if community else None
        return known is not None and not stands(known, today)

    async def units_by_code(self, codes: Sequence[str]) -> dict[str, Unit]:
        found = {code: await self.entries.look(code) for code in dict.fromkeys(codes)}
        return {code: unit for code, unit in found.items() if unit is not None}

    async def numbered(self, street: str, now: datetime) -> str:
        """How the number of a case of this street begins."""
        return await numbered(self.communities, street, now)

    async def policy(self) -> tuple[int, WhistlePolicy]:
        return await self.policies.current()

    async def rungs(self) -> Steps:
        policy = await self.policies.throughout()
        return Steps(rungs=lambda at: policy(at).rungs, work=self.work)

    async def latest_whistle(self, problem: str, known: Problem) -> Held[Whistle] | None:
        """Also the one whose news hasn't reached the problem yet."""
        next_one = await self.whistles.look(whistle_of(problem, len(known.whistles)))
        if next_one is None and known.whistles:
            return await self.whistles.look(known.whistles[-1])
        return next_one

    async def out_for(self, problem: str, known: Problem) -> Whistle | None:
        """The whistle that is out for it or was answered, also one whose news hasn't come yet."""
        latest = await self.latest_whistle(problem, known)
        return latest.aggregate if latest and latest.aggregate.status not in ENDED else None


def is_over(problem: Problem, whistle: Whistle | None) -> bool:
    """Nothing is left to be done, of the latest whistle for it or of what had none."""
    if whistle is None or whistle.status in ENDED:
        return problem.status is ProblemStatus.SETTLED
    return whistle.status in OVER


def whistle_of(problem: str, number: int) -> str:
    """The id of a problem's whistles, one after another."""
    return derived_id("whistles", problem, str(number))


async def category_of(policies: Policies[WhistlePolicy], code: str) -> Category | None:
    """As the list has it, or had it last: what is in goes its way when its category has been struck since (W-01)."""
    policy = await policies.last(lambda known: code in known.categories)
    return policy.categories[code] if policy else None


def stands(community: CommunityProfiled, today: date) -> bool:
    return community.valid_to is None or today.isoformat() <= community.valid_to


def street_of(community: CommunityProfiled, today: date) -> str:
    """Of one that stands: with the office of one that ended nobody would find it."""
    if not stands(community, today):
        detail = f"{community.name} 已于 {community.valid_to} 终止，请按现在所属的社区登记。"
        raise UnknownReference(detail, field="community")
    if community.street is None:
        detail = f"{community.name} 尚未登记所属街道，由区里补录后方可上报。"
        raise UnknownReference(detail, field="community")
    return community.street
