"""Printed documents: a title, labelled lines, grids, signatures required; as PDF on A4.

Set in the Song typeface that PDF readers have for Chinese, so that no font is embedded; a character that it lacks is
marked.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from .printable import printable

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
MARGIN, LABELS = 18 * mm, 32 * mm
UPRIGHT = 6
"""Columns that still stand side by side on a page held upright."""
NARROW, WIDE = 4, 24
"""Characters that a column has room for at least, and wants at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """`by_hand`: the heads of what is written in at the table."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    by_hand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """`lines`: what stands beside its label; `signed`: whose signatures it wants; `basis`: what it follows."""

    title: str
    lines: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()
    signed: tuple[str, ...] = ()
    basis: str = ""


def as_pdf(paper: Paper) -> bytes:
    """The same paper is the same file, byte for byte. Takes some milliseconds for each row."""
    widest = max((len(grid.heads) for grid in paper.grids), default=0)
    size = A4 if widest <= UPRIGHT else landscape(A4)
    file = io.BytesIO()
    pages = SimpleDocTemplate(
        file,
        pagesize=size,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        title=paper.title,
        lang="zh-CN",
        invariant=1,
    )
    story: list[Flowable] = [_text(paper.title, 16, centred=True), Spacer(1, 4 * mm)]
    if paper.lines:
        rows = [[_text(label), _text(said)] for label, said in paper.lines]
        story.append(_table(rows, [LABELS, pages.width - LABELS], heads=0))
    for grid in paper.grids:
        story += [Spacer(1, 3 * mm), _text(grid.caption, 11), *_grid(grid, pages.width)]
    if paper.signed:
        blanks = "　".join(f"{who}（签字）：＿＿＿＿＿＿" for who in paper.signed)
        story += [Spacer(1, 6 * mm), _text(f"{blanks}　日期：＿＿＿＿＿＿")]
    if paper.basis:
        story += [Spacer(1, 3 * mm), _text(f"依据：{paper.basis}", 8)]
    pages.build(story, onFirstPage=_numbered, onLaterPages=_numbered)
    return file.getvalue()


def _grid(grid: Grid, width: float) -> list[Flowable]:
    if not grid.rows:
        return [_text("无")]
    rows = [grid.heads, *grid.rows]
    wanted = [
        max(min(max(len(row[n]) for row in rows), WIDE), NARROW) for n in range(len(grid.heads))
    ]
    widths = [width * one / sum(wanted) for one in wanted]
    return [_table([[_text(cell) for cell in row] for row in rows], widths, heads=1)]


def _table(rows: list[list[Flowable]], widths: Sequence[float], *, heads: int) -> Flowable:
    """A row may go on over the page: a long text must not be what makes a paper impossible."""
    style: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, heads - 1) if heads else (0, -1), colors.whitesmoke),
    ]
    return LongTable(
        rows, colWidths=widths, repeatRows=heads, splitInRow=1, style=TableStyle(style)
    )


def _text(text: str, points: int = 9, *, centred: bool = False) -> Flowable:
    return Paragraph(escape(printable(text)).replace("\n", "<br/>"), _style(points, centred))


@cache
def _style(points: int, centred: bool) -> ParagraphStyle:
    return ParagraphStyle(
        f"song-{points}",
        fontName=SONG,
        fontSize=points,
        leading=points * 1.45,
        alignment=1 if centred else 0,
        wordWrap="CJK",
    )


def _numbered(canvas: Canvas, pages: SimpleDocTemplate) -> None:
    canvas.setFont(SONG, 8)
    canvas.drawCentredString(pages.pagesize[0] / 2, 9 * mm, f"第 {canvas.getPageNumber()} 页")
