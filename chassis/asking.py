"""A verified caller and the cause under which it changes something."""

from dataclasses import dataclass

from .cause import Cause
from .identity import Subject
from .kind import derived_id


@dataclass(frozen=True, slots=True)
class Asking:
    subject: Subject
    cause: Cause

    @property
    def by(self) -> str:
        return self.subject.acts_as

    def new_id(self, collection: str) -> str:
        """The id of what a POST creates: the same for the same caller and key."""
        if self.cause.key is None:
            return self.cause.fresh
        return derived_id(collection, self.cause.key)
