"""What is read and changes nothing: scorecards and rankings, a year's figures, editions."""

from dataclasses import dataclass

from services.index.desk import IndexDesk
from services.index.shipped import streets

from .editions import EditionQueries
from .figures import FigureQueries
from .rankings import RankingQueries
from .scorecards import ScorecardQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    scorecards: ScorecardQueries
    figures: FigureQueries
    editions: EditionQueries
    rankings: RankingQueries

    @classmethod
    def of(cls, desk: IndexDesk) -> "Queries":
        return cls(
            scorecards=ScorecardQueries(desk=desk),
            figures=FigureQueries(desk=desk),
            editions=EditionQueries(desk=desk),
            rankings=RankingQueries(desk=desk, streets=streets()),
        )
