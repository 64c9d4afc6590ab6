"""What people here call the fields of a request: scorecards, figures and their evidence."""

TITLES = {
    "assessor": "评定单位",
    "due": "截止日",
    "edition": "版次",
    "evidence": "佐证",
    "figure": "数字",
    "grade": "评定",
    "grades": "评定",
    "page": "页码",
    "point": "测量点",
    "quarter": "季度",
    "table": "报表名称",
    "version": "版本",
}
