"""Where a report belongs that names no community (W-01): by the map, by a name, or it waits for the command centre."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.copies import Told
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken, UnknownReference
from chassis.policy import PolicyEdition
from services.whistle import announce
from services.whistle.desk import WhistleDesk
from services.whistle.desk.placing import Report
from services.whistle.desk.receipts import UnknownReceipt
from services.whistle.domain import unplaced
from services.whistle.domain.placing import Shape, around, bounds, named, spotted
from services.whistle.domain.unplaced import (
    Unplaced,
    UnplacedPlaced,
    UnplacedStatus,
    UnplacedTaken,
    UnplacedTurnedAway,
    evolve,
)
from services.whistle.queries.open311 import _changed
from services.whistle.steps.unplaced import UNPLACED, ElsewhereIn, PlaceIn, elsewhere, place
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import MONDAY, SECOND
from .test_W_01_problems import collected
from .test_W_16_reporters import ASKED, CAUSE, WHO, asking, desk

CENTRE = asking("command_centre")
FRESH = replace(CAUSE, fresh="r-1")
NAMES = {"haihua": "海华", "beihai": "北海华社区", "jiangong": "建工"}
taken = UnplacedTaken(category="parking", place="某路口", has_reporter=True, at=MONDAY)
put = UnplacedPlaced(street="liujia", community="haihua", at=MONDAY + SECOND)
turned = UnplacedTurnedAway(reason="在呈贡区", at=MONDAY + SECOND)


def square(east: int, north: int, side: int = 10_000) -> Shape:
    far, top = east + side, north + side
    return ((((east, north), (far, north), (far, top), (east, top), (east, north)),),)


HAIHUA, BESIDE = square(102_740_000, 25_010_000), square(102_750_000, 25_010_000)


@pytest.fixture
async def stores() -> tuple[MemoryStore, MemoryStore]:
    return MemoryStore(), MemoryStore()


@pytest.fixture
async def there(stores: tuple[MemoryStore, MemoryStore]) -> WhistleDesk:
    ready = desk(*stores)
    await ready.policies.seed(MONDAY)
    for code, name, more in (
        ("haihua", "海华", {"street": "liujia", "street_name": "六甲街道"}),
        ("ended", "旧村", {"street": "liujia", "valid_to": "2020-01-01"}),
        ("astray", "无街", {}),
    ):
        data = {"code": code, "name": name, "valid_from": "2018-12-01", "listed": 3, **more}
        told = Told(event=f"e-{code}", sequence=1, data=data)
        await ready.communities.aggregates.once(code, [told], CAUSE)
    for code, shape in (("haihua", HAIHUA), ("ended", HAIHUA)):
        told = Told(event=f"o-{code}", sequence=1, data={"community": code, "polygons": shape})
        await ready.outlines.aggregates.once(code, [told], CAUSE)
    return ready


def report(**where: Any) -> Report:
    return Report(category="parking", asked=ASKED, reporter=WHO, **where)


# By the map


def test_W_01_a_point_belongs_to_the_one_community_around_it() -> None:
    both = {"haihua": HAIHUA, "beside": BESIDE}
    assert around(spotted(25.015, 102.745), both) == "haihua"
    assert around(spotted(25.015, 102.755), both) == "beside"
    assert around(spotted(25.03, 102.745), both) is None
    assert around(spotted(25.015, 102.75), both) is None, "on the line between two"
    assert around(spotted(25.015, 102.75), {"haihua": HAIHUA}) == "haihua"
    ring = square(102_742_000, 25_012_000, 4_000)[0][0]
    assert around(spotted(25.014, 102.744), {"haihua": ((HAIHUA[0][0], ring),)}) is None
    box = {"west": 102_740_000, "east": 102_760_000, "south": 25_010_000, "north": 25_020_000}
    assert bounds((*HAIHUA, *BESIDE)) == box


# By a name


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("海华社区3栋门口", "haihua"),
        ("海华小区东门", "haihua"),
        ("北海华5栋", "beihai"),
        ("建工社区海华路口", "jiangong"),
        ("建工与海华之间", None),
        ("海华和北海华之间", None),
        ("东门", None),
    ],
)
def test_W_01_an_address_belongs_to_the_one_community_it_names(
    address: str, code: str | None
) -> None:
    assert named(address, NAMES) == code
    assert named(address, {**NAMES, "nameless": ""}) == code


def test_W_01_two_communities_of_one_name_are_not_guessed_between() -> None:
    assert named("海华社区", {"haihua": "海华", "other": "海华社区"}) is None


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"community": "haihua", "spotted": spotted(0, 0)}, "haihua"),
        ({"community": "ended", "spotted": spotted(25.015, 102.745)}, "haihua"),
        ({"community": "ended"}, None),
        ({"spotted": spotted(25.015, 102.745), "place": "旧村"}, "haihua"),
        ({"spotted": spotted(0, 0), "place": "海华社区"}, "haihua"),
        ({"place": "海华社区"}, "haihua"),
        ({"place": "旧村社区"}, None),
        ({"place": "无街社区"}, None),
        ({"spotted": spotted(26, 103)}, None),
        ({}, None),
    ],
)
async def test_W_01_a_report_is_placed_or_waits(
    there: WhistleDesk, where: dict[str, Any], code: str | None
) -> None:
    id = await there.collect_publicly(report(**where), FRESH)
    problem, waits = await there.problems.look(id), await there.unplaced.look(id)
    assert (problem.aggregate.community if problem else None) == code
    assert (waits is None) == (code is not None)
    assert await there.reporters.asked(id) == ASKED
    told = await there.case(await there.reporters.receipt(id), CAUSE.now)
    assert told.problem == ("collected" if code else UnplacedStatus.WAITING)


async def test_W_01_a_community_that_is_named_by_its_code_is_not_put_elsewhere(
    there: WhistleDesk, stores: Any
) -> None:
    with pytest.raises(UnknownReference):
        await there.collect_publicly(report(community="astray", place="海华社区"), FRESH)
    wrongs: tuple[dict[str, Any], ...] = ({"category": "potholes"}, {"asked": " "})
    for wrong in wrongs:
        with pytest.raises((RuleBroken, Malformed)):
            await there.collect_publicly(replace(report(), **wrong), FRESH)
    assert not [id for store in stores for name, id in store.kept if name == "reporters"]


# By the command centre


async def test_W_01_the_centre_says_where_it_is_and_it_goes_on_as_a_problem(
    there: WhistleDesk,
) -> None:
    id = await there.collect_publicly(report(place="某路口"), FRESH)
    code = await there.reporters.receipt(id)
    words = await there.asked_of_unplaced(id, CENTRE.subject)
    assert (words.asked, words.place) == (ASKED, "某路口")
    with pytest.raises(NotFound):
        await there.case("0" * 16, CAUSE.now)
    with pytest.raises(NotFound, match="没有吹哨") as refusal:
        await there.rate(code, 5, CAUSE)
    assert not isinstance(refusal.value, UnknownReceipt)
    with pytest.raises(UnknownReference, match="尚未登记所属街道"):
        await take(place, there, CENTRE, PlaceIn(community="astray"), id=id)
    with pytest.raises(UnknownReference, match="旧村 已于 2020-01-01 终止"):
        await take(place, there, CENTRE, PlaceIn(community="ended"), id=id)
    await take(place, there, CENTRE, PlaceIn(community="haihua"), id=id)
    assert (await there.case(code, CAUSE.now)).problem == UnplacedStatus.PLACED
    for _ in range(2):  # its news may come twice
        await there.begin_placed(id, replace(CAUSE, now=MONDAY + timedelta(hours=2)))
    problem = (await there.problems.get(id)).aggregate
    assert (problem.community, problem.street, problem.title) == ("haihua", "liujia", "停车秩序")
    assert (problem.place, problem.origin, problem.arose_at) == ("某路口", "open311", CAUSE.now)
    assert problem.has_reporter and await there.reporters.read(id) == WHO
    assert (await there.case(code, CAUSE.now)).problem == "collected"
    with pytest.raises(NotAllowed):
        await there.asked_of_unplaced(id, CENTRE.subject)


async def test_W_01_what_a_build_of_before_placed_without_its_address_is_found_by_the_report_s(
    there: WhistleDesk,
) -> None:
    """It looks for the address where it was before."""
    id = await there.collect_publicly(report(place="某路口"), FRESH)
    await there.problems.once(id, [replace(collected, place=None)], CAUSE)
    words = await there.asked_of_problem(id, asking("community", "haihua").subject)
    assert (words.asked, words.place) == (ASKED, "某路口")


async def test_W_16_where_a_report_is_that_waits_is_sealed_with_its_words(
    there: WhistleDesk, stores: Any
) -> None:
    """It may be his door, and nobody but the centre has to find it."""
    where: dict[str, Any] = {"place": "某路口9栋402", "spotted": spotted(26.123456, 103.654321)}
    id = await there.collect_publicly(report(**where), FRESH)
    for kept in stores:
        for text in kept.kept.values():
            document = json.loads(text)
            said = json.dumps(document, ensure_ascii=False)
            assert not re.search("某路口|402|103654321|26123456", said)
    words = await there.asked_of_unplaced(id, CENTRE.subject)
    assert words.place == "某路口9栋402；北纬 26.123456，东经 103.654321"
    assert set(await there.reporters.read(id)) == set(WHO)


async def test_W_16_of_what_was_kept_unsealed_it_is_read_by_the_centre_and_shown_to_nobody(
    there: WhistleDesk,
) -> None:
    before = replace(taken, spotted=spotted(26.123456, 103.654321))
    await there.reporters.keep("r-0", {"asked": ASKED}, CAUSE)
    held = await there.unplaced.once("r-0", [before], CAUSE)
    shown = UNPLACED.shown(held, CENTRE.subject)
    assert (shown.place, shown.spotted) == (None, None) and UNPLACED.words is None
    words = await there.asked_of_unplaced("r-0", CENTRE.subject)
    assert words.place == "某路口；北纬 26.123456，东经 103.654321"
    await take(place, there, CENTRE, PlaceIn(community="haihua"), id="r-0")
    await there.begin_placed("r-0", CAUSE)
    assert (await there.problems.get("r-0")).aggregate.place == "某路口"


async def test_W_01_what_is_another_districts_ends_with_the_reason(there: WhistleDesk) -> None:
    id = await there.collect_publicly(report(), FRESH)
    await take(elsewhere, there, CENTRE, ElsewhereIn(reason="在呈贡区"), id=id)
    told = await there.case(await there.reporters.receipt(id), CAUSE.now)
    assert (told.problem, told.settled_how) == (UnplacedStatus.ELSEWHERE, "在呈贡区")


async def test_W_01_nobody_but_the_centre_places_or_reads_what_waits(there: WhistleDesk) -> None:
    id = await there.collect_publicly(report(), FRESH)
    for who in (asking("street", "liujia"), asking("district_admin")):
        with pytest.raises((NotAllowed, NotFound)):
            await take(place, there, who, PlaceIn(community="haihua"), id=id)
        with pytest.raises((NotAllowed, NotFound)):
            await there.asked_of_unplaced(id, who.subject)


def test_W_17_what_is_placed_is_not_placed_again() -> None:
    for end in (put, turned):
        done = evolve(evolve(None, taken), end)
        with pytest.raises(RuleBroken) as refusal:
            done.put(street="liujia", community="haihua", now=MONDAY)
        assert refusal.value.rule.id == "W-17"
        with pytest.raises(RuleBroken):
            done.turn_away(reason="在呈贡区", now=MONDAY)
    with pytest.raises(Malformed):
        evolve(None, taken).turn_away(reason=" ", now=MONDAY)
    with pytest.raises(ValueError, match="begins"):
        evolve(None, put)


async def test_W_16_the_words_of_a_report_that_waits_are_kept_as_a_problems_are(
    there: WhistleDesk, stores: Any
) -> None:
    id = await there.collect_publicly(report(), FRESH)
    await there.look_after_reporter(id, replace(CAUSE, now=MONDAY + timedelta(hours=2)))
    assert await there.reporters.asked(id) == ASKED
    assert not any(ASKED in text or WHO["name"] in text for text in stores[0].kept.values())


def test_only_that_it_is_placed_is_told() -> None:
    after: Unplaced = evolve(evolve(None, taken), put)
    told = announce.of_unplaced(put, after)
    assert told is not None and told.model_dump(exclude_defaults=True) == {
        "street": "liujia",
        "community": "haihua",
        "category": "parking",
    }
    assert announce.of_unplaced(taken, after) is announce.of_unplaced(turned, after) is None


def test_the_list_of_services_changed_when_its_codes_or_names_did() -> None:
    first: dict[str, Any] = {"noise": {"name": "噪声", "unit": "a"}}
    moved: dict[str, Any] = {"noise": {"name": "噪声", "unit": "b"}}
    more: dict[str, Any] = {**moved, "water": {"name": "水", "unit": "b"}}

    def changed(*lists: dict[str, Any]) -> int:
        editions = [
            PolicyEdition(
                number=n, values={"categories": one}, reason="", since=MONDAY + n * SECOND
            )
            for n, one in enumerate(lists, start=1)
        ]
        return int((_changed(editions) - MONDAY) / SECOND)

    assert changed(first) == 1
    assert changed(first, moved) == 1
    assert changed(first, more, more) == 2
    assert changed(first, more, moved) == 3
    assert unplaced.take(taken, ASKED, {"parking"}) is taken
