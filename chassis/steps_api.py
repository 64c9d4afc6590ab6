"""Collections and their steps over HTTP: the routes that follow from the declarations."""

import inspect
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import GenericAlias
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from fastapi import FastAPI, Query, Request, Response

from .actions import Action
from .asking import Asking
from .at import At
from .documents import plain
from .guarded import Guarded
from .http import (
    Door,
    Listed,
    Paged,
    Paging,
    Shown,
    as_shown,
    cursor_after,
    more_after,
    tagged,
)
from .identity import Subject
from .kernel.errors import NotFound, OutOfOrder
from .kind import Held
from .lists import Filter, Mine, Sort, own, where
from .routes import Made, add
from .step_described import PART, described, extra, parts, responses, signature
from .step_route import StepRoute, Taken
from .step_taken import take
from .steps import Collection, Step
from .store import Where
from .trail_api import Trail, trail_of

A = TypeVar("A")
E = TypeVar("E")
D = TypeVar("D")
K = TypeVar("K")
Which = Annotated[Literal["now", "all"], Query(description="all: 也列出现在不能办的，附规则和条款")]
Now = Annotated[Literal["now"], Query(description="now: 每条附此刻可办理的步骤")]
Sought = Annotated[str, Query(min_length=2, max_length=40)]
BY_ID = Sort(key="id")


class Single(Shown[A], Generic[A]):
    """One aggregate, and what this caller may do with it."""

    actions: list[Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desked(Generic[A, E, D, K]):
    """A collection with its steps, on what the service keeps: what a process serves of it."""

    collection: Collection[A, E, D, K]
    steps: Sequence[Step[A, E, D, K]]
    desk: D
    door: Door
    titles: Mapping[str, str]
    """Of its own steps and of those of all collections beside it: one's decision may ask another's record."""

    @property
    def kept(self) -> Guarded[A, E]:
        return self.collection.of(self.desk)

    @property
    def shape(self) -> Any:
        return self.collection.shows or self.collection.state

    @property
    def model(self) -> Any:
        """How one of them is described."""
        single: Any = Single
        return single[self.shape]

    def answer(
        self, held: Held[A], at: At[K], response: Response, *, closed: bool = False
    ) -> Single[Any]:
        """One of them, with what the caller may do with it."""
        found = self.collection.actions(self.steps, held, at, self.titles, closed=closed)
        shown: Single[Any] = Single.model_construct(
            **{**dict(self._listed(held, at.subject)), "actions": found}
        )
        return tagged(shown, response) if held.version else shown

    async def found(self, id: str, reader: Subject) -> Held[A]:
        """What stands there, or is awaited and not begun: that has version 0 and no ETag. NotFound where there is
        neither, or not for the reader.
        """
        held = await self.kept.look(id) or Held(id, await self._awaited(id), 0, id)
        if not self.collection.access.may_see(reader, self.collection.resource(held.aggregate)):
            raise NotFound
        return held

    async def _awaited(self, id: str) -> A:
        begins = self.collection.begins
        return self.collection.folded(await begins(self.desk, id) if begins else ())

    async def show(
        self,
        held: Held[A],
        reader: Subject,
        response: Response,
        actions: Which,
        *,
        names: bool = False,
    ) -> Single[Any]:
        at = await self.collection.looking(self.desk, reader, self.door.now(), held)
        shown = self.answer(held, at, response, closed=actions == "all")
        return (await self._named([shown], [held]))[0] if names else shown

    async def actions(self, held: Held[A], reader: Subject) -> list[Action]:
        """What the reader may do with it now."""
        at = await self.collection.looking(self.desk, reader, self.door.now(), held)
        return self.collection.actions(self.steps, held, at, self.titles)

    def add_to(self, app: FastAPI, base: str, happened: Mapping[str, str]) -> None:
        """`happened` is what the events in a trail are called."""
        reads: dict[str, tuple[str, Callable[[], Made]]] = {
            "list": ("", self._list),
            "one": ("/{id}", self._one),
            "trail": ("/{id}/trail", partial(self._trail, happened)),
        }
        for name, (path, read) in reads.items():
            if name in self.collection.read:
                add(app, base + self.collection.path + path, read)
        for step in self.steps:
            add(app, base + step.path, partial(_made, self, step))

    def _list(self) -> Made:
        filters, sorts = self.collection.filters, self.collection.sorts

        async def every(
            page: Paging,
            reader: Subject,
            count: bool,
            count_by: str | None = None,
            names: bool = False,
            actions: Now | None = None,
            sort: str = "",
            q: str | None = None,
            acted_by: Mine | None = None,
            begun_by: Mine | None = None,
            waiting: Mine | None = None,
            **asked: Any,
        ) -> Any:
            said = {name.removeprefix("by_"): value for name, value in asked.items()}
            wanted = {**where(filters, said, q), **own(reader, acted_by, begun_by, waiting)}
            order = sorts.get(sort, BY_ID)
            found = await self.kept.list(
                reader,
                wanted,
                page.within(sort).after,
                page.limit,
                sort=order.key,
                descending=order.descending,
            )
            items = [self._listed(held, reader) for held in found]
            if names:
                items = await self._named(items, found)
            return Listed[Any](
                items=await self._acted(items, found, reader) if actions else items,
                next=self._next(found, page, sort, order),
                count=await self.kept.count_of(reader, wanted) if count else None,
                counts=await self._counts(reader, wanted, count_by) if count_by else None,
            )

        every.__signature__ = inspect.Signature(self._list_asks())  # type: ignore[attr-defined]
        model: Any = Listed
        return every, self._read("list", "列出", model[self.shape])

    def _list_asks(self) -> list[inspect.Parameter]:
        """The query parameters of its list."""
        of, optional = self.collection, inspect.Parameter
        coded: Any = Literal[tuple(name for name, one in of.filters.items() if one.codes)]
        sorts: Any = Literal[tuple(of.sorts)] if of.sorts else None
        return [
            inspect.Parameter("page", PART, annotation=Paged),
            inspect.Parameter("reader", PART, annotation=Subject, default=self.door.reading()),
            inspect.Parameter("count", PART, annotation=bool, default=False),
            *(
                [optional("count_by", PART, annotation=coded | None, default=None)]
                if get_args(coded)
                else []
            ),
            *([optional("names", PART, annotation=bool, default=False)] if of.names else []),
            optional("actions", PART, annotation=Now | None, default=None),
            *(
                [optional("sort", PART, annotation=sorts, default=next(iter(of.sorts)))]
                if sorts
                else []
            ),
            optional("acted_by", PART, annotation=Mine | None, default=None),
            optional("begun_by", PART, annotation=Mine | None, default=None),
            *(
                [optional("waiting", PART, annotation=Mine | None, default=None)]
                if of.awaits
                else []
            ),
            *([optional("q", PART, annotation=Sought | None, default=None)] if of.words else []),
            *(
                optional(f"by_{name}", PART, annotation=_said_as(name, one), default=None)
                for name, one in of.filters.items()
            ),
        ]

    def _next(self, found: Sequence[Held[A]], page: Paging, name: str, order: Sort) -> str | None:
        """The cursor of the page after these; None where this one isn't full."""
        if not name or len(found) < page.limit:
            return more_after(found, page)
        last = found[-1]
        return cursor_after(plain(self.collection.keys(last.aggregate))[order.key], last.id, name)

    async def _counts(self, reader: Subject, wanted: Where, name: str) -> dict[str, int]:
        """How many such a list has of each code."""
        key = self.collection.filters[name].key
        rows = await self.kept.tally_of(reader, wanted, by=key)
        return {row[key]: row["count"] for row in rows if row[key] is not None}

    async def _named(self, items: Sequence[Shown[Any]], found: Sequence[Held[A]]) -> list[Any]:
        """With what their codes are called."""
        names = await self.collection.names(self.desk) if self.collection.names else {}
        return [
            item.model_copy(update={"names": self.collection.named(held.aggregate, names)})
            for item, held in zip(items, found, strict=True)
        ]

    async def _acted(
        self, items: Sequence[Shown[Any]], found: Sequence[Held[A]], reader: Subject
    ) -> list[Any]:
        """With what the reader may do with each now."""
        return [
            item.model_copy(update={"actions": await self.actions(held, reader)})
            for item, held in zip(items, found, strict=True)
        ]

    def _one(self) -> Made:
        reading = self.door.reading()
        find = self.found if self.collection.early else self.kept.show

        async def one(
            id: str,
            response: Response,
            reader: Subject = reading,
            actions: Which = "now",
            names: bool = False,
        ) -> Any:
            held = await find(id, reader)
            return await self.show(held, reader, response, actions, names=names)

        one.__annotations__["id"] = self.collection.at
        return one, self._read("show", "查看", self.model)

    def _trail(self, happened: Mapping[str, str]) -> Made:
        trail = trail_of(self.kept, self.door, happened)
        trail.__annotations__["id"] = self.collection.at
        return trail, self._read("trail", "留痕：", Trail)

    def _read(self, name: str, verb: str, model: Any) -> dict[str, Any]:
        return {
            "response_model": model,
            "response_model_exclude_unset": model is Trail,
            "summary": f"{verb}{self.collection.title}",
            "operation_id": f"{self.collection.service}.{self.collection.name}.{name}",
            "tags": [self.collection.title],
        }

    def _listed(self, held: Held[A], reader: Subject) -> Shown[Any]:
        shown = as_shown(held, self.collection.shown(held, reader))
        if ends := self.collection.ends(held.aggregate, reader):
            shown.due, shown.wall, shown.provisional = ends.due, ends.wall, ends.provisional
        return shown


def desked(
    desk: D, door: Door, *declared: tuple[Collection[Any, Any, D, Any], Sequence[Any]]
) -> tuple[Desked[Any, Any, D, Any], ...]:
    """Each collection with its steps, on what the service keeps."""
    every = [collection.titles for collection, _ in declared]
    return tuple(
        Desked(
            collection=collection,
            steps=steps,
            desk=desk,
            door=door,
            titles=ChainMap(collection.titles, *every),
        )
        for collection, steps in declared
    )


def _made(here: Desked[A, E, D, K], step: Step[A, E, D, K]) -> Made:
    writer = here.door.writing(
        versioned=step.versioned, scope=step.scope, keyed=step.keyed, claims=step.claims
    )
    taken = _taking(here, step)

    async def endpoint(
        request: Request, response: Response, asking: Asking, said: Any = None, **path: str
    ) -> Any:
        body = await request.body() if step.asks is bytes else said
        return await taken(response, asking, path, body)

    endpoint.__signature__ = signature(step, writer)  # type: ignore[attr-defined]
    straight = partial(
        StepRoute,
        writer=writer.dependency,
        taken=taken,
        asks=step.asks,
        parts=parts(step),
        answers=step.answers or here.model,
    )
    return endpoint, {
        "methods": [step.method],
        "status_code": step.status,
        "response_model": step.answers or here.model,
        "summary": step.title,
        "description": described(step),
        "operation_id": step.operation,
        "tags": [step.on.title],
        "responses": responses(step),
        "openapi_extra": extra(step),
        "route_class_override": None if step.asks is bytes else straight,
    }


def _taking(here: Desked[A, E, D, K], step: Step[A, E, D, K]) -> Taken:
    async def taken(response: Response, asking: Asking, path: Mapping[str, Any], said: Any) -> Any:
        given = () if step.asks is None else (said,)
        try:
            answer, at = await take(step, here.desk, asking, path, given)
        except OutOfOrder as refusal:
            raise refusal.called(here.titles) from None
        if step.makes:
            response.headers["Location"] = step.location(answer.id, path)
        if not isinstance(answer, Held):
            return answer
        single = here.answer(answer, at, response)
        if step.adds is None:
            return single
        more = step.adds(here.desk, answer)
        return {**dict(single), **(await more if inspect.isawaitable(more) else more)}

    return taken


def _said_as(name: str, one: Filter) -> Any:
    """In the address by its own name, which may be none for a parameter: `from`."""
    if one.codes is None:
        return Annotated[one.type | None, Query(alias=name)]
    several: Any = GenericAlias(list, one.codes)
    return Annotated[several | None, Query(alias=name, max_length=len(one.codes))]
