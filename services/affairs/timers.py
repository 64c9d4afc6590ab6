"""What comes due here: reviews, funds and terms of admissions; months unpaid, years over;
what wasn't disclosed, what wasn't put right.
"""

from chassis.deadlines import Timer

from .desk import AffairsDesk


def timers(desk: AffairsDesk) -> tuple[Timer, ...]:
    return (
        Timer(desk.admissions, desk.admission_due),
        Timer(desk.pay, desk.pay_due),
        Timer(desk.years, desk.year_due),
        Timer(desk.disclosures, desk.disclosure_due),
        Timer(desk.checks, desk.check_due),
    )
