"""A row of a register, entered as a whole under its code: a new one, or one that is there, as it shall be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import views
from console.asking import Answer
from console.described import PARTS, Beginning, Listed, Schema
from console.desk import SEE_OTHER, Desk, Look
from console.filled import filled
from console.forms import HINTS, MORE, Field, Making, longer
from console.forms_in import sent
from console.routes.records import DONE, the_list
from console.rows import called
from console.sections import column, shows
from console.shown import Showing
from console.taking import Taking, errors_of, sent_on

CODE = "code"
VERSIONS = "versions"
IN_ADDRESS = "路径."
STALE = 412


@dataclass(frozen=True, slots=True)
class Entering:
    """`item`: what stands under the code now, where something does."""

    one: Listed
    step: Beginning
    schema: Schema
    code: str
    item: Mapping[str, Any]

    @property
    def version(self) -> str:
        return str(self.item.get("version", ""))


def routes(desk: Desk) -> list[Route]:
    async def ask(look: Look) -> Response:
        code = look.request.query_params.get(CODE, "")
        entering = await _entering(look, code)
        if code and not entering.item:
            raise HTTPException(404)
        return _form(desk, look, entering, _stands(entering), entering.version)

    async def take(look: Look) -> Response:
        form = await sent(look.request, look.visitor)
        changes = look.request.query_params.get(CODE, "")
        entering = await _entering(look, changes or form.one(CODE).strip())
        said = filled(look.described, entering.schema, form.fields)
        version = form.one("_version")
        if more := form.one(MORE):
            return _form(desk, look, entering, said, version, more=more)
        if wrong := _unfit(look, entering, changes):
            return _form(desk, look, entering, said, version, Answer(422, b""), {CODE: wrong})
        taking, key = _taking(entering), form.one("_key")
        answer = await sent_on(look, taking, said, version=version, key=key)
        if not answer.good:
            seen = entering.version if answer.status == STALE else version
            return _form(desk, look, entering, said, seen, answer)
        page = f"{entering.one.page}?{urlencode({DONE: entering.step.title})}"
        return RedirectResponse(page, SEE_OTHER)

    path = "/console/{service}/{collection}/enter"
    return [
        Route(path, desk.signed_in(ask), methods=["GET"]),
        Route(path, desk.signed_in(take), methods=["POST"]),
    ]


async def _entering(look: Look, code: str) -> Entering:
    one = the_list(look)
    step = look.described.registers.get(one.key)
    if step is None or not look.begins(step):
        raise HTTPException(404)
    there = await views.every(look, one.key) if code else []
    item = next((each for each in there if each["id"] == code), {})
    return Entering(one, step, look.described.at(step.schema) or {}, code, item)


def _unfit(look: Look, entering: Entering, changes: str) -> str:
    """What is entered anew takes no other's code."""
    if not entering.code:
        return "请填写代码。"
    if changes or not entering.item:
        return ""
    showing = Showing(look.described, look.names, entering.one.service)
    title = called(showing, entering.one, entering.item)
    return f"该代码已登记为“{title}”；要修改它，请从名单中打开。"


def _taking(entering: Entering) -> Taking:
    return Taking(
        one=entering.one,
        title=entering.step.title,
        href=PARTS.sub(quote(entering.code, safe=""), entering.step.path),
        method="PUT",
        versioned=bool(entering.item),
        schema=entering.schema,
        uploads=False,
        back=entering.one.page,
        item=entering.item,
    )


def _stands(entering: Entering) -> Mapping[str, Any]:
    """As it is now: what has versions, as the last of them."""
    state: Mapping[str, Any] = entering.item.get("state", {})
    versions: Sequence[Mapping[str, Any]] = state.get(VERSIONS) or (state,)
    return versions[-1]


def _code(look: Look, making: Making, entering: Entering) -> Field:
    """What it is entered under: a code of its own, or one of those that a field of it has."""
    if not (of := shows(entering.one).code):
        return Field(
            name=CODE,
            title="代码",
            kind="text",
            required=True,
            value=entering.code,
            hint=HINTS["^[a-z0-9][a-z0-9_-]{0,63}$"],
            error=making.errors.get(CODE, ""),
        )
    shape = column(look.described, entering.one, of)
    made = making.one(of, shape, entering.code or None, required=True)
    return replace(made, name=CODE, error=making.errors.get(CODE, ""))


def _title(look: Look, entering: Entering) -> str:
    if not (of := shows(entering.one).code):
        return entering.code
    showing = Showing(look.described, look.names, entering.one.service)
    return showing.text(of, column(look.described, entering.one, of), entering.code)


def _form(
    desk: Desk,
    look: Look,
    entering: Entering,
    said: Mapping[str, Any],
    version: str,
    answer: Answer | None = None,
    wrong: Mapping[str, str] | None = None,
    more: str = "",
) -> Response:
    problem = dict(answer.problem) if answer else {}
    errors = wrong or {
        CODE if name.startswith(IN_ADDRESS) or name == shows(entering.one).code else name: text
        for name, text in errors_of(problem).items()
    }
    making = Making(
        described=look.described,
        names=look.names,
        service=entering.one.service,
        errors=errors,
        more=longer(more, said),
    )
    new = not look.request.query_params.get(CODE)
    code = _code(look, making, entering)
    fields = [*([code] if new else []), *making.fields(entering.schema, said)]
    context = {
        "title": entering.step.title,
        "section": look.described.services.get(entering.one.service, entering.one.service),
        "one": entering.one,
        "code": _title(look, entering),
        "fields": fields,
        "faults": making.faults(fields),
        "problem": problem,
        "stale": answer is not None and answer.status == STALE,
        "here_with": f"{look.request.url.path}?{look.request.url.query}",
        "key": str(uuid4()),
        "seen": version,
        "new": new,
    }
    return desk.page(look, "enter.html", context, answer.status if answer else 200)
