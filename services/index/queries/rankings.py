"""The streets of a quarter side by side: those who lead the district see all, a street its own place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chassis.exports import Cell, Column, Table
from chassis.identity import Subject
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.domain.ranking import HIGHER, LOWER, places
from services.index.domain.standing import Standings

FIGURES = {
    "arrival_on_time": "及时到场率（万分之）",
    "handling_on_time": "及时办理率（万分之）",
    "mean_score": "平均得分（百分之一分）",
    "satisfaction": "满意度（百分之一）",
    "payments_on_time": "按时付款率（万分之）",
    "evaluation": "项目评估得分（百分之一分）",
    "premises_at_standard": "社区用房达标率（万分之）",
    "area_per_100": "每百户社区用房面积（百分之一平方米）",
    "consultation": "协商民主考核分（百分之一分，年底前为暂计）",
    "returns": "退回次数",
    "irregular": "不规范吹哨",
    "open_alarms": "未结逾期提醒",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingQueries:
    desk: IndexDesk
    streets: Mapping[str, str]

    async def standings(self, period: str, subject: Subject) -> Standings:
        """All streets ranked, and shown as `ranking` shows them."""
        found = await self.desk.standings(period)
        seen = [one for one in found.streets if ACCESS.may_see(subject, {"street": one.street})]
        return replace(found, streets=tuple(seen))

    async def ranking(self, quarter: str, subject: Subject) -> Table:
        """A row for each figure and street that has a value, best first."""
        cards = [await self.desk.scorecard(street, quarter) for street in self.streets]
        values = {
            card.street: {figure.name: figure.value for figure in card.figures} for card in cards
        }
        rows: list[tuple[Cell, ...]] = []
        for figure in (*HIGHER, *LOWER):
            own = {street: found[figure] for street, found in values.items()}
            ranked = places(figure, own)
            for street in sorted(ranked, key=lambda one: (ranked[one].rank, one)):
                place = ranked[street]
                if ACCESS.may_see(subject, {"street": street}):
                    rows.append((figure, street, place.value, place.rank, place.among, place.tied))
        columns = (
            Column("figure", "数字", FIGURES),
            Column("street", "街道", self.streets),
            Column("value", "数值"),
            Column("rank", "名次"),
            Column("among", "参排街道数"),
            Column("tied", "并列"),
        )
        return Table(f"{quarter} 街道排名", columns, rows)
