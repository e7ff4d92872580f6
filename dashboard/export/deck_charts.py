"""Native charts of a deck, editable in PowerPoint: bars or points with their limits, and the sheet behind."""

from typing import Any

from dashboard.colours import LIGHT
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
        frame = _spots(slide, chart, box, lang)
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
    one.marker.format.fill.fore_color.rgb = as_colour(INKS["both"])
    one.marker.format.line.fill.background()
    sides = _sides_of(cross)
    for number, spot in enumerate(cross.spots):
        label = one.points[number].data_label
        label.text_frame.text = spot.mark
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
        label.position = getattr(XL_LABEL_POSITION, sides[number])
    reach = {
        axis: [
            reach_of(three[1], three[0], three[2]) for three in (getattr(spot, axis) for spot in cross.spots)
        ]
        for axis in ("x", "y")
    }
    add_whisker(one, "y", reach["y"], 5)
    add_whisker(one, "x", reach["x"], 3)
    for axis, title in ((made.category_axis, cross.x_title), (made.value_axis, cross.y_title)):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, cross.to, cross.to / 5
        axis.has_major_gridlines = True
        axis.major_gridlines.format.line.color.rgb = as_colour(LINE)
        axis.format.line.color.rgb = as_colour("9AA0A8")
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
    made.part.chart_workbook.update_from_xlsx_blob(make_sheet(head, rows))
    return frame


def _sides_of(cross: Cross) -> list[str]:
    """Where the mark of each point stands: the first of right, left, above, below that covers least else."""
    away = {"RIGHT": (0.04, 0.0), "LEFT": (-0.04, 0.0), "ABOVE": (0.0, 0.05), "BELOW": (0.0, -0.05)}
    taken = [(spot.x[1] / cross.to, spot.y[1] / cross.to) for spot in cross.spots]
    sides = []
    for x, y in tuple(taken):
        places = {side: (x + dx, y + dy) for side, (dx, dy) in away.items()}
        near = {
            side: sum(abs(at[0] - a) < _NEAR[0] and abs(at[1] - b) < _NEAR[1] for a, b in taken)
            for side, at in places.items()
        }
        side = min(near, key=lambda one: near[one])
        taken.append(places[side])
        sides.append(side)
    return sides


_NEAR = (0.03, 0.035)
"""Parts of a scale within which a mark and a point cover each other."""

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
