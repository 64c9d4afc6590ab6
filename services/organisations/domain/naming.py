"""O-04, O-06, O-15: who somebody is has a name and a number that say something."""

from chassis.kernel.required import required


def identified(name: str, number: str) -> None:
    """What is blank is nobody, and takes nobody's place."""
    required(name, "name", "请写明姓名。")
    required(number, "number", "请写明证件号码。")
