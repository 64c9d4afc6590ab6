"""Files over HTTP: uploaded and downloaded unchanged; everything else refers to a file by its id."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from .kernel.media import Media


class FileOut(BaseModel):
    """What was kept; `size` in bytes."""

    id: str
    media: Media
    size: int


def files(*media: str) -> dict[str, Any]:
    """What is a file of one of these kinds, as it is described."""
    return {"content": {one: {"schema": {"type": "string", "format": "binary"}} for one in media}}


def filed_as(*media: str) -> dict[str, Any]:
    """How a body that is a file is described."""
    return {"required": True, **files(*media)}


DOWNLOADED: dict[int | str, dict[str, Any]] = {200: files(*Media)}
"""How an answer is described that is what was uploaded."""


def download(id: str, media: Media, content: bytes) -> Response:
    """To be saved, never to be shown or run by a browser."""
    headers = {
        "Content-Disposition": f'attachment; filename="{id}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media, headers=headers)
