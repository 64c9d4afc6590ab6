"""What a decision about a whistle has to know besides the whistle."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from chassis.kernel.clock import WorkTime
from services.whistle.domain.ladder import Steps
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The policy with its number, the working days and rungs; and, where a step names them, units and river chiefs.

    `ended`: for the command centre, which of the called units the register no longer has; `over`: for its street,
    whether the community that blew has ended.
    """

    number: int
    policy: WhistlePolicy
    work: WorkTime
    rungs: Steps
    units: Mapping[str, Unit] = field(default_factory=dict)
    ended: Collection[str] = ()
    over: bool = False
    chiefs: Sequence[str] = ()

    @property
    def edition(self) -> tuple[int, WhistlePolicy]:
        return self.number, self.policy
