"""Offices as they are written: `street:guanshang`, `department:finance`, `finance`."""

DEPARTMENT = "department:"


def other_name(office: str) -> str:
    """The one under which it may act as well, where there is such an office."""
    bare = office.removeprefix(DEPARTMENT)
    return bare if bare != office else DEPARTMENT + office


def one_office(one: str, other: str) -> bool:
    """Whether both are one office: what stands in the register of units under the name of a kind of office acts
    as either (`department:finance`, `finance`), and neither may do what the other must be kept apart from."""
    return one.removeprefix(DEPARTMENT) == other.removeprefix(DEPARTMENT)
