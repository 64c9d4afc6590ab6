"""The people, numbers and things that happened which the specifications share."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.calendar import NationalCalendar
from chassis.draw_secrets import DrawSecrets
from chassis.kernel.clock import Budget, WorkTime, start
from chassis.kernel.draw import sown
from services.procurement.domain.application import Form
from services.procurement.domain.catalogue import Catalogue, CatalogueStatus
from services.procurement.domain.draw import Candidate, order
from services.procurement.domain.eligibility import Eligibility, OrganisationHeard, ResultHeard
from services.procurement.domain.evaluation import Band, Findings, Parts, Score, Sides, Stage
from services.procurement.domain.events import (
    Assessor,
    ContractEnded,
    ContractFiled,
    ContractSigned,
    EndGround,
    PaymentMissed,
    PaymentOpened,
    PaymentReleased,
    PaymentRenewed,
    PerformanceAccepted,
    ProjectEvaluated,
    RenewalAgreed,
    SchemeAnswered,
    SchemeShown,
    SelfAssessed,
    Terms,
    Way,
    Why,
)
from services.procurement.domain.expert import (
    Expert,
    ExpertNominated,
    ExpertStatus,
    Institution,
    Nomination,
)
from services.procurement.domain.figures import Figures, averaged
from services.procurement.domain.gathered import Gathered, Party
from services.procurement.domain.guide import Counted, Nature, Population, Service
from services.procurement.domain.item import Item, Method, Shares
from services.procurement.domain.panel import PanelDrawn, PanelListed
from services.procurement.domain.payment import Instalment
from services.procurement.domain.plan import (
    Draft,
    Line,
    PlanDrafted,
    PlanExamined,
    PlanPublished,
    PlanReviewed,
    PlanSubmitted,
)
from services.procurement.domain.policy import Bands, ProcurementPolicy
from services.procurement.domain.purchaser import Finding, FindingRecorded, Misconduct
from services.procurement.domain.scheme import Basis, Indicator, PartName, Scheme
from services.procurement.domain.standing import Lost, Standing, standing
from services.procurement.domain.supplier import (
    Bar,
    Fact,
    FactKind,
    Ground,
    Supplier,
    SupplierKind,
    SupplierRegistered,
)
from services.procurement.domain.supplier import evolve as register_supplier
from services.procurement.domain.verdict import JUDGED_AT, Topic, Verdict
from services.procurement.shipped import catalogue as shipped
from services.procurement.shipped import guide

STREET = "street:guanshang"
MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
JUNE = MARCH + timedelta(days=92)
NOVEMBER = MARCH + timedelta(days=260)

WORK = WorkTime(days=NationalCalendar(date(2026, 12, 31)))

POLICY = (
    3,
    ProcurementPolicy(
        parts=Parts(professional=250, output=250, quality=250, management=250),
        bands=Bands(excellent=900, good=750, qualified=600),
        supplier_facts=tuple(FactKind)[:6],
    ),
)

GOOD = Parts(professional=200, output=200, quality=200, management=200)
POOR = Parts(professional=150, output=150, quality=150, management=149)

NEEDED = tuple(FactKind)[:6]
"""What the shipped policy asks a supplier to show."""
FACTS = tuple(Fact(kind=kind, evidence="证-1", on=date(2026, 1, 5)) for kind in NEEDED)
registered = SupplierRegistered(
    code="tongxin",
    name="同心社会工作服务中心",
    kind=SupplierKind.SOCIAL_ORGANISATION,
    facts=FACTS,
    at=MARCH,
)
SUPPLIER = register_supplier(None, registered)

BAR = Bar(
    id="1",
    ground=Ground.FRAUD,
    document="官财决〔2026〕3号",
    findings="虚报服务人次",
    decided_on=date(2026, 3, 1),
    until=date(2029, 3, 1),
)


def told_of(id: str, sequence: int, **how: Any) -> OrganisationHeard:
    """What the register of social organisations told of tongxin."""
    return OrganisationHeard(event=id, sequence=sequence, supplier="tongxin", at=MARCH, **how)


def stands(
    known: Eligibility | None = None,
    project: str = "elderly-care",
    year: int = 2026,
    supplier: Supplier = SUPPLIER,
    on: date = date(2026, 3, 2),
    lost: tuple[Lost, ...] = (),
) -> Standing:
    return standing(supplier, known, project=project, year=year, on=on, needs=NEEDED, lost=lost)


SCHEME = Scheme(
    number=1,
    indicators=tuple(
        Indicator(
            code=part,
            part=part,
            text="指标",
            points=250,
            basis=Basis.OBJECTIVE if part is PartName.OUTPUT else Basis.SUBJECTIVE,
        )
        for part in PartName
    ),
    bands=POLICY[1].bands,
    missed_points=POLICY[1].missed_points,
    policy=3,
    shown_at=MARCH,
)
shown = SchemeShown(scheme=SCHEME)
answered = SchemeAnswered(accepted=True, comment="", at=MARCH)
agreed = RenewalAgreed(at=NOVEMBER)


def scores(parts: Parts) -> tuple[Score, ...]:
    return tuple(
        Score(code=part, points=getattr(parts, part), evidence="台账") for part in PartName
    )


SIDES = Sides(satisfaction=92, targets=100, department="同意", community="居民认可")
ASSESSED = tuple(
    SelfAssessed(stage=stage, by=by, text="按计划实施", at=MARCH)
    for stage in (Stage.MID, Stage.FINAL)
    for by in Assessor
)


def verdicts(stage: Stage) -> tuple[Verdict, ...]:
    """Of a contract that isn't supervised."""
    wanted = JUDGED_AT[stage] - {Topic.SUPERVISOR}
    return tuple(Verdict(topic=one, text="合理") for one in Topic if one in wanted)


GATHERED = Gathered(
    visits=1,
    interviewed=tuple(Party),
    figures=Figures(),
    workers=2,
    averages=averaged(Figures(), 2, 1),
)
"""Nothing done yet, which is as much on average."""


def found(stage: Stage, parts: Parts) -> Findings:
    """As an evaluator says it: the parts before the project, each indicator later."""
    if stage is Stage.BEFORE:
        return Findings(stage=stage, parts=parts, verdicts=verdicts(stage), independent=True)
    return Findings(
        stage=stage,
        scores=scores(parts),
        focus_groups=2,
        sides=SIDES,
        verdicts=verdicts(stage),
        gathered=replace(GATHERED, averages=None),
        independent=True,
    )


GUIDE = guide()
FORM = Form(
    background="老年人多",
    needs="入户调查",
    aims="老有所乐",
    strategy="小组和社区工作",
    indicators="每月四次",
    schedule="按月",
    tracking="按季回访",
    people="社工两名",
    budget="见预算表",
)
SERVICES = tuple(
    Service(code=f"{table}-{item}", nature=Nature.FREE)
    for table, items in ((1, 3), (2, 3), (3, 3), (4, 3), (7, 5))
    for item in range(1, items + 1)
)
POPULATIONS = tuple(Counted(population=one, people=0) for one in Population)
CATALOGUE = Catalogue(year=2016, entries=shipped(), status=CatalogueStatus.PUBLISHED)
ITEM = Item(
    code="i1",
    way=Way.LINKAGE,
    entry="B0101",
    title="长者关怀服务",
    line="services",
    amount=30_000_000,
    method=Method.OPEN_TENDER,
    targets="服务四类人群",
    standard="3A 以上社会组织",
    shares=Shares(personnel=19_500_000, evaluation=1_500_000, supervision=3_000_000),
)
LINE = Line(code="services", amount=30_000_000)
DRAFT = Draft(lines=(LINE,), items=(ITEM,))
drafted = PlanDrafted(plan="p-1", purchaser="street:guanshang", year=2026, draft=DRAFT, at=MARCH)
submitted = PlanSubmitted(at=MARCH)
reviewed = PlanReviewed(agreed=True, opinion="已落实", at=MARCH)
examined = PlanExamined(approved=("i1",), opinion="同意", at=MARCH)
published = PlanPublished(at=MARCH)
finding = FindingRecorded(
    purchaser="street:guanshang",
    finding=Finding(id="1", year=2025, ground=Misconduct.MISUSE, findings="挪用"),
    at=MARCH,
)

BANK = tuple(
    Expert(
        code=code,
        profile="社会工作方向",
        institution=institution,
        employer=f"inst-{code}",
        nomination=Nomination.RECOMMENDED,
        status=ExpertStatus.APPOINTED,
    )
    for code, institution in (
        ("7", Institution.UNIVERSITY),
        ("8", Institution.UNIVERSITY),
        ("9", Institution.LAW_FIRM),
        ("a", Institution.RESEARCH),
        ("b", Institution.SOCIAL_ORGANISATION),
    )
)
COMMITTED = DrawSecrets(bytes(32)).commit("list-1")
SECRET = DrawSecrets(bytes(32)).tell(COMMITTED)
listed = PanelListed(
    by="finance",
    size=3,
    candidates=tuple(Candidate(code=one.code, institution=one.institution) for one in BANK),
    excluded=(),
    commitment=COMMITTED,
    at=MARCH,
)
drawn = PanelDrawn(
    seed="8024-19",
    secret=SECRET,
    drawn=order(sown("8024-19", SECRET), listed.candidates),
    at=MARCH,
)
ready = (
    replace(listed, candidates=listed.candidates[:1], size=1),
    PanelDrawn(seed="1", drawn=("7",), at=MARCH),
    *ASSESSED,
)
"""A panel of expert 7 alone and what community and supplier say, for what isn't about them."""
nominated = ExpertNominated(
    code="7",
    profile="社会工作方向",
    institution=Institution.UNIVERSITY,
    employer="inst-7",
    nomination=Nomination.SELF,
    at=MARCH,
)

signed = ContractSigned(
    contract="c-1",
    supplier="tongxin",
    project="elderly-care",
    title="长者关怀服务",
    year=2026,
    street="guanshang",
    community="haihua",
    amount=30_000_000,
    purchaser="street:guanshang",
    way=Way.LINKAGE,
    at=MARCH,
)
TERMS = Terms(
    scope="社区长者",
    object="关怀服务",
    quantity="每月上门 40 次",
    quality="满意率不低于九成",
    until=date(2027, 3, 1),
    payment="验收后转账",
    duties="按附件执行",
    liability="违约者承担责任",
)
filed = ContractFiled(terms=TERMS, at=MARCH)
first_opened = PaymentOpened(
    instalment=Instalment.FIRST, clock=start(Budget.working_days(15), MARCH, WORK)
)
mid_opened = PaymentOpened(
    instalment=Instalment.MID, clock=start(Budget.working_days(15), JUNE, WORK)
)
final_opened = PaymentOpened(
    instalment=Instalment.FINAL, clock=start(Budget.working_days(15), NOVEMBER, WORK)
)
first_missed = PaymentMissed(
    instalment=Instalment.FIRST, due=datetime(2026, 3, 23, 9, tzinfo=UTC), at=JUNE
)
final_renewed = PaymentRenewed(instalment=Instalment.FINAL, clock=final_opened.clock)
accepted = PerformanceAccepted(passed=True, findings="符合合同标准", at=NOVEMBER)
first_paid = PaymentReleased(
    instalment=Instalment.FIRST,
    amount=18_000_000,
    due=datetime(2026, 3, 23, 9, tzinfo=UTC),
    at=MARCH,
)
mid_paid = PaymentReleased(
    instalment=Instalment.MID, amount=6_000_000, due=mid_opened.clock.due, at=JUNE
)
before = ProjectEvaluated(
    stage=Stage.BEFORE,
    parts=GOOD,
    points=800,
    band=Band.GOOD,
    policy=3,
    by="expert:7",
    verdicts=verdicts(Stage.BEFORE),
    independent=True,
    at=MARCH,
)
mid = ProjectEvaluated(
    stage=Stage.MID,
    parts=GOOD,
    points=800,
    band=Band.GOOD,
    policy=3,
    by="expert:7",
    scores=scores(GOOD),
    focus_groups=2,
    sides=SIDES,
    verdicts=verdicts(Stage.MID),
    gathered=GATHERED,
    independent=True,
    at=JUNE,
)
passed = replace(mid, stage=Stage.FINAL, verdicts=verdicts(Stage.FINAL), at=NOVEMBER)
failed = replace(passed, parts=POOR, points=599, band=Band.UNQUALIFIED, scores=scores(POOR))
ended_unqualified = ContractEnded(why=Why.UNQUALIFIED, at=NOVEMBER)
expired = ContractEnded(why=Why.EXPIRED, at=NOVEMBER)
AGREED = EndGround.AGREED
terminated = ContractEnded(why=Why.TERMINATED, ground=AGREED, reason="街道撤销项目", at=JUNE)


def heard(
    event: str,
    *,
    contract: str = "c-1",
    project: str = "elderly-care",
    year: int = 2026,
    stage: Stage = Stage.FINAL,
    points: int = 599,
    band: Band = Band.UNQUALIFIED,
    at: datetime = NOVEMBER,
) -> ResultHeard:
    return ResultHeard(
        event=event,
        supplier="tongxin",
        contract=contract,
        project=project,
        year=year,
        stage=stage,
        points=points,
        band=band,
        at=at,
    )
