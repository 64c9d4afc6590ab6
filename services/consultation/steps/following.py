"""What becomes of a matter's outcome: reported, decided, published, carried out, deliberated again."""

from chassis.at import At
from chassis.http import Asked
from chassis.words import Day, Flag, Long, Passage
from services.consultation.access import CONVENERS
from services.consultation.domain import following
from services.consultation.domain.events import MatterEvent
from services.consultation.domain.following_events import Decision
from services.consultation.domain.matter import Matter

from .matters import LED, MATTERS, Known

Happened = tuple[MatterEvent, ...]


@MATTERS.step("报送议事专报", who=CONVENERS, rules="C-11 C-12 C-16", part=LED)
def report(m: Matter, at: At[Known]) -> Happened:
    """To the party committee; below the street, to who entrusted the matter."""
    return following.report(m, at.known.clocks, at.now)


@MATTERS.step("报社区党组织备案", who=CONVENERS, rules="C-16 C-21", part=LED)
def file(m: Matter, at: At[Known]) -> Happened:
    return following.file(m, at.known.clocks, at.now)


class ElsewhereIn(Asked):
    """Of the congress's vote, or of the four discussions that it was deliberated before."""

    adopted: Flag
    result: Passage


@MATTERS.step("所服务程序的结果", who=CONVENERS, rules="C-16 C-21", part=LED)
def elsewhere(m: Matter, at: At[Known], body: ElsewhereIn) -> MatterEvent:
    return following.elsewhere(m, body.adopted, body.result, at.now)


class DecideIn(Asked):
    decision: Decision
    reasons: Passage | None = None
    on: Day | None = None


@MATTERS.step("党工委决定", who=CONVENERS, rules="C-11 C-16 C-22", part=LED)
def decide(m: Matter, at: At[Known], body: DecideIn) -> Happened:
    return following.decide(m, body.decision, body.reasons, at.known.clocks, at.now, body.on)


class PublishIn(Asked):
    notice: Passage


@MATTERS.step("公布", who=CONVENERS, rules="C-12 C-16 C-18", part=LED)
def publish(m: Matter, at: At[Known], body: PublishIn) -> Happened:
    return following.publish(m, body.notice, at.known.clocks, at.now)


class ProgressIn(Asked):
    progress: Passage


@MATTERS.step("通报进展", who=CONVENERS, rules="C-11 C-16", part=LED)
def progress(m: Matter, at: At[Known], body: ProgressIn) -> Happened:
    return following.progress(m, body.progress, at.known.clocks, at.now)


class CompleteIn(Asked):
    result: Passage
    on: Day | None = None


@MATTERS.step("落实完成", who=CONVENERS, rules="C-11 C-16 C-18 C-22", part=LED)
def complete(m: Matter, at: At[Known], body: CompleteIn) -> Happened:
    return following.complete(m, body.result, at.now, body.on)


class ReopenIn(Asked):
    reason: Long


@MATTERS.step("再协商", who=CONVENERS, rules="C-12 C-16", part=LED)
def reopen(m: Matter, at: At[Known], body: ReopenIn) -> Happened:
    return following.reopen(m, body.reason, at.now)


STEPS = (report, file, elsewhere, decide, publish, progress, complete, reopen)
