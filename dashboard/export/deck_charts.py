"""Native charts of a deck, editable in PowerPoint: bars or points with their limits, and the sheet behind."""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dashboard.colours import LIGHT
from dashboard.export.story import Chart, Cross
from dashboard.foreseen import DIVISIONS
from dashboard.wording import say

__all__ = ["put_chart"]

_GREY, _INK = "8A9099", LIGHT.ink[1:]
_INKS = {"us": LIGHT.us[1:], "cn": LIGHT.cn[1:], "both": LIGHT.both[1:], "": _GREY}
_PALE = {"us": "A9C4E3", "cn": "E3BDB1", "both": "C9B7D8", "": "CDD1D6"}
_SHEET = "Sheet1"

_Box = tuple[int, int, int, int]


def put_chart(slide: Any, chart: Chart | Cross, box: _Box, lang: str) -> None:
    """Put a chart on a slide; the sheet behind it holds what is drawn and nothing else.

    Parameters
    ----------
    box : tuple of int
        Left, top, width, height in EMU.
    """
    frame = _bars(slide, chart, box, lang) if isinstance(chart, Chart) else _spots(slide, chart, box, lang)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("descr", chart.words[:1000])
    properties.set("name", "Chart")


def _bars(slide: Any, chart: Chart, box: _Box, lang: str) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData(number_format="0%" if chart.unit == "percent" else "0.000")
    data.categories = [f"{bar.label}\n{bar.brief}" for bar in chart.bars]
    series = [[bar.value for bar in chart.bars]]
    if len(chart.names) > 1:
        series.append([bar.was for bar in chart.bars])
    for name, values in zip(chart.names, series, strict=True):
        data.add_series(name, values)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    made = frame.chart
    plot = made.plots[0]
    plot.gap_width, plot.overlap = (55, -10) if len(series) > 1 else (110, 0)
    plot.vary_by_categories = False
    for place, one in enumerate(plot.series):
        inks = _INKS if place == 0 else _PALE
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = _rgb(inks[_side_of(chart)])
        for number, bar in enumerate(chart.bars):
            point = one.points[number].format
            point.fill.solid()
            point.fill.fore_color.rgb = _rgb(inks[bar.side] if not bar.is_indicative else _PALE[bar.side])
            if bar.is_indicative:
                point.line.color.rgb = _rgb(_INKS[bar.side])
        one.invert_if_negative = False
    if any(bar.low is not None for bar in chart.bars):
        column = 2 + len(series)
        _whisker(plot.series[0], "", [_limits(bar.value, bar.low, bar.high) for bar in chart.bars], column)
    _axes(made, chart)
    made.category_axis.reverse_order = True
    _keys(made, len(series) > 1)
    rows = [
        (
            bar.label.replace("\n", " ") + "\n" + bar.brief,
            *[values[place] for values in series],
            *_limits(bar.value, bar.low, bar.high),
            bar.told,
        )
        for place, bar in enumerate(chart.bars)
    ]
    head = ("", *chart.names, *(say(lang, f"brief.{key}") for key in ("above", "below", "in_words")))
    made.part.chart_workbook.update_from_xlsx_blob(_sheet(head, rows))
    return frame


def _side_of(chart: Chart) -> str:
    """The side all rows share; "" (grey) where they do not."""
    sides = {bar.side for bar in chart.bars}
    return sides.pop() if len(sides) == 1 else ""


def _limits(value: float | None, low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """How far a bar's line reaches above and below its end; None where there is no interval."""
    if value is None or low is None or high is None or low == high:
        return None, None
    return round(max(high - value, 0.0), 6), round(max(value - low, 0.0), 6)


def _axes(made: Any, chart: Chart) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    values, names = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale = chart.from_, chart.to
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = _rgb("E4E7EB")
    values.major_unit = _step(chart)
    values.tick_labels.number_format = "0%" if chart.unit == "percent" else "General"
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.font.size = Pt(11)
    values.tick_labels.font.color.rgb = _rgb(LIGHT.quiet[1:])
    values.format.line.fill.background()
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_labels.font.size = Pt(12 if len(chart.bars) <= 6 else 11)
    names.tick_labels.font.color.rgb = _rgb(LIGHT.ink[1:])
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = _rgb("9AA0A8")


def _step(chart: Chart) -> float:
    """Distance of grid lines: parts of a scale that can be printed in full."""
    if chart.unit == "percent":
        return 0.1 if chart.to <= 0.5 else 0.2
    return chart.to / DIVISIONS.get(chart.to, 5)


def _keys(made: Any, is_shown: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    made.has_title = False
    made.has_legend = is_shown
    if is_shown:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(11)


def _spots(slide: Any, cross: Cross, box: _Box, lang: str) -> Any:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_MARK
    from pptx.util import Pt

    data = XyChartData(number_format="0.000")
    firms = data.add_series(say(lang, "column.firm"))
    for spot in cross.spots:
        firms.add_data_point(spot.x[1], spot.y[1])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    made, one = frame.chart, frame.chart.plots[0].series[0]
    _keys(made, False)
    one.format.line.fill.background()
    one.marker.style, one.marker.size = XL_MARKER_STYLE.CIRCLE, 8
    one.marker.format.fill.solid()
    one.marker.format.fill.fore_color.rgb = _rgb(_INKS["both"])
    one.marker.format.line.fill.background()
    lefts = _lefts(cross)
    for number, spot in enumerate(cross.spots):
        label = one.points[number].data_label
        label.text_frame.text = spot.mark
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
        label.position = XL_LABEL_POSITION.LEFT if number in lefts else XL_LABEL_POSITION.RIGHT
    reach = {
        axis: [
            _limits(three[1], three[0], three[2]) for three in (getattr(spot, axis) for spot in cross.spots)
        ]
        for axis in ("x", "y")
    }
    _whisker(one, "y", reach["y"], 5)
    _whisker(one, "x", reach["x"], 3)
    for axis, title in ((made.category_axis, cross.x_title), (made.value_axis, cross.y_title)):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, cross.to, cross.to / 5
        axis.has_major_gridlines = True
        axis.major_gridlines.format.line.color.rgb = _rgb("E4E7EB")
        axis.format.line.color.rgb = _rgb("9AA0A8")
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0.0#", False
        axis.tick_labels.font.size = Pt(11)
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    rows = [
        (spot.x[1], spot.y[1], *reach["x"][place], *reach["y"][place], f"{spot.mark} {spot.label}")
        for place, spot in enumerate(cross.spots)
    ]
    ends = [f"{axis}: {say(lang, f'brief.{key}')}" for axis in ("x", "y") for key in ("above", "below")]
    head = (cross.x_title, say(lang, "column.firm"), *ends, cross.y_title)
    made.part.chart_workbook.update_from_xlsx_blob(_sheet(head, rows))
    return frame


def _lefts(cross: Cross) -> set[int]:
    """Points whose mark stands to the left: every second of those that lie close together, from below."""
    order = sorted(range(len(cross.spots)), key=lambda k: (cross.spots[k].y[1], cross.spots[k].x[1]))
    lefts: set[int] = set()
    for before, here in pairwise(order):
        near = cross.spots[here].y[1] - cross.spots[before].y[1] < 0.05 * cross.to
        if near and before not in lefts:
            lefts.add(here)
    return lefts


def _whisker(series: Any, axis: str, reach: Sequence[tuple[float | None, float | None]], column: int) -> None:
    """Lines through the ends of bars, or through points: how far up and down, from columns of the sheet."""
    from lxml import etree

    def cells(side: int) -> str:
        letter = "ABCDEFGHIJ"[column - 1 + side]
        points = "".join(
            f'<c:pt idx="{k}"><c:v>{one[side]}</c:v></c:pt>'
            for k, one in enumerate(reach)
            if one[side] is not None
        )
        return (
            f"<c:numRef><c:f>{_SHEET}!${letter}$2:${letter}${len(reach) + 1}</c:f><c:numCache>"
            f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(reach)}"/>{points}'
            "</c:numCache></c:numRef>"
        )

    bars = etree.fromstring(
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}">'
        + (f'<c:errDir val="{axis}"/>' if axis else "")
        + '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        + f"<c:plus>{cells(0)}</c:plus><c:minus>{cells(1)}</c:minus>"
        + f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></a:ln></c:spPr>'
        + "</c:errBars>"
    )
    element = series._element
    after = element.find(f"{{{_C}}}cat")
    after = element.find(f"{{{_C}}}xVal") if after is None else after
    after.addprevious(bars)


def _sheet(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
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


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour)


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
