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

RULES = Rulebook(
    Rule(
        id="A-02",
        text="法律规定的职责，党中央、国务院和省、市、区要求的工作，危及生命财产和公共安全的应急事项免于准入；主张免于准入的写明依据，应急事项即时核准备案。",
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
        text="社区评估效果、经费和居民认可度，达不到的由社区报街道、街道报领导小组后退出；阶段性和短期事项到期自行退出；再次进入须重新申请。",
        clauses=(EXIT,),
    ),
    Rule(
        id="A-11",
        text="准入登记造册：上级准入的向下告知，下级准入的向上报告；检查写明整改期限，逾期未改的通报批评。",
        clauses=(REGISTER,),
    ),
)
