"""What a published edition asks, through the service: answered, and looked at again before the next is published."""

from datetime import UTC, datetime
from pathlib import Path

from tests.platform.test_index_editions import DISTRICT, LEAD, PARTY, publish, step
from tests.support.index import OWN, running

SOURCE = "department:finance"


async def test_I_24_asked_answered_and_looked_at_before_the_next_edition(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        low = {"values": ["60"], "evidence": OWN}
        await index.ask(SOURCE, "PUT", "/observations/2026/1", low)
        _, made = await index.ask(LEAD, "POST", "/editions/2026", {})
        path, said = "/improvements/2026.1", {"what": "明年预算增加民生支出"}
        assert (await index.ask(SOURCE, "POST", f"{path}/answer", said))[0] == 404  # not published
        await publish(index, made)
        _, demands = await index.ask("resident", "GET", f"/editions/{made['id']}/demands")
        [asked] = demands["asked"]
        assert (asked["ask"]["point"], asked["ask"]["why"]) == (1, "binding")
        assert (asked["units"], asked["improvement"]) == (["finance"], None)
        other = "/improvements/2026.2/answer"
        assert (await index.ask(SOURCE, "POST", other, said))[0] == 404  # not asked about
        assert (await index.ask("department:health", "POST", f"{path}/answer", said))[0] == 403
        assert (await index.ask(SOURCE, "POST", f"{path}/answer", said))[0] == 200
        _, page = await index.ask("resident", "GET", f"/editions/{made['id']}?format=html")
        assert said["what"] in page.decode()
        waiting = "/improvements?waiting=me"
        _, left = await index.ask(LEAD, "GET", waiting)
        assert [one["id"] for one in left["items"]] == ["2026.1"]
        assert (await index.ask(SOURCE, "GET", waiting))[1]["items"] == []
        found = {"found": "预算已列支", "done": True}
        assert (await index.ask(SOURCE, "POST", f"{path}/look", found, seen=2))[0] == 403
        status, problem = await index.ask(LEAD, "POST", f"{path}/look", found, seen=2)
        assert (status, problem["rule"]) == (409, "I-24")

        index.now = datetime(2027, 2, 1, tzinfo=UTC)
        while (await index.ask(LEAD, "GET", "/years/2027"))[0] != 200:
            pass
        _, after = await index.ask(LEAD, "POST", "/editions/2027", {})
        await step(index, LEAD, after, "review", {"reviewer": "third_party"})
        await step(index, PARTY, after, "sign", {"opinion": "数据属实"})
        status, problem = await step(index, DISTRICT, after, "publish")
        assert (status, problem["rule"]) == (409, "I-24")
        assert (await index.ask(LEAD, "POST", f"{path}/look", found, seen=2))[0] == 200
        assert (await index.ask(LEAD, "GET", waiting))[1]["items"] == []
        assert (await step(index, DISTRICT, after, "publish"))[0] == 200
        _, demands = await index.ask("resident", "GET", f"/editions/{after['id']}/demands")
        assert demands["last_year"][0]["looked_at"]["done"] is True
