"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

RULES = Rulebook(
    Rule(
        id="I-01",
        text="指标体系为4个一级、11个二级、27个三级指标和42个测量点；印刷内容与附注不一致处照印刷保留并列出差异。",
        clauses=("官发〔2019〕3号 附件2",),
    ),
    Rule(
        id="I-02",
        text="每个测量点有2020年目标值、单位、属性（约束性或预期性）和数据来源部门，缺项照列；"
        "印刷内容存疑处逐项列出，由区里认定，不自行认定。",
        clauses=("官发〔2019〕3号 附件2",),
    ),
    Rule(
        id="I-11",
        text="街道记分卡由事件实时生成，按季度统计（以首次办结所在季度计，北京时间）；每个数字都可以展开到其背后的事件。",
        clauses=("官办通〔2019〕80号 四.6",),
    ),
    Rule(
        id="I-12",
        text="同一事件无论送达多少次、以何种顺序送达只计一次；重放全部历史得到逐位相同的记分卡。",
    ),
)
