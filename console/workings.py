"""The platform's operating figures: the days it counts, and how long events wait to be published."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from chassis.kernel.clock import SHANGHAI, local_date

from .desk import Look
from .months import DAYS

AHEAD = 14
AGE = re.compile(
    r'^gongzhi_outbox_oldest_seconds\{[^}]*service="([a-z_]+)"[^}]*\} ([0-9.e+]+)$', re.M
)
WAITS = re.compile(r'^gongzhi_outbox_pending\{[^}]*service="([a-z_]+)"[^}]*\} ([0-9.e+]+)$', re.M)


async def calendar(look: Look) -> list[tuple[str, bool]]:
    """The next days, and whether anybody works on them: as the gateway counts working time."""
    first = local_date(datetime.now(SHANGHAI)) + timedelta(days=1)
    ends = [
        datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        for day in (first + timedelta(days=n) for n in range(AHEAD + 1))
    ]
    answer = await look.ask("/api/v1/gateway/hours", [("until", end.isoformat()) for end in ends])
    if not answer.good:
        return []
    left = [one["seconds"] or 0 for one in answer.json()["items"]]
    return [
        (f"{end.month}月{end.day}日 周{DAYS[end.weekday()]}", after > before)
        for end, before, after in zip(ends, left, left[1:], strict=False)
    ]


async def outboxes(look: Look) -> Mapping[str, tuple[int, int]]:
    """By service, as far as the gateway's own figures go: how many events wait, and the oldest for how many seconds."""
    answer = await look.ask("/metrics")
    text = answer.content.decode() if answer.good else ""
    ages = {name: int(float(said)) for name, said in AGE.findall(text)}
    waits = {name: int(float(said)) for name, said in WAITS.findall(text)}
    return {name: (waits.get(name, 0), age) for name, age in ages.items()}
