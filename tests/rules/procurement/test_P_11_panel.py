"""P-11, P-23: an odd panel drawn by lot, without interests, across kinds of institution, that anyone may draw again."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.draw_secrets import DrawSecrets
from chassis.http import ReasonIn
from chassis.kernel.draw import sown
from chassis.kernel.errors import Malformed, RuleBroken, Stale, Unavailable
from chassis.keyring import Keyring
from chassis.kind import Changed
from gongzhi import verify_draw
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.contract import Contract
from services.procurement.domain.draw import Candidate, order
from services.procurement.domain.evaluation import Stage, sampled
from services.procurement.domain.evolution import evolve
from services.procurement.domain.expert import (
    Expert,
    ExpertAppointed,
    ExpertEvent,
    ExpertRemoved,
    ExpertStatus,
    Institution,
    nominate,
)
from services.procurement.domain.expert import evolve as evolve_expert
from services.procurement.domain.panel import ExpertRecused, PanelListed, apart
from services.procurement.domain.resettling import Resettled
from services.procurement.main import desk_on
from services.procurement.main import seed as start
from services.procurement.steps import calls, experts
from services.procurement.steps.panels import PanelIn
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given, past
from tests.support.toy import Silent
from tests.support.walks import person

from .calling import AFTER, APPLIED, closed, opened, over
from .cases import (
    BANK,
    COMMITTED,
    GOOD,
    JUNE,
    MARCH,
    POLICY,
    SCHEME,
    SECRET,
    WORK,
    before,
    drawn,
    found,
    listed,
    mid,
    nominated,
    passed,
    signed,
    terminated,
)
from .hearing import profiled

EVALUATION = "官办通〔2019〕77号 附件1"
BANK_CLAUSE = "官办通〔2019〕77号 四.3.3"


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *happened))


def lists(state: Given[Contract], experts: Any = BANK, size: int = 3) -> Decision[Contract]:
    return state.when(
        lambda c: c.list_panel(experts, by="finance", size=size, commitment=COMMITTED, now=MARCH)
    )


def draws(state: Given[Contract], by: str = "discipline", seed: str = "8024-19") -> Any:
    return state.when(lambda c: c.seated().draw(by=by, seed=seed, secret=SECRET, now=MARCH))


def judges(state: Given[Contract], by: str) -> Decision[Contract]:
    return state.when(
        lambda c: c.evaluate(
            by=by, findings=found(Stage.BEFORE, GOOD), policy=POLICY, now=MARCH, work=WORK
        )
    )


# The draw


def test_P_11_the_same_list_and_seed_give_the_same_panel_in_whatever_order() -> None:
    by = sown("8024-19", SECRET)
    expected = order(by, listed.candidates)
    assert order(by, reversed(listed.candidates)) == expected == drawn.drawn
    assert len({order(str(seed), listed.candidates) for seed in range(50)}) > 10


def test_P_23_the_first_ones_come_from_as_many_kinds_of_institution_as_there_are() -> None:
    many = [
        Candidate(code=f"{kind}-{n}", institution=kind) for kind in Institution for n in range(4)
    ]
    for seed in range(200):
        first = order(str(seed), many)[: len(Institution)]
        assert {code.rpartition("-")[0] for code in first} == set(Institution)


def test_P_11_over_ten_thousand_seeds_nobody_is_favoured() -> None:
    """Chi-square of how often each of 18 experts is among the 5 drawn, 17 degrees of freedom, 0.1 %: 40.79."""
    many = [
        Candidate(code=f"{kind}-{n}", institution=kind) for kind in Institution for n in range(3)
    ]
    seeds, size = 10_000, 5
    count = Counter(code for seed in range(seeds) for code in order(f"s{seed}", many)[:size])
    expected = seeds * size / len(many)
    assert len(count) == len(many)
    assert sum((n - expected) ** 2 / expected for n in count.values()) < 40.79


def test_P_11_a_draw_is_drawn_again_from_its_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = given(listed, drawn).state.panel
    assert panel is not None
    file = tmp_path / "draw.json"

    def checked(**changed: Any) -> int:
        file.write_text(json.dumps({**asdict(panel), **changed}), encoding="utf-8")
        return verify_draw.run(file)

    assert checked() == 0
    assert checked(seed="8024-20") == 1
    assert checked(secret="2" * 64, drawn=order(sown("8024-19", "2" * 64), listed.candidates)) == 1
    assert checked(secret=None, drawn=order("8024-19", listed.candidates)) == 1
    assert checked(commitment=None) == 1
    assert checked(drawn=tuple(reversed(panel.drawn))) == 1
    assert checked(candidates=asdict(panel)["candidates"][:-1]) == 1
    for broken in ({"candidates": [{"code": "x"}]}, {"drawn": None}):
        assert checked(**broken) == 2
    file.write_text("没有", encoding="utf-8")
    assert verify_draw.run(file) == 2
    assert verify_draw.run(tmp_path / "none.json") == 2
    assert "一致" in capsys.readouterr().out


def test_P_11_a_draw_from_before_there_were_secrets_is_drawn_again_by_its_seed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "draw.json"
    plain = {"size": 3, "seed": "8024-19", "drawn": order("8024-19", listed.candidates)}
    said = {**plain, "candidates": [asdict(one) for one in listed.candidates]}
    for older in (said, {**said, "commitment": None, "secret": None}):
        file.write_text(json.dumps(older), encoding="utf-8")
        assert verify_draw.run(file) == 0
    uncommitted = given(replace(listed, commitment=None))
    [event] = uncommitted.when(
        lambda c: c.seated().draw(by="discipline", seed="8024-19", secret=None, now=MARCH)
    ).happened
    assert event.drawn == plain["drawn"]


def test_P_11_whoever_knows_the_list_and_tries_seeds_beforehand_learns_nothing_of_the_draw() -> (
    None
):
    """Seeds that put three wanted ones in front by the list alone seat them no oftener than others do."""
    wanted = {"8", "9", "a"}

    def seats(by: str) -> bool:
        return set(order(by, listed.candidates)[:3]) == wanted

    tried = [str(n) for n in range(1_000) if seats(str(n))]
    assert len(tried) > 50
    fell = [
        seed
        for seed in tried
        if set(draws(given(listed), seed=seed).leads_to().state.seated().members) == wanted
    ]
    assert len(fell) < len(tried) / 2


def test_P_11_the_secret_of_a_list_is_told_under_the_key_it_was_made_with_alone() -> None:
    first, other = bytes(range(32)), bytes(range(1, 33))
    committed = DrawSecrets(Keyring([first])).commit("list-2")
    rotated = DrawSecrets(Keyring([first, other]))
    assert committed.keeps(rotated.tell(committed) or "")
    with pytest.raises(Unavailable):
        DrawSecrets(Keyring([other])).tell(committed)


# The list


def test_P_11_the_list_leaves_out_who_works_for_an_interest() -> None:
    lists(given()).then(listed)
    for employer in ("guanshang", "haihua", "tongxin"):
        bank = (*BANK[:-1], replace(BANK[-1], employer=employer))
        [event] = lists(given(), bank).happened
        assert BANK[-1].code not in [one.code for one in event.candidates]
        assert [one.code for one in event.excluded] == [BANK[-1].code]


def test_P_11_the_list_leaves_out_who_works_for_the_community_before_and_after_its_merger() -> None:
    merged = given(Resettled(community="heping", at=MARCH))
    for employer in ("haihua", "heping"):
        bank = (*BANK[:-1], replace(BANK[-1], employer=employer))
        [event] = lists(merged, bank).happened
        assert [one.code for one in event.excluded] == [BANK[-1].code]


def test_P_11_who_supervises_judges_by_no_route() -> None:
    bank = (*BANK, replace(BANK[0], code="x", employer="duxun"))

    def lists_(*supervisor: str) -> PanelListed:
        return given().state.list_panel(
            bank,
            by="finance",
            size=3,
            commitment=COMMITTED,
            now=MARCH,
            interested=supervisor,
        )

    assert [one.code for one in lists_("duxun").excluded] == ["x"]
    assert "x" in [one.code for one in lists_().candidates]
    employers = Given(("inst-7", "duxun"), evolve)
    employers.when(lambda known: apart("duxun", known)).breaks("P-11", field="supervisor")
    apart("duxun", ("inst-7",))


async def test_P_11_of_a_departments_call_who_works_for_its_applicants_streets_is_left_out() -> (
    None
):
    """As its contract's panel will have it: the street where it is delivered."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    await profiled(desk, "haihua", "taihe")
    cause = Cause(actor="platform", now=MARCH)
    bought = replace(opened, purchaser="department:water")
    await desk.calls.once("call-1", [bought, *APPLIED, over], cause)
    streets = replace(nominated, employer="taihe")
    await desk.experts.once("7", [streets, ExpertAppointed(at=MARCH)], cause)
    for code, institution in zip("89a", Institution, strict=False):
        one = replace(nominated, code=code, institution=institution, employer=f"inst-{code}")
        await desk.experts.once(code, [one, ExpertAppointed(at=MARCH)], cause)
    [listing] = (one for one in calls.STEPS if one.name == "list_panel")
    asking = Asking(person("finance"), Cause(actor="finance", now=AFTER))
    path, said = {"id": "call-1"}, (PanelIn(size=3),)
    after, _ = await step_taken.take(listing, desk, asking, path, said)
    assert [one.code for one in after.aggregate.panel.excluded] == ["7"]


def test_P_11_an_office_without_a_code_is_known_by_its_kind() -> None:
    own = past(None, evolve, (replace(signed, purchaser="department:civil"),))
    [event] = lists(own, (*BANK, replace(BANK[0], code="x", employer="civil"))).happened
    assert [one.code for one in event.excluded] == ["x"]


@pytest.mark.parametrize("size", [1, 2, 4, 7])
def test_P_11_a_panel_is_odd_and_there_are_enough(size: int) -> None:
    lists(given(), size=size).breaks("P-11", clause=EVALUATION, field="size")


def test_P_23_only_the_appointed_and_from_two_kinds_of_institution() -> None:
    left = replace(BANK[0], code="gone", status=ExpertStatus.REMOVED)
    new = replace(BANK[0], code="new", status=ExpertStatus.NOMINATED)
    lists(given(), (*BANK, left, new)).then(listed)
    alike = tuple(replace(one, institution=Institution.UNIVERSITY) for one in BANK)
    lists(given(), alike).breaks("P-11", field="size")


def test_P_11_the_list_is_fixed_once_it_is_drawn() -> None:
    lists(given(listed)).then(listed)
    lists(given(listed, drawn)).breaks("P-11")
    lists(given(terminated)).breaks("P-11")


# Drawing and stepping back


def test_P_11_another_office_draws_once_from_a_seed_that_is_said() -> None:
    draws(given(listed)).then(drawn)
    draws(given(listed), by="finance").breaks("P-11")
    draws(given(listed), seed=" ").refused(Malformed, field="seed")
    draws(given(listed, drawn)).breaks("P-11")
    draws(given()).breaks("P-11")


def test_P_11_only_the_drawn_evaluate() -> None:
    state = given(listed, drawn)
    members = state.state.seated().members
    assert len(members) == 3
    for code in drawn.drawn:
        if code in members:
            assert judges(state, f"expert:{code}").happened
        else:
            judges(state, f"expert:{code}").breaks("P-11", clause=EVALUATION)
    judges(state, "district_admin").breaks("P-11")
    judges(given(listed), f"expert:{members[0]}").breaks("P-11")
    judges(given(), f"expert:{members[0]}").breaks("P-11")


def test_P_11_who_steps_back_scores_by_no_route_and_the_next_one_steps_in() -> None:
    state = given(listed, drawn)
    first, *others = state.state.seated().members
    back = ExpertRecused(expert=first, reason="曾任该机构顾问", at=MARCH)
    after = state.when(
        lambda c: c.seated().recuse(expert=first, reason=back.reason, now=MARCH)
    ).then(back)
    assert after.state.seated().members == (*others, drawn.drawn[3])
    judges(after, f"expert:{first}").breaks("P-11")
    after.when(
        lambda c: c.show_scheme(
            by=f"expert:{first}", indicators=SCHEME.indicators, policy=POLICY, now=MARCH
        )
    ).breaks("P-11")
    after.when(lambda c: c.seated().recuse(expert=first, reason="再", now=MARCH)).breaks("P-11")
    state.when(lambda c: c.seated().recuse(expert=first, reason=" ", now=MARCH)).refused(
        Malformed, field="reason"
    )


def test_P_11_with_too_few_left_it_is_listed_again_without_who_stepped_back() -> None:
    gone = [ExpertRecused(expert=code, reason="回避", at=MARCH) for code in drawn.drawn[:3]]
    short = given(listed, drawn, *gone)
    left = short.state.seated().members
    assert len(left) == 2
    judges(short, f"expert:{left[0]}").breaks("P-11")
    fresh = (replace(BANK[0], code="n1"), replace(BANK[1], code="n2"))
    again = lists(short, (*BANK, *fresh)).leads_to()
    panel = again.state.seated()
    assert {one.code for one in panel.excluded} == set(drawn.drawn[:3])
    assert not panel.complete
    redrawn = draws(again).leads_to()
    sits = redrawn.state.seated()
    assert sits.complete and not set(sits.drawn) & set(drawn.drawn[:3])
    less = [ExpertRecused(expert=code, reason="回避", at=MARCH) for code in sits.drawn[:2]]
    third = past(redrawn.state, evolve, less)
    more = (*BANK, *fresh, *(replace(one, code=f"m{one.code}") for one in BANK))
    [event] = lists(third, more).happened
    left_out = {one.code for one in event.excluded}
    assert left_out == {*drawn.drawn[:3], *sits.drawn[:2]}


# The bank


def expert(*happened: Any) -> Given[Expert]:
    return past(None, evolve_expert, happened)


def test_P_23_an_expert_is_nominated_appointed_removed_and_may_come_back() -> None:
    expert().when(lambda known: nominate(known, nominated)).then(nominated)
    blank = replace(nominated, profile=" ")
    expert().when(lambda known: nominate(known, blank)).refused(Malformed, field="profile")
    appointed = ExpertAppointed(at=MARCH)
    removed = ExpertRemoved(reason="调离", at=MARCH)
    sits = expert(nominated).when(lambda e: e.appoint(now=MARCH)).then(appointed)
    sits.when(lambda e: e.appoint(now=MARCH)).breaks("P-23")
    sits.when(lambda e: e.remove(reason=" ", now=MARCH)).refused(Malformed, field="reason")
    gone = sits.when(lambda e: e.remove(reason="调离", now=MARCH)).then(removed)
    gone.when(lambda e: e.remove(reason="调离", now=MARCH)).breaks("P-23")
    gone.when(lambda e: e.appoint(now=MARCH)).then(appointed)


def test_P_23_who_is_not_appointed_is_nominated_anew_as_he_is_now() -> None:
    """P-11 goes by where he works: it could never be put right, nor follow him to another employer."""
    elsewhere = replace(nominated, employer="inst-9", profile="公共管理方向")
    appointed, removed = ExpertAppointed(at=MARCH), ExpertRemoved(reason="调离", at=MARCH)
    sits = expert(nominated, appointed)
    sits.when(lambda known: nominate(known, elsewhere)).breaks(
        "P-23", clause=BANK_CLAUSE, field="code"
    )
    for known in (expert(nominated), expert(nominated, appointed, removed)):
        after = known.when(lambda known: nominate(known, elsewhere)).then(elsewhere).state
        assert (after.employer, after.status) == ("inst-9", ExpertStatus.NOMINATED)
        assert after.removed_why is None


Removing = Callable[..., Awaitable[Changed[Expert, ExpertEvent]]]


@pytest.fixture
async def panels() -> tuple[ProcurementDesk, Removing]:
    """One of the bank who sits on two open calls' and contracts' panels and on others; and who removes it."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    cause = Cause(actor="district_admin", now=MARCH)
    first = drawn.drawn[0]
    await desk.experts.once(
        first, [replace(nominated, code=first), ExpertAppointed(at=MARCH)], cause
    )
    await desk.calls.once("call-1", [opened, *APPLIED, listed, drawn], cause)
    await desk.calls.once("call-2", [opened, *APPLIED, listed, drawn, closed], cause)
    for id, so_far in (("c-1", ()), ("c-2", (before, mid, passed)), ("c-3", (terminated,))):
        await desk.contracts.once(id, [signed, listed, drawn, *so_far], cause)

    async def removes(reason: str, **asked: Any) -> Changed[Expert, ExpertEvent]:
        asking = Asking(person("district_admin"), replace(cause, **asked))
        said = (ReasonIn(reason=reason),)
        gone, _ = await step_taken.take(experts.remove, desk, asking, {"id": first}, said)
        return cast(Changed[Expert, ExpertEvent], gone)

    return desk, removes


async def members(desk: ProcurementDesk) -> list[tuple[str, ...]]:
    calls = [(await desk.calls.get(f"call-{n}")).aggregate.panel for n in (1, 2)]
    contracts = [(await desk.contracts.get(f"c-{n}")).aggregate.panel for n in (1, 2, 3)]
    return [panel.members for panel in (*calls, *contracts) if panel]


WAS = drawn.drawn[:3]
NOW = drawn.drawn[1:4]


async def test_P_23_who_is_removed_sits_on_no_panel_that_still_works(
    panels: tuple[ProcurementDesk, Removing],
) -> None:
    """Nor is it waited for; what it evaluated before stays."""
    desk, removes = panels
    await removes("调离")
    assert await members(desk) == [NOW, WAS, NOW, WAS, WAS]
    with pytest.raises(RuleBroken):
        await removes("再")
    assert await members(desk) == [NOW, WAS, NOW, WAS, WAS]


@pytest.mark.parametrize("over", [(), (terminated,)], ids=["goes on", "ended"])
async def test_P_23_who_is_removed_gives_no_second_score_of_the_last_evaluation_either(
    panels: tuple[ProcurementDesk, Removing], over: tuple[Any, ...]
) -> None:
    """P-16: which may come when all stages are over, and the contract has ended."""
    desk, removes = panels
    id = next(f"s-{n}" for n in range(100) if sampled(f"s-{n}", Stage.FINAL))
    judged = [replace(one, by=f"expert:{WAS[1]}") for one in (before, mid, passed)]
    so_far = (replace(signed, contract=id), listed, drawn, *judged, *over)
    await desk.contracts.once(id, so_far, Cause(actor="x", now=MARCH))
    (await desk.contracts.get(id)).aggregate.may_second(f"expert:{WAS[0]}")
    await removes("调离")
    contract = (await desk.contracts.get(id)).aggregate
    assert contract.panel is not None and contract.panel.members == NOW
    past(contract, evolve, ()).when(lambda c: c.may_second(f"expert:{WAS[0]}")).breaks("P-11")
    contract.may_second(f"expert:{NOW[-1]}")


async def test_P_23_a_removal_that_is_refused_empties_no_seat(
    panels: tuple[ProcurementDesk, Removing],
) -> None:
    desk, removes = panels
    with pytest.raises(Stale):
        await removes("调离", expected=1)
    with pytest.raises(Malformed):
        await removes(" ")
    assert await members(desk) == [WAS, WAS, WAS, WAS, WAS]


async def test_P_23_the_same_removal_again_is_answered_as_it_was(
    panels: tuple[ProcurementDesk, Removing],
) -> None:
    desk, removes = panels
    asked = {"key": "admin k", "fingerprint": "f", "expected": 2}
    first, again = [await removes("调离", **asked) for _ in range(2)]
    assert again.repeated and again.version == first.version
    assert await members(desk) == [NOW, WAS, NOW, WAS, WAS]


def test_P_23_a_list_does_not_say_of_who_was_removed_and_came_back_that_it_stepped_back() -> None:
    gone = given(listed).when(lambda c: c.vacate("7", reason="调离", now=MARCH)).leads_to()
    [event] = lists(gone).happened
    assert [(one.code, one.why) for one in event.excluded] == [("7", "已申请回避或曾移出专家库")]


async def test_P_23_who_was_removed_when_that_emptied_no_seat_leaves_it_at_the_next_start(
    panels: tuple[ProcurementDesk, Removing],
) -> None:
    desk, _ = panels
    cause = Cause(actor="district_admin", now=MARCH)
    await desk.experts.change(WAS[0], lambda one: [one.remove(reason="调离", now=MARCH)], cause)
    assert await members(desk) == [WAS, WAS, WAS, WAS, WAS]
    for _ in range(2):
        await start(desk, JUNE)
        assert await members(desk) == [NOW, WAS, NOW, WAS, WAS]
    [*_, entry] = (await desk.calls.history("call-1"))[1]
    assert entry["data"]["reason"] == "调离"
