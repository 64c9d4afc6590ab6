"""O-15: the roll of volunteers comes in as a table, by number; and each list goes out as one."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.exports import as_csv
from services.organisations import tables
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain.resettling import Transferred
from services.organisations.domain.volunteer import ServiceKind
from services.organisations.importing_volunteers import COLUMNS, VolunteerLines
from services.organisations.main import desk_on
from services.organisations.tables import ListName
from tests.support.lines import compared, entered, given_back
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import person

from . import test_O_05_groups as groups
from . import test_O_10_draws as draws
from . import test_O_12_complaints as complaints
from . import test_O_14_incubation as incubations
from . import test_O_15_volunteers as volunteers
from . import test_O_16_plans as plans
from .cases import LATER, WORK, applied, examined, registered

CAUSE = Cause(actor="district_admin", now=LATER)
ROW = {
    "roll_number": "V-1",
    "community": "haihua",
    "organisation": "nuanyang",
    "offers": "助老、助残",
}


@pytest.fixture
async def desk() -> OrganisationsDesk:
    there = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await there.policies.seed(LATER)
    for code, street in (("haihua", "guanshang"), ("wulidaxia", None)):
        data = {"code": code, "name": code, "street": street, "listed": 1}
        told = Told(event="e-1", sequence=1, data={**data, "valid_from": "2018-01-01"})
        await there.communities.aggregates.once(code, [told], CAUSE)
    await there.organisations.once("nuanyang", [applied, examined, registered], CAUSE)
    return there


async def of(desk: OrganisationsDesk, *rows: dict[str, str]) -> tuple[list[Any], list[str]]:
    return await compared(VolunteerLines(desk=desk), COLUMNS, rows, LATER)


async def test_O_15_a_roll_is_entered_once_and_given_back_as_it_was(
    desk: OrganisationsDesk,
) -> None:
    second = {**ROW, "roll_number": "V-2", "organisation": "", "offers": "助老"}
    changes, bad = await of(desk, ROW, second)
    assert (len(changes), bad) == (2, [])
    await entered(changes, CAUSE)
    held = [one.aggregate async for one in desk.volunteers.every({})]
    offers = {one.roll_number: one.offers for one in held}
    assert offers == {
        "V-1": (ServiceKind.ELDERLY, ServiceKind.DISABLED),
        "V-2": (ServiceKind.ELDERLY,),
    }
    assert {one.street for one in held} == {"guanshang"}
    assert await of(desk, ROW, second) == ([], [])
    back = await given_back(VolunteerLines(desk=desk), COLUMNS, person("district_admin"))
    assert len(back) == 2 and await of(desk, *back) == ([], [])


async def test_O_15_another_offer_is_a_change_and_another_organisation_is_none(
    desk: OrganisationsDesk,
) -> None:
    await entered((await of(desk, ROW))[0], CAUSE)
    changes, bad = await of(desk, {**ROW, "offers": "助老"})
    await entered(changes, CAUSE)
    [held] = [one.aggregate async for one in desk.volunteers.every({})]
    assert (bad, held.offers) == ([], (ServiceKind.ELDERLY,))
    assert await of(desk, {**ROW, "organisation": ""}) == ([], ["2 organisation"])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"roll_number": ""}, "roll_number"),
        ({"community": "wulidaxia"}, "community"),
        ({"organisation": "unknown"}, "organisation"),
        ({"offers": "助老、飞行"}, "offers"),
        ({"offers": ""}, "offers"),
    ],
)
async def test_O_15_a_bad_line_names_its_column(
    desk: OrganisationsDesk, said: dict[str, str], field: str
) -> None:
    assert await of(desk, {**ROW, **said}) == ([], [f"2 {field}"])


async def test_O_15_a_number_stands_once_in_a_file_of_a_community(desk: OrganisationsDesk) -> None:
    changes, bad = await of(desk, ROW, ROW)
    assert (len(changes), bad) == (1, ["3 roll_number"])


async def test_O_15_who_was_transferred_is_found_where_he_is_and_entered_once(
    desk: OrganisationsDesk,
) -> None:
    """Also by a file of before; of two of one number who was there first."""
    data = {"code": "wula", "name": "wula", "street": "guanshang", "listed": 1}
    told = Told(event="e-2", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once("wula", [told], CAUSE)
    own = {**ROW, "roll_number": "V-2", "community": "wula"}
    await entered((await of(desk, ROW, {**ROW, "roll_number": "V-2"}, own))[0], CAUSE)
    away = Transferred(street="guanshang", community="wula", at=LATER)
    async for held in desk.volunteers.every({"community": "haihua"}):
        await desk.volunteers.change(held.id, lambda _: [away], CAUSE)
    assert await of(desk, {**ROW, "community": "wula"}) == ([], [])
    assert await of(desk, ROW) == ([], [])
    changes, _ = await of(desk, {**own, "offers": "助老"})
    await entered(changes, CAUSE)
    offers = [
        (held.aggregate.community, held.aggregate.roll_number, len(held.aggregate.offers))
        async for held in desk.volunteers.every({})
    ]
    assert sorted(offers) == [("wula", "V-1", 2), ("wula", "V-2", 1), ("wula", "V-2", 2)]


async def test_O_15_of_two_of_one_number_the_roll_finds_who_has_not_left(
    desk: OrganisationsDesk,
) -> None:
    """Or what it gives out couldn't be sent back."""
    data = {"code": "wula", "name": "wula", "street": "guanshang", "listed": 1}
    told = Told(event="e-2", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once("wula", [told], CAUSE)
    own = {**ROW, "community": "wula"}
    await entered((await of(desk, ROW, own))[0], CAUSE)
    came, there = [
        [held.id async for held in desk.volunteers.every({"community": code})][0]
        for code in ("haihua", "wula")
    ]
    away = Transferred(street="guanshang", community="wula", at=LATER)
    await desk.volunteers.change(came, lambda _: [away], CAUSE)
    other = {**own, "offers": "助老"}
    [change], _ = await of(desk, other)
    assert change.key == there
    await desk.volunteers.change(there, lambda _: [volunteers.left], CAUSE)
    [change], bad = await of(desk, other)
    assert (change.key, bad) == (came, [])


@pytest.mark.parametrize(
    "said", ["助老，助残", "助老,助残", "助老；助残", " 助老 助残", "助老/助残"]
)
async def test_O_15_offers_are_told_apart_by_whatever_people_write(
    desk: OrganisationsDesk, said: str
) -> None:
    await entered((await of(desk, ROW))[0], CAUSE)
    assert await of(desk, {**ROW, "offers": said}) == ([], [])


async def test_O_15_a_number_in_full_width_is_the_same_number(desk: OrganisationsDesk) -> None:
    """Also of one that was entered so before."""
    changes, bad = await of(desk, ROW, {**ROW, "roll_number": "Ｖ－１"})
    assert (len(changes), bad) == (1, ["3 roll_number"])
    before = replace(volunteers.registered, id="v-9", roll_number="Ｖ－１", community="haihua")
    await desk.volunteers.once("v-9", [before], CAUSE)
    [change], _ = await of(desk, {**ROW, "offers": "助残"})
    assert change.key == "v-9"


async def test_O_15_who_left_is_not_in_the_roll_any_more(desk: OrganisationsDesk) -> None:
    await entered((await of(desk, ROW))[0], CAUSE)
    [held] = [one async for one in desk.volunteers.every({})]
    await desk.volunteers.change(held.id, lambda _: [volunteers.left], CAUSE)
    assert await given_back(VolunteerLines(desk=desk), COLUMNS, person("district_admin")) == []


async def test_O_15_who_left_comes_back_by_his_number(desk: OrganisationsDesk) -> None:
    """Under his record, with what he gave; tried out first, the file says so."""
    await entered((await of(desk, ROW))[0], CAUSE)
    [held] = [one async for one in desk.volunteers.every({})]
    for row, offers in ((ROW, 2), ({**ROW, "offers": "助老"}, 1)):
        await desk.volunteers.change(held.id, lambda _: [volunteers.left], CAUSE)
        [change], bad = await of(desk, row)
        assert (change.what["status"], bad) == ("重新加入", [])
        await entered([change], CAUSE)
        [now] = [one.aggregate async for one in desk.volunteers.every({})]
        assert (now.active, len(now.offers)) == (True, offers)
        assert await of(desk, row) == ([], [])


BEGUN: dict[ListName, Any] = {
    ListName.ORGANISATIONS: None,
    ListName.GROUPS: [groups.proposed, groups.looked, groups.filed],
    ListName.VOLUNTEERS: [volunteers.registered, volunteers.recorded, volunteers.confirmed],
    ListName.NEEDS: [volunteers.asked, volunteers.covered],
    ListName.COMPLAINTS: [complaints.taken, complaints.decided],
    ListName.INCUBATIONS: [incubations.entered, incubations.used],
    ListName.CONTACTS: [plans.planned, plans.contact_missed],
    ListName.MEETINGS: [plans.called, plans.decided],
    ListName.DRAWS: [draws.listed, draws.drawn],
}


@pytest.mark.parametrize("list", ListName)
async def test_each_list_is_a_table_of_what_its_reader_is_shown(
    desk: OrganisationsDesk, list: ListName
) -> None:
    if BEGUN[list] is not None:
        await getattr(desk, list.value).once("x-1", BEGUN[list], CAUSE)
    for reader, rows in (("district_admin", 1), ("street:taihe", 0), ("resident", 0)):
        found = await tables.table(desk, list, person(reader))
        assert len([*found.rows]) == rows, reader
    text = as_csv(await tables.table(desk, list, person("district_admin"))).decode("utf-8-sig")
    heading, row = text.splitlines()
    assert heading.count(",") == row.count(",") and row.strip(",")


async def test_O_12_the_table_of_complaints_says_that_a_penalty_holds_no_longer(
    desk: OrganisationsDesk,
) -> None:
    stands: list[Any] = [complaints.taken, complaints.decided]
    await desk.complaints.once("x-1", stands, CAUSE)
    await desk.complaints.once("x-2", [*stands, complaints.revoked], CAUSE)
    found = await tables.table(desk, ListName.COMPLAINTS, person("district_admin"))
    place = [one.title for one in found.columns].index("撤销决定文号")
    assert sorted(row[place] or "" for row in found.rows) == ["", "复议〔2026〕1号"]


async def test_a_table_says_words_and_not_codes(desk: OrganisationsDesk) -> None:
    found = await tables.table(desk, ListName.ORGANISATIONS, person("district_admin"))
    _, row = as_csv(found).decode("utf-8-sig").splitlines()
    assert "社会服务机构,城乡社区服务类," in row and "已登记" in row
