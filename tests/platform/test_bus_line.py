"""What the broker is told of deliveries: all that is settled, nothing that isn't, in few words."""

import asyncio
from typing import Any, cast

import pytest
from aiormq import Channel
from hypothesis import given
from hypothesis import strategies as st

from chassis.bus_line import Acks


class Broker:
    """What RabbitMQ makes of acknowledgements: who settles what isn't outstanding loses the channel.

    The way to it takes each word a turn of the loop later, as a queue does that is full.
    """

    def __init__(self, delivered: int) -> None:
        self.outstanding = set(range(1, delivered + 1))
        self.settled: set[int] = set()
        self.words = 0
        self.gone = False

    async def basic_ack(self, tag: int, *, multiple: bool = False, wait: bool = True) -> None:
        if self.gone:
            raise ConnectionError
        await asyncio.sleep(0)
        meant = {one for one in self.outstanding if one <= tag} if multiple else {tag}
        assert tag in self.outstanding, f"{tag} isn't outstanding"
        self.outstanding -= meant
        self.settled |= meant
        self.words += 1

    def give_back(self, tag: int) -> None:
        assert tag in self.outstanding
        self.outstanding.discard(tag)


def acks(broker: Broker, closed: asyncio.Event | None = None) -> Acks:
    return Acks(cast(Channel, cast(Any, broker)), closed or asyncio.Event())


async def test_what_is_settled_in_one_turn_is_told_in_one_word() -> None:
    broker = Broker(40)
    told = acks(broker)

    await asyncio.gather(*map(told.settled, range(1, 41)))

    assert (broker.outstanding, broker.words) == (set(), 1)


async def test_what_is_still_in_work_is_not_told_of_with_what_came_after_it() -> None:
    broker = Broker(6)
    told = acks(broker)

    await asyncio.gather(*map(told.settled, (1, 2, 4, 5)))

    assert (broker.settled, broker.words) == ({1, 2, 4, 5}, 3)
    await asyncio.gather(*map(told.settled, (3, 6)))
    assert (broker.outstanding, broker.words) == (set(), 4)


@pytest.mark.parametrize("later", range(8))
async def test_words_are_said_one_after_the_other(later: int) -> None:
    """The first of them comes while those after it are being told of one by one."""
    broker = Broker(8)
    told = acks(broker)
    telling = asyncio.gather(*map(told.settled, range(2, 7)))
    for _ in range(later):
        await asyncio.sleep(0)

    await asyncio.gather(*map(told.settled, (1, 7, 8)))
    await telling

    assert broker.outstanding == set()


async def test_a_delivery_that_never_came_to_us_is_never_told_of() -> None:
    broker = Broker(6)
    told = acks(broker)

    for tag in (1, 2, 4, 5, 6):
        await told.settled(tag)

    assert broker.outstanding == {3}


async def test_one_given_back_holds_up_no_word_for_all() -> None:
    broker = Broker(6)
    told = acks(broker)
    broker.give_back(1)
    told.given_back(1)

    await asyncio.gather(*map(told.settled, (2, 3, 4, 5, 6)))

    assert (broker.outstanding, broker.words) == (set(), 1)


@given(st.permutations(range(1, 13)), st.sets(st.integers(1, 12)), st.lists(st.integers(1, 4)))
async def test_in_whatever_order_all_that_is_settled_is_told_and_nothing_else(
    order: list[int], back: set[int], turns: list[int]
) -> None:
    broker = Broker(12)
    told = acks(broker)
    left, settled = list(order), set()
    while left:
        together, left = left[: (step := turns.pop() if turns else 1)], left[step:]
        for tag in back & {*together}:
            broker.give_back(tag)
            told.given_back(tag)
        mine = [tag for tag in together if tag not in back]
        await asyncio.gather(*map(told.settled, mine))
        settled |= {*mine}
        assert broker.settled == settled


@pytest.mark.parametrize("gone", ["the channel", "who was telling"])
async def test_a_line_on_which_it_cannot_be_told_ends(gone: str) -> None:
    """Or the broker would wait for a word that never comes, and hand out no more."""
    broker, closed = Broker(2), asyncio.Event()
    told = acks(broker, closed)
    broker.gone = gone == "the channel"
    telling = asyncio.create_task(told.settled(1))
    await asyncio.sleep(0)
    if gone == "who was telling":
        telling.cancel()

    [found] = await asyncio.gather(telling, return_exceptions=True)

    assert isinstance(found, ConnectionError | asyncio.CancelledError)
    assert closed.is_set()
