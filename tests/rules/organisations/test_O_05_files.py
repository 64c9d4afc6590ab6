"""O-01, O-05: what is on the register, and a community's groups, come in as tables, each line judged as by hand."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.copies import Told
from services.organisations.desk import OrganisationsDesk
from services.organisations.importing import (
    GROUP_COLUMNS,
    ORGANISATION_COLUMNS,
    GroupLines,
    OrganisationLines,
)
from tests.support.lines import compared, entered

from .cases import LATER, applied, examined, registered
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


async def named(desk: OrganisationsDesk, code: str, name: str) -> None:
    data = {"code": code, "name": name, "street": "guanshang", "listed": 1}
    told = Told(event=code, sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once(code, [told], CAUSE)


async def test_O_05_a_community_in_a_file_is_found_by_the_name_that_people_know(
    desk: OrganisationsDesk,
) -> None:
    """Of a name that several have the code is asked for."""
    await named(desk, "taihe", "太和社区")
    called = {**ROW, "community": "太和社区"}
    changes, bad = await of(desk, called)
    assert ([one.what["community"] for one in changes], bad) == (["taihe"], [])
    await entered(changes, CAUSE)
    assert await of(desk, {**ROW, "community": "taihe"}) == ([], [])
    assert await of(desk, {**ROW, "community": "没有的社区"}) == ([], ["2 community"])
    await named(desk, "taihe2", "太和社区")
    assert await of(desk, called) == ([], ["2 community"])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"members": "0"}, "members"),
        ({"name": ""}, "name"),
        ({"kind": "飞行"}, "kind"),
        ({"name": "长" * 81}, "name"),
        ({"kind": ""}, "kind"),
    ],
)
async def test_O_05_a_bad_line_of_a_group_names_its_column(
    desk: OrganisationsDesk, said: dict[str, str], field: str
) -> None:
    changes, bad = await of(desk, {**ROW, **said}, ROW)
    assert (len(changes), bad) == (1, [f"2 {field}"])


REGISTERED = {
    "code": "52530111MJT1234567",
    "name": "助老服务中心（虚构）",
    "kind": "社会服务机构",
    "sector": "城乡社区服务类",
    "street": "guanshang",
    "community": "haihua",
    "supervising": "",
    "scope": "助老",
    "certificate": "云社证1号",
    "on": "2019-05-06",
}


async def register(desk: OrganisationsDesk, *rows: dict[str, str]) -> tuple[list[Any], list[str]]:
    return await compared(OrganisationLines(desk=desk), ORGANISATION_COLUMNS, rows, LATER)


async def test_O_01_a_code_is_entered_as_what_it_acts_as_is_written(
    desk: OrganisationsDesk,
) -> None:
    """Certificates print capitals; what it is bought from by, as a supplier, is written small."""
    full_width = {**REGISTERED, "code": "５２５３０１１１ＭＪＴ１２３４５６７"}
    changes, bad = await register(desk, REGISTERED, full_width)
    assert ([one.key for one in changes], bad) == (["52530111mjt1234567"], ["3 code"])
    await entered(changes, CAUSE)
    assert await register(desk, REGISTERED) == ([], [])


async def test_O_01_one_that_was_entered_in_capitals_is_found_as_it_was(
    desk: OrganisationsDesk,
) -> None:
    before = replace(applied, code=REGISTERED["code"])
    given = replace(registered, certificate=REGISTERED["certificate"])
    await desk.organisations.once(before.code, [before, examined, given], CAUSE)
    assert await register(desk, REGISTERED) == ([], [])


@pytest.mark.parametrize("code", ["a/b", "..", "上善", "合计", "x" * 65])
async def test_O_01_a_code_that_nothing_can_be_found_by_is_a_bad_line(
    desk: OrganisationsDesk, code: str
) -> None:
    """Not first when it is entered, without a word why."""
    assert await register(desk, {**REGISTERED, "code": code}) == ([], ["2 code"])
