"""What this service ships with."""

import csv
import re
from pathlib import Path

from .domain.catalogue import Entry
from .domain.guide import GuideItem, Nature, Population
from .domain.printed import Category, PrintedCall

POLICY = Path(__file__).parent / "policy.toml"
CATALOGUE = Path(__file__).parent / "reference" / "procurement_catalogue_2016.csv"
GUIDE = Path(__file__).parent / "reference" / "service_guide_2018.csv"
TABLES = "一二三四五六七"
OTHER = "其他服务"
SAID = {"A": (Nature.FREE,), "B": (Nature.PAID,), "A/B": tuple(Nature), "": tuple(Nature)}
POPULATIONS = {
    "优抚对象": Population.VETERANS,
    "药物滥用者、社区矫正人员": Population.CORRECTED,
    "特困人员": Population.DESTITUTE,
}

CALLS = Path(__file__).parent / "reference" / "building_calls.csv"
TOTAL = "合计"
NUMBERING = re.compile(r"\b[0-9]{3} ")
"""Of our own list of the letters, which means nothing to a reader."""


def printed_calls() -> dict[int, PrintedCall]:
    """The calls of 2019 to 2021, by year; a year's first row is its total."""
    with CALLS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for total in (row for row in rows if row["category"] == TOTAL):
        own = [row for row in rows if row["year"] == total["year"] and row is not total]
        found[int(total["year"])] = PrintedCall(
            year=int(total["year"]),
            applicants=_number(total["applicants"]),
            applications=_number(total["applications"]),
            selected=int(total["selected"]),
            funds=_fen(total["funds_yuan"]),
            note=total["note"],
            source=NUMBERING.sub("", total["source_doc"]),
            categories=tuple(
                Category(
                    name=row["category"],
                    count=_number(row["count"]),
                    funds=_fen(row["funds_yuan"]),
                    note=row["note"],
                )
                for row in own
            ),
        )
    return found


def _number(text: str) -> int | None:
    return int(text) if text else None


def _fen(yuan: str) -> int | None:
    return int(yuan) * 100 if yuan else None


def catalogue() -> tuple[Entry, ...]:
    """The 346 entries of 官财字〔2016〕64号, under the codes it counts them by."""
    with CATALOGUE.open(encoding="utf-8") as file:
        return tuple(
            Entry(
                code=row["code"],
                name=row["level3_name"],
                kind=row["level1_name"],
                group=row["level2_name"],
            )
            for row in csv.DictReader(file)
        )


def guide() -> tuple[GuideItem, ...]:
    """The items of the seven tables of 官社建办通〔2018〕15号; those of 表六 are counted by us, `6-1` to `6-7`."""
    with GUIDE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    natures: dict[tuple[str, str, str, str], set[Nature]] = {}
    for row in rows:
        about = (row["table_no"], row["table_name"], row["target_group"], row["item_name"])
        natures.setdefault(about, set()).update(SAID[row["nature"]])
    found: list[GuideItem] = []
    for (number, title, group, name), said in natures.items():
        table = TABLES.index(number[-1]) + 1
        nth = sum(one.table == table for one in found) + 1
        found.append(
            GuideItem(
                code=f"{table}-{nth}",
                table=table,
                table_name=title,
                group=group,
                name=name,
                natures=tuple(one for one in Nature if one in said),
                other=name == OTHER,
                population=POPULATIONS.get(group),
            )
        )
    return tuple(found)
