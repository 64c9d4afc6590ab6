"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .admissions import admission_resource
from .powers import Powers
from .registers import names, place_resource
from .workers import street_resource

__all__ = ["AffairsDesk", "admission_resource", "names", "place_resource", "street_resource"]


class AffairsDesk(Powers):
    __slots__ = ()
