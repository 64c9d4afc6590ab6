"""A policy is a document of versions: what was decided keeps its numbers, what doesn't fit is refused by its field."""

import codecs
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from chassis.policy import Policies
from chassis.settings import Misconfigured
from chassis.store import Store
from tests.support.stores import store
from tests.support.toy import FULL, KEY, NOON, Silent, cause

__all__ = ["store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    small: int
    large: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    sizes: Sizes
    by_code: dict[str, int]


def not_too_large(sizes: Sizes) -> None:
    if sizes.large > 1000:
        raise RuleBroken(FULL, "太大", field="large")


def policies(store: Store, shipped: Path) -> Policies[Sizes]:
    return Policies("toy", Sizes, shipped, store, KEY, Silent(), check=not_too_large)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text("small = 1\nlarge = 10\n", encoding="utf-8")
    return path


@pytest.fixture
async def kept(store: Store, shipped: Path) -> Policies[Sizes]:
    made = policies(store, shipped)
    await made.aggregates.prepare()
    await made.seed(NOON)
    return made


async def test_what_is_shipped_is_the_first_version_and_only_once(kept: Policies[Sizes]) -> None:
    await kept.seed(NOON + timedelta(days=1))
    assert await kept.current() == (1, Sizes(small=1, large=10))
    [edition] = (await kept.book()).aggregate.editions
    assert (edition.number, edition.reason, edition.since) == (1, "平台默认值", NOON)


async def test_a_new_version_is_whole_and_the_earlier_ones_stay(kept: Policies[Sizes]) -> None:
    later = NOON + timedelta(days=1)
    await kept.put({"large": 20}, "不够用", cause(now=later))
    await kept.put({"large": 30, "small": 3}, "仍不够用", cause(now=later))
    assert await kept.current() == (3, Sizes(small=3, large=30))
    assert [await kept.edition(n) for n in (1, 2, 3)] == [
        Sizes(small=1, large=10),
        Sizes(small=1, large=20),
        Sizes(small=3, large=30),
    ]
    editions = (await kept.book()).aggregate.editions
    assert [(one.number, one.reason) for one in editions[1:]] == [(2, "不够用"), (3, "仍不够用")]
    assert (editions[1].values, editions[1].since) == ({"small": 1, "large": 20}, later)
    for at, small, large in ((NOON, 1, 10), (later, 3, 30), (NOON - timedelta(days=1), 1, 10)):
        assert await kept.in_force(at) == Sizes(small=small, large=large)


async def test_of_what_has_been_taken_out_the_last_version_that_had_it_is_found(
    kept: Policies[Sizes],
) -> None:
    assert await kept.last(lambda one: one.large == 10) == Sizes(small=1, large=10)
    for values in ({"large": 20}, {"large": 20, "small": 2}, {"large": 30}):
        await kept.put(values, "不够用", cause(now=NOON + timedelta(days=1)))
    assert await kept.last(lambda one: one.large == 30) == Sizes(small=1, large=30)
    assert await kept.last(lambda one: one.large == 20) == Sizes(small=2, large=20)
    assert await kept.last(lambda one: one.large == 40) is None


async def test_what_does_not_fit_is_refused_by_its_field_and_changes_nothing(
    kept: Policies[Sizes],
) -> None:
    with pytest.raises(Malformed) as unknown:
        await kept.put({"wide": 1, "tall": 1}, "试", cause())
    assert unknown.value.field == "tall"
    with pytest.raises(Malformed) as misfit:
        await kept.put({"large": "many"}, "试", cause())
    assert misfit.value.field == "large"
    with pytest.raises(RuleBroken):
        await kept.put({"large": 1001}, "试", cause())
    assert (await kept.current())[0] == 1


async def test_what_an_older_edition_does_not_know_is_as_shipped(
    kept: Policies[Sizes], store: Store
) -> None:
    """A release that adds a number reads what was adopted before it."""
    document = await store.get("policy", "policy")
    assert document is not None
    [edition] = document["state"]["editions"]
    older = {**edition, "values": {"large": 40}}
    changed = {**document, "state": {"editions": [older]}, "rev": document["rev"] + 1}
    assert await store.replace("policy", changed, document["rev"])
    assert await kept.current() == (1, Sizes(small=1, large=40))


async def test_a_field_is_filled_at_any_depth_but_not_a_table_by_codes(
    store: Store, tmp_path: Path
) -> None:
    shipped = tmp_path / "policy.toml"
    shipped.write_text("[sizes]\nsmall = 1\nlarge = 10\n[by_code]\na = 1\nb = 2\n", "utf-8")
    made = Policies("toy", Rooms, shipped, store, KEY, Silent())
    await made.aggregates.prepare()
    await made.seed(NOON)
    await made.put({"sizes": {"large": 40}, "by_code": {"a": 3}}, "b 不再使用", cause())
    assert await made.current() == (
        2,
        Rooms(sizes=Sizes(small=1, large=40), by_code={"a": 3}),
    )


async def test_a_name_nobody_knows_is_refused_at_any_depth(store: Store, tmp_path: Path) -> None:
    """A misspelt number would be adopted as a version that changes nothing."""
    shipped = tmp_path / "policy.toml"
    shipped.write_text("[sizes]\nsmall = 1\nlarge = 10\n[by_code]\na = 1\n", "utf-8")
    made = Policies("toy", Rooms, shipped, store, KEY, Silent())
    await made.aggregates.prepare()
    await made.seed(NOON)
    with pytest.raises(Malformed) as unknown:
        await made.put({"sizes": {"larg": 40}}, "试", cause())
    assert unknown.value.field == "sizes.larg"
    assert (await made.current())[0] == 1


async def test_what_an_earlier_build_let_stand_is_left_out_when_it_is_sent_back(
    store: Store, tmp_path: Path
) -> None:
    """A form sends the whole latest edition, and shows nothing that isn't known: it couldn't be mended there."""
    shipped = tmp_path / "policy.toml"
    shipped.write_text("[sizes]\nsmall = 1\nlarge = 10\n[by_code]\na = 1\n", "utf-8")
    made = Policies("toy", Rooms, shipped, store, KEY, Silent())
    await made.aggregates.prepare()
    await made.seed(NOON)
    document = await store.get("policy", "policy")
    assert document is not None
    [edition] = document["state"]["editions"]
    stood = {**edition["values"], "sizes": {**edition["values"]["sizes"], "stray": 3}}
    changed = {**document, "state": {"editions": [{**edition, "values": stood}]}}
    assert await store.replace("policy", {**changed, "rev": document["rev"] + 1}, document["rev"])
    sent = {**stood, "sizes": {**stood["sizes"], "large": 40}}
    # Sent twice, as where the answer was lost: it is answered alike.
    once = cause(key="k", fingerprint="f")
    assert (await made.put(sent, "试", once)).version == (await made.put(sent, "试", once)).version
    assert await made.current() == (2, Rooms(sizes=Sizes(small=1, large=40), by_code={"a": 1}))
    with pytest.raises(Malformed) as unknown:
        await made.put({**sent, "sizes": {**sent["sizes"], "larg": 4}}, "试", cause())
    assert unknown.value.field == "sizes.larg"


async def test_a_policy_file_may_come_from_an_editor_of_windows(
    store: Store, shipped: Path
) -> None:
    shipped.write_bytes(codecs.BOM_UTF8 + b"small = 2\r\nlarge = 20\r\n")
    made = policies(store, shipped)
    await made.aggregates.prepare()
    await made.seed(NOON)
    assert await made.current() == (1, Sizes(small=2, large=20))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"small = 1\n", "large：必须填写"),
        (b"small = 1\nlarge = 10\nlarg = 3\n", "没有这一项：larg"),
        (b"small = 'one'\nlarge = 10\n", "small：应为整数"),
        (b"small = -1\nlarge = 10\n", "small：不得为负"),
        (b"small = 1\nlarge = 1001\n", "large：太大"),
        (b"small = 1\nlarge 10\n", "第 2 行第 7 列"),
        (b"small = 1\nlarge = ", "TOML"),
        ("small = 1 # 少\n".encode("gb18030"), "UTF-8"),
        (None, "没有这个文件"),
    ],
)
def test_a_policy_file_that_does_not_fit_ends_the_start_with_file_and_field(
    store: Store, shipped: Path, content: bytes | None, says: str
) -> None:
    shipped.unlink() if content is None else shipped.write_bytes(content)
    with pytest.raises(Misconfigured) as said:
        policies(store, shipped)
    assert str(shipped) in str(said.value) and says in str(said.value)
