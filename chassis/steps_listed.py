"""The steps of a service, as a list: `GET …/steps`."""

from collections.abc import Sequence
from typing import Any

from typing_extensions import TypedDict

from .routes import Routes
from .steps import Step


class StepListed(TypedDict):
    """One step of this service, as it is declared; `schema` is where its body is described."""

    name: str
    title: str
    collection: str
    method: str
    path: str
    who: list[str]
    versioned: bool
    rules: list[str]
    schema: str | None


def steps_router(steps: Sequence[Step[Any, Any, Any, Any]]) -> Routes:
    """`GET …/steps`: what can be done here, by whom, and under which rules."""
    api = Routes(tags=["规则"])

    @api.get("/steps", summary="可办理的各步骤及其规则")
    async def every() -> list[StepListed]:
        return [_listed(step) for step in steps]

    return api


def _listed(step: Step[Any, Any, Any, Any]) -> StepListed:
    return StepListed(
        name=step.name,
        title=step.title,
        collection=step.on.name,
        method=step.method,
        path=f"/api/v1/{step.on.service}{step.path}",
        who=sorted(step.who),
        versioned=bool(step.versioned),
        rules=list(step.rules),
        schema=step.schema,
    )
