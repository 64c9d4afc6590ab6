"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

NEW_RESIDENCES = "官民函〔2021〕64号 一"
STANDARD = "官发〔2018〕15号 三.3.2"

RULES = Rulebook(
    Rule(
        id="H-03",
        text="新建住宅项目按每百户不少于30平方米无偿提供社区用房；不足百户的按比例计算，精确到0.01平方米，四舍五入。",
        clauses=(NEW_RESIDENCES, STANDARD),
    ),
    Rule(
        id="H-06",
        text="协议由开发企业与街道签订，写明项目、户数、应提供面积和到期日；可分批移交，未移交面积为应提供减已移交，多移交的记为结余，不为负数；移交完毕后不再延期或撤销，撤销后不再移交或延期。",
    ),
    Rule(
        id="H-07",
        text="协议过了到期日仍有面积未移交的，每个到期日公布一次；延期须写明理由和更晚的到期日，到期后也可延期，但已错过的到期日不撤销，历史保留。",
    ),
    Rule(
        id="H-09",
        text="面积精确到0.01平方米，以十进制文本填报，不取近似值。",
    ),
    Rule(
        id="H-11",
        text="社区登记册可逐条新增或修改，每次须写明理由，历次登记全部保留。",
    ),
)
