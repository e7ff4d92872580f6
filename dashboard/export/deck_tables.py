"""Tables of a deck: rows that fit their place, hairlines between them, figures to the right."""

from collections.abc import Sequence
from typing import Any

from dashboard.colours import LIGHT
from dashboard.export.deck_words import EMU, leading_of, lines_of, width_of
from dashboard.export.story import Table

__all__ = ["put_table"]

_PAD, _MOST, _BOLD = 5, 14, 1.1
_PARTS = (0.32, 0.26)
"""Of the width: what a column of words beside the longest one keeps, if all it asks for is too much."""

_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own style `No Style, No Grid`."""


def put_table(slide: Any, table: Table, box: tuple[int, int, int, int], spoken: str) -> int:
    """Put a table on a slide, in the largest size at which it fits, never under 8 points.

    Returns
    -------
    int
        Its lower end, in EMU.
    """
    from pptx.util import Pt

    left, top, wide, tall = box
    rows = [table.head, *table.rows]
    size, widths = next(
        (
            (s, w)
            for s in range(_MOST, 7, -1)
            for part in (1.0, *_PARTS)
            for w in [_widths(rows, wide / EMU, s, part)]
            if sum(_heights(rows, w, s)) <= tall / EMU
        ),
        (8, _widths(rows, wide / EMU, 8)),
    )
    heights = _heights(rows, widths, size)
    frame = slide.shapes.add_table(len(rows), len(table.head), left, top, wide, int(sum(heights) * EMU))
    frame.name = "Table"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.caption)
    made = frame.table
    made._tbl.tblPr.find(f"{{{_A}}}tableStyleId").text = _PLAIN
    made.horz_banding = False
    for column, width in enumerate(widths):
        made.columns[column].width = int(width * EMU)
    for place, row in enumerate(rows):
        made.rows[place].height = int(heights[place] * EMU)
        for column, text in enumerate(row):
            cell = made.cell(place, column)
            cell.margin_left = 0 if column == 0 else Pt(_PAD)
            cell.margin_right, cell.margin_top, cell.margin_bottom = Pt(_PAD), Pt(3), Pt(3)
            _fill(cell, text, size, spoken, is_head=place == 0, is_number=column in table.numbers)
    return int(top + sum(heights) * EMU)


def _fill(cell: Any, text: str, size: int, spoken: str, *, is_head: bool, is_number: bool) -> None:
    from lxml import etree
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    paragraph = cell.text_frame.paragraphs[0]
    cell.text_frame.word_wrap = True
    run = paragraph.add_run()
    run.text = text.replace("n = ", "n\u00a0=\u00a0").replace(" → ", "\u00a0→\u00a0")
    run._r.get_or_add_rPr().set("lang", spoken)
    run.font.size, run.font.bold = Pt(size), is_head
    run.font.color.rgb = RGBColor.from_string((LIGHT.quiet if is_head else LIGHT.ink)[1:])
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    properties = cell._tc.get_or_add_tcPr()
    ink = LIGHT.quiet if is_head else LIGHT.line
    properties.append(
        etree.fromstring(
            f'<a:lnB xmlns:a="{_A}" w="{9525 if is_head else 6350}"><a:solidFill>'
            f'<a:srgbClr val="{ink[1:]}"/></a:solidFill></a:lnB>'
        )
    )


def _widths(rows: Sequence[Sequence[str]], wide: float, size: int, part: float = 1.0) -> list[float]:
    """Widths in points: what the longest cell asks for, wide ones giving way first, the widest not."""
    asked = [
        1.04 * size * max(_BOLD * width_of(rows[0][k]), *(width_of(row[k]) for row in rows[1:]), 0.0)
        + 2.2 * _PAD
        for k in range(len(rows[0]))
    ]
    widest = max(asked)
    asked = [a if a == widest else min(a, part * wide) for a in asked]
    if sum(asked) <= wide:
        return (
            [*asked[:-1], asked[-1] + wide - sum(asked)]
            if len(asked) < 3
            else [a * wide / sum(asked) for a in asked]
        )
    low, high = 0.0, max(asked)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(min(a, middle) for a in asked) <= wide else (low, middle)
    return [min(a, low) for a in asked]


def _heights(rows: Sequence[Sequence[str]], widths: Sequence[float], size: int) -> list[float]:
    def lines(text: str, width: float) -> int:
        return lines_of(text, max((width - 2 * _PAD) / size * 0.98, 1.0))[0]

    return [
        size * leading_of(row) * max(lines(t, w) for t, w in zip(row, widths, strict=True)) + 8
        for row in rows
    ]


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
