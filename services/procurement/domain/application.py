"""An application (申报): a community, an organisation and its social workers together, for one call."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from chassis.kernel.clock import WorkTime, local_date, working_days_after
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.required import required, required_by

from . import guide
from .events import Way
from .guide import Counted, GuideItem, Service
from .hearing import Hearing
from .rules import APPLICATION, HEARING, RULES, TOGETHER, WORKERS

POSTING_DAYS = 5
"""Working days that an application hangs out in its community before it is filed (ours)."""
MOST_CHARACTERS = 16_000
"""Of all that an application says (ours); so that as many as may be filed fit into the record that opens them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """When residents heard it (听证), their representatives decided (代表会议), and it was posted (公示); `matter` is
    the hearing's, in consultation."""

    heard_on: date
    decided_on: date
    posted_on: date
    matter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The parts of the application form (申报书); only `other` may say nothing."""

    background: str
    needs: str
    aims: str
    strategy: str
    indicators: str
    schedule: str
    tracking: str
    people: str
    budget: str
    other: str = ""

    def filled(self) -> None:
        """P-34: RuleBroken where a part says nothing."""
        for part in fields(self):
            if part.name != "other":
                required_by(RULES["P-34"], getattr(self, part.name), part.name, clause=APPLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """What decides between equals, each as it was when it applied (P-09)."""

    social: bool
    workers_share: tuple[int, int]
    """Professional social workers, and all who work on it."""
    outstanding: bool
    clean: bool
    grade: int
    welfare: bool = False
    party: bool = False
    transparent: bool = False


UNKNOWN = Precedence(social=False, workers_share=(0, 1), outstanding=False, clean=False, grade=0)
"""Until its applicant is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`amount` in fen; `workers` of its `staff` are professional social workers."""

    supplier: str
    community: str | None = None
    workers: int
    staff: int
    amount: int
    summary: str
    prepared: Prepared | None = None
    form: Form | None = None
    services: tuple[Service, ...] = ()
    populations: tuple[Counted, ...] = ()
    precedence: Precedence = UNKNOWN
    at: datetime

    @property
    def characters(self) -> int:
        form = [getattr(self.form, part.name) for part in fields(Form)] if self.form else []
        services = [text for one in self.services for text in (one.code, one.content)]
        return sum(map(len, (self.summary, *form, *services)))

    def check(
        self, way: Way, work: WorkTime, known: Iterable[GuideItem], hearing: Hearing | None
    ) -> None:
        """P-10, P-06, P-05: what is true of it by itself; `known` is the service guide, `hearing` the last of its
        project in its community."""
        required(self.summary, "summary")
        if self.characters > MOST_CHARACTERS:
            detail = f"一份申报的摘要、申报书和服务内容合计不超过 {MOST_CHARACTERS} 字，现有 {self.characters} 字。"
            field = "form" if self.form else "services"
            raise RuleBroken(RULES["P-10"], detail, clause=TOGETHER, field=field)
        if self.workers > self.staff:
            raise Malformed("社工人数不得超过项目人数。", field="workers")
        if way is Way.PURCHASE:
            return
        if self.community is None or self.workers < 1:
            detail = "由社区、社会组织和社会工作者联合申报。"
            field = "community" if self.community is None else "workers"
            raise RuleBroken(RULES["P-10"], detail, clause=TOGETHER, field=field)
        if way is Way.LINKAGE:
            self._linkage(work, hearing)
            guide.all_counted(self.populations, known)
            guide.check(self.services, self.populations, known)

    def _linkage(self, work: WorkTime, hearing: Hearing | None) -> None:
        if self.form is None:
            detail = "三社联动项目须填写申报书。"
            raise RuleBroken(RULES["P-34"], detail, clause=APPLICATION, field="form")
        self.form.filled()
        if 3 * self.workers < 2 * self.staff:
            detail = "三社联动项目的专业社工应占三分之二以上。"
            raise RuleBroken(RULES["P-06"], detail, clause=WORKERS, field="workers")
        if self.prepared is None:
            detail = "申报前须经居民听证、居民代表会议审议并张榜公示。"
            raise RuleBroken(RULES["P-10"], detail, clause=HEARING, field="prepared")
        heard, decided, posted = (
            self.prepared.heard_on,
            self.prepared.decided_on,
            self.prepared.posted_on,
        )
        if not heard <= decided <= posted:
            detail = "依次为听证、审议、公示。"
            raise RuleBroken(RULES["P-10"], detail, clause=HEARING, field="prepared")
        _carried(hearing, self.prepared)
        since = datetime(posted.year, posted.month, posted.day, 4, tzinfo=self.at.tzinfo)
        if local_date(self.at) < local_date(working_days_after(since, POSTING_DAYS, work)):
            detail = f"公示满 {POSTING_DAYS} 个工作日后方可申报。"
            raise RuleBroken(RULES["P-10"], detail, clause=HEARING, field="posted_on")


def _carried(hearing: Hearing | None, prepared: Prepared) -> None:
    """P-10 (that it has to be on record in consultation is ours): between the day it was held and the posting."""
    if hearing is None or not hearing.carries:
        detail = "没有收到该项目在该社区的听证结果，或结果不支持实施。"
        raise RuleBroken(RULES["P-10"], detail, clause=HEARING, field="prepared")
    if not prepared.heard_on <= local_date(hearing.at) <= prepared.posted_on:
        detail = "听证日期与协商议事的记录不符。"
        raise RuleBroken(RULES["P-10"], detail, clause=HEARING, field="heard_on")
