"""Aggregates behind the access policy: what a subject may not see is left out of every list and count."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .aggregates import Aggregates
from .identity import Access, Subject
from .kernel.errors import NotFound, UnknownReference
from .kind import Held
from .store import Has, In, Page, Where

A = TypeVar("A")
E = TypeVar("E")
Resource = Callable[[A], Mapping[str, Any]]
Rows = list[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Guarded(Aggregates[A, E], Generic[A, E]):
    """`resource` gives what the policy looks at; its fields are in `keys` under the same names."""

    access: Access
    resource: Resource[A]

    async def show(self, id: str, subject: Subject) -> Held[A]:
        """The aggregate, or NotFound where there is none that the subject may see."""
        held = await self.get(id)
        self._visible_to(held.aggregate, subject)
        return held

    async def named(self, id: str, subject: Subject, field: str) -> Held[A]:
        """The same, of one that a request names in a field: what isn't there is that field's, not the request's."""
        try:
            return await self.show(id, subject)
        except NotFound:
            raise UnknownReference(f"没有这条记录：{id}", field=field) from None

    async def show_history(
        self, id: str, subject: Subject
    ) -> tuple[Held[A], Sequence[Mapping[str, Any]]]:
        """The same, and its trail."""
        held, entries = await self.history(id)
        self._visible_to(held.aggregate, subject)
        return held, entries

    async def list(
        self,
        subject: Subject,
        wanted: Where,
        after: Page | None,
        limit: int,
        *,
        sort: str = "id",
        descending: bool = False,
    ) -> list[Held[A]]:
        """What is asked for, within what may be seen."""
        asked = self._within(subject, wanted)
        if asked is None:
            return []
        return await self.readable(
            asked, sort=sort, descending=descending, after=after, limit=limit
        )

    async def every_of(self, subject: Subject, wanted: Where) -> AsyncIterator[Held[A]]:
        """All that such a list shows to its end."""
        asked = self._within(subject, wanted)
        if asked is not None:
            async for held in self.every(asked):
                yield held

    async def count_of(self, subject: Subject, wanted: Where) -> int:
        """How many such a list has in all."""
        asked = self._within(subject, wanted)
        return 0 if asked is None else await self.count(asked)

    async def tally_of(
        self, subject: Subject, wanted: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> Rows:
        """Figures of such a list: of nothing that it wouldn't show."""
        asked = self._within(subject, wanted)
        return [] if asked is None else await self.tally(asked, by=by, sums=sums)

    def _within(self, subject: Subject, wanted: Where) -> Where | None:
        """None where that is nothing."""
        may = self.access.visible(subject)
        if may is None:
            return None
        asked = dict(wanted)
        if "units" in asked:
            asked["units"] = Has([asked["units"]])
        for name, value in may.items():
            known = asked.get(name)
            if isinstance(value, Has) and isinstance(known, Has):
                asked[name] = Has([*known.values, *value.values])
            elif isinstance(known, In) and value in known.values:
                asked[name] = value
            elif asked.setdefault(name, value) != value:
                return None
        return asked

    def _visible_to(self, aggregate: A, subject: Subject) -> None:
        if not self.access.may_see(subject, self.resource(aggregate)):
            raise NotFound
