"""Pages to be printed on A4: templates of a service on one layout, with nothing loaded from anywhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from chassis.kernel.clock import local_minute
from chassis.kernel.measure import as_decimal, half_up

ONLY_ITSELF = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
NOTHING = "—"


class Share(Protocol):
    @property
    def part(self) -> int: ...

    @property
    def of(self) -> int: ...


def share(counted: Share) -> str:
    """`3/4（75.0%）`, half up; a dash where there is nothing to share."""
    if not counted.of:
        return NOTHING
    per_mille = half_up(counted.part * 1000, counted.of)
    return f"{counted.part}/{counted.of}（{per_mille // 10}.{per_mille % 10}%）"


def hundredths(value: int | None) -> str:
    return NOTHING if value is None else as_decimal(value)


class Pages:
    """The templates in a service's folder. A name that the template doesn't know is an error, not a gap."""

    def __init__(self, folder: Path) -> None:
        layouts = FileSystemLoader(Path(__file__).parent)
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder), layouts]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "share": share,
            "hundredths": hundredths,
            "shanghai": local_minute,
        }

    def shown(self, template: str, context: Mapping[str, Any]) -> HTMLResponse:
        return HTMLResponse(
            self._environment.get_template(template).render(context), headers=ONLY_ITSELF
        )
