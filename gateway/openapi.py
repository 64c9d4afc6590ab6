"""One OpenAPI document of the whole platform: the services' own, joined."""

import asyncio
import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from fastapi import Request, Response

from .forward import Forward

PREFIX = "#/components/schemas/"


DESCRIBED_WITHIN = 30.0
"""A service describes itself once, when it is first asked, and a busy one takes its time."""
AGAIN_WITHIN = 3.0
"""Later ones don't wait for one that hangs."""
FRESH = 60.0
"""Seconds for which what the services said of themselves is taken to be so."""
MISSED = 5.0
"""Seconds until one that didn't answer is asked again."""
WHOLE = ""
"""The name under which the whole document is kept, beside those of the services."""
NOUGHT = re.compile(r"q=0(\.0{0,3})?")
"""A weight under which nothing is accepted."""
MISSING = "x-missing"
"""The services that aren't in the document, because they haven't answered since this process began."""


TITLE = "共治 Gongzhi"
ABOUT = """按规章办事的区级治理平台：各服务的接口，合在一份说明里。

- 凭 `Authorization: Bearer` 令牌访问；令牌可代表多个身份时用 `X-Act-As` 写明。
- 列表答复的 `next` 作为 `cursor` 送回，为空即已到末页；`/api/v1/events` 的 `next` 是序号，作为 `after` 送回。
- 修改用 `If-Match` 写明所见的版本（`ETag`）；重发用同一个 `Idempotency-Key`，只生效一次。
- 频次见每个答复的 `RateLimit-Policy`（每多少秒几次）和 `RateLimit`（还剩几次）；超出为 429，按 `Retry-After` 再试。
- 金额以分计，面积以百分之一平方米计，时刻为 UTC；不予办理的答复见 [/problems](/problems)。
- 一个服务的说明在 `/api/v1/<服务>/openapi.json`；事件见 `/asyncapi.json`。
"""


class Text:
    """A document as it is sent, in UTF-8: kept packed, and known again by its tag."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        self.packed = gzip.compress(text, mtime=0)
        self.tag = f'W/"{hashlib.sha256(text).hexdigest()[:32]}"'

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.packed)


class Joined:
    """The documents as texts, made again only when they may have changed, and by one at a time."""

    def __init__(self, own: Callable[[], dict[str, Any]], forward: Forward) -> None:
        self._own = own
        self._forward = forward
        self._making = asyncio.Lock()
        self._said: dict[str, str] = {}
        self._until, self._texts = 0.0, dict[str, Text]()

    async def __call__(self, service: str = WHOLE) -> Text | None:
        """The whole document, or that of one service; None where it has said nothing of itself yet."""
        async with self._making:
            if time.monotonic() >= self._until:
                told = await self._ask()
                self._texts = await asyncio.to_thread(self._joined, told)
                whole = len(told) == len(self._forward.names)
                self._until = time.monotonic() + (FRESH if whole else MISSED)
            return self._texts.get(service)

    async def _ask(self) -> dict[str, Any]:
        """What those say of themselves that answer."""
        names = self._forward.names
        within = AGAIN_WITHIN if self._texts else DESCRIBED_WITHIN
        asked = (self._forward.ask(one, "/openapi.json", within) for one in names)
        answers = zip(names, await asyncio.gather(*asked), strict=True)
        return {name: said for name, (status, said) in answers if status == HTTPStatus.OK}

    def _joined(self, told: Mapping[str, Any]) -> dict[str, Text]:
        """Of one that is away stays what it said before: the others work on. Kept as text, a quarter of what it is
        as objects.
        """
        said = {name: json.dumps(one) for name, one in told.items()}
        if self._texts and all(self._said.get(name) == one for name, one in said.items()):
            return self._texts
        self._said |= said
        names = self._forward.names
        known = {name: json.loads(self._said[name]) for name in names if name in self._said}
        own = self._own()
        whole = joined(own, known)
        if missing := [name for name in names if name not in known]:
            whole["info"][MISSING] = missing
        each = {name: Text(joined(_empty(own), {name: one})) for name, one in known.items()}
        return {WHOLE: Text(whole), **each}


def _empty(own: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is the gateway's."""
    return {**own, "paths": {}, "components": {**own["components"], "schemas": {}}}


def joined(own: dict[str, Any], services: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """`own` is the gateway's; each one's models are told apart by its name, a service's tags by its title."""
    named = _named(own, "gateway")
    paths, schemas = dict(named["paths"]), dict(named["components"]["schemas"])
    for service, document in services.items():
        named = _named(document, service)
        of_it = {path: item for path, item in named["paths"].items() if path.startswith("/api/")}
        for operation in (one for item in of_it.values() for one in item.values()):
            operation["tags"] = [f"{named['info']['title']} · {tag}" for tag in operation["tags"]]
        paths |= of_it
        schemas |= named["components"]["schemas"]
    return {
        **own,
        "info": {"title": TITLE, "version": version("gongzhi"), "description": ABOUT},
        "tags": [{"name": tag} for tag in _tags(paths)],
        "paths": paths,
        "components": {**own["components"], "schemas": schemas},
    }


def _tags(paths: Mapping[str, Any]) -> dict[str, None]:
    """In the order in which they come."""
    return dict.fromkeys(
        tag for item in paths.values() for operation in item.values() for tag in operation["tags"]
    )


def answered(request: Request, text: Text) -> Response:
    """Compressed if the client accepts gzip. Clients may cache it, and revalidate it by its ETag."""
    packed = _packed(request.headers.get("accept-encoding", ""))
    headers = {"ETag": text.tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(text.packed if packed else text.plain, 200, headers, "application/json")


def _packed(accepted: str) -> bool:
    """Whether gzip is accepted: named, or meant by `*`, and not with a weight of nought."""
    weights = {
        coding.strip().lower(): not NOUGHT.fullmatch(weight.strip().lower())
        for coding, _, weight in (one.partition(";") for one in accepted.split(","))
    }
    return weights.get("gzip", weights.get("*", False))


def _named(document: dict[str, Any], name: str) -> dict[str, Any]:
    """With its models under its name."""
    renamed: dict[str, Any] = json.loads(json.dumps(document).replace(PREFIX, f"{PREFIX}{name}."))
    models = renamed.get("components", {}).get("schemas", {})
    renamed["components"]["schemas"] = {f"{name}.{one}": shape for one, shape in models.items()}
    return renamed
