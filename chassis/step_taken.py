"""Taking a step: on the record as it is now, by a caller who may, if it is open."""

from collections.abc import Iterable
from typing import Any, TypeVar

from .asking import Asking
from .at import At, Path
from .kernel.errors import NotFound, RuleBroken
from .kind import Changed
from .steps import Step

A = TypeVar("A")
E = TypeVar("E")
D = TypeVar("D")
K = TypeVar("K")


async def take(
    step: Step[A, E, D, K], desk: D, asking: Asking, path: Path, said: tuple[Any, ...]
) -> tuple[Any, At[K]]:
    """The result, and on what: if the caller has access to the record, may take the step, and the step is open."""
    bare: At[None] = At(asking=asking, known=None, path=path, who=step.who, title=step.title)
    near = await _near(step, desk, bare)  # unpacked at once, it would be typed as of `A | None`
    record, first = near
    at = bare.knowing(await step.on.knows(desk, record, bare))
    if step.acts:
        if record is not None:
            await _open(step, desk, record, at)
        return await step.function(desk, at, *said), at
    for learn in step.learns:
        at = at.knowing(await learn(desk, at, *said))
    return await _decided(step, desk, at, said, first), at


async def _near(step: Step[A, E, D, K], desk: D, at: At[None]) -> tuple[A | None, tuple[E, ...]]:
    """The record, and the events by which it would begin, where it isn't there yet."""
    id, begins = step.record(at.path) if step.record else None, step.on.begins
    held = await step.on.of(desk).look(id) if id is not None else None
    if held is not None:
        admit(step, held.aggregate, at)
        return held.aggregate, ()
    if id is not None and (begins is None or not step.begins):
        raise NotFound
    first = tuple(await begins(desk, id)) if id is not None and begins else ()
    if first:
        record = step.on.folded(first)
        admit(step, record, at)
        return record, first
    if at.subject.kind not in step.who:
        at.demand({})
    return None, ()


def admit(step: Step[A, E, D, K], record: A, at: At[Any]) -> None:
    """NotFound for a caller who may neither see it nor take this step on their `own` part of it, NotAllowed for one
    who may not take it."""
    seen = step.on.access.may_see(at.subject, step.on.resource(record))
    unseen = step.on.own is not None and at.subject.kind in step.who and step.may(record, at)
    if not seen and not unseen:
        raise NotFound
    at.demand(step.resource(record, at))


async def _open(step: Step[A, E, D, K], desk: D, record: A, at: At[K]) -> None:
    """Also to a request that has closed it itself: the same again is answered as it was."""
    try:
        step.opens(record, at)
    except RuleBroken:
        if not (step.record and await step.on.of(desk).recalls(step.record(at.path), at.cause)):
            raise


async def _decided(
    step: Step[A, E, D, K], desk: D, at: At[K], said: tuple[Any, ...], first: tuple[E, ...]
) -> Changed[A, E]:
    def decided(known: A | None) -> Iterable[E]:
        record = known if known is not None else step.on.folded(first)
        happened = step.function(record, at, *said)
        after = happened if isinstance(happened, tuple | list) else (happened,)
        return after if known is not None else (*first, *after)

    def still(known: A | None) -> None:
        if known is not None:
            admit(step, known, at)

    id = step.record(at.path) if step.record else at.id
    return await step.on.of(desk).record(id, decided, at.cause, admit=still)
