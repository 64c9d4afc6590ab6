"""What a community has become, by a service's copy of the register."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from chassis.copies import Copies
from chassis.places import settled


class Register:
    """Of each code its street and what it became."""

    def __init__(self, **became: tuple[str | None, str | None]) -> None:
        self._became = became

    async def look(self, code: str) -> Any:
        if code not in self._became:
            return None
        street, into = self._became[code]
        return SimpleNamespace(street=street, became=into)


@pytest.mark.parametrize(
    ("register", "found"),
    [
        (Register(a=("taihe", None)), ("a", "taihe")),
        (Register(a=("taihe", "b"), b=("wujing", "c"), c=("jinma", None)), ("c", "jinma")),
        (Register(a=("taihe", "b")), ("b", "taihe")),
        (Register(a=(None, None)), None),
        (Register(), None),
    ],
)
async def test_mergers_are_followed_one_after_the_other(
    register: Register, found: tuple[str, str] | None
) -> None:
    assert await settled(cast(Copies[Any], register), "a") == found


async def test_a_register_that_goes_in_a_circle_holds_nobody_up() -> None:
    register = Register(a=("taihe", "b"), b=("wujing", "a"))
    assert await settled(cast(Copies[Any], register), "a") == ("b", "wujing")
