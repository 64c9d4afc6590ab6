"""Who may read the feed and publish events: units and streets read what concerns them, partners what became of their
events, the district everything.
"""

from chassis.identity import Access, Subject, kinds
from chassis.store import Where

TELLERS = kinds("partner")
ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))


def visible_to(subject: Subject) -> Where | None:
    """The filter for what the subject may see of the feed; None when that is nothing."""
    return ACCESS.visible(subject)
