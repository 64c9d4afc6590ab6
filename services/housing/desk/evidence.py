"""Evidence: the file under the hash of its content, and a record of what it was filed for."""

import base64
import hashlib
from dataclasses import dataclass

from chassis.aggregates import Aggregates, Changed
from chassis.asking import Asking
from chassis.guarded import Guarded
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.policy import Policies
from chassis.store import Store, Taken
from services.housing.access import ACCESS
from services.housing.domain.agreement import UNITS, Agreement
from services.housing.domain.events import AgreementEvent
from services.housing.domain.evidence import Evidence, EvidenceFiled, file, recognised
from services.housing.domain.policy import HousingPolicy

from .agreements import agreement_resource

FILES = "evidence_files"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDesk:
    """A file is at most a request long, so it is one document of the store in either size."""

    evidence: Aggregates[Evidence, EvidenceFiled]
    agreements: Guarded[Agreement, AgreementEvent]
    policies: Policies[HousingPolicy]
    store: Store

    async def prepare(self) -> None:
        await self.store.prepare(FILES, [])

    async def file(
        self, agreement: str, content: bytes, asking: Asking
    ) -> Changed[Evidence, EvidenceFiled]:
        """The file first: a crash in between leaves bytes that nobody can read."""
        held = (await self.agreements.show(agreement, asking.subject)).aggregate
        ACCESS.demand(asking.subject, "inspect", agreement_resource(held))
        _, policy = await self.policies.current()
        filed = EvidenceFiled(
            agreement=agreement,
            street=held.street,
            community=held.community,
            media=recognised(content, at_most=policy.evidence_bytes),
            size=len(content),
            at=asking.cause.now,
        )
        id = hashlib.sha256(content).hexdigest()
        await self._keep(id, content)
        # Unkeyed: the content is the key, and the same content may be filed for two agreements.
        return await self.evidence.record(
            id, lambda known: file(known, filed), asking.cause.unkeyed()
        )

    async def read(self, id: str, subject: Subject) -> tuple[Evidence, bytes]:
        """For whom one of the agreements it was filed for concerns."""
        held = await self.evidence.look(id)
        if held is None or not any(
            _seen(one.street, one.community, subject) for one in held.aggregate.filed
        ):
            raise NotFound("没有这份佐证。")
        kept = await self.store.get(FILES, id)
        if kept is None:
            raise NotFound("没有这份佐证。")
        return held.aggregate, base64.b64decode(kept["content"])

    async def _keep(self, id: str, content: bytes) -> None:
        text = base64.b64encode(content).decode()
        try:
            await self.store.insert(FILES, {"id": id, "rev": 1, "content": text})
        except Taken:
            return


def _seen(street: str, community: str, subject: Subject) -> bool:
    return ACCESS.may_see(subject, {"street": street, "community": community, "units": UNITS})
