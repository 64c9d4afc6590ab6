"""The printed forms of a 三社联动 project (P-34): its application and its agreement, on A4."""

from dataclasses import dataclass
from typing import Any

from chassis.identity import Subject
from chassis.kernel.errors import NotFound

from .desk import ProcurementDesk, called_as, names
from .domain.guide import GuideItem, Service
from .offered import application_of, offered

PARTS = {
    "background": "项目背景",
    "needs": "需求调查",
    "aims": "项目目标",
    "strategy": "服务策略",
    "indicators": "服务指标",
    "schedule": "进度安排",
    "tracking": "跟踪和反馈",
    "people": "人员安排",
    "budget": "项目预算",
    "other": "其他",
}
GROUNDS = (
    "乙方违反法律法规的",
    "乙方违背公序良俗并造成损害的",
    "乙方故意或者有重大过失的",
    "乙方管理混乱的",
    "服务内容、质量或者目标达不到约定的",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    desk: ProcurementDesk

    async def application(self, id: str, supplier: str, subject: Subject) -> dict[str, Any]:
        """For who applied, and for who sees the call once it is opened; NotFound of everybody else, and without a
        form."""
        if subject.acts_as == f"supplier:{supplier}":
            held = await self.desk.calls.get(id)
            found = await self.desk.lying(held.aggregate, supplier) or application_of(
                held.aggregate, supplier
            )
        else:
            held = await self.desk.calls.show(id, subject)
            found = application_of(held.aggregate, supplier)
        call = held.aggregate
        if found is None or found.form is None:
            raise NotFound
        called = await names(self.desk)
        form = found.form
        return {
            "title": "三社联动项目申报书",
            "call": call,
            "number": held.number or call.id[:8],
            "application": found,
            "community": called["community"].get(found.community or "", found.community),
            "supplier": called["supplier"].get(supplier, supplier),
            "parts": [(name, getattr(form, part)) for part, name in PARTS.items()],
            "services": self._services(found.services),
        }

    async def agreement(self, id: str, subject: Subject) -> dict[str, Any]:
        """For who sees the contract."""
        contract = (await self.desk.contracts.show(id, subject)).aggregate
        called = await names(self.desk)
        return {
            "title": "三社联动项目服务协议书",
            "contract": contract,
            "buyer": called_as(called, contract.purchaser),
            "supplier": called["supplier"].get(contract.supplier, contract.supplier),
            "community": called["community"].get(contract.community or "", contract.community),
            "services": self._services(await offered(self.desk, contract)),
            "grounds": GROUNDS,
        }

    def _services(self, offered: tuple[Service, ...]) -> list[tuple[GuideItem, Service]]:
        known = {one.code: one for one in self.desk.guide}
        return [(known[one.code], one) for one in offered]
