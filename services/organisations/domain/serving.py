"""O-15: how service is recorded, confirmed and reversed, and what moves a volunteer's account."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.kernel.measure import half_up
from chassis.kernel.required import required_by

from .naming import identified
from .policy import OrganisationsPolicy
from .resettling import Resettled
from .rules import RULES, TIME_BANK, VOLUNTEERING
from .volunteer import (
    AccountMoved,
    Assessment,
    BenefitAssessed,
    BenefitCorrected,
    Entry,
    EntryKind,
    OffersChanged,
    Service,
    ServiceConfirmed,
    ServiceKind,
    ServiceRecorded,
    ServiceRejected,
    ServiceReversed,
    ServiceWithdrawn,
    Volunteer,
    VolunteerForgotten,
    VolunteerLeft,
    VolunteerNamed,
    VolunteerRead,
    VolunteerRegistered,
    VolunteerReturned,
    evolve,
    resettled,
)

LONGEST = timedelta(hours=24)
HUNDREDTHS = 100
HOUR = 60
PEOPLE = ("resident", "volunteer")
ITS_OWN = frozenset({EntryKind.REVERSED, EntryKind.EXPIRED})
"""What goes out of the earning that it is about."""
"""Receivers who don't act here themselves: their community confirms by the paper they signed."""


SETTLED = "该次服务已经确认、退回或撤回。"


def may_serve(volunteer: Volunteer) -> None:
    if not volunteer.active:
        raise RuleBroken(RULES["O-15"], "该志愿者已经退出。", clause=OURS)


def record(
    volunteer: Volunteer,
    *,
    kind: ServiceKind,
    begins: datetime,
    ends: datetime,
    receiver: str,
    need: str | None,
    by: str,
    now: datetime,
) -> ServiceRecorded:
    """After it was given; no time twice, and by somebody else than who received it."""
    may_serve(volunteer)
    if ends > now:
        raise Malformed("服务结束后记录。", field="ends")
    if local_date(begins) < local_date(volunteer.registered_at):
        raise RuleBroken(
            RULES["O-15"], "登记为志愿者之前的服务不得记录。", clause=OURS, field="begins"
        )
    if ends - begins < timedelta(minutes=1):
        raise Malformed("结束须晚于开始，至少一分钟。", field="ends")
    if ends - begins > LONGEST:
        raise RuleBroken(RULES["O-15"], "一次服务不得超过24小时。", clause=OURS, field="ends")
    if receiver == by:
        detail = "服务由接受的一方确认，记录方不得自己确认。"
        raise RuleBroken(RULES["O-15"], detail, clause=OURS, field="receiver")
    if receiver == f"volunteer:{volunteer.id}":
        raise RuleBroken(RULES["O-15"], "不得为自己服务。", clause=OURS, field="receiver")
    if any(one.counts and begins < one.ends and one.begins < ends for one in volunteer.services):
        raise RuleBroken(RULES["O-15"], "与已记录的服务时间重叠。", clause=OURS, field="begins")
    service = Service(
        id=f"s{len(volunteer.services) + 1}",
        kind=kind,
        begins=begins,
        ends=ends,
        receiver=receiver,
        recorded_by=by,
        recorded_at=now,
        need=need,
    )
    return ServiceRecorded(service=service)


def by_paper(service: Service) -> bool:
    """Whether its receiver's community confirms for it."""
    return service.receiver.partition(":")[0] in PEOPLE


def confirmed_by(volunteer: Volunteer, service: Service) -> str:
    """The office that confirms: of a person's service the community, else who received it; where that recorded it, too,
    as after a merger, the street (ours)."""
    community = f"community:{volunteer.community}"
    office = community if by_paper(service) else service.receiver
    return office if service.recorded_by != office else f"street:{volunteer.street}"


def may_confirm(volunteer: Volunteer, id: str, by: str) -> None:
    """By who received it, and never by who recorded it."""
    service = volunteer.service(id)
    if not service.waits:
        raise RuleBroken(RULES["O-15"], SETTLED, clause=OURS)
    if by == service.recorded_by:
        raise RuleBroken(RULES["O-15"], "记录方不得自己确认。", clause=OURS)
    if not by_paper(service) and by != confirmed_by(volunteer, service):
        detail = "由接受服务的一方确认；记录方与其合并的，由所在街道确认。"
        raise RuleBroken(RULES["O-15"], detail, clause=VOLUNTEERING)


def confirm(
    volunteer: Volunteer,
    id: str,
    *,
    by: str,
    paper: str | None,
    policy: OrganisationsPolicy,
    now: datetime,
) -> ServiceConfirmed:
    may_confirm(volunteer, id, by)
    service = volunteer.service(id)
    if by_paper(service):
        required_by(RULES["O-15"], paper, "paper", "须写明受助人签字的确认单号。", OURS)
    days = policy.points_expire_days
    entry = Entry(
        id=_next(volunteer),
        kind=EntryKind.EARNED,
        of=id,
        minutes=service.minutes,
        points=points_of(service.minutes, policy),
        at=now,
        expires=now + timedelta(days=days) if days else None,
    )
    return ServiceConfirmed(service=id, by=by, paper=paper, entry=entry)


def points_of(minutes: int, policy: OrganisationsPolicy) -> int:
    """Hundredths, half up, of each time by itself."""
    return half_up(minutes * policy.points_per_hour * HUNDREDTHS, HOUR)


def reject(volunteer: Volunteer, id: str, *, by: str, reason: str) -> ServiceRejected:
    may_confirm(volunteer, id, by)
    required_by(RULES["O-15"], reason, "reason", "退回须写明理由。", OURS)
    return ServiceRejected(service=id, by=by, reason=reason)


def may_withdraw(volunteer: Volunteer, id: str, by: str) -> None:
    """What was recorded in error, as long as nobody has confirmed it (ours)."""
    service = volunteer.service(id)
    if not service.waits:
        raise RuleBroken(RULES["O-15"], SETTLED, clause=OURS)
    if by != service.recorded_by:
        raise RuleBroken(RULES["O-15"], "由记录的一方撤回。", clause=OURS)


def withdraw(volunteer: Volunteer, id: str, *, by: str, reason: str) -> ServiceWithdrawn:
    may_withdraw(volunteer, id, by)
    required_by(RULES["O-15"], reason, "reason", "撤回须写明理由。", OURS)
    return ServiceWithdrawn(service=id, by=by, reason=reason)


def may_reverse(volunteer: Volunteer, id: str) -> None:
    service = volunteer.service(id)
    if service.confirmed_by is None or service.reversed:
        raise RuleBroken(RULES["O-15"], "只有已确认的服务可以冲正，且只冲正一次。", clause=OURS)
    if volunteer.balance < service.minutes:
        detail = "时长已被支取，冲正后账户将低于零。"
        raise RuleBroken(RULES["O-15"], detail, clause=TIME_BANK)


def reverse(volunteer: Volunteer, id: str, *, reason: str, now: datetime) -> ServiceReversed:
    """An entry of its own; of its points that haven't expired as many as the account still holds."""
    may_reverse(volunteer, id)
    required_by(RULES["O-15"], reason, "reason", "冲正须写明理由。", OURS)
    earned = next(one for one in volunteer.entries if (one.kind, one.of) == (EntryKind.EARNED, id))
    expired = (one for one in volunteer.entries if (one.kind, one.of) == (EntryKind.EXPIRED, id))
    points = earned.points + sum(one.points for one in expired)
    entry = Entry(
        id=_next(volunteer),
        kind=EntryKind.REVERSED,
        of=id,
        minutes=-earned.minutes,
        points=-min(points, volunteer.points),
        at=now,
        reason=reason,
    )
    return ServiceReversed(service=id, entry=entry)


# The time bank


def draw(volunteer: Volunteer, *, minutes: int, need: str, now: datetime) -> AccountMoved:
    """As service to be received."""
    may_serve(volunteer)
    if minutes > volunteer.balance:
        detail = f"账户只有 {volunteer.balance} 分钟。"
        raise RuleBroken(RULES["O-15"], detail, clause=TIME_BANK, field="minutes")
    return AccountMoved(entry=_entry(volunteer, EntryKind.DRAWN, need, now, minutes=-minutes))


def settle(
    volunteer: Volunteer, *, need: str, received: int, now: datetime
) -> tuple[AccountMoved, ...]:
    """Of what was drawn for a need, what wasn't received is given back; once. Of a need that was met again what is
    lacking is drawn, as far as the account reaches (ours).
    """
    over = -sum(one.minutes for one in volunteer.entries if one.of == need) - received
    if over > 0:
        return (AccountMoved(entry=_entry(volunteer, EntryKind.RESTORED, need, now, minutes=over)),)
    lacking = min(-over, volunteer.balance)
    if not lacking:
        return ()
    return (AccountMoved(entry=_entry(volunteer, EntryKind.DRAWN, need, now, minutes=-lacking)),)


def redeem(
    volunteer: Volunteer, *, reward: str, policy: OrganisationsPolicy, now: datetime
) -> tuple[AccountMoved, ...]:
    """With points that have not expired, whether the clock has come for the others yet or not."""
    found = policy.rewards.get(reward)
    if found is None:
        raise Malformed(f"没有这项奖励：{reward}", field="reward")
    gone = expire(volunteer, now)
    left: Volunteer = reduce(evolve, gone, volunteer)
    cost = found.points * HUNDREDTHS
    if cost > left.points:
        raise RuleBroken(RULES["O-15"], "积分不足。", clause=OURS, field="reward")
    spent = _entry(left, EntryKind.REDEEMED, reward, now, points=-cost)
    return (*gone, AccountMoved(entry=spent))


def lots(entries: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """What is left of each earning: what goes out goes from the oldest, a reversal from its own first."""
    found: list[tuple[Entry, int]] = []
    own: defaultdict[str, list[int]] = defaultdict(list)
    oldest = 0
    for entry in entries:
        if entry.kind is EntryKind.EARNED:
            own[entry.of].append(len(found))
            found.append((entry, entry.points))
            continue
        out = -entry.points
        first = own[entry.of] if entry.kind in ITS_OWN else []
        # What comes back comes to the oldest, which may have been empty.
        oldest = 0 if out < 0 else oldest
        for at in chain(first, range(oldest, len(found))):
            if not out:
                break
            lot, left = found[at]
            taken = min(left, out)
            found[at], out = (lot, left - taken), out - taken
        while oldest < len(found) and not found[oldest][1]:
            oldest += 1
    return found


def next_expiry(volunteer: Volunteer) -> datetime | None:
    """When the next points are over."""
    ends = (lot.expires for lot, left in lots(volunteer.entries) if left and lot.expires)
    return min(ends, default=None)


def expire(volunteer: Volunteer, now: datetime) -> tuple[AccountMoved, ...]:
    """Each lot of points whose time is over, once."""
    over = [
        (lot, left)
        for lot, left in lots(volunteer.entries)
        if left and lot.expires is not None and now >= lot.expires
    ]
    number = len(volunteer.entries)
    return tuple(
        AccountMoved(
            entry=Entry(
                id=f"e{number + at}",
                kind=EntryKind.EXPIRED,
                of=lot.of,
                minutes=0,
                points=-left,
                at=now,
            )
        )
        for at, (lot, left) in enumerate(over, start=1)
    )


def level(volunteer: Volunteer, policy: OrganisationsPolicy) -> str | None:
    """The highest whose points were earned by service that stands, spent or not."""
    back = {one.of for one in volunteer.entries if one.kind is EntryKind.REVERSED}
    served = (one for one in volunteer.entries if one.kind is EntryKind.EARNED)
    earned = sum(one.points for one in served if one.of not in back)
    reached = [
        (needed, code) for code, needed in policy.levels.items() if earned >= needed * HUNDREDTHS
    ]
    return max(reached)[1] if reached else None


# The rest of the record


def register(registered: VolunteerRegistered) -> VolunteerRegistered:
    _offered(registered.offers)
    return registered


def offer(volunteer: Volunteer, offers: tuple[ServiceKind, ...]) -> OffersChanged:
    may_serve(volunteer)
    _offered(offers)
    return OffersChanged(offers=offers)


def _offered(offers: tuple[ServiceKind, ...]) -> None:
    if not offers or len(set(offers)) != len(offers):
        raise RuleBroken(
            RULES["O-15"], "服务意愿至少一类，且不得重复。", clause=OURS, field="offers"
        )


def assess(
    volunteer: Volunteer, *, year: int, by: str, benefit: str, mark: int, now: datetime
) -> BenefitAssessed:
    """Of a year in which something was confirmed, once by each."""
    required_by(RULES["O-15"], benefit, "benefit", "须写明服务成效。", VOLUNTEERING)
    if any(one.of == (year, by) for one in volunteer.assessments):
        raise RuleBroken(RULES["O-15"], "该年度已经评估。", clause=OURS, field="year")
    served = {
        local_date(one.begins).year
        for one in volunteer.services
        if one.confirmed_by is not None and one.counts
    }
    if year not in served or year > local_date(now).year:
        raise RuleBroken(RULES["O-15"], "该年度没有已确认的服务。", clause=OURS, field="year")
    found = Assessment(year=year, by=by, benefit=benefit, mark=mark)
    return BenefitAssessed(assessment=found)


def may_correct(volunteer: Volunteer, by: str) -> None:
    if not _correctable(volunteer, by):
        raise RuleBroken(RULES["O-15"], "尚未评估其服务成效。", clause=OURS)


def correct(
    volunteer: Volunteer,
    *,
    year: int,
    by: str,
    benefit: str,
    mark: int,
    reason: str,
    assessed_by: str | None = None,
) -> BenefitCorrected:
    """By who assessed it, or has the volunteer since (ours), who says whose it is where both assessed the year; what
    was said before stays on the trail."""
    may_correct(volunteer, by)
    of_year = [one for one in _correctable(volunteer, by) if one.year == year]
    if not of_year:
        raise RuleBroken(RULES["O-15"], "该年度尚未评估。", clause=OURS, field="year")
    before = next((one for one in of_year if assessed_by in (None, one.by)), None)
    if before is None:
        detail = "该年度没有由您更正的该单位的评估。"
        raise RuleBroken(RULES["O-15"], detail, clause=OURS, field="assessed_by")
    required_by(RULES["O-15"], benefit, "benefit", "须写明服务成效。", VOLUNTEERING)
    right = replace(before, benefit=benefit, mark=mark)
    if right == before:
        raise RuleBroken(RULES["O-15"], "与原评估相同。", clause=OURS, field="benefit")
    required_by(RULES["O-15"], reason, "reason", "更正须写明理由。", OURS)
    return BenefitCorrected(assessment=right, reason=reason)


def _correctable(volunteer: Volunteer, by: str) -> list[Assessment]:
    """Its own first; then, of the community and the street where the volunteer is now, those of where it was before."""
    here = by in (f"community:{volunteer.community}", f"street:{volunteer.street}")
    alike = f"{by.partition(':')[0]}:"
    there = volunteer.assessments
    found = (one for one in there if one.by == by or (here and one.by.startswith(alike)))
    return sorted(found, key=lambda one: one.by != by)


def resettle(volunteer: Volunteer, to: Resettled) -> tuple[Resettled, ...]:
    return (to,) if resettled(volunteer, to) != volunteer else ()


def forget(volunteer: Volunteer, now: datetime) -> tuple[VolunteerForgotten, ...]:
    """Once."""
    return (VolunteerForgotten(at=now),) if volunteer.over is not None else ()


def name(name: str, number: str, now: datetime) -> VolunteerNamed:
    identified(name, number)
    return VolunteerNamed(at=now)


def may_read(volunteer: Volunteer) -> None:
    if not volunteer.named:
        raise NotFound("没有登记姓名。")


def read(volunteer: Volunteer, *, by: str, reason: str) -> VolunteerRead:
    """Recorded before anything is shown."""
    may_read(volunteer)
    required_by(RULES["O-15"], reason, "reason", "查看姓名须写明理由。", OURS)
    return VolunteerRead(by=by, reason=reason)


def leave(volunteer: Volunteer, *, reason: str, now: datetime) -> VolunteerLeft:
    may_serve(volunteer)
    required_by(RULES["O-15"], reason, "reason", clause=OURS)
    return VolunteerLeft(reason=reason, at=now)


def may_return(volunteer: Volunteer) -> None:
    if volunteer.active:
        raise RuleBroken(RULES["O-15"], "该志愿者没有退出。", clause=OURS)


def come_back(volunteer: Volunteer, now: datetime) -> VolunteerReturned:
    """O-15 (ours): with what he gave and has; also where he was said to have left by mistake."""
    may_return(volunteer)
    return VolunteerReturned(at=now)


def _next(volunteer: Volunteer) -> str:
    return f"e{len(volunteer.entries) + 1}"


def _entry(
    volunteer: Volunteer,
    kind: EntryKind,
    of: str,
    now: datetime,
    *,
    minutes: int = 0,
    points: int = 0,
) -> Entry:
    return Entry(id=_next(volunteer), kind=kind, of=of, minutes=minutes, points=points, at=now)
