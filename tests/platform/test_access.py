"""Who may see and do what: the policy as a function and as a filter agree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.identity import KINDS, Access, Subject, granted, kinds
from chassis.store import Has

CODES = ["guanshang", "taihe", "water", "ngo"]
ACCESS = Access(sees_all=kinds("command_centre"))
ACTORS = kinds("street", "department", "command_centre")


def holds(where: Any, resource: dict[str, Any]) -> bool:
    """A filter applied by hand."""
    return all(
        set(wanted.values) <= set(resource.get(name) or ())
        if isinstance(wanted, Has)
        else resource.get(name) == wanted
        for name, wanted in where.items()
    )


subjects = st.builds(
    lambda kind, code: Subject(sub="s", kind=kind, code=code, scopes=frozenset()),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(CODES),
)
resources = st.fixed_dictionaries(
    {},
    optional={
        "street": st.sampled_from(CODES),
        "community": st.sampled_from(CODES),
        "supplier": st.sampled_from(CODES),
        "units": st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
    },
)


@given(subjects, resources)
def test_the_filter_and_the_function_agree(subject: Subject, resource: dict[str, Any]) -> None:
    where = ACCESS.visible(subject)
    by_filter = where is not None and holds(where, resource)
    assert by_filter == ACCESS.may_see(subject, resource)


@given(subjects, resources)
def test_what_is_not_granted_is_denied(subject: Subject, resource: dict[str, Any]) -> None:
    assert not granted(subject, frozenset(), resource)
    if subject.kind not in ("street", "department", "command_centre"):
        assert not granted(subject, ACTORS, resource)
    if subject.kind == "street":
        assert granted(subject, ACTORS, resource) == (resource.get("street") == subject.code)


def test_a_code_that_is_part_of_anothers_is_not_that_one() -> None:
    subject = Subject(sub="s", kind="street", code="guan", scopes=frozenset())
    assert not ACCESS.may_see(subject, {"street": "guanshang"})
    assert not granted(subject, ACTORS, {"street": "guanshang"})


def test_one_department_is_not_another_whose_code_holds_its_own() -> None:
    subject = Subject(sub="s", kind="department", code="wat", scopes=frozenset())
    for carried, seen in (("water", False), ("wat", True), (("water",), False), (None, False)):
        assert ACCESS.may_see(subject, {"units": carried}) == seen
        assert granted(subject, ACTORS, {"units": carried}) == seen


def test_a_department_acts_where_it_is_called_and_the_centre_everywhere() -> None:
    water = Subject(sub="s", kind="department", code="water", scopes=frozenset())
    centre = Subject(sub="s", kind="command_centre", code=None, scopes=frozenset())
    for resource, called in (
        ({"units": ("taihe", "water")}, True),
        ({"units": ()}, False),
        ({}, False),
    ):
        assert granted(water, ACTORS, resource) == ACCESS.may_see(water, resource) == called
        assert granted(centre, ACTORS, resource)


def test_a_kind_of_subject_that_does_not_exist_is_an_error_at_start() -> None:
    assert kinds("street", "finance") == {"street", "finance"}
    with pytest.raises(ValueError, match="mayor"):
        kinds("street", "mayor")
