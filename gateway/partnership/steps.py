"""Partners on the list, and what the district's administrator does with them."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, Field

from chassis.at import At
from chassis.guarded import Guarded
from chassis.http import Asked, ReasonIn
from chassis.identity import Access, Subject, kinds
from chassis.kernel.errors import NotAllowed
from chassis.kernel.required import required
from chassis.kind import Changed, derived_id
from chassis.lists import NEWEST, moment
from chassis.signing import secret_of
from chassis.steps import Collection, nothing
from chassis.steps_api import Single
from chassis.words import Short
from contracts.event import Code
from gateway.access import TELLERS

from . import domain
from .domain import (
    Partner,
    PartnerAdmitted,
    PartnerEvent,
    PartnerResumed,
    PartnerSecretRotated,
    PartnerSuspended,
    TypesAllowed,
    secret_name,
)

ADMIN = kinds("district_admin")
Types = Annotated[tuple[Short, ...], Field(max_length=20)]
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def id_of(code: str) -> str:
    return derived_id("partners", code)


def _meant(text: str) -> str:
    """The id of a partner, also where an address calls it by its code, as everybody else does."""
    return text if ID.fullmatch(text) else id_of(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    partners: Guarded[Partner, PartnerEvent]
    key: bytes

    async def named(self, code: str) -> Partner | None:
        held = await self.partners.look(id_of(code))
        return held.aggregate if held else None

    async def shut_out(self, subject: Subject) -> NotAllowed | None:
        """Why it is refused everywhere, whatever it requests and whatever its token says, or None."""
        if subject.kind not in TELLERS:
            return None
        partner = await self.named(subject.code or "")
        return partner.shut_out() if partner else None


PARTNERS: Collection[Partner, PartnerEvent, Desk, None] = Collection(
    service="gateway",
    name="partners",
    title="合作方系统",
    path="/partners",
    at=Annotated[str, AfterValidator(_meant)],
    state=Partner,
    events=get_args(PartnerEvent),
    evolve=domain.evolve,
    resource=lambda partner: {"partner": partner.code},
    access=Access(sees_all=ADMIN),
    keys=lambda partner: {"partner": partner.code, "opened_at": moment(partner.admitted_at)},
    indexes=("partner", "opened_at"),
    sorts={"newest": NEWEST},
    of=lambda desk: desk.partners,
    knows=nothing,
    opens=lambda partner, _, step: partner.may(step),
)


class AdmitIn(Asked):
    """`types` it may tell; none said is all that partners tell."""

    code: Code
    types: Types = ()


class TypesIn(Asked):
    types: Types


class Admitted(Single[Partner]):
    """`secret`: what it signs with; it is shown here only."""

    secret: str


def _secret(desk: Desk, made: Any) -> dict[str, str]:
    partner: Partner = made.aggregate
    return {"secret": secret_of(desk.key, secret_name(partner.code), partner.generation)}


@PARTNERS.step(
    "登记合作方",
    "/partners",
    who=ADMIN,
    record=None,
    versioned=False,
    status=201,
    answers=Admitted,
    adds=_secret,
)
async def admit(desk: Desk, at: At[None], body: AdmitIn) -> Changed[Partner, PartnerEvent]:
    """It tells by a token of its own, or signs with the secret (Standard Webhooks)."""
    at.demand({})
    admitted = PartnerAdmitted(code=body.code, types=domain.known_types(body.types), at=at.now)
    return await desk.partners.create(id_of(body.code), lambda: [admitted], at.cause)


@PARTNERS.step("调整可报送事件", who=ADMIN)
def allow(_: Partner, at: At[None], body: TypesIn) -> PartnerEvent:
    return TypesAllowed(types=domain.known_types(body.types), at=at.now)


@PARTNERS.step("更换签名密钥", who=ADMIN, answers=Admitted, adds=_secret)
def rotate(_: Partner, at: At[None]) -> PartnerEvent:
    """The earlier secret is taken beside the new one for a day."""
    return PartnerSecretRotated(at=at.now)


@PARTNERS.step("暂停合作方", who=ADMIN, rules="G-03")
def suspend(p: Partner, at: At[None], reason: ReasonIn) -> PartnerEvent:
    """It tells, reads and is told nothing, whatever proof it brings."""
    p.may("suspend")
    required(reason.reason, "reason")
    return PartnerSuspended(reason=reason.reason, at=at.now)


@PARTNERS.step("恢复合作方", who=ADMIN, rules="G-03")
def resume(p: Partner, at: At[None]) -> PartnerEvent:
    """What happened meanwhile is in the feed, and is told its addresses."""
    p.may("resume")
    return PartnerResumed(at=at.now)


STEPS = (admit, allow, rotate, suspend, resume)
