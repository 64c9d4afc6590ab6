"""The lists by which the door knows a partner's codes: asked for seldom, in nobody's way where they can't be had."""

from typing import Any

from starlette.types import Receive, Scope, Send

from gateway.codes import AGAIN, NOT_LISTED, NOWHERE, OLD, Codes


class Services:
    """Behind the door: what they show, while they are there."""

    names: tuple[str, ...] = ("housing", "whistle")

    def __init__(self) -> None:
        self.away = False
        self.communities: dict[str, str | None] = {"jiangong": "jinma", "shijicheng": None}
        self.asked: list[str] = []

    async def ask(self, service: str, path: str, within: float) -> tuple[int, Any]:
        self.asked.append(service)
        if self.away:
            return 503, {"troubles": {"reach": "TimeoutError"}}
        if service == "whistle":
            return 200, [{"service_code": "parking"}]
        return 200, [{"code": code, "street": of} for code, of in self.communities.items()]

    async def __call__(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("nobody is led there")

    async def close(self) -> None: ...


async def test_a_list_is_asked_for_when_it_is_old_or_lacks_a_code_and_not_each_time() -> None:
    now, behind = [0.0], Services()
    codes = Codes(behind, lambda: now[0])
    for _ in range(5):
        assert await codes.wrong("community", "jiangong") is None
    assert await codes.wrong("category", "parking") is None
    assert behind.asked == ["housing", "whistle"]
    assert await codes.wrong("community", "nope") is NOT_LISTED
    assert await codes.wrong("community", "shijicheng") is NOWHERE
    assert behind.asked == ["housing", "whistle"]
    behind.communities = {"nope": "jinma"}
    now[0] += AGAIN
    assert await codes.wrong("community", "jiangong") is None
    assert await codes.wrong("community", "nope") is None
    assert await codes.wrong("community", "jiangong") is NOT_LISTED
    behind.communities["jiangong"] = "jinma"
    now[0] += OLD
    assert await codes.wrong("community", "nope") is None
    assert await codes.wrong("community", "jiangong") is None
    assert behind.asked == ["housing", "whistle", "housing", "housing"]


async def test_where_a_list_cannot_be_had_nothing_is_wrong_by_it() -> None:
    now, behind = [0.0], Services()
    codes = Codes(behind, lambda: now[0])
    behind.away = True
    assert await codes.wrong("community", "nope") is None
    behind.away = False
    now[0] += AGAIN
    assert await codes.wrong("community", "nope") is NOT_LISTED
    behind.away = True
    now[0] += AGAIN
    assert await codes.wrong("community", "nope") is None
    assert await codes.wrong("community", "jiangong") is None


async def test_of_a_service_that_is_not_there_no_list_is_known() -> None:
    behind = Services()
    behind.names = ("whistle",)
    assert list(Codes(behind).of) == ["category"]
