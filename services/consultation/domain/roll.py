"""Everything that can happen to a committee, and what it then is."""

from . import appointing
from .committee import Committee, CommitteeSeated, begin
from .members import MemberEvent

CommitteeEvent = CommitteeSeated | MemberEvent


def evolve(committee: Committee | None, event: CommitteeEvent) -> Committee:
    if isinstance(event, CommitteeSeated):
        return begin(event)
    if committee is None:
        raise ValueError("a committee begins by being seated")
    return appointing.evolve(committee, event)
