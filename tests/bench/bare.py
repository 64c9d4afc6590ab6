"""The least that could take a command: a verified token, a validated body, one durable insert. The peer of a bench.

`python -m tests.bench.bare FOLDER JWKS PORT`
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import aiosqlite
import uvicorn
import uvloop
from fastapi import FastAPI, HTTPException, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class ProblemIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    channel: Text
    community: Text
    category: Text
    title: Text
    asked: Text


def app(db: aiosqlite.Connection, keys: KeySet) -> FastAPI:
    api = FastAPI()

    @api.post("/problems", status_code=201)
    async def collect(body: ProblemIn, request: Request) -> dict[str, Any]:
        token = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, keys, algorithms=["ES256"]).claims
        except JoseError:
            raise HTTPException(401) from None
        id = str(uuid4())
        text = json.dumps({**body.model_dump(), "by": claims["acts_as"]}, ensure_ascii=False)
        await db.execute("INSERT INTO problems VALUES (?, ?)", (id, text))
        return {"id": id}

    return api


async def serve(folder: Path, jwks: Path, port: int) -> None:
    keys = KeySet.import_key_set(json.loads(jwks.read_text(encoding="utf-8")))
    async with aiosqlite.connect(folder / "bare.db", isolation_level=None) as db:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            await db.execute(f"PRAGMA {pragma}")
        await db.execute("CREATE TABLE IF NOT EXISTS problems (id TEXT PRIMARY KEY, body TEXT)")
        config = uvicorn.Config(
            app(db, keys), host="127.0.0.1", port=port, log_level="error", access_log=False
        )
        await uvicorn.Server(config).serve()


def main() -> None:
    folder, jwks, port = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(folder), Path(jwks), int(port)))


if __name__ == "__main__":
    main()
