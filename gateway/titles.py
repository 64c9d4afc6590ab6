"""What partners and readers of the feed call the fields of a request."""

TITLES = {
    "after": "起始序号",
    "data": "数据",
    "dispute": "纠纷类别",
    "parties": "当事人方数",
    "place": "地点",
    "reference": "合作方编号",
    "point": "测量点",
    "reported_at": "反映时间",
    "risk": "风险等级",
    "specversion": "规范版本（specversion）",
    "subject": "对象",
    "values": "数值",
}
