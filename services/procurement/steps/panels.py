"""A panel: listed, drawn in public, and who steps back from it; of a contract's evaluation or a call's review."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.draw import Commitment
from chassis.steps import Collection, Part, Step
from chassis.words import Short, Whole
from services.procurement.access import DRAWING, EXPERT, KEEPERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.expert import Expert
from services.procurement.domain.panel import Panel, PanelListed

SEATED = PANEL, WAITS = "panel", "waits_for"
"""The keys of a record with a panel: who sits on it, and whom of them it waits for."""
SEATS = tuple(f"{key}[]" for key in SEATED)


def seated_on(panel: Panel | None, waits_for: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return {PANEL: panel.members if panel else (), WAITS: waits_for}


class Seating(Protocol):
    """What a panel is drawn for."""

    def list_panel(
        self,
        experts: Iterable[Expert],
        *,
        by: str,
        size: int,
        commitment: Commitment,
        now: datetime,
        interested: tuple[str, ...],
    ) -> PanelListed: ...

    def seated(self) -> Panel: ...


class PanelIn(Asked):
    """How many are drawn: an odd number."""

    size: Annotated[Whole, Field(ge=1, le=99)]


class DrawIn(Asked):
    """`seed` is what nobody could know when the list was fixed, and anybody can look up."""

    seed: Short


def expert_of(at: At[Any]) -> str:
    return at.by.partition(":")[2]


def panel_steps(
    on: Collection[Any, Any, ProcurementDesk, Any],
    whose: Callable[[Any, At[Any]], Mapping[str, Any]],
    may_list: Callable[[Any, At[Any]], object],
    besides: Callable[[ProcurementDesk, At[Any]], Awaitable[tuple[str, ...]]],
) -> tuple[Step[Any, Any, ProcurementDesk, Any], ...]:
    """`whose`: how an expert, who sees no record, comes near this one; `besides`: who has an interest that the record
    doesn't know of."""

    async def learn_experts(desk: ProcurementDesk, at: At[Any], _: Any) -> Any:
        return replace(
            at.known,
            experts=await desk.appointed(),
            interested=await besides(desk, at),
            commitment=desk.secrets.commit(at.cause.fresh),
        )

    async def learn_secret(desk: ProcurementDesk, at: At[Any], _: Any) -> Any:
        committed = (await on.of(desk).get(at.id)).aggregate.seated().commitment
        return replace(at.known, secret=desk.secrets.tell(committed))

    @on.step(
        "编制专家名单",
        f"{on.path}/{{id}}/panel",
        who=KEEPERS,
        rules="P-11 P-23",
        opens=may_list,
        learns=(learn_experts,),
    )
    def list_panel(record: Seating, at: At[Any], body: PanelIn) -> PanelListed:
        return record.list_panel(
            at.known.experts,
            by=at.by,
            size=body.size,
            commitment=at.known.commitment,
            now=at.now,
            interested=at.known.interested,
        )

    @on.step(
        "抽取专家",
        f"{on.path}/{{id}}/panel/draw",
        who=DRAWING,
        rules="P-11",
        opens=lambda record, at: record.seated().may_draw(at.by),
        learns=(learn_secret,),
    )
    def draw_panel(record: Seating, at: At[Any], body: DrawIn) -> Any:
        return record.seated().draw(by=at.by, seed=body.seed, secret=at.known.secret, now=at.now)

    @on.step(
        "申请回避",
        f"{on.path}/{{id}}/panel/recuse",
        who=EXPERT,
        rules="P-11",
        part=Part(whose=whose),
        opens=lambda record, at: record.seated().may_recuse(expert_of(at)),
        versioned=None,
    )
    def recuse(record: Seating, at: At[Any], body: ReasonIn) -> Any:
        """An expert comes from outside and needn't know the version."""
        return record.seated().recuse(expert=expert_of(at), reason=body.reason, now=at.now)

    return list_panel, draw_panel, recuse
