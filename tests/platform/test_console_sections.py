"""What the menu says of lists is there: they, their columns, the states they are asked for."""

from pathlib import Path

from console.declared import Section, Shows
from console.described import Described, Listed
from console.describing import read
from console.sections import SECTIONS, shows
from tests.support.inside import starting


def _unknown(described: Described, section: Section, name: str, said: Shows) -> list[str]:
    """What it names that the platform doesn't have."""
    key = f"{section.service}.{name}"
    one = described.lists.get(key)
    if one is None:
        return [key]
    properties = one.state.get("properties", {})
    columns = [each for each in said.columns if each.partition(".")[0] not in properties]
    states = [each for each in said.states if each not in _values(described, one)]
    return [f"{key} {each}" for each in (*columns, *states)]


def _values(described: Described, one: Listed) -> list[str]:
    """What the filter takes that its states are said by."""
    shapes = [each.schema for each in one.filters if each.name == shows(one).by]
    found: list[str] = []
    while shapes:
        shape = described.plain(shapes.pop())[0]
        found += ["true", "false"] if shape.get("type") == "boolean" else shape.get("enum", [])
        shapes += [*shape.get("anyOf", ()), *([shape["items"]] if "items" in shape else [])]
    return found


async def test_the_menu_names_nothing_that_the_platform_does_not_have(tmp_path: Path) -> None:
    async with starting(tmp_path / "data") as platform:
        async with platform.session.get(f"{platform.url}/openapi.json") as answer:
            described = read(await answer.json())
    unknown = [
        each
        for section in SECTIONS
        for name, said in section.lists.items()
        for each in _unknown(described, section, name, said)
    ]
    assert unknown == []
