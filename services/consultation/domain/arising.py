"""Topics that arise elsewhere: trouble that came again in a community, a street's weakness."""

from dataclasses import dataclass
from datetime import datetime

from .committee import Level
from .events import MatterProposed
from .matter import CURRENT

THEMES = {"whistles": "吹哨报到", "consultation": "协商民主"}
"""As people call the parts of a street's scorecard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arisen:
    """What is proposed, and where. `level` is that of the committee."""

    level: Level
    street: str
    community: str | None = None
    category: str
    title: str
    subject: str

    def proposed(self, *, id: str, committee: str, head: str, now: datetime) -> MatterProposed:
        return MatterProposed(
            id=id,
            committee=committee,
            level=self.level,
            street=self.street,
            community=self.community,
            category=self.category,
            head=head,
            title=self.title,
            subject=self.subject,
            procedure=CURRENT,
            at=now,
        )


def repeated(
    street: str, community: str, category: str, *, count: int, first: str, last: str
) -> Arisen:
    """Reported again and again; which it was is in whistle, and names nobody here."""
    return Arisen(
        level=Level.COMMUNITY,
        street=street,
        community=community,
        category=category,
        title="反复反映的问题",
        subject=f"同一地点同类问题自 {first} 至 {last} 反映 {count} 次，建议协商治本之策。",
    )


def weak(street: str, theme: str, quarter: str, category: str) -> Arisen:
    return Arisen(
        level=Level.STREET,
        street=street,
        category=category,
        title=f"治理短板（{quarter}）",
        subject=f"{quarter} 街道治理指数主题“{THEMES.get(theme, theme)}”偏弱，建议协商改进。",
    )


def surveyed(street: str, community: str, category: str, year: int, needs: int) -> Arisen:
    """What services the community needs, before they are bought."""
    return Arisen(
        level=Level.COMMUNITY,
        street=street,
        community=community,
        category=category,
        title=f"{year} 年购买服务需求",
        subject=f"{year} 年购买服务需求征询已公布 {needs} 项，建议听证协商。",
    )


def taken_up(street: str, community: str, category: str, title: str, subject: str) -> Arisen:
    """By delegates on their contact day in the community (C-33)."""
    return Arisen(
        level=Level.COMMUNITY,
        street=street,
        community=community,
        category=category,
        title=title,
        subject=subject,
    )
