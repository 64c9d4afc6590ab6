"""What people read instead of codes: the words of the rules, and the names in the registers as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.places import named
from contracts.housing import CommunityProfiled
from services.whistle.domain.course import Status
from services.whistle.domain.events import Kind, Level
from services.whistle.domain.period import Rhythm
from services.whistle.domain.task import Outcome, Which
from services.whistle.domain.unit import Unit, UnitEntered

WORDS: Mapping[str, str] = {
    Kind.PROBLEM: "问题哨",
    Kind.SERVICE: "服务哨",
    Kind.TACKLE: "攻坚哨",
    Kind.EMERGENCY: "应急哨",
    Level.COMMUNITY: "社区",
    Level.STREET: "街道",
    Status.BLOWN: "已吹哨",
    Status.REGISTERED: "已立项",
    Status.DISPATCHED: "已派遣",
    Status.ARRIVED: "已报到",
    Status.HANDLED: "已处理",
    Status.VERIFIED: "已核实",
    Status.EVALUATED: "已评价",
    Status.ANSWERED: "已答复",
    Status.REJECTED: "已驳回",
    Status.WITHDRAWN: "已撤回",
    Outcome.RESOLVED: "已解决",
    Outcome.PARTLY_RESOLVED: "部分解决",
    Outcome.CANNOT_ACT: "无法办理",
    Outcome.NOT_OURS: "不属本单位",
    Outcome.INVALID: "不成立",
    Which.ARRIVAL: "报到",
    Which.HANDLING: "办理",
    Which.COMPETENCE: "裁定归属",
    Rhythm.MONTHLY: "月通报",
    Rhythm.QUARTERLY: "季调度单",
    Rhythm.YEARLY: "年度总结",
    "below": "低于标准",
    "falling": "较上季度下降",
}
"""No code stands for two things here."""


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
