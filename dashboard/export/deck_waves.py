"""A native chart of one answer over waves: points with their limits, no line over a gap, breaks marked."""

from collections.abc import Sequence
from typing import Any

from dashboard.colours import LIGHT
from dashboard.export.deck_marks import (
    GREY,
    INKS,
    LINE,
    add_whisker,
    as_colour,
    make_sheet,
    reach_of,
    refer,
    set_inner,
)
from dashboard.export.deck_words import EMU
from dashboard.export.scales import parts_of
from dashboard.export.story import Waves
from dashboard.wording import say

__all__ = ["put_waves"]

_BESIDE = 0.07
"""Of the way from wave to wave: how far the two series of a wave stand from its middle, each to its side."""

_SIZE, _NAMED = 11, 145
"""Points of the words below a wave; points of width a wave needs for the names of its series."""

_MARK = 9
"""Points of a marker; an open one has another size, without which some programs pass over its colour."""

_Column = list[float | None]


def put_waves(slide: Any, waves: Waves, box: tuple[int, int, int, int], lang: str) -> Any:
    """Put the chart on a slide: a scatter, so that two numbers of one wave stand beside each other.

    Parameters
    ----------
    box : tuple of int
        Left, top, width, height in EMU.
    """
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE

    kinds = [
        (name, key, shift)
        for name, key, shift in zip(waves.names, ("own", "printed"), (-_BESIDE, _BESIDE), strict=True)
        if any(getattr(stop, key) for stop in waves.stops)
    ]
    if len(kinds) == 1:
        kinds = [(name, key, 0.0) for name, key, _ in kinds]
    threes = {key: [getattr(stop, key) or (None, None, None) for stop in waves.stops] for _, key, _ in kinds}
    at = list(waves.places)
    drawn: list[tuple[str, _Column, _Column]] = [
        (name, [x + shift for x in at], [three[0] for three in threes[key]]) for name, key, shift in kinds
    ]
    is_broken = any(stop.is_break for stop in waves.stops)
    if is_broken:
        drawn.append((say(lang, "trend.break"), [*at], [0.0 if s.is_break else None for s in waves.stops]))
    drawn.append((say(lang, "survey.wave"), [*at], [0.0] * len(at)))
    data = XyChartData(number_format="0%")
    for name, _, _ in drawn:
        one = data.add_series(name)
        for x in at:
            one.add_data_point(x, 0.0)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES, *box, data)
    made = frame.chart
    series = list(made.plots[0].series)
    reaches = [[reach_of(*three) for three in threes[key]] for _, key, _ in kinds]
    if is_broken:
        reaches.append([(waves.to, 0.0) if stop.is_break else (None, None) for stop in waves.stops])
    first = 2 + len(drawn)
    last = first + 2 * len(reaches)
    for place, (one, (_, xs, ys)) in enumerate(zip(series, drawn, strict=True)):
        refer(one, "xVal", last + place, xs)
        refer(one, "yVal", 2 + place, ys)
    for place, (one, (_, key, _)) in enumerate(zip(series, kinds, strict=False)):
        _mark(one, waves, key)
        ink = INKS[waves.side] if key == "own" else GREY
        add_whisker(one, "y", reaches[place], first + 2 * place, ink=ink)
    for one in series[len(kinds) :]:
        _hide(one)
    if is_broken:
        dark = LIGHT.quiet[1:]
        add_whisker(series[-2], "y", reaches[-1], last - 2, ink=dark, is_dashed=True)
    room = int(box[2] / EMU / max(*at, 1.0) // _NAMED)
    _tell(series[-1], waves, most=len(at) if room else 0)
    _axes(made, waves, box, lines=1 + max(2 * len(stop.told) for stop in waves.stops))
    _key(made, len(kinds), len(series))
    columns = [ys for *_, ys in drawn]
    columns += [[one[side] for one in reach] for reach in reaches for side in (0, 1)]
    columns += [xs for _, xs, _ in drawn]
    ends = [say(lang, f"brief.{key}") for key in ("above", "below")]
    reached = [f"{name}: {end}" for name, *_ in drawn[: len(reaches)] for end in ends]
    head = ("", *[name for name, *_ in drawn], *reached, *[f"{name}: x" for name, *_ in drawn])
    rows = [(stop.label, *cells) for stop, *cells in zip(waves.stops, *columns, strict=True)]
    made.part.chart_workbook.update_from_xlsx_blob(make_sheet(head, rows))
    return frame


def _mark(one: Any, waves: Waves, key: str) -> None:
    """Markers and lines of a series; a point with more than one reading is an open marker."""
    from pptx.enum.chart import XL_MARKER_STYLE

    ink = INKS[waves.side] if key == "own" else GREY
    style = XL_MARKER_STYLE.CIRCLE if key == "own" else XL_MARKER_STYLE.DIAMOND
    one.smooth = False
    one.format.line.color.rgb = as_colour(ink)
    for number, stop in enumerate(waves.stops):
        if key == "printed" and stop.is_open and stop.printed:
            _paint(one.points[number].marker, style, "FFFFFF", ink, _MARK + 1)
    _paint(one.marker, style, ink, ink, _MARK)


def _paint(marker: Any, style: Any, ground: str, ink: str, size: int) -> None:
    marker.style, marker.size = style, size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = as_colour(ground)
    marker.format.line.color.rgb = as_colour(ink)


def _hide(one: Any) -> None:
    """A series that only bears words or a dashed line."""
    from pptx.enum.chart import XL_MARKER_STYLE

    one.smooth = False
    one.format.line.fill.background()
    one.marker.style = XL_MARKER_STYLE.NONE


def _tell(one: Any, waves: Waves, most: int) -> None:
    """Words below the axis: the wave, then each series in its colour; the words of a break."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    inks = {"own": INKS[waves.side], "printed": LIGHT.quiet[1:], "": LIGHT.ink[1:]}
    for number, stop in enumerate(waves.stops):
        words = stop.label if most or not stop.is_break else stop.label.replace(" ", "\n", 1)
        lines = [*[("", line) for line in words.split("\n")], *waves.below(stop, most)]
        label = one.points[number].data_label
        label.position = XL_LABEL_POSITION.BELOW
        frame = label.text_frame
        frame.word_wrap = False
        for place, (kind, line) in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold = Pt(_SIZE), place == 0 and bool(stop.told)
            run.font.color.rgb = as_colour(LIGHT.quiet[1:] if stop.is_break else inks[kind])


def _axes(made: Any, waves: Waves, box: Sequence[int], lines: int) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    values, names = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale = 0, waves.to
    values.major_unit = waves.to / parts_of("percent", 0.0, waves.to)
    values.has_major_gridlines, names.has_major_gridlines = True, False
    values.major_gridlines.format.line.color.rgb = as_colour(LINE)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0%", False
    values.tick_labels.font.size = Pt(11)
    values.tick_labels.font.color.rgb = as_colour(LIGHT.quiet[1:])
    values.format.line.fill.background()
    names.minimum_scale, names.maximum_scale = 0.5, max(waves.places) + 0.5
    names.major_unit = 1
    names.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    names.format.line.color.rgb = as_colour("9AA0A8")
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    wide, tall = box[2] / EMU, box[3] / EMU
    above, foot, left = 28, 10 + 1.35 * _SIZE * lines, 40
    set_inner(made, (left / wide, above / tall, 1 - (left + 8) / wide, max(1 - (above + foot) / tall, 0.3)))


def _key(made: Any, kinds: int, many: int) -> None:
    """A legend of the series that hold numbers, where there are two."""
    from lxml import etree
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    made.has_title = False
    made.has_legend = kinds > 1
    if kinds > 1:
        made.legend.position = XL_LEGEND_POSITION.TOP
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(12)
        for place in range(kinds, many):
            made.legend._element.find(f"{{{_C}}}legendPos").addnext(
                etree.fromstring(
                    f'<c:legendEntry xmlns:c="{_C}"><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
                )
            )


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
