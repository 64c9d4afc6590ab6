"""What the framework's OpenAPI document doesn't say by itself: how a request is refused (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from .problems import ProblemDocument

WHY = {
    401: "未登录或凭证无效",
    403: "无权操作",
    404: "未找到",
    422: "请求内容有误",
    503: "暂时不可用",
}
NAME = ProblemDocument.__name__
REFERENCE = "#/components/schemas/{model}"


def told(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The document with every refusal as the problem that it is; made once."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        document = plain()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        if NAME not in schemas:
            shape = ProblemDocument.model_json_schema(ref_template=REFERENCE)
            schemas |= shape.pop("$defs")
            schemas[NAME] = shape
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            for path, item in document["paths"].items():
                for operation in item.values():
                    _tell(path, operation)
        return document

    return described


def _tell(path: str, operation: dict[str, Any]) -> None:
    """The usual refusals beside those that it names itself, each as a problem document."""
    responses = operation["responses"]
    usual = {422, 503}
    if operation.get("security"):
        usual |= {401, 403}
    if "{" in path:
        usual.add(404)
    for status in sorted(usual):
        responses.setdefault(str(status), {})
        responses[str(status)]["description"] = WHY[status]
    problem = {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model=NAME)}}}
    for status, response in responses.items():
        if status.isdecimal() and int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = problem
    operation["responses"] = dict(sorted(responses.items()))
