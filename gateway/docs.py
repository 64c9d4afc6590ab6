"""`/docs`: the platform's API to be read and tried; its events, and what its refusals mean. Nothing loaded from
elsewhere.

Public, like the documents it shows: they describe the API and contain no data.
"""

from collections.abc import Mapping
from importlib.resources import files

from fastapi import Response
from fastapi.responses import FileResponse

from chassis.kernel.errors import NotFound
from chassis.problem_types import AT, TYPES, ProblemType
from chassis.routes import Routes
from contracts.published import EVENTS

OURS = files("gateway") / "pages"
SWAGGER = files("fastapi_offline") / "static"
RELEASED = files("contracts") / "released"
FILES = {
    "swagger-ui-bundle.js": (SWAGGER, "text/javascript"),
    "swagger-ui.css": (SWAGGER, "text/css"),
    "favicon.png": (SWAGGER, "image/png"),
    "docs.js": (OURS, "text/javascript"),
    "docs.css": (OURS, "text/css"),
}
"""What the page is made of, and nothing else beside it."""
GUARDED = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def pages() -> Routes:
    api = Routes()

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        text = (OURS / "docs.html").read_bytes()
        return Response(text, media_type="text/html; charset=utf-8", headers=GUARDED)

    @api.get("/docs/{name}", include_in_schema=False)
    async def part(name: str) -> Response:
        if name not in FILES:
            raise NotFound
        folder, media = FILES[name]
        return FileResponse(str(folder / name), media_type=media, headers=GUARDED)

    @api.get(AT, include_in_schema=False)
    async def problems() -> Response:
        return _explained(TYPES)

    @api.get(AT + "/{type}", include_in_schema=False)
    async def one(type: str) -> Response:
        if type not in TYPES:
            raise NotFound
        return _explained({type: TYPES[type]})

    @api.get("/asyncapi.json", include_in_schema=False)
    async def events() -> Response:
        return _released("asyncapi.json")

    @api.get("/schemas", include_in_schema=False)
    async def schemas() -> dict[str, list[dict[str, str]]]:
        return {"items": [{"type": type, "href": f"/schemas/{type}"} for type in sorted(EVENTS)]}

    @api.get("/schemas/{type}", include_in_schema=False)
    async def schema(type: str) -> Response:
        """By its type, or as the file of that name, which is how `/asyncapi.json` refers to it."""
        if (known := type.removesuffix(".json")) not in EVENTS:
            raise NotFound
        return _released(f"schemas/{known}.json")

    return api


def _explained(types: Mapping[str, ProblemType]) -> Response:
    rows = "".join(
        f'<tr><td><a href="{AT}/{name}">{name}</a></td><td>{one.status}</td><td>{one.title}</td>'
        f"<td>{one.english}</td><td>{one.then}</td></tr>"
        for name, one in types.items()
    )
    page = (OURS / "problems.html").read_text("utf-8").replace("<!-- types -->", rows)
    return Response(page, media_type="text/html; charset=utf-8", headers=GUARDED)


def _released(name: str) -> Response:
    """As it was released: what partners were promised."""
    return Response((RELEASED / name).read_bytes(), media_type="application/json")
