"""O-05: a community is counted again, told where its figures changed, and shown beside its targets."""

from dataclasses import replace

import pytest

from services.organisations.domain.counts import (
    CommunityCounted,
    Figures,
    Targets,
    count,
    evolve,
    targets,
)

from .cases import LATER

FIRST = CommunityCounted(
    community="haihua",
    street="guanshang",
    figures=Figures(organisations=1, groups=2, volunteers=3, minutes=90),
    at=LATER,
)


def test_O_05_what_did_not_change_is_not_told_again() -> None:
    assert count(None, FIRST) == (FIRST,)
    known = evolve(None, FIRST)
    assert count(known, FIRST) == ()
    more = replace(FIRST, figures=replace(FIRST.figures, groups=3))
    assert count(known, more) == (more,)


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        (["urban"], Targets(organisations=10, groups=10)),
        (["village_converted"], Targets(organisations=5, groups=10)),
        (["urban", "village_converted", "urban"], Targets(organisations=25, groups=30)),
        (["urban", None], Targets(organisations=None, groups=20)),
        ([], Targets()),
    ],
)
def test_O_05_the_targets_are_those_of_all_communities_together(
    kinds: list[str | None], shown: Targets
) -> None:
    assert targets(kinds) == shown
