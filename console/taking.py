"""Forwards one step to the platform, with the platform's answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from .asking import Answer
from .described import Listed, Schema
from .desk import Look
from .forms_in import Sent

BODY = "body."
FILE = "_file"


@dataclass(frozen=True, slots=True)
class Taking:
    """One step that somebody is about to take, on a record or to begin one."""

    one: Listed
    title: str
    href: str
    method: str
    versioned: bool
    schema: Schema | None
    uploads: bool
    back: str
    item: Mapping[str, Any] = field(default_factory=dict)
    preset: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    """What the part of the record is called that the step is on, where it is on one."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """How that part stands."""
    closed: str = ""
    """Why it isn't open now, where it isn't."""

    @property
    def whole(self) -> Mapping[str, Any]:
        """The record, and in it also what its part says of itself."""
        return {**self.item, "state": {**self.row, **self.item.get("state", {})}}

    @property
    def version(self) -> str:
        return str(self.item.get("version", ""))


def offered(
    look: Look, one: Listed, item: Mapping[str, Any], action: Mapping[str, Any], **more: Any
) -> Taking:
    """As the platform offers it on that record."""
    return Taking(
        one=one,
        title=action["title"],
        href=action["href"],
        method=action["method"],
        versioned=action["versioned"],
        schema=look.described.at(action["schema"]),
        uploads=look.described.takes_file(action["href"]),
        item=item,
        closed="" if action.get("open", True) else str(action.get("detail", "")),
        **more,
    )


async def sent_on(
    look: Look,
    taking: Taking,
    said: Mapping[str, Any],
    *,
    version: str,
    key: str = "",
    files: Sent | None = None,
) -> Answer:
    """`version`: the one that was seen; `key`: the same for the same click."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    if taking.versioned:
        headers["If-Match"] = f'"{version}"'
    body = None
    if taking.uploads:
        nothing = ("application/octet-stream", b"")
        headers["Content-Type"], body = files.files.get(FILE, nothing) if files else nothing
    elif taking.schema is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(said, ensure_ascii=False).encode()
    return await look.ask(taking.href, method=taking.method, body=body, headers=headers)


def errors_of(problem: Mapping[str, Any]) -> dict[str, str]:
    """By the field that each is about; what is about none stands under no name."""
    found = {
        str(fault["field"]).removeprefix(BODY): str(fault["detail"])
        for fault in problem.get("errors") or ()
    }
    if not found and (name := problem.get("field")):
        found[str(name).removeprefix(BODY)] = str(problem.get("detail", ""))
    return found
