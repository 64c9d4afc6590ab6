"""Every rule this service says it enforces has a test that bears its name, and no other is claimed."""

import re
from pathlib import Path

from services.index.domain.rules import RULES

HERE = Path(__file__).parent


def test_every_rule_has_a_test_of_its_name() -> None:
    tested = {
        f"I-{number}"
        for file in HERE.glob("test_*.py")
        for number in re.findall(r"def test_I_(\d\d)_", file.read_text(encoding="utf-8"))
    }
    assert tested == set(RULES.ids())


def test_the_rules_of_today_and_what_they_follow() -> None:
    assert {rule.id: rule.clauses for rule in RULES} == {
        "I-01": ("官发〔2019〕3号 附件2",),
        "I-02": ("官发〔2019〕3号 附件2",),
        "I-03": (),
        "I-04": (),
        "I-05": (),
        "I-06": (),
        "I-07": (),
        "I-08": (
            "官发〔2019〕3号 五.4",
            "官发〔2019〕5号 规划纲要 四（三）–（四）",
            "官发〔2019〕5号 实施意见 四（三）、（五）",
        ),
        "I-09": (),
        "I-10": (),
        "I-11": ("官办通〔2019〕80号 四.6",),
        "I-12": (),
        "I-13": (),
        "I-14": ("官办通〔2019〕80号 七.2", "官发〔2019〕3号 附件1"),
        "I-15": ("官办通〔2018〕58号 附件9",),
        "I-16": (
            "官发〔2018〕15号 附件3 说明",
            "官发〔2018〕15号 附件1 三.3",
            "官发〔2018〕15号 附件2",
        ),
        "I-17": ("官办通〔2019〕80号 七.2", "官办通〔2018〕38号 （二十三）"),
        "I-18": (
            "官发〔2019〕3号 五（一）",
            "官发〔2019〕3号 五（四）",
            "官发〔2019〕5号 规划纲要 四（三）",
            "官发〔2019〕5号 实施意见 四（三）",
            "官办通〔2018〕38号 （二十一）",
            "官办通〔2019〕71号 四（一）",
        ),
        "I-19": ("官发〔2019〕3号 五（四）",),
        "I-20": (
            "官办通〔2019〕80号 五.17",
            "官发〔2018〕15号 三（三）4",
            "官办通〔2018〕38号 （六）",
        ),
        "I-21": (
            "官办通〔2019〕77号 五（四）",
            "官办通〔2019〕71号 四（二）",
            "官办通〔2019〕73号 七（四）",
            "官发〔2018〕15号 三（一）2",
            "官办通〔2018〕38号 （六）",
        ),
        "I-22": (
            "官发〔2019〕5号 规划纲要 二",
            "官发〔2018〕15号 四（三）",
            "官发〔2019〕5号 实施意见 三（五）4",
            "官发〔2019〕5号 实施意见 三（六）1",
            "官办通〔2019〕71号",
        ),
        "I-23": (
            "官发〔2018〕15号 一（三）",
            "官发〔2019〕5号 实施意见 四（四）",
            "官办发〔2019〕7号 二",
            "官办发〔2019〕7号 四",
        ),
        "I-24": ("官发〔2019〕3号 附件2",),
    }
    assert all(rule.text for rule in RULES)
