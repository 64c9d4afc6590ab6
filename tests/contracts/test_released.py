"""What is released says what the models say, breaks no promise, and is what events look like."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from contracts.called import CALLED
from contracts.event import Envelope, Event
from contracts.published import EVENTS
from gongzhi import schemas
from tests.contracts.examples import AT, EXAMPLES
from tests.support import lanes
from tests.support.compatibility import breaking

ROOT = Path(__file__).parents[2]
EVERY_TYPE = pytest.mark.parametrize("type", EVENTS)

TEXTS = {
    "consultation.matter_referred.v1 title",
    "consultation.need_identified.v1 title",
    "housing.community_profiled.v1 name",
    "housing.community_profiled.v1 street_name",
    "partner.problem_reported.v1 place",
    "partner.problem_reported.v1 title",
    "platform.news_refused.v1 news",
    "whistle.unit_listed.v1 name",
}
"""Words that somebody wrote: a category's, or the name of a place or an office. Think before adding."""

FREE = {
    "organisations.standing_changed.v1 clause",
    "platform.news_refused.v1 why",
    "procurement.eligibility_changed.v1 clause",
    "procurement.purchaser_restricted.v1 clause",
}
"""Words of our own that their models leave open: never from a keyboard."""

PERSONAL = re.compile(
    r"(^|_)(by|actor|person|people|reporter|resident|applicant|contact|phone|mobile|email|address"
    r"|secretary|birth|gender|identity|text|comment|note|detail|description|reason)s?(_|$)"
)


def file(type: str) -> str:
    return f"schemas/{type}.json"


def read(name: str) -> Any:
    return json.loads((schemas.RELEASED / name).read_text(encoding="utf-8"))


def travelling(type: str, data: dict[str, Any]) -> dict[str, Any]:
    """A whole event, as it would be on the wire."""
    return {
        "specversion": "1.0",
        "id": "0b8ff5f1-6e9c-5f0e-8f9f-6f1f9f0f8a11",
        "source": f"/gongzhi/{type.partition('.')[0]}",
        "type": type,
        "subject": "things/1",
        "time": AT,
        "datacontenttype": "application/json",
        "sequence": "000000000001",
        "correlationid": "case-1",
        "data": data,
    }


def leaves(
    schema: dict[str, Any], parts: dict[str, Any], at: str = ""
) -> Iterator[tuple[str, Any]]:
    """Every value an event can carry, with its place."""
    schema = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if schema.get("type") == "object" and "properties" in schema:
        for name, field in schema["properties"].items():
            yield from leaves(field, parts, f"{at}.{name}" if at else name)
    elif schema.get("type") == "array" and "items" in schema:
        yield from leaves(schema["items"], parts, f"{at}[]")
    elif schema.get("type") == "array" and "prefixItems" in schema:
        for one in schema["prefixItems"]:
            yield from leaves(one, parts, f"{at}[]")
    elif "anyOf" in schema:
        for choice in schema["anyOf"]:
            yield from leaves(choice, parts, at)
    else:
        yield at, schema


def carried(type: str) -> list[tuple[str, Any]]:
    written = schemas.schema_of(EVENTS[type])
    return list(leaves(written["properties"]["data"], written.get("$defs", {})))


# What is released


def test_what_is_released_is_what_the_models_say() -> None:
    made = schemas.released()
    found = {
        path.relative_to(schemas.RELEASED).as_posix(): path.read_text(encoding="utf-8")
        for path in schemas.RELEASED.glob("**/*.json")
    }
    differing = sorted(
        name for name in made.keys() | found.keys() if made.get(name) != found.get(name)
    )
    assert not differing, f"contracts/released is behind: run make schemas ({differing})"


@EVERY_TYPE
def test_every_schema_is_one_and_names_its_type(type: str) -> None:
    schema = read(file(type))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:gongzhi:event:{type}"
    assert schema["properties"]["type"]["const"] == type


# What was released before


def git(*asked: str) -> str:
    done = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LookupError(done.stderr.strip().splitlines()[0] if done.stderr else asked[0])
    return done.stdout


def released_at(revision: str) -> dict[str, Any]:
    """Type → its schema there; empty where none was released yet."""
    listed = git("ls-tree", "--name-only", revision, "contracts/released/schemas/").split()
    return {Path(path).stem: json.loads(git("show", f"{revision}:./{path}")) for path in listed}


def revisions() -> list[str]:
    """The last commit, and the last tag before it, which is what partners have."""
    git("rev-parse", "--verify", "HEAD")
    try:
        return ["HEAD", git("describe", "--tags", "--abbrev=0", "HEAD").strip()]
    except LookupError:
        return ["HEAD"]


def test_no_promise_of_an_earlier_release_is_broken() -> None:
    try:
        earlier = {revision: released_at(revision) for revision in revisions()}
        why = "nothing was released before"
    except (LookupError, FileNotFoundError) as reason:
        earlier, why = {}, f"no history at hand ({reason})"
    if not any(earlier.values()):
        lanes.note(f"released contracts: not compared with earlier ones, {why}")
        pytest.skip(why)
    broken = [
        f"{revision} {type} {found}"
        for revision, files in earlier.items()
        for type, schema in files.items()
        for found in differences(type, schema)
    ]
    assert not broken, "a breaking change needs a new version of the type:\n" + "\n".join(broken)


def differences(type: str, schema: dict[str, Any]) -> list[str]:
    if type not in EVENTS:
        return ["is told no more"]
    return breaking(schema, schemas.schema_of(EVENTS[type]))


# Events


def test_every_type_has_an_example_that_shows_every_field() -> None:
    assert sorted(EXAMPLES) == sorted(EVENTS), "tests/contracts/examples.py has one of every type"
    unshown = {
        type: missing
        for type, event in EVENTS.items()
        if (missing := sorted(event.model_fields.keys() - EXAMPLES[type].keys()))
    }
    assert not unshown, "tests/contracts/examples.py shows every field"


@EVERY_TYPE
def test_an_event_is_as_its_released_schema_says_and_reads_back(type: str) -> None:
    validator = Draft202012Validator(read(file(type)))
    for data in (EXAMPLES[type], bare(type)):
        event = EVENTS[type].model_validate(data)
        sent = Envelope.model_validate(travelling(type, written(event)))
        wire = json.loads(sent.wire())
        validator.validate(wire)
        assert EVENTS[type].model_validate(wire["data"]) == event
        assert Envelope.model_validate(wire) == sent
    assert written(EVENTS[type].model_validate(EXAMPLES[type])) == EXAMPLES[type]


def written(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude_none=True)


def bare(type: str) -> dict[str, Any]:
    """The example with nothing but what the released schema requires."""
    required = read(file(type))["properties"]["data"].get("required", [])
    return {name: EXAMPLES[type][name] for name in required}


@EVERY_TYPE
def test_a_field_nobody_knows_yet_is_ignored(type: str) -> None:
    event = EVENTS[type].model_validate(EXAMPLES[type])
    newer = {**EXAMPLES[type], "added_in_2030": {"x": 1}}
    assert EVENTS[type].model_validate(newer) == event
    Draft202012Validator(read(file(type))).validate({**travelling(type, newer), "dataschema": "x"})


DAYS = [
    (type, name)
    for type, example in EXAMPLES.items()
    for name, value in example.items()
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
]


@pytest.mark.parametrize(("type", "name"), DAYS)
def test_a_day_is_one_of_the_calendar_so_that_whoever_hears_it_can_count_with_it(
    type: str, name: str
) -> None:
    for day in ("2026-02-30", "2026-13-45", "0000-01-01", "1899-12-31", "9999-12-31"):
        with pytest.raises(ValidationError) as error:
            EVENTS[type].model_validate({**EXAMPLES[type], name: day})
        assert [one["loc"] for one in error.value.errors()] == [(name,)]


@EVERY_TYPE
def test_the_schema_refuses_another_type_and_a_time_of_another_width(type: str) -> None:
    validator = Draft202012Validator(read(file(type)))
    event = travelling(type, EXAMPLES[type])
    assert validator.is_valid(event)
    assert not validator.is_valid({**event, "type": "whistle.unheard_of.v1"})
    assert not validator.is_valid({**event, "time": "2026-03-02T12:00:00+08:00"})
    assert not validator.is_valid({**event, "sequence": "1"})
    assert not validator.is_valid({key: value for key, value in event.items() if key != "subject"})


# Nothing personal


def test_every_open_text_is_one_we_have_thought_about() -> None:
    closed = {"pattern", "enum", "const", "format"}
    found = {
        f"{type} {at}"
        for type in EVENTS
        for at, schema in carried(type)
        if schema.get("type") == "string" and not closed & schema.keys()
    }
    assert sorted(found - TEXTS - FREE) == [], "give it a pattern or a Literal, or write it down"
    assert sorted((TEXTS | FREE) - found) == [], "written down, but not there: strike it"


@EVERY_TYPE
def test_nothing_is_left_open_and_no_field_is_about_a_person(type: str) -> None:
    for at, schema in carried(type):
        assert schema.get("type") in {"string", "integer", "boolean"}, f"{at} could carry anything"
        assert not PERSONAL.search(at.rpartition(".")[2]), (
            f"{at} sounds like a person or their words"
        )


# AsyncAPI


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = read("asyncapi.json")
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def looked_up(document: Any, reference: str) -> Any:
    name, _, pointer = reference.partition("#")
    found = read(name.removeprefix("./")) if name else document
    for step in pointer.split("/")[1:]:
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def test_the_asyncapi_document_has_what_3_0_asks_for(document: dict[str, Any]) -> None:
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    named = [*document["channels"], *document["components"]["messages"], *document["operations"]]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in named)


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert len(found) >= 4 * len(EVENTS)
    for reference in found:
        assert looked_up(document, reference)


def test_every_type_is_a_channel_and_a_message(document: dict[str, Any]) -> None:
    assert sorted(document["channels"]) == sorted(EVENTS)
    assert sorted(document["components"]["messages"]) == sorted(EVENTS)
    for type, channel in document["channels"].items():
        assert channel["address"] == type
        [message] = channel["messages"].values()
        said = looked_up(document, message["$ref"])
        assert said["contentType"] == "application/cloudevents+json"
        assert looked_up(document, said["payload"]["$ref"])["title"] == type


def test_every_operation_is_of_a_channel_and_its_message(document: dict[str, Any]) -> None:
    for name, operation in document["operations"].items():
        who, action, type = name.split(".", 2)
        assert operation["action"] == action in ("send", "receive")
        assert [tag["name"] for tag in operation["tags"]] == [who]
        assert operation["channel"]["$ref"] == f"#/channels/{type}"
        for message in operation["messages"]:
            assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")


@EVERY_TYPE
def test_every_type_is_told_by_whom_it_names_and_the_journal_hears_it(
    document: dict[str, Any], type: str
) -> None:
    told = {name for name in document["operations"] if name.endswith(f".send.{type}")}
    named = type.partition(".")[0]
    hear_partners = ("gateway", "index", "mediation", "organisations", "procurement", "whistle")
    tellers = {"partner": ("gateway",), "platform": hear_partners}.get(named, (named,))
    assert told == {f"{teller}.send.{type}" for teller in tellers}
    assert f"journal.receive.{type}" in document["operations"]


def test_every_event_is_called_something_that_people_understand() -> None:
    assert set(EVENTS) <= set(CALLED)
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in CALLED.values())
