"""Without a token: a resident's proposal with its receipt code, and the public notices as a list and feed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from xml.etree import ElementTree

from fastapi import Request, Response
from pydantic import BaseModel, StringConstraints

from chassis.address_limits import SubmissionLimit, WrongCodeLimit, address_of
from chassis.http import Asked, Repeatable, unsigned
from chassis.routes import Routes
from chassis.words import Passage, Short
from contracts.event import Code, instant
from services.consultation.desk import ConsultationDesk
from services.consultation.queries import public
from services.consultation.queries.public import Case, Notice, UnknownReceipt
from services.consultation.receipts import Receipts

RESIDENT = "resident"
EACH_MINUTE, EACH_DAY = 2, 20
"""How many proposals an address may send in (ours); one that was taken and comes again isn't another."""
ATOM = "application/atom+xml"
SPACE = "http://www.w3.org/2005/Atom"
BEGINNING = "1970-01-01T00:00:00.000000Z"


UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "没有这个回执码"}}


class ProposalIn(Asked):
    """Names no person: who proposes it isn't asked for."""

    community: Code
    title: Short
    text: Passage


class Receipt(BaseModel):
    """`code`: what the proposal is followed with; it is shown here only. `kept_days`: how long what was proposed and
    its answer are kept, from the last that happens to it and to its matter, once these are over."""

    code: str
    kept_days: int


class CodeIn(Asked):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]


def router(desk: ConsultationDesk, receipts: Receipts, clock: Callable[[], datetime]) -> Routes:
    api = Routes(tags=["居民"])
    posts, tries = SubmissionLimit(clock), WrongCodeLimit(clock, UnknownReceipt)

    @api.post("/public/proposals", summary="居民建议议题", status_code=201)
    async def propose(body: ProposalIn, request: Request, again: Repeatable) -> Receipt:
        cause = await unsigned(request, RESIDENT, clock())
        if await desk.proposals.look(cause.fresh) is None:
            posts.count(address_of(request), each_minute=EACH_MINUTE, each_day=EACH_DAY)
        code = await public.propose(desk, receipts, body.community, body.title, body.text, cause)
        return Receipt(code=code, kept_days=await public.kept_days(desk))

    @api.post("/public/case", summary="凭回执查询建议", responses=UNKNOWN)
    async def case(body: CodeIn, request: Request) -> Case:
        async with tries.counted(address_of(request)):
            return await public.case(desk, receipts, body.code)

    @api.get("/public/notices", summary="协商结果公示")
    async def notices(community: Code | None = None) -> list[Notice]:
        """The latest 50."""
        return await public.notices(desk, community)

    @api.get(
        "/public/notices.atom",
        summary="协商结果公示（Atom 订阅）",
        response_class=Response,
        responses={200: {"content": {ATOM: {}}}},
    )
    async def feed(community: Code | None = None) -> Response:
        found = await public.notices(desk, community)
        return Response(_atom(found, community), media_type=ATOM)

    return api


def _atom(notices: list[Notice], community: str | None) -> bytes:
    feed = ElementTree.Element("feed", xmlns=SPACE)
    updated = instant(notices[0].published_at) if notices else BEGINNING
    _said(
        feed, title="协商结果公示", id=f"urn:gongzhi:notices:{community or 'all'}", updated=updated
    )
    _said(ElementTree.SubElement(feed, "author"), name="共治平台")
    for one in notices:
        entry = ElementTree.SubElement(feed, "entry")
        at = instant(one.published_at)
        _said(entry, title=one.title, id=f"urn:gongzhi:matter:{one.id}", updated=at)
        _said(entry, content=one.notice)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _said(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = text
