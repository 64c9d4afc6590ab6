"""C-13: what one level can't settle becomes a matter of the level above; what came of it comes back."""

from datetime import datetime

from .committee import Level
from .events import MatterProposed
from .following_events import Answerer, Came, ReferralAnswered
from .matter import CURRENT, Matter

UPPER = {
    Level.BUILDING: Level.COMMUNITY,
    Level.QUARTER: Level.COMMUNITY,
    Level.COMMUNITY: Level.STREET,
}
"""Above the street there is no committee here."""


def raised(matter: Matter, *, id: str, committee: str, head: str, now: datetime) -> MatterProposed:
    """The same topic, before the upper committee; `head`: of its catalogue."""
    return MatterProposed(
        id=id,
        committee=committee,
        level=UPPER[matter.level],
        street=matter.street,
        community=matter.community,
        category=matter.category,
        head=head,
        title=matter.title,
        subject=matter.subject,
        procedure=CURRENT,
        serves=matter.serves,
        purpose=matter.purpose,
        referred_from=matter.id,
        at=now,
    )


def found_by(need: str) -> str | None:
    """The matter whose session found a need, by the need's id."""
    return need.rpartition(".")[0] or None


def answered(
    matter: Matter, by: Answerer, about: str, outcome: Came, now: datetime
) -> tuple[ReferralAnswered, ...]:
    """Once for each thing that came of it."""
    if any((one.about, one.outcome) == (about, outcome) for one in matter.answers):
        return ()
    return (ReferralAnswered(by=by, about=about, outcome=outcome, at=now),)


def mediated(matter: Matter) -> Came | None:
    """How the dispute ended that was refused here."""
    ended = [one.outcome for one in matter.answers if one.by is Answerer.MEDIATION]
    return ended[-1] if ended else None
