"""Each list as a table to save: what its reader is shown there, never who anybody is."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from chassis.exports import Column, Table
from chassis.identity import Subject
from chassis.listing import Sheet, Told, coded, says

from .desk import OrganisationsDesk, names
from .domain.complaint import Complaint, ComplaintGround, Outcome
from .domain.counts import HOUR
from .domain.group import GroupKind, GroupStatus
from .domain.incubation import IncubationStatus, Tier
from .domain.kinds import Kind, Sector, Status
from .domain.meeting import MeetingLevel
from .domain.need import NeedStatus
from .domain.volunteer import ServiceKind
from .vocabulary import WORDS

Names = Mapping[str, Mapping[str, str]]


class ListName(StrEnum):
    ORGANISATIONS = "organisations"
    GROUPS = "groups"
    VOLUNTEERS = "volunteers"
    NEEDS = "needs"
    COMPLAINTS = "complaints"
    INCUBATIONS = "incubations"
    CONTACTS = "contacts"
    MEETINGS = "meetings"
    DRAWS = "draws"


async def table(desk: OrganisationsDesk, of: ListName, reader: Subject) -> Table:
    sheet = SHEETS[of](await names(desk))
    return await sheet.of(getattr(desk, of.value), reader)


def counts(name: str, title: str) -> Told:
    """How many of them the record has."""
    return Column(name, title), lambda held: len(getattr(held.aggregate, name))


ID: Told = (Column("id", "编号"), lambda held: held.id)


def placed(known: Names) -> tuple[Told, ...]:
    return (
        says(Column("street", "街道", known["street"])),
        says(Column("community", "社区", known["community"])),
    )


def organisations(known: Names) -> Sheet[Any]:
    return Sheet(
        "社会组织",
        (
            says(Column("code", "代码")),
            says(Column("name", "名称")),
            says(coded("kind", "类型", Kind, WORDS)),
            says(coded("sector", "类别", Sector, WORDS)),
            *placed(known),
            says(Column("supervising", "业务主管单位", known["units"])),
            says(coded("status", "状态", Status, WORDS)),
            says(Column("certificate", "登记证书编号")),
            says(Column("registered_on", "登记日期")),
            (Column("grade", "评估等级"), lambda held: _grade(held.aggregate)),
            (Column("listed_as", "名单", WORDS), lambda held: _lists(held.aggregate)),
        ),
    )


def _grade(one: Any) -> int | None:
    return one.rating.grade if one.rating else None


def _lists(one: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(held.list.value for held in one.listings if held.stands))


def groups(known: Names) -> Sheet[Any]:
    return Sheet(
        "社区群众组织",
        (
            ID,
            says(Column("name", "名称")),
            says(coded("kind", "类型", GroupKind, WORDS)),
            *placed(known),
            says(coded("status", "状态", GroupStatus, WORDS)),
            says(Column("number", "备案号")),
            says(Column("filed_on", "备案日期")),
            says(Column("members", "人数")),
            counts("activities", "活动次数"),
            says(Column("last", "最近活动")),
        ),
    )


def volunteers(known: Names) -> Sheet[Any]:
    return Sheet(
        "志愿者",
        (
            ID,
            says(Column("roll_number", "登记号")),
            *placed(known),
            says(Column("organisation", "所属组织", known["supplier"])),
            says(coded("offers", "服务意愿", ServiceKind, WORDS)),
            says(Column("active", "在册")),
            (Column("hours", "服务小时"), lambda held: held.aggregate.given // HOUR),
            (Column("balance", "可支取分钟"), lambda held: held.aggregate.balance),
            says(Column("registered_at", "登记时间")),
        ),
    )


def needs(known: Names) -> Sheet[Any]:
    return Sheet(
        "志愿服务需求",
        (
            ID,
            *placed(known),
            says(coded("kind", "服务类型", ServiceKind, WORDS)),
            says(Column("what", "内容")),
            says(Column("minutes", "分钟")),
            says(coded("status", "状态", NeedStatus, WORDS)),
            says(Column("asked_at", "提出时间")),
        ),
    )


def complaints(known: Names) -> Sheet[Any]:
    return Sheet(
        "投诉举报",
        (
            ID,
            says(Column("organisation", "社会组织", known["supplier"])),
            says(Column("called", "自称")),
            says(Column("street", "街道", known["street"])),
            says(coded("ground", "事由", ComplaintGround, WORDS)),
            says(Column("taken_at", "受理时间")),
            says(coded("outcome", "处理结果", Outcome, WORDS)),
            says(Column("document", "决定文书")),
            says(Column("published_at", "公开时间")),
            (Column("revoked_by", "撤销决定文号"), lambda held: _revoked_by(held.aggregate)),
        ),
    )


def _revoked_by(one: Complaint) -> str | None:
    """Of a penalty or ban that holds no longer."""
    return one.revoked.document if one.revoked else None


def incubations(known: Names) -> Sheet[Any]:
    return Sheet(
        "孵化培育",
        (
            ID,
            says(Column("called", "名称")),
            says(coded("tier", "层级", Tier, WORDS)),
            *placed(known),
            says(coded("status", "状态", IncubationStatus, WORDS)),
            says(Column("entered_at", "入驻时间")),
            counts("used", "免费服务次数"),
            counts("assessed", "评估次数"),
        ),
    )


def contacts(known: Names) -> Sheet[Any]:
    return Sheet(
        "社工联系志愿者计划",
        (
            ID,
            *placed(known),
            says(Column("year", "年度")),
            counts("contacts", "计划次数"),
            (Column("kept", "已联系"), lambda held: _kept(held.aggregate.contacts)),
            (Column("missed", "逾期"), lambda held: _missed(held.aggregate.contacts)),
        ),
    )


def meetings(known: Names) -> Sheet[Any]:
    return Sheet(
        "联席会议",
        (
            ID,
            says(coded("level", "层级", MeetingLevel, WORDS)),
            says(Column("street", "街道", known["street"])),
            says(Column("on", "日期")),
            says(Column("agenda", "议程")),
            says(Column("decision", "决定")),
            says(Column("called_off", "取消的理由")),
            counts("tasks", "任务数"),
            (Column("missed", "逾期"), lambda held: _missed(held.aggregate.tasks)),
        ),
    )


def _kept(contacts: Any) -> int:
    return sum(one.kept_on is not None for one in contacts)


def _missed(those: Any) -> int:
    return sum(one.missed for one in those)


def draws(known: Names) -> Sheet[Any]:
    return Sheet(
        "随机抽查",
        (
            ID,
            says(Column("unit", "单位", known["units"])),
            says(Column("year", "年度")),
            counts("candidates", "候选数"),
            says(Column("size", "抽取数量")),
            says(Column("seed", "抽签种子")),
            says(Column("chosen", "抽中", known["supplier"])),
        ),
    )


SHEETS: Mapping[ListName, Callable[[Names], Sheet[Any]]] = {
    ListName.ORGANISATIONS: organisations,
    ListName.GROUPS: groups,
    ListName.VOLUNTEERS: volunteers,
    ListName.NEEDS: needs,
    ListName.COMPLAINTS: complaints,
    ListName.INCUBATIONS: incubations,
    ListName.CONTACTS: contacts,
    ListName.MEETINGS: meetings,
    ListName.DRAWS: draws,
}
