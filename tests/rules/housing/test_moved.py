"""H-10: a room of a community that lies in another street since is booked and kept by whose it is now."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from contracts.procurement import ContractEnded, ContractSigned, SupplierRegistered
from services.housing.desk import HousingDesk
from services.housing.domain.booking import Purpose, RoomBooked, book
from services.housing.domain.community import CommunityEntered
from services.housing.domain.premises import CommunityNoted
from services.housing.main import desk_on
from tests.rules.housing.test_barred import NOW, TODAY, hear
from tests.support.district import ROOM, District, running
from tests.support.memory import MemoryStore
from tests.support.toy import Silent, cause


async def at_work(desk: HousingDesk, community: str | None, contract: str = "c-1") -> None:
    known = SupplierRegistered(supplier="tongxin", kind="social_organisation")
    await hear(desk, "suppliers/tongxin", 1, known)
    signed = ContractSigned(
        supplier="tongxin",
        street="guanshang",
        community=community,
        contract=contract,
        project="elderly",
        year=2026,
    )
    await hear(desk, f"contracts/{contract}", 1, signed)


@pytest.mark.parametrize(
    ("contract", "street", "community", "may"),
    [
        ("jinma", "taihe", "jinma", True),
        ("jinma", "guanshang", "another", False),
        (None, "guanshang", "another", True),
        (None, "taihe", "jinma", False),
    ],
)
async def test_H_10_who_works_for_a_community_books_there_in_whatever_street_it_lies(
    contract: str | None, street: str, community: str, may: bool
) -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent())
    await at_work(desk, contract)
    assert await desk.may_book("tongxin", street, community, TODAY) is may


async def test_H_10_no_contract_is_lost_among_hundreds() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent())
    for number in range(201):
        await at_work(desk, "jinma" if number == 200 else "elsewhere", f"c-{number:03}")
    assert await desk.may_book("tongxin", "guanshang", "jinma", TODAY)


def merged(code: str, into: str) -> CommunityEntered:
    return CommunityEntered(
        code=code,
        name=code,
        street="guanshang",
        valid_from=date(2020, 1, 1),
        valid_to=TODAY - timedelta(days=1),
        reason="合并",
        listed=2,
        became=into,
    )


@pytest.mark.parametrize(("contract", "room"), [("jinma", "haihua"), ("haihua", "jinma")])
async def test_H_10_who_works_for_a_community_books_in_what_it_was_merged_into(
    contract: str, room: str
) -> None:
    """Its contract goes on there; and the rooms of either are one community's now."""
    desk = desk_on(MemoryStore(), bytes(32), Silent())
    await at_work(desk, contract)
    assert not await desk.may_book("tongxin", "taihe", room, TODAY)
    await desk.communities.once("jinma", [merged("jinma", "haihua")], cause(now=NOW))
    assert await desk.may_book("tongxin", "taihe", room, TODAY)
    await desk.communities.once("haihua", [merged("haihua", "jinma")], cause(now=NOW))
    assert not await desk.may_book("tongxin", "taihe", "another", TODAY), "in circles"


@pytest.mark.parametrize(
    ("contract", "began", "lies"),
    [
        ("jinma", "taihe", "taihe"),
        (None, "guanshang", "guanshang"),
        (None, "taihe", "guanshang"),
        (None, "guanshang", "taihe"),
    ],
)
async def test_H_10_what_was_booked_is_free_once_its_contract_ends_wherever_it_lies_since(
    contract: str | None, began: str, lies: str
) -> None:
    """The month says where its room lay when somebody first booked it."""
    desk = desk_on(MemoryStore(), bytes(32), Silent())
    await at_work(desk, contract)
    noted = CommunityNoted(community="jinma", street=lies, sequence=1)
    await desk.note(noted, cause(now=NOW))
    start = NOW + timedelta(days=2)
    asked = RoomBooked(
        booking="b-1",
        room="jinma~1",
        month="2026-12",
        street=began,
        community="jinma",
        start=start,
        end=start + timedelta(hours=1),
        purpose=Purpose.SOCIAL_WORK,
        by="supplier:tongxin",
    )
    await desk.months.record(
        "jinma~1~2026-12",
        lambda known: book(known, asked, now=NOW, days_ahead=90),
        cause(now=NOW),
    )
    ended = ContractEnded(
        supplier="tongxin", contract="c-1", project="elderly", year=2026, why="terminated"
    )
    await hear(desk, "contracts/c-1", 2, ended)
    assert (await desk.months.get("jinma~1~2026-12")).aggregate.standing == ()


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


async def test_H_10_the_street_that_a_community_lies_in_now_keeps_its_rooms(
    district: District,
) -> None:
    await district.ask("community:haihua", "POST", "/premises/haihua/rooms", ROOM)
    path = "/rooms/haihua~1/bookings"
    slot = {"start": "2026-03-20T09:00:00+08:00", "end": "2026-03-20T10:00:00+08:00"}
    asked = {**slot, "purpose": "public"}
    _, made = await district.ask("department:water", "POST", path, asked)
    _, found = await district.ask("resident", "GET", "/communities/haihua")
    entry = {name: found["state"].get(name) for name in ("code", "name", "kind", "households")}
    moves = {
        "kind": "move",
        "on": "2026-03-10",
        "entries": [{**entry, "street": "taihe"}],
        "reason": "区政府批复",
    }
    status, refusal = await district.ask("district_admin", "POST", "/boundary-changes", moves)
    assert status == 201, refusal
    district.now = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    await district.until(lambda: len(district.told("standard_assessed")) == 2)
    gone, reason = f"{path}/2026-03/{made['id']}/cancel", {"reason": "房屋检修"}
    assert (await district.ask("street:liujia", "POST", gone, reason))[0] == 403
    assert (await district.ask("street:taihe", "POST", gone, reason))[0] == 200
