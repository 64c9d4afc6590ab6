"""The tables that clerks send: what their columns are called, and what may stand in them."""

from collections.abc import Mapping
from dataclasses import replace

from chassis.tables.columns import Column
from chassis.tables.features import SHAPE

from .domain.community import CommunityKind
from .domain.street import Street
from .domain.yards import YardKind

COMMUNITY_KINDS = {
    "城市社区": CommunityKind.URBAN.value,
    "村改居": CommunityKind.VILLAGE_CONVERTED.value,
    "村改居社区": CommunityKind.VILLAGE_CONVERTED.value,
}
YARD_KINDS = {
    "社区自治管理": YardKind.SELF_GOVERNED.value,
    "公共单位管理": YardKind.PUBLIC_UNIT.value,
    "物业管理": YardKind.PROPERTY_MANAGED.value,
}
HOUSEHOLDS = Column(
    name="households", title="户数", about="整数；不清楚时留空，不要填 0。", number=True
)
OF_A_BUILDING = replace(HOUSEHOLDS, about="整数；没有住户的填 0。")


def register_columns(streets: Mapping[str, Street]) -> tuple[Column, ...]:
    """One line a community."""
    called: dict[str, str] = {}
    for street in streets.values():
        called |= {street.name: street.code, street.name.removesuffix("街道"): street.code}
    return (
        Column(
            name="code",
            title="代码",
            about="社区代码：小写字母、数字、下划线和连字符。",
            aliases=("社区代码",),
        ),
        Column(
            name="name", title="名称", about="社区名称，最多 80 字。", aliases=("社区", "社区名称")
        ),
        Column(
            name="street",
            title="街道",
            about="街道名称或代码，例如 关上街道、关上 或 guanshang。",
            aliases=("所属街道", "街道名称"),
            words=called,
            listed=tuple(street.name for street in streets.values()),
        ),
        Column(
            name="kind",
            title="类型",
            about="城市社区 或 村改居；不清楚时留空。",
            aliases=("社区类型",),
            words=COMMUNITY_KINDS,
            listed=("城市社区", "村改居"),
        ),
        HOUSEHOLDS,
    )


YARDS = (
    Column(
        name="community",
        title="社区代码",
        about="登记册中的社区代码；同一社区的行连在一起。",
        aliases=("社区",),
    ),
    Column(
        name="yard", title="小区代码", about="在本社区内唯一。", aliases=("院落代码", "小区编号")
    ),
    Column(
        name="yard_name", title="小区名称", about="最多 80 字。", aliases=("院落名称", "小区院落")
    ),
    Column(
        name="yard_kind",
        title="管理类型",
        about="社区自治管理、公共单位管理 或 物业管理。",
        aliases=("类型", "小区类型"),
        words=YARD_KINDS,
        listed=tuple(YARD_KINDS),
    ),
    Column(
        name="building", title="楼栋", about="楼栋号，在小区内唯一。", aliases=("楼栋号", "楼号")
    ),
    OF_A_BUILDING,
)
"""One line a building."""

OUTLINES = (
    Column(
        name="community",
        title="社区代码",
        about="登记册中的社区代码。",
        aliases=("code", "代码", "社区"),
    ),
    Column(name=SHAPE, title="范围", about="Polygon 或 MultiPolygon，先经度、后纬度，WGS 84。"),
)
"""One feature a community."""
