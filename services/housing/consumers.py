"""Others' news: nothing is heard here yet; the register and the agreements are made at this desk."""

from typing import Any

from chassis.subscriptions import Subscription


def subscriptions() -> tuple[Subscription[Any], ...]:
    return ()
