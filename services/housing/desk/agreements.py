"""Agreements that take the place of others, and due days that end."""

from collections.abc import Iterable

from chassis.cause import Cause
from chassis.kernel.errors import Malformed, UnknownReference
from services.housing.domain import agreement as agreements

from .registers import Registers


class AgreementDesk(Registers):
    __slots__ = ()

    async def street_of(self, code: str) -> str:
        community, _ = await self.community(code)
        if community.street is None:
            detail = f"{community.name} 尚未登记所属街道，由区里补录后方可签订协议。"
            raise UnknownReference(detail, field="community")
        return community.street

    async def filed(self, agreement: str, photos: Iterable[str]) -> None:
        """That each was filed for it; UnknownReference otherwise."""
        for photo in photos:
            held = await self.evidence.look(photo)
            if held is None or not held.aggregate.is_for(agreement):
                raise UnknownReference(f"没有为本协议上传这份佐证：{photo}", field="photos")

    async def succeed(self, id: str, cause: Cause) -> None:
        """The agreement that takes the place of this one, once."""
        replaced = (await self.agreements.get(id)).aggregate
        if replaced.replacement is None:
            raise Malformed(f"协议没有被代替：{id}", field="agreement")
        signed = replaced.successor(replaced.replacement)
        numbered = self.numbered(signed.street, cause.now)
        events = agreements.succeed(signed)
        await self.agreements.once(signed.agreement, events, cause, numbered=numbered)

    async def fire(self, id: str, cause: Cause) -> None:
        """The due day of this agreement has ended."""
        await self.agreements.change(id, lambda a: a.lapse(now=cause.now), cause)
