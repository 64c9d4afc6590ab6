"""The menu: one entry for each service, the only place that knows a service by its name.

A list that isn't named here is below its section all the same, with default columns; a service that isn't named here
has a section under its own name.
"""

from collections.abc import Mapping
from typing import Any

from .declared import Figures, Lead, Section, Shows, columns
from .described import Beginning, Described, Listed, Schema

OVERSEEING = frozenset(("district_admin", "discipline", "party_committee", "finance"))
"""Who sees what is done and not what a resident wrote or photographed."""
PROJECTS = (("project", ("solicitations", "contracts")),)
"""A project is known by its code alone: in calls, and in the contracts of its years."""
SECTIONS = (
    Section(
        title="吹哨",
        service="whistle",
        pages=(("看板", "board"), ("排行榜和通报", "ranks"), ("年度考核", "years")),
        lists={
            "whistles": Shows(
                columns=columns("title kind status street community lead blown_at"),
                states=("blown", "dispatched", "arrived", "handled", "verified", "evaluated"),
                back=("returns",),
                views=(("居民照片", "photos"),),
                kept_from=OVERSEEING,
            ),
            "problems": Shows(
                columns=columns("title category status street community collected_at"),
                states=("collected", "triaged"),
                leads=(
                    Lead(
                        step="whistles.blow",
                        field="problem",
                        states=("triaged",),
                        carries=("kind",),
                    ),
                ),
                views=(("居民照片", "photos"),),
                kept_from=OVERSEEING,
            ),
            "accountability": Shows(
                columns=columns("holder status street community category opened_at")
            ),
            "unplaced": Shows(columns=columns("category status taken_at"), states=("waiting",)),
            "units": Shows(columns=columns("kind serves valid_from")),
        },
    ),
    Section(
        title="协商",
        service="consultation",
        pages=(("会议日历", "calendar"),),
        figures=(
            Figures(
                title="本年的社区协商覆盖率", path="/consultation/coverage", asks=(("year", ""),)
            ),
        ),
        lists={
            "matters": Shows(
                columns=columns("title category status street community proposed_at"),
                leads=(
                    Lead(
                        step="sessions.call",
                        field="matter",
                        states=("researched", "informed"),
                        carries=("committee",),
                    ),
                ),
                beside=tuple(
                    (name, "committee", "members") for name in columns("seats present interested")
                ),
                held=tuple((name, "invited") for name in columns("present interested")),
            ),
            "sessions": Shows(
                columns=columns("called.kind called.place called.held_at status chair"),
                states=("called", "noticed", "open", "adjourned"),
                views=(("会场", "held"),),
                beside=tuple(
                    (name, *where)
                    for name in columns("seat seats")
                    for where in (("called.committee", "members"), ("called.matter", "invited"))
                ),
            ),
            "committees": Shows(
                columns=columns("name level street community term_ends"),
                held=(("present", "members"), ("present", "seats")),
                reads=("members/{seat}/record",),
            ),
            "proposals": Shows(
                columns=columns("title status street community proposed_at"),
                states=("waiting",),
            ),
        },
    ),
    Section(
        title="购买服务",
        service="procurement",
        pages=(("项目进程", "line"),),
        lists={
            "plans": Shows(
                columns=columns("purchaser year status published_at"),
                states=("drafted", "submitted", "reviewed", "examined"),
                leads=tuple(
                    Lead(step=step, field="plan", states=("published",), whose="purchaser")
                    for step in ("solicitations.open", "contracts.sign")
                ),
            ),
            "solicitations": Shows(
                columns=columns("title category year status purchaser closes"),
                beside=(("item", "plan", "items"),),
                states=("open", "ranked", "awarded"),
                views=(("评分表", "sheet"),),
                alike=PROJECTS,
            ),
            "applications": Shows(columns=columns("title closes withdrawn_at")),
            "reviews": Shows(
                columns=columns("title category purchaser closes handed seats done"),
                views=(("评分表", "sheet"),),
                taken=(("score", "sheet"),),
            ),
            "appraisals": Shows(
                columns=columns("title supplier street community stage"),
            ),
            "contracts": Shows(
                columns=columns("title supplier status street community amount year"),
                beside=(("item", "plan", "items"),),
                alike=PROJECTS,
            ),
            "suppliers": Shows(
                columns=columns("name kind registered_at founded_on"),
                views=(("承接资格", "standing"),),
            ),
            "remarks": Shows(columns=columns("what status street supplier")),
            "paid_services": Shows(states=("filed",)),
            "experts": Shows(states=("nominated",)),
            "tips": Shows(states=("true",), by="open"),
        },
    ),
    Section(
        title="两房",
        service="housing",
        pages=(("街道和社区用房", "table"),),
        lists={
            "agreements": Shows(
                columns=columns("project status street community area_owed area_outstanding due"),
                held=(("inspection", "inspections"),),
                views=(("验收和移交", "photos"),),
            ),
            "premises": Shows(
                columns=columns("community street listed_area own_area"),
                views=(("房间和预订", "rooms"),),
            ),
            "communities": Shows(columns=columns("name street kind households valid_from")),
        },
    ),
    Section(
        title="治理指数",
        service="index",
        departments={
            "checklists.import": "supervision_office",
            "findings.find": "supervision_office",
            "innovation.begin_body": "civil_affairs",
            "pilots.designate": "civil_affairs",
        },
        pages=(
            ("填报数据", "figures"),
            ("街道记分卡", "scorecards"),
            ("指数版本", "editions"),
            ("协商民主评价", "evaluations"),
        ),
        lists={
            "checklists": Shows(columns=columns("entered.lead entered.units course due")),
            "observations": Shows(columns=columns("year point units")),
            "improvements": Shows(columns=columns("asked.ask.name asked.units asked.year")),
            "innovation": Shows(
                states=("self", "street", "office", "city"),
            ),
        },
    ),
    Section(
        title="社会组织",
        service="organisations",
        departments={
            "complaints.take": "civil_affairs",
            "incubations.enter": "civil_affairs",
            "meetings.call": "civil_affairs",
            "organisations.apply": "civil_affairs",
            "organisations.enter_registered": "civil_affairs",
        },
        figures=(
            Figures(title="各街道的数量", path="/organisations/counts", asks=(("by", "street"),)),
        ),
        lists={
            "organisations": Shows(
                columns=columns("name kind sector status street community"),
                held=(("seat", "heads"), ("founder", "founders")),
                reads=("file",),
                states=("applied", "examined", "liquidating"),
            ),
            "groups": Shows(
                columns=columns("name kind status street community"),
                states=("proposed", "looked_at"),
            ),
            "needs": Shows(
                columns=columns("what kind status street community asked_at"),
                states=("open", "matched"),
            ),
            "volunteers": Shows(
                columns=columns(
                    "roll_number offers street community organisation registered_at left_at"
                ),
                apart=("roll_number", "offers", "registered_at"),
                held=(("assessed_by", "assessments"),),
                states=("true",),
                by="unconfirmed",
            ),
            "complaints": Shows(
                columns=columns("called ground street outcome taken_at decided_at"),
                states=("false",),
                by="decided",
            ),
            "meetings": Shows(
                columns=columns("level street on decision"),
            ),
            "draws": Shows(
                columns=columns("unit year size listed_at"),
                states=("false",),
                by="drawn",
            ),
            "incubations": Shows(columns=columns("called tier status street community entered_at")),
        },
    ),
    Section(
        title="调解",
        service="mediation",
        departments={"mediators.enlist": "stability", "notices.issue": "stability"},
        figures=(
            Figures(title="本季度的纠纷统计", path="/mediation/figures", asks=(("quarter", ""),)),
            Figures(title="本季度的以奖代补", path="/mediation/rewards", asks=(("quarter", ""),)),
        ),
        lists={
            "cases": Shows(
                columns=columns("dispute risk status street community office"),
                held=(("party", "parties"), ("signed", "parties"), ("agreed", "parties")),
                states=("received", "returned", "accepted", "agreed", "performed"),
            ),
            "notices": Shows(
                columns=columns("office status street quarter until issued_at"),
                states=("notified", "talked", "listed"),
            ),
            "screenings": Shows(columns=columns("level street awaits")),
            "mediators": Shows(
                columns=columns("code grade street community enlisted_at left_at"),
                apart=("code", "grade"),
            ),
        },
    ),
    Section(
        title="社区事务",
        service="affairs",
        departments={
            "admissions.register": "civil_affairs",
            "establishments.approve": "civil_affairs",
            "findings.find": "civil_affairs",
            "findings.hand": "civil_affairs",
            "lists.adopt": "civil_affairs",
        },
        figures=(Figures(title="各街道的数量", path="/affairs/counts", asks=(("by", "street"),)),),
        lists={
            "admissions": Shows(
                columns=columns("item unit street community status asked_at"),
                offices=(("heard", ("street", "community")),),
                states=(
                    "applied",
                    "reviewed",
                    "admitted",
                    "arranged",
                    "entered",
                    "falling_short",
                    "confirmed_short",
                ),
            ),
            "intrusions": Shows(
                columns=columns("item unit street community status reported_at"),
                states=("reported", "found"),
            ),
            "pay": Shows(
                columns=columns("street quarter status opened_at"),
                states=("open", "submitted", "approved"),
            ),
            "proofs": Shows(
                columns=columns("what paper status street community asked_at"),
                written=(("what", ("seal", "certificates")),),
                states=("asked",),
            ),
            "cases": Shows(
                columns=columns("about kind status street community opened_at"),
                states=("running",),
                held=(("stage", "flow"),),
                offices=(("second", ("street", "department")),),
            ),
            "contracts": Shows(
                columns=columns("subject fen status street community submitted_at"),
                states=("submitted", "passed"),
            ),
            "charters": Shows(
                columns=columns("kind status street community drafted_at published_at"),
                states=("draft", "sent", "filed"),
            ),
            "disclosures": Shows(
                columns=columns("template.affairs template.what street community awaits"),
            ),
            "findings": Shows(
                columns=columns("what checked office status street community until"),
                by_name=("office",),
                states=("open",),
            ),
            "workers": Shows(
                columns=columns("posts street community taken_at"), apart=("posts", "taken_at")
            ),
            "establishments": Shows(
                columns=columns("street community approved document approved_at"), code="community"
            ),
            "lists": Shows(code="list"),
        },
    ),
    Section(
        title="合作方",
        service="gateway",
        lists={"webhooks": Shows(views=(("推送进度", "deliveries"),))},
    ),
)
NOTHING = Shows()
SINGLE = frozenset(("string", "integer", "number", "boolean"))
BOOKED = frozenset(("id", "code", "at", "clock"))
ENOUGH = 7
"""Columns of a list that nobody has chosen any for."""


def menu(described: Described) -> list[Section]:
    """The sections of the services that are there; those nobody named come last."""
    there = {one.service for one in described.lists.values()}
    named = [section for section in SECTIONS if section.service in there]
    known = {section.service for section in named}
    others = [
        Section(title=title, service=service)
        for service, title in described.services.items()
        if service in there and service not in known
    ]
    return named + others


def section_of(service: str) -> Section:
    return next((one for one in SECTIONS if one.service == service), Section(title="", service=""))


def called(described: Described, service: str) -> str:
    """As the menu has it, also where it has said nothing of itself."""
    return section_of(service).title or described.services.get(service, service)


def may_begin(step: Beginning, kind: str, code: str) -> bool:
    """Whether it is offered to that office."""
    only = section_of(step.service).departments.get(f"{step.collection}.{step.name}", code)
    return kind in step.who and (kind != "department" or code == only)


def shows(one: Listed) -> Shows:
    return section_of(one.service).lists.get(one.name, NOTHING)


def column(described: Described, one: Listed, name: str) -> Schema:
    """What stands in it; `opened.street` in what stands in `opened`."""
    shape: Schema = one.state
    for part in name.split("."):
        shape = described.plain(shape.get("properties", {}).get(part, {}))[0]
    return shape


def reached(state: Any, name: str) -> Any:
    """What stands there of one; None where nothing does."""
    for part in name.split("."):
        state = state.get(part) if isinstance(state, Mapping) else None
    return state


def columns_of(described: Described, one: Listed) -> tuple[str, ...]:
    """Those that were chosen, or the first that hold a single value, in what it began with where not by itself."""
    if chosen := shows(one).columns:
        known = one.state.get("properties", {})
        return tuple(name for name in chosen if name.partition(".")[0] in known)
    found = []
    for name in one.state.get("properties", {}):
        shape = column(described, one, name)
        inner = [f"{name}.{part}" for part in shape.get("properties", {})]
        found += [
            each for each in inner or [name] if column(described, one, each).get("type") in SINGLE
        ]
    return tuple(each for each in found if each.rpartition(".")[2] not in BOOKED)[:ENOUGH]
