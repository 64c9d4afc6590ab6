"""O-05: a community is counted again, told where its figures changed, and shown beside its targets."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.kernel.errors import UnknownReference
from chassis.store_sqlite import SqliteStore
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain.counts import (
    CommunityCounted,
    Figures,
    Targets,
    count,
    evolve,
    targets,
)
from services.organisations.main import desk_on
from services.organisations.queries import By, OrganisationsQueries
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import LATER, MARCH, WORK

CAUSE = Cause(actor="platform", now=MARCH)
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


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[OrganisationsDesk]:
    """Two communities of a street, one of which has ended."""
    store = SqliteStore(tmp_path / "kept.db")
    desk = desk_on(store, bytes(32), Silent(), WORK)
    holds = {"street": "guanshang", "kind": "urban", "valid_from": "2018-01-01", "listed": 2}
    try:
        copies = (desk.communities.aggregates, desk.units.aggregates)
        for kept in (desk.organisations, desk.groups, desk.volunteers, *copies):
            await kept.prepare()
        for sequence, (code, ended) in enumerate((("haihua", None), ("haixiang", "2026-02-28")), 1):
            data = {**holds, "code": code, "name": code, "valid_to": ended}
            told = Told(event=f"e-{sequence}", sequence=sequence, data=data)
            await desk.communities.aggregates.once(code, [told], CAUSE)
        yield desk
    finally:
        await store.close()


async def test_O_05_a_community_that_ended_has_no_targets(desk: OrganisationsDesk) -> None:
    counts = OrganisationsQueries(desk=desk).counts
    for by, code in ((By.STREET, "guanshang"), (By.COMMUNITY, "haihua")):
        [row] = await counts(by, person("district_admin"))
        assert (row.code, row.organisations_target, row.groups_target) == (code, 10, 10)


async def test_O_05_nothing_new_begins_in_a_community_that_ended(desk: OrganisationsDesk) -> None:
    assert await desk.place(None, "haihua", MARCH) == ("guanshang", "haihua")
    assert await desk.street_of("haihua") == "guanshang"
    for asked in (desk.place(None, "haixiang", MARCH), desk.street_of("haixiang")):
        with pytest.raises(UnknownReference) as refusal:
            await asked
        assert refusal.value.field == "community"


async def test_O_05_nothing_new_begins_in_a_street_whose_communities_have_all_ended(
    desk: OrganisationsDesk,
) -> None:
    ends = {"name": "旧社区", "kind": "urban", "valid_from": "2018-01-01", "listed": 2}
    data = {**ends, "code": "jiushequ", "street": "taihe", "valid_to": "2026-02-28"}
    told = Told(event="e-9", sequence=9, data=data)
    await desk.communities.aggregates.once("jiushequ", [told], CAUSE)
    assert await desk.place("guanshang", None, MARCH) == ("guanshang", None)
    await desk.known_office("street", "guanshang", "code", MARCH)
    for asked, why, field in (
        (desk.place("taihe", None, MARCH), "均已终止", "street"),
        (desk.place("nowhere", None, MARCH), "没有这个街道", "street"),
        (desk.known_office("street", "taihe", "code", MARCH), "均已终止", "code"),
        (desk.known_office("community", "jiushequ", "code", MARCH), "终止", "code"),
    ):
        with pytest.raises(UnknownReference, match=why) as refusal:
            await asked
        assert refusal.value.field == field
