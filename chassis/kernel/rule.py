"""Rules as data: what a refusal cites and what `GET …/rules` lists."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule a service enforces.

    `clauses` are document number and section as the document prints them; a rule without one is
    the platform's own default and says so. Where there are several, a refusal names the one that
    was broken by its key.
    """

    id: str
    text: str
    clauses: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return "document" if self.clauses else "platform"


class Rulebook:
    """The rules of one service, in the order they are listed."""

    def __init__(self, *rules: Rule) -> None:
        self._rules = {rule.id: rule for rule in rules}
        if len(self._rules) != len(rules):
            raise ValueError("a rule id is used twice")

    def __getitem__(self, rule_id: str) -> Rule:
        return self._rules[rule_id]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def ids(self) -> Iterable[str]:
        return self._rules.keys()
