"""Outlines come in as one map: compared with what is on record, and with one another."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from shapely import MultiPolygon

from chassis.cause import Cause
from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Line
from services.housing.domain import outlines
from services.housing.domain.community import Community, CommunityEntered
from services.housing.domain.outlines import Outline, OutlineDrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineLines:
    """A feature is a community's outline as it is from then on."""

    communities: Guarded[Community, CommunityEntered]
    outlines: Guarded[Outline, OutlineDrawn]

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        """Two that overlap in the file may have been drawn for one another: all are read before any is compared."""
        read: dict[str, tuple[int, OutlineDrawn]] = {}

        async def gather(line: Line) -> None:
            drawn = await self._drawn(line, reason, now)
            only_once(drawn.community, read, "社区代码在文件中重复。", field="community")
            read[drawn.community] = line.number, drawn

        async for bad in judged(lines, gather):
            yield bad
        known = {held.id: held.aggregate async for held in self.outlines.every({})}
        areas = await self._standing(known) | {
            code: outlines.area_of(drawn.polygons) for code, (_, drawn) in read.items()
        }
        for code, (number, drawn) in read.items():
            if other := outlines.overlapping(code, areas[code], areas):
                yield Bad(number, "geometry", f"与 {other} 的范围重叠。")
            elif outlines.draw(known.get(code), drawn):
                yield Change(
                    number, code, _told(known.get(code), drawn), partial(self._enter, drawn)
                )

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.outlines.every({}):
            shape = outlines.written(held.aggregate.polygons)
            yield held.id, json.dumps(shape, separators=(",", ":"))

    async def _drawn(self, line: Line, reason: str, now: datetime) -> OutlineDrawn:
        code = line.cells["community"]
        held = await self.communities.look(code)
        if held is None or held.aggregate.valid_to is not None:
            raise Malformed("登记册中没有这个社区，或已终止。", field="community")
        return OutlineDrawn(
            community=code,
            street=held.aggregate.street,
            polygons=outlines.read(line.cells["geometry"]),
            reason=reason,
            at=now,
        )

    async def _standing(self, known: dict[str, Outline]) -> dict[str, MultiPolygon]:
        """Of communities that hold: the ground of one that ended is others' now."""
        found = {code: await self.communities.look(code) for code in known}
        return {
            code: outlines.area_of(known[code].polygons)
            for code, held in found.items()
            if held is not None and held.aggregate.valid_to is None
        }

    async def _enter(self, drawn: OutlineDrawn, cause: Cause) -> None:
        await self.outlines.record(drawn.community, lambda was: outlines.draw(was, drawn), cause)


def _told(before: Outline | None, drawn: OutlineDrawn) -> dict[str, object]:
    """Points before and after: shapes themselves are looked at on a map."""
    counts = [
        sum(len(ring) for polygon in shape for ring in polygon)
        for shape in (before.polygons if before else (), drawn.polygons)
    ]
    return {"community": drawn.community, "points": counts}
