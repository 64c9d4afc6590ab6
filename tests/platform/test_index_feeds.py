"""Fed points through the service: shown down to each event, confirmed by the department, then counted."""

from pathlib import Path
from typing import Any

from contracts import mediation, organisations, partner, procurement, whistle
from tests.contracts.examples import EXAMPLES
from tests.support.index import MARCH, Index, running

SOURCE, LEAD = "department:market_regulation", "department:civil_affairs"


def added(fed: Any) -> tuple[int, int | None]:
    """What stands behind a figure, summed up."""
    parts = [(one["part"], one.get("of")) for one in fed["items"]]
    assert {type(part) for part, _ in parts} == {int}, "a yes is no number to whoever reads it"
    of = [one for _, one in parts if one is not None]
    return sum(part for part, _ in parts), sum(of) if of else None


async def complaint(index: Index, id: str, type: Any, sequence: int, **about: Any) -> None:
    said = {**EXAMPLES[type.type], "category": "food_drug", "street": "guandu", **about}
    await index.hear(id, type(**said), MARCH, sequence)


async def test_I_10_a_fed_figure_opens_to_its_events_and_counts_once_it_is_confirmed(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        for number in range(3):
            await complaint(index, f"c-{number}", whistle.Closed, number + 3)
        await complaint(index, "m-9", whistle.DeadlineMissed, 9)
        await complaint(index, "x-1", whistle.Closed, 3, category="sewer")
        path = "/observations/2026/27"
        assert (await index.ask("department:finance", "GET", f"{path}/feed"))[0] == 404
        _, fed = await index.ask(SOURCE, "GET", f"{path}/feed")
        assert (fed["figure"]["part"], fed["figure"]["of"], fed["value"]) == (3, 4, "75.00")
        assert added(fed) == (3, 4)
        assert sorted(item["standing"] for item in fed["items"]) == ["closed"] * 3 + ["open"]
        assert fed["items"][0]["events"][0]["type"].startswith("whistle.")
        assert (await index.ask(LEAD, "GET", f"{path}/feed"))[0] == 200
        assert (await index.ask(LEAD, "POST", f"{path}/confirm", {}))[0] == 403
        status, problem = await index.ask(
            "department:finance", "POST", path.replace("27", "1") + "/confirm", {}
        )
        assert (status, problem["rule"]) == (409, "I-10")
        by_hand = {"values": ["75"], "evidence": {"source": "platform"}}
        status, problem = await index.ask(SOURCE, "PUT", path, by_hand)
        assert (status, problem["rule"], problem["field"]) == (409, "I-10", "source")
        status, made = await index.ask(SOURCE, "POST", f"{path}/confirm", {})
        assert status == 200, made
        [filing] = made["state"]["filings"]
        assert (filing["values"], filing["fed"]["of"]) == (["75.00"], 4)
        assert filing["evidence"]["source"] == "platform"
        _, sheet = await index.ask(SOURCE, "GET", "/observations/2026")
        [row] = [one for one in sheet["items"] if one["point"] == 27]
        assert (row["source"], row.get("reference")) == ("platform", None)
        _, edition = await index.ask(LEAD, "POST", "/editions/2026", {})
        assert [one["point"] for one in edition["state"]["drafted"]["inputs"]] == [27]


async def test_I_10_organisations_and_what_a_partner_reports(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        for number, kind in enumerate(("social_organisation", "social_organisation", "company")):
            news = procurement.SupplierRegistered(kind=kind, supplier=f"s-{number}")
            await index.hear(f"s-{number}", news)
        path = "/observations/2026/13"
        _, fed = await index.ask(LEAD, "GET", f"{path}/feed")
        assert (fed["figure"]["part"], fed.get("value"), len(fed["items"])) == (2, None, 3)
        assert added(fed) == (2, None)
        status, problem = await index.ask(LEAD, "POST", f"{path}/confirm", {})
        assert (status, problem["field"]) == (409, "population")
        _, made = await index.ask(LEAD, "POST", f"{path}/confirm", {"population": 10_000})
        assert made["state"]["filings"][0]["values"] == ["2.00"]
        for place, number in (("haihua", 12), ("district", 3)):
            figures = dict.fromkeys(("groups", "volunteers", "minutes", "hours"), 0)
            await index.hear(place, organisations.Counted(organisations=number, **figures))
        _, fed = await index.ask(LEAD, "GET", f"{path}/feed")
        assert (fed["figure"]["part"], len(fed["items"])) == (15, 2)
        assert added(fed) == (15, None)
        assert fed["items"][0]["events"][0]["type"] == "organisations.counted.v1"
        reported = partner.ObservationReported(year=2026, point=35, values=("98.9",))
        for _ in range(2):
            await index.hear("r-1", reported)
        justice, path = "department:justice", "/observations/2026/35"
        _, fed = await index.ask(justice, "GET", f"{path}/feed")
        [report] = fed["reports"]
        assert (report["values"], fed["items"]) == (["98.9"], [])
        body = {"report": report["id"]}
        _, made = await index.ask(justice, "POST", f"{path}/confirm", body)
        [filing] = made["state"]["filings"]
        assert (filing["values"], filing["fed"]["report"]) == (["98.9"], report["id"])


async def test_I_10_what_people_s_mediation_settled_opens_to_its_cases(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        example = EXAMPLES[mediation.CaseEnded.type]
        at = MARCH.isoformat()
        for id, how, way in (
            ("d-1", "settled", "people"),
            ("d-2", "settled", "people"),
            ("d-3", "no_agreement", "people"),
            ("d-4", "settled", "judicial"),
        ):
            ended = mediation.CaseEnded(**{**example, "how": how, "way": way, "at": at})
            for _ in range(2):
                await index.hear(id, ended, MARCH)
        justice, path = "department:justice", "/observations/2026/35"
        _, fed = await index.ask(justice, "GET", f"{path}/feed")
        assert (fed["figure"]["part"], fed["figure"]["of"], fed["value"]) == (2, 3, "66.67")
        assert added(fed) == (2, 3)
        assert {one["events"][0]["type"] for one in fed["items"]} == {mediation.CaseEnded.type}
        assert len(fed["items"]) == 3
        status, made = await index.ask(justice, "POST", f"{path}/confirm", {})
        assert status == 200, made
        assert made["state"]["filings"][0]["values"] == ["66.67"]
