"""The indicator systems in all their versions, method and standards."""

from collections.abc import Mapping

from pydantic import BaseModel

from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from services.index.domain.innovation import Standard
from services.index.domain.method import METHOD, Method
from services.index.domain.system import IndicatorSystem
from services.index.systems import Systems


class SystemListed(BaseModel):
    """`settled`: how many of its doubts the district has decided."""

    version: str
    document: str
    counts: dict[str, int]
    settled: int


def router(kept: Systems, printed: Mapping[str, Standard], door: Door) -> Routes:
    api = Routes(tags=["指标体系"])
    reading = door.reading()

    @api.get("/method", summary="现行计算方法")
    async def method(reader: Subject = reading) -> Method:
        """How figures become scores: published with what is computed by it."""
        return METHOD

    @api.get("/systems", summary="各指标体系")
    async def every(reader: Subject = reading) -> list[SystemListed]:
        return [
            SystemListed(
                version=one.version,
                document=one.document,
                counts=dict(one.counts),
                settled=len(one.settled),
            )
            for one in await kept.every()
        ]

    @api.get("/systems/{version}", summary="一个指标体系及其存疑")
    async def system(version: str, reader: Subject = reading) -> IndicatorSystem:
        return await kept.at(version)

    @api.get("/standards", summary="测评标准")
    async def standards(reader: Subject = reading) -> list[Standard]:
        """Of the innovation assessment, each with the methods printed for it."""
        return list(printed.values())

    return api
