"""Reads one file in a separate process, so that nothing in it can block or crash a service.

`python -m chassis.tables.worker FILE` with the headings (column → its names) and the units of money (column → its
unit) as JSON on stdin. Answers in lines of JSON: `{"sheet", "header"}` once; `{"rows": [[number, cells, faults], …]}`
for lines with content; `{"missing"}` headings or `{"refused"}` instead; `{"end"}`. Knows nothing of the
service and writes nothing.
"""

import json
import resource
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from .books import ZIP, refused_before_opening, sheets_of_book
from .cells import HEAD, Refused, Row, Sheet, found_in
from .columns import heading, unit_of
from .features import sheets_of_features
from .texts import sheets_of_text

MEMORY = 384 * 1024 * 1024
"""Bytes of address space: a file that would need more is refused, and nobody else notices. Beside a service
it fits into a container of 512 MiB; should that run short all the same, this process is the first to go."""
SECONDS = 120
"""Of processor time."""
BATCH = 500
SAID_AT_ONCE = 1024 * 1024
"""Characters of cells after which an answer ends, however few lines it has."""
Headings = Mapping[str, list[str]]
Units = Mapping[str, str]


def main() -> int:
    with suppress(OSError):  # where there is no such file, nobody ends processes by it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    headings, units = json.loads(sys.stdin.buffer.readline())
    try:
        for said in read(Path(sys.argv[1]), headings, units):
            _say(said)
    except Refused as refusal:
        _say({"refused": str(refusal)})
    except MemoryError:
        _say({"refused": "文件展开后过大。"})
    except BadZipFile:
        _say({"refused": "文件不完整，可能没有传完，或已损坏。请用表格软件打开并另存后再试。"})
    except Exception:  # whatever a broken file can make a library raise
        _say({"refused": "文件已损坏，无法读取。请用表格软件打开并另存后再试。"})
    return 0


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def read(path: Path, headings: Headings, units: Units) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        beginning = file.read(8)
    if beginning.startswith(ZIP):
        yield from _of_first(sheets_of_book(path), headings, units)
    elif beginning.removeprefix(BOM_UTF8).lstrip().startswith(b"{"):
        yield from _of_first(sheets_of_features(path), headings, units)
    else:
        refused_before_opening(beginning)
        yield from _of_first(sheets_of_text(path), headings, units)
    yield {"end": True}


def _of_first(
    sheets: Iterator[Sheet], headings: Headings, units: Units
) -> Iterator[dict[str, Any]]:
    """Of the first sheet that has all the headings within its first lines."""
    missing = list(headings)
    for sheet in sheets:
        rows = iter(sheet.rows)
        above: list[str] = []
        for row in islice(rows, HEAD):
            places = found_in(row, headings)
            if len(places) == len(headings):
                _same_units({name: row.cells[places[name]] for name in units}, units, above)
                yield {"sheet": sheet.name, "header": row.number}
                yield from _batches(rows, list(places.values()))
                _no_other(sheets, headings, sheet.name)
                return
            lacking = [name for name in headings if name not in places]
            missing = min(missing, lacking, key=len)
            above += row.cells.values()
    yield {"missing": missing}


def _same_units(said: Mapping[str, str], units: Units, above: list[str]) -> None:
    """Refused where a column, or a note above all of them, is in another unit than ours: a sum in 万元 would be
    taken for as many yuan."""
    noted = next((unit for text in above if (unit := unit_of(text))), None)
    for name, ours in units.items():
        theirs = unit_of(said[name]) or noted
        if theirs is not None and theirs.replace("圆", "元") != ours:
            bare = heading(said[name])
            raise Refused(
                f"“{bare}”在文件中以{theirs}为单位，应以{ours}为单位：请换算，并把表头写作“{bare}（{ours}）”。"
            )


def _no_other(sheets: Iterator[Sheet], headings: Headings, first: str) -> None:
    """Refused where a further sheet has lines under the same headings: they'd be left out without a word."""
    for sheet in sheets:
        rows = iter(sheet.rows)
        for row in islice(rows, HEAD):
            places = found_in(row, headings)
            if len(places) == len(headings) and next(_batches(rows, list(places.values())))["rows"]:
                detail = (
                    f"工作表“{first}”和“{sheet.name}”都有数据，请合并到一张工作表，或分成两个文件。"
                )
                raise Refused(detail)


def _batches(rows: Iterator[Row], places: list[int]) -> Iterator[dict[str, Any]]:
    batch: list[list[Any]] = []
    size = 0
    for row in rows:
        cells = [row.cells.get(place) for place in places]
        faults = [row.faults.get(place) for place in places]
        if any(cell and cell.strip() for cell in cells) or any(faults):
            batch.append([row.number, cells, faults])
            size += sum(len(cell) for cell in cells if cell)
        if len(batch) >= BATCH or size >= SAID_AT_ONCE:
            yield {"rows": batch}
            batch, size = [], 0
    yield {"rows": batch}


if __name__ == "__main__":
    sys.exit(main())
