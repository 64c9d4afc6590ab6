"""The OpenAPI description of a step's route: its body, who may take it, and its possible refusals."""

import inspect
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from contracts.event import Code

from .asking import Asking
from .files_api import filed_as
from .http import LOCATION
from .kernel.media import Media
from .steps import Step

AnyStep = Step[Any, Any, Any, Any]
PART = inspect.Parameter.KEYWORD_ONLY


def parts(step: AnyStep) -> dict[str, Any]:
    """The parts of the path, and of which type each is."""
    types = {"id": step.on.at, **step.types}
    named = [part.partition("}")[0] for part in step.path.split("{")[1:]]
    return {part: types.get(part, Code) for part in named}


def signature(step: AnyStep, writer: Any) -> inspect.Signature:
    """What the framework reads: the parts of the path, the caller, and the body."""
    parameters = [
        inspect.Parameter("request", PART, annotation=Request),
        inspect.Parameter("response", PART, annotation=Response),
        inspect.Parameter("asking", PART, annotation=Asking, default=writer),
        *(inspect.Parameter(part, PART, annotation=type) for part, type in parts(step).items()),
    ]
    if step.asks not in (None, bytes):
        said = inspect.Parameter("said", PART, annotation=step.asks, default=step.unsaid)
        parameters.append(said)
    return inspect.Signature(parameters)


def described(step: AnyStep) -> str:
    under = f"规则：{'、'.join(step.rules)}。" if step.rules else ""
    by = f"可办理：{'、'.join(sorted(step.who))}。"
    return "\n\n".join(text for text in (step.says, under, by) if text)


def extra(step: AnyStep) -> dict[str, Any]:
    """The rules it stands under and whose it is; and that the body is a file, where it is one."""
    said: dict[str, Any] = {"x-rules": list(step.rules), "x-who": sorted(step.who)}
    if step.asks is bytes:
        said["requestBody"] = filed_as(*Media)
    return said


def responses(step: AnyStep) -> Mapping[int, Mapping[str, Any]]:
    refused = {status: {"description": why} for status, why in _refusals(step).items()}
    return {**refused, step.status: {"headers": LOCATION}} if step.makes else refused


def _refusals(step: AnyStep) -> Mapping[int, str]:
    """The ways it can say no, besides those of every route."""
    return {
        403: "无权操作",
        404: "未找到",
        409: "违反规则",
        **({412: "版本已过期"} if step.versioned is not False else {}),
        **({428: "缺少 If-Match"} if step.versioned else {}),
    }
