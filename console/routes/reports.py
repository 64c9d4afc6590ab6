"""表和报告: whatever the platform gives as a page to print or as a table, under the visitor's own token."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI, local_date
from console import views
from console.asking import Answer
from console.described import Report
from console.desk import Desk, Look
from console.forms import Field, Making
from console.sections import section_of
from console.tables import table_of

PASSED = ("content-type", "content-disposition", "content-security-policy", "content-language")
HERE = "page"
CALLED = {"of": "哪张表"}
"""What is asked for in an address, and is something else where it stands in a record."""
FORMATS = {
    HERE: "在本页显示",
    "html": "网页（可打印）",
    "csv": "CSV",
    "xlsx": "Excel",
    "pdf": "PDF（可打印）",
    "json": "数据（JSON）",
    "svg": "图",
}


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        service = look.request.path_params["service"]
        found = reports_of(look, service)
        context = {
            "title": "表和报告",
            "service": service,
            "section": look.described.services.get(service, service),
            "reports": [(one, fields_of(look, one)) for one in found],
        }
        return desk.page(look, "reports.html", context)

    async def one(look: Look) -> Response:
        name = look.request.path_params["name"]
        found = reports_of(look, name.partition(".")[0])
        report = next((each for each in found if each.name == name), None)
        if report is None:
            raise HTTPException(404)
        said = {name: text.strip() for name, text in look.request.query_params.items()}
        section = look.described.services.get(report.service, report.service)
        service = f"/console/{report.service}"
        path = [(section, service), ("表和报告", f"{service}/reports")]
        return await answered(desk, look, report, said, path)

    return [
        Route("/console/report/{name}", desk.signed_in(one)),
        Route("/console/{service}/reports", desk.signed_in(every)),
    ]


def reports_of(look: Look, service: str) -> list[Report]:
    """Those of a service, and the figures of its first page for whatever else than what is usual now."""
    every = look.described.reports.values()
    asked = [views.API + one.path for one in section_of(service).figures if one.asks]
    figures = [look.described.readings[path] for path in asked if path in look.described.readings]
    return [*(one for one in every if one.service == service), *figures]


async def answered(
    desk: Desk,
    look: Look,
    report: Report,
    said: Mapping[str, str],
    path: Sequence[tuple[str, str]],
    known: Mapping[str, str] = {},
) -> Response:
    """As it is, or on a page of ours: a table with its own headings, or by its schema. `path`: what led there;
    `known`: what the records are called that are named in it.
    """
    here, only_here = said.get("format") == HERE, not report.printed
    answer = await look.ask(*_asked(report, {**said, "format": "csv"} if here else said))
    if not answer.good:
        return desk.refused(look, answer)
    if not (here or only_here):
        return passed(answer)
    context = {
        "title": report.title,
        "path": path,
        "found": table_of(answer.content.decode("utf-8-sig"), known=known) if here else None,
        "read": views.shown(look, report.path.removeprefix(views.API), answer)
        if only_here
        else None,
    }
    return desk.page(look, "reported_table.html", context)


def fields_of(
    look: Look, report: Report, records: Mapping[str, Sequence[tuple[str, str]]] = {}
) -> list[Field]:
    """What is asked for besides the record that it is of; `records`: what there is to choose from."""
    usual = usual_asks(local_date(datetime.now(SHANGHAI)))
    making = Making(
        described=look.described, names=look.names, service=report.service, records=records
    )
    made = [
        making.one(
            one.name,
            {**one.schema, "title": CALLED.get(one.name, one.title)},
            usual.get(one.name),
            required=one.name in report.required,
        )
        for one in report.asks
        if one.name != "id"
    ]
    shown = [_format(one) if one.name == "format" else one for one in made]
    return [replace(one, of=report.name) for one in shown]


def usual_asks(today: date) -> dict[str, str]:
    """What is asked for most: this year, this quarter, this month."""
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    return {
        "year": str(today.year),
        "quarter": quarter,
        "period": quarter,
        "from": today.replace(day=1).isoformat(),
        "to": today.isoformat(),
        "as_of": today.isoformat(),
    }


def _format(one: Field) -> Field:
    """The page to print first, where there is one."""
    codes = [code for code, _ in one.options]
    if "csv" in codes and "html" not in codes:
        codes.append(HERE)
    ranked = sorted(codes, key=lambda code: list(FORMATS).index(code) if code in FORMATS else 9)
    options = [(code, FORMATS.get(code, code)) for code in ranked]
    return Field(
        name=one.name, title=one.title, kind="choice", options=options, value=(ranked or [""])[0]
    )


def _asked(report: Report, said: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    path, query = report.path, {}
    for one in report.asks:
        text = said.get(one.name, "")
        if f"{{{one.name}}}" in path:
            path = path.replace(f"{{{one.name}}}", quote(text or "-", safe=""))
        elif text:
            query[one.name] = text
    return path, query


def passed(answer: Answer) -> Response:
    """As it is, with what guards it."""
    headers = {name: answer.headers[name] for name in PASSED if name in answer.headers}
    guard = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    kept = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    given = guard if "content-security-policy" not in headers else {}
    return Response(answer.content, 200, {**given, **headers, **kept})
