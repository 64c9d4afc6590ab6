"""Who may see what here; who may take a step stands with the step. An office acts as `street:<code>` and the like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.identity import BOUND, Access, Subject, kinds
from chassis.store import Has, Where

REGISTERING = kinds("community", "street", "department", "district_admin")
"""Whoever meets with a dispute."""
HOLDERS = REGISTERING
"""Of these only whose the case is; a street may stand in for its communities."""
DECIDING = kinds("street", "district_admin")
WATCHING = kinds("street", "department", "district_admin")
"""A street its own; of the departments only the one that leads the work."""

DISTRICT = kinds("district_admin")
LEADING = kinds("department", "district_admin")
"""Of the departments only the one that leads the work."""

ALL = kinds("command_centre", "discipline", "district_admin")
ACCESS = Access(sees_all=ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned(Access):
    """What passes from office to office is seen by each of its `offices`, as it acts, in whatever street."""

    def visible(self, subject: Subject) -> Where | None:
        if subject.kind in self.sees_all:
            return {}
        return {"offices": Has([subject.acts_as])} if subject.kind in BOUND else None

    def may_see(self, subject: Subject, resource: Mapping[str, Any]) -> bool:
        return subject.kind in self.sees_all or _met(subject, resource["offices"])


def _met(subject: Subject, offices: tuple[str, ...]) -> bool:
    return subject.kind in BOUND and subject.acts_as in offices


OF_CASES = Concerned(sees_all=ALL)
