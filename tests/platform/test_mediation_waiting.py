"""What waits of mediation is asked for by whose it is, and what is late comes first."""

from datetime import timedelta

from tests.support.consultation import Desk, until

from .test_mediation_service import (
    CASES,
    COMMUNITY,
    DISTRICT,
    OTHER,
    STABILITY,
    STREET,
    desk,
    made,
    step,
)

__all__ = ["desk"]


async def test_M_03_another_street_s_case_waits_for_who_has_it_and_its_lateness_is_nobody_else_s(
    desk: Desk,
) -> None:
    case, why = await made(desk, to=OTHER), {"reason": "属和平路社区。"}
    assert [one for one, _ in await waiting(desk, OTHER)] == [case]
    await step(desk, case, "whose", OTHER, {"to": "department:health", **why})
    assert await waiting(desk, OTHER) == []
    desk.clock.ahead = timedelta(days=20)

    async def missed() -> bool:
        _, now = await desk.ask("GET", f"{CASES}/{case}", STREET)
        return bool(now["state"].get("missed"))

    await until(missed)
    for office, sees in ((OTHER, False), (STREET, True), (COMMUNITY, True), (DISTRICT, True)):
        _, now = await desk.ask("GET", f"{CASES}/{case}", office)
        assert (now["due"] is not None) is sees, office
    other = await made(desk, to="community:hepinglu")
    assert [one for one, _ in await waiting(desk, "community:hepinglu")] == [other]
    assert await waiting(desk, OTHER) == [] and await waiting(desk, COMMUNITY) == []


async def waiting(desk: Desk, office: str) -> list[tuple[str, str | None]]:
    """What waits for it, by its date."""
    _, page = await desk.ask("GET", f"{CASES}?waiting=me&sort=due", office)
    return [(one["id"], one["due"]) for one in page["items"]]


async def test_M_03_what_is_late_comes_first_of_what_waits_for_whose_it_is(desk: Desk) -> None:
    late = await made(desk)
    sent = await made(desk, to="department:health")
    [(found, due)] = await waiting(desk, COMMUNITY)
    assert found == late and [one for one, _ in await waiting(desk, "department:health")] == [sent]
    for stands_in in (STREET, DISTRICT, STABILITY):
        assert await waiting(desk, stands_in) == []
    desk.clock.ahead = timedelta(days=20)

    async def missed() -> bool:
        _, page = await desk.ask("GET", f"{CASES}?late=true", STREET)
        return len(page["items"]) == 2

    await until(missed)
    fresh = await made(desk)
    assert [one for one, _ in await waiting(desk, COMMUNITY)] == [late, fresh]
    assert (await waiting(desk, COMMUNITY))[0][1] == due
    await step(desk, late, "raise", STREET, {"risk": "mass_incident", "reason": "有人扬言。"})
    assert [one for one, _ in await waiting(desk, STREET)] == [late]
    assert [one for one, _ in await waiting(desk, STABILITY)] == [late]
