"""What can't be done says why, names the field or the rule and its clause, and changes nothing."""

import base64
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from gongzhi import keys
from gongzhi.office import Office, Refused
from tests.support.bodies import NOISE, TRIAGE, outfall
from tests.support.buses import until
from tests.support.platform import Cast

WHISTLES = "/api/v1/whistle/whistles"
PROBLEMS = "/api/v1/whistle/problems"
PLAN = "官办通〔2019〕80号"


@dataclass(frozen=True)
class Case:
    """A dispatched whistle and the offices around it."""

    id: str
    cast: Cast

    @property
    def path(self) -> str:
        return f"{WHISTLES}/{self.id}"

    async def now(self) -> Any:
        return await self.cast("command_centre").get(self.path)


@pytest.fixture
async def case(cast: Cast) -> AsyncIterator[Case]:
    street, centre = cast("street:guanshang"), cast("command_centre")
    blown = await street.post(
        WHISTLES,
        outfall("water", "transport"),
    )
    await centre.step(WHISTLES, blown["id"], "register")
    await centre.step(WHISTLES, blown["id"], "dispatch")
    yield Case(blown["id"], cast)


async def refused(call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await call
    problem = caught.value.problem
    assert problem["type"].startswith("/problems/") and problem["status"] == caught.value.status
    assert problem["title"] and problem["detail"]
    return caught.value


async def unchanged(case: Case, call: Any) -> dict[str, Any]:
    before = await case.now()
    said = await refused(call)
    assert await case.now() == before
    return {"status": said.status, **said.problem}


@pytest.mark.parametrize(
    ("change", "status", "kind", "field"),
    [
        ({"community": "nowhere"}, 422, "unknown-reference", "community"),
        ({"community": "shijicheng"}, 422, "unknown-reference", "community"),
        ({"category": "weather"}, 409, "rule-broken", "category"),
        ({"title": " "}, 409, "rule-broken", "title"),
        ({"channel": "rumour"}, 422, "malformed", "body.channel"),
        ({"unheard": 1}, 422, "malformed", "body.unheard"),
        ({"title": "长" * 81}, 422, "malformed", "body.title"),
    ],
)
async def test_a_problem_that_cannot_be_taken_names_the_field(
    cast: Cast, change: dict[str, Any], status: int, kind: str, field: str
) -> None:
    said = await refused(cast("command_centre").post(PROBLEMS, {**NOISE, **change}))
    assert (said.status, said.problem["type"], said.problem["field"]) == (
        status,
        f"/problems/{kind}",
        field,
    )
    if kind == "rule-broken":
        assert (said.problem["rule"], said.problem["clause"]) == ("W-01", f"{PLAN} 四.4")


async def test_an_unknown_unit_is_an_unknown_reference(cast: Cast) -> None:
    body = {
        "level": "street",
        "kind": "problem",
        "units": ["ministry"],
        "lead": "ministry",
        "title": "某事",
        "category": "other",
    }
    said = await refused(cast("street:guanshang").post(WHISTLES, body))
    assert (said.status, said.problem["field"]) == (422, "units")


async def test_W_17_a_jump_between_states_names_the_state_and_what_it_allows(case: Case) -> None:
    street = case.cast("street:guanshang")
    said = await unchanged(case, street.step(WHISTLES, case.id, "answer", {"answer": "好了"}))
    assert (said["status"], said["rule"], said["clause"]) == (409, "W-17", f"{PLAN} 四.1")
    assert "已派遣" in said["detail"] and "报到" in said["detail"]


async def test_a_change_without_a_version_is_refused_and_with_a_stale_one_too(case: Case) -> None:
    centre = case.cast("command_centre")
    body = {"reason": "重复"}
    said = await unchanged(case, centre.post(f"{case.path}/reject", body))
    assert (said["status"], said["field"]) == (428, "If-Match")
    said = await unchanged(case, centre.post(f"{case.path}/reject", body, version=1))
    assert said["status"] == 412


async def test_no_token_no_scope_and_a_foreign_office_change_nothing(case: Case) -> None:
    arrive = f"{case.path}/units/water/arrive"
    nobody = Office(case.cast.session, case.cast.platform.url, "")
    assert (await unchanged(case, nobody.post(arrive)))["status"] == 401
    for scope in ("index:read", "whistle:read"):
        reader = case.cast("department:water", scope)
        said = await unchanged(case, reader.post(arrive))
        assert (said["status"], said["field"]) == (403, "scope")
    for other, status in (("department:transport", 403), ("department:finance", 404)):
        assert (await unchanged(case, case.cast(other).post(arrive)))["status"] == status
    stranger = case.cast("street:taihe")
    assert (await refused(stranger.get(case.path))).status == 404


async def test_W_05_a_second_arrival_and_a_second_result_are_refused(case: Case) -> None:
    water = case.cast("department:water")
    await water.post(f"{case.path}/units/water/arrive")
    said = await unchanged(case, water.post(f"{case.path}/units/water/arrive"))
    assert (said["rule"], said["clause"], said["source"]) == ("W-05", None, "platform")
    result = {"outcome": "resolved", "summary": "已封堵"}
    await water.post(f"{case.path}/units/water/result", result)
    said = await unchanged(case, water.post(f"{case.path}/units/water/result", result))
    assert said["rule"] == "W-05"


async def test_the_same_request_with_its_key_is_answered_again(case: Case) -> None:
    water = case.cast("department:water")
    path = f"{case.path}/units/water/arrive"
    first = await water.post(path, key="arrival-0001")
    await case.cast("department:transport").post(f"{case.path}/units/transport/arrive")
    again = await water.post(path, key="arrival-0001")
    assert again == first
    said = await unchanged(
        case,
        water.post(
            f"{case.path}/units/water/result",
            {"outcome": "resolved", "summary": "好"},
            key="arrival-0001",
        ),
    )
    assert (said["status"], said["type"]) == (422, "/problems/key-reused")


async def test_nobodys_key_is_taken_for_another_callers(cast: Cast) -> None:
    body = {
        "channel": "visit",
        "community": "jiangong",
        "category": "parking",
        "title": "车位",
        "asked": "请办",
    }
    made = []
    for sub, key in (("clerk", "desk:key-0001"), ("clerk:desk", "key-0001")):
        token = keys.token(cast.platform.data, "community:jiangong", sub=sub)
        office = Office(cast.session, cast.platform.url, token)
        made.append((await office.post(PROBLEMS, body, key=key))["id"])
    assert made[0] != made[1]


async def test_a_blow_repeated_with_its_key_finds_the_first_however_late(cast: Cast) -> None:
    community, street = cast("community:guanshangzhongxinqu"), cast("street:guanshang")
    problem = await community.post(PROBLEMS, NOISE)
    await street.step(PROBLEMS, problem["id"], "triage", TRIAGE)
    body = {
        "level": "street",
        "kind": "problem",
        "units": ["ecology_environment"],
        "lead": "ecology_environment",
        "problem": problem["id"],
    }
    first = await street.post(WHISTLES, body, key="blow-000001")
    assert first["correlation"] == problem["correlation"]

    async def followed() -> bool:
        now = await street.get(f"{PROBLEMS}/{problem['id']}")
        return bool(now["state"]["whistles"] == [first["id"]])

    await until(followed)
    assert await street.post(WHISTLES, body, key="blow-000001") == first
    said = await refused(street.post(WHISTLES, body))
    assert said.problem["rule"] == "W-08"


@pytest.mark.parametrize("missing", ["kind", "urgency", "difficulty", "handling"])
async def test_W_01_a_triage_says_kind_urgency_difficulty_and_handling(
    cast: Cast, missing: str
) -> None:
    community, street = cast("community:guanshangzhongxinqu"), cast("street:guanshang")
    problem = await community.post(PROBLEMS, NOISE)
    triage = {
        "kind": "service",
        "urgency": "normal",
        "difficulty": "hard",
        "handling": "joint",
    }
    part = {name: word for name, word in triage.items() if name != missing}
    said = await refused(street.step(PROBLEMS, problem["id"], "triage", part))
    assert (said.status, said.problem["field"]) == (422, f"body.{missing}")
    triaged = await street.step(PROBLEMS, problem["id"], "triage", triage)
    assert triaged["state"]["kind"] == "service"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"arrival": {}}, "arrival"),
        ({"rungs": {"head": 2, "linked_leader": 2, "discipline": 4}}, "rungs"),
        ({"arrival": "soon"}, "arrival"),
        ({"reopening": {"days": "many"}}, "reopening.days"),
        ({"weather": 1}, "weather"),
    ],
)
async def test_a_policy_that_does_not_fit_is_refused_by_its_field(
    cast: Cast, values: dict[str, Any], field: str
) -> None:
    admin = cast("district_admin")
    path = "/api/v1/whistle/policy"
    book = await admin.get(path)
    usual = book["state"]["editions"][-1]["values"]
    put = admin.put(
        path, {"values": {**usual, **values}, "reason": "测试"}, version=book["version"]
    )
    said = await refused(put)
    assert (said.status, said.problem["field"]) == (422, field)
    assert await admin.get(path) == book


async def test_bytes_that_are_no_json_and_paths_that_are_none(cast: Cast) -> None:
    url = cast.platform.url
    centre = cast("command_centre")
    headers = {"Authorization": f"Bearer {centre.token}", "Content-Type": "application/json"}
    for body in (b"{", b"\xff\xfe", b"[]", b'"\\ud800"', b"", b"x" * (1024 * 1024 + 1)):
        async with cast.session.post(
            url + PROBLEMS, data=io.BytesIO(body), headers=headers
        ) as answer:
            assert answer.status in (400, 413, 422)
            assert answer.content_type == "application/problem+json"
    async with cast.session.get(url + "/api/v1/nothing") as answer:
        assert answer.status == 404
        assert answer.content_type == "application/problem+json"
    for path in (f"{WHISTLES}/%00", f"{WHISTLES}/../../etc", f"{WHISTLES}?limit=0"):
        said = await refused(centre.get(path))
        assert said.status in (404, 422)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/v1/whistle/whistles", "stauts"),
        ("/api/v1/housing/communities", "street "),
        ("/api/v1/whistle/rules", "rule"),
        ("/api/v1/events", "since"),
        ("/readyz", "full"),
    ],
)
async def test_a_query_parameter_that_nobody_knows_is_refused(
    cast: Cast, path: str, asked: str
) -> None:
    said = await refused(cast("command_centre").get(path, **{asked: "open"}))
    assert (said.status, said.problem["field"]) == (422, f"query.{asked}")
    assert "可用的有" in said.problem["detail"]


async def test_bad_cursors_are_malformed(cast: Cast) -> None:
    for cursor in ("x", "W10=", "WzEsMl0=", "bnVsbA=="):
        said = await refused(cast("command_centre").get(WHISTLES, cursor=cursor))
        assert (said.status, said.problem["field"]) == (422, "cursor")


@pytest.mark.parametrize("value", ['["\\ud800", "a"]', f'[{10**30}, "a"]', '["a", "\\ud800"]'])
async def test_what_no_store_can_hold_is_malformed_and_no_fault(cast: Cast, value: str) -> None:
    cursor = base64.urlsafe_b64encode(value.encode()).decode()
    said = await refused(cast("command_centre").get(WHISTLES, cursor=cursor))
    assert (said.status, said.problem["type"]) == (422, "/problems/malformed")


async def test_a_year_beyond_all_years_is_malformed(cast: Cast) -> None:
    path = "/api/v1/whistle/standings/street:guanshang"
    said = await refused(cast("command_centre").get(path, year=10**30))
    assert said.status == 422


@pytest.mark.parametrize(
    "change",
    [
        {"source": "/partners/hotline/" + "a" * 300},
        {"data": {"reported_at": "0001-01-01T00:00:00+08:00"}},
        {"data": {"reported_at": "9999-12-31T23:59:59-12:00"}},
    ],
)
async def test_a_partners_news_beyond_all_measure_is_malformed(
    cast: Cast, change: dict[str, Any]
) -> None:
    data = {
        "community": "jiangong",
        "category": "other",
        "title": "标题",
        "reported_at": "2026-01-01T00:00:00Z",
    }
    news = {
        "specversion": "1.0",
        "id": "beyond",
        "source": "/partners/hotline",
        "type": "partner.problem_reported.v1",
        **change,
        "data": {**data, **change.get("data", {})},
    }
    said = await refused(cast("partner:hotline").post("/api/v1/partners/events", news))
    assert said.status == 422
