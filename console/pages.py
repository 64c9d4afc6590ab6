"""Pages: one environment, one layout, and the headers that keep anything foreign out of them."""

import secrets
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

FOLDER = files("console")


def policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def guarded(nonce: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy(nonce),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
        "Cache-Control": "no-store",
    }


class Pages:
    """A name that a template doesn't know is an error, not a gap."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(str(FOLDER / "templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["m"] = self._environment.get_template("macros.html").module

    def __call__(
        self, template: str, context: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        text = self._environment.get_template(template).render({**context, "nonce": nonce})
        return HTMLResponse(text, status, headers=guarded(nonce))
