"""What is kept here and shown only as part of something else."""

from chassis.kind import Kind
from chassis.lists import OVER

from .domain import evidence, naming
from .domain.evidence import Evidence, EvidenceFiled
from .domain.naming import NameHeld

EVIDENCE: Kind[Evidence, EvidenceFiled] = Kind(
    service="housing",
    collection="evidence",
    state=Evidence,
    events=(EvidenceFiled,),
    evolve=evidence.evolve,
    announce=lambda *_: None,
    # Each is looked at again and again: whether its time has come only its agreements say.
    keys=lambda kept: {OVER: 0, "agreements": [one.agreement for one in kept.filed]},
    indexes=(OVER, "agreements[]"),
    always=(OVER, "agreements"),
)
NAMES: Kind[NameHeld, NameHeld] = Kind(
    service="housing",
    collection="community_names",
    state=NameHeld,
    events=(NameHeld,),
    evolve=naming.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
