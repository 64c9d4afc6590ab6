"""What people here call the fields of a request: contracts and evaluations."""

TITLES = {
    "amount": "金额（分）",
    "for": "用途",
    "management": "管理得分",
    "output": "产出得分",
    "parts": "分项得分",
    "professional": "专业得分",
    "project": "项目",
    "quality": "质量得分",
    "stage": "评估阶段",
}
