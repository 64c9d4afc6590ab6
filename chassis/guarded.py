"""Aggregates behind the policy: what a subject may not see is not there for it, in any list or count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .aggregates import Aggregates, Held
from .documents import plain
from .identity import Access, Subject
from .kernel.errors import NotFound
from .store import Has, Page

A = TypeVar("A")
E = TypeVar("E")
Resource = Callable[[A], Mapping[str, Any]]


@dataclass(slots=True, kw_only=True)
class Guarded(Aggregates[A, E], Generic[A, E]):
    """`resource` gives what the policy looks at; its fields stand in `keys` under the same names."""

    access: Access
    resource: Resource[A]

    async def show(self, id: str, subject: Subject) -> Held[A]:
        """The aggregate, or NotFound where there is none that the subject may see."""
        held = await self.get(id)
        self._visible_to(held.aggregate, subject)
        return held

    async def show_history(
        self, id: str, subject: Subject
    ) -> tuple[Held[A], Sequence[Mapping[str, Any]]]:
        """The same, and its trail."""
        held, entries = await self.history(id)
        self._visible_to(held.aggregate, subject)
        return held, entries

    async def list(
        self, subject: Subject, wanted: Mapping[str, Any], after: Page | None, limit: int
    ) -> list[Held[A]]:
        """What is asked for (None means any), within what may be seen."""
        may = self.access.visible(subject)
        asked = {name: plain(value) for name, value in wanted.items() if value is not None}
        if may is None:
            return []
        if "units" in asked:
            asked["units"] = Has([asked["units"]])
        for name, value in may.items():
            if isinstance(value, Has) and name in asked:
                asked[name] = Has([*asked[name].values, *value.values])
            elif asked.setdefault(name, value) != value:
                return []
        return await self.find(asked, after=after, limit=limit)

    def _visible_to(self, aggregate: A, subject: Subject) -> None:
        if not self.access.may_see(subject, self.resource(aggregate)):
            raise NotFound
