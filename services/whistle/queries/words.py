"""What people read instead of codes: the words of the rules, and the names in the registers as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.places import named
from chassis.vocabulary import COMMON
from contracts.housing import CommunityProfiled
from services.whistle import vocabulary
from services.whistle.domain.unit import Unit, UnitEntered

WORDS: Mapping[str, str] = {**COMMON, **vocabulary.WORDS}
"""By the code alone: none of those on paper stands for two things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by code; a street and a community may share a code."""

    streets: Mapping[str, str]
    communities: Mapping[str, str]
    units: Mapping[str, str]

    @property
    def offices(self) -> Mapping[str, str]:
        """By what a caller acts as, `street:guanshang`."""
        kinds = {"street": self.streets, "community": self.communities, "department": self.units}
        return {
            f"{kind}:{code}": name for kind, names in kinds.items() for code, name in names.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    units: Aggregates[Unit, UnitEntered]
    communities: Copies[CommunityProfiled]

    async def names(self) -> Names:
        places = await named(self.communities)
        units = [held.aggregate async for held in self.units.every({})]
        return Names(
            streets=places["street"],
            communities=places["community"],
            units={unit.code: unit.name for unit in units} | {"command_centre": "指挥中心"},
        )
