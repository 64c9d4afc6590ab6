"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

GUIDE = "官社建办通〔2018〕15号"
FROM_STREETS = "官发〔2019〕3号 三（六）20"
BEYOND_LISTS = "官发〔2018〕15号 三（一）2"
UNQUALIFIED = f"{GUIDE} 二.5.6"
EVALUATION = "官办通〔2019〕77号 附件1"
PURCHASE = "官政办通〔2016〕40号"
SUBCONTRACTING = f"{PURCHASE} 二.4.4"
FRAUD = OUTSTANDING = f"{PURCHASE} 三.3"
DISHONEST = "官办通〔2019〕77号 四.5.1"
CONDITIONS = f"{PURCHASE} 二.2"
PREFERRED = f"{PURCHASE} 二.2.8"
LISTED = "官办通〔2017〕52号 （三）3"

CATALOGUE = "官财字〔2016〕64号 五"
NEW_SERVICES = "官财字〔2016〕64号 六"
BOUGHT = f"{PURCHASE} 二.3"
PLANNING = f"{PURCHASE} 二.4.1"
BANK = "官办通〔2019〕77号 四.3.3"
BEYOND_PLAN = f"{PURCHASE} 二.5.1"
METHOD = f"{PURCHASE} 二.4.3"
ACCEPTANCE = f"{PURCHASE} 二.4.5"
PURCHASERS = f"{PURCHASE} 二.1"
INSTALMENTS = f"{GUIDE} 二.5.7"
PERSONNEL = "官办通〔2019〕77号 四.3.5"
EVALUATED = "官办通〔2019〕77号 四.4.5"
SUPERVISED = "官办通〔2019〕77号 四.4.6"

TOGETHER = "官办通〔2019〕77号 四.4.4"
WORKERS = f"{GUIDE} 二.5.1"
HEARING = f"{GUIDE} 二.5.2"
AWARDING = f"{GUIDE} 二.5.3"
REVISING = f"{GUIDE} 二.5.4"
BUILDING = "官民函〔2021〕64号 二"

SOCIAL_FUND = "官办通〔2019〕77号 四.4.2"
BUILDING_FUND = "官发〔2018〕15号 四.2"
PILOT = "官民函〔2022〕61号"
OWN_FUND = "官办通〔2019〕80号 五.19"

FILED = f"{GUIDE} 二.5.1"
FOLLOWED = f"{GUIDE} 二.5.5"
CONCLUDED = f"{GUIDE} 二.5.6"
APPLICATION = f"{GUIDE} 附件2"
AGREEMENT = f"{GUIDE} 附件3"
LEDGER = f"{PURCHASE} 二.5.3"
NEEDS = f"{GUIDE} 二.5.2"
MATCHING = "官办通〔2019〕77号 四.4.1"
SERVING = "官办通〔2018〕38号（十九）"
FUND = "官发〔2018〕15号 三（三）5"
JUDGED = f"{EVALUATION} 四"
STAGES = SCHEME = f"{EVALUATION} 五"
REPORTED = f"{EVALUATION} 八"
PUBLICITY = f"{PURCHASE} 二.5.2"

NATURES = f"{GUIDE} 二.4.1"
GROUPS = f"{GUIDE} 二.4.4"
POPULATIONS = f"{GUIDE} 二.4.5"
SELF_HELP = f"{GUIDE} 二.4.6"

SUPERVISION = "官办通〔2019〕77号 附件2"
SUPERVISORS = f"{SUPERVISION} 三"
SESSIONS = f"{SUPERVISION} 五"
RECORDS = REPORTS = f"{SUPERVISION} 六"
GOES_ON = f"{SUPERVISION} 七"

RULES = Rulebook(
    Rule(
        id="P-01",
        text="只购买现行目录内的事项，新增、临时性、阶段性的列 F 类并写明理由；目录由财政编制，报区政府批准后公布。",
        clauses=(BOUGHT, CATALOGUE, NEW_SERVICES),
    ),
    Rule(
        id="P-02",
        text="需求清单在计划之前公布（平台默认）；年度计划不超出预算科目，逐项列明；主管单位审核资金，财政部门审核计划并出具意见，或写明理由退回修改（平台默认），公布后方可购买；只购买列入购买服务项目表的项目，当年签约，最迟次年（平台默认）。",
        clauses=(PLANNING, BEYOND_PLAN, NEEDS, "官办通〔2019〕77号 四.4.3"),
    ),
    Rule(
        id="P-03",
        text="达到公开招标数额标准的应公开招标并进入市公共资源交易中心，不得拆分（平台默认）；不具备竞争条件的写明理由，经财政审核、区政府批准后方可签约。",
        clauses=(METHOD,),
    ),
    Rule(
        id="P-04",
        text="三社联动和社区营造项目预算中，人员经费不低于65%，评估经费5%至8%，督导经费10%至12%，均含上下限；整体购买评估、督导的，按该次征集的合计计算（平台默认）。",
        clauses=(PERSONNEL, EVALUATED, SUPERVISED),
    ),
    Rule(
        id="P-05",
        text="三社联动项目覆盖四类基本人群、每类不少于三项服务，超过20人的特定人群不少于两项（各类人数均须写明，没有的写0，平台默认），居民自助互助服务全部列入；公益服务不收费，有偿服务少于公益服务且不高于市场价。",
        clauses=(NATURES, GROUPS, POPULATIONS, SELF_HELP),
    ),
    Rule(
        id="P-06",
        text="承接方资格由各项条件得出，每项有证明材料和日期；评估 3A 以上的优先；"
        "项目另设的条件写明依据，不得差别对待；列入社会组织异常名录或已终止的不得承接；三社联动的专业社工占三分之二以上。",
        clauses=(CONDITIONS, PREFERRED, WORKERS, LISTED),
    ),
    Rule(
        id="P-07",
        text="末期评估低于合格的，合同随即终止，承接方下一年度不得承接同一项目，合同年度之后才评估的，自评估之日至次年年底（平台默认）；弄虚作假、冒领资金的三年内、严重失信的在决定的期限内、列入黑名单的在其期限内不得承接。",
        clauses=(UNQUALIFIED, FRAUD, DISHONEST, LISTED),
    ),
    Rule(
        id="P-08",
        text="评估结果只经由事件进入供应方资格；无论事件以何种顺序、送达多少次，资格相同；每种资格列出理由和条款。",
    ),
    Rule(
        id="P-09",
        text="得分相同的，依次比较：社会组织、公益性、党组织、社工占比、上年度优秀、诚信、评估等级、信息公开（次序为平台默认），再比申报先后；结果写明由哪一项决定。",
        clauses=(DISHONEST, "官办通〔2017〕51号 三（三）2"),
    ),
    Rule(
        id="P-10",
        text="三社联动和社区营造由社区、社会组织和社工联合申报；三社联动申报前经居民听证、代表会议审议并公示；社区营造依次经资格审查、初筛、培训、路演后评审。",
        clauses=(BUILDING, TOGETHER, HEARING),
    ),
    Rule(
        id="P-11",
        text="评估方须为利益无关者；评估组为单数，从专家库跨单位抽签产生，购买方、承接方、项目所在街道和社区的专家除外，抽签结果可以复核；成员有利益关系的回避，由后位递补。",
        clauses=(EVALUATION,),
    ),
    Rule(
        id="P-12",
        text="评审组成员各自评分一次，全部提交并开封之前任何人不得查看；排名写明并列如何区分；开封后由购买主体以外的财政或区级主管单位决定是否取消征集（平台默认）。",
    ),
    Rule(
        id="P-13",
        text="三社联动项目首次合同一年；末期评估合格且双方同意的可续签两年，逐年签订，提前终止的不再续签；提前终止依协议办理，写明理由；严禁转包，经认定和复核属实的，合同终止，承接方下一年度不得承接同一项目（后果为平台默认）。",
        clauses=(UNQUALIFIED, SUBCONTRACTING),
    ),
    Rule(
        id="P-14",
        text="款项按60%、20%、20%分三次拨付：合同生效后、中期评估通过后、末期评估通过后各15个工作日内；不具备条件的不得拨付，合计不超过合同金额。",
        clauses=(INSTALMENTS,),
    ),
    Rule(
        id="P-15",
        text="集体督导每月至少两次、每次2至3小时，现场督导每个项目至少三次；记录和月报在规定日期内提交，月报附台账，缺少的各记录一次。",
        clauses=(SESSIONS, RECORDS, SUPERVISORS),
    ),
    Rule(
        id="P-16",
        text="评估分前期、中期、末期依次进行，采用1000分制，由专业标准、服务量与产出、服务质量、项目和机构管理四部分组成，兼有主观和客观指标；每次至少两次焦点小组；抽取的评估由另一名成员复评（平台默认）；部门或街道自行购买的由购买方、服务对象和第三方共同评估。",
        clauses=(EVALUATION, PUBLICITY),
    ),
    Rule(
        id="P-17",
        text="公开的内容同时以开放合同数据标准（OCDS 1.1）发布：每个过程按日期先后发布，评分和个人信息不在其中。",
    ),
    Rule(
        id="P-18",
        text="社会组织参与社区治理每年不少于100万元，社区营造每年不少于3000万元，街道自主经费以财政核定数为准；年度计划列明达到多少。",
        clauses=(SOCIAL_FUND, BUILDING_FUND, OWN_FUND),
    ),
    Rule(
        id="P-19",
        text="社区工作经费试点：办公经费按户数，购买服务经费按院落类型和户数计算，结果写明文件未规定之处；街道为法律主体和监管主体，社区受托实施，专业社工3至5名。",
        clauses=(PILOT, "官发〔2018〕15号 三（三）4"),
    ),
    Rule(
        id="P-20",
        text="评估方案和指标使用前向承接方出示，承接方可提出意见，双方认可后方可开展中期和末期评估（先后次序为平台默认）；前期评价预算、承接方和督导方，中期评价资金和服务的数量、质量，末期评价效果和满意度。",
        clauses=(EVALUATION, STAGES),
    ),
    Rule(
        id="P-21",
        text="服务量按统一指标累计报告；低于上月的视为更正，须说明理由（平台默认）。",
        clauses=(f"{EVALUATION} 六",),
    ),
    Rule(
        id="P-22",
        text="督导方受委托督导，按月依据记录提交阶段报告，购买方据此决定是否继续委托；末期评估同时评价督导工作。",
        clauses=(GOES_ON, JUDGED),
    ),
    Rule(
        id="P-23",
        text="专家库由自荐和推荐产生，经聘任入库，动态管理，名单全部公开；评估组从各类单位的专家中产生。",
        clauses=(BANK, EVALUATION),
    ),
    Rule(
        id="P-24",
        text="评估报告送购买方、承接方和督导方，再向社会公开，并记入承接方档案，作为续签、终止和次年优先的依据。",
        clauses=(REPORTED, PUBLICITY),
    ),
    Rule(
        id="P-25",
        text="承接机构名录按业务范围、成立年限和评估结果编制并公布；有偿服务备案审查通过后方可开展，盈余全部用于项目。",
        clauses=(NATURES, FILED),
    ),
    Rule(
        id="P-26",
        text="项目实施中社区跟踪、居民随时反映（不记录反映人）、领导小组随机抽查（抽签确定，可以复核）；问题在期限内整改（平台默认10个工作日），逾期的记录一次并在下次评估中扣分（平台默认）。",
        clauses=(FOLLOWED,),
    ),
    Rule(
        id="P-27",
        text="三社联动项目的中期和末期评估由社区和承接方自评后，从居民满意度、目标完成、部门意见和社区意见四方面进行；通过后方可拨付尾款。",
        clauses=(CONCLUDED, f"{GUIDE} 三（三）"),
    ),
    Rule(
        id="P-28",
        text="购买主体为行政机关、街道和由财政保障的单位；社区只能受托实施，不得作为购买方签订合同；区级部门可向街道、街道可就两个清单以外的工作向居委会购买。",
        clauses=(PURCHASERS, FROM_STREETS, BEYOND_LISTS),
    ),
    Rule(
        id="P-29",
        text="年度内新增事项一事一议：购买方报告事由，区政府核定金额和来源；未经核定不得购买。",
        clauses=(BEYOND_PLAN,),
    ),
    Rule(
        id="P-30",
        text="合同写明范围、标的、数量、质量、期限、付款方式、权利义务和违约责任，由购买方报财政部门备案；未备案的合同不得拨付。",
        clauses=(f"{PURCHASE} 二.4.4",),
    ),
    Rule(
        id="P-31",
        text="购买方按合同标准组织履约验收；验收合格前不得拨付尾款；购买方不得自行拨付（平台默认）。",
        clauses=(ACCEPTANCE, "官办通〔2019〕77号 四.4.3"),
    ),
    Rule(
        id="P-32",
        text="购买方挪用资金或未完成约定购买的，由财政部门认定，次年不安排购买资金；购买方可申辩，认定撤销前次年计划不予受理。",
        clauses=(FRAUD,),
    ),
    Rule(
        id="P-33",
        text="按评审排名定标，排名在前而不得承接的由后位递补并列明（平台默认），公布评审建议，三社联动项目由社区和机构修改方案、领导小组审定后签约；三社联动和社区营造的合同由中选承接方签订，自行购买而征集未取消的亦同（平台默认），金额不超过中选金额；合同提前结束的，取消征集后可就余下部分重新征集（平台默认）。",
        clauses=(AWARDING, REVISING),
    ),
    Rule(
        id="P-34",
        text="三社联动项目的申报书和协议书按样式填写并可打印；甲方按协议所列情形提前终止，乙方在内容未经同意被变更或要求违法时可以停止。",
        clauses=(APPLICATION, AGREEMENT),
    ),
    Rule(
        id="P-35",
        text="承接方建立购买服务台账，报告资金使用、执行和成果，支出不超过已拨付的款项；购买方、财政、审计和纪检可随时查阅。",
        clauses=(LEDGER,),
    ),
    Rule(
        id="P-36",
        text="政策、目录、承接条件、计划、结果和评估随时公开；结果和评估在10个工作日内公开（平台默认），逾期的记录一次。",
        clauses=(f"{PURCHASE} 二.4.2", PUBLICITY, f"{PURCHASE} 二.5.4"),
    ),
    Rule(
        id="P-37",
        text="需求写明社区、人群、类别和层级；每年按街道列明计划回应了多少、还有哪些未回应，使需求与购买相吻合。",
        clauses=(MATCHING, "官办通〔2017〕51号 三（四）", "官民函〔2022〕58号 二（二）"),
    ),
    Rule(
        id="P-38",
        text="社区营造每年公开征集，分类列示入选项目；2019至2021年的征集按公布的数字列示；评估、督导的中选者同年不得承接实施项目（平台默认）。",
        clauses=(BUILDING, "官民函〔2022〕58号 一（二）"),
    ),
    Rule(
        id="P-39",
        text="每个社区每年服务群众专项经费不低于20万元（单位和周期为平台默认），居民商定用途，按申报、评审、立项、督导办理；低于标准的社区列明。",
        clauses=(SERVING, "官发〔2019〕3号 五（二）", "官发〔2019〕5号 四（二）"),
    ),
    Rule(
        id="P-40",
        text="群团购买、社区服务购买和转移事项各有按年编制的目录；合同写明资金方式：购买、补贴、公益创投、奖励或认领。",
        clauses=(
            "官办通〔2019〕71号 三（二）",
            "官办通〔2017〕51号 三（二）2",
            "官发〔2019〕3号 三（二）8",
            METHOD,
        ),
    ),
    Rule(
        id="P-41",
        text="社区基金收入写明来源，支出由居民商定，不得透支；自登记的季度起按季度公布收支（平台默认），逾期的记录一次。",
        clauses=(FUND, "官民函〔2022〕61号 二"),
    ),
)
