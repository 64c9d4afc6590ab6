"""The event stream, under the visitor's own token: the page learns that something changed, but not what."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from console.desk import Desk

STREAM = "/api/v1/events/stream"


def routes(desk: Desk) -> list[Route]:
    async def live(request: Request) -> Response:
        visitor = desk.visitors.of(request)
        if visitor.token is None:
            return Response(status_code=401)
        news = nudges(desk.gateway.stream(visitor.caller, STREAM))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(news, media_type="text/event-stream", headers=headers)

    return [Route("/console/live", live)]


async def nudges(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """That there is news, without its number: a page whose stream is taken up again looks at once."""
    rest = b""
    yield b": \n\n"
    async for chunk in chunks:
        *blocks, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            told = any(line.startswith(b"data:") for line in block.split(b"\n"))
            yield b"data: 1\n\n" if told else b": \n\n"
