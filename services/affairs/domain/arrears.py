"""A-12, A-17 (ours): what wasn't on a quarter's form when it was approved is paid after, with a later one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .lines import Line
from .months import months_of
from .sheet import PaySheet, Sheet

STANDS = frozenset({Sheet.APPROVED, Sheet.PAID})


def earlier(forms: Iterable[PaySheet], quarter: str) -> list[PaySheet]:
    """Those whose lines stand, since the last that is open: it pays what is of before it. What isn't approved yet may
    still be put on its own. One with which nobody was to be paid is submitted no more: it stands, without lines.
    """
    before = sorted((one for one in forms if one.quarter < quarter), key=lambda one: one.quarter)
    open_still = (one for one in before if one.status is Sheet.OPEN and not one.of_nobody)
    unsent = max((one.quarter for one in open_still), default="")
    standing = (one for one in before if one.status in STANDS or one.of_nobody)
    return [one for one in standing if one.quarter > unsent]


def arrears(
    form: PaySheet, due: Iterable[Line], settled: Iterable[Line], month: str
) -> Iterator[Line]:
    """Beyond `settled`, what is on whatever form of the street, of what an earlier `form` would say today, `due`: paid
    with `month`. What was paid too much stands until it is put right by hand; what was taken back because it was paid
    otherwise, by a paper, is had still, and so it is where that was wrong and it was given back with the same paper.
    """
    its = months_of(form.quarter)
    said = [one for one in settled if one.month in its and not one.paper]
    for line in due:
        if line.month not in form.owed:
            continue
        of_worker = [one for one in said if one.worker == line.worker]
        base, allowance = _more(line, [one for one in of_worker if one.month == line.month])
        extra = line.extra and max(line.extra - sum(one.of_awards for one in of_worker), 0)
        if base or allowance or extra:
            yield replace(line, base=base, allowance=allowance, extra=extra, paid_with=month)


def _more(line: Line, said: list[Line]) -> tuple[int, int]:
    """To who isn't on the form that month, of whom all of it was taken back, or who is by now known to have held a
    higher post. The level of a post is as it was when the form was approved (A-16). Less than nothing is left where,
    before it was said what is put right, an award was taken back as of the month.
    """
    if sum(one.of_month for one in said) == 0:
        return line.base, line.allowance
    if any(one.post is line.post and (one.base or one.allowance) for one in said):
        return 0, 0
    base = line.base - sum(one.of_month - one.allowance for one in said)
    allowance = line.allowance - sum(one.allowance for one in said)
    return (base, allowance) if base + allowance > 0 else (0, 0)
