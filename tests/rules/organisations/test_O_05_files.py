"""O-05: a community's groups come in as a table, and each line is judged as what is entered by hand."""

from typing import Any

import pytest

from services.organisations.desk import OrganisationsDesk
from services.organisations.importing import GROUP_COLUMNS, GroupLines
from tests.support.lines import compared, entered

from .cases import LATER
from .test_O_15_roll import CAUSE, desk

__all__ = ["desk"]

ROW = {
    "community": "haihua",
    "name": "夕阳红合唱队（虚构）",
    "kind": "文化体育",
    "purpose": "文艺活动",
    "members": "1",
}


async def of(desk: OrganisationsDesk, *rows: dict[str, str]) -> tuple[list[Any], list[str]]:
    return await compared(GroupLines(desk=desk), GROUP_COLUMNS, rows, LATER)


async def test_O_05_a_file_of_groups_proposes_each_once(desk: OrganisationsDesk) -> None:
    changes, bad = await of(desk, ROW, ROW)
    assert (len(changes), bad) == (1, [])
    await entered(changes, CAUSE)
    [held] = [one.aggregate async for one in desk.groups.every({})]
    assert (held.name, held.members, held.street) == (ROW["name"], 1, "guanshang")
    assert await of(desk, ROW) == ([], [])


@pytest.mark.parametrize(
    ("said", "field"),
    [({"members": "0"}, "members"), ({"name": ""}, "name"), ({"kind": "飞行"}, "kind")],
)
async def test_O_05_a_bad_line_of_a_group_names_its_column(
    desk: OrganisationsDesk, said: dict[str, str], field: str
) -> None:
    changes, bad = await of(desk, {**ROW, **said}, ROW)
    assert (len(changes), bad) == (1, [f"2 {field}"])
