"""What comes due here: nothing yet; a term that ends is looked at when a matter is proposed."""

from chassis.deadlines import Timer


def timers() -> tuple[Timer, ...]:
    return ()
