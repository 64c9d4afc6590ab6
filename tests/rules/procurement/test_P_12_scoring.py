"""P-12: scored in secret, each member once, opened when all are in."""

from dataclasses import replace
from typing import Any

from chassis.kernel.errors import Malformed
from services.procurement.domain.call import Call, CallStatus
from services.procurement.domain.call_evolution import evolve
from services.procurement.domain.panel import ExpertRecused
from services.procurement.domain.sheet import review, seated, sheet, to_score
from services.procurement.sealing import Seal
from tests.support.specification import Decision, Given

from .calling import (
    AFTER,
    APPLIED,
    CLOCK,
    FULL,
    SEATED,
    given,
    points,
)

# Scoring


def scores(state: Given[Call], by: str = "expert:7", said: Any = FULL) -> Decision[Call]:
    return state.when(lambda call: call.score(by=by, points=said, box="sealed", now=AFTER))


def test_P_12_each_member_scores_everything_once() -> None:
    state = scores(given(*SEATED)).leads_to()
    scores(state).breaks("P-12")
    scores(state, by="expert:a").breaks("P-11")
    scores(given(*APPLIED)).breaks("P-11")
    back = ExpertRecused(expert="8", reason="回避", at=AFTER)
    scores(given(*SEATED, back), by="expert:8").breaks("P-11")
    assert scores(given(*SEATED, back), by="expert:a").happened
    for wrong in (FULL[:-1], (*FULL, FULL[0]), (*FULL, *points(1, 1, "nobody"))):
        scores(given(*SEATED), said=wrong).refused(Malformed, field="points")
    for off in (-1, 41):
        over = (replace(FULL[0], points=off), *FULL[1:])
        scores(given(*SEATED), said=over).refused(Malformed, field="points")


def test_P_12_nothing_is_opened_before_all_have_scored() -> None:
    state = given(*SEATED)
    opened_boxes = dict.fromkeys(("7", "8", "9"), FULL)
    closing = lambda call: call.close_panel(opened_boxes, AFTER, CLOCK)  # noqa: E731
    for expert in ("7", "8", "9"):
        state.when(closing).breaks("P-12")
        state = scores(state, by=f"expert:{expert}").leads_to()
    closed = state.when(closing).leads_to()
    assert [(one.supplier, one.points) for one in closed.state.ranking] == [
        ("tongxin", 300),
        ("other", 90),
    ]
    closed.when(closing).breaks("P-11")


def test_P_12_a_box_says_nothing_and_only_its_own_key_opens_it() -> None:
    seal = Seal(b"k" * 32)
    box, again = seal.close(FULL), seal.close(FULL)
    assert box != again
    for told_by in ("tongxin", "need"):
        assert told_by not in box
    call = scores(given(*SEATED)).leads_to().state
    [sealed] = call.sealed
    held = replace(call, sealed=(replace(sealed, box=box),))
    assert seal.open(held) == {"7": FULL}
    Given(held, evolve).when(Seal(b"x" * 32).open).breaks("P-12")
    assert "kkk" not in repr(seal)


def test_P_12_a_sheet_says_who_has_scored_and_nothing_of_what_before_it_is_opened() -> None:
    empty = sheet(given(*SEATED).state, "7", {"tongxin": "同心"})
    assert (empty.handed, empty.seats, empty.done) == (0, 3, False)
    assert "同心" in {one.name for one in empty.applicants}
    state = scores(given(*SEATED)).leads_to()
    assert sheet(state.state, "7", {}).done and not sheet(state.state, "8", {}).done
    assert (sheet(state.state, "8", {}).handed, sheet(state.state, "8", {}).ranking) == (1, ())
    assert (
        seated(state.state, "7") and not seated(state.state, "a") and not seated(state.state, None)
    )


def test_P_12_waits_for_those_of_a_whole_panel_who_have_not_scored() -> None:
    assert to_score(given(*APPLIED).state) == ()
    state, panel = given(*SEATED), given(*SEATED).state.panel
    assert panel is not None and to_score(state.state) == panel.members
    one = scores(state).leads_to().state
    assert set(to_score(one)) == set(panel.members) - {"7"}
    assert review(one, "7").done and not review(one, "8").done and review(one, "8").handed == 1
    assert to_score(replace(state.state, status=CallStatus.CANCELLED)) == ()
    few = replace(panel, drawn=("7", "8"))
    assert to_score(replace(state.state, panel=few)) == ()
