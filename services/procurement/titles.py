"""What people here call the fields of a request: contracts and evaluations."""

TITLES = {
    "amount": "金额（分）",
    "duties": "权利义务",
    "findings": "验收意见",
    "for": "用途",
    "instalment": "款项",
    "liability": "违约责任",
    "management": "管理得分",
    "object": "标的",
    "output": "产出得分",
    "parts": "分项得分",
    "payment": "付款方式",
    "passed": "验收合格",
    "professional": "专业得分",
    "project": "项目",
    "quality": "质量得分",
    "quantity": "数量",
    "scope": "服务范围",
    "stage": "评估阶段",
    "until": "合同期限",
}
