"""What native charts of a deck share: colours, lines for intervals, and the workbook behind."""

import io
from collections.abc import Sequence
from typing import Any

from dashboard.colours import LIGHT

__all__ = [
    "GREY",
    "INKS",
    "LINE",
    "MIDDLE",
    "PALE",
    "Reach",
    "add_whisker",
    "as_colour",
    "make_sheet",
    "reach_of",
    "refer",
    "set_inner",
]

GREY, LINE = "8A9099", "E4E7EB"
INKS = {"us": LIGHT.us[1:], "cn": LIGHT.cn[1:], "both": LIGHT.both[1:], "": GREY}
"""Side to its colour."""

MIDDLE = {"us": "628FC2", "cn": "C47660", "both": "9777AE", "": "9CA2AA"}
"""The same, light enough for a dark line to be seen on it and dark enough to be seen on white (3 to 1)."""

PALE = {"us": "A9C4E3", "cn": "E3BDB1", "both": "C9B7D8", "": "CDD1D6"}
"""The same for a second point, and for what is indicative only."""

Reach = tuple[float | None, float | None]
"""How far a line reaches up and down from its point."""

_SHEET, _INK = "Sheet1", LIGHT.ink[1:]
_LETTERS = "ABCDEFGHIJKLMNOPQR"


def as_colour(colour: str) -> Any:
    """Six hexadecimal digits as the library of decks wants a colour."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)


def reach_of(value: float | None, low: float | None, high: float | None) -> Reach:
    """How far a line reaches above and below its point; None where there is no interval."""
    if value is None or low is None or high is None or low == high:
        return None, None
    return round(max(high - value, 0.0), 6), round(max(value - low, 0.0), 6)


def add_whisker(
    series: Any, axis: str, reach: Sequence[Reach], column: int, *, ink: str = _INK, is_dashed: bool = False
) -> None:
    """Lines through the ends of bars, or through points, from two columns of the sheet.

    Parameters
    ----------
    axis : str
        `x` or `y` of a scatter; "" where the chart has one axis of values.
    reach : sequence of (float or None, float or None)
        One a point.
    column : int
        Of the sheet behind, from 1: that of the way up; the way down stands beside it.
    """
    from lxml import etree

    up, down = (_cells(column + side, [one[side] for one in reach]) for side in (0, 1))
    dash = '<a:prstDash val="dash"/>' if is_dashed else ""
    bars = etree.fromstring(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}">'
        + (f'<c:errDir val="{axis}"/>' if axis else "")
        + f'<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="{int(is_dashed)}"/>'
        + f"<c:plus>{up}</c:plus><c:minus>{down}</c:minus>"
        + f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>{dash}</a:ln></c:spPr>'
        + "</c:errBars>"
    )
    element = series._element
    after = element.find(f"{{{_C}}}cat")
    after = element.find(f"{{{_C}}}xVal") if after is None else after
    after.addprevious(bars)


def refer(series: Any, tag: str, column: int, values: Sequence[float | None]) -> None:
    """Let a series of a scatter take its numbers from a column of the sheet; None stays an empty cell.

    Parameters
    ----------
    tag : str
        `xVal` or `yVal`.
    column : int
        Of the sheet behind, from 1.
    """
    from lxml import etree

    old = series._element.find(f"{{{_C}}}{tag}")
    made = f'<c:{tag} xmlns:c="{_C}">{_cells(column, values)}</c:{tag}>'
    old.getparent().replace(old, etree.fromstring(made))


def _cells(column: int, values: Sequence[float | None]) -> str:
    """A reference to a column of the sheet, with what it holds."""
    letter = _LETTERS[column - 1]
    points = "".join(
        f'<c:pt idx="{k}"><c:v>{value}</c:v></c:pt>' for k, value in enumerate(values) if value is not None
    )
    return (
        f"<c:numRef><c:f>{_SHEET}!${letter}$2:${letter}${len(values) + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
        "</c:numCache></c:numRef>"
    )


def set_inner(made: Any, parts: tuple[float, float, float, float]) -> None:
    """Where the axes of a chart stand: left, top, width, height as parts of the chart."""
    from lxml import etree

    names = ("x", "y", "w", "h")
    marks = "".join(f'<c:{name}Mode val="edge"/>' for name in names[:2])
    marks += "".join(f'<c:{name} val="{part:.4f}"/>' for name, part in zip(names, parts, strict=True))
    area = made._chartSpace.chart.plotArea
    for old in area.findall(f"{{{_C}}}layout"):
        area.remove(old)
    area.insert(
        0,
        etree.fromstring(
            f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:layoutTarget val="inner"/>{marks}'
            "</c:manualLayout></c:layout>"
        ),
    )


def make_sheet(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The workbook behind a chart: only what is drawn, as printed; the same rows give the same bytes."""
    import datetime

    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})
    page = book.add_worksheet(_SHEET)
    for column, text in enumerate(head):
        page.write_string(0, column, text)
    for place, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(place, column, cell)
            elif cell is not None:
                page.write_number(place, column, float(str(cell)))
    book.close()
    return file.getvalue()


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
