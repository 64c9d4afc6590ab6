"""What comes due here: rungs of a whistle's clocks, decisions of appeals, places where reports may be ignored,
reporters whose term is over."""

from chassis.deadlines import Soon, Timer

from .desk import WhistleDesk
from .domain.notice import LONGEST


def timers(desk: WhistleDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.whistles, desk.fire),
        Timer(desk.years, desk.fire_appeal),
        Timer(desk.spots, desk.look_again),
        Timer(desk.reporters.aggregates, desk.look_after_reporter),
    )


def jobs(desk: WhistleDesk) -> tuple[Timer, ...]:
    """What waits for somebody else: no deadline is held up by it."""
    return (Timer(desk.notices, desk.send_notice, soon=Soon({}, LONGEST)),)
