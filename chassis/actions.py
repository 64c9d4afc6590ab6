"""The buttons on a record: what may be done with it now, computed by the same guards that refuse."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NotRequired, TypeVar

from typing_extensions import TypedDict

from .at import At
from .kernel.errors import OutOfOrder, Refusal, RuleBroken
from .kernel.media import Media

if TYPE_CHECKING:
    from .steps import Step

A = TypeVar("A")
E = TypeVar("E")
D = TypeVar("D")
K = TypeVar("K")


class Action(TypedDict):
    """One button. `versioned`: If-Match is required; `schema`: of the body, where there is one; `media`: of which kind
    the file may be, where the body is one.

    `open` is false, with the reason, of what is the caller's to do but closed now (`?actions=all`).
    """

    name: str
    title: str
    method: str
    href: str
    versioned: bool
    schema: str | None
    open: bool
    media: NotRequired[list[Media]]
    detail: NotRequired[str]
    rule: NotRequired[str]
    clause: NotRequired[str | None]


def action_of(
    step: "Step[A, E, D, K]", record: A, at: At[K], titles: Mapping[str, str], *, closed: bool
) -> Action | None:
    """None where it is another's to do, or there is nothing to do it to, or it is closed and such aren't asked for."""
    if not step.may(record, at):
        return None
    try:
        step.opens(record, at)
    except RuleBroken as refusal:
        if not closed:
            return None
        if isinstance(refusal, OutOfOrder):
            refusal = refusal.called(titles)
        why = _button(step, at) | {"open": False, "detail": refusal.detail}
        return why | {"rule": refusal.rule.id, "clause": refusal.clause}
    except Refusal:
        return None
    return _button(step, at)


def _button(step: "Step[A, E, D, K]", at: At[K]) -> Action:
    button = Action(
        name=step.name,
        title=step.title,
        method=step.method,
        href=f"/api/v1/{step.on.service}{step.path.format(**at.path)}",
        versioned=bool(step.versioned),
        schema=step.schema,
        open=True,
    )
    if step.asks is bytes:
        button["media"] = list(Media)
    return button
