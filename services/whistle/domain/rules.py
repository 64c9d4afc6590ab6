"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

PLAN = "官办通〔2019〕80号"

RULES = Rulebook(
    Rule(
        id="W-01",
        text="问题须有渠道、社区、类别、标题和诉求，由书记（合作方转来的也可由指挥中心）按类型、轻重缓急和难易程度分类；小事不出社区。",
        clauses=(f"{PLAN} 四.4",),
    ),
    Rule(
        id="W-02",
        text="社区书记吹哨只召集本社区力量；社区不能解决的上报街道，由街道明确责任领导和科室解决，或由街道书记吹哨。",
        clauses=(f"{PLAN} 四.4", f"{PLAN} 四.5"),
    ),
    Rule(
        id="W-03",
        text="街道的哨由指挥中心审核立项、任务派遣、督办、核实结项和综合评价。",
        clauses=(f"{PLAN} 附件 第4组", f"{PLAN} 四.5"),
    ),
    Rule(
        id="W-04",
        text="不规范的哨（乱吹哨、吹空哨）附理由驳回，并扣吹哨单位的分。",
        clauses=(f"{PLAN} 五.17", f"{PLAN} 附件 第6组"),
    ),
    Rule(
        id="W-05",
        text="每个被召集单位各有自己的报到、结果和时限，其中一个为牵头单位；牵头单位报到为“已报到”，全部单位提交结果为“已处理”。",
    ),
    Rule(
        id="W-06",
        text="报到和处理时限按哨的类型计算；应急哨不停钟；其他时限须附理由并经派遣方批准方可暂停，到期前申请方可延长。",
    ),
    Rule(
        id="W-07",
        text="逾期每单位每时限只记录一次，公布并提示指挥中心和工作督导组，不得修改。",
        clauses=(f"{PLAN} 五.18",),
    ),
    Rule(
        id="W-08",
        text="一哨一考核、吹哨全留痕：每一步都留痕，每方对一哨只评一次。",
        clauses=(f"{PLAN} 四.6",),
    ),
    Rule(
        id="W-09",
        text="单位得分由网格评价和街道评价合成，扣除迟到、逾期和退回；推诿、拖延、态度恶劣须写明。",
        clauses=(f"{PLAN} 四.6", f"{PLAN} 五.18"),
    ),
    Rule(
        id="W-16",
        text="反映人身份单独加密保存，只有吹哨单位和指挥中心附理由方可查看，每次查看留痕。",
    ),
    Rule(
        id="W-17",
        text="闭环按顺序进行：问题收集、书记吹哨、部门报到、问题处理、核实结项、综合评价、答复反馈。",
        clauses=(f"{PLAN} 四.1",),
    ),
)
