"""Whose move it is (H-04, H-06, H-11): who takes premises over, and by when; who says where a community lies.

What a developer owes is taken over by the street that signed and by the housing department; the district may, too,
and isn't waited for.
"""

from chassis.kernel.clock import Awaits, Ends, end_of

from .agreement import UNITS, Agreement, Status
from .community import Community

DISTRICT = "district_admin"


def of_agreement(agreement: Agreement) -> Awaits:
    """To its day while something is owed, missed or not; or to that of what is to be put right, if it is sooner."""
    days = [remedy.due for _, remedy in agreement.undone]
    if agreement.status is Status.OPEN:
        days.append(agreement.due)
    if not days:
        return {}
    keepers = (f"street:{agreement.street}", *(f"department:{unit}" for unit in UNITS))
    return dict.fromkeys(keepers, Ends(due=end_of(min(days))))


def of_community(community: Community) -> Awaits:
    """Nothing can be signed for one whose street nobody knows."""
    known = community.street is not None or community.valid_to is not None
    return {} if known else {DISTRICT: None}
