"""What is offered is what may be done: for random lives of organisations and the rest, and whoever asks."""

import random
from datetime import timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from chassis.kernel.clock import local_date
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain.complaint import Outcome
from services.organisations.domain.incubation import Used
from services.organisations.domain.kinds import (
    CheckItem,
    CheckResult,
    Ending,
    Ground,
    Item,
    ListKind,
    MatterKind,
    PartyForm,
    Post,
)
from services.organisations.domain.volunteer import Receiver, ServiceKind
from services.organisations.main import desk_on
from services.organisations.steps import (
    complaints,
    contacts,
    draws,
    groups,
    heads,
    incubations,
    listings,
    meetings,
    needs,
    organisations,
    volunteers,
    watching,
)
from services.organisations.steps.people import PersonIn
from services.organisations.steps.places import CommunityIn
from tests.rules.standing_in import Instead
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, everybody

from . import test_O_05_groups as group
from . import test_O_10_draws as draw
from . import test_O_12_complaints as complaint
from . import test_O_14_incubation as incubation
from . import test_O_15_volunteers as volunteer
from . import test_O_16_plans as plans
from .cases import MARCH, WORK, applied, examined, other, registered

PEOPLE = [
    *everybody("guanshang", "haihua", "nuanyang", "civil_affairs", "education"),
]
CAUSE = Cause(actor="platform", now=MARCH)
REASON = ReasonIn(reason="按规定办理。")
PARTY = organisations.PartyIn(form=PartyForm.LIAISON, members=1)
TODAY = local_date(MARCH)
SAID: dict[str, Any] = {
    "supervise": organisations.ApprovalIn(document="教-1", agreed=True),
    "examine": organisations.ExaminationIn(
        items=tuple(Item), heard="居民", departments=("health",), party=PARTY, opinion="合格"
    ),
    "register": organisations.CertificateIn(certificate="证-1", on=TODAY),
    "refuse": organisations.RefusalIn(reason="不符合条件。"),
    "publicise": heads.HeadIn(post=Post.DEPUTY),
    "seat": heads.SeatingIn(party=PARTY),
    "audit": heads.DocumentIn(document="审-1"),
    "account": heads.HeadReportIn(year=2026, text="述职"),
    "record_conduct": heads.ConductIn(seat="f1", what="失信", document="民-1", on=TODAY),
    "name": PersonIn(name="某某（虚构）", number="1"),
    "propose": listings.ListingIn(list=ListKind.ABNORMAL, ground=Ground.FUNDS, findings="账目不清"),
    "answer": listings.AnswerIn(answer="已补正"),
    "report_matter": watching.MatterIn(kind=MatterKind.COUNCIL, what="理事会", on=TODAY),
    "follow": watching.AfterIn(after="已召开"),
    "report_year": watching.YearReportIn(
        year=2026,
        registration="无",
        rating="无",
        enforcement="无",
        activities="助老",
        income=1,
        spending=1,
        donations=0,
        donations_used="无",
    ),
    "check": watching.CheckIn(
        items=tuple(CheckItem), result=CheckResult.PASSED, opinion="合格", party=PARTY
    ),
    "rate": watching.RatingIn(grade=4, evaluator="评估中心", document="评-1", on=TODAY),
    "spot_check": watching.SpotCheckIn(findings="正常", document="抽-1", on=TODAY),
    "end": watching.EndIn(how=Ending.DISSOLVED, document="民决-1", findings="自行终止"),
    "withdraw_end": ReasonIn(reason="选错组织"),
    "liquidate": watching.LiquidationIn(document="清-1", assets_to="转赠", shared_out=False),
    "look": groups.OpinionIn(opinion="合格"),
    "file": groups.NumberIn(number="备-1"),
    "transfer": CommunityIn(community="wula"),
    "rename": groups.RenameIn(name="海华合唱队", reason="同名"),
    "act": groups.ActivityIn(on=TODAY, what="排练", members=20),
    "offer": volunteers.OffersIn(offers=(ServiceKind.ELDERLY,)),
    "redeem": volunteers.RewardIn(reward="training"),
    "confirm": volunteers.ConfirmationIn(paper="单-1"),
    "match": needs.MatchIn(volunteer="v-1"),
    "meet": needs.MetIn(service="s1"),
    "publish": complaints.NoticeIn(notice="予以警告"),
    "use": incubations.UseIn(what=Used.ROOM, on=TODAY),
    "graduate": incubations.GraduationIn(organisation="nuanyang"),
    "keep": contacts.KeptIn(on=TODAY, reached=5, outcome="已联系"),
    "revoke": complaints.RevokedIn(document="复议-1", reason="事实不清"),
    "call_off": ReasonIn(reason="改期"),
    "do": meetings.TaskReportIn(report="已完成"),
    "lift": listings.LiftIn(reason="已改正"),
    "draw": draws.SeedIn(seed="20260302"),
}


def said(step: AnyStep, chance: random.Random) -> Any:
    match step.operation.removeprefix("organisations."):
        case "volunteers.record_service":
            begins = MARCH - timedelta(hours=chance.randrange(1, 2000))
            receiver = chance.choice([Receiver.COMMUNITY, Receiver.SUPPLIER, Receiver.RESIDENT])
            codes = {Receiver.COMMUNITY: "haihua", Receiver.SUPPLIER: "nuanyang"}
            return volunteers.ServiceIn(
                kind=ServiceKind.ELDERLY,
                begins=begins,
                ends=begins + timedelta(minutes=30),
                receiver=receiver,
                receiver_code=codes.get(receiver),
            )
        case "organisations.change":
            return organisations.RegistrationChangedIn(funds=chance.randrange(9), reason="误录")
        case "volunteers.assess":
            return volunteers.BenefitIn(year=2026, benefit="满意", mark=5)
        case "volunteers.correct_assessment":
            mark = chance.randrange(1, 6)
            return volunteers.BenefitCorrectedIn(
                year=2026, benefit="满意", mark=mark, reason="误录"
            )
        case "incubations.assess":
            return incubations.ProgressIn(mark=chance.randrange(1, 6), text="进展正常")
        case "complaints.decide":
            return complaints.DecisionIn(
                outcome=chance.choice([Outcome.PENALTY, Outcome.UNFOUNDED]),
                document="民罚-1",
                findings="属实",
            )
        case "meetings.decide":
            below = meetings.TaskIn(what="对接", kind="community", code="haihua", by=plans.SOON)
            street = meetings.TaskIn(what="统筹", kind="street", code="guanshang", by=plans.SOON)
            return meetings.MeetingDecisionIn(decision="照办", tasks=(below, street))
    return REASON if step.asks is ReasonIn else SAID[step.name]


async def there(store: MemoryStore) -> OrganisationsDesk:
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    data = {"code": "haihua", "name": "海华", "street": "guanshang", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once("haihua", [told], CAUSE)
    return desk


def walk(
    collection: Any, steps: Any, desk: Any, store: MemoryStore, seed: int, waits: str = ""
) -> Instead:
    """`waits`: the steps that somebody waits for; with a mark those that may be taken when nobody does.

    A street acts for its communities, the district for civil affairs; discipline draws as well.
    """
    names = waits.split()
    return Instead(
        collection,
        steps,
        desk,
        store,
        PEOPLE,
        said,
        random.Random(seed),
        MARCH,
        waited=frozenset(name.rstrip("+") for name in names),
        again=frozenset(name.rstrip("+") for name in names if name.endswith("+")),
        instead=frozenset({"street", "district_admin", "discipline"}),
    )


WAITED = (
    "supervise examine register refuse+ seat name+ audit enter+ lift+ check+ liquidate deregister "
    "follow+ report_year"
)


@pytest.mark.parametrize("seed", range(6))
async def test_O_02_what_is_offered_of_an_organisation_may_be_done_and_nothing_else(
    seed: int,
) -> None:
    store = MemoryStore()
    desk = await there(store)
    begun: Any = [[applied], [other], [applied, examined, registered]][seed % 3]
    await desk.organisations.once("nuanyang", begun, CAUSE)
    steps = (*organisations.STEPS, *heads.STEPS, *listings.STEPS, *watching.STEPS)
    going = walk(organisations.ORGANISATIONS, steps, desk, store, seed, WAITED)
    await going.go("nuanyang", 10)
    assert going.tried > 80 and len(going.taken) > 2


@pytest.mark.parametrize(
    ("collection", "steps", "kept", "id", "begun", "least", "waits"),
    [
        (groups.GROUPS, groups.STEPS, "groups", "g-1", [group.proposed], 1, "look file"),
        (
            volunteers.VOLUNTEERS,
            volunteers.STEPS,
            "volunteers",
            "v-1",
            [volunteer.registered, volunteer.recorded],
            2,
            "confirm",
        ),
        (
            needs.NEEDS,
            needs.STEPS,
            "needs",
            "n-1",
            [volunteer.asked, volunteer.covered],
            1,
            "match meet",
        ),
        (
            complaints.COMPLAINTS,
            complaints.STEPS,
            "complaints",
            "k-1",
            [complaint.taken],
            1,
            "decide publish",
        ),
        (
            incubations.INCUBATIONS,
            incubations.STEPS,
            "incubations",
            "i-1",
            [incubation.entered],
            1,
            "",
        ),
        (contacts.CONTACTS, contacts.STEPS, "contacts", "c-1", [plans.planned], 1, "keep"),
        (meetings.MEETINGS, meetings.STEPS, "meetings", "m-1", [plans.called], 1, "decide do"),
        (draws.DRAWS, draws.STEPS, "draws", "d-1", [draw.listed], 1, "draw"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
async def test_O_15_what_is_offered_of_the_rest_may_be_done_and_nothing_else(
    seed: int,
    collection: Any,
    steps: Any,
    kept: str,
    id: str,
    begun: Any,
    least: int,
    waits: str,
) -> None:
    store = MemoryStore()
    desk = await there(store)
    await desk.organisations.once("nuanyang", [applied, examined, registered], CAUSE)
    if kept != "volunteers":
        await desk.volunteers.once("v-1", [volunteer.registered], CAUSE)
        await desk.volunteers.once("v-2", [volunteer.registered], CAUSE)
    await getattr(desk, kept).once(id, begun, CAUSE)
    await desk.sealed.keeping(id, "reporter", {"text": "收费"}, CAUSE)()
    going = walk(collection, steps, desk, store, seed, waits)
    await going.go(id, 8)
    assert going.tried > 10 and len(going.taken) >= least
