"""A street's sheet through the service: what the index holds of its year, findings included."""

from datetime import UTC, datetime
from pathlib import Path

from contracts import consultation, housing, whistle
from tests.contracts.examples import EXAMPLES
from tests.platform.test_index_surveys import LEAD, SURVEY, haihua
from tests.platform.test_index_weaknesses import closed
from tests.support.index import MARCH, running

OFFICE = "department:supervision_office"
FOUND = {
    "street": "guandu",
    "occasion": "talk",
    "held_on": "2026-03-01",
    "what": "公示栏未更新",
    "due": "2026-03-31",
}


async def test_I_19_a_sheet_has_figures_and_dates_and_findings_are_put_right(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await closed(index, "guandu", 5000, MARCH)
        assert (await index.ask("department:water", "POST", "/findings", FOUND))[0] == 403
        nowhere = {**FOUND, "street": "nowhere"}
        assert (await index.ask(OFFICE, "POST", "/findings", nowhere))[0] == 422
        status, made = await index.ask(OFFICE, "POST", "/findings", FOUND)
        assert status == 201, made
        right = {"what": "已更新", "evidence": "照片"}
        path = f"/findings/{made['id']}/put-right"
        assert (await index.ask("street:liujia", "POST", path, right, seen=1))[0] == 404
        assert (await index.ask("street:guandu", "POST", path, right, seen=1))[0] == 200
        await index.ask(OFFICE, "POST", "/findings", FOUND)
        place = {"item": 4, "claim": {"place": True, "walls": 3}, "evidence": "照片"}
        await index.ask("street:guandu", "POST", "/consultation/guandu.2026/own", place)
        index.now = datetime(2026, 7, 10, tzinfo=UTC)
        await index.until(lambda: len(index.told("weakness_flagged")) == 1)
        await index.until(lambda: len(index.told("duty_missed")) == 19)
        found: list[tuple[bool, bool]] = []
        while not any(missed for missed, _ in found):
            _, sheet = await index.ask("street:guandu", "GET", "/sheets/street/guandu?year=2026")
            found = [(one["missed"], one["put_right"] is not None) for one in sheet["findings"]]
        assert sorted(found) == [(False, True), (True, False)]
        assert [card["quarter"] for card in sheet["scorecards"]] == [
            "2026-Q1",
            "2026-Q2",
            "2026-Q3",
        ]
        assert [weak["level"] for weak in sheet["weaknesses"]] == [5000]
        assert sum(len(duty["missed"]) for duty in sheet["duties"]) == 2
        assert (sheet["consultation_own"]["points"], sheet["as_of"]) == (600, "2026-07-10")
        path = "/sheets/street/guandu?year=2026"
        assert (await index.ask("street:liujia", "GET", path))[0] == 404
        assert (await index.ask("district_admin", "GET", path))[0] == 200
        assert (await index.ask("district_admin", "GET", path.replace("guandu", "x")))[0] == 404


async def test_I_19_a_sheet_says_nothing_of_a_year_of_which_only_the_committee_before_is_known(
    tmp_path: Path, sqlite_url: str
) -> None:
    """As the street's card does: what is carried into a year is no mark of it."""
    async with running(tmp_path) as index:
        seated = {"street": "guandu", "level": "street", "seat": "s01", "seats": 50, "outside": 30}
        await index.hear("seat-1", consultation.SeatEnded(**seated, at=MARCH))
        index.now = datetime(2027, 1, 4, tzinfo=UTC)
        path, card = "/sheets/street/guandu?year=2027", "/scorecards/guandu?quarter=2027-Q1"
        _, sheet = await index.ask("street:guandu", "GET", path)
        _, shown = await index.ask("street:guandu", "GET", card)
        assert shown["figures"][-1]["value"] is None
        assert (sheet["consultation_own"], sheet["consultation_assessed"]) == (None, None)
        _, sheet = await index.ask("street:guandu", "GET", path.replace("2027", "2026"))
        assert sheet["consultation_own"]["points"] == 1000


async def test_I_19_a_communitys_sheet_is_its_own_and_its_streets(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await haihua(index)
        await closed(index, "guandu", 5000, MARCH)
        about = {**EXAMPLES["whistle.closed.v1"], "street": "guandu", "community": "haihua"}
        await index.hear("c-9", whistle.Closed(**about), MARCH)
        room = housing.StandardAssessed(
            street="guandu", community="haihua", day="2026-03-01", area=40_000, met=True
        )
        await index.hear("s-1", room)
        survey = {**SURVEY, "rated": {"kind": "community", "code": "haihua"}}
        assert (await index.ask(LEAD, "POST", "/surveys", survey))[0] == 201
        path = "/sheets/community/haihua?year=2026"
        for who in ("community:haihua", "street:guandu", "district_admin"):
            status, sheet = await index.ask(who, "GET", path)
            assert status == 200
        figures = {one["name"]: one["value"] for one in sheet["scorecards"][0]["figures"]}
        assert (figures["whistles_closed"], figures["premises_at_standard"]) == (1, 10_000)
        assert (figures["payments_on_time"], figures["consultation"]) == (None, None)
        assert [one["score"] for one in sheet["surveys"]] == [5950]
        assert [one["designated"]["kind"] for one in sheet["pilots"]] == ["linkage"]
        for who in ("community:wula", "street:liujia"):
            assert (await index.ask(who, "GET", path))[0] == 404
        nowhere = path.replace("haihua", "nowhere")
        assert (await index.ask("district_admin", "GET", nowhere))[0] == 404


async def test_I_19_a_sheet_shows_the_years_cases_and_rooms_handed_over(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await haihua(index)
        where = {"street": "guandu", "community": "haihua"}
        case = whistle.AccountabilityOpened(
            **where,
            category="sewer",
            holder="department:water",
            count=5,
            first="2026-01-03",
            last="2026-02-28",
        )
        rooms = housing.PremisesHandedOver(**where, agreement="a-1", area=35_000, at=MARCH)
        for _ in range(2):
            await index.hear("case-1", case)
            await index.hear("rooms-1", rooms)
        await index.hear("rooms-2", rooms.model_copy(update={"street": None}))
        await index.hear("case-2", case.model_copy(update={"street": "liujia", "community": None}))
        for path in ("street/guandu", "community/haihua"):
            _, sheet = await index.ask("street:guandu", "GET", f"/sheets/{path}?year=2026")
            [noted] = sheet["accountability"]
            assert (noted["holder"], noted["count"]) == ("department:water", 5)
            assert [one["area"] for one in sheet["handed_over"]] == [35_000]
        _, sheet = await index.ask("street:guandu", "GET", "/sheets/street/guandu?year=2025")
        assert (sheet["accountability"], sheet["handed_over"]) == ([], [])
