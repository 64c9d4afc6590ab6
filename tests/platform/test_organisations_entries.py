"""What is entered by hand is looked at: organisations registered before, who people are, what volunteers offer."""

from datetime import timedelta

import pytest

from gongzhi.office import Refused
from tests.support.organisations import (
    APPLICATION,
    BASE,
    CIVIL,
    CODE,
    COMMUNITY,
    ITSELF,
    REGISTER,
    Neighbours,
    alone,
)

from .test_organisations_service import NAME, NUMBER, refused, until, volunteer

__all__ = ["alone"]


async def test_O_06_a_blank_takes_nobody_s_place(alone: Neighbours) -> None:
    running, people, asked = alone, "people/h1", {"reason": "核查"}
    await running.registered()
    await running.step(CIVIL, REGISTER, CODE, "heads", {"post": "head", "founder": "f1"})
    id, volunteers, by = await volunteer(running), f"{BASE}/volunteers", f"community:{COMMUNITY}"
    person = {"name": NAME, "number": NUMBER}
    for who, path, one, step in (
        (CIVIL, REGISTER, CODE, people),
        (by, volunteers, id, "person"),
    ):
        await running.step(who, path, one, step, person, method="PUT")
        for field in person:
            blank = running.step(who, path, one, step, {**person, field: "  "}, method="PUT")
            with pytest.raises(Refused) as refusal:
                await blank
            found = refusal.value.problem
            assert (found["status"], found["field"]) == (422, field)
        read = await running.inside(who).post(f"{path}/{one}/{step}", asked)
        assert (read["name"], read["number"]) == (NAME, NUMBER)
    said = {"organisation": CODE, "ground": "charges", "text": "乱收费", "reporter": {"name": " "}}
    with pytest.raises(Refused) as refusal:
        await running.post(CIVIL, f"{BASE}/complaints", said)
    found = refusal.value.problem
    assert (found["status"], found["field"]) == (422, "reporter.name")


async def test_O_15_a_volunteer_is_entered_with_what_it_offers_each_once(alone: Neighbours) -> None:
    for offers in ([], ["elderly", "elderly"]):
        assert await refused(volunteer(alone, offers=offers)) == (409, "O-15"), offers
    assert await volunteer(alone, offers=["elderly", "safety"])


async def test_O_08_one_registered_long_before_owes_what_is_due_from_now_on(
    alone: Neighbours,
) -> None:
    entry = {
        **{name: APPLICATION[name] for name in ("name", "kind", "sector", "scope")},
        "code": CODE,
        "certificate": "证-1",
        "on": "2015-06-01",
    }
    this = alone.clock().year
    ancient = alone.post(CIVIL, f"{REGISTER}/registered", {**entry, "on": "1900-01-01"})
    assert (await refused(ancient))[0] == 422
    await alone.post(CIVIL, f"{REGISTER}/registered", entry)
    alone.clock.by += timedelta(days=400)

    async def missed() -> bool:
        state = (await alone.get(ITSELF, f"{REGISTER}/{CODE}"))["state"]
        years = [one["year"] for one in state["years"] if one["missed"]]
        assert all(year >= this for year in years), years
        return bool(years) and [one["ground"] for one in state["listings"]] == ["report_missed"]

    await until(missed)


async def test_O_14_an_organisation_is_what_one_incubation_became_and_registered_since(
    alone: Neighbours,
) -> None:
    path = f"{BASE}/incubations"

    async def assessed(called: str) -> str:
        said = {"tier": "base", "called": called, "plan": "一年内登记"}
        id = str((await alone.post(CIVIL, path, said))["id"])
        await alone.step(CIVIL, path, id, "assess", {"mark": 3, "text": "活动稳定"})
        return id

    await alone.registered()
    alone.clock.by += timedelta(days=1)
    first, second = await assessed("暖阳社（虚构）"), await assessed("晨曦社（虚构）")
    for code in (CODE, "later"):
        with pytest.raises(Refused) as refusal:
            await alone.step(CIVIL, path, first, "graduate", {"organisation": code})
        found = refusal.value.problem
        assert (found["rule"], found["field"]) == ("O-14", "organisation"), code
    await alone.registered("later")
    became = {"organisation": "later"}
    gone = await alone.step(CIVIL, path, first, "graduate", became)
    assert gone["state"]["organisation"] == "later"
    with pytest.raises(Refused) as refusal:
        await alone.step(CIVIL, path, second, "graduate", became)
    assert refusal.value.problem["detail"] == "这个组织已由另一项孵化出壳。"
