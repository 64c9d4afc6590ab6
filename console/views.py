"""Everything that is read of a service besides its records, shown by its schema as records are."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from .asking import Answer
from .described import Listed
from .desk import Look
from .rows import called
from .sections import shows
from .shown import UUID, Group, Showing

API = "/api/v1"
NOT_FOUND = 404
FEW = 5
"""Records that are asked for one by one; of more their list is (ours)."""
MOST = 40
"""Pages of a list that are read at most, each of a hundred."""


def showing(look: Look, service: str) -> Showing:
    return Showing(look.described, look.names, service)


async def read(look: Look, path: str, query: Mapping[str, Any] = {}, **parts: str) -> Answer:
    """`path` as the description has it, with its parts filled in."""
    for name, said in parts.items():
        path = path.replace(f"{{{name}}}", quote(said, safe=""))
    return await look.ask(API + path, query)


def shown(look: Look, path: str, answer: Answer, title: str = "") -> Group:
    """What was read there, as facts and tables."""
    service = path.split("/")[1]
    schema = look.described.reads.get(API + path, {})
    return showing(look, service).record(title, schema, answer.json())


async def naming(look: Look, service: str, state: Mapping[str, Any]) -> Mapping[str, str]:
    """What the records of the service are called that are named in a record by ids that nobody reads."""
    wanted: dict[str, set[str]] = {}
    _named(look, service, state, wanted)
    found: dict[str, str] = {}
    for key, ids in wanted.items():
        if len(ids) > FEW:
            there = {one["id"]: one for one in await every(look, key)}
        else:
            there = await records(look, key, [*ids])
        one = lists(look, key)
        found |= {id: called(showing(look, service), one, there[id]) for id in ids if id in there}
    return found


def _named(look: Look, service: str, value: Any, found: dict[str, set[str]]) -> None:
    for name, said in value.items() if isinstance(value, Mapping) else ():
        every = said if isinstance(said, list) else [said]
        keys = [
            key
            for key in (f"{service}.{name}s", f"{service}.{name}")
            if key in look.described.lists
        ]
        for one in every:
            if keys and isinstance(one, str) and UUID.fullmatch(one):
                found.setdefault(keys[0], set()).add(one)
            _named(look, service, one, found)


async def within_reach(look: Look, group: Group) -> Group:
    """Without links to what this visitor can't open."""
    pages = {page for _, _, page in group.facts if page}
    found = await asyncio.gather(*(_there(look, page) for page in pages))
    gone = {page for page, there in zip(pages, found, strict=True) if not there}
    facts = [one for one in group.facts if one[2] not in gone]
    inner = await asyncio.gather(*(within_reach(look, one) for one in group.groups))
    return replace(group, facts=facts, groups=inner)


async def _there(look: Look, page: str) -> bool:
    service, name, id = page.split("/")[2:]
    answer = await look.ask(f"{lists(look, f'{service}.{name}').path}/{id}")
    return answer.status != NOT_FOUND


async def asked(look: Look, one: Listed, item: Mapping[str, Any]) -> tuple[str, str]:
    """Where it is about and what was asked, in full, where that is kept apart and the reader may read it; nothing that
    the record says itself.
    """
    kept = f"{one.path}/{{id}}/asked"
    if kept not in look.described.reads or look.visitor.kind in shows(one).kept_from:
        return "", ""
    answer = await look.ask(f"{one.path}/{quote(item['id'], safe='')}/asked")
    said = answer.json() if answer.good else {}
    place, text = (str(said.get(name) or "") for name in ("place", "asked"))
    state = item["state"]
    return (
        "" if place == state.get("place") else place,
        "" if text == state.get("title") else text,
    )


def lists(look: Look, key: str) -> Listed:
    return look.described.lists[key]


async def every(
    look: Look, key: str, query: Mapping[str, Any] = {}, most: int = MOST
) -> list[Mapping[str, Any]]:
    """All of a list that the reader may see."""
    one, found, cursor = lists(look, key), [], None
    for _ in range(most):
        asked = {"limit": "100", **query, **({"cursor": cursor} if cursor else {})}
        answer = await look.ask(one.path, asked)
        if not answer.good:
            break
        body = answer.json()
        found += body["items"]
        cursor = body.get("next")
        if not cursor:
            break
    return found


async def record(look: Look, key: str, id: str, actions: str = "now") -> Answer:
    return await look.ask(lists(look, key).at(id), {"actions": actions})


async def records(look: Look, key: str, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """By id, those that the reader may see."""
    wanted = sorted(set(ids))
    answers = await asyncio.gather(*(record(look, key, id) for id in wanted))
    return {id: answer.json() for id, answer in zip(wanted, answers, strict=True) if answer.good}
