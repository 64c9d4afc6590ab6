"""The names of settings: an unknown one is mistyped, and would otherwise be ignored silently."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from chassis.settings import PREFIX, Misconfigured, Settings
from console.settings import ConsoleSettings

TESTS = f"{PREFIX}TEST_"
"""What the tests are told begins with it."""
LINKED = re.compile(rf"{PREFIX}[A-Z_]+_(SERVICE_HOST|SERVICE_PORT|PORT)(_\w+)?")
"""What a cluster says of each Service to every pod that doesn't forbid it."""


def look(environment: Iterable[str]) -> None:
    """Misconfigured names the first that is no setting of any process of ours, and the nearest that is."""
    known = [
        PREFIX + name.upper() for name in {**Settings.model_fields, **ConsoleSettings.model_fields}
    ]
    for name in sorted(environment):
        said = name.upper()
        if not said.startswith(PREFIX) or said in known or said.startswith(TESTS):
            continue
        if LINKED.fullmatch(said):
            continue
        near = "".join(f"；是否为 {one}？" for one in get_close_matches(said, known, 1, 0.8))
        raise Misconfigured(f"没有这个设置：{name}{near}（见 deploy/README.md）")
