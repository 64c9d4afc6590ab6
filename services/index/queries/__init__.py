"""What is read and changes nothing: scorecards and rankings, a year's figures, editions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.index.desk import IndexDesk
from services.index.shipped import streets

from .cards import CardQueries
from .editions import EditionQueries
from .feeds import FeedQueries
from .figures import FigureQueries
from .rankings import RankingQueries
from .scorecards import ScorecardQueries
from .sheets import SheetQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    scorecards: ScorecardQueries
    figures: FigureQueries
    editions: EditionQueries
    rankings: RankingQueries
    feeds: FeedQueries
    cards: CardQueries
    sheets: SheetQueries

    @classmethod
    def of(cls, desk: IndexDesk, clock: Callable[[], datetime]) -> "Queries":
        return cls(
            scorecards=ScorecardQueries(desk=desk, streets=streets()),
            figures=FigureQueries(desk=desk),
            editions=EditionQueries(desk=desk),
            cards=CardQueries(desk=desk, streets=streets(), clock=clock),
            feeds=FeedQueries(desk=desk),
            sheets=SheetQueries(desk=desk, clock=clock),
            rankings=RankingQueries(desk=desk, streets=streets()),
        )
