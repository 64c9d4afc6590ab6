"""W-06 for every service whose clocks run: of what happens to a record only what is named here moves one of its
clocks; whatever else is said, seen or entered, however often and in whatever order, moves none. That of whistle is
beside its rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain import following_events as following
from services.consultation.domain import watching
from services.consultation.domain import watching_events as watched
from services.consultation.domain.events import MatterProposed
from services.consultation.domain.evolution import evolve as of_matter
from services.housing.domain import events as agreed
from services.housing.domain.agreement import evolve as of_agreement
from services.mediation.domain import events as disputed
from services.mediation.domain.evolution import evolve as of_case
from services.organisations.domain import events as organised
from services.organisations.domain.evolution import evolve as of_organisation
from services.procurement.domain import events as contracted
from services.procurement.domain import passing, remark
from services.procurement.domain.evolution import evolve as of_contract
from services.procurement.domain.remark import evolve as of_remark

from .consultation import test_documents as matters
from .consultation.test_matter import PASTS
from .consultation.test_renewing import AFTER, BADLY, STARTED
from .housing import test_documents as agreements
from .housing.test_agreement import signed
from .mediation import lives
from .mediation import test_documents as cases
from .mediation.test_clocks import CHARGE, RAISED
from .organisations import test_documents as organisations
from .organisations.cases import on_register
from .organisations.test_O_07_watching import MATTER
from .procurement import test_documents as contracts
from .procurement import test_P_26_remarks as remarks
from .procurement.cases import filed, first_opened
from .procurement.test_P_14_payments import given as contract


@dataclass(frozen=True)
class Running:
    """A record with clocks, and examples of all that may happen to one; `moving` may move them."""

    state: Any
    evolve: Callable[[Any, Any], Any]
    clocks: Callable[[Any], object]
    examples: tuple[Any, ...]
    moving: frozenset[type]

    @property
    def words(self) -> list[Any]:
        return [one for one in self.examples if type(one) not in self.moving]


def each(lives: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(event for life in lives for event in life)


def of(kinds: Iterable[tuple[Any, tuple[Any, ...]]], collection: str) -> tuple[Any, ...]:
    return each(life for kind, life in kinds if kind.collection == collection)


RUNNING = {
    "mediation": Running(
        lives.given((*lives.TAKEN, RAISED, CHARGE)).state,
        of_case,
        lambda case: (case.clocks, case.next_due),
        each(cases.LIVES),
        frozenset(
            {
                disputed.CaseRegistered,
                disputed.ClockStarted,
                disputed.ClockRenewed,
                disputed.DateMissed,
                disputed.ChargeTaken,
                disputed.CommissionReturned,
                disputed.CaseEnded,
                disputed.CaseVoided,
            }
        ),
    ),
    "consultation": Running(
        reduce(of_matter, (*PASTS["handed"], STARTED, replace(BADLY, due=AFTER, days=10)), None),
        of_matter,
        lambda m: (m.awaits, {**watching.unanswered(m)}, watching.next_due(m)),
        each(matters.LIVES),
        frozenset(
            {
                MatterProposed,
                following.ClockStarted,
                following.ClockRenewed,
                following.DateMissed,
                following.MatterClosed,
                following.MatterReopened,
                watched.MatterCorrected,
                watched.MatterInspected,
                watched.AnswerRenewed,
                watched.InspectionAnswered,
            }
        ),
    ),
    "organisations": Running(
        on_register(organised.MatterReported(matter=MATTER)).state,
        of_organisation,
        lambda one: ([matter.clock for matter in one.matters], one.next_due),
        of(organisations.HAPPENED, "organisations"),
        frozenset(
            {
                organised.Applied,
                organised.Examined,
                organised.RegistrationRefused,
                organised.OrganisationEntered,
                organised.MatterReported,
                organised.MatterFollowed,
                organised.MatterMissed,
                organised.ClockRenewed,
                organised.EndBegun,
                organised.EndWithdrawn,
                organised.Liquidated,
                organised.Deregistered,
            }
        ),
    ),
    "procurement": Running(
        contract(filed, first_opened).state,
        of_contract,
        lambda one: (one.claims, one.next_due),
        of(contracts.HAPPENED, "contracts"),
        frozenset(
            {
                contracted.ContractSigned,
                contracted.ContractEnded,
                contracted.PaymentOpened,
                contracted.PaymentMissed,
                contracted.PaymentRenewed,
                contracted.PaymentReleased,
                passing.PassingFound,
                passing.PassingAnswered,
                passing.PassingSettled,
            }
        ),
    ),
    "remarks": Running(
        remarks.given().state,
        of_remark,
        lambda one: one.clock,
        of(contracts.HAPPENED, "remarks"),
        frozenset({remark.Remarked, remark.RemarkRenewed}),
    ),
    "housing": Running(
        of_agreement(None, signed),
        of_agreement,
        lambda one: (one.due, one.ends_at),
        agreements.AGREEMENT_EVENTS,
        frozenset(
            {
                agreed.AgreementSigned,
                agreed.AgreementExtended,
                agreed.AgreementOverdue,
                agreed.AgreementFulfilled,
                agreed.AgreementCancelled,
                agreed.AgreementReplaced,
                agreed.PremisesHandedOver,
            }
        ),
    ),
}


@pytest.mark.parametrize("service", RUNNING)
def test_W_06_no_word_alone_moves_a_clock(service: str) -> None:
    """Each once, so that none is left to chance."""
    known = RUNNING[service]
    before = known.clocks(known.state)
    moved = {
        type(one) for one in known.words if known.clocks(known.evolve(known.state, one)) != before
    }
    assert moved == set()


@pytest.mark.parametrize("service", RUNNING)
@given(data=st.data())
def test_W_06_words_move_no_clock(service: str, data: st.DataObject) -> None:
    known = RUNNING[service]
    said = data.draw(st.lists(st.sampled_from(known.words), max_size=8))
    after = reduce(known.evolve, said, known.state)
    assert known.clocks(after) == known.clocks(known.state)


@pytest.mark.parametrize("service", RUNNING)
def test_W_06_what_may_move_one_is_an_event_of_it(service: str) -> None:
    """So that nothing is named that words would pass for."""
    known = RUNNING[service]
    assert known.moving <= {type(one) for one in known.examples} and len(known.words) > 1
