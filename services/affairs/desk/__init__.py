"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .admissions import admission_resource
from .keeping import NAME, PERSON, Keeping
from .registers import names, place_resource
from .workers import street_resource

__all__ = [
    "NAME",
    "PERSON",
    "AffairsDesk",
    "admission_resource",
    "names",
    "place_resource",
    "street_resource",
]


class AffairsDesk(Keeping):
    __slots__ = ()
