"""The lists of what communities do, stamp and certify; and what was stamped or certified by them."""

from dataclasses import dataclass
from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Long, Several, Short
from contracts.event import Code
from services.affairs.access import ACCESS, LOCAL, OFFICE, OPEN
from services.affairs.desk import PERSON, AffairsDesk, names, place_resource
from services.affairs.domain import listing, proof, waiting
from services.affairs.domain.admission import CIVIL_AFFAIRS
from services.affairs.domain.listing import CommunityList, Entry, Role, VersionAdopted
from services.affairs.domain.proof import Paper, Proof, ProofAsked, ProofEvent, ProofStatus

from .words import MUST

LISTS: Collection[CommunityList, VersionAdopted, AffairsDesk, None] = Collection(
    service="affairs",
    name="lists",
    title="社区工作清单",
    path="/lists",
    state=CommunityList,
    events=(VersionAdopted,),
    evolve=listing.evolve,
    resource=lambda _: {},
    access=OPEN,
    keys=lambda one: {"list": one.list, "opened_at": moment(one.versions[-1].at)},
    indexes=("opened_at",),
    sorts={"newest": NEWEST},
    of=lambda desk: desk.lists,
    knows=nothing,
)


class EntryIn(Asked):
    name: Short
    basis: Short
    department: Short = ""
    role: Role


class VersionIn(Asked):
    entries: Annotated[tuple[EntryIn, ...], Several]
    document: Annotated[Short, MUST] = ""
    since: Day


@LISTS.step(
    "公布清单版本",
    "/lists/{id}",
    who=OFFICE,
    rules="A-01 A-25",
    record=None,
    versioned=False,
    method="PUT",
)
async def adopt(
    desk: AffairsDesk, at: At[None], body: VersionIn
) -> Changed[CommunityList, VersionAdopted]:
    """The next version of `items`, `seal`, `duties`, `assistance` or `certificates`, from its day on."""
    at.demand({"units": (CIVIL_AFFAIRS,)})
    adopted = VersionAdopted(
        list=desk.list_named(at.id),
        entries=tuple(Entry(**one.model_dump()) for one in body.entries),
        document=body.document,
        since=body.since,
        at=at.now,
    )
    return await desk.adopt(adopted, at.cause)


STEPS = (adopt,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The list that such a paper stands in."""

    held: CommunityList | None = None


async def known(desk: AffairsDesk, one: Proof | None, _: At[None]) -> Known:
    held = await desk.lists.look(one.paper.list) if one is not None else None
    return Known(held=held.aggregate if held else None)


PROOFS: Collection[Proof, ProofEvent, AffairsDesk, Known] = Collection(
    service="affairs",
    name="proofs",
    title="用章和证明登记",
    path="/proofs",
    state=Proof,
    events=get_args(ProofEvent),
    evolve=proof.evolve,
    over=lambda one: one.over,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "paper": one.paper,
        "status": one.status,
        "opened_at": moment(one.asked_at),
    },
    awaits=waiting.of_proof,
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    words=lambda one: one.what,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "paper": Filter(key="paper", type=Paper),
        "state": Filter(key="status", type=ProofStatus),
    },
    of=lambda desk: desk.proofs,
    knows=known,
)


class ProofIn(Asked):
    """`what`: as its list calls it. Who asks is sealed at once."""

    community: Code
    paper: Paper
    what: Annotated[Short, MUST] = ""
    person: Short


@PROOFS.step(
    "登记用章或证明申请",
    "/proofs",
    who=LOCAL,
    rules="A-01 A-25",
    record=None,
    versioned=False,
    status=201,
)
async def ask(desk: AffairsDesk, at: At[Known], body: ProofIn) -> Changed[Proof, ProofEvent]:
    street, community = await desk.community(body.community)
    at.demand({"street": street, "community": community})
    asked = ProofAsked(
        street=street, community=community, paper=body.paper, what=body.what, at=at.now
    )
    proof.ask(asked, body.person)
    id = at.asking.new_id("proofs")
    kept = desk.sealed.keeping(id, PERSON, {PERSON: body.person}, at.cause)
    return await desk.proofs.create(id, lambda: [asked], at.cause, beside=kept)


@PROOFS.step(
    "用章或开具证明",
    who=LOCAL,
    rules="A-01 A-25",
    opens=lambda one, at: proof.give(one, at.known.held, at.now),
)
def give(one: Proof, at: At[Known]) -> ProofEvent:
    """Only what the list in force names."""
    return proof.give(one, at.known.held, at.now)


class InsteadIn(Asked):
    instead: Annotated[Long, MUST] = ""


@PROOFS.step(
    "不予办理并告知", who=LOCAL, rules="A-01 A-25", opens=lambda one, _: proof.may_answer(one)
)
def decline(one: Proof, at: At[Known], body: InsteadIn) -> ProofEvent:
    """With who can prove it instead."""
    return proof.decline(one, at.known.held, body.instead, at.now)


@PROOFS.step(
    "查看当事人",
    name="person",
    who=LOCAL,
    rules="A-25",
    versioned=False,
    scope="reporter:read",
)
async def person(desk: AffairsDesk, at: At[Known], body: ReasonIn) -> dict[str, dict[str, str]]:
    """The reading is recorded first."""
    await desk.proofs.change(
        at.id, lambda one: [proof.read(one, at.by, body.reason, at.now)], at.cause
    )
    return await desk.sealed.read(at.id, {PERSON: PERSON})


PROOF_STEPS = (ask, give, decline, person)
