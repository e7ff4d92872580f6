"""A native chart of one answer over waves: points with their limits, no line over a gap, breaks marked."""

from typing import Any

from dashboard.colours import LIGHT
from dashboard.export.deck_marks import GREY, INKS, LINE, add_whisker, as_colour, make_sheet, reach_of
from dashboard.export.scales import parts_of
from dashboard.export.story import Waves
from dashboard.wording import say

__all__ = ["put_waves"]


def put_waves(slide: Any, waves: Waves, box: tuple[int, int, int, int], lang: str) -> Any:
    """Put the chart on a slide; a break is a place of its own with a dashed line, so that no line passes it.

    Parameters
    ----------
    box : tuple of int
        Left, top, width, height in EMU.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE

    data = CategoryChartData(number_format="0%")
    data.categories = [stop.label for stop in waves.stops]
    kinds = [
        (name, key, ink, style)
        for name, key, ink, style in zip(
            waves.names,
            ("own", "printed"),
            (INKS[waves.side], GREY),
            (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.DIAMOND),
            strict=True,
        )
        if any(getattr(stop, key) for stop in waves.stops)
    ]
    threes = {
        key: [getattr(stop, key) or (None, None, None) for stop in waves.stops] for _, key, _, _ in kinds
    }
    for name, key, _, _ in kinds:
        data.add_series(name, [three[0] for three in threes[key]])
    breaks = [0.0 if stop.is_break else None for stop in waves.stops]
    if any(value is not None for value in breaks):
        data.add_series(say(lang, "trend.break"), breaks)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box, data)
    made = frame.chart
    first = 2 + len(kinds) + (len(made.plots[0].series) > len(kinds))
    columns: list[list[float | None]] = []
    for place, (_, key, ink, style) in enumerate(kinds):
        one = made.plots[0].series[place]
        one.smooth = False
        one.format.line.color.rgb = as_colour(ink)
        one.marker.style, one.marker.size = style, 9
        one.marker.format.fill.solid()
        one.marker.format.fill.fore_color.rgb = as_colour(ink)
        one.marker.format.line.color.rgb = as_colour(ink)
        for number, stop in enumerate(waves.stops):
            if key == "printed" and stop.is_open and stop.printed:
                fill = one.points[number].marker
                fill.style, fill.size = style, 9
                fill.format.fill.solid()
                fill.format.fill.fore_color.rgb = as_colour("FFFFFF")
                fill.format.line.color.rgb = as_colour(ink)
        reach = [reach_of(*three) for three in threes[key]]
        add_whisker(one, "", reach, first + 2 * place, ink=ink)
        columns += [[up for up, _ in reach], [down for _, down in reach]]
    if len(made.plots[0].series) > len(kinds):
        _mark_breaks(made.plots[0].series[len(kinds)], waves, first + 2 * len(kinds))
        columns += [[waves.to if stop.is_break else None for stop in waves.stops], [None] * len(waves.stops)]
    _axes(made, waves, is_keyed=len(kinds) > 1)
    if len(kinds) > 1 and any(stop.is_break for stop in waves.stops):
        _unkey(made, len(kinds))
    rows = [
        (
            stop.label.replace("\n", " "),
            *[threes[key][place][0] for _, key, _, _ in kinds],
            *([breaks[place]] if any(b is not None for b in breaks) else []),
            *[column[place] for column in columns],
        )
        for place, stop in enumerate(waves.stops)
    ]
    ends = [f"{name}: {say(lang, f'brief.{key}')}" for name, *_ in kinds for key in ("above", "below")]
    broken = [say(lang, "trend.break")] if any(b is not None for b in breaks) else []
    head = ("", *[name for name, *_ in kinds], *broken, *ends)
    made.part.chart_workbook.update_from_xlsx_blob(make_sheet(head, rows))
    return frame


def _mark_breaks(series: Any, waves: Waves, column: int) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    series.smooth = False
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    reach = [(waves.to, 0.0) if stop.is_break else (None, None) for stop in waves.stops]
    add_whisker(series, "", reach, column, ink=LIGHT.quiet[1:], is_dashed=True)


def _unkey(made: Any, series: int) -> None:
    """Leave a series out of the legend: what it marks is named under the axis."""
    from lxml import etree

    entry = f'<c:legendEntry xmlns:c="{_C}"><c:idx val="{series}"/><c:delete val="1"/></c:legendEntry>'
    made.legend._element.find(f"{{{_C}}}legendPos").addnext(etree.fromstring(entry))


def _axes(made: Any, waves: Waves, *, is_keyed: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    values, names = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale = 0, waves.to
    values.major_unit = waves.to / parts_of("percent", 0.0, waves.to)
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = as_colour(LINE)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0%", False
    values.format.line.fill.background()
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = as_colour("9AA0A8")
    for axis in (values, names):
        axis.tick_labels.font.size = Pt(12)
        axis.tick_labels.font.color.rgb = as_colour(LIGHT.quiet[1:] if axis is values else LIGHT.ink[1:])
    made.has_title = False
    made.has_legend = is_keyed
    if is_keyed:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(12)


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
