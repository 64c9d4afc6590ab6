"""What is read and changes nothing: scorecards, a year's figures, editions."""

from dataclasses import dataclass

from services.index.desk import IndexDesk

from .editions import EditionQueries
from .figures import FigureQueries
from .scorecards import ScorecardQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    scorecards: ScorecardQueries
    figures: FigureQueries
    editions: EditionQueries

    @classmethod
    def of(cls, desk: IndexDesk) -> "Queries":
        return cls(
            scorecards=ScorecardQueries(desk=desk),
            figures=FigureQueries(desk=desk),
            editions=EditionQueries(desk=desk),
        )
