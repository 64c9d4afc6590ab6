"""What `docs/adding.md` shows can be done as it is shown, and the chassis' map names all of it."""

import re
from pathlib import Path

import chassis

ROOT = Path(__file__).resolve().parents[2]
SHOWN = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")


def hunks() -> list[tuple[str, list[str]]]:
    """The file of each piece of a diff, and its lines with their signs."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```diff\n(.*?)```", SHOWN, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("--- "):
                found.append((line[4:], []))
            else:
                found[-1][1].append(line)
    return found


def test_every_diff_stands_on_lines_that_are_there_once() -> None:
    assert len(hunks()) == 11
    for path, lines in hunks():
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.count(before + "\n") == 1, (path, before)
        assert any(line.startswith("+") for line in lines) or any(
            line.startswith("-") for line in lines
        )


def test_a_step_takes_four_places_at_most() -> None:
    """The first of the three: files that a new step with an event of before has to touch."""
    step = SHOWN.partition("## A step")[2].partition("## A rule")[0]
    assert len(set(re.findall(r"^--- (\S+)$", step, re.MULTILINE))) <= 4


def test_the_map_of_the_chassis_names_each_part_and_no_other() -> None:
    """But for SQLite's, which it names together."""
    folder, shown = ROOT / "chassis", chassis.__doc__ or ""
    there = {file.stem for file in folder.glob("*.py")} | {
        f"{part.parent.name}/" for part in folder.glob("*/__init__.py")
    }
    single = {name for name in there if not name.startswith(("__", "sqlite_"))}
    assert set(re.findall(r"`([a-z_0-9]+/?)`", shown)) == single
