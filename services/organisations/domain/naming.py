"""O-04, O-06, O-15: who somebody is has a name and a number that say something."""

from chassis.kernel.said import said


def identified(name: str, number: str) -> None:
    """What is blank is nobody, and takes nobody's place."""
    said(name, "name", "请写明姓名。")
    said(number, "number", "请写明证件号码。")
