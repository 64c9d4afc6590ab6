"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled, whistle.unit_listed | state: the latest wins | our copy |
"""

from typing import Any

from chassis.subscriptions import Subscription

from .desk import AffairsDesk


def subscriptions(desk: AffairsDesk) -> tuple[Subscription[Any], ...]:
    return (desk.communities.subscription(), desk.units.subscription())
