"""What is filed for a year: the sheet of its points, and one point's observation with what may be done with it."""

from typing import Annotated, Any

from fastapi import Path, Response

from chassis.exports import Exported, Format, exported
from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from chassis.steps_api import Desked, Which
from services.index.queries.figures import FigureQueries

Year = Annotated[int, Path(ge=2000, le=2099)]
Point = Annotated[int, Path(ge=1, le=999)]


def router(figures: FigureQueries, observations: Desked[Any, Any, Any, Any], door: Door) -> Routes:
    api = Routes(tags=["观测值"])
    reading = door.reading()

    @api.get(
        "/observations/{year}",
        summary="一年的填报情况",
        response_model=Exported,
        operation_id="index.observations.year",
    )
    async def sheet(year: Year, format: Format = Format.JSON, reader: Subject = reading) -> Any:
        """For a source its own points only: empty, it is the sheet to fill in."""
        table = await figures.figures(year, reader)
        return await exported(table, format, f"index-observations-{year}")

    @api.get(
        "/observations/{year}/{point}",
        summary="查看观测值",
        response_model=observations.model,
        operation_id="index.observations.show",
    )
    async def one(
        year: Year,
        point: Point,
        response: Response,
        actions: Which = "now",
        reader: Subject = reading,
    ) -> Any:
        """Also before anything is filed."""
        held = await observations.found(f"{year}.{point}", reader)
        return await observations.show(held, reader, response, actions)

    return api
