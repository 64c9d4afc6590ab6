"""`GET|PUT …/policy`: the platform's default numbers, their versions, and the next one with its reason."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from .asking import Asking
from .http import Door, Shown, shown
from .identity import Subject, kinds
from .policy import ONLY, Policies, PolicyBook
from .routes import Routes
from .trail_api import Trail
from .words import Long

KEEPERS = kinds("district_admin")
"""Who sets the district's numbers, in every service."""


class PolicyIn(BaseModel):
    """The next version, whole, and why."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any]
    reason: Annotated[Long, StringConstraints(min_length=2)]


def policy_router(policies: Policies[Any], door: Door) -> Routes:
    api = Routes(tags=["策略"])
    reading, changer = door.reading(), door.writing(versioned=True)

    @api.get("/policy", summary="现行策略")
    async def policy(response: Response, reader: Subject = reading) -> Shown[PolicyBook]:
        return shown(await policies.book(), response)

    @api.get(
        "/policy/trail",
        summary="留痕：默认值由谁改",
        response_model=Trail,
        response_model_exclude_unset=True,
    )
    async def trail(reader: Subject = reading) -> Any:
        """An entry for each version, in order."""
        _, entries = await policies.aggregates.history(ONLY)
        return {"subject": policies.aggregates.subject(ONLY), "entries": entries}

    @api.put("/policy", summary="改策略：记为新的一版")
    async def next_version(
        body: PolicyIn, response: Response, asking: Asking = changer
    ) -> Shown[PolicyBook]:
        asking.subject.must_be(KEEPERS)
        return shown(await policies.put(body.values, body.reason, asking.cause), response)

    return api
