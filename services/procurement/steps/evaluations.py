"""How a contract is evaluated: its scheme, what its parties say themselves, its three stages, a second score."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.steps import Part
from chassis.words import Flag, Long, Passage, Short, Whole
from contracts.event import Code
from services.procurement.access import ENTRUSTED, EXPERT, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import SCALE, Findings, Parts, Score, Sides, Stage
from services.procurement.domain.events import Assessor, ContractEvent
from services.procurement.domain.figures import Figures
from services.procurement.domain.gathered import Gathered, Party
from services.procurement.domain.scheme import Basis, Indicator, PartName
from services.procurement.domain.verdict import Topic, Verdict

from .contracts import CONTRACTS, Known, independent
from .supervisions import FiguresIn

Points = Annotated[Whole, Field(ge=0, le=SCALE)]
MOST_INDICATORS = 100


class PartsIn(Asked):
    professional: Points
    output: Points
    quality: Points
    management: Points


class ScoreIn(Asked):
    """One indicator of the scheme: its points, and the papers they rest on."""

    code: Code
    points: Points
    evidence: Short


Percent = Annotated[Whole, Field(ge=0, le=100)]


class SidesIn(Asked):
    """Per cent of residents satisfied and of targets met; what the department and the community say."""

    satisfaction: Percent
    targets: Percent
    department: Long
    community: Long = ""


class VerdictIn(Asked):
    """What an evaluation says of one topic of its stage."""

    topic: Topic
    text: Passage


class GatheredIn(Asked):
    """Visits, who was interviewed, and the figures so far, with how many social workers; `reason` where a figure is
    lower than in the evaluation before."""

    visits: Annotated[Whole, Field(ge=0, le=1000)]
    interviewed: Annotated[tuple[Party, ...], Field(max_length=len(Party))]
    figures: FiguresIn
    workers: Annotated[Whole, Field(ge=1, le=1000)]
    reason: Long = ""

    def gathered(self) -> Gathered:
        said = self.model_dump(exclude={"figures"})
        return Gathered(**said, figures=Figures(**self.figures.model_dump()))


class EvaluationIn(Asked):
    """Before the project its four parts; at mid-term and in the end every indicator of the scheme, and what was
    `gathered`. `verdicts` are the topics of the stage; a second score says none. `independent` declares that who
    evaluates has no interest in the project."""

    stage: Stage
    parts: PartsIn | None = None
    scores: Annotated[tuple[ScoreIn, ...], Field(max_length=MOST_INDICATORS)] = ()
    focus_groups: Annotated[Whole, Field(ge=0, le=1000)] = 0
    sides: SidesIn | None = None
    supervision: Long = ""
    verdicts: Annotated[tuple[VerdictIn, ...], Field(max_length=len(Topic))] = ()
    gathered: GatheredIn | None = None
    independent: Flag = False

    def findings(self) -> Findings:
        return Findings(
            stage=self.stage,
            parts=Parts(**self.parts.model_dump()) if self.parts else None,
            scores=tuple(Score(**one.model_dump()) for one in self.scores),
            focus_groups=self.focus_groups,
            sides=Sides(**self.sides.model_dump()) if self.sides else None,
            supervision=self.supervision,
            verdicts=tuple(Verdict(**one.model_dump()) for one in self.verdicts),
            gathered=self.gathered.gathered() if self.gathered else None,
            independent=self.independent,
        )


async def learn_missed(desk: ProcurementDesk, at: At[Known], _: Any) -> Known:
    supervised = await desk.supervisions.look(at.id) is not None
    missed = await desk.missed_in(at.id, at.now)
    return replace(at.known, missed=missed, supervised=supervised)


class IndicatorIn(Asked):
    """One item of a part; `points` are its most."""

    code: Code
    part: PartName
    text: Long
    points: Annotated[Whole, Field(gt=0, le=SCALE)]
    basis: Basis


class SchemeIn(Asked):
    """Each part adds up to its maximum, all of them to 1000."""

    indicators: Annotated[tuple[IndicatorIn, ...], Field(min_length=1, max_length=MOST_INDICATORS)]


@CONTRACTS.step(
    "出示评估方案",
    "/contracts/{id}/scheme",
    name="show_scheme",
    who=EXPERT,
    rules="P-11 P-16 P-20",
    part=Part(whose=independent),
    opens=lambda c, at: c.may_show_scheme(at.by),
    versioned=None,
)
def show_scheme(c: Contract, at: At[Known], body: SchemeIn) -> ContractEvent:
    """An evaluator comes from outside and needn't know the version: the supplier answers the last one."""
    indicators = tuple(Indicator(**one.model_dump()) for one in body.indicators)
    return c.show_scheme(by=at.by, indicators=indicators, policy=at.known.policy, now=at.now)


class SchemeAnswerIn(Asked):
    """What it says of the scheme; has to be said where it isn't accepted."""

    accepted: Flag
    comment: Long = ""


@CONTRACTS.step(
    "答复评估方案",
    "/contracts/{id}/scheme/answer",
    who=SUPPLIERS,
    rules="P-20",
    opens=lambda c, _: c.may_answer_scheme(),
)
def answer_scheme(c: Contract, at: At[Known], body: SchemeAnswerIn) -> ContractEvent:
    return c.answer_scheme(accepted=body.accepted, comment=body.comment, now=at.now)


@CONTRACTS.step(
    "评估",
    "/contracts/{id}/evaluations",
    who=EXPERT,
    rules="P-07 P-11 P-16 P-20 P-21 P-22 P-26 P-27",
    part=Part(whose=independent),
    opens=lambda c, at: c.may_evaluate(at.by),
    learns=(learn_missed,),
    versioned=None,
)
def evaluate(c: Contract, at: At[Known], body: EvaluationIn) -> tuple[ContractEvent, ...]:
    """An expert comes from outside and needn't know the version: the order of stages guards it."""
    return c.evaluate(
        by=at.by,
        findings=body.findings(),
        policy=at.known.policy,
        now=at.now,
        work=at.known.work,
        missed=at.known.missed,
        supervised=at.known.supervised,
    )


class AssessmentIn(Asked):
    text: Passage


def assessor(at: At[Any]) -> Assessor:
    return Assessor(at.subject.kind)


@CONTRACTS.step(
    "自评",
    "/contracts/{id}/self_assessments",
    name="assess",
    who=SUPPLIERS | ENTRUSTED,
    rules="P-27",
    opens=lambda c, at: c.may_assess(assessor(at)),
    versioned=None,
)
def assess(c: Contract, at: At[Known], body: AssessmentIn) -> ContractEvent:
    """Before the mid-term and the final evaluation, which it applies for; that each assesses once guards it."""
    return c.assess(by=assessor(at), text=body.text, now=at.now)


@CONTRACTS.step(
    "复评",
    "/contracts/{id}/evaluations/second",
    name="second",
    who=EXPERT,
    rules="P-11 P-16",
    part=Part(whose=independent),
    opens=lambda c, at: c.may_second(at.by),
    versioned=None,
)
def second(c: Contract, at: At[Known], body: EvaluationIn) -> ContractEvent:
    return c.second(by=at.by, findings=body.findings(), policy=at.known.policy, now=at.now)


STEPS = (show_scheme, answer_scheme, evaluate, assess, second)
