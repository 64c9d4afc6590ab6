"""The event stream, under the visitor's own token: the page hears that something changed, and nothing of what."""

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
        last = request.headers.get("last-event-id", "")
        headers = {"Last-Event-ID": last} if last.isdecimal() else {}
        news = nudges(desk.gateway.stream(visitor.caller, STREAM, headers))
        return StreamingResponse(
            news, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    return [Route("/console/live", live)]


async def nudges(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The number of each event, so that nothing is missed when the stream is taken up again."""
    rest = b""
    yield b": \n\n"
    async for chunk in chunks:
        *blocks, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            ids = [line for line in block.split(b"\n") if line.startswith(b"id:")]
            yield ids[0] + b"\ndata: 1\n\n" if ids else b": \n\n"
