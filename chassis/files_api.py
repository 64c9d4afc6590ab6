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


def filed_as(*media: Media) -> dict[str, Any]:
    """How a body that is a file is described."""
    file = {"schema": {"type": "string", "format": "binary"}}
    return {"required": True, "content": {one: file for one in media}}


def download(id: str, media: Media, content: bytes) -> Response:
    """To be saved, never to be shown or run by a browser."""
    headers = {
        "Content-Disposition": f'attachment; filename="{id}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media, headers=headers)
