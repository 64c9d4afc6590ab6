"""What is kept here and shown only as part of something else."""

from chassis.kind import Kind

from . import announce
from .domain import counts, file
from .domain.counts import CommunityCount, CommunityCounted
from .domain.file import File, Note

COUNTS: Kind[CommunityCount, CommunityCounted] = Kind(
    service="organisations",
    collection="counts",
    state=CommunityCount,
    events=(CommunityCounted,),
    evolve=counts.evolve,
    announce=announce.of_counts,
    keys=lambda one: {"street": one.street},
)
FILES: Kind[File, Note] = Kind(
    service="organisations",
    collection="files",
    state=File,
    events=(Note,),
    evolve=file.evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)
