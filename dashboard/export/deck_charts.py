"""Native charts of a deck, editable in PowerPoint: bars or points with their limits, and the sheet behind."""

from typing import Any

from dashboard.colours import LIGHT
from dashboard.export.deck_cross import put_cross
from dashboard.export.deck_marks import INKS, LINE, MIDDLE, PALE, add_whisker, as_colour, make_sheet, reach_of
from dashboard.export.deck_waves import put_waves
from dashboard.export.scales import parts_of, places_of
from dashboard.export.story import Chart, Cross, Waves
from dashboard.wording import say

__all__ = ["put_chart"]

_FORMATS = {"percent": "0%", "points": "+0;−0;0", "index": "0.000"}
"""Unit of a chart to its number format."""

_Box = tuple[int, int, int, int]


def put_chart(slide: Any, chart: Chart | Cross | Waves, box: _Box, lang: str) -> None:
    """Put a chart on a slide; the sheet behind it holds what is drawn and nothing else.

    Parameters
    ----------
    box : tuple of int
        Left, top, width, height in EMU.
    """
    if isinstance(chart, Waves):
        frame = put_waves(slide, chart, box, lang)
    elif isinstance(chart, Chart):
        frame = _bars(slide, chart, box, lang)
    else:
        frame = put_cross(slide, chart, box, lang)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("descr", chart.words[:1000])
    properties.set("name", "Chart")


def _bars(slide: Any, chart: Chart, box: _Box, lang: str) -> Any:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData(number_format=_FORMATS[chart.unit])
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
    is_ranged = any(bar.low is not None and bar.low != bar.high for bar in chart.bars)
    for place, one in enumerate(plot.series):
        inks = PALE if place else MIDDLE if is_ranged else INKS
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = as_colour(inks[_side_of(chart)])
        for number, bar in enumerate(chart.bars):
            point = one.points[number].format
            point.fill.solid()
            point.fill.fore_color.rgb = as_colour(inks[bar.side] if not bar.is_indicative else PALE[bar.side])
            if bar.is_indicative:
                point.line.color.rgb = as_colour(INKS[bar.side])
        one.invert_if_negative = False
    if is_ranged:
        column = 2 + len(series)
        add_whisker(
            plot.series[0], "", [reach_of(bar.value, bar.low, bar.high) for bar in chart.bars], column
        )
    _axes(made, chart)
    made.category_axis.reverse_order = True
    _keys(made, len(series) > 1)
    rows = [
        (
            bar.label.replace("\n", " ") + "\n" + bar.brief,
            *[values[place] for values in series],
            *reach_of(bar.value, bar.low, bar.high),
            bar.told,
        )
        for place, bar in enumerate(chart.bars)
    ]
    head = ("", *chart.names, *(say(lang, f"brief.{key}") for key in ("above", "below", "in_words")))
    made.part.chart_workbook.update_from_xlsx_blob(make_sheet(head, rows))
    return frame


def _side_of(chart: Chart) -> str:
    """The side all rows share; "" (grey) where they do not."""
    sides = {bar.side for bar in chart.bars}
    return sides.pop() if len(sides) == 1 else ""


def _axes(made: Any, chart: Chart) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    values, names = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale = chart.from_, chart.to
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = as_colour(LINE)
    ends = (chart.unit, chart.from_, chart.to)
    values.major_unit = (chart.to - chart.from_) / parts_of(*ends)
    values.tick_labels.number_format = (
        _FORMATS[chart.unit] if chart.unit != "index" else f"0.{'0' * places_of(*ends)}"
    )
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.font.size = Pt(11)
    values.tick_labels.font.color.rgb = as_colour(LIGHT.quiet[1:])
    values._element.txPr.bodyPr.set("rot", "0")
    values.format.line.fill.background()
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    names.tick_labels.font.size = Pt(12 if len(chart.bars) <= 6 else 11)
    names.tick_labels.font.color.rgb = as_colour(LIGHT.ink[1:])
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = as_colour("9AA0A8")
    _name_all(names)


def _name_all(names: Any) -> None:
    """Let no row go without its name, however small the chart is."""
    from lxml import etree

    after = names._element.find(f"{{{_C}}}noMultiLvlLbl")
    after.addprevious(etree.fromstring(f'<c:tickLblSkip xmlns:c="{_C}" val="1"/>'))


def _keys(made: Any, is_shown: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    made.has_title = False
    made.has_legend = is_shown
    if is_shown:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(11)


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
