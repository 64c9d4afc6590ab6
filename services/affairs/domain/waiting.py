"""Whose move it is (A-02, A-04, A-07, A-08, A-10, A-16, A-17, A-21 to A-26): the offices that something waits for,
by when.

What was missed is awaited still. A street may act for its communities, the district for the leading group's office:
nothing waits for who only stands in. For what one may do and need not, nobody waits.
"""

from chassis.kernel.clock import Awaits, Ends, end_of
from chassis.kernel.offices import DEPARTMENT

from .admission import CIVIL_AFFAIRS, Admission, Status
from .charter import Charter, CharterStatus
from .check import Check, CheckStatus
from .contract import Contract, ContractStatus
from .disclosure import Disclosure, due_of
from .exercise import AGREED, CaseStatus, PowerCase
from .intrusion import Finding, Intrusion
from .months import last_day
from .proof import Proof, ProofStatus
from .sheet import PaySheet, Sheet
from .year import StreetYear

OFFICE = f"{DEPARTMENT}{CIVIL_AFFAIRS}"
"""The leading group's."""
APPROVERS = {
    "organisation": f"{DEPARTMENT}organisation",
    "civil_affairs": OFFICE,
    "finance": "finance",
}
"""Of a quarter's pay: as each acts."""
AS_A_KIND = frozenset({"finance", "discipline"})
"""Units of the register that act as a kind of office, too."""
LEADS = frozenset({Status.APPLIED, Status.REVIEWED, Status.CONFIRMED_SHORT})
STREET_ACTS = frozenset({Status.ADMITTED, Status.FALLING_SHORT})


def of_admission(one: Admission) -> Awaits:
    """Whose step is next; what is claimed to be free, an emergency too, waits for the office to say so (A-02); and of
    work that has begun, who records its funds until they are all there (A-07).

    When a community assesses is its own to say.
    """
    place = f"community:{one.community}" if one.community is not None else f"street:{one.street}"
    found: dict[str, Ends | None] = {}
    if one.status in LEADS or one.claimed:
        found[OFFICE] = _review(one)
    if one.status in STREET_ACTS:
        found[f"street:{one.street}"] = None
    elif one.status is Status.ARRANGED:
        found[place] = None
    if one.entered is not None and one.in_force and one.still_owed:
        found[place] = Ends(due=end_of(one.entered.on))
    return found


def _review(one: Admission) -> Ends | None:
    if one.status is not Status.APPLIED or one.due is None:
        return None
    return Ends(due=one.due, provisional=one.provisional)


def of_intrusion(one: Intrusion) -> Awaits:
    """The street verifies it, and sees it out."""
    open_still = one.status in (Finding.REPORTED, Finding.FOUND)
    return {f"street:{one.street}": None} if open_still else {}


def of_pay(one: PaySheet) -> Awaits:
    """The street submits and pays, by the end of each month; between, whoever hasn't approved. One with which nobody is
    to be paid but what earlier ones said is put right, it submits, too.
    """
    if one.status is Sheet.SUBMITTED:
        said = {each.office for each in one.approvals}
        return {acts: None for office, acts in APPROVERS.items() if office not in said}
    if one.late_when_over:
        return {f"street:{one.street}": Ends(due=end_of(last_day(one.late_when_over[0])))}
    puts_right = one.unpaid or (one.status is Sheet.OPEN and one.corrections)
    return {f"street:{one.street}": Ends(due=one.ends_at)} if puts_right else {}


def of_year(one: StreetYear) -> Awaits:
    """A general training within the year (A-24), and the review of levels, after it as well (A-16)."""
    training = one.closed is None and not one.trainings
    if one.review is not None and not training:
        return {}
    return {f"street:{one.street}": Ends(due=end_of(one.last))}


def of_proof(one: Proof) -> Awaits:
    return {f"community:{one.community}": None} if one.status is ProofStatus.ASKED else {}


def of_power_case(one: PowerCase) -> Awaits:
    """The second office, as whichever it acts; else the community, unless a consultation has yet to decide."""
    if one.status is not CaseStatus.RUNNING:
        return {}
    if one.awaited is not None:
        second = one.awaited.second or ""
        code = second.removeprefix(DEPARTMENT)
        return dict.fromkeys((second, *({code} & AS_A_KIND)))
    if one.flow[len(one.steps)].deliberated and one.outcome not in AGREED:
        return {}
    return {f"community:{one.community}": None}


def of_disclosure(one: Disclosure) -> Awaits:
    """Of what is over and wasn't disclosed, missed or not; while a period runs, nobody can account for it. Of a
    community that is no more, its street.
    """
    office = f"community:{one.community}" if one.last is None else f"street:{one.street}"
    return {office: Ends(due=due_of(one.template, one.owed[0]))} if one.owed else {}


def of_contract(one: Contract) -> Awaits:
    match one.status:
        case ContractStatus.SUBMITTED:
            return {f"street:{one.street}": None}
        case ContractStatus.PASSED:
            return {f"community:{one.community}": None}
        case _:
            return {}


def of_check(one: Check) -> Awaits:
    """Who checks: its street and the leading group's office. Who is responsible takes no step."""
    if one.status is not CheckStatus.OPEN:
        return {}
    by = Ends(due=end_of(one.until)) if one.until is not None else None
    return dict.fromkeys((f"street:{one.street}", OFFICE), by)


def of_charter(one: Charter) -> Awaits:
    """The community talks, sends and publishes; the street judges."""
    match one.status:
        case CharterStatus.DRAFT | CharterStatus.FILED:
            return {f"community:{one.community}": None}
        case CharterStatus.SENT:
            return {f"street:{one.street}": None}
        case CharterStatus.PUBLISHED:
            return {}
