"""What comes due here: the rungs of a whistle's clocks, and reporters whose problem never came."""

from chassis.deadlines import Timer

from .desk import WhistleDesk


def timers(desk: WhistleDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.whistles, desk.fire),
        Timer(desk.reporters.aggregates, desk.remove_orphan),
    )
