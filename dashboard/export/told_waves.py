"""What changed since the wave before: differences with their intervals, and headline answers over waves."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, cast

from dashboard.asked import Asked, question_ids
from dashboard.claims import headline_rows, name_of
from dashboard.export.scales import end_of
from dashboard.export.story import Bar, Chart, Slide, Stop, Table, Waves, as_printed
from dashboard.export.told_answers import printed_words, source_words
from dashboard.shelf import Shelf
from dashboard.trend import Trend
from dashboard.trend_words import change_in_words, trend_claim
from dashboard.wording import as_interval, as_points, as_share, as_whole, is_number, percent_of, say

__all__ = ["tell_waves"]

_MOST, _DRAWN = 8, 2
"""Changes on one slide, and headline answers drawn over waves, at most."""

_Change = dict[str, object]
_Three = tuple[float, float | None, float | None]


def tell_waves(shelf: Shelf, lang: str) -> list[Slide]:
    """Changes of all answers that can be compared, then headline answers over waves, if there are any."""
    found = [
        (trend, changes[-1])
        for question in question_ids(shelf)
        for trend in _trends(shelf, question)
        if (changes := trend.changes())
    ]
    slides = [_changes(shelf, lang, found)] if found else []
    drawn = []
    for row in headline_rows(shelf):
        trend = Trend(_asked(shelf, str(row["question"])), str(row["option"]))
        if len(trend.waves) > 1:
            drawn.append(_over_waves(shelf, lang, trend))
    return slides + drawn[:_DRAWN]


def _asked(shelf: Shelf, question: str) -> Asked:
    return Asked(shelf, question, "", "answered", "")


def _trends(shelf: Shelf, question: str) -> Iterator[Trend]:
    asked = _asked(shelf, question)
    if asked.is_mean:
        return
    for option in dict.fromkeys([*asked.options, *asked.nets]):
        yield Trend(asked, option)


def _number(change: _Change, key: str) -> float:
    return float(cast(float, change[key])) if is_number(change.get(key)) else float("nan")


def _changes(shelf: Shelf, lang: str, found: list[tuple[Trend, _Change]]) -> Slide:
    """One row an answer: the change to its last wave, largest first; those with a break are counted only."""
    told = [(t, c) for t, c in found if c["flag"] != "break"]
    is_seen = {id(c): c["flag"] == "change" for _, c in told}
    told.sort(key=lambda pair: (not is_seen[id(pair[1])], -abs(_number(pair[1], "estimate"))))
    labels = [_label(shelf, lang, trend, told) for trend, _ in told]
    claim = _claim(lang, told, labels)
    bars = tuple(
        _bar(lang, label, t.asked.side(t.option), c)
        for label, (t, c) in zip(labels[:_MOST], told, strict=False)
    )
    rest, broken = len(told) - len(bars), len(found) - len(told)
    points = [say(lang, "brief.asked", wording=words) for words in _wordings(shelf, lang, told[:_MOST])]
    points += [say(lang, "brief.changes_more", many=rest)] if rest else []
    points += [say(lang, "brief.not_compared", many=broken)] if broken else []
    sizes = {_number(c, "smallest") for _, c in told} - {float("nan")}
    known = [100 * size for size in sizes if size == size]
    if known:
        points.append(say(lang, "brief.smallest", points=f"{max(known):.0f}"))
    notes = tuple(
        say(lang, "brief.labelled", name=label, answer=f"{change_in_words(c, lang)} {_size(lang, c)}".strip())
        for label, (_, c) in zip(labels, told, strict=True)
    ) or tuple(change_in_words(c, lang) for _, c in found)
    if not bars:
        return Slide(
            "what", "changes", claim, points=tuple(points), source=source_words(shelf, lang), notes=notes
        )
    reach = max(abs(x) for bar in bars for x in (bar.value, bar.low, bar.high) if x is not None)
    to = next((step for step in (5.0, 10.0, 20.0, 30.0, 40.0, 50.0) if reach <= step), 100.0)
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
    keys = ("brief.answer", "brief.difference_points", "brief.in_words", "column.n")
    lines = tuple(
        (b.label, b.brief.split(" · ")[0], b.told, _span(c)) for b, (_, c) in zip(bars, told, strict=False)
    )
    table = Table(tuple(say(lang, key) for key in keys), lines, claim, (1, 3))
    name = say(lang, "brief.difference_points")
    chart = Chart(bars, "points", -to, to, words, (name,))
    sentence = say(lang, "brief.change_sentence")
    bases = say(lang, "base.answered")
    is_own = any(c["is_own"] for _, c in told)
    source = printed_words(shelf, lang, _titles(told), bases, is_own=is_own)
    sure = say(lang, "brief.then").join(_pointed(lang, bar) for bar in bars[:2])
    return Slide("what", "changes", claim, sentence, chart, table, tuple(points), source, notes, sure)


def _titles(told: list[tuple[Trend, _Change]]) -> list[str]:
    """Sources of the printed figures that the changes are of."""
    found = []
    for trend, change in told:
        if not change["is_own"] and len(trend.points):
            waves = trend.points["wave"].astype(str).isin([str(change["from_wave"]), str(change["to_wave"])])
            found += [str(title) for title in trend.points.loc[waves, "source_title"]]
    return found


def _pointed(lang: str, bar: Bar) -> str:
    """A change with its unit, for where no scale tells it."""
    value, _, rest = bar.brief.partition(" · ")
    return f"{bar.label} {say(lang, 'brief.points_of', points=value)} · {rest}"


def _span(change: _Change) -> str:
    """Firms in both waves, or in the one base they share; "" where that is not told."""
    many = [int(_number(change, key)) for key in ("from_base", "to_base") if _number(change, key) > 0]
    many = many or ([int(_number(change, "n"))] if _number(change, "n") > 0 else [])
    return " → ".join(str(one) for one in dict.fromkeys(many))


def _size(lang: str, change: _Change) -> str:
    return say(lang, "brief.n", n=_span(change)) if _span(change) else ""


def _wordings(shelf: Shelf, lang: str, told: list[tuple[Trend, _Change]]) -> list[str]:
    return [shelf.label(lang, q) for q in dict.fromkeys(trend.asked.question for trend, _ in told)]


def _label(shelf: Shelf, lang: str, trend: Trend, told: list[tuple[Trend, _Change]]) -> str:
    """The answer; with its question before it where answers of several are told."""
    question, answer = trend.asked.question, shelf.label(lang, trend.asked.question, trend.option)
    if trend.asked.is_pair or len({t.asked.question for t, _ in told}) > 1:
        return say(lang, "brief.labelled", name=name_of(shelf, lang, question), answer=answer)
    return answer


def _claim(lang: str, told: list[tuple[Trend, _Change]], labels: list[str]) -> str:
    if not told:
        return say(lang, "brief.change_broken")
    pairs = {(str(c["from_wave"]), str(c["to_wave"])) for _, c in told}
    first, second = pairs.pop()
    span = say(lang, "brief.span_many") if pairs else say(lang, "brief.span", first=first, second=second)
    up, down = (
        sum(c["flag"] == "change" and sign * _number(c, "estimate") > 0 for _, c in told) for sign in (1, -1)
    )
    if not up + down:
        key = "brief.change_none_one" if len(told) == 1 else "brief.change_none"
        return (
            say(lang, key, span=span, option=labels[0], many=len(told))
            if key.endswith("one")
            else say(lang, key, span=span, many=len(told))
        )
    if up + down == 1:
        key = "brief.change_up" if up else "brief.change_down"
        points = as_points(abs(_number(told[0][1], "estimate"))).removeprefix("+")
        return say(lang, key, span=span, option=labels[0], points=points)
    return say(lang, "brief.change_some", span=span, many=len(told), up=up, down=down)


def _bar(lang: str, label: str, side: str, change: _Change) -> Bar:
    """A change in points, in words and figures."""
    middle, low, high = (_number(change, key) for key in ("estimate", "low", "high"))
    brief, ends = as_points(middle), (None, None)
    if low == low and high == high:
        brief += f" · {say(lang, 'brief.range_signed', low=as_points(low), high=as_points(high))}"
        ends = (round(100 * low, 1), round(100 * high, 1))  # type: ignore[assignment]
    else:
        brief += f" · {say(lang, 'interval.census')}"
    n = f" · {_size(lang, change)}" if _span(change) else ""
    return Bar(label, change_in_words(change, lang), brief + n, side, round(100 * middle, 1), *ends)


def _over_waves(shelf: Shelf, lang: str, trend: Trend) -> Slide:
    """A headline answer over waves, with what may be said of its changes and where the question changed."""
    question = trend.asked.question
    answer = shelf.label(lang, question, trend.option)
    name = name_of(shelf, lang, question)
    label = answer if name == shelf.label(lang, question) and not trend.asked.is_pair else name
    claim = say(lang, "brief.labelled", name=label, answer=_after_colon(trend_claim(trend, lang)))
    breaks = dict(trend.breaks(lang))
    stops: list[Stop] = []
    rows: list[tuple[str, ...]] = []
    for before, wave in pairwise(("", *trend.waves)):
        if wave in breaks:
            stops.append(Stop(say(lang, "trend.break"), is_break=True))
        elif before and trend.places[wave] - trend.places[before] > 1:
            stops.append(Stop("…"))
        stop, lines = _stop(lang, trend, wave)
        stops.append(stop)
        rows += lines
    tops = [x for stop in stops for one in (stop.own, stop.printed) if one for x in one if x is not None]
    scale = end_of(tuple(Bar("", "", "", "", top) for top in tops))
    scale += 0.1 * (scale > 0.5 and round(10 * scale) % 2)  # steps of 20 percent, so that every line is named
    scale = round(scale, 1)
    points = [change_in_words(change, lang) for change in trend.changes()]
    points += [say(lang, "trend.break_why", wave=wave, reason=why) for wave, why in breaks.items()]
    points += [say(lang, "trend.open")] if any(stop.is_open for stop in stops) else []
    keys = ("survey.wave", "column.value", "column.interval", "column.n", "survey.source")
    table = Table(tuple(say(lang, key) for key in keys), tuple(rows), claim, (1, 3))
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(" ".join(row) for row in rows))
    names = (say(lang, "trend.key_own"), say(lang, "trend.key_printed"))
    return Slide(
        "what",
        f"waves-{question}",
        claim,
        say(lang, "trend.sentence", option=answer),
        Waves(tuple(stops), scale, trend.asked.side(trend.option) or "both", words, names),
        table,
        tuple(points),
        printed_words(
            shelf,
            lang,
            trend.points["source_title"] if len(trend.points) else (),
            say(lang, "base.answered"),
            is_own=bool(len(trend.own)),
        ),
        tuple(" · ".join(part for part in row if part) for row in rows),
        below=source_words(shelf, lang, say(lang, "brief.printed_beside"), say(lang, "base.answered")),
    )


def _after_colon(words: str) -> str:
    """A sentence after a name and a colon: in English it goes on in a small letter."""
    return words[:1].lower() + words[1:]


def _stop(lang: str, trend: Trend, wave: str) -> tuple[Stop, list[tuple[str, ...]]]:
    """A wave: the study's own number, the printed one, and both as rows of the table."""
    own, printed, is_open = None, None, False
    lines: list[tuple[str, ...]] = []
    told: list[tuple[str, str, str]] = []
    for row in trend.own[trend.own["wave"].astype(str) == wave].tail(1).to_dict(orient="records"):
        own, line = _own(lang, wave, row)
        lines.append(line)
        told.append(("own", line[1], _rest(lang, own, line[3])))
    points = trend.points[trend.points["wave"].astype(str) == wave] if len(trend.points) else trend.points
    for row in points.to_dict(orient="records"):
        is_open = Trend.is_unsure(str(row["flag"]))
        printed, line = _printed(lang, wave, row)
        lines.append(line)
        told.append(("printed", line[1], _rest(lang, printed, line[3] if is_number(row["base"]) else "")))
    return Stop(wave, own, printed, is_open, told=tuple(told)), lines


def _rest(lang: str, three: _Three | None, n: str) -> str:
    """Limits in whole percents, and n, or that it is not known."""
    size = say(lang, "brief.n", n=n) if n else say(lang, "brief.n_unknown")
    if three is None or three[1] is None or three[2] is None:
        return size
    unit = say(lang, "unit.percent", value="")
    low, high = (percent_of(end, 0) for end in three[1:] if end is not None)
    return f"{say(lang, 'brief.range', low=low, high=high)}{unit} · {size}"


def _own(lang: str, wave: str, row: Mapping[Any, Any]) -> tuple[_Three | None, tuple[str, ...]]:
    n = int(row["n"])
    interval = as_interval(lang, row["low"], row["high"], row["level"], str(row["method"]), n=n)
    line = (wave, as_share(lang, row["estimate"], n), interval, as_whole(n), say(lang, "trend.key_own"))
    middle, low, high = (as_printed(row[key], n) for key in ("estimate", "low", "high"))
    if middle is None:
        return None, line
    return (middle, None, None) if low == high else (middle, low, high), line


def _printed(lang: str, wave: str, row: Mapping[Any, Any]) -> tuple[_Three, tuple[str, ...]]:
    low, high = (round(float(row[key]), 3) if is_number(row[key]) else None for key in ("low", "high"))
    interval = say(lang, "interval.none")
    if low is not None and high is not None:
        level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
        ends = [say(lang, "unit.percent", value=f"{100 * end:.0f}") for end in (low, high)]
        interval = say(lang, "interval.plain", level=level, low=ends[0], high=ends[1])
    feasible = str(row["feasible_bases"] or "?").replace(",", ", ")
    n = as_whole(row["base"]) if is_number(row["base"]) else feasible
    value = say(lang, "unit.percent", value=row["printed"])
    line = (wave, value, interval, n, str(row["source_title"]))
    return (round(float(row["value"]), 3), low, high), line
