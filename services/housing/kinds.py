"""What is kept here and shown only as part of something else."""

from chassis.kind import Kind

from .domain import evidence
from .domain.evidence import Evidence, EvidenceFiled

EVIDENCE: Kind[Evidence, EvidenceFiled] = Kind(
    service="housing",
    collection="evidence",
    state=Evidence,
    events=(EvidenceFiled,),
    evolve=evidence.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
