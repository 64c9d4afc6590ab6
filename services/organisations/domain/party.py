"""O-13: what was agreed of the party is checked at registration, yearly check and change of heads."""

from chassis.kernel.errors import OURS, RuleBroken

from .kinds import PartyForm
from .parts import Party
from .policy import OrganisationsPolicy
from .rules import RULES


def agreed(party: Party, policy: OrganisationsPolicy) -> None:
    """A branch has members; where there are enough of them it is due."""
    if party.form is PartyForm.BRANCH and party.members < policy.party_members:
        detail = f"党员不足 {policy.party_members} 名的，不单独建立党组织。"
        raise RuleBroken(RULES["O-13"], detail, clause=OURS, field="party")
    if party.form is PartyForm.NOT_DUE and party.members >= policy.party_members:
        detail = f"党员有 {policy.party_members} 名以上的，应同步建立党组织。"
        raise RuleBroken(RULES["O-13"], detail, field="party")
