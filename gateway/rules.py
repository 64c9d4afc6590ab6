"""The gateway's own rules; they are the platform's, so they cite no clause."""

from chassis.kernel.rule import Rule, Rulebook

RULES = Rulebook(
    Rule(
        id="G-01",
        text="推送地址按其状态操作：推送中可暂停，已暂停或已停用可恢复，删除后不再操作。",
    ),
    Rule(id="G-02", text="每个单位登记的推送地址有上限。"),
    Rule(
        id="G-03",
        text="合作方可由区管理员暂停和恢复；暂停期间不接收其事件，不供其读取，也不向其推送，恢复后补推。",
    ),
)
