"""Scorecards, down to their events, and the streets side by side."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel

from chassis.exports import Exported, Format, exported
from chassis.http import Door, Paged, more_after
from chassis.identity import Subject
from chassis.kernel.errors import Malformed
from chassis.pages import Pages
from chassis.routes import Routes
from contracts.event import Code
from services.index.domain.scorecard import Scorecard
from services.index.domain.standing import Standings
from services.index.queries.cards import CardQueries, Line
from services.index.queries.rankings import RankingQueries
from services.index.queries.scorecards import ScorecardQueries

Quarter = Annotated[str, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")]


PAGES = Pages(Path(__file__).parent.parent / "pages")


class Behind(BaseModel):
    """What is behind a figure: each whistle, payment, evaluation or community with its events."""

    items: list[dict[str, Any]]
    next: str | None = None


class FigureRead(BaseModel):
    """A figure as people read it, beside the quarter before and its place among the streets."""

    figure: str
    called: str
    unit: str
    theme: str
    reading: str
    before: str
    made_of: str
    ranked: str


class Form(StrEnum):
    JSON = "json"
    HTML = "html"


def router(
    queries: ScorecardQueries, cards: CardQueries, rankings: RankingQueries, door: Door
) -> Routes:
    api = Routes(tags=["记分卡"])
    reading = door.reading()

    @api.get("/scorecards/{street}", summary="一个街道的记分卡", response_model=Scorecard)
    async def scorecard(
        street: Code, quarter: Quarter, format: Form = Form.JSON, reader: Subject = reading
    ) -> Any:
        """As HTML a page to be printed, with places and the quarter before."""
        if format is Form.HTML:
            return PAGES.shown("card.html", await cards.page(street, quarter, reader))
        return await queries.scorecard(street, quarter, reader)

    @api.get("/scorecards/{street}/figures", summary="一个街道的记分卡，按人读的写法")
    async def figures(
        street: Code, quarter: Quarter, reader: Subject = reading
    ) -> list[FigureRead]:
        """What stands on the printed card, as data."""
        page = await cards.page(street, quarter, reader)
        return [_read(line) for line in page["lines"]]

    @api.get("/scorecards/{street}/{figure}/events", summary="一个数字背后的事件")
    async def events(
        street: Code, figure: str, quarter: Quarter, page: Paged, reader: Subject = reading
    ) -> Behind:
        asked = (street, figure, quarter, reader, page.after, page.limit)
        items, found = await queries.behind(*asked)
        return Behind(items=items, next=more_after(found, page))

    @api.get("/rankings", summary="各街道排名", response_model=Exported)
    async def ranking(
        quarter: Quarter, format: Format = Format.JSON, reader: Subject = reading
    ) -> Any:
        """Each figure's places, ties said; a street sees its own."""
        table = await rankings.ranking(quarter, reader)
        return await exported(table, format, f"index-rankings-{quarter}")

    @api.get("/rankings/standings", summary="各街道名次及其把握")
    async def standing(
        quarter: Annotated[str | None, Query(pattern=r"^20[0-9]{2}-Q[1-4]$")] = None,
        year: Annotated[int | None, Query(ge=2000, le=2099)] = None,
        reader: Subject = reading,
    ) -> Standings:
        """How sure each street's place is, of a quarter or a year, under other weights and normalisations."""
        if (quarter is None) is (year is None):
            raise Malformed("须写明一个季度，或一个年份。", field="quarter")
        return await rankings.standings(quarter or str(year), reader)

    return api


def _read(line: Line) -> FigureRead:
    return FigureRead(
        figure=line.figure,
        called=line.title,
        unit=line.unit,
        theme=line.theme,
        reading=line.value,
        before=line.before,
        made_of=line.made_of,
        ranked=line.place,
    )
