"""The panel of a contract: listed, drawn in public, and who steps back from it."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from chassis.http import Asked
from chassis.steps import At, Part
from chassis.words import Long, Short, Whole
from services.procurement.access import DRAWING, EXPERT, KEEPERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractEvent

from .contracts import CONTRACTS, Known, independent


class PanelIn(Asked):
    """How many are drawn: an odd number."""

    size: Annotated[Whole, Field(ge=1, le=99)]


async def learn_experts(desk: ProcurementDesk, at: At[Known], _: Any) -> Known:
    return replace(at.known, experts=await desk.appointed())


@CONTRACTS.step(
    "编制评估专家名单",
    "/contracts/{id}/panel",
    name="list_panel",
    who=KEEPERS,
    rules="P-11 P-23",
    opens=lambda c, _: c.may_list_panel(),
    learns=(learn_experts,),
)
def list_panel(c: Contract, at: At[Known], said: PanelIn) -> ContractEvent:
    return c.list_panel(at.known.experts, by=at.by, size=said.size, now=at.now)


class DrawIn(Asked):
    """`seed` is what nobody could know when the list was fixed, and anybody can look up."""

    seed: Short


@CONTRACTS.step(
    "抽取评估组",
    "/contracts/{id}/panel/draw",
    name="draw_panel",
    who=DRAWING,
    rules="P-11",
    opens=lambda c, at: c.seated().may_draw(at.by),
)
def draw_panel(c: Contract, at: At[Known], said: DrawIn) -> ContractEvent:
    return c.seated().draw(by=at.by, seed=said.seed, now=at.now)


class RecusalIn(Asked):
    reason: Long


def expert_of(at: At[Any]) -> str:
    return at.by.partition(":")[2]


@CONTRACTS.step(
    "申请回避",
    "/contracts/{id}/panel/recuse",
    name="recuse",
    who=EXPERT,
    rules="P-11",
    part=Part(whose=independent),
    opens=lambda c, at: c.seated().may_recuse(expert_of(at)),
    versioned=None,
)
def recuse(c: Contract, at: At[Known], said: RecusalIn) -> ContractEvent:
    """An expert comes from outside and needn't know the version."""
    return c.seated().recuse(expert=expert_of(at), reason=said.reason, now=at.now)


STEPS = (list_panel, draw_panel, recuse)
