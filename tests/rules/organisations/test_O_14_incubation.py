"""O-14: incubation: entry, what is given free, progress, and how it goes out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.organisations.domain import incubation as incubations
from services.organisations.domain.incubation import (
    Incubation,
    IncubationEntered,
    IncubationGraduated,
    IncubationStopped,
    ProgressAssessed,
    ServiceUsed,
    Tier,
    Used,
    evolve,
)
from tests.support.specification import Given, past

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
entered = IncubationEntered(
    id="i-1",
    tier=Tier.STATION,
    street="guanshang",
    community="haihua",
    called="晨曦互助社（虚构）",
    plan="一年内备案",
    at=NOW,
)
used = ServiceUsed(what=Used.ROOM, on=TODAY, note="每周一次")
assessed = ProgressAssessed(on=TODAY, mark=3, text="活动稳定")
graduated = IncubationGraduated(group="g-1", at=NOW)
stopped = IncubationStopped(reason="人员离散", at=NOW)


def given(*happened: Any) -> Given[Incubation]:
    return past(None, evolve, (entered, *happened))


def use(charged: bool = False, on: date = TODAY) -> Any:
    return lambda i: incubations.use(
        i, what=Used.ROOM, on=on, note="每周一次", charged=charged, now=NOW
    )


def graduate(since: date | None = TODAY, *, taken: bool = False, **became: Any) -> Any:
    asked = {"organisation": None, "group": "g-1", **became}
    return lambda i: incubations.graduate(i, **asked, since=since, taken=taken, now=NOW)


@pytest.mark.parametrize("field", ["called", "plan"])
def test_O_14_it_enters_with_a_plan(field: str) -> None:
    blank: Any = {field: " "}
    bare = IncubationEntered(**{name: getattr(entered, name) for name in entered.__slots__} | blank)
    given().when(lambda _: incubations.enter(bare)).breaks("O-14", field=field)
    assert incubations.enter(entered) == entered


def test_O_14_what_is_used_is_free() -> None:
    given().when(use()).then(used)
    given().when(use(charged=True)).breaks(
        "O-14", clause="官办通〔2017〕51号 三（二）1", field="charged"
    )
    given().when(use(on=TODAY + timedelta(days=1))).refused(Malformed, field="on")
    given().when(use(on=TODAY - timedelta(days=1))).refused(Malformed, field="on")
    given(stopped).when(use()).breaks("O-14")


def test_O_14_it_goes_out_by_success() -> None:
    def assess(mark: int, text: str = "活动稳定") -> Any:
        return lambda i: incubations.assess(i, mark=mark, text=text, now=NOW)

    given().when(graduate()).breaks("O-14")
    given().when(assess(3, " ")).breaks("O-14", field="text")
    poor = given().when(assess(2)).leads_to()
    poor.when(graduate()).breaks("O-14")
    good = poor.when(assess(3)).then(assessed)
    good.when(graduate(None)).breaks("O-14", field="group")
    nothing: Any = {"organisation": "nuanyang", "group": None}
    good.when(graduate(None, **nothing)).breaks("O-14", field="organisation")
    good.when(graduate(organisation="nuanyang")).refused(Malformed, field="organisation")
    good.when(graduate(group=None)).refused(Malformed, field="organisation")
    after = good.when(graduate()).then(graduated)
    after.when(graduate()).breaks("O-14")
    after.when(assess(3)).breaks("O-14")


def test_O_14_what_it_becomes_came_to_be_after_it_and_by_no_other() -> None:
    good = given(assessed)
    good.when(graduate(TODAY - timedelta(days=1))).breaks("O-14", field="group")
    good.when(graduate(taken=True)).breaks("O-14", field="group")
    good.when(graduate()).then(graduated)


def test_O_14_or_by_its_end_with_a_reason() -> None:
    given().when(lambda i: incubations.stop(i, reason=" ", now=NOW)).breaks("O-14", field="reason")
    gone = given().when(lambda i: incubations.stop(i, reason="人员离散", now=NOW)).then(stopped)
    gone.when(lambda i: incubations.stop(i, reason="人员离散", now=NOW)).breaks("O-14")
