"""The documents available of one record: forms to print, books and tables, files."""

from .described import Listed, Report
from .desk import Look
from .sections import shows

PART = "papers"
"""Of the address of its page."""
CALLED = "表单和文书"


def papers_of(look: Look, one: Listed) -> list[Report]:
    """Whatever is printed, and what else is said to be read there."""
    below = f"{one.path}/{{id}}/"
    return [
        each
        for path, each in look.described.readings.items()
        if path.startswith(below) and (each.printed or path.removeprefix(below) in shows(one).reads)
    ]
