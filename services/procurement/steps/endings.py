"""How a contract goes on or ends early: another year agreed to, terminated, stopped."""

from chassis.at import At
from chassis.http import ReasonIn
from services.procurement.access import PURCHASERS, SUPPLIERS
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractEvent, EndGround

from .contracts import CONTRACTS, Known


@CONTRACTS.step("同意续签", who=SUPPLIERS, rules="P-13", opens=lambda c, _: c.may_agree())
def agree(c: Contract, at: At[Known]) -> ContractEvent:
    return c.agree(now=at.now)


class EndIn(ReasonIn):
    """`ground`: one of the agreement's, of a 三社联动 project."""

    ground: EndGround | None = None


@CONTRACTS.step(
    "终止合同", who=PURCHASERS, rules="P-13 P-34", opens=lambda c, at: c.may_terminate(at.by)
)
def terminate(c: Contract, at: At[Known], body: EndIn) -> tuple[ContractEvent, ...]:
    return c.terminate(by=at.by, ground=body.ground, reason=body.reason, now=at.now)


class StopIn(ReasonIn):
    ground: EndGround


@CONTRACTS.step("停止服务", who=SUPPLIERS, rules="P-34", opens=lambda c, _: c.may_stop())
def stop(c: Contract, at: At[Known], body: StopIn) -> tuple[ContractEvent, ...]:
    return c.stop(ground=body.ground, reason=body.reason, now=at.now)


STEPS = (agree, terminate, stop)
