"""Every step by its declaration: described, granted to whom it names, and offered to whom it is open."""

from typing import Any

import pytest

from chassis.examples import example
from chassis.identity import BOUND, KINDS
from gongzhi import keys
from gongzhi.office import Refused
from gongzhi.roster import SERVICES
from tests.support.bodies import outfall
from tests.support.platform import Cast

API = "/api/v1"
NOWHERE = "00000000-0000-4000-8000-000000000000"
WHISTLES = f"{API}/whistle/whistles"


async def described(cast: Cast) -> dict[str, Any]:
    async with cast.session.get(cast.platform.url + "/openapi.json") as answer:
        document: dict[str, Any] = await answer.json()
    return document


async def declared(cast: Cast) -> list[dict[str, Any]]:
    """What every service says can be done there."""
    steps: list[dict[str, Any]] = []
    for service in SERVICES:
        found: Any = await cast("resident").get(f"{API}/{service}/steps")
        steps += [{**step, "service": service} for step in found]
    return steps


def pointed(document: dict[str, Any], pointer: str) -> Any:
    """What a JSON pointer of ours leads to."""
    found: Any = document
    for name in pointer.partition("#/")[2].split("/"):
        found = found[name]
    return found


async def test_a_step_is_described_as_it_is_declared(cast: Cast) -> None:
    document, steps = await described(cast), await declared(cast)
    assert len(steps) > 50
    for step in steps:
        operation = document["paths"][step["path"]][step["method"].lower()]
        assert operation["operationId"] == f"{step['service']}.{step['collection']}.{step['name']}"
        assert operation["summary"] == step["title"] and not step["title"].isascii()
        assert operation["x-rules"] == step["rules"]
        assert operation["security"] == [{"bearer": []}]
        assert {"400", "401", "403", "409", "422", "503"} <= set(operation["responses"])
        assert ("428" in operation["responses"]) == step["versioned"]
        if step["schema"]:
            assert pointed(document, step["schema"])["type"] == "object"


async def test_every_rule_a_step_stands_under_is_one_that_its_service_lists(cast: Cast) -> None:
    for service in SERVICES:
        listed: Any = await cast("resident").get(f"{API}/{service}/rules")
        rules = {rule["rule"] for rule in listed}
        for step in await declared(cast):
            if step["service"] == service:
                assert step["rules"] and set(step["rules"]) <= rules, step


async def test_every_operation_has_an_id_of_its_own_and_refuses_with_a_problem(cast: Cast) -> None:
    document = await described(cast)
    operations = [
        (path, operation) for path, item in document["paths"].items() for operation in item.values()
    ]
    ids = [operation["operationId"] for _, operation in operations]
    assert len(set(ids)) == len(ids) > 100
    for path, operation in operations:
        if path.startswith(f"{API}/whistle/open311"):
            continue  # has answers of its own kind
        for status, response in operation["responses"].items():
            if status.isdecimal() and int(status) >= 400:
                [media] = response["content"]
                assert media == "application/problem+json", (path, status)


async def test_a_step_is_for_the_offices_that_it_names_and_for_no_other(cast: Cast) -> None:
    """Of something that isn't there: who takes such a step is told that, or what is wrong; others no more."""
    document = await described(cast)
    tokens = {
        kind: keys.token(cast.platform.data, f"{kind}:nobody" if kind in BOUND else kind)
        for kind in sorted(KINDS - {"partner"})
    }
    tried = 0
    for step in await declared(cast):
        path = step["path"].replace("{month}", "2026-03").replace("{room}", "nowhere~1")
        for part in ("id", "unit", "whistle", "code"):
            path = path.replace(f"{{{part}}}", NOWHERE if part == "id" else "nobody")
        body = example(pointed(document, step["schema"]), document) if step["schema"] else None
        for kind in [*tokens, None]:
            headers = {"If-Match": '"1"'}
            if kind is not None:
                headers["Authorization"] = f"Bearer {tokens[kind]}"
            async with cast.session.request(
                step["method"], cast.platform.url + path, json=body, headers=headers
            ) as answer:
                if kind is None:
                    assert answer.status == 401, step
                elif kind not in step["who"]:
                    assert answer.status in (403, 404, 422), (kind, step, await answer.text())
                    tried += 1
    assert tried > 400


@pytest.fixture
async def whistle(cast: Cast) -> str:
    """Blown by a street, registered and dispatched to water."""
    made = await cast("street:guanshang").post(WHISTLES, outfall("water", "transport"))
    for step in ("register", "dispatch"):
        await cast("command_centre").step(WHISTLES, made["id"], step)
    return f"{WHISTLES}/{made['id']}"


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("department:water", {"arrive", "prove", "extend"}),
        ("department:transport", {"arrive", "prove", "extend"}),
        ("street:guanshang", {"urge"}),
        ("command_centre", {"pause"}),
        ("discipline", set()),
    ],
)
async def test_W_17_each_is_offered_what_is_its_own_to_do_now(
    cast: Cast, whistle: str, who: str, names: set[str]
) -> None:
    shown = await cast(who).get(whistle)
    assert {action["name"] for action in shown["actions"]} == names
    document = await described(cast)
    for action in shown["actions"]:
        assert action["open"] and action["href"].startswith(whistle)
        if action["schema"]:
            assert pointed(document, action["schema"])["type"] == "object"


async def test_W_05_an_action_is_an_address_to_send_to(cast: Cast, whistle: str) -> None:
    water = cast("department:water")
    [arrive] = [one for one in (await water.get(whistle))["actions"] if one["name"] == "arrive"]
    assert (arrive["title"], arrive["method"], arrive["versioned"]) == ("报到", "POST", False)
    after = await water.post(arrive["href"], {})
    assert {"result", "decline"} <= {one["name"] for one in after["actions"]}
    assert "arrive" not in {one["name"] for one in after["actions"]}
    closed = (await water.get(whistle, actions="all"))["actions"]
    [again] = [one for one in closed if one["name"] == "arrive"]
    assert (again["open"], again["rule"]) == (False, "W-05") and "已经报到" in again["detail"]


async def test_W_05_an_action_that_takes_a_file_says_of_which_kinds(
    cast: Cast, whistle: str
) -> None:
    """Without a schema it would look like one that takes nothing."""
    shown = await cast("department:water").get(whistle, actions="all")
    files = {one["name"]: one["media"] for one in shown["actions"] if "media" in one}
    assert files == {"prove": ["image/jpeg", "image/png", "application/pdf"]}
    document = await described(cast)
    model = document["components"]["schemas"]["whistle.Action"]
    always = {"name", "title", "method", "href", "versioned", "schema", "open"}
    assert set(model["required"]) == always
    assert set(model["properties"]) - always == {"media", "detail", "rule", "clause"}


async def test_W_03_what_is_closed_says_which_rule_and_clause_closes_it(
    cast: Cast, whistle: str
) -> None:
    shown = await cast("command_centre").get(whistle, actions="all")
    every = shown["actions"]
    register = next(one for one in every if one["name"] == "register")
    assert (register["open"], register["rule"]) == (False, "W-17")
    assert register["clause"] == "官办通〔2019〕80号 四.1"
    assert {one["name"] for one in every if one["open"]} == {"pause"}
    assert f"不能办理“{register['title']}”" in register["detail"]
    assert not any(letter.isascii() and letter.isalpha() for letter in register["detail"])
    with pytest.raises(Refused) as refused:
        await cast("command_centre").post(register["href"], version=shown["version"])
    assert refused.value.problem["detail"] == register["detail"]


async def test_a_token_that_may_only_read_is_offered_nothing(cast: Cast, whistle: str) -> None:
    token = keys.token(cast.platform.data, "department:water", "whistle:read")
    async with cast.session.get(
        cast.platform.url + whistle, headers={"Authorization": f"Bearer {token}"}
    ) as answer:
        assert (await answer.json())["actions"] == []
