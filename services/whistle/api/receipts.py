"""Without a token, with a receipt code in the body (W-16): follow the case, rate it, open it again."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Request
from pydantic import Field, StringConstraints

from chassis.address_limits import WrongCodeLimit, address_of
from chassis.cause import Cause
from chassis.files_api import FileOut, filed_as
from chassis.http import Asked
from chassis.kernel.media import Media
from chassis.routes import Routes
from chassis.telemetry import traceparent
from chassis.words import Long, Whole
from services.whistle.desk import WhistleDesk
from services.whistle.desk.receipts import Case, UnknownReceipt
from services.whistle.domain.course import RESIDENT

UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "没有这个回执码"}}
CLOSED: dict[int | str, dict[str, Any]] = {**UNKNOWN, 409: {"description": "违反规则"}}

PHOTO = {"requestBody": filed_as(Media.JPEG, Media.PNG)}

Receipt = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]


class ReceiptIn(Asked):
    code: Receipt


class RatingIn(ReceiptIn):
    rating: Annotated[Whole, Field(ge=1, le=5)]


class ReopenIn(ReceiptIn):
    reason: Annotated[Long, StringConstraints(max_length=500)]


def router(desk: WhistleDesk, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["居民查询"])
    tries = WrongCodeLimit(clock, UnknownReceipt)

    @asynccontextmanager
    async def counted(request: Request) -> AsyncIterator[Cause]:
        async with tries.counted(address_of(request)):
            yield Cause(actor=RESIDENT, now=clock(), traceparent=traceparent())

    @api.post("/receipts", summary="凭回执码查询办理情况", responses=UNKNOWN)
    async def case(body: ReceiptIn, request: Request) -> Case:
        async with counted(request) as cause:
            return await desk.case(body.code, cause.now)

    @api.post("/receipts/rating", summary="凭回执评价", responses=CLOSED)
    async def rate(body: RatingIn, request: Request) -> Case:
        async with counted(request) as cause:
            return await desk.rate(body.code, body.rating, cause)

    @api.post("/receipts/reopen", summary="凭回执要求重新办理", responses=CLOSED)
    async def reopen(body: ReopenIn, request: Request) -> Case:
        async with counted(request) as cause:
            return await desk.reopen_by_reporter(body.code, body.reason, cause)

    @api.post(
        "/receipts/photos",
        summary="凭回执附照片",
        status_code=201,
        responses=CLOSED,
        openapi_extra=PHOTO,
    )
    async def photo(
        request: Request, code: Annotated[Receipt, Header(alias="X-Receipt-Code")]
    ) -> FileOut:
        """The body is the file: JPEG or PNG, told by its first bytes; what a camera wrote beside the picture is left
        out. Read by who may read the full text."""
        async with counted(request) as cause:
            await desk.named(code)  # before the file is read: nobody needs a code to send one
        added = await desk.add_photo(code, await request.body(), cause)
        return FileOut(id=added.file, media=added.media, size=added.size)

    return api
