"""The service guide (三社联动服务指南): what a project offers to whom, free (A) or paid (B)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .rules import GROUPS, NATURES, POPULATIONS, RULES, SELF_HELP

BASE_TABLES = (1, 2, 3, 4)
"""老年人, 残疾人, 妇女儿童及家庭, 青少年."""
SELF_HELP_TABLE = 7
LEAST_ITEMS = 3
LEAST_FOR_POPULATION = 2
FEW = 20
"""A population of more people than this is served."""


class Nature(StrEnum):
    """公益 and 有偿."""

    FREE = "free"
    PAID = "paid"


class Population(StrEnum):
    """优抚对象; 药物滥用者、社区矫正人员; 特困人员: each counts by itself (ours)."""

    VETERANS = "veterans"
    CORRECTED = "corrected"
    DESTITUTE = "destitute"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideItem:
    """One item of one table, such as `1-2`; `other` is 其他服务, which says nothing by itself."""

    code: str
    table: int
    table_name: str
    group: str
    name: str
    natures: tuple[Nature, ...]
    other: bool
    population: Population | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One item that a project offers; `price` and the `market`'s in fen, of a paid one alone."""

    code: str
    nature: Nature
    content: str = ""
    price: int | None = None
    market: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many people of a population live in the community."""

    population: Population
    people: int


def check(
    services: Iterable[Service], counted: Iterable[Counted], guide: Iterable[GuideItem]
) -> None:
    """P-05: every item as the guide has it, and enough of them for everybody."""
    offered, known = tuple(services), {one.code: one for one in guide}
    if len({one.code for one in offered}) < len(offered):
        raise Malformed("不得重复。", field="services")
    for one in offered:
        allowed(one, known.get(one.code))
    mostly_free((one.nature for one in offered), "services")
    _groups(offered, known)
    _populations(offered, known, tuple(counted))


def all_counted(counted: Iterable[Counted], guide: Iterable[GuideItem]) -> None:
    """P-05 (ours): who says nothing of a population would owe it nothing; where there is nobody, it says 0."""
    left = {*Population} - {one.population for one in counted}
    names = dict.fromkeys(one.group for one in guide if one.population in left)
    if left:
        detail = f"须写明各类特定人群的人数，没有的写 0：尚缺{'；'.join(names)}。"
        raise RuleBroken(RULES["P-05"], detail, clause=OURS, field="populations")


def mostly_free(natures: Iterable[Nature], field: str) -> None:
    """P-05 (ours, for 少量): paid services are less than half of all."""
    every = Counter(natures)
    if every[Nature.PAID] >= max(every[Nature.FREE], 1):
        detail = "有偿服务应少于公益服务。"
        raise RuleBroken(RULES["P-05"], detail, clause=NATURES, field=field)


def allowed(service: Service, item: GuideItem | None) -> None:
    """P-05: one service by itself."""
    if item is None:
        detail = f"服务指南中没有 {service.code}。"
        raise RuleBroken(RULES["P-05"], detail, clause=GROUPS, field="services")
    if item.other:
        required_by(
            RULES["P-05"], service.content, "content", "其他服务须写明内容。", clause=GROUPS
        )
    if service.nature not in item.natures:
        detail = f"{item.name}不是这一性质的服务。"
        raise RuleBroken(RULES["P-05"], detail, clause=NATURES, field="nature")
    _priced(service)


def _priced(service: Service) -> None:
    """Free is free; what is paid is not above the market."""
    if service.nature is Nature.FREE:
        if service.price is not None or service.market is not None:
            raise RuleBroken(RULES["P-05"], "公益服务不收费。", clause=NATURES, field="price")
        return
    if service.price is None or service.market is None or service.price <= 0:
        detail = "有偿服务须写明收费和市场价。"
        raise RuleBroken(RULES["P-05"], detail, clause=NATURES, field="price")
    if service.price > service.market:
        raise RuleBroken(RULES["P-05"], "收费不得高于市场价。", clause=NATURES, field="price")


def _groups(offered: tuple[Service, ...], known: Mapping[str, GuideItem]) -> None:
    in_table = Counter(known[one.code].table for one in offered)
    for table in BASE_TABLES:
        if in_table[table] < LEAST_ITEMS:
            [name, *_] = (one.group for one in known.values() if one.table == table)
            detail = f"{name}的服务不少于 {LEAST_ITEMS} 项。"
            raise RuleBroken(RULES["P-05"], detail, clause=GROUPS, field="services")
    chosen = {one.code for one in offered}
    for item in known.values():
        if item.table == SELF_HELP_TABLE and not item.other and item.code not in chosen:
            detail = f"居民自助互助服务缺少{item.name}。"
            raise RuleBroken(RULES["P-05"], detail, clause=SELF_HELP, field="services")


def _populations(
    offered: tuple[Service, ...], known: Mapping[str, GuideItem], counted: tuple[Counted, ...]
) -> None:
    if len({one.population for one in counted}) < len(counted):
        raise Malformed("不得重复。", field="populations")
    served = Counter(known[one.code].population for one in offered)
    for one in counted:
        if one.people > FEW and served[one.population] < LEAST_FOR_POPULATION:
            [name, *_] = (two.group for two in known.values() if two.population is one.population)
            detail = f"{name}超过 {FEW} 人，服务不少于 {LEAST_FOR_POPULATION} 项。"
            raise RuleBroken(RULES["P-05"], detail, clause=POPULATIONS, field="populations")
