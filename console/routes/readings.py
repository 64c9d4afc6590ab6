"""表单和文书: what can be had of one record, asked for on a page of its own and passed on or shown."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.described import Listed
from console.desk import Desk, Look
from console.papers import CALLED, PART, papers_of
from console.routes.records import the_list
from console.routes.reports import answered, fields_of
from console.rows import called


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        one, answer = the_list(look), await _record(look)
        found = papers_of(look, one)
        if not found:
            raise HTTPException(404)
        if not answer.good:
            return desk.refused(look, answer)
        item = answer.json()
        context = {
            "title": CALLED,
            "path": _path(look, one, item)[:-1],
            "papers": [(each, fields_of(look, each, _parts(item["state"]))) for each in found],
        }
        return desk.page(look, "papers.html", context)

    async def paper(look: Look) -> Response:
        one, answer = the_list(look), await _record(look)
        named = look.request.path_params
        found = next((each for each in papers_of(look, one) if each.name == named["name"]), None)
        if found is None:
            raise HTTPException(404)
        if not answer.good:
            return desk.refused(look, answer)
        query = {name: text.strip() for name, text in look.request.query_params.items()}
        path = _path(look, one, answer.json())
        known = await views.naming(look, one.service, answer.json()["state"])
        return await answered(desk, look, found, {**query, "id": named["id"]}, path, known)

    below = f"/console/{{service}}/{{collection}}/{{id}}/{PART}"
    return [
        Route(below, desk.signed_in(every)),
        Route(f"{below}/{{name}}", desk.signed_in(paper)),
    ]


async def _record(look: Look) -> Any:
    return await views.record(look, the_list(look).key, look.request.path_params["id"])


def _path(look: Look, one: Listed, item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What leads there."""
    showing = views.showing(look, one.service)
    page = f"{one.page}/{quote(item['id'], safe='')}"
    section = look.described.services.get(one.service, one.service)
    return [
        (section, f"/console/{one.service}"),
        (one.title, one.page),
        (called(showing, one, item), page),
        (CALLED, f"{page}/{PART}"),
    ]


def _parts(state: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What it has several of, by the field that says which, as the seats of its members."""
    found: dict[str, dict[str, str]] = {}
    for rows in state.values():
        for row in rows if isinstance(rows, list) else ():
            for name, said in row.items() if isinstance(row, dict) else ():
                if isinstance(said, str):
                    found.setdefault(name, {})[said] = said
    return {name: list(known.items()) for name, known in found.items()}
