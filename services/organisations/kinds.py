"""What is kept here and shown only as part of something else."""

from chassis.kind import Kind

from . import announce
from .domain import counts
from .domain.counts import CommunityCount, CommunityCounted

COUNTS: Kind[CommunityCount, CommunityCounted] = Kind(
    service="organisations",
    collection="counts",
    state=CommunityCount,
    events=(CommunityCounted,),
    evolve=counts.evolve,
    announce=announce.of_counts,
    keys=lambda one: {"street": one.street},
)
