"""What the framework's OpenAPI document doesn't say by itself: how a request is refused (RFC 9457)."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute

from .examples import example
from .exports import MEDIA
from .files_api import files
from .http import ASKS, IF_MATCH, Shown
from .problems import ProblemDocument
from .referring import refer
from .routes import Routes, laid_out
from .shapes import MODULES, published, shape_of
from .titles import COMMON, title_of
from .unchanged import IF_NONE_MATCH, UNCHANGED
from .vocabulary import COMMON as COMMON_WORDS
from .vocabulary import word_for

WHY = {
    400: "请求体无法读取，或同一个请求头出现多次",
    401: "未登录或凭证无效",
    403: "无权操作",
    404: "未找到",
    412: "版本已过期",
    413: "请求体过大",
    422: "请求内容有误",
    428: "缺少 If-Match",
    429: "请求过于频繁",
    503: "暂时不可用",
}
ACT_AS = {
    "name": "X-Act-As",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "令牌可代表多个身份时，以哪一个办理，例如 street:guanshang",
}
ETAG = {"schema": {"type": "string"}, "description": "记录的版本，加引号"}
WAIT = {"Retry-After": {"schema": {"type": "integer"}, "description": "多少秒后再试"}}
HEADERS: Mapping[str, Any] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "须出示的凭证"}},
    "429": WAIT,
    "503": WAIT,
}
"""What every answer of a status has."""
DONE = {"200": "成功", "201": "已新建", "202": "已收下"}
BY_ITSELF = "Successful Response"
"""What the framework calls an answer of which nobody has said anything."""
WORDS = "x-words"
OFFERED = {**MEDIA, "html": "text/html"}
"""A format by its code, and how it is sent."""
NAME = ProblemDocument.__name__
REFERENCE = "#/components/schemas/{model}"
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
EVERYBODYS = frozenset(key.partition(".")[0] for key in (*COMMON, *COMMON_WORDS) if "." in key)
"""The models of ours of which a field or a code has a name of its own."""


def named(service: str) -> Callable[[APIRoute], str]:
    """How an operation is called that no step names: by its path, `housing.rooms.bookings`, and its method."""
    base = f"/api/v1/{service}"

    def name(route: APIRoute) -> str:
        *parts, last = route.path.removeprefix(base).removeprefix("/api/v1/").strip("/").split("/")
        words = [part.partition("{")[0].strip(".").replace("-", "_") for part in (*parts, last)]
        if last.startswith("{"):
            words.append("one")
        [method] = route.methods or {"GET"}
        return ".".join(
            [service, *filter(None, words), *([] if method == "GET" else [method.lower()])]
        )

    return name


MAKING = threading.Lock()
"""One document at a time in a process: while it makes one the framework silences warnings, which are the process'."""


def told(
    app: FastAPI, titles: Mapping[str, str], words: Mapping[str, str]
) -> Callable[[], dict[str, Any]]:
    """The document with every refusal as the problem that it is, and what people call each field and code;
    made once.
    """
    plain = app.openapi

    def described() -> dict[str, Any]:
        with MAKING:
            document = app.openapi_schema
            if document is None:
                with laid_out(app) as routes:
                    document = plain()
                    _complete(document, routes, titles, words)
            return document

    return described


def _complete(
    document: dict[str, Any],
    routes: Iterable[APIRoute],
    titles: Mapping[str, str],
    words: Mapping[str, str],
) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    shape = ProblemDocument.model_json_schema(ref_template=REFERENCE)
    schemas |= shape.pop("$defs")
    schemas[NAME] = shape
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for route in routes:
        if route.include_in_schema:
            _head(route, document["paths"][route.path_format])
            _tag(route, document["paths"][route.path_format])
    for path, item in document["paths"].items():
        for operation in item.values():
            _tell(path, operation)
            _offer(operation, schemas)
            _show(operation, document)
            for parameter in operation.get("parameters", ()):
                _title(parameter["schema"], parameter["name"].lower(), parameter["in"], titles)
    for name, schema in schemas.items():
        _say(name, schema, words)
        for field, shape in schema.get("properties", {}).items():
            _exact(shape)
            _title(shape, field, _kind(name), titles)
            _say(name, shape, words)
    refer(document)
    _rename(document, {name: published(name) for name in schemas if MODULES in name})
    document["components"]["schemas"] = dict(sorted(schemas.items(), key=_whose))


def described(app: FastAPI, base: str) -> Routes:
    """`GET /openapi.json`, `GET …/words`. The document takes a second to make; nobody is kept waiting by it."""
    api, text = Routes(tags=["规则"]), [""]

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        if not text[0]:
            text[0] = await asyncio.to_thread(lambda: json.dumps(app.openapi()))
        return Response(text[0], media_type="application/json")

    @api.get(base + "/words", summary="各代码的中文名称")
    async def words() -> dict[str, dict[str, str]]:
        return words_of(await asyncio.to_thread(app.openapi))

    return api


def _kind(name: str) -> str:
    """The class: the framework writes modules before it where two have one name, and `_Task_` behind what shows one."""
    return name.rpartition(MODULES)[2].partition("_")[0]


def _whose(one: tuple[str, Any]) -> tuple[bool, str]:
    """Words that all services share come first, so that in a merge by name the service's own win."""
    return one[0].partition("_")[0] not in EVERYBODYS, one[0]


def _rename(document: dict[str, Any], names: Mapping[str, str]) -> None:
    schemas = document["components"]["schemas"]
    for name, public in names.items():
        if public in schemas:
            raise ValueError(f"two models are called {public}")
        schemas[public] = schemas.pop(name)
    _refer(
        document,
        {REFERENCE.format(model=old): REFERENCE.format(model=new) for old, new in names.items()},
    )


def _refer(said: Any, anew: Mapping[str, str]) -> None:
    """In place, wherever a reference stands."""
    if isinstance(said, list):
        for one in said:
            _refer(one, anew)
    elif isinstance(said, dict):
        for name, one in said.items():
            if isinstance(one, str) and one in anew:
                said[name] = anew[one]
            else:
                _refer(one, anew)


def _title(schema: dict[str, Any], name: str, kind: str, titles: Mapping[str, str]) -> None:
    """In place of the framework's, which only repeats the name; and what its values look like.

    `Import.lines` is the title of one model's field where others say something else by that name.
    """
    schema.pop("title", None)
    if title := title_of(kind, name, titles):
        schema["title"] = title
    schema["description"] = shape_of(schema, title or "")


def _exact(shape: dict[str, Any]) -> None:
    """A decimal is told as text, which keeps it exact; the framework adds that it would take a number."""
    kinds = shape.get("anyOf", ())
    if NUMBER in kinds and TEXT in kinds:
        shape["anyOf"] = [one for one in kinds if one != NUMBER]
        if shape["anyOf"] == [TEXT]:
            shape.update(TEXT)
            del shape["anyOf"]


def words_of(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Every enumeration of the document, and what each of its codes is called."""
    schemas = document["components"]["schemas"]
    return {name: schema[WORDS] for name, schema in schemas.items() if WORDS in schema}


def _say(name: str, schema: dict[str, Any], words: Mapping[str, str]) -> None:
    """What the codes of an enumeration are called."""
    kind = _kind(name)
    found = {code: word_for(kind, code, words) for code in schema.get("enum", ())}
    known = {code: word for code, word in found.items() if word}
    if known:
        schema[WORDS] = known
        said = "；".join(f"{code}：{word}" for code, word in known.items())
        schema["description"] = said


def _head(route: APIRoute, item: dict[str, Any]) -> None:
    """The headers that its dependencies read by themselves."""
    asked = [
        header for one in route.dependant.dependencies for header in getattr(one.call, ASKS, ())
    ]
    for method in route.methods or () if asked else ():
        item[method.lower()].setdefault("parameters", []).extend(asked)


def _tag(route: APIRoute, item: dict[str, Any]) -> None:
    """Of what has a version: that it says which, and needn't come again."""
    model = route.response_model
    if not isinstance(model, type) or not issubclass(model, Shown):
        return
    for method in map(str.lower, route.methods or ()):
        answers = item[method]["responses"]
        answers[str(route.status_code or 200)].setdefault("headers", {})["ETag"] = ETAG
        if method == "get":
            item[method].setdefault("parameters", []).append(dict(IF_NONE_MATCH))
            answers["304"] = {"description": UNCHANGED, "headers": {"ETag": ETAG}}


def _offer(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """What an answer is in each format that may be asked for, besides what it is as data."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "format":
            asked = parameter["schema"]
            codes = schemas.get(asked.get("$ref", "").rpartition("/")[2], asked)["enum"]
            kinds = [OFFERED[code].partition(";")[0] for code in codes if code in OFFERED]
            operation["responses"]["200"].setdefault("content", {}).update(files(*kinds)["content"])


def _show(operation: dict[str, Any], document: Mapping[str, Any]) -> None:
    """A body that is in order, where it is no file and shows none itself."""
    content = operation.get("requestBody", {}).get("content", {})
    for media, body in content.items():
        schema = body.get("schema")
        if media.endswith("json") and schema and schema.get("format") != "binary":
            body.setdefault("example", example(schema, document))


def _tell(path: str, operation: dict[str, Any]) -> None:
    """The usual refusals beside those that it names itself, as problem documents where it says no other content."""
    responses = operation["responses"]
    usual = {400, 422, 429, 503} if path.startswith("/api/") else {400, 422, 503}
    if operation.get("security"):
        usual |= {401, 403}
        operation.setdefault("parameters", []).append(ACT_AS)
    if "{" in path:
        usual.add(404)
    if "requestBody" in operation:
        usual.add(413)
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == IF_MATCH["name"]:
            usual |= {412, 428} if parameter["required"] else {412}
    for status in sorted(usual):
        responses.setdefault(str(status), {})
        responses[str(status)]["description"] = WHY[status]
    problem = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model=NAME)}}}
    for status, response in responses.items():
        refused = status.isdecimal() and int(status) >= HTTPStatus.BAD_REQUEST
        # The framework's own word on a 422 is not what is sent.
        if refused and (status == "422" or "content" not in response):
            response["content"] = problem
        if status in HEADERS:
            response.setdefault("headers", {}).update(HEADERS[status])
        if response["description"] == BY_ITSELF:
            response["description"] = DONE[status]
    operation["responses"] = dict(sorted(responses.items()))
