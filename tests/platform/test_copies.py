"""Local copies: the latest word about each subject wins, and a copy knows whether it is whole."""

from typing import ClassVar

import pytest

from chassis.copies import Copies, Copy
from chassis.kernel.errors import Unavailable, UnknownReference
from chassis.store import Store
from chassis.subscriptions import Heard
from contracts.event import Envelope, Event
from tests.support.stores import store
from tests.support.toy import KEY, NOON, Silent, cause

__all__ = ["store"]


class Labelled(Event):
    type: ClassVar[str] = "toy.labelled.v1"

    label: str
    listed: int | None = None


@pytest.fixture
async def kept(store: Store) -> Copies[Labelled]:
    made = Copies(
        "reader",
        "labels",
        Labelled,
        store,
        KEY,
        Silent(),
        keys=lambda data: {"label": data["label"]},
        indexes=("label",),
    )
    await made.aggregates.prepare()
    return made


async def hear(
    kept: Copies[Labelled], about: str, sequence: int, label: str, listed: int | None = None
) -> None:
    envelope = Envelope(
        id=f"{about}-{sequence}",
        source="/gongzhi/toy",
        type=Labelled.type,
        subject=f"jars/{about}",
        time=NOON,
        sequence=f"{sequence:012d}",
        correlationid=about,
        data={},
    )
    event = Labelled(label=label, listed=listed)
    await kept.hear(Heard(event, envelope, cause(key=f"event:/gongzhi/toy {envelope.id}")))


async def copy(kept: Copies[Labelled], id: str) -> Copy:
    return (await kept.aggregates.get(id)).aggregate


async def test_the_latest_word_wins_in_whatever_order_it_comes(kept: Copies[Labelled]) -> None:
    for sequence in (2, 1, 3, 2):
        await hear(kept, "a", sequence, f"as of {sequence}")
    known = await copy(kept, "a")
    assert (known.sequence, known.heard) == (3, ("a-2", "a-1", "a-3"))
    assert await kept.look("a") == Labelled(label="as of 3")
    assert await kept.find({"label": "as of 3"}) == [Labelled(label="as of 3")]
    assert await kept.find({"label": "as of 2"}) == []
    told = [Labelled(label=f"as of {sequence}") for sequence in (1, 2, 3)]
    assert await kept.told() == {"a": told}


async def test_a_second_word_of_the_same_version_changes_nothing(kept: Copies[Labelled]) -> None:
    """Told in another's name it has an id of its own."""
    await hear(kept, "a", 1, "first")
    known = Labelled(label="second")
    envelope = Envelope(
        id="other",
        source="/partner/x",
        type=Labelled.type,
        subject="jars/a",
        time=NOON,
        sequence="000000000001",
        correlationid="a",
        data={},
    )
    await kept.hear(Heard(known, envelope, cause(key="event:/partner/x other")))
    assert (await copy(kept, "a")).heard == ("a-1", "other")
    assert await kept.look("a") == Labelled(label="first")


async def test_an_unknown_one_is_not_there_yet_until_the_copy_is_whole(
    kept: Copies[Labelled],
) -> None:
    again = "（久等不到时运行 gongzhi catch-up reader）"
    assert await kept.missing() == f"labels: 尚未收到任何登记信息{again}"
    for id, listed, said in (("a", 3, "1 / 3"), ("b", 2, "2 / 3")):
        with pytest.raises(Unavailable):
            await kept.known("c", "jar")
        await hear(kept, id, 1, id, listed)
        assert await kept.missing() == f"labels: 已收到 {said}{again}"
    await hear(kept, "c", 1, "c", 1)
    assert await kept.missing() is None
    assert await kept.known("c", "jar") == Labelled(label="c", listed=1)
    with pytest.raises(UnknownReference) as refusal:
        await kept.known("d", "jar")
    assert refusal.value.field == "jar"
    assert [one.label for one in await kept.every()] == ["a", "b", "c"]


async def test_the_last_one_may_come_while_it_is_looked_for(
    kept: Copies[Labelled], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def whole_by_now() -> None:
        await hear(kept, "a", 1, "first", 1)

    monkeypatch.setattr(kept, "missing", whole_by_now)
    assert await kept.known("a", "jar") == Labelled(label="first", listed=1)
    monkeypatch.undo()
    assert await kept.any({"label": "first"}) and not await kept.any({"label": "second"})


async def test_a_teller_that_does_not_say_how_many_there_are_is_waited_for_by_nobody(
    kept: Copies[Labelled],
) -> None:
    await hear(kept, "a", 1, "a")
    assert await kept.missing() is None
    assert await kept.look("b") is None
