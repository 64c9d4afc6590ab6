"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .admissions import Admissions, admission_resource
from .registers import Registers, names, place_resource

__all__ = ["AffairsDesk", "Registers", "admission_resource", "names", "place_resource"]


class AffairsDesk(Admissions):
    __slots__ = ()
