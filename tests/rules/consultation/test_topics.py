"""C-24: residents propose topics, each answered once, and followed with a code that is kept nowhere."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.consultation import announce
from services.consultation.domain import topic as topics
from services.consultation.domain.events import Ground
from services.consultation.domain.following_events import Came
from services.consultation.domain.topic import (
    Proposal,
    ProposalMediated,
    Proposed,
    TakenUp,
    TurnedDown,
)
from services.consultation.receipts import Receipts
from tests.support.specification import Given, past

AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
PROPOSED = Proposed(
    street="guanshang",
    community="guanshangzhongxinqu",
    title="加装电梯",
    text="老人上下楼不便。",
    receipt="0" * 64,
    at=AT,
)
TAKEN_UP = TakenUp(matter="m-1", at=AT)
TURNED_DOWN = TurnedDown(reason="上级已有部署。", ground=Ground.ORDERED_FROM_ABOVE, at=AT)
MEDIATED = ProposalMediated(how=Came.SETTLED, at=AT)
CLAUSE = "官办通〔2018〕58号 附件1 第10条"


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_proposal_says_something(field: str) -> None:
    here: Given[Proposal | None] = past(None, topics.evolve, [])
    lacking: dict[str, Any] = {field: " "}
    empty = replace(PROPOSED, **lacking)
    here.when(lambda _: topics.propose(empty)).refused(Malformed, field=field)
    here.when(lambda _: topics.propose(PROPOSED)).then(PROPOSED)


def test_C_24_a_proposal_is_taken_up_or_answered_once() -> None:
    here: Given[Proposal] = past(None, topics.evolve, [PROPOSED])
    taken = here.when(lambda p: topics.take_up(p, "m-1", AT)).then(TAKEN_UP)
    taken.when(lambda p: topics.take_up(p, "m-2", AT)).breaks("C-24", clause=CLAUSE)
    here.when(lambda p: topics.turn_down(p, "p-1", " ", None, AT)).breaks(
        "C-24", clause=OURS, field="reason"
    )
    down = here.when(
        lambda p: topics.turn_down(p, "p-1", TURNED_DOWN.reason, TURNED_DOWN.ground, AT)
    ).then(TURNED_DOWN)
    down.when(lambda p: topics.turn_down(p, "p-1", "另有原因。", None, AT)).breaks("C-24")


def test_C_04_a_proposal_that_is_a_dispute_of_two_parties_goes_to_mediation_without_its_words() -> (
    None
):
    here: Given[Proposal] = past(None, topics.evolve, [PROPOSED])
    answered = here.when(
        lambda p: topics.turn_down(p, "p-1", "属两方纠纷。", Ground.TWO_PARTY_DISPUTE, AT)
    )
    [down] = answered.happened
    after = answered.leads_to()
    told = announce.of_proposals(down, after.state)
    assert told is not None and told.model_dump(exclude_none=True) == {
        "street": "guanshang",
        "community": "guanshangzhongxinqu",
        "units": (),
        "matter": "p-1",
        "target": "mediation",
        "category": "dispute",
        "title": "不予受理的两方纠纷",
    }
    for other in (PROPOSED, TAKEN_UP, TURNED_DOWN, replace(down, dispute=None)):
        assert announce.of_proposals(other, after.state) is None
    ended = after.when(lambda p: topics.mediated(p, Came.SETTLED, AT)).then(MEDIATED)
    assert ended.state.mediation == "settled"
    ended.when(lambda p: topics.mediated(p, Came.SETTLED, AT)).then()


def test_a_code_is_the_proposal_s_own_and_its_mark_doesn_t_show_it() -> None:
    receipts, other = Receipts(b"a" * 32), Receipts(b"b" * 32)
    code = receipts.code("p-1")
    assert len(code) == 16 and code.isdecimal()
    assert code == receipts.code("p-1") != receipts.code("p-2")
    assert code != other.code("p-1")
    assert code not in receipts.mark(code)
