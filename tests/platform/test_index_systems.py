"""Versions of the indicator system through the service: a doubt settled, weights set, filing by the new one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.index import OWN, Index, running

UNIT = {"point": 23, "doubt": "volunteers", "reading": "千分比", "reason": "核对口径", "unit": "‰"}
TWO = {
    "point": 24,
    "doubt": "two_goals",
    "reading": "只考核重点部位",
    "reason": "口径统一",
    "goals": [{"value": "100", "sense": ">="}],
}


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


async def test_I_02_only_the_district_settles_and_every_version_is_read(index: Index) -> None:
    path = "/systems/2019/settle"
    for who in ("command_centre", "department:civil_affairs"):
        assert (await index.ask(who, "POST", path, UNIT))[0] == 403
    status, book = await index.ask("district_admin", "POST", path, UNIT)
    assert (status, book["state"]["decisions"][0]["by"]) == (200, "district_admin")
    status, problem = await index.ask("district_admin", "POST", path, {**UNIT, "point": 22})
    assert (status, problem["rule"], problem["field"]) == (409, "I-02", "doubt")
    _, listed = await index.ask("resident", "GET", "/systems")
    assert [(one["version"], one["settled"]) for one in listed] == [
        ("2019", 0),
        ("2019.1", 1),
        ("rural-2019", 0),
    ]
    units = []
    for version in ("2019", "2019.1"):
        _, shown = await index.ask("resident", "GET", f"/systems/{version}")
        units.append(shown["points"][22]["unit"])
    assert units == ["%", "‰"]
    for missing in ("2019.2", "2020", "2019.x"):
        assert (await index.ask("resident", "GET", f"/systems/{missing}"))[0] == 404
    assert (await index.ask("district_admin", "POST", "/systems/2020/settle", UNIT))[0] == 404
    _, trail = await index.ask("resident", "GET", "/systems/2019/trail")
    assert [entry["type"] for entry in trail["entries"]] == ["SystemShipped", "DoubtSettled"]


async def test_I_02_figures_are_filed_for_the_version_that_holds(index: Index) -> None:
    who, filed = "department:political_legal", {"values": ["100"], "evidence": OWN}
    status, problem = await index.ask(who, "PUT", "/observations/2026/24", filed)
    assert (status, problem["field"]) == (409, "values")
    assert (await index.ask("district_admin", "POST", "/systems/2019/settle", TWO))[0] == 200
    assert (await index.ask(who, "PUT", "/observations/2026/24", filed))[0] == 200


async def test_I_05_the_district_sets_weights(index: Index) -> None:
    names = ("社会服务", "社会活力", "社会安全", "社会环境")
    body = {
        "weights": [{"name": name, "weight": 2500} for name in names],
        "reason": "2026年测评方案",
    }
    path = "/systems/2019/weigh"
    assert (await index.ask("district_admin", "POST", path, body))[0] == 200
    body["weights"] = body["weights"][:3]
    status, problem = await index.ask("district_admin", "POST", path, body)
    assert (status, problem["rule"], problem["field"]) == (409, "I-05", "weights")
    _, shown = await index.ask("resident", "GET", "/systems/2019.1")
    assert [one["weight"] for one in shown["weights"][0]["weights"]] == [2500] * 4
