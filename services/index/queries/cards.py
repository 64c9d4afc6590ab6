"""A street's quarter on paper: each figure with what it is made of, its place, and the quarter before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound
from chassis.kernel.measure import as_decimal
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.domain.ranking import HIGHER, LOWER, places
from services.index.domain.scorecard import Scorecard
from services.index.domain.weakness import Why, last_day

PERCENT, POINTS, COUNT, AREA = "%", "分", "件", "平方米"
SHOWN: Mapping[str, tuple[str, str, str]] = {
    "whistles_closed": ("办结的哨", COUNT, "吹哨报到"),
    "arrival_on_time": ("及时到场率", PERCENT, "吹哨报到"),
    "handling_on_time": ("及时办理率", PERCENT, "吹哨报到"),
    "returns": ("退回", COUNT, "吹哨报到"),
    "mean_score": ("平均得分", POINTS, "吹哨报到"),
    "satisfaction": ("满意度（五分制）", POINTS, "吹哨报到"),
    "irregular": ("不规范吹哨", COUNT, "吹哨报到"),
    "open_alarms": ("未结逾期提醒", COUNT, "吹哨报到"),
    "payments_on_time": ("按时付款率", PERCENT, "购买服务"),
    "evaluation": ("项目评估得分", POINTS, "购买服务"),
    "premises_at_standard": ("社区用房达标率", PERCENT, "社区用房"),
    "area_per_100": ("每百户社区用房面积", AREA, "社区用房"),
    "consultation": ("协商民主考核分", POINTS, "协商民主"),
}
"""Figure → its title, unit, and the part of the card it stands in."""
THEMES = {"whistles": "吹哨报到", "consultation": "协商民主"}
WHYS = {Why.BELOW: "低于界限", Why.FALLING: "较上季下降"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure as people read it; `bar` is its share of the full width, where it is one of 100."""

    figure: str
    title: str
    unit: str
    theme: str
    value: str
    before: str
    made_of: str
    place: str
    bar: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQueries:
    desk: IndexDesk
    streets: Mapping[str, str]
    clock: Callable[[], datetime]

    async def page(self, street: str, quarter: str, subject: Subject) -> dict[str, Any]:
        """What stands on the printed card; NotFound for no street of ours, or not one's own."""
        if street not in self.streets or not ACCESS.may_see(subject, {"street": street}):
            raise NotFound(f"没有这张记分卡：{street}")
        cards = {one: await self.desk.scorecard(one, quarter) for one in self.streets}
        before = await self.desk.scorecard(street, _before(quarter))
        weak = [
            held.aggregate.found
            async for held in self.desk.weaknesses.every({"street": street, "quarter": quarter})
        ]
        lines = _lines(street, cards, before)
        return {
            "title": f"{self.streets[street]} {quarter} 社会治理记分卡",
            "name": self.streets[street],
            "street": street,
            "quarter": quarter,
            "before": _before(quarter),
            "lines": lines,
            "bars": [line for line in lines if line.bar is not None],
            "weak": weak,
            "whys": WHYS,
            "themes": THEMES,
            "provisional": self._provisional(quarter),
        }

    def _provisional(self, quarter: str) -> bool:
        """Annex 9 is of the whole year: of its last quarter it stands once that is over (I-15)."""
        return not quarter.endswith("Q4") or local_date(self.clock()) <= last_day(quarter)


def _lines(street: str, cards: Mapping[str, Scorecard], before: Scorecard) -> list[Line]:
    values = {one: {f.name: f.value for f in card.figures} for one, card in cards.items()}
    earlier = {figure.name: figure.value for figure in before.figures}
    lines = []
    for figure in cards[street].figures:
        title, unit, theme = SHOWN[figure.name]
        place = ""
        if figure.name in (*HIGHER, *LOWER):
            ranked = places(figure.name, {one: own[figure.name] for one, own in values.items()})
            if found := ranked.get(street):
                tied = "（并列）" if found.tied else ""
                place = f"{found.rank}/{found.among}{tied}"
        shares = figure.value is not None and unit == PERCENT
        lines.append(
            Line(
                figure=figure.name,
                title=title,
                unit=unit,
                theme=theme,
                value=_read(figure.value, unit),
                before=_read(earlier[figure.name], unit),
                made_of=f"{figure.part}/{figure.of}" if unit == PERCENT and figure.of else "",
                place=place,
                bar=figure.value if shares else None,
            )
        )
    return lines


def _read(value: int | None, unit: str) -> str:
    if value is None:
        return "—"
    return str(value) if unit == COUNT else as_decimal(value)


def _before(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
