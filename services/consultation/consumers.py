"""Others' news: what each is to us, and the one document it changes.

| news | reaction | document |
|---|---|---|
| housing.community_profiled | state: the latest wins | our copy of the community |
"""

from typing import Any

from chassis.subscriptions import Subscription

from .desk import ConsultationDesk


def subscriptions(desk: ConsultationDesk) -> tuple[Subscription[Any], ...]:
    return (desk.communities.subscription(),)
