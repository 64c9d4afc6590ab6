"""Whose move it is (H-04, H-06, H-11): who takes premises over, and by when; who says where a community lies.

What a developer owes is taken over by the street that signed and by the housing department; the district may, too,
and isn't waited for.
"""

from datetime import datetime

from chassis.kernel.clock import Awaits, Ends, end_of

from .agreement import UNITS, Agreement
from .community import Community

DISTRICT = "district_admin"


def of_agreement(agreement: Agreement) -> Awaits:
    """To its day while something is owed, missed or not; or to that of what is to be put right, if it is sooner."""
    due = soonest(agreement)
    if due is None:
        return {}
    keepers = (f"street:{agreement.street}", *(f"department:{unit}" for unit in UNITS))
    return dict.fromkeys(keepers, Ends(due=due))


def soonest(agreement: Agreement) -> datetime | None:
    """What it comes up by in a list."""
    days = [end_of(remedy.due) for _, remedy in agreement.undone]
    return min([*days, *([agreement.ends_at] if agreement.ends_at else [])], default=None)


def of_community(community: Community) -> Awaits:
    """Nothing can be signed for one whose street nobody knows."""
    known = community.street is not None or community.valid_to is not None
    return {} if known else {DISTRICT: None}
