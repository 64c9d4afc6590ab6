"""Every rule this service says it enforces has a test that bears its name, and no other is claimed."""

import re
from pathlib import Path

from services.whistle.domain.rules import RULES

HERE = Path(__file__).parent


def test_every_rule_has_a_test_of_its_name() -> None:
    tested = {
        f"W-{number}"
        for file in HERE.glob("test_*.py")
        for number in re.findall(r"def test_W_(\d\d)_", file.read_text(encoding="utf-8"))
    }
    assert tested == set(RULES.ids())


def test_the_rules_of_today_and_what_they_follow() -> None:
    plan = "官办通〔2019〕80号"
    assert {rule.id: rule.clauses for rule in RULES} == {
        "W-01": (f"{plan} 四.4",),
        "W-02": (f"{plan} 四.4", f"{plan} 四.5"),
        "W-03": (f"{plan} 附件 第4组", f"{plan} 四.5"),
        "W-04": (f"{plan} 五.17", f"{plan} 附件 第6组"),
        "W-05": (),
        "W-06": (),
        "W-07": (f"{plan} 五.18",),
        "W-08": (f"{plan} 四.6",),
        "W-09": (f"{plan} 四.6", f"{plan} 五.18"),
        "W-10": (f"{plan} 四.6",),
        "W-11": (f"{plan} 五.17",),
        "W-12": (f"{plan} 五.18",),
        "W-13": (f"{plan} 五.16",),
        "W-14": (f"{plan} 七.2",),
        "W-15": (f"{plan} 五.18",),
        "W-16": (),
        "W-17": (f"{plan} 四.1",),
        "W-18": (),
    }
    assert all(rule.text for rule in RULES)
