"""What people here call the fields of a request: committees and matters."""

TITLES = {
    "committee": "协商委员会",
    "disagreement": "不同意见",
    "explanation": "说明",
    "findings": "调研情况",
    "ground": "依据",
    "guidance": "指导意见",
    "interested": "有利害关系的席位",
    "invited": "机动委员",
    "members": "成员",
    "non_party": "非中共党员",
    "outcome": "结果",
    "present": "到会席位",
    "seat": "席位",
    "serves": "服务对象",
    "subject": "议题",
    "target": "移交对象",
    "why": "邀请缘由",
}
