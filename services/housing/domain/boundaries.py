"""A change of boundaries (区划变更): communities merged, split, renamed, of another kind or in another street.

A document of its own with a day. When the day has come, each community it names is told once, and
its entry changes by the reaction to that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, assert_never

from chassis.kernel.clock import begin_of
from chassis.kernel.errors import RuleBroken, UnknownReference
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.housing.vocabulary import WORDS

from .community import Community, CommunityEntered, CommunityKind
from .rules import RULES


class ChangeKind(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    RETYPE = "retype"
    MOVE = "move"


CHANGES = {ChangeKind.RENAME: "name", ChangeKind.RETYPE: "kind", ChangeKind.MOVE: "street"}
"""What alone of an entry may differ."""
SAID = ("name", "street", "kind", "households")
Called = tuple[str | None, str]
"""A street, and what a community is called there."""
Known = Community | CommunityEntered


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A community as it is from the day on."""

    code: str
    name: str
    street: str
    kind: CommunityKind | None = None
    households: int | None = None

    @property
    def called(self) -> Called:
        return self.street, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDecided:
    change: str
    kind: ChangeKind
    on: date
    ends: tuple[str, ...] = ()
    entries: tuple[Entry, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReached:
    """The day has come for this community."""

    community: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWithdrawn:
    """Before its day: nothing comes of it."""

    reason: str
    at: datetime


BoundaryEvent = ChangeDecided | ChangeReached | ChangeWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """The other changes that are decided, and what communities are called."""

    changes: tuple["BoundaryChange", ...] = ()
    known: Mapping[str, Community] = field(default_factory=dict)


NO_OTHERS = Others()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryChange:
    id: str
    kind: ChangeKind
    on: date
    ends: tuple[str, ...] = ()
    entries: tuple[Entry, ...]
    reason: str
    reached: tuple[str, ...] = ()
    withdrawn: str | None = None
    """Why, of one of which nothing comes."""

    @property
    def open(self) -> bool:
        """Its day is still to come."""
        return not self.reached and self.withdrawn is None

    @property
    def codes(self) -> tuple[str, ...]:
        return (*self.ends, *(entry.code for entry in self.entries))

    @property
    def takes_effect_at(self) -> datetime | None:
        """Midnight in Shanghai; None when it has, or won't."""
        return begin_of(self.on) if self.open else None

    def reach(self, *, now: datetime) -> tuple[ChangeReached, ...]:
        due = self.takes_effect_at
        if due is None or now < due:
            return ()
        return tuple(ChangeReached(community=code) for code in self.codes)

    def may_withdraw(self, others: Others = NO_OTHERS, *, now: datetime) -> None:
        """H-11: nobody has been told of it yet; and no other that is decided gives away a name that it frees (ours)."""
        due = self.takes_effect_at
        if due is None or now >= due:
            raise RuleBroken(RULES["H-11"], "该变更已经生效或撤回。")
        stay = [others.known[code] for code in self.codes if code in others.known]
        for other in others.changes:
            for one in stay:
                if one.holds_on(other.on) and other.calls(others.known, (one.street, one.name)):
                    taken = f"自 {other.on} 起生效的另一变更将使用本变更让出的名称“{one.name}”"
                    raise RuleBroken(RULES["H-11"], f"{taken}（{other.reason}），先撤回该变更。")

    def withdraw(
        self, others: Others = NO_OTHERS, *, reason: str, now: datetime
    ) -> tuple[ChangeWithdrawn, ...]:
        self.may_withdraw(others, now=now)
        required_by(RULES["H-11"], reason, "reason", "撤回变更须写明理由。")
        return (ChangeWithdrawn(reason=reason, at=now),)

    def entered(self, known: Community | None, code: str, listed: int) -> CommunityEntered | None:
        """What the register says of the community from then on; None where there is nothing to end."""
        for entry in self.entries:
            if entry.code == code:
                return CommunityEntered(
                    code=code,
                    **self._said(entry, known),
                    valid_from=self.on,
                    reason=self.reason,
                    listed=listed,
                    change=self.id,
                )
        if known is None:
            return None
        return CommunityEntered(
            code=code,
            name=known.name,
            street=known.street,
            kind=known.kind,
            households=known.households,
            valid_from=known.valid_from,
            valid_to=self.on - timedelta(days=1),
            reason=self.reason,
            listed=listed,
            change=self.id,
            became=self.entries[0].code if self.kind is ChangeKind.MERGE else None,
        )

    def called(self, code: str, known: Known | None) -> Called | None:
        """What it will be called from then on, entered as it is; None of one that it gives no entry."""
        said = [self._said(entry, known) for entry in self.entries if entry.code == code]
        return (said[0]["street"], said[0]["name"]) if said else None

    def calls(self, known: Mapping[str, Known], name: Called) -> bool:
        """Any of its communities so, from its day on."""
        return any(self.called(code, known.get(code)) == name for code in self.codes)

    def _said(self, entry: Entry, known: Known | None) -> dict[str, Any]:
        """Of a change of one thing the others are as they were entered by its day."""
        only = CHANGES.get(self.kind)
        others = known if known is not None and only is not None else entry
        return {name: getattr(entry if name == only else others, name) for name in SAID}


def decide(
    decided: ChangeDecided,
    known: Mapping[str, Community],
    streets: Collection[str],
    awaiting: Collection[str] = (),
    called: Mapping[Called, Collection[str]] = MappingProxyType({}),
) -> tuple[BoundaryEvent, ...]:
    """H-11: with a reason, of communities that are there on the day, into streets that exist.

    `awaiting`: communities whose change was decided and whose day has not come; `called`: who will be called as
    one of the entries on the day.
    """
    if not decided.reason.strip():
        raise RuleBroken(RULES["H-11"], "区划变更须写明理由。", field="reason")
    for entry in decided.entries:
        if entry.street not in streets:
            raise UnknownReference(f"没有这个街道：{entry.street}", field="entries")
        if not entry.name.strip():
            raise RuleBroken(RULES["H-11"], "变更后的社区须有名称。", field="entries")
    _there(decided, known)
    _alone(decided, called)
    if twice := sorted({*awaiting} & {*evolve(None, decided).codes}):
        detail = f"{'、'.join(twice)} 已有尚未生效的变更。"
        raise RuleBroken(RULES["H-11"], detail, field="entries")
    match decided.kind:
        case ChangeKind.MERGE:
            _merges(decided, known)
        case ChangeKind.SPLIT:
            _splits(decided, known)
        case ChangeKind.RENAME | ChangeKind.RETYPE | ChangeKind.MOVE:
            _alters(decided, known)
        case _:
            assert_never(decided.kind)
    change = evolve(None, decided)
    return decided, *change.reach(now=decided.at)


def _there(decided: ChangeDecided, known: Mapping[str, Community]) -> None:
    codes = evolve(None, decided).codes
    if len(set(codes)) != len(codes):
        raise RuleBroken(RULES["H-11"], "同一社区在一次变更中只出现一次。", field="entries")
    for code in decided.ends:
        if code not in known:
            raise UnknownReference(f"没有这个社区：{code}", field="ends")
    for code in codes:
        entry = known.get(code)
        if entry and not (entry.valid_from <= decided.on and entry.holds_on(decided.on)):
            detail = f"{entry.name} 的登记自 {entry.valid_from} 起，{decided.on} 不能变更。"
            raise RuleBroken(RULES["H-11"], detail, field="on")


def _alone(decided: ChangeDecided, called: Mapping[Called, Collection[str]]) -> None:
    """No two of one name in a street, neither of those that change nor with one that doesn't."""
    own = {*evolve(None, decided).codes}
    names = [entry.called for entry in decided.entries]
    for place, name in enumerate(names):
        others = {*called.get(name, ())} - own
        if others or name in names[:place]:
            twice = "变更后同一街道有两个同名社区。"
            said = f"该街道已有同名社区：{min(others)}。" if others else twice
            raise RuleBroken(RULES["H-11"], said, field=f"entries.{place}.name")


def _merges(decided: ChangeDecided, known: Mapping[str, Community]) -> None:
    kept = [entry for entry in decided.entries if entry.code in known]
    if len(decided.entries) != 1 or not decided.ends or len(decided.ends) + len(kept) < 2:
        detail = "合并为两个以上社区并成一个：写明终止的社区和合并后的一个社区。"
        raise RuleBroken(RULES["H-11"], detail, field="ends")


def _splits(decided: ChangeDecided, known: Mapping[str, Community]) -> None:
    kept = [entry for entry in decided.entries if entry.code in known]
    if len(decided.entries) < 2 or len(decided.ends) + len(kept) != 1:
        detail = "拆分为一个社区分成两个以上：原社区终止，或为其中之一。"
        raise RuleBroken(RULES["H-11"], detail, field="entries")


def _alters(decided: ChangeDecided, known: Mapping[str, Community]) -> None:
    if decided.ends or len(decided.entries) != 1:
        raise RuleBroken(RULES["H-11"], "这类变更只涉及一个社区，不终止社区。", field="entries")
    [entry] = decided.entries
    before = known.get(entry.code)
    if before is None:
        raise UnknownReference(f"没有这个社区：{entry.code}", field="entries")
    differing = {name for name in SAID if getattr(entry, name) != getattr(before, name)}
    if differing != {CHANGES[decided.kind]}:
        detail = f"“{word_of(decided.kind, WORDS)}”只改变这一项，且须与原来不同。"
        raise RuleBroken(RULES["H-11"], detail, field="entries")


def evolve(change: BoundaryChange | None, event: BoundaryEvent) -> BoundaryChange:
    match event:
        case ChangeDecided():
            return BoundaryChange(
                id=event.change,
                kind=event.kind,
                on=event.on,
                ends=event.ends,
                entries=event.entries,
                reason=event.reason,
            )
        case ChangeReached() | ChangeWithdrawn() if change is None:
            raise ValueError("a change begins by being decided")
        case ChangeWithdrawn():
            return replace(change, withdrawn=event.reason)
        case ChangeReached():
            return replace(change, reached=(*change.reached, event.community))
        case _:
            assert_never(event)


def names_of(
    entry: CommunityEntered, known: Community | None, open_ones: Collection[BoundaryChange]
) -> list[tuple[Called, date]]:
    """What one that is entered so is called from that day on, and what it will then be called on the day of a change
    that is open, if that is another name than it would have been.
    """
    names: list[tuple[Called, date]] = [((entry.street, entry.name), entry.valid_from)]
    for change in open_ones:
        will = change.called(entry.code, entry)
        if will is not None and will != change.called(entry.code, known):
            names.append((will, change.on))
    return names


def namesakes(
    name: Called,
    on: date,
    there: Collection[str],
    open_ones: Collection[BoundaryChange],
    known: Mapping[str, Known],
) -> frozenset[str]:
    """Who will be called so on that day: of those who are, `there`, who is in no change by then, and whom a change
    that is open calls so.
    """
    gone = {code for change in open_ones if change.on <= on for code in change.codes}
    will = {
        code
        for change in open_ones
        for code in change.codes
        if change.called(code, known.get(code)) == name
    }
    return frozenset(({*there} - gone) | will)


def entry_at(
    entered: Collection[CommunityEntered], coming: Collection[CommunityEntered], day: date
) -> CommunityEntered | None:
    """The entry as it holds on the day: the latest that had begun, unless it had ended."""
    begun = [
        entry
        for entry in sorted([*entered, *coming], key=lambda entry: entry.valid_from)
        if entry.valid_from <= day
    ]
    if not begun or (begun[-1].valid_to is not None and begun[-1].valid_to < day):
        return None
    return begun[-1]
