"""The table of an indicator system, as it leaves here and comes back: a line is a measuring point."""

from collections.abc import Mapping

from chassis.tables.columns import Column

from .domain.decisions import Measures

YES = {"是": "yes", "否": ""}
MEASURES = {
    "全区": Measures.DISTRICT.value,
    "街道": Measures.STREET.value,
    "社区": Measures.COMMUNITY.value,
}
WEIGHTS = ("weight1", "weight2", "weight3", "weight")


def system_columns(sources: Mapping[str, str]) -> tuple[Column, ...]:
    """One line a measuring point; what is said of the whole system stands on each of its lines."""

    def column(name: str, title: str, about: str, *, number: bool = False) -> Column:
        return Column(name=name, title=title, about=about, number=number)

    def yes(name: str, title: str, about: str) -> Column:
        return Column(name=name, title=title, about=about, words=YES, listed=("是", "否"))

    weights = ("一级权重", "二级权重", "三级权重", "测量点权重")
    return (
        column(
            "system",
            "版本号",
            "全区的为年份，例如 2027；其他为代码。已有的版本不改动，请另编版本号。",
        ),
        column("document", "文件", "所依据的文件文号。"),
        Column(
            name="measures",
            title="考核对象",
            about="全区、街道或社区。",
            words=MEASURES,
            listed=tuple(MEASURES),
        ),
        column("owner", "单设部门", "由区统一考核的留空；部门单设的填部门代码。"),
        column("law", "法律依据", "部门单设的必填。"),
        column("level1", "一级指标", "名称。"),
        column("level2", "二级指标", "名称。"),
        column("level3", "三级指标", "名称。"),
        column("name", "测量点", "名称，同一指标下不重复。"),
        column("unit", "单位", "没有单位的填“无”。"),
        column("attribute", "属性", "约束性或预期性。"),
        column("data_source", "数据来源", f"部门，多个用顿号隔开：{'、'.join(sources)}。"),
        column("baseline", "当下值", "十进制数；没有的留空。", number=True),
        column("goals", "目标值", "≥、＞、≤ 或 ＝ 加数值，两个目标用分号隔开；定性的留空。"),
        yes("graded", "定性", "由评定单位评定、没有数值的填“是”。"),
        yes("satisfaction", "居民满意度", "由居民评价的填“是”。"),
        yes("veto", "一票否决", "对社区不设。"),
        *(
            column(name, title, "万分之几，同一上级之下合计一万；都留空即相等。", number=True)
            for name, title in zip(WEIGHTS, weights, strict=True)
        ),
    )
