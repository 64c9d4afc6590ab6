"""What the load is made of: places as the tables have them, every unit, and cases that go to their end."""

from collections import Counter
from pathlib import Path

import aiohttp

from gongzhi import keys
from gongzhi.office import Office
from tests.load.__main__ import Seen
from tests.load.day import CASES, Day, Playing, places, units
from tests.support.inside import inside

STREET = ("guanshangzhongxinqu", "guanshang")
LOOKS = 2


def test_every_street_has_its_share_of_the_communities() -> None:
    found = places(Day().communities)
    each = Counter(street for _, street in found)
    assert len(found) == len(set(found)) == 140 and len(each) == 9
    assert len(set(units())) == 32


async def test_a_case_of_each_kind_is_played_to_its_end_by_as_many_requests_as_are_counted(
    tmp_path: Path, sqlite_url: str
) -> None:
    seen = Seen(counting=True)
    async with (
        inside(tmp_path / "data", only=("housing", "whistle", "mediation")) as running,
        aiohttp.ClientSession(trace_configs=[seen.trace()]) as counted,
    ):

        def office(acts_as: str) -> Office:
            return Office(counted, running.url, keys.token(running.data, acts_as))

        asked = [0]
        for blown in (0.0, 1.0):
            playing = Playing(Day(blown=blown, looks=LOOKS), office, [STREET], units(), pause=0.001)
            await playing.problem(*STREET)
            asked.append(seen.asked)
        await playing.dispute(*STREET)
        asked.append(seen.asked)
        each = [after - before for before, after in zip(asked, asked[1:], strict=False)]
        assert each == [begun + steps * (LOOKS + 1) for begun, steps in CASES]
        centre = running("command_centre")
        problems = (await centre.get("/api/v1/whistle/problems"))["items"]
        whistles = (await centre.get("/api/v1/whistle/whistles"))["items"]
        assert len(problems) == 2
        assert [one["state"]["status"] for one in whistles] == ["answered"]
