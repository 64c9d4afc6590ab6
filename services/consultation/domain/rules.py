"""The rules this service enforces today, each with the clause it follows."""

from chassis.kernel.rule import Rule, Rulebook

OPINIONS = "官办通〔2018〕58号"
COMMUNITIES = "官办发〔2016〕26号"
STEPS_2016 = f"{COMMUNITIES} 三（五）"
COMPOSITION = f"{OPINIONS} 六.1-2"
NOMINATING = f"{OPINIONS} 附件1 第4条"
QUALIFIED = f"{OPINIONS} 附件1 第5条"
DISMISSING = f"{OPINIONS} 附件1 第6条"
DECIDING = f"{OPINIONS} 六.1.4"
CONVERTING = f"{OPINIONS} 六.2.4"
PLANNING = f"{OPINIONS} 六.1.3"
PUBLICISING = f"{OPINIONS} 附件3 1"
MEETING = f"{OPINIONS} 六.1.1"
SETTLING = f"{OPINIONS} 附件1 第10条"
SETTLING_WITH = f"{OPINIONS} 附件3 2"
PUBLIC = f"{OPINIONS} 六.2.1"
TECHNICAL = f"{OPINIONS} 六.2.3"
BEFORE_OTHERS = f"{OPINIONS} 附件8"
BEFORE_ALL = f"{OPINIONS} 附件8"
HEARINGS = (
    "官社建办通〔2018〕15号 二（五）2",
    "官发〔2019〕3号 五（二）",
    f"{COMMUNITIES} 三（二）",
)
"""Of a 三社联动 plan, of community funds, of the siting of premises."""
MEMBERS_RIGHTS = f"{OPINIONS} 附件1 第7—8条"
FORMS = f"{OPINIONS} 附件9"
UPWARD = f"{OPINIONS} 六.2.1"
UNITS = f"{OPINIONS} 六.4"
CHECKING = f"{OPINIONS} 七（二）"
ASSESSING = f"{OPINIONS} 七（二）—（三）"
RISKS = "官办通〔2019〕13号 （四）"
LINKED = "官发〔2019〕3号 四（一）"
HALLS = "官发〔2018〕15号 三（二）1"
KEEPING = f"{OPINIONS} 附件7"
INSPECTING = f"{OPINIONS} 附件3 6"
CORRECTING = f"{COMMUNITIES} 三（五）6"
CATALOGUES = {True: f"{OPINIONS} 附件4", False: f"{COMMUNITIES} 三（二）"}
"""Whose subject heads: a street's, or a community's."""

RULES = Rulebook(
    Rule(
        id="C-01",
        text="议事委员会固定委员：街道50人左右（平台默认45—55人），社区20—30人，小区、楼栋5—15人（平台默认）；固定委员中党外人士不少于60%，机动委员不计；每届任期3年，届满不再受理新的事项。任期内固定委员不足下限的，补足前不得议事（平台默认）。",
        clauses=(COMPOSITION, NOMINATING),
    ),
    Rule(
        id="C-02",
        text="委员须年满18周岁、具有完全民事行为能力、享有选举权，且无不得担任的情形（近五年受处分、刑罚或涉黑涉恶处理，在查，违规信访，一票否决事项，封建迷信或邪教，其他）。提名、酝酿、公示（平台默认5个工作日，异议须答复）、聘任依次进行；社区及以下须经街道同意。任期内出现上述情形的，经街道审核终止。",
        clauses=(QUALIFIED, NOMINATING, f"{OPINIONS} 附件2 一（一）", f"{OPINIONS} 六.1.2"),
    ),
    Rule(
        id="C-03",
        text="有下列情形之一的予以解聘：本人要求；经通知无故缺席三次以上（含三次，按任期累计，平台默认），第二次予以提醒；扰乱秩序或有反动言论；任期内受处分或刑罚；其他。缺席以会议签到为准；会后补办请假或漏签的，写明事由，不计缺席（平台默认）。",
        clauses=(DISMISSING,),
    ),
    Rule(
        id="C-04",
        text="五不议：违反政策法规的、上级已有部署决定的、有失公平的、带有歧视的、个人或两方之间的纠纷不议；不予受理须写明属于哪一项，两方纠纷转调解。",
        clauses=(f"{OPINIONS} 附件5",),
    ),
    Rule(
        id="C-05",
        text="年度协商目录和计划于2月底前编制并公布（社区同日，平台默认），每个议题归入目录类目；街道计划含年中、年末两次工作例会和不少于2次专题议事。逾期记录一次。按计划召集的会议，其年度计划须已报送（平台默认）。",
        clauses=(PLANNING, PUBLICISING, MEETING),
    ),
    Rule(
        id="C-06",
        text="临时会议由党（工）委集体研究召集，或由三分之一以上委员联名召集；社区及以下照此办理（平台默认）。",
        clauses=(MEETING,),
    ),
    Rule(
        id="C-07",
        text="会议通知和材料一般提前5个工作日发出；未提前的，须由党（工）委说明理由，作为紧急会议召开；会议按通知的时间召开（至多提前30分钟、推迟120分钟），过时未开的休会后另行召集（均为平台默认）。",
        clauses=(f"{OPINIONS} 附件3 3",),
    ),
    Rule(
        id="C-08",
        text="到会固定委员不少于全体固定委员的半数，方可议事；到会以会议当日的签到名单为准。全体按召集会议之日计，开会之日更多的按开会之日计；此后席位终止的不计入到会，也不减少全体人数（平台默认）。",
        clauses=(f"{OPINIONS} 附件1 第13条",),
    ),
    Rule(
        id="C-09",
        text="一事一议：事项的会议未休会的，不得为其另行召集会议；已形成结果的会议不得休会；事项已有结果的，另一会议的结果不予采用，记入事项（平台默认）。街道会议原则上由副书记主持，社区及以下由书记主持，由他人主持的须写明理由。未经申请不得发言，不同意见轮流发言；散会前由主持人总结议定事项。",
        clauses=(f"{OPINIONS} 附件1 第14—17条",),
    ),
    Rule(
        id="C-10",
        text="协商结果为四种之一：需上级解决的，由记录人选择报上一级议事委员会、转吹哨或转政协协商；就地可用的，交责任单位；暂不可行的，作出解释；不予采纳的，予以引导。不同意见不论多少，连同理由如实记录。",
        clauses=(f"{OPINIONS} 附件6",),
    ),
    Rule(
        id="C-11",
        text="街道议事成果以《议事专报》报党工委，党工委决定采纳、部分采纳或不采纳，并反馈全体委员，不采纳或有出入的说明理由；实施进展定期通报至完成。时限（平台默认）：专报5个工作日，决定10个工作日，反馈5个工作日，通报每91天至少一次；逾期各记录一次。",
        clauses=(DECIDING, f"{OPINIONS} 附件3 5", f"{OPINIONS} 六.1"),
    ),
    Rule(
        id="C-12",
        text="社区及以下的议事成果由居委会转化落实，在规定时限（平台默认10个工作日）内于公示栏和网上公布；上级委托的事项先行报告（平台默认5个工作日）。对落实情况可以监督，必要时再协商。",
        clauses=(CONVERTING, f"{OPINIONS} 六.2"),
    ),
    Rule(
        id="C-13",
        text="本级不能解决的，报上一级议事委员会，由其立为事项（每次协商一次），办理结果反馈原事项；转吹哨的，解决、办结或退回同样反馈。"
        "涉及两个以上社区的，由街道主持。",
        clauses=(UPWARD, f"{OPINIONS} 六.2.3"),
    ),
    Rule(
        id="C-14",
        text="会议纪要由会议记录生成，散会时封存，由主持人和记录人签署；此后的更正只能作为附件追加（平台默认）。委员姓名、电话密封保存，查看须写明理由并记录在案（平台默认）。线下召开的工作例会补登日期、纪要和到会席位，列入记录本（平台默认）。",
        clauses=(f"{OPINIONS} 附件7",),
    ),
    Rule(
        id="C-15",
        text="街道年度综合评价（附件9）中没有其他事件可据的第1、2、4、8、11、12项和信息加分，由街道按项登记一次，写明证明材料，评分须有负责人签字；有误的写明理由更正（平台默认）。评分由指数计算。",
        clauses=(f"{OPINIONS} 附件9",),
    ),
    Rule(
        id="C-16",
        text="程序分版本，事项按其开始时的版本逐步办理，不得跳步；2016年为提出议题、事先告知、民主协商、组织实施、过程监督、成果反馈（有争议的先由居民会议或居民代表会议决定），现行（2018年）为三段六步法：收集议题、确定议题、商前调研、协商议事、决议反馈、实施监督。议题归入协商目录的一个类目。会议、决定和办结的日期不早于议题提出、退回纠正或再协商前的会议（平台默认）。",
        clauses=(OPINIONS, STEPS_2016, *CATALOGUES.values()),
    ),
    Rule(
        id="C-17",
        text="委员每年考核一次（自当年12月起，平台默认）：参会、发言由记录统计，另记主持调解、有效建议和突出工作；工作突出的予以表彰奖励。录入有误的写明理由更正（平台默认）。",
        clauses=(DISMISSING,),
    ),
    Rule(
        id="C-18",
        text="事项的每一步有图有真相：有文字或照片，注明日期；已进行的步骤两者皆无的，不得办结。",
        clauses=(KEEPING,),
    ),
    Rule(
        id="C-19",
        text="机动委员按事项邀请（利益相关方、有关部门、专家），可以发言并记录在案，不计入法定人数（平台默认）；与议题有利害关系的委员应当说明，签到名单予以注明。",
        clauses=(f"{OPINIONS} 附件1 第4条", f"{OPINIONS} 附件1 第17条"),
    ),
    Rule(
        id="C-20",
        text="委员可以检查、评议成果的落实；发现问题的，落实单位在期限内（平台默认10个工作日）答复整改情况，逾期记录一次。成果违反程序或实体的由上级党组织纠正，违反法律的由街道纠正，写明理由，退回被违反的步骤（平台默认）。",
        clauses=(INSPECTING, f"{OPINIONS} 六.1.4", CORRECTING, CONVERTING),
    ),
    Rule(
        id="C-21",
        text="小区、楼栋的议事成果报社区党组织备案（平台默认5个工作日）；未能形成一致意见的，可转政协协商。人大票决、四议两公开前协商的事项，写明所服务的程序及其结果。",
        clauses=(f"{OPINIONS} 六.3", BEFORE_OTHERS),
    ),
    Rule(
        id="C-22",
        text="三先三前：党（工）委列为重要的事项，其决策、决定、实施的日期不得早于会议日期。",
        clauses=(BEFORE_ALL, f"{OPINIONS} 三（三）"),
    ),
    Rule(
        id="C-23",
        text="工作例会听取街道年度工作报告、预算和决算、规划和重大项目、委员建议办理情况，并对领导班子及成员进行民主评议；每项单独记录一次，评议只记票数（平台默认）。",
        clauses=(MEETING,),
    ),
    Rule(
        id="C-24",
        text="议题由街道党工委、社区党组织确定，并同时确定形式、参加人员和会议方案。居民可以建议议题，凭回执查询；未列为议题的答复理由（平台默认）。",
        clauses=(SETTLING, SETTLING_WITH),
    ),
    Rule(
        id="C-25",
        text="委员可以提出议题、参加调研、发言、了解办理结果、监督实施，均按席位记录并按年统计；由本会委员行使。",
        clauses=(MEMBERS_RIGHTS,),
    ),
    Rule(
        id="C-26",
        text="涉及面广或关注度高的事项，须召开专题议事会或民主听证会；专业性事项的材料中须先有专家或第三方意见，方可形成结果（确定议题时标明，平台默认）。",
        clauses=(PUBLIC, TECHNICAL),
    ),
    Rule(
        id="C-27",
        text="三社联动方案听证、社区经费使用、办公活动场所选址须经协商，议题写明所服务的项目、申请或场所，结果据此告知。",
        clauses=HEARINGS,
    ),
    Rule(
        id="C-28",
        text="每个单位设职代会，中学以上设学生会，中小学设班级、年级、学校家长委员会，医院设协商议事会；固定委员选举产生，协商写入章程；教育、卫生部门和工会检查验收。",
        clauses=(UNITS, CHECKING),
    ),
    Rule(
        id="C-29",
        text="社区协商覆盖率为当年至少协商一项的社区所占比例（平台默认）：2017年30%，2018年城市社区80%、村改居50%，2020年100%。",
        clauses=(f"{COMMUNITIES} 二（三）",),
    ),
    Rule(
        id="C-30",
        text="《议事专报》、会议纪要、意见表、意见交办单、办理反馈单、签到表由记录生成，可以打印；尚无记录的不出表。"
        "居民议事厅按空间、人员、议题、规则、共治五项登记。",
        clauses=(FORMS, f"{OPINIONS} 附件7", HALLS),
    ),
    Rule(
        id="C-31",
        text="社区协商按区里导入的年度考核办法（有社区按其考核之前，录入有误的由区里写明理由更正，平台默认），由民政和所属街道各考核一次，每项均评分，录入有误的由其写明理由更正（平台默认）。"
        "新情况新问题报区委统战部办公室，由其答复一次。",
        clauses=(ASSESSING, f"{COMMUNITIES} 四（五）"),
    ),
    Rule(
        id="C-32",
        text="标明为重大决策的事项，协商前须提交社会稳定风险评估，记录由谁、何时作出及评估报告（平台默认）。",
        clauses=(RISKS, "官发〔2019〕3号 三（三）12"),
    ),
    Rule(
        id="C-33",
        text="两代表一委员联系社区：登记联系日、反映和受理的情况及办理结果，只记类别和编号（平台默认）；需要协商的转为议题。",
        clauses=(LINKED, "官发〔2019〕5号 规划纲要 三（三）1"),
    ),
)
