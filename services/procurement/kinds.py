"""What is kept here and shown only as part of something else."""

from typing import get_args

from chassis.kind import Kind

from . import announce
from .domain import eligibility
from .domain.eligibility import Eligibility, EligibilityEvent

ELIGIBILITIES: Kind[Eligibility, EligibilityEvent] = Kind(
    service="procurement",
    collection="eligibilities",
    state=Eligibility,
    events=get_args(EligibilityEvent),
    evolve=eligibility.evolve,
    announce=announce.of_eligibilities,
    keys=lambda eligibility: {"supplier": eligibility.supplier},
)
