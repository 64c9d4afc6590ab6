"""What the platform and its partners hold for a measuring point, with every event behind it."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from chassis.http import Door, Paged, more_after
from chassis.identity import Subject
from chassis.routes import Routes
from services.index.domain.feed import Figure
from services.index.domain.observation import FigureReported
from services.index.queries.feeds import FeedQueries


class FedOut(BaseModel):
    """The figure to be confirmed; `reports` are what partners said."""

    model_config = ConfigDict(from_attributes=True)

    year: int
    point: int
    figure: Figure | None
    value: str | None
    reports: tuple[FigureReported, ...]
    items: list[dict[str, Any]] = []
    next: str | None = None


def router(queries: FeedQueries, door: Door) -> Routes:
    api = Routes(tags=["平台数据"])
    reading = door.reading()

    @api.get("/observations/{year}/{point}/feed", summary="平台或合作方掌握的数据，供填报单位核对")
    async def feed(
        year: Annotated[int, Path(ge=2000, le=2099)],
        point: Annotated[int, Path(ge=1, le=999)],
        page: Paged,
        reader: Subject = reading,
    ) -> FedOut:
        fed = await queries.fed(year, point, reader)
        items, found = await queries.behind(fed, page.after, page.limit)
        shown = FedOut.model_validate(fed)
        return shown.model_copy(update={"items": items, "next": more_after(found, page)})

    return api
