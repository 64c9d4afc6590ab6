"""`make quick` runs the rules of what was changed, and all where what all stand on was."""

import pytest

from tests.quick import rules_of


@pytest.mark.parametrize(
    ("paths", "rules"),
    [
        (["services/whistle/domain/task.py"], ["tests/rules/whistle"]),
        (
            ["services/index/policy.toml", "tests/rules/whistle/cases.py", "README.md"],
            ["tests/rules/index", "tests/rules/whistle"],
        ),
        (["services/whistle/main.py", "chassis/steps.py"], ["tests/rules"]),
        (["contracts/whistle.py"], ["tests/rules"]),
        (["tests/rules/test_catalogue.py"], ["tests/rules"]),
        (["services/new/main.py"], ["tests/rules"]),
        ([], ["tests/rules"]),
    ],
)
def test_the_rules_of_what_was_changed_are_run(paths: list[str], rules: list[str]) -> None:
    assert rules_of(paths) == rules
