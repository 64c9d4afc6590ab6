"""What is answered when something can't be done: each type has its page, and English is for who asks for it."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chassis.identity import Unauthenticated
from chassis.kernel.errors import Broken, NotFound, Refusal, Unreadable
from chassis.problem_types import AT, TYPES
from chassis.problems import ELSE, PLAIN, TWICE, document_of
from tests.support.inside import Inside, inside

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HOUSING = "/api/v1/housing"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=("housing",)) as running:
        await running.ready()
        yield running


def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_each_way_of_saying_no_is_explained() -> None:
    said = {one.kind for one in below(Refusal)} | {one[0] for one in (*PLAIN.values(), TWICE, ELSE)}
    assert said == set(TYPES)
    for one in TYPES.values():
        assert CHINESE.search(one.title) and CHINESE.search(one.then)
        assert not CHINESE.search(one.english)
    assert {Broken.kind, Unreadable.kind} == {"unavailable"}


def test_who_is_not_signed_in_and_who_may_not_are_two() -> None:
    document = document_of(Unauthenticated("需要令牌。"))
    assert (document["type"], document["status"]) == ("/problems/unauthenticated", 401)
    assert document_of(NotFound())["type"] == "/problems/not-found"


async def test_the_type_is_the_address_of_what_it_means(here: Inside) -> None:
    for name, one in TYPES.items():
        async with here.session.get(f"{here.url}{AT}/{name}") as answer:
            text = await answer.text()
            assert answer.status == 200 and answer.headers["Content-Security-Policy"]
            assert one.then in text and str(one.status) in text
    async with here.session.get(here.url + AT) as answer:
        text = await answer.text()
        assert all(one.then in text for one in TYPES.values())
    async with here.session.get(f"{here.url}{AT}/nothing") as answer:
        assert answer.status == 404


async def test_it_is_explained_how_a_field_is_named(here: Inside) -> None:
    """In each of the ways that a refusal has, and that a form has to find its field by."""
    async with here.session.get(here.url + AT) as answer:
        text = await answer.text()
    centre = {"Authorization": f"Bearer {here('command_centre').token}"}
    street = {"Authorization": f"Bearer {here('street:guanshang').token}"}
    refused = [
        ("GET", "/communities?limit=0", centre, None, "query.limit"),
        ("POST", "/declarations", street, {}, "body."),
        ("POST", "/declarations/x/withdraw", street, {"reason": "重复"}, "If-Match"),
    ]
    for method, path, headers, said, field in refused:
        url = here.url + HOUSING + path
        async with here.session.request(method, url, headers=headers, json=said) as answer:
            problem = await answer.json()
            assert problem.get("field", "").startswith(field), problem
        assert field in text


ASKED: list[tuple[str, str, dict[str, str], str]] = [
    ("GET", f"{HOUSING}/premises?limit=9999", {}, "malformed"),
    ("GET", f"{HOUSING}/premises?foo=1", {}, "malformed"),
    ("GET", f"{HOUSING}/premises?cursor=x", {}, "malformed"),
    ("PUT", f"{HOUSING}/policy", {"If-Match": "x"}, "malformed"),
    ("PUT", f"{HOUSING}/policy", {}, "precondition-required"),
    ("GET", f"{HOUSING}/premises/nothing", {}, "not-found"),
    ("GET", f"{HOUSING}/nothing", {}, "no-such-address"),
    ("DELETE", f"{HOUSING}/premises", {}, "method-not-allowed"),
    ("GET", f"{HOUSING}/premises", {"Authorization": ""}, "unauthenticated"),
    ("GET", f"{HOUSING}/premises", {"Authorization": "Bearer e30.e30.x"}, "unauthenticated"),
    ("GET", f"{HOUSING}/premises", {"X-Act-As": "finance"}, "not-allowed"),
    ("GET", "/api/v1/events/stream", {"Last-Event-ID": "x"}, "malformed"),
    ("GET", "/api/v1/events?after=999999999", {}, "malformed"),
]


@pytest.mark.parametrize("english", [True, False])
async def test_it_is_said_in_one_language(here: Inside, english: bool) -> None:
    for method, path, headers, kind in ASKED:
        sent = {"Authorization": f"Bearer {here('district_admin').token}", **headers}
        sent |= {"Accept-Language": "en"} if english else {}
        body = {"values": {}, "reason": "演示"} if method == "PUT" else None
        async with here.session.request(method, here.url + path, headers=sent, json=body) as answer:
            problem = await answer.json()
        assert problem["type"] == f"{AT}/{kind}", problem
        for said in (problem["title"], problem["detail"]):
            assert bool(CHINESE.search(said)) != english, said


PACKED = {
    "br, GZIP;q=0.5": True,
    "*": True,
    "gzip;q=0": False,
    "gzip; q=0.000, *": False,
    "identity, *;q=0": False,
    "x-gzipped": False,
}


async def test_the_description_comes_packed_and_once(here: Inside) -> None:
    address, asked = f"{here.url}/openapi.json", {"Accept-Encoding": "gzip"}
    async with here.session.get(address, headers=asked) as answer:
        document, tag = await answer.json(), answer.headers["ETag"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "no-cache"
        packed = int(answer.headers["Content-Length"])
    async with here.session.get(address, headers={"Accept-Encoding": "identity"}) as answer:
        text = await answer.read()
        assert "Content-Encoding" not in answer.headers and answer.headers["ETag"] == tag
        assert packed * 5 < len(text) and "用房".encode() in text and b", " not in text[:40]
    for accepted, packs in PACKED.items():
        async with here.session.get(address, headers={"Accept-Encoding": accepted}) as answer:
            assert ("Content-Encoding" in answer.headers) is packs, accepted
    async with here.session.get(address, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    assert CHINESE.search(document["info"]["description"])
    used = {
        tag for item in document["paths"].values() for one in item.values() for tag in one["tags"]
    }
    assert {one["name"] for one in document["tags"]} == used


async def test_one_service_is_described_by_itself(here: Inside) -> None:
    """To everybody, as the whole is, and with the same names."""
    async with here.session.get(f"{here.url}/openapi.json") as answer:
        whole = await answer.json()
    async with here.session.get(f"{here.url}{HOUSING}/openapi.json") as answer:
        own = await answer.json()
    assert own["paths"] and all(path.startswith(f"{HOUSING}/") for path in own["paths"])
    assert all(whole["paths"][path] == item for path, item in own["paths"].items())
    assert all(name.startswith("housing.") for name in own["components"]["schemas"])
    async with here.session.get(f"{here.url}/api/v1/nothing/openapi.json") as answer:
        assert answer.status == 404
