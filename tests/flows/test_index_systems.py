"""The indicator system on the wire: figures to the digit, doubts in words, whoever of the offices asks."""

from tests.support.inside import Inside
from tests.support.wired import platform

__all__ = ["platform"]

SYSTEM = "/api/v1/index/systems/2019"
OFFICES = ("command_centre", "street:guanshang", "department:water")


async def test_I_02_I_04_I_22_system_and_method_are_read_by_every_office(platform: Inside) -> None:
    for office in OFFICES:
        shown = await platform(office).get(SYSTEM)
        assert shown["attributes"] == {"约束性": 26, "预期性": 16}
        assert (shown["with_baseline"], shown["gaps"]) == (34, [])
        assert [doubt["code"] for doubt in shown["doubts"]] == ["baseline_year", "organisations"]
        organisations = shown["longer_goals"][4]
        assert organisations["differing"] == {"system": "7.04", "elsewhere": "7.5"}
        jobless = shown["points"][3]
        assert (jobless["baseline"], jobless["goals"]) == ("3.01", [{"value": "3", "sense": "<="}])
        assert jobless["doubts"] == [
            {"code": "whose_figure", "text": "斜杠前只印一个数，没有写明是市的数还是区的数。"}
        ]
    method = await platform("resident").get("/api/v1/index/method")
    assert (method["version"], method["rubric"]["mostly"]) == ("1", 75)
    assert len(method["rules"]) == 8
