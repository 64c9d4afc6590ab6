"""居民: whatever else the services give to anybody, as tables to read: registers, decisions, draws, catalogues,
charters."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.asking import Answer
from console.described import Report
from console.desk import Desk, Look
from console.registers import Names
from console.routes.notices import NOTICES
from console.routes.reports import fields_of
from console.routes.residents import PLACES
from console.shown import Group, Showing
from console.tables import table_of

PAGE = "/console/resident/open"
OPEN = "/public/"
"""In the address of what is for anybody."""
OWN_PAGES = frozenset((PLACES, NOTICES, f"{NOTICES}.atom"))
"""Those that have pages of their own, or are read for them."""
ORGANISATIONS = views.API + "/organisations/public/organisations"
CODE, COMMUNITY, UNIT = "code", "community", "unit"
ABOUT = frozenset((CODE, COMMUNITY))
"""Which of several a page is about."""


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        context = {
            "title": "公开信息",
            "found": [(one, _section(look, one)) for one in _open(look)],
        }
        return desk.page(look, "open.html", context)

    async def one(look: Look) -> Response:
        name = look.request.path_params["name"]
        report = next((each for each in _open(look) if each.name == name), None)
        if report is None:
            raise HTTPException(404)
        return await _one(desk, look, report)

    return [Route(PAGE, desk.public(every)), Route(f"{PAGE}/{{name}}", desk.public(one))]


def _open(look: Look) -> list[Report]:
    readings = look.described.readings
    return [one for path, one in readings.items() if OPEN in path and path not in OWN_PAGES]


def _section(look: Look, one: Report) -> str:
    return look.described.services.get(one.service, one.service)


async def _one(desk: Desk, look: Look, report: Report) -> Response:
    names = await _names(look)
    query = look.request.query_params
    said = {name: query.get(name, "").strip() for name in report.required & ABOUT}
    wanting = not all(said.values())
    answer = None if wanting else await _read(look, report, said)
    good = answer is not None and answer.good
    context = {
        "title": report.title,
        "section": _section(look, report),
        "fields": _fields(look, report, names),
        "problem": answer.problem if answer is not None and not good else {},
        "asked": not wanting,
        "table": table_of(answer.content.decode("utf-8-sig"))
        if answer is not None and good and report.formats
        else None,
        "read": _shown(look, report, names, answer)
        if answer is not None and good and not report.formats
        else None,
    }
    return desk.page(look, "open_table.html", context, answer.status if answer else 200)


async def _read(look: Look, report: Report, said: Mapping[str, str]) -> Answer:
    path = report.path.removeprefix(views.API)
    query = {name: text for name, text in said.items() if f"{{{name}}}" not in path}
    return await views.read(
        look, path, {**query, "format": "csv"} if report.formats else query, **said
    )


def _shown(look: Look, report: Report, names: Names, answer: Answer) -> Group:
    """An organisation also by its code, by which anybody may draw again; units stand in no register for anybody."""
    called = {code: f"{name}（{code}）" for code, name in names.of["organisation"].items()}
    showing = Showing(look.described, names, report.service, known=called)
    rows = [{name: said for name, said in one.items() if name != UNIT} for one in answer.json()]
    return showing.record("", look.described.reads[report.path], rows)


def _fields(look: Look, report: Report, names: Names) -> list[Any]:
    """What it is about, where it is about one of several."""
    known = {
        CODE: list(names.of["organisation"].items()),
        COMMUNITY: list(names.of["community"].items()),
    }
    return [one for one in fields_of(look, report, known) if one.name in report.required & ABOUT]


async def _names(look: Look) -> Names:
    """Of what anybody may read."""
    places = await look.ask(PLACES)
    known: list[Mapping[str, str]] = places.json() if places.good else []
    there = ORGANISATIONS in look.described.readings
    organisations = await look.ask(ORGANISATIONS) if there else None
    items = organisations.json().get("items", []) if organisations and organisations.good else []
    streets = {one["street"]: one["street_name"] for one in known if one.get("street_name")}
    return Names(
        {
            "community": {one["code"]: one["name"] for one in known},
            "street": streets,
            "organisation": {one["code"]: one["name"] for one in items},
        }
    )
