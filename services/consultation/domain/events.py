"""What can happen to a matter. Past tense, immutable, private to this service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel.clock import local_date

from .committee import Level
from .following_events import FollowingEvent
from .resettling import Resettled
from .watching_events import WatchingEvent


class Procedure(StrEnum):
    """The written order a matter is walked by: the six steps of 2016, the three stages and six of 2018."""

    SIX_STEPS_2016 = "2016"
    SIX_STEPS_2018 = "2018"


class Ground(StrEnum):
    """What is never deliberated (五不议)."""

    AGAINST_POLICY = "against_policy"
    ORDERED_FROM_ABOVE = "ordered_from_above"
    UNFAIR = "unfair"
    DISCRIMINATORY = "discriminatory"
    TWO_PARTY_DISPUTE = "two_party_dispute"


INSTEAD: Mapping[Ground, str] = {
    Ground.AGAINST_POLICY: "对政策法规有意见的，向主管部门或党代表、人大代表、政协委员反映。",
    Ground.ORDERED_FROM_ABOVE: "按上级部署办理；办理中的困难由党组织向上级反映。",
    Ground.UNFAIR: "改为兼顾各方的方案后，可以重新提出。",
    Ground.DISCRIMINATORY: "去除歧视性内容后，可以重新提出；权益受到侵害的，可以申请法律援助。",
    Ground.TWO_PARTY_DISPUTE: "由人民调解组织调解。",
}
"""Where what is refused goes instead; the words are ours."""


class Outcome(StrEnum):
    """The four ways a session ends a matter."""

    NEEDS_UPPER_LEVEL = "needs_upper_level"
    USABLE_HERE = "usable_here"
    NOT_YET_POSSIBLE = "not_yet_possible"
    DECLINED = "declined"


class Target(StrEnum):
    """Where an outcome goes that needs an upper level."""

    UPPER_COMMITTEE = "upper_committee"
    WHISTLE = "whistle"
    POLITICAL_CONFERENCE = "political_conference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Who held it, by seat, and why."""

    seat: str
    reason: str


class ServedKind(StrEnum):
    """What can wait for a matter: premises, an application for funds, a project, a power to be used."""

    PREMISES = "premises"
    APPLICATION = "application"
    PROJECT = "project"
    POWER = "power"


class Decider(StrEnum):
    """Whose decision it is deliberated before: 人大票决, or 四议两公开."""

    CONGRESS = "congress"
    FOUR_DISCUSSIONS = "four_discussions"


class Purpose(StrEnum):
    """A hearing that others wait for: a 三社联动 plan's, the use of community funds, the siting of premises."""

    PLAN_HEARING = "plan_hearing"
    COMMUNITY_FUNDS = "community_funds"
    PREMISES_SITING = "premises_siting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """By the id that the service knows it by which waits."""

    kind: ServedKind
    id: str


class Supervisor(StrEnum):
    """居务监督委员会, or a third party (2016)."""

    OVERSIGHT_COMMITTEE = "oversight_committee"
    THIRD_PARTY = "third_party"


class Invitation(StrEnum):
    """Why somebody without a seat is asked to a matter: an interest in it, its department, or knowledge."""

    INTEREST = "interest"
    DEPARTMENT = "department"
    EXPERT = "expert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """A place at one matter, by its code; it speaks and is recorded, and counts for no quorum."""

    seat: str
    why: Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the session came to: who was there, the outcome with what it needs, and who disagreed.

    `roll`: the seats that were there (none in what was recorded before there was a roll), of which
    `interested` said that they have an interest of their own; `present`: the fixed members among them.
    `session`: the one it was recorded in, where it was held here; `held_on` the day, where it wasn't.
    `need`: the service that should be bought for it.
    """

    outcome: Outcome
    present: int = 0
    roll: tuple[str, ...] = ()
    interested: tuple[str, ...] = ()
    target: Target | None = None
    unit: str | None = None
    explanation: str | None = None
    guidance: str | None = None
    disagreement: tuple[Disagreement, ...] = ()
    session: str | None = None
    held_on: date | None = None
    need: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterProposed:
    """`level` is the committee's; `community` is whom it concerns, if it is one, `communities` if they are several.

    `head`: which subject head of the catalogue it falls under, none before each topic named one;
    `entrusted`: by a party organisation or department above; `by_seat`: the member who proposed it;
    `referred_from`: the matter of the level below.
    """

    id: str
    committee: str
    level: Level
    street: str
    community: str | None = None
    communities: tuple[str, ...] = ()
    category: str
    head: str | None = None
    title: str
    subject: str
    procedure: Procedure
    serves: Served | None = None
    purpose: Purpose | None = None
    by_seat: str | None = None
    before: Decider | None = None
    referred_from: str | None = None
    entrusted: bool = False
    at: datetime


class Settler(StrEnum):
    """Who settles a topic: the street's party committee, or the community's party organisation."""

    PARTY_COMMITTEE = "party_committee"
    PARTY_ORGANISATION = "party_organisation"


class Form(StrEnum):
    """How it is deliberated."""

    COUNCIL = "council"
    HEARING = "hearing"
    TALK = "talk"
    ONLINE = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What goes with a topic that is settled: by whom, in which form, with whom, and the session's plan.

    `public`: it touches many or draws attention; `technical`: it needs an opinion from outside;
    `important`: marked so by the party committee; `major`: a major decision, whose risks are assessed.
    """

    by: Settler
    form: Form
    participants: str
    plan: str
    public: bool = False
    technical: bool = False
    important: bool = False
    major: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAccepted:
    """Without `settled` before that was recorded."""

    settled: Settled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRefused:
    """On one of the five grounds; `instead`: where it goes, a two-party dispute to mediation (调解)."""

    ground: Ground
    to_mediation: bool
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterResearched:
    """`seats`: the members who joined in."""

    findings: str
    seats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterInformed:
    """事先告知: the plan and the papers, to whom it concerns (2016)."""

    told: str


class Meeting(StrEnum):
    """居民会议, or that of their representatives."""

    RESIDENTS = "residents"
    REPRESENTATIVES = "representatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDecided:
    """What stayed disputed, decided by the residents' or their representatives' meeting (2016)."""

    meeting: Meeting
    adopted: bool
    result: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterImplemented:
    """组织实施 (2016)."""

    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSupervised:
    """过程监督 (2016)."""

    by: Supervisor
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFedBack:
    """成果反馈 (2016): what came of it, and the written opinion for the party organisation.

    `at`: none before it was kept.
    """

    feedback: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersInvited:
    invited: tuple[Invited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReserved:
    """A session is called for it, of this id: noted here first, so that this record alone decides between its
    session and an outcome by hand."""

    session: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded:
    """`members`: how many fixed members the committee had that day."""

    conclusion: Conclusion
    members: int
    at: datetime

    @property
    def on_paper(self) -> bool:
        """Its session wasn't held here."""
        return self.conclusion.session is None

    @property
    def day(self) -> date:
        """Of its session."""
        return self.conclusion.held_on or local_date(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReferred:
    """To the upper committee, or to units by a whistle."""

    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterHanded:
    """To the responsible unit."""

    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterExplained:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterDeclined:
    pass


Consequence = MatterReferred | MatterHanded | MatterExplained | MatterDeclined


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSetAside:
    """What another session came to when the matter had its outcome: it goes nowhere, and stands here."""

    session: str
    outcome: Outcome
    at: datetime


MatterEvent = (
    MatterProposed
    | MatterAccepted
    | MatterRefused
    | MatterResearched
    | MatterInformed
    | MembersInvited
    | SessionReserved
    | OutcomeRecorded
    | OutcomeSetAside
    | MatterReferred
    | MatterHanded
    | MatterExplained
    | MatterDeclined
    | MeetingDecided
    | MatterImplemented
    | MatterSupervised
    | MatterFedBack
    | FollowingEvent
    | WatchingEvent
    | Resettled
)
