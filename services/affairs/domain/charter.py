"""A-26: charter and covenants: drafted in the steps of 四议两公开, filed with the street, published by version."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .rules import RULES


class CharterKind(StrEnum):
    CHARTER = "charter"
    RESIDENTS = "residents"
    VILLAGE = "village"


class Talk(StrEnum):
    """四议, and the first of the two disclosures: in this order. The second is its publication."""

    PROPOSED = "proposed"
    CONSULTED = "consulted"
    DELIBERATED = "deliberated"
    RESOLVED = "resolved"
    DISCLOSED = "disclosed"


TALKS = tuple(Talk)


class CharterStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    FILED = "filed"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterDrafted:
    street: str
    community: str
    kind: CharterKind
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkHeld:
    talk: Talk
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterSent:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterReturned:
    """What contradicts law goes back, and is talked about again."""

    ground: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterAmended:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterFiled:
    number: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterPublished:
    version: int
    at: datetime


CharterEvent = (
    CharterDrafted
    | TalkHeld
    | CharterSent
    | CharterReturned
    | CharterAmended
    | CharterFiled
    | CharterPublished
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    street: str
    community: str
    kind: CharterKind
    text: str
    drafted_at: datetime
    status: CharterStatus = CharterStatus.DRAFT
    talks: tuple[TalkHeld, ...] = ()
    returns: tuple[CharterReturned, ...] = ()
    number: str | None = None
    version: int | None = None
    published_at: datetime | None = None


def _in(known: Charter, detail: str, status: CharterStatus) -> None:
    if known.status is not status:
        raise RuleBroken(RULES["A-26"], detail)


def draft(drafted: CharterDrafted) -> CharterDrafted:
    required_by(RULES["A-26"], drafted.text, "text", "须写明内容。")
    return drafted


def may_talk(known: Charter) -> None:
    """What was sent has had them all."""
    if len(known.talks) == len(TALKS):
        raise RuleBroken(RULES["A-26"], "四议和决议公开均已完成。")


def talk(known: Charter, held: Talk, on: date, now: datetime) -> TalkHeld:
    """One after another, each on its day."""
    may_talk(known)
    turn = TALKS[len(known.talks)]
    if held is not turn:
        raise RuleBroken(RULES["A-26"], "四议两公开依次进行。", field="talk")
    if on > local_date(now) or (known.talks and on < known.talks[-1].on):
        raise RuleBroken(RULES["A-26"], "日期依次、不晚于今天。", field="on")
    if known.returns and on < local_date(known.returns[-1].at):
        raise RuleBroken(RULES["A-26"], "退回之后重新商议，不得早于退回。", clause=OURS, field="on")
    return TalkHeld(talk=held, on=on)


def may_send(known: Charter) -> None:
    _in(known, "已经报送街道。", CharterStatus.DRAFT)
    if len(known.talks) < len(TALKS):
        raise RuleBroken(RULES["A-26"], "四议和决议公开完成之后报送街道。")


def send(known: Charter, now: datetime) -> CharterSent:
    may_send(known)
    return CharterSent(at=now)


def may_judge(known: Charter) -> None:
    _in(known, "报送之后由街道审核一次。", CharterStatus.SENT)


def give_back(known: Charter, ground: str, now: datetime) -> CharterReturned:
    may_judge(known)
    required_by(RULES["A-26"], ground, "ground", "退回须写明与何法律抵触。")
    return CharterReturned(ground=ground, at=now)


def may_amend(known: Charter) -> None:
    """Before it is talked about again."""
    if known.talks or not known.returns:
        raise RuleBroken(RULES["A-26"], "退回之后、再议之前修改。")


def amend(known: Charter, text: str, now: datetime) -> CharterAmended:
    may_amend(known)
    required_by(RULES["A-26"], text, "text", "须写明内容。")
    return CharterAmended(text=text, at=now)


def file(known: Charter, number: str, now: datetime) -> CharterFiled:
    may_judge(known)
    required_by(RULES["A-26"], number, "number", "须写明备案号。")
    return CharterFiled(number=number, at=now)


def may_publish(known: Charter) -> None:
    _in(known, "街道备案之后公布。", CharterStatus.FILED)


def publish(known: Charter, earlier: int, now: datetime) -> CharterPublished:
    may_publish(known)
    return CharterPublished(version=earlier + 1, at=now)


def evolve(known: Charter | None, event: CharterEvent) -> Charter:
    if isinstance(event, CharterDrafted):
        return Charter(
            street=event.street,
            community=event.community,
            kind=event.kind,
            text=event.text,
            drafted_at=event.at,
        )
    if known is None:
        raise ValueError("a charter begins by being drafted")
    match event:
        case TalkHeld():
            return replace(known, talks=(*known.talks, event))
        case CharterSent():
            return replace(known, status=CharterStatus.SENT)
        case CharterReturned():
            returns = (*known.returns, event)
            return replace(known, status=CharterStatus.DRAFT, talks=(), returns=returns)
        case CharterAmended():
            return replace(known, text=event.text)
        case CharterFiled():
            return replace(known, status=CharterStatus.FILED, number=event.number)
        case CharterPublished():
            status = CharterStatus.PUBLISHED
            return replace(known, status=status, version=event.version, published_at=event.at)
        case _:
            assert_never(event)
