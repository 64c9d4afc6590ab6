"""What partners and readers of the feed call the fields of a request."""

TITLES = {
    "after": "起始序号",
    "clean": "是否无不良",
    "data": "数据",
    "on": "登记日期",
    "place": "地点",
    "reference": "合作方编号",
    "point": "测量点",
    "register_kind": "登记种类",
    "reported_at": "反映时间",
    "serious": "是否严重失信",
    "specversion": "规范版本（specversion）",
    "subject": "对象",
    "values": "数值",
}
