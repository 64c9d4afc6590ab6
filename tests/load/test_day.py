"""What the load is made of: places as the tables have them, every unit, and cases that go to their end."""

from collections import Counter
from pathlib import Path

from gongzhi import keys
from gongzhi.office import Office
from tests.load.day import Day, Playing, places, units
from tests.support.inside import inside

STREET = ("guanshangzhongxinqu", "guanshang")


def test_every_street_has_its_share_of_the_communities() -> None:
    found = places(Day().communities)
    each = Counter(street for _, street in found)
    assert len(found) == len(set(found)) == 140 and len(each) == 9
    assert len(set(units())) == 32


async def test_a_case_of_each_kind_is_played_to_its_end(tmp_path: Path, sqlite_url: str) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle", "mediation")) as running:
        await running.ready()

        def office(acts_as: str) -> Office:
            return Office(running.session, running.url, keys.token(running.data, acts_as))

        for blown in (0.0, 1.0):
            playing = Playing(Day(blown=blown, looks=2), office, [STREET], units(), pause=0.001)
            await playing.problem(*STREET)
        await playing.dispute(*STREET)
        centre = office("command_centre")
        problems = (await centre.get("/api/v1/whistle/problems"))["items"]
        whistles = (await centre.get("/api/v1/whistle/whistles"))["items"]
        assert len(problems) == 2
        assert [one["state"]["status"] for one in whistles] == ["answered"]
