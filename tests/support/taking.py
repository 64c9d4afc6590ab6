"""A step taken on what a service keeps, without a door before it."""

from typing import Any

from chassis import step_taken
from chassis.asking import Asking
from chassis.steps import Step


async def take(
    step: Step[Any, Any, Any, Any],
    desk: Any,
    asking: Asking,
    said: Any = None,
    /,
    **path: str,
) -> Any:
    """What it led to."""
    given = () if said is None else (said,)
    done, _ = await step_taken.take(step, desk, asking, path, given)
    return done
