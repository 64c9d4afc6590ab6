"""Lists as every screen begins with them: in an order, filtered, searched, counted, with names."""

from typing import Any

import pytest

from gongzhi import keys
from gongzhi.office import Refused
from tests.support.bodies import outfall
from tests.support.platform import Cast

API = "/api/v1"
WHISTLES = f"{API}/whistle/whistles"
STREET = "street:jinma"


async def blown(cast: Cast, title: str, kind: str = "service", category: str = "water") -> Any:
    body = {**outfall("water", kind=kind), "title": title, "category": category}
    return await cast(STREET).post(WHISTLES, body)


async def listed(cast: Cast, who: str = STREET, **asked: str) -> list[str]:
    """Titles, over all the pages, two at a time."""
    titles: list[str] = []
    cursor: str | None = None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = await cast(who).get(WHISTLES, limit="2", **more, **asked)
        titles += [item["state"]["title"] for item in page["items"]]
        if not (cursor := page["next"]):
            return titles


@pytest.fixture(scope="module")
def titles() -> list[str]:
    """In the order in which they were blown; once for the module's platform."""
    return ["河道排污口", "夜间施工噪声", "河道护栏", "占道停车", "污水井盖"]


@pytest.fixture
async def there(cast: Cast, titles: list[str]) -> Cast:
    if not await listed(cast):
        for title in titles:
            await blown(cast, title, category="noise" if "噪声" in title else "water")
    return cast


async def test_the_newest_come_first_and_none_is_met_twice(there: Cast, titles: list[str]) -> None:
    assert await listed(there) == titles[::-1]
    assert await listed(there, sort="newest") == titles[::-1]


async def test_what_is_due_soonest_comes_first_and_what_is_not_due_last(there: Cast) -> None:
    id = next(
        item["id"]
        for item in (await there(STREET).get(WHISTLES))["items"]
        if item["state"]["title"] == "占道停车"
    )
    known = await there("command_centre").get(f"{WHISTLES}/{id}")
    if known["state"]["status"] == "blown":
        for step in ("register", "dispatch"):
            await there("command_centre").step(WHISTLES, id, step)
    assert (await listed(there, sort="due"))[0] == "占道停车"
    assert await listed(there, due_before="2099-01-01T00:00:00+08:00") == ["占道停车"]
    assert await listed(there, state="dispatched") == ["占道停车"]


async def test_a_cursor_of_one_order_is_none_of_another(there: Cast) -> None:
    page = await there(STREET).get(WHISTLES, limit="2", sort="newest")
    with pytest.raises(Refused) as refused:
        await there(STREET).get(WHISTLES, limit="2", sort="due", cursor=page["next"])
    assert refused.value.problem["field"] == "cursor"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "河道"}, ["河道护栏", "河道排污口"]),
        ({"q": "污口"}, ["河道排污口"]),
        ({"q": "河道 护栏"}, ["河道护栏"]),
        ({"q": "护栏河道"}, []),
        ({"category": "noise"}, ["夜间施工噪声"]),
        ({"category": "noise", "q": "河道"}, []),
        ({"from": "2099-01-01"}, []),
        ({"to": "2020-01-01"}, []),
        ({"kind": "tackle"}, []),
        ({"street": "guandu"}, []),
    ],
)
async def test_words_and_fields_narrow_it(
    there: Cast, asked: dict[str, str], found: list[str]
) -> None:
    assert await listed(there, **asked) == found
    page = await there(STREET).get(WHISTLES, count="true", limit="1", **asked)
    assert page["count"] == len(found)


async def test_a_count_is_of_what_may_be_seen(there: Cast, titles: list[str]) -> None:
    mine = await there(STREET).get(WHISTLES, count="true", street="jinma")
    assert mine["count"] == len(titles)
    assert (await there("street:guandu").get(WHISTLES, count="true", street="jinma"))["count"] == 0
    every = await there("command_centre").get(WHISTLES, count="true", street="jinma")
    assert every["count"] == len(titles)


async def test_a_number_for_the_telephone_finds_its_case(there: Cast) -> None:
    page = await there(STREET).get(WHISTLES, q="河道护栏")
    [item] = page["items"]
    street, day, code = item["number"].split("-")
    assert (street, len(day), len(code)) == ("金马", 4, 4)
    for said in (item["number"], code, code.lower(), f"{street} {code}"):
        found = await there("command_centre").get(WHISTLES, q=said)
        assert [one["id"] for one in found["items"]] == [item["id"]]
    shown = await there(STREET).get(f"{WHISTLES}/{item['id']}")
    assert shown["number"] == item["number"]


async def test_names_come_beside_codes_when_asked_for(there: Cast) -> None:
    page = await there(STREET).get(WHISTLES, names="true", limit="1")
    [item] = page["items"]
    assert item["names"]["street_name"] == "金马街道"
    assert item["names"]["units_names"] == ["区水务局"]
    shown = await there(STREET).get(f"{WHISTLES}/{item['id']}", names="true")
    assert shown["names"] == item["names"]
    plain = await there(STREET).get(WHISTLES, limit="1")
    assert plain["items"][0]["names"] is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("q=水", "query.q"),
        ("q=--", "q"),
        ("sort=best", "query.sort"),
        ("stauts=open", "query.stauts"),
    ],
)
async def test_what_a_list_does_not_know_is_refused_by_name(
    cast: Cast, asked: str, field: str
) -> None:
    token = keys.token(cast.platform.data, STREET)
    async with cast.session.get(
        f"{cast.platform.url}{WHISTLES}?{asked}", headers={"Authorization": f"Bearer {token}"}
    ) as answer:
        assert (answer.status, (await answer.json())["field"]) == (422, field)


@pytest.mark.parametrize(
    "path",
    [
        "whistle/problems",
        "whistle/whistles",
        "whistle/accountability",
        "housing/agreements",
        "consultation/matters",
        "consultation/committees",
        "procurement/contracts",
    ],
)
async def test_every_list_of_cases_sorts_counts_searches_and_names(cast: Cast, path: str) -> None:
    asked = {"sort": "newest", "count": "true", "q": "没有这个", "names": "true"}
    page = await cast("command_centre").get(f"{API}/{path}", **asked)
    assert (page["items"], page["count"], page["next"]) == ([], 0, None)
