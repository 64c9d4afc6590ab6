"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

REFORM = "官办通〔2017〕52号"
DIRECTLY = f"{REFORM} （二）1"
APPROVED_FIRST = f"{REFORM} （二）2"
EXAMINING = f"{REFORM} （二）3"
FOUNDING = f"{REFORM} （二）4"
LISTING = f"{REFORM} （三）3"

RULES = Rulebook(
    Rule(
        id="O-01",
        text="行业协会商会、科技类、公益慈善类、城乡社区服务类社会组织直接向民政部门申请登记；其他类别须先经业务主管单位书面审查同意。",
        clauses=(DIRECTLY, APPROVED_FIRST),
    ),
    Rule(
        id="O-02",
        text="登记不作即时办理事项：名称、宗旨、业务范围、资金、发起人和拟任负责人逐项审查，听取利害关系人和有关部门意见，需要时请专家论证（最短审查期由平台默认）。业务范围清晰、专一；基金会以资助为主；须经许可的事项，取得许可前不得列入业务范围。",
        clauses=(EXAMINING,),
    ),
    Rule(
        id="O-03",
        text="不予登记：特定群体、宗族类、维权类，危害统一、违反法律的；省外学校校友会和中小学校友会；地域性分支机构；在另一组织之上设立的垂直领导机构。",
        clauses=(EXAMINING,),
    ),
    Rule(
        id="O-04",
        text="发起人对材料的真实和发起前的活动负责；主要发起人为第一任负责人；失信被执行人限制作为发起人，不登记为负责人；领导干部须经批准；不良行为有记录。",
        clauses=(FOUNDING,),
    ),
    Rule(
        id="O-10",
        text="列入异常名录、黑名单须写明事由并告知，给予申辩机会（平台默认10个工作日），改正后或期满移出；名单与税收优惠、职能转移、购买服务挂钩。",
        clauses=(LISTING,),
    ),
)
