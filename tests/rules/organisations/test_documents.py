"""What is stored comes back as it was: every event class, every state, and the shipped policy."""

import json
import tomllib
from functools import reduce
from typing import Any

import pytest
from pydantic import TypeAdapter

from chassis.documents import Codec
from chassis.kind import Kind
from services.organisations.domain.complaint import ComplainantForgotten
from services.organisations.domain.counts import CommunityCounted, Figures
from services.organisations.domain.events import (
    AuditMissed,
    ClockRenewed,
    ConductRecorded,
    HeadAudited,
    HeadLeft,
    HeadReported,
    ListingLeft,
    MatterFollowed,
    MatterMissed,
    OrganisationEntered,
    PeopleForgotten,
    PersonRead,
    RatingEnded,
    RegistrationRefused,
    SupervisorSaid,
    YearMissed,
)
from services.organisations.domain.file import News, Note
from services.organisations.domain.kinds import Exclusion, Left, Sector
from services.organisations.domain.kinds import Kind as Form
from services.organisations.domain.parts import Approval, Conduct
from services.organisations.domain.policy import OrganisationsPolicy, check
from services.organisations.domain.resettling import Resettled, Transferred
from services.organisations.domain.volunteer import (
    Assessment,
    BenefitAssessed,
    OffersChanged,
    ServiceKind,
    VolunteerForgotten,
    VolunteerNamed,
    VolunteerRead,
)
from services.organisations.kinds import COUNTS, FILES
from services.organisations.shipped import POLICY
from services.organisations.steps.complaints import COMPLAINTS
from services.organisations.steps.contacts import CONTACTS
from services.organisations.steps.draws import DRAWS
from services.organisations.steps.groups import GROUPS
from services.organisations.steps.incubations import INCUBATIONS
from services.organisations.steps.meetings import MEETINGS
from services.organisations.steps.needs import NEEDS
from services.organisations.steps.organisations import ORGANISATIONS
from services.organisations.steps.volunteers import VOLUNTEERS
from tests.rules.organisations import cases
from tests.rules.organisations import test_O_02_changing as changing
from tests.rules.organisations import test_O_05_groups as groups
from tests.rules.organisations import test_O_06_heads as heads
from tests.rules.organisations import test_O_07_watching as watching
from tests.rules.organisations import test_O_10_draws as draws
from tests.rules.organisations import test_O_10_listing as listings
from tests.rules.organisations import test_O_11_ending as ending
from tests.rules.organisations import test_O_12_complaints as complaints
from tests.rules.organisations import test_O_14_incubation as incubations
from tests.rules.organisations import test_O_15_volunteers as people
from tests.rules.organisations import test_O_16_plans as plans

NOTE = Note(
    event="e-1",
    news=News.EVALUATION,
    at=cases.LATER,
    year=2026,
    project="elderly-care",
    contract="c-1",
    stage="final",
    points=905,
)
ENTERED = OrganisationEntered(
    code="nuanyang",
    name="暖阳",
    kind=Form.ASSOCIATION,
    sector=Sector.OTHER,
    street="guanshang",
    community="haihua",
    supervising="education",
    scope="助学",
    certificate="证-1",
    on=listings.TODAY,
    report_by="06-30",
    at=cases.LATER,
)

RESETTLED = Resettled(before="haihua", community="hepinglu", street="taihe", at=cases.LATER)
TRANSFERRED = Transferred(community="wula", street="guanshang", at=cases.LATER)
COUNTED = CommunityCounted(
    community="haihua",
    street="guanshang",
    figures=Figures(organisations=1, groups=2, volunteers=3, minutes=90),
    at=cases.LATER,
)

HAPPENED: list[tuple[Kind[Any, Any], tuple[Any, ...]]] = [
    (
        ORGANISATIONS.kind,
        (
            cases.applied,
            SupervisorSaid(
                approval=Approval(document="教〔2026〕1号", agreed=True, at=cases.MARCH)
            ),
            cases.examined,
            changing.asked(name="暖阳", approval=changing.PAPER),
            RegistrationRefused(excluded=(Exclusion.CLAN,), reason="宗族类", at=cases.LATER),
            cases.registered,
            heads.publicised,
            heads.named,
            PersonRead(seat="h1", by="department:civil_affairs", reason="核查"),
            heads.seated,
            HeadReported(seat="h1", year=2026, text="述职"),
            HeadLeft(seat="h1", on=listings.TODAY, reason="届满", audit=heads.AUDIT),
            AuditMissed(seat="h1", due=heads.AUDIT.due),
            HeadAudited(seat="h1", document="审-1"),
            PeopleForgotten(seats=("h1",), at=cases.LATER),
            ConductRecorded(
                conduct=Conduct(seat="f1", what="虚假材料", document="民-1", on=listings.TODAY)
            ),
            watching.matter,
            ClockRenewed(about="m1", clock=watching.MATTER.clock),
            MatterMissed(matter="m1", due=watching.MATTER.clock.due),
            MatterFollowed(matter="m1", after="已入账", at=cases.LATER),
            watching.reported,
            watching.checked,
            YearMissed(year=2027, due=cases.LATER),
            watching.rated,
            RatingEnded(on=listings.TODAY),
            watching.SPOT,
            listings.proposed,
            listings.answered,
            listings.entered,
            ListingLeft(
                listing="1",
                left=Left.PUT_RIGHT,
                on=listings.TODAY,
                why="已更新住所",
                at=cases.LATER,
            ),
            ending.begun,
            ending.withdrawn,
            ending.begun,
            ending.liquidated,
            ending.over,
            RESETTLED,
        ),
    ),
    (
        ORGANISATIONS.kind,
        (ENTERED,),
    ),
    (
        GROUPS.kind,
        (
            groups.proposed,
            groups.looked,
            groups.declined,
            groups.filed,
            groups.active,
            groups.renamed,
            groups.lapsed,
            groups.left,
            RESETTLED,
            TRANSFERRED,
        ),
    ),
    (
        VOLUNTEERS.kind,
        (
            people.registered,
            OffersChanged(offers=(ServiceKind.SAFETY,)),
            people.recorded,
            people.confirmed,
            people.drawn,
            people.reversed_,
            people.rejected,
            people.withdrawn,
            BenefitAssessed(
                assessment=Assessment(year=2026, by=people.OWN, benefit="老人满意", mark=5)
            ),
            people.corrected,
            VolunteerNamed(at=cases.LATER),
            VolunteerRead(by=people.OWN, reason="联系"),
            people.left,
            people.returned,
            VolunteerForgotten(at=cases.LATER),
            RESETTLED,
            TRANSFERRED,
        ),
    ),
    (
        NEEDS.kind,
        (
            people.asked,
            people.covered,
            people.uncovered,
            people.restored,
            people.matched,
            people.met,
            people.reopened,
            people.cancelled,
            RESETTLED,
        ),
    ),
    (COUNTS, (COUNTED,)),
    (FILES, (NOTE,)),
    (
        COMPLAINTS.kind,
        (
            complaints.taken,
            complaints.read,
            complaints.decided,
            complaints.published,
            complaints.revoked,
            ComplainantForgotten(at=cases.LATER),
        ),
    ),
    (COMPLAINTS.kind, (complaints.unregistered,)),
    (DRAWS.kind, (draws.listed, draws.drawn)),
    (
        INCUBATIONS.kind,
        (
            incubations.entered,
            incubations.used,
            incubations.assessed,
            incubations.graduated,
            incubations.stopped,
            RESETTLED,
        ),
    ),
    (CONTACTS.kind, (plans.planned, plans.contact_missed, plans.kept, RESETTLED)),
    (
        MEETINGS.kind,
        (plans.called, plans.decided, plans.task_missed, plans.task_done, RESETTLED),
    ),
    (MEETINGS.kind, (plans.called, plans.called_off)),
]


@pytest.mark.parametrize(("kind", "events"), HAPPENED)
def test_events_and_state_come_back(kind: Kind[Any, Any], events: tuple[Any, ...]) -> None:
    codec: Codec[Any, Any] = Codec(kind.state, kind.events)
    for event in events:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
    state = reduce(kind.evolve, events, None)
    assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


@pytest.mark.parametrize("kind", [kind for kind, _ in HAPPENED])
def test_every_event_class_is_tried(kind: Kind[Any, Any]) -> None:
    tried = {type(event) for other, events in HAPPENED if other is kind for event in events}
    assert tried == set(kind.events)


def test_the_shipped_policy_is_the_documented_default() -> None:
    shipped = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    policy = TypeAdapter(OrganisationsPolicy).validate_python(shipped)
    check(policy)
    assert policy == cases.SHIPPED
