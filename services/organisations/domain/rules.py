"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

REFORM = "官办通〔2017〕52号"
DIRECTLY = f"{REFORM} （二）1"
APPROVED_FIRST = f"{REFORM} （二）2"
EXAMINING = f"{REFORM} （二）3"
FOUNDING = f"{REFORM} （二）4"
LISTING = f"{REFORM} （三）3"
HEADS = f"{REFORM} （三）1"
OFFICIALS = f"{REFORM} （七）4"
PROJECTS = "官办通〔2019〕77号"
RATING = f"{REFORM} （六）3"
SPOT_CHECKS = f"{PROJECTS} 四（五）2"
LEAVING = f"{REFORM} （三）7"
GUIDE = "官社建办通〔2018〕15号"
FIRST_LOOK = f"{PROJECTS} 四（三）2"
TIME_BANK = f"{GUIDE} 二（三）2"
LINKAGE = "官办通〔2017〕51号"
VOLUNTEERING = f"{LINKAGE} 三（三）3"
COMPLAINTS = f"{REFORM} （三）5"
INCUBATING = f"{LINKAGE} 三（二）1"

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
        id="O-05",
        text="社区群众组织先备案、后活动：群众组织提出，社区初审，街道备案；同一社区内不新设同名的，因社区合并同名的由街道更名（平台规定）。到2020年城市社区平均不少于10个、村改居社区不少于5个社会组织，每个社区不少于10个自组织，目标与数量一并显示。",
        clauses=(FIRST_LOOK, f"{REFORM} （四）1", f"{PROJECTS} 四（三）1—2"),
    ),
    Rule(
        id="O-06",
        text="负责人任职前公示（天数为平台默认）；法定代表人述职，离任审计；领导干部经批准至多兼任一个职务，在职公务员不得担任基金会、社会服务机构的负责人。",
        clauses=(HEADS, OFFICIALS),
    ),
    Rule(
        id="O-07",
        text="会员大会、理事会、涉外活动、大额投资和捐赠、诉讼和处罚、重要社情、突发事件等重大事项，事前（或当日）和事后书面报告；没有事前报告的记为迟报（事后报告的期限为平台默认）。",
        clauses=(f"{REFORM} （三）6",),
    ),
    Rule(
        id="O-08",
        text="每年检查，并向社会公开年度报告：登记、评估、执法、重大活动、资金、捐赠使用；逾期未报的告知后列入异常名录（期限为平台默认）。",
        clauses=(f"{PROJECTS} 四（五）1",),
    ),
    Rule(
        id="O-09",
        text="由独立评估机构评定一至五A级，注明有效期（至多年数为平台默认）；3A以上的奖励、优先，4A以上的简化年检（简化后的事项为平台默认）。",
        clauses=(RATING, f"{GUIDE} 二（二）3"),
    ),
    Rule(
        id="O-10",
        text="列入异常名录、黑名单须写明事由并告知，给予申辩机会（平台默认10个工作日），改正后或期满移出；名单与税收优惠、职能转移、购买服务挂钩。业务主管单位和民政部门每年随机抽查：先定名单，由另一单位以公开的种子抽签（平台默认）。",
        clauses=(LISTING, SPOT_CHECKS),
    ),
    Rule(
        id="O-11",
        text="严重违法违规的吊销登记证书，骗取登记的撤销登记，自行终止的注销，长期不活动或管理混乱的清理；终止须清算，剩余财产不得分配。社区群众组织两年以上不活动的，取消登记或备案。",
        clauses=(LEAVING, f"{PROJECTS} 四（五）3", f"{GUIDE} 二（二）2"),
    ),
    Rule(
        id="O-12",
        text="投诉举报受理后作出处理，处罚和取缔决定公开；投诉人和投诉内容密封，凭理由查看并留痕。未登记的予以取缔。",
        clauses=(COMPLAINTS,),
    ),
    Rule(
        id="O-13",
        text="登记、年检、负责人变更时同步核查党建情况，只记形式和人数，不记姓名。达到规定人数的同步建立党组织（人数为平台默认）。",
        clauses=(f"{PROJECTS} 四（一）1",),
    ),
    Rule(
        id="O-14",
        text="区孵化基地、街道指导中心、社区工作站入驻孵化，免费使用场地、设备、培训、信息和项目支持，评估进展，登记或备案后出壳，或终止孵化。",
        clauses=(INCUBATING, f"{PROJECTS} 四（二）1"),
    ),
    Rule(
        id="O-15",
        text="志愿者登记，服务有记录并由接受方确认，形成积分、奖励和成效评估；时长可以支取为所受服务，供需匹配，账户不低于零。时间不重叠，每天不超过24小时，不自己确认，冲正单独记账；积分、等级、奖励和有效期为平台默认。姓名密封。",
        clauses=(VOLUNTEERING, TIME_BANK),
    ),
    Rule(
        id="O-16",
        text="社区社会工作者按计划定期、定向联系志愿者，计划和结果有记录，逾期未联系的留痕。",
        clauses=(VOLUNTEERING,),
    ),
    Rule(
        id="O-17",
        text="区、街道召开联席会议，议程、决定、任务分工和完成期限有记录，逾期未完成的留痕。",
        clauses=(f"{PROJECTS} 五（三）",),
    ),
)
