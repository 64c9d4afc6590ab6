"""Rankings through the service: those who lead see all streets, a street its own place."""

from pathlib import Path

from tests.platform.test_index_weaknesses import closed
from tests.support.index import MARCH, running


async def test_I_11_places_for_who_leads_and_for_a_street_its_own(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        for street, score in (("liujia", 9000), ("guandu", 9500), ("yiliu", 9000)):
            await closed(index, street, score, MARCH)
        path = "/rankings?quarter=2026-Q1"
        _, found = await index.ask("command_centre", "GET", path)
        scores = [row for row in found["items"] if row["figure"] == "mean_score"]
        assert [(row["street"], row["rank"], row["tied"]) for row in scores] == [
            ("guandu", 1, False),
            ("liujia", 2, True),
            ("yiliu", 2, True),
        ]
        alarms = [row for row in found["items"] if row["figure"] == "open_alarms"]
        assert {(row["rank"], row["among"]) for row in alarms} == {(1, 9)}
        _, own = await index.ask("street:yiliu", "GET", path)
        assert {row["street"] for row in own["items"]} == {"yiliu"}
        path = "/rankings/standings?year=2026"
        _, sure = await index.ask("command_centre", "GET", path)
        assert [one["street"] for one in sure["streets"]] == ["guandu", "liujia", "yiliu"]
        for wrong in ("", "?year=2026&quarter=2026-Q1"):
            assert (await index.ask("command_centre", "GET", f"/rankings/standings{wrong}"))[
                0
            ] == 422
        assert (sure["streets"][0]["rank"], sure["figures"]) == (1, ["mean_score"])
        _, own = await index.ask("street:yiliu", "GET", path)
        assert [(one["street"], one["rank"]) for one in own["streets"]] == [("yiliu", 2)]
        path = "/rankings?quarter=2026-Q1"
        _, file = await index.ask("command_centre", "GET", f"{path}&format=csv")
        assert "官渡街道" in file.decode("utf-8-sig")
