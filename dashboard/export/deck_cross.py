"""A native chart of firms on two scales: a square, each point with its limits and a number nothing covers."""

import math
from collections.abc import Sequence
from typing import Any

from dashboard.export.deck_marks import INKS, LINE, add_whisker, as_colour, make_sheet, reach_of, set_inner
from dashboard.export.deck_words import EMU
from dashboard.export.story import Cross
from dashboard.wording import say

__all__ = ["places_of_numbers", "put_cross"]

_Spot = tuple[float, float]

_LEFT, _FOOT, _EDGE = 52, 46, 12
"""Points that the words of the axes take at the left and below, and what stays free at the other edges."""

_SIZE, _DOT = 12, 4
"""Points: of the numbers, and half of a marker."""

_BESIDE, _RINGS = 10, (18, 28, 40)
"""Points from a point to the middle of its number: beside it, or on a ring, tied to it by a hairline."""

_SIDES = (("RIGHT", (1, 0)), ("LEFT", (-1, 0)), ("ABOVE", (0, 1)), ("BELOW", (0, -1)))


def put_cross(slide: Any, cross: Cross, box: tuple[int, int, int, int], lang: str) -> Any:
    """Put the chart on a slide; both scales are as long as each other.

    Parameters
    ----------
    box : tuple of int
        Left, top, width, height in EMU.
    """
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE

    data = XyChartData(number_format="0.000")
    firms = data.add_series(say(lang, "column.firm"))
    for spot in cross.spots:
        firms.add_data_point(spot.x[1], spot.y[1])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    made, one = frame.chart, frame.chart.plots[0].series[0]
    made.has_title = made.has_legend = False
    one.format.line.fill.background()
    one.marker.style, one.marker.size = XL_MARKER_STYLE.CIRCLE, 2 * _DOT
    one.marker.format.fill.solid()
    one.marker.format.fill.fore_color.rgb = as_colour(INKS["both"])
    one.marker.format.line.fill.background()
    wide, tall = box[2] / EMU, box[3] / EMU
    side = max(min(wide - _LEFT - _EDGE, tall - _FOOT - _EDGE), 1.0)
    set_inner(made, (_LEFT / wide, _EDGE / tall, side / wide, side / tall))
    _number(one, cross, side, (wide, tall))
    reach = {
        axis: [
            reach_of(three[1], three[0], three[2]) for three in (getattr(spot, axis) for spot in cross.spots)
        ]
        for axis in ("x", "y")
    }
    add_whisker(one, "y", reach["y"], 5)
    add_whisker(one, "x", reach["x"], 3)
    for axis, title in ((made.category_axis, cross.x_title), (made.value_axis, cross.y_title)):
        _rule(axis, title, cross.to)
    rows = [
        (spot.x[1], spot.y[1], *reach["x"][place], *reach["y"][place], f"{spot.mark} {spot.label}")
        for place, spot in enumerate(cross.spots)
    ]
    ends = [f"{axis}: {say(lang, f'brief.{key}')}" for axis in ("x", "y") for key in ("above", "below")]
    head = (cross.x_title, say(lang, "column.firm"), *ends, cross.y_title)
    made.part.chart_workbook.update_from_xlsx_blob(make_sheet(head, rows))
    return frame


def _rule(axis: Any, title: str, to: float) -> None:
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, to, to / 5
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


def _number(one: Any, cross: Cross, side: float, size: _Spot) -> None:
    """The number of each firm, moved from its point by a part of the chart where it would cover another."""
    from lxml import etree
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    for number, (spot, (name, (right, up))) in enumerate(
        zip(cross.spots, places_of_numbers(cross, side), strict=True)
    ):
        label = one.points[number].data_label
        label.text_frame.text = spot.mark
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(_SIZE)
        label.position = getattr(XL_LABEL_POSITION, name or "RIGHT")
        if not name:
            moved = ((right - _BESIDE) / size[0], -up / size[1])
            layout = (
                f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:x val="{moved[0]:.4f}"/>'
                f'<c:y val="{moved[1]:.4f}"/></c:manualLayout></c:layout>'
            )
            one._element.xpath(f"c:dLbls/c:dLbl/c:idx[@val='{number}']")[0].addnext(etree.fromstring(layout))
    one._element.xpath("c:dLbls")[0].append(
        etree.fromstring(
            f'<c:extLst xmlns:c="{_C}"><c:ext uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}" '
            f'xmlns:c15="{_C15}"><c15:showLeaderLines val="1"/>'
            f'<c15:leaderLines><c:spPr><a:ln xmlns:a="{_A}" w="6350"><a:solidFill><a:srgbClr val="9AA0A8"/>'
            "</a:solidFill></a:ln></c:spPr></c15:leaderLines></c:ext></c:extLst>"
        )
    )


def places_of_numbers(cross: Cross, side: float) -> list[tuple[str, _Spot]]:
    """Where the number of each firm stands, so that it covers no point, no limit and no other number.

    Parameters
    ----------
    side : float
        Length of a scale in points.

    Returns
    -------
    list of (str, (float, float))
        The side of its point, or "" where it stands apart; the way there, right and up, in points.
    """
    unit = side / cross.to
    dots = [(spot.x[1] * unit, spot.y[1] * unit) for spot in cross.spots]
    lines = [(spot.x[0] * unit, spot.x[2] * unit, spot.y[1] * unit, spot.y[1] * unit) for spot in cross.spots]
    lines += [
        (spot.x[1] * unit, spot.x[1] * unit, spot.y[0] * unit, spot.y[2] * unit) for spot in cross.spots
    ]
    taken = [(x - _DOT, x + _DOT, y - _DOT, y + _DOT) for x, y in dots] + lines
    beside = [(name, (right * _BESIDE, up * _BESIDE)) for name, (right, up) in _SIDES]
    apart = [
        ("", (ring * math.cos(math.pi * k / 8), ring * math.sin(math.pi * k / 8)))
        for ring in _RINGS
        for k in range(16)
    ]
    found = []
    for spot, (x, y) in zip(cross.spots, dots, strict=True):
        half = 0.3 * _SIZE * len(spot.mark) + 1
        places = [
            (x + right - half, x + right + half, y + up - _SIZE / 2, y + up + _SIZE / 2)
            for _, (right, up) in (*beside, *apart)
        ]
        covered = [_cover(place, taken, side) for place in places]
        best = covered.index(min(covered))
        left, right, low, high = places[best]
        taken.append((left - 2, right + 2, low - 1, high + 1))
        found.append((*beside, *apart)[best])
    return found


def _cover(place: tuple[float, ...], taken: Sequence[tuple[float, ...]], side: float) -> float:
    """How much of what is there a number would cover, and of what lies outside the square."""
    left, right, low, high = place
    inside = sum(
        max(min(right, b) - max(left, a) + 1, 0) * max(min(high, d) - max(low, c) + 1, 0)
        for a, b, c, d in taken
        if min(right, b) >= max(left, a) and min(high, d) >= max(low, c)
    )
    return inside + 1000 * (left < 0 or low < 0 or right > side or high > side)


_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
