"""Who takes a step on what isn't shown to him is answered with what is his of it, and with nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.at import At
from chassis.kernel.errors import NotFound
from services.organisations.domain.volunteer import ServiceRecorded
from services.organisations.steps.volunteers import VOLUNTEERS, confirm
from tests.rules.organisations.test_O_15_volunteers import SERVICE, registered
from tests.support.organisations import (
    BASE,
    CIVIL,
    CODE,
    ITSELF,
    OFFICE,
    STREET,
    Neighbours,
    alone,
)
from tests.support.toy import cause
from tests.support.walks import person

from .test_organisations_service import STREETS, refused, served, volunteer

__all__ = ["alone"]


async def test_O_15_who_received_a_service_is_answered_with_that_alone(alone: Neighbours) -> None:
    running, path = alone, f"{BASE}/volunteers"
    await running.registered()
    id = await volunteer(running, organisation=CODE, offers=["elderly", "disabled"])
    running.clock.by += timedelta(days=1)
    await served(running, id, 9, 90)
    await running.step(OFFICE, path, id, "service/s1/confirm", {})
    of_civil = {"receiver": "department", "receiver_code": "civil_affairs"}
    await served(running, id, 5, 60, **of_civil)
    assert await refused(running.get(CIVIL, f"{path}/{id}")) == (404, None)

    state = (await running.step(CIVIL, path, id, "service/s2/confirm", {}))["state"]
    assert [one["id"] for one in state["services"]] == ["s2"]
    assert state["services"][0]["confirmed_by"] == CIVIL
    assert (state["entries"], state["assessments"], state["offers"]) == ([], [], [])
    whole = (await running.get(OFFICE, f"{path}/{id}"))["state"]
    assert (len(whole["services"]), len(whole["entries"])) == (2, 2)


async def test_O_17_who_has_something_to_do_is_answered_with_that_alone(alone: Neighbours) -> None:
    running, path = alone, f"{BASE}/meetings"
    await running.registered()
    day = running.clock.day()
    said = {"level": "street", "street": STREET, "on": day, "agenda": ["整改约谈"], "needs": ["n1"]}
    id = (await running.post(STREETS, path, said))["id"]

    def task(what: str, kind: str, code: str) -> dict[str, Any]:
        return {"what": what, "kind": kind, "code": code, "by": day}

    tasks = [
        task("对接", "supplier", CODE),
        task("查处", "department", "civil_affairs"),
        task("汇报", "supplier", CODE),
    ]
    await running.step(STREETS, path, id, "decide", {"decision": "照办", "tasks": tasks})
    assert await refused(running.get(ITSELF, f"{path}/{id}")) == (404, None)

    async def done(who: str, which: str) -> Any:
        return await running.step(who, path, id, f"tasks/{which}/do", {"report": "已办"})

    answer = await done(ITSELF, "t1")
    assert [one["what"] for one in answer["state"]["tasks"]] == ["对接", "汇报"]
    assert {one["href"] for one in answer["actions"]} == {f"{path}/{id}/tasks/t3/do"}
    assert answer["due"] is not None, "of its other one"
    answer = await done(ITSELF, "t3")
    assert answer["due"] is None, "what is still due is another office's"
    state = answer["state"]
    assert (state["agenda"], state["needs"]) == ([], [])
    assert state["decision"] is None
    assert len((await done(CIVIL, "t2"))["state"]["tasks"]) == 3, "a department is shown all of it"


def test_nobody_takes_a_step_where_nothing_says_what_of_it_is_his() -> None:
    """Or its answer would be all of a record that isn't shown to him."""
    service = ServiceRecorded(service=replace(SERVICE, receiver=CIVIL))
    known = VOLUNTEERS.folded([registered, service])
    asking = Asking(person(CIVIL), cause(actor=CIVIL))
    at: At[Any] = At(
        asking=asking, known=None, path={"id": "v-1", "service": "s1"}, who=confirm.who
    )
    step_taken.admit(confirm, known, at)
    with pytest.raises(NotFound):
        step_taken.admit(replace(confirm, on=replace(VOLUNTEERS, own=None)), known, at)
