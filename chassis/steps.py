"""A collection and the business steps on it, each declared once.

From one declaration come the route, its OpenAPI operation, the grant, the line in `GET …/steps`, and
the button that a front-end shows (`actions`): computed by the very guard that refuses.

    @WHISTLES.step("立项", who=CENTRE, rules="W-03 W-17", opens=lambda w, at: w.may_register(at.by))
    def register(w: Whistle, at: At[Known]) -> WhistleEvent:
        return w.register(by=at.by)

A decision is pure: it gets the record, the caller and the time (`At`) and the body, and returns the event, or refuses.
An act is async and gets all that the service keeps: it makes a record, or files something with one.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from contracts.event import Event

from .actions import Action, action_of
from .aggregates import Outlet
from .asking import Asking
from .at import At, Path
from .cause import Cause
from .guarded import Guarded, Resource
from .identity import Access, Subject, granted
from .kernel.clock import Awaits, Ends
from .kernel.errors import NotFound
from .kind import Held, Kind
from .lists import AWAITS, OVER, Filter, Sort, due, when
from .store import Store, Total

A = TypeVar("A")
E = TypeVar("E")
D = TypeVar("D")
K = TypeVar("K")
Said = Mapping[str, Any] | Awaitable[Mapping[str, Any]]
READ = frozenset({"list", "one", "trail"})
"""How a collection is read, unless it says otherwise."""
CONFIDANT = "reporter:read"
"""The scope of a step that reads what is sealed."""


async def nothing(*_: Any) -> None:
    """Where a decision has to know nothing but the record."""


async def from_nothing(*_: Any) -> tuple[Any, ...]:
    """How a record begins whose first step says all that there is."""
    return ()


def _by_id(path: Path) -> str:
    return path["id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[A]):
    """A part of a record that a step is taken on: its path, the existing parts, and whose each is.

    `whose` is what the policy looks at, if that is narrower than the record.
    """

    path: str = ""
    places: Callable[[A], Iterable[Path]] = lambda _: ({},)
    whose: Callable[[A, At[Any]], Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[A, E, D, K]):
    """One step as it was declared.

    `function` decides about a record, or `acts`. `opens` refuses if the record is not in the state for it; `part` is
    the part of the record it is about; `record` gives the record's id from the path, None if there is no record yet;
    `begins` whether it may be the first of a record; `learns` load what the body names into what is known; `unsaid`
    replaces an omitted body; `answers` is the model of an answer that is not just the record, `adds` its additional
    fields; `makes` is the path of what it makes, with its id as `{made}`.
    """

    on: "Collection[A, E, D, K]"
    name: str
    title: str
    path: str
    who: frozenset[str]
    rules: tuple[str, ...]
    function: Callable[..., Any]
    acts: bool
    asks: Any
    unsaid: Any
    answers: Any
    adds: Callable[[D, Held[A]], Said] | None
    opens: Callable[[A, At[K]], object]
    part: Part[A]
    record: Callable[[Path], str] | None
    begins: bool
    learns: Sequence[Callable[..., Awaitable[K]]]
    versioned: bool | None
    claims: bool
    scope: str
    method: str
    status: int
    makes: str
    types: Mapping[str, Any]

    @property
    def operation(self) -> str:
        return f"{self.on.service}.{self.on.name}.{self.name}"

    @property
    def says(self) -> str:
        return inspect.getdoc(self.function) or ""

    @property
    def schema(self) -> str | None:
        """Where the platform's OpenAPI document describes the body."""
        if self.asks in (None, bytes):
            return None
        return f"/openapi.json#/components/schemas/{self.on.service}.{self.asks.__name__}"

    @property
    def keyed(self) -> bool:
        """Whether the same request again is answered as it was. What is sealed isn't: it would be read as it stands by
        then, and nothing be recorded."""
        return self.scope != CONFIDANT

    def location(self, made: str, path: Mapping[str, Any]) -> str:
        """Where what it made is read."""
        parts = {name: quote(str(part), safe="") for name, part in {**path, "made": made}.items()}
        return f"/api/v1/{self.on.service}{self.makes.format(**parts)}"

    def resource(self, record: A, at: At[Any]) -> Mapping[str, Any]:
        whose = self.part.whose
        return whose(record, at) if whose else self.on.resource(record)

    def may(self, record: A, at: At[Any]) -> bool:
        return granted(at.subject, self.who, self.resource(record, at))

    def could(self, subject: Subject) -> bool:
        """Whether this office takes it at all, with this token."""
        return subject.kind in self.who and self.scope in subject.scopes


WHOLE: Part[Any] = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Generic[A, E, D, K]):
    """A kind of aggregate, who may see it, how it is shown, and what its steps have to know.

    `of` finds it among what the service keeps, `knows` loads what a guard needs besides the record, `begins` gives the
    events of a record that is created by its first step, `out` is the model it is shown as (its state by default), made
    by `shows`; `own`: the part of it that answers a step of a caller who isn't shown the record: without it, nobody
    takes a step on a record that isn't shown to them; `filters` are the query parameters of its list, `sorts` its
    orders (the first is the default), `words` what a search looks through, `names` the names of its codes, by the field
    of the resource that holds them; `opens` is the guard of a step by its name, if the step has none of its own;
    `awaits`: the offices that have to act next, and by when, for `waiting=me`; `runs`: the next deadline that other
    offices see, if that isn't the key `due`; `early`: whether one can be read before its first step, too, as `begins`
    makes it; `at`: the type of the id in an address, if more than the id is needed there; `over`: since when it is over
    and holds data with a retention term; `always`: which of `keys` earlier records may lack, and get at the start.
    """

    service: str
    name: str
    title: str
    path: str
    state: type[A]
    events: tuple[type[E], ...]
    evolve: Callable[[A | None, E], A]
    resource: Resource[A]
    access: Access
    of: Callable[[D], Guarded[A, E]]
    knows: Callable[[D, A | None, At[None]], Awaitable[K]]
    keys: Callable[[A], Mapping[str, Any]]
    indexes: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    always: tuple[str, ...] = ()
    announce: Callable[[E, A], Event | None] = lambda *_: None
    next_due: Callable[[A], datetime | None] = lambda _: None
    over: Callable[[A], datetime | None] | None = None
    awaits: Callable[[A], Awaits] | None = None
    runs: Callable[[A, str], Ends | None] | None = None
    begins: Callable[[D, str], Awaitable[Iterable[E]]] | None = None
    early: bool = False
    out: Callable[[A], Any] | None = None
    own: Callable[[A, Subject], A] | None = None
    shows: Any = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    words: Callable[[A], str] | None = None
    names: Callable[[D], Awaitable[Mapping[str, Mapping[str, str]]]] | None = None
    read: frozenset[str] = READ
    at: Any = str
    opens: Callable[[A, At[K], str], object] = lambda *_: None
    kind: Kind[A, E] = field(init=False)
    titles: dict[str, str] = field(init=False, default_factory=dict)
    """What its steps are called, by their names."""

    def __post_init__(self) -> None:
        kept_for = (OVER,) if self.over else ()
        waited = (AWAITS,) if self.awaits else ()
        order = self.sorts.get("due", next(iter(self.sorts.values()), None))
        in_order = f"{AWAITS}[]+{order.key}" if order else f"{AWAITS}[]"
        kind: Kind[A, E] = Kind(
            service=self.service,
            collection=self.name,
            state=self.state,
            events=self.events,
            evolve=self.evolve,
            announce=self.announce,
            keys=self._keys,
            next_due=self.next_due,
            indexes=(
                *self.indexes,
                *kept_for,
                *((in_order,) if self.awaits else ()),
            ),
            totals=self.totals,
            words=self.words,
            acted="list" in self.read,
            always=(*(sort.key for sort in self.sorts.values()), *kept_for, *waited, *self.always),
        )
        object.__setattr__(self, "kind", kind)

    def _keys(self, record: A) -> Mapping[str, Any]:
        over = {OVER: due(self.over(record))} if self.over else {}
        awaits = {AWAITS: tuple(self.awaits(record))} if self.awaits else {}
        return {**self.keys(record), **over, **awaits}

    def kept(
        self,
        store: Store,
        key: bytes,
        outlet: Outlet,
        announce: Callable[[E, A], Event | None] | None = None,
    ) -> Guarded[A, E]:
        """`announce`: in place of the declared one, where it has to know what a deployment knows."""
        kind = replace(self.kind, announce=announce) if announce else self.kind
        return Guarded(kind, store, key, outlet, access=self.access, resource=self.resource)

    # Declaring

    def step(
        self,
        title: str,
        path: str | None = None,
        *,
        who: frozenset[str],
        rules: str = "",
        name: str = "",
        part: Part[A] = WHOLE,
        record: Callable[[Path], str] | None = _by_id,
        begins: bool = True,
        opens: Callable[[A, At[K]], object] | None = None,
        learns: Sequence[Callable[..., Awaitable[K]]] = (),
        answers: Any = None,
        adds: Callable[[D, Held[A]], Said] | None = None,
        versioned: bool | None = True,
        claims: bool = False,
        scope: str = "write",
        method: str = "POST",
        status: int = 200,
        makes: str = "",
        types: Mapping[str, Any] | None = None,
    ) -> Callable[[Callable[..., Any]], "Step[A, E, D, K]"]:
        """Decorates a decision, `(record, at, said) -> events`, or an act, `async (desk, at, said) -> answer`.

        The body is the type of its third parameter: a model, `bytes` for a file, or nothing. Its path is the record's
        and its part's, and then its name, unless it gives another. What it makes, if it is answered 201, is a record of
        its own collection, unless `makes` says otherwise. An act without an existing record (`record=None`) has to
        `demand` the grant itself, as soon as it knows the place; an office that may never take it has been refused
        before.
        """

        def declared(function: Callable[..., Any]) -> Step[A, E, D, K]:
            hints = inspect.get_annotations(function, eval_str=True)
            third = list(inspect.signature(function).parameters.values())[2:]
            acts = inspect.iscoroutinefunction(function)
            answer = hints.get("return") if acts else Held
            called = name or function.__name__
            own = f"{self.path}/{{made}}" if status == 201 and _is_record(answer) else ""
            self.titles[called] = title
            return Step(
                on=self,
                name=called,
                title=title,
                path=f"{self.path}/{{id}}{part.path}/{called}" if path is None else path,
                who=who,
                rules=tuple(rules.split()),
                function=function,
                acts=acts,
                asks=hints[third[0].name] if third else None,
                unsaid=third[0].default if third else inspect.Parameter.empty,
                answers=answers or (None if _is_record(answer) else answer),
                adds=adds,
                opens=opens or (lambda record, at: self.opens(record, at, called)),
                part=part,
                record=record,
                begins=begins,
                learns=learns,
                versioned=versioned,
                claims=claims,
                scope=scope if ":" in scope else f"{self.service}:{scope}",
                method=method,
                status=status,
                makes=makes or own,
                types=types or {},
            )

        return declared

    def folded(self, events: Iterable[E]) -> A:
        """A record that began so; NotFound where nothing did."""
        state: A | None = None
        for event in events:
            state = self.evolve(state, event)
        if state is None:
            raise NotFound
        return state

    # Showing

    def named(self, record: A, names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """The names of its codes, `street_name` for `street`."""
        found: dict[str, Any] = {}
        for held_in, code in self.resource(record).items():
            known = names.get(held_in, {})
            if isinstance(code, tuple):
                found[f"{held_in}_names"] = [known.get(one) for one in code]
            elif code is not None:
                found[f"{held_in}_name"] = known.get(code)
        return found

    def ends(self, record: A, reader: Subject) -> Ends | None:
        """The deadline shown to the reader: their own, if the record waits for them."""
        awaited = self.awaits(record) if self.awaits else {}
        if reader.office in awaited:
            return awaited[reader.office]
        if not self.access.may_see(reader, self.resource(record)):
            return None
        if self.runs is not None:
            return self.runs(record, reader.office)
        order = self.sorts.get("due")
        at = when(self.keys(record)[order.key]) if order else None
        return Ends(due=at) if at else None

    def shown(self, held: Held[A], reader: Subject) -> Any:
        record = held.aggregate
        if self.own is not None and not self.access.may_see(reader, self.resource(record)):
            record = self.own(record, reader)
        return self.out(record) if self.out else record

    async def looking(self, desk: D, subject: Subject, now: datetime, held: Held[A]) -> At[K]:
        """Where somebody stands who only looks at it."""
        asking = Asking(subject, Cause(actor=subject.acts_as, now=now))
        bare: At[None] = At(asking=asking, known=None, path={"id": held.id})
        return bare.knowing(await self.knows(desk, held.aggregate, bare))

    def actions(
        self,
        steps: Iterable["Step[A, E, D, K]"],
        held: Held[A],
        at: At[K],
        titles: Mapping[str, str],
        *,
        closed: bool = False,
    ) -> list[Action]:
        """What this caller may do with it now; with `closed` also what is its to do, but not now.

        `titles` are those of the steps that a guard may name.
        """
        found = []
        for step in steps:
            if step.record is None or not step.could(at.subject):
                continue
            for place in step.part.places(held.aggregate):
                here = at.on({"id": held.id, **place}, step.who, step.title)
                action = action_of(step, held.aggregate, here, titles, closed=closed)
                if action is not None:
                    found.append(action)
        return found


def _is_record(annotation: Any) -> bool:
    """Shown as the collection shows its own."""
    origin = getattr(annotation, "__origin__", annotation)
    return isinstance(origin, type) and issubclass(origin, Held)
