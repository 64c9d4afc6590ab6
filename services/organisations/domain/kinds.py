"""What organisations are, and where each stands."""

from enum import StrEnum


class Kind(StrEnum):
    """社会团体, 社会服务机构, 基金会."""

    ASSOCIATION = "association"
    SERVICE_INSTITUTION = "service_institution"
    FOUNDATION = "foundation"


class Sector(StrEnum):
    """行业协会商会, 科技, 公益慈善, 城乡社区服务; whatever else there is needs its supervising unit first."""

    TRADE = "trade"
    SCIENCE = "science"
    WELFARE = "welfare"
    COMMUNITY_SERVICE = "community_service"
    OTHER = "other"


class Status(StrEnum):
    APPLIED = "applied"
    EXAMINED = "examined"
    REGISTERED = "registered"
    REFUSED = "refused"
    LIQUIDATING = "liquidating"
    ENDED = "ended"


class Item(StrEnum):
    """What is examined before a registration (O-02)."""

    NAME = "name"
    PURPOSE = "purpose"
    SCOPE = "scope"
    FUNDS = "funds"
    FOUNDERS = "founders"
    HEADS = "heads"


class Exclusion(StrEnum):
    """What isn't registered (O-03)."""

    SPECIAL_GROUP = "special_group"
    CLAN = "clan"
    RIGHTS_CAMPAIGN = "rights_campaign"
    HARMFUL = "harmful"
    ALUMNI_OUTSIDE = "alumni_outside"
    ALUMNI_SCHOOL = "alumni_school"
    REGIONAL_BRANCH = "regional_branch"
    SET_OVER_ANOTHER = "set_over_another"


class ListKind(StrEnum):
    """异常名录, 黑名单."""

    ABNORMAL = "abnormal"
    BLACKLIST = "blacklist"


class Ground(StrEnum):
    """Why an organisation is listed (ours, by what the rules demand)."""

    REPORT_MISSED = "report_missed"
    MATTER_UNREPORTED = "matter_unreported"
    CHARTER = "charter"
    FUNDS = "funds"
    UNREACHABLE = "unreachable"
    FRAUD = "fraud"
    SERIOUS_BREACH = "serious_breach"


class Left(StrEnum):
    """How a listing ended: what was wrong was put right, it was entered in error (ours), its term is over, or it
    was never entered.
    """

    PUT_RIGHT = "put_right"
    IN_ERROR = "in_error"
    TERM = "term"
    DROPPED = "dropped"


class Post(StrEnum):
    """负责人, 法定代表人, 副职, 监事."""

    HEAD = "head"
    LEGAL = "legal_representative"
    DEPUTY = "deputy"
    SUPERVISOR = "supervisor"


class PartyForm(StrEnum):
    """How the party is there: a branch of its own, a joint one, a liaison, or not due. Never who."""

    BRANCH = "branch"
    JOINT = "joint"
    LIAISON = "liaison"
    NOT_DUE = "not_due"


class MatterKind(StrEnum):
    """What is reported before and after (O-07)."""

    ASSEMBLY = "assembly"
    COUNCIL = "council"
    FOREIGN = "foreign"
    INVESTMENT = "investment"
    DONATION = "donation"
    LITIGATION = "litigation"
    PENALTY = "penalty"
    SOCIAL = "social"
    EMERGENCY = "emergency"


class CheckItem(StrEnum):
    """What a yearly check looks at (O-08)."""

    REGISTRATION = "registration"
    GOVERNANCE = "governance"
    FUNDS = "funds"
    ACTIVITIES = "activities"
    PARTY = "party"


class CheckResult(StrEnum):
    PASSED = "passed"
    TO_PUT_RIGHT = "to_put_right"
    FAILED = "failed"


class Ending(StrEnum):
    """吊销 of a serious breach, 撤销 of fraud, 注销 by itself, 清理 of a sleeping or disordered one."""

    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DISSOLVED = "dissolved"
    CLEANED_UP = "cleaned_up"
