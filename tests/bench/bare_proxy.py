"""The least that passes a request on: aiohttp at both ends, and nothing looked at. The peer of `tests.bench.gateway`.

`python -m tests.bench.bare_proxy UPSTREAM PORT`
"""

import asyncio
import sys

import aiohttp
import uvloop
from aiohttp import web

HOP_BY_HOP = frozenset(("connection", "host", "content-length", "transfer-encoding", "keep-alive"))


async def serve(upstream: str, port: int) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def passed_on(request: web.Request) -> web.Response:
            headers = [(n, v) for n, v in request.headers.items() if n.lower() not in HOP_BY_HOP]
            body = await request.read()
            url = upstream + request.raw_path
            async with session.request(request.method, url, headers=headers, data=body) as answer:
                kept = [(n, v) for n, v in answer.headers.items() if n.lower() not in HOP_BY_HOP]
                said = await answer.read()
                return web.Response(status=answer.status, headers=dict(kept), body=said)

        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", passed_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(serve(sys.argv[1], int(sys.argv[2])))
