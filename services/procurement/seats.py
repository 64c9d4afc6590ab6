"""What experts see: of the records whose panel they were drawn into, no more than the panel works with.

They see no list of calls or contracts; of these a list of their own, with the steps that are theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Response

from chassis.http import Door, Listed, Paged, Shown, as_shown, more_after, tagged
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.lists import Mine
from chassis.routes import Routes
from chassis.steps_api import Desked, Now, Single, Which
from chassis.store import Has, Where

from .access import EXPERT
from .domain.appraisal import Appraisal, appraisal
from .domain.panel import Panel
from .domain.sheet import Review, review
from .steps.calls import CALLS
from .steps.contracts import CONTRACTS
from .steps.panels import PANEL, WAITS

A = TypeVar("A")
V = TypeVar("V")
WHO = {"x-who": sorted(EXPERT)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats(Generic[A, V]):
    """The records of a collection as their panel sees them."""

    name: str
    title: str
    shows: Any
    of: Desked[A, Any, Any, Any]
    panel: Callable[[A], Panel | None]
    view: Callable[[A, str], V]

    def routes(self, door: Door) -> Routes:
        api, reading = Routes(tags=[self.title]), door.reading()
        listed: Any = Listed
        single: Any = Single
        called = f"{self.of.collection.service}.{self.name}"

        @api.get(
            f"/{self.name}",
            summary=f"列出{self.title}",
            operation_id=f"{called}.list",
            response_model=listed[self.shows],
            openapi_extra=WHO,
        )
        async def every(
            page: Paged,
            reader: Subject = reading,
            waiting: Mine | None = None,
            count: bool = False,
            actions: Now | None = None,
        ) -> Any:
            """Of whoever sits on their panels; `waiting=me`: what waits for them."""
            wanted = self._within(reader, waiting)
            found = await self._found(wanted, page)
            items = [await self._item(held, reader, acted=bool(actions)) for held in found]
            counted = await self.of.kept.count(wanted) if count and wanted else 0
            return Listed[Any](
                items=items, next=more_after(found, page), count=counted if count else None
            )

        @api.get(
            f"/{self.name}/{{id}}",
            summary=f"查看{self.title}",
            operation_id=f"{called}.show",
            response_model=single[self.shows],
        )
        async def one(
            id: str, response: Response, reader: Subject = reading, actions: Which = "now"
        ) -> Any:
            """For whoever sits on its panel."""
            held = await self.of.kept.get(id)
            panel = self.panel(held.aggregate)
            if reader.kind not in EXPERT or panel is None or reader.code not in panel.members:
                raise NotFound
            return tagged(await self._shown(held, reader, closed=actions == "all"), response)

        return api

    def _within(self, reader: Subject, waiting: Mine | None) -> Where | None:
        """None for whoever sits nowhere."""
        if reader.kind not in EXPERT or reader.code is None:
            return None
        return {WAITS if waiting else PANEL: Has([reader.code])}

    async def _found(self, wanted: Where | None, page: Paged) -> Sequence[Held[A]]:
        if wanted is None:
            return []
        return await self.of.kept.find(wanted, after=page.within("").after, limit=page.limit)

    async def _item(self, held: Held[A], reader: Subject, *, acted: bool) -> Shown[Any]:
        if acted:
            return await self._shown(held, reader)
        return as_shown(held, self.view(held.aggregate, reader.code or ""))

    async def _shown(self, held: Held[A], reader: Subject, *, closed: bool = False) -> Single[Any]:
        """With what is theirs to do."""
        at = await self.of.collection.looking(self.of.desk, reader, self.of.door.now(), held)
        found = self.of.collection.actions(self.of.steps, held, at, self.of.titles, closed=closed)
        shown = as_shown(held, self.view(held.aggregate, reader.code or ""))
        return Single[Any](**{**dict(shown), "actions": found})


def seats(collections: Sequence[Desked[Any, Any, Any, Any]], door: Door) -> tuple[Routes, ...]:
    of = {one.collection.name: one for one in collections}
    reviews: Seats[Any, Review] = Seats(
        name="reviews",
        title="评审",
        shows=Review,
        of=of[CALLS.name],
        panel=lambda call: call.panel,
        view=review,
    )
    appraisals: Seats[Any, Appraisal] = Seats(
        name="appraisals",
        title="评估",
        shows=Appraisal,
        of=of[CONTRACTS.name],
        panel=lambda contract: contract.panel,
        view=lambda contract, _: appraisal(contract),
    )
    return reviews.routes(door), appraisals.routes(door)
