"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

ADMISSION = "官办通〔2018〕39号"
LISTS = f"{ADMISSION} 三（二）2"
FREE = f"{ADMISSION} 三（二）（1）–（3）"
APPLYING = f"{ADMISSION} 四（一）"
REVIEW = f"{ADMISSION} 四（二）"
MODES = f"{ADMISSION} 三（三）"
FUNDS = f"{ADMISSION} 二（三）"
ORDER = f"{ADMISSION} 四（三）"
BODIES = f"{ADMISSION} 二（二）"
WINDOW = f"{ADMISSION} 二（四）"
EXIT = f"{ADMISSION} 四（四）"
REGISTER = f"{ADMISSION} 四（五）"
PAY = "官政发〔2018〕20号"
POSTS = f"{PAY} 一"
LEVELS = f"{PAY} 二"
BASE = f"{PAY} 三（一）"
AWARDS = f"{PAY} 三（三）–（四）"
SERVED = f"{PAY} 四.2"
EDUCATION = f"{PAY} 四.3–4"
INSURANCE = f"{PAY} 四.5"
ONE_PAY = f"{PAY} 五.1"
YEARLY = f"{PAY} 五.2"
QUARTERLY = f"{PAY} 五.3"
PAPERS = f"{PAY} 五.4–5"
TRAINING = "官社建办通〔2018〕15号 二（三）1"
SMALL = "官办通〔2018〕49号"
POWERS = f"{SMALL} 四（二）1"
FLOWS = f"{SMALL} 四（二）2–3"
CHECKS = f"{SMALL} 四（二）4（1）"
CONTRACTS = f"{SMALL} 四（二）4（2）"
DISCLOSED = f"{SMALL} 四（二）5"
FURTHER = "官民函〔2022〕61号 一"
CERTIFICATES = "云政发〔2018〕23号"
COVENANTS = "官民函〔2021〕64号 三"

RULES = Rulebook(
    Rule(
        id="A-01",
        text="社区工作事项清单和印章使用范围清单按版本和日期公布；清单内的事项无须准入，清单外的须先准入；印章不用于清单之外，并告知由谁证明（平台默认）。",
        clauses=(LISTS,),
    ),
    Rule(
        id="A-02",
        text="法律规定的职责，党中央、国务院和省、市、区要求的工作，危及生命财产和公共安全的应急事项免于准入；主张免于准入的写明依据，由领导小组办公室认定，未经认定不作准入，不认定的写明理由（平台默认）；应急事项即时核准备案，随后认定。",
        clauses=(FREE,),
    ),
    Rule(
        id="A-03",
        text="申请写明依据、目的、任务、流程、期限、考核方式、配备人员、下放权限和经费，缺一不受理；每年三月、九月集中申请，其他时间须说明理由（平台默认）。",
        clauses=(APPLYING,),
    ),
    Rule(
        id="A-04",
        text="办公室召开协调会、论证会或听证会听取街道和社区意见，10个工作日内完成初审；领导小组审定，不予准入的书面说明理由。",
        clauses=(REVIEW,),
    ),
    Rule(
        id="A-05",
        text="培训、调查等短期事项即时审核，须提前5个工作日提出，紧急的除外。",
        clauses=(REVIEW,),
    ),
    Rule(
        id="A-06",
        text="准入写明社区承接的方式：授权、委托或协助管理，代理或直接服务，或者写明范围和期限的阶段性事项。",
        clauses=(MODES,),
    ),
    Rule(
        id="A-07",
        text="费随事转：长期在社区设办公的，由申请单位承担人员和办公费用；短期的派员或拨付经费；进入社区次日仍未登记到位的公布一次（次日为平台默认）。",
        clauses=(FUNDS,),
    ),
    Rule(
        id="A-08",
        text="先审批、后由街道安排、再由社区承接；未经审批进入的由社区报告、街道核实，须立即退出，并公布一次。",
        clauses=(ORDER,),
    ),
    Rule(
        id="A-09",
        text="不得在社区另设机构，不得要求社区主任、副主任兼任其负责人；准入事项一律在服务窗口办理，准入目录向社会公开。",
        clauses=(BODIES, WINDOW),
    ),
    Rule(
        id="A-10",
        text="社区评估效果、经费和居民认可度，达不到的由社区报街道、街道报领导小组后退出；误评的或不予上报、退出的，写明理由撤销评估，重新评估（平台默认）；申请单位不再需要的，写明理由提前结束（平台默认）；阶段性和短期事项到期自行退出；再次进入须重新申请。",
        clauses=(EXIT,),
    ),
    Rule(
        id="A-11",
        text="准入登记造册：上级准入的向下告知，下级准入的向上报告；检查写明整改期限，逾期未改的通报批评。",
        clauses=(REGISTER,),
    ),
    Rule(
        id="A-12",
        text="在核定人数内的岗位人员发放报酬，人数逐日计算，离任、调任当日仍占名额（平台默认），不在岗不发，兼两岗的按高的一岗发；一人一档，姓名和证书封存，查看须写明理由并留痕（平台默认）。",
        clauses=(POSTS, ONE_PAY),
    ),
    Rule(
        id="A-13",
        text="职级按岗位和服务满年限确定：工作人员17至7级，副职15至5级，正职13至3级，一肩挑11至1级；年限自2001年1月起，跨街道、跨区的凭证明计算。",
        clauses=(LEVELS, SERVED),
    ),
    Rule(
        id="A-14",
        text="本科、硕士、博士分别上浮1、2、3级，社会工作者初级、中级、高级分别上浮2、4、6级，不超出岗位的职级范围；两项可累加（平台默认）。",
        clauses=(EDUCATION,),
    ),
    Rule(
        id="A-15",
        text="每月报酬为岗位基本补贴加职级补贴；居务监督委员会委员的基本补贴文件有1000元和2800元两处，按策略发放（默认1000元），两处均显示。",
        clauses=(BASE, LEVELS),
    ),
    Rule(
        id="A-16",
        text="职级每年年底审定一次，凭证明对当月在岗人员审定，结果列入次年预算；审定之后登记的证明自下次审定起计算，更正登记的除外（平台默认）。",
        clauses=(YEARLY,),
    ),
    Rule(
        id="A-17",
        text="基本补贴按季度由街道报送，组织、民政、财政共同审批，街道按月发放；逾月未发的公布一次；审批后查明漏列、少列的，列入下一次报送的报表补发，写明所属月份；多发、错发的由街道逐笔列入尚未报送的报表更正，写明月份和理由，随该表审批（平台默认）。",
        clauses=(QUARTERLY,),
    ),
    Rule(
        id="A-18",
        text="优秀不超过街道在岗人员的15%（舍去小数，平台默认），当年一次性1200元；市级表彰加两个月、省部级加三个月基本补贴，材料当月报送，列入下一季度报表。",
        clauses=(AWARDS, PAPERS),
    ),
    Rule(
        id="A-19",
        text="社会保险缴费基数为上年度全省平均工资的60%至300%之间，平均工资按年度列入策略；居务监督委员会委员不参加。",
        clauses=(INSURANCE,),
    ),
    Rule(
        id="A-24",
        text="街道每年至少举办一次社会工作普及培训，社区工作者每年至少参加一次，学时和证书记录在案；年底未参加的告知街道。",
        clauses=(TRAINING,),
    ),
    Rule(
        id="A-20",
        text="每个社区按类型（城市、村改居）的样本编制权力清单，分七类，清单之外无权力；每项有依据、流程、操作规则和分高中低的廉政风险点。",
        clauses=(POWERS, FLOWS),
    ),
    Rule(
        id="A-21",
        text="权力逐项按流程运行，不得跳步；决定、资料和经手岗位记录在案；高风险环节须有经办单位以外的本街道或部门参与，并由其自行确认后方可继续（平台默认），须经协商的等待协商结果。",
        clauses=(FLOWS,),
    ),
    Rule(
        id="A-22",
        text="党务、居务、财务三务公开按样本的内容和时间公布，并公开原始凭证、决策过程和招标结果，逾期公布一次；集体经济合同签订前须经街道联合预审。",
        clauses=(DISCLOSED, CONTRACTS),
    ),
    Rule(
        id="A-23",
        text="监督检查发现的问题写明责任单位、期限和措施，未整改的不销号；涉及个人的线索移交纪检，这里只留编号。",
        clauses=(CHECKS,),
    ),
    Rule(
        id="A-25",
        text="依法履职、依法协助政府工作、开具证明三张清单按版本和日期公布；证明只开清单所列，登记所问、开具或不开具及所依据的清单，当事人封存（平台默认）。",
        clauses=(FURTHER, CERTIFICATES),
    ),
    Rule(
        id="A-26",
        text="自治章程和居民公约、村规民约经四议两公开起草，各步有日期，报街道审核备案后公布，按版本保存；与法律抵触的写明依据退回。",
        clauses=(COVENANTS,),
    ),
)
