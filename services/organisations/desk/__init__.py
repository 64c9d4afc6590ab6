"""What the steps work on and have to know, and what happens by others' news and by the clock."""

from .registers import CIVIL_AFFAIRS, Registers, names, organisation_resource

__all__ = ["CIVIL_AFFAIRS", "OrganisationsDesk", "names", "organisation_resource"]


class OrganisationsDesk(Registers):
    __slots__ = ()
