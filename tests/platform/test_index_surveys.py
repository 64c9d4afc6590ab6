"""Surveys through the service: entered by whom they are for, corrected, and in the street's sheet."""

from pathlib import Path

from contracts import housing, whistle
from tests.support.index import Index, running

LEAD = "department:civil_affairs"
SURVEY = {
    "kind": "organisations",
    "year": 2026,
    "rated": {"kind": "street", "code": "guandu"},
    "rater": {"kind": "supplier", "code": "third_party"},
    "score": "59.5",
    "asked": 300,
    "held_on": "2026-02-20",
    "evidence": "测评报告",
}
TWO_WAY = {
    **SURVEY,
    "kind": "two_way",
    "rater": {"kind": "community", "code": "haihua"},
    "score": "88",
}


async def haihua(index: Index) -> None:
    profile = housing.CommunityProfiled(
        street="guandu",
        community="haihua",
        code="haihua",
        name="海华社区",
        valid_from="2020-01-01",
        listed=1,
    )
    await index.hear("haihua", profile)


async def test_I_21_entered_by_whom_it_is_for_and_low_in_the_streets_sheet(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await haihua(index)
        assert (await index.ask("street:guandu", "POST", "/surveys", SURVEY))[0] == 403
        status, made = await index.ask(LEAD, "POST", "/surveys", SURVEY)
        assert (status, made["state"]["entered"]["score"]) == (201, 5950)
        assert (await index.ask(LEAD, "POST", "/surveys", SURVEY))[0] == 409
        status, problem = await index.ask(LEAD, "POST", "/surveys", {**SURVEY, "year": 2025})
        assert (status, problem["rule"], problem["field"]) == (409, "I-21", "held_on")
        nowhere = {**SURVEY, "rated": {"kind": "street", "code": "nowhere"}}
        assert (await index.ask(LEAD, "POST", "/surveys", nowhere))[0] == 422
        assert (await index.ask(LEAD, "POST", "/surveys", TWO_WAY))[0] == 403
        elsewhere = {**TWO_WAY, "rated": {"kind": "street", "code": "liujia"}}
        assert (await index.ask("community:haihua", "POST", "/surveys", elsewhere))[0] == 422
        assert (await index.ask("community:haihua", "POST", "/surveys", TWO_WAY))[0] == 201
        _, weak = await index.ask("street:guandu", "GET", "/surveys?weak=true")
        assert [one["id"] for one in weak["items"]] == [made["id"]]
        path = f"/surveys/{made['id']}/correct"
        again = {"score": "60", "asked": 301, "evidence": "报告二", "reason": "漏一份"}
        assert (await index.ask("street:guandu", "POST", path, again, seen=1))[0] == 403
        _, sheet = await index.ask("street:guandu", "GET", "/sheets/street/guandu?year=2026")
        found = {one["kind"]: (one["score"], one["weak"]) for one in sheet["surveys"]}
        assert found == {"organisations": (5950, True), "two_way": (8800, False)}
        assert (await index.ask(LEAD, "POST", path, again, seen=1))[0] == 200
        assert (await index.ask("street:guandu", "GET", "/surveys?weak=true"))[1]["items"] == []


async def test_I_21_a_department_that_is_rated_is_there_and_its_mark_is_not_the_streets(
    tmp_path: Path, sqlite_url: str
) -> None:
    def of(code: str) -> dict[str, object]:
        rated = {"kind": "department", "code": code}
        rater = {"kind": "street", "code": "guandu"}
        return {**SURVEY, "kind": "two_way", "rated": rated, "rater": rater}

    async with running(tmp_path) as index:
        listed = {"kind": "department", "valid_from": "2018-01-01", "listed": 1}
        water = whistle.UnitListed(code="water", name="区水务局", **listed)
        await index.hear("water", water)
        who = "street:guandu"
        status, problem = await index.ask(who, "POST", "/surveys", of("nowhere"))
        assert (status, problem["field"]) == (422, "rated")
        # In the register, a source of figures, who supervises, who does a duty.
        for code in ("water", "finance", "supervision_office", "organisation"):
            status, made = await index.ask(who, "POST", "/surveys", of(code))
            assert status == 201, (code, made)
        _, sheet = await index.ask(who, "GET", "/sheets/street/guandu?year=2026")
        assert [(one["score"], one["weak"]) for one in sheet["surveys"]] == [(5950, False)] * 4
        _, weak = await index.ask("department:water", "GET", "/surveys?weak=true")
        assert len(weak["items"]) == 1
