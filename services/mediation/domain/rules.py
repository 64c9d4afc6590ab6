"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

OPINION = "官办通〔2019〕13号"
MEETING = f"{OPINION} （十一）"
WHOSE = f"{OPINION} （十一）"
EARLY = f"{OPINION} （十二）"
COURSE = f"{OPINION} （十二）"
LINKED = f"{OPINION} （十二）"
TOLD = f"{OPINION} （十四）"
FORCE = f"{OPINION} （十五）"
CHARGED = f"{OPINION} （五）"
LISTED = f"{OPINION} （二十）"
LADDER = f"{OPINION} （二十）"
ONLINE = f"{OPINION} （二十一）"
CORPS = f"{OPINION} （二十四）"
HOSPITALS = "官办通〔2018〕58号 六（四）2"

RULES = Rulebook(
    Rule(
        id="M-01",
        text="区每月、街道每半月召开排查会议，纠纷多的可增加；清单、决定和期限记录在案，未召开的公布一次（自首个完整周期起，平台默认）。",
        clauses=(MEETING,),
    ),
    Rule(
        id="M-02",
        text="纠纷登记类别、地点、风险等级和来源，吹哨报到转来的写明问题编号；当事人和内容另行封存（平台默认），查看须写明理由并留痕。",
        clauses=(EARLY, f"{OPINION} （二十一）"),
    ),
    Rule(
        id="M-03",
        text="属地管理、谁主管谁负责：接到的单位在3个工作日内（平台默认）受理或写明归属；第二次退回由街道裁定，第三次由区里裁定（平台默认）。",
        clauses=(WHOSE,),
    ),
    Rule(
        id="M-04",
        text="依次受理、调解、履行、回访；调解30天，期满前经各方同意可延一次30天，履行之日起30天内回访（天数均为平台默认）；同一单位的调解期限不因移交、委托重新起算（平台默认），逾期各记录一次。调解、协议、履行登记有误的，在其后一步之前写明理由更正或撤销（平台默认）。",
        clauses=(COURSE,),
    ),
    Rule(
        id="M-05",
        text="各方自愿参加，可以拒绝或随时退出；后加入的一方同样自愿，并须先经调解（平台默认）；协议须各方签字，否则不得登记。",
    ),
    Rule(
        id="M-06",
        text="人民调解、行政调解、司法调解之间移交、委托，案件随之转、结果带回；社区和街道办理人民调解，部门办理行政调解、也可办理行业人民调解，法院办理司法调解（平台默认）；不宜调解或调解不成的，告知仲裁、复议、裁决、诉讼等途径并记录。",
        clauses=(LINKED, TOLD),
    ),
    Rule(
        id="M-07",
        text="调解协议可申请司法确认、作为支付令依据或办理债权文书公证：申请、准许、不准各记日期。",
        clauses=(FORCE,),
    ),
    Rule(
        id="M-08",
        text="可能引发群体性事件的即报街道和区里、由明确的单位包案，结案前不出清单；重大或反复的可限期挂牌督办，逾期公布一次。",
        clauses=(CHARGED, MEETING, LISTED),
    ),
    Rule(
        id="M-09",
        text="医疗纠纷不由医院协商议事会协商；协商中作为两方纠纷不予受理的议题转来调解，结果告知提出方。",
        clauses=(HOSPITALS,),
    ),
    Rule(
        id="M-10",
        text="调解员名册载明等级和培训，有利害关系的回避，由其主持的须另行调解后才能登记协议，协议后才发现的不得奖补（平台默认）；每调解成功一件按策略给予奖补（金额为平台默认）。",
        clauses=(CORPS, f"{OPINION} （二十五）"),
    ),
    Rule(
        id="M-11",
        text="按季度、街道、类别和调解方式统计发现、受理、调解成功、履行、不成和逾期未结；人民调解调处成功率为人民调解成功数与其结案数之比，由指标公布，一律显示（平台默认）；其他过小的数字不显示。",
    ),
    Rule(
        id="M-12",
        text="省在线平台和网格中心报来的纠纷以其自己的编号登记，结果按编号返回。",
        clauses=(ONLINE,),
    ),
    Rule(
        id="M-13",
        text="纠纷多的街道和单位依次通报、约谈、挂牌督办，写明原因、措施和整改期限，逾期公布一次；发出有误的，在答复、升级或一票否决之前写明理由撤回（平台默认）；一票否决只由区里记录并写明依据。",
        clauses=(LADDER,),
    ),
)
