"""Rankings through the service: those who lead see all streets, a street its own place."""

from datetime import UTC, datetime
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


async def test_I_11_a_streets_card_is_a_page_with_places_and_the_quarter_before(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        for street, score in (("guandu", 5500), ("liujia", 9000)):
            await closed(index, street, score, MARCH)
        path = "/scorecards/guandu?quarter=2026-Q1&format=html"
        status, page = await index.ask("street:guandu", "GET", path)
        text = page.decode()
        assert status == 200
        for said in (
            "官渡街道社会治理记分卡",
            "2026 年第 1 季度",
            "55.00",
            "2/2",
            "暂计",
            "没有。",
        ):
            assert said in text, said
        assert text.count("<tr>") == 1 + 13 and "<script" not in text
        assert (await index.ask("street:liujia", "GET", path))[0] == 404
        index.now = datetime(2026, 7, 10, tzinfo=UTC)
        await index.until(lambda: len(index.told("weakness_flagged")) == 1)
        _, page = await index.ask("district_admin", "GET", path)
        assert "吹哨报到：55.00 分，低于界限" in page.decode()
        _, page = await index.ask("district_admin", "GET", path.replace("Q1", "Q2"))
        assert "55.00" in page.decode()  # the quarter before
        last = path.replace("Q1", "Q4")
        # The year ends at midnight in Shanghai.
        for now, provisional in (((2026, 12, 31, 15, 59), True), ((2026, 12, 31, 16, 0), False)):
            index.now = datetime(*now, tzinfo=UTC)
            _, page = await index.ask("district_admin", "GET", last)
            assert ("暂计" in page.decode()) is provisional
