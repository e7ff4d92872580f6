"""What firms answered and how sure that is: headlines, the two sides against each other, bases, sectors."""

from collections.abc import Iterable

import pandas as pd

from dashboard.answer_claims import answer_claim
from dashboard.asked import Asked
from dashboard.claims import day_claim, headline_rows, is_hidden, name_of, row_interval, sectors_of
from dashboard.command.book_words import said
from dashboard.export.scales import end_of
from dashboard.export.story import Bar, Chart, Slide, Table, as_printed
from dashboard.shelf import Shelf
from dashboard.wording import FEW, MANY, NEVER, as_share, as_whole, catalogue, is_number, percent_of, say

__all__ = [
    "bar_of",
    "note_row",
    "printed_words",
    "source_words",
    "tell_answers",
    "tell_contrast",
    "tell_doubt",
    "tell_sectors",
]

_MANY = 4
"""Answers that one claim names: from so many on, their limits are too much for a line."""

_NAMED = 2
"""Sources of a printed series that are named; all stand in its table and in the notes."""

_MOST = 10
"""Rows of a chart, at most; a slide must be read from the last row of seats."""


def printed_words(shelf: Shelf, lang: str, titles: Iterable[str], *parts: str, is_own: bool) -> str:
    """Where figures of a printed series come from, after the study where its own stand beside them."""
    first = dict.fromkeys(title for title in titles if title)
    named = list(first)[:_NAMED]
    rest = len(first) - len(named)
    told = say(lang, "brief.then").join(
        [*named, *([say(lang, "brief.more_sources", many=rest)] if rest else [])]
    )
    if not told:
        return source_words(shelf, lang, *parts)
    if is_own:
        return source_words(shelf, lang, say(lang, "brief.printed", titles=told), *parts)
    return " · ".join([say(lang, "brief.source_printed", titles=told), *[part for part in parts if part]])


def source_words(shelf: Shelf, lang: str, *parts: str) -> str:
    """Where numbers come from, and what else must stand below them."""
    wave = str(shelf.manifest.get("wave", ""))
    key = "brief.source" if wave else "brief.source_study"
    return " · ".join([say(lang, key, title=shelf.title(lang), wave=wave), *[part for part in parts if part]])


def bar_of(lang: str, label: str, row: pd.Series, side: str) -> Bar:
    """A share as a row of a chart, in words and figures no finer than it may be printed."""
    words = ""
    if is_hidden(row):
        words = say(lang, "brief.no_answers" if "empty" in str(row["flag"]) else "state.suppressed")
    elif int(row["n"]) < NEVER:
        words = say(lang, "state.low_base")
    if words:
        return Bar(label, words, words, side, None)
    n = int(row["n"])
    is_weighted = "count" in row and bool(pd.isna(row["count"]))
    value = as_share(lang, row["estimate"], n, is_weighted=is_weighted)
    told = say(lang, "brief.told", value=value, interval=row_interval(lang, row), n=n)
    middle, low, high = (as_printed(row[key], n) for key in ("estimate", "low", "high"))
    brief = f"{value} · {say(lang, 'brief.n', n=n)}"
    if low is not None and high is not None and low != high:
        ends = [as_whole(x * n) if n < FEW else percent_of(x, int(n >= MANY)) for x in (low, high)]
        unit = "" if n < FEW else say(lang, "unit.percent", value="")
        span = say(lang, "brief.range", low=ends[0], high=ends[1])
        brief = f"{value} · {span}{unit} · {say(lang, 'brief.n', n=n)}"
    elif "census" in str(row["method"]):
        brief = f"{value} · {say(lang, 'brief.all_counted')} · {say(lang, 'brief.n', n=n)}"
    is_indicative = "indicative" in str(row["flag"]) or n < FEW
    return Bar(label, told, brief, side, middle, low, high, is_indicative=is_indicative)


def note_row(shelf: Shelf, lang: str, label: str, row: pd.Series) -> str:
    """One number for the speaker: value, interval, n, base and method; or that it is not shown."""
    if is_hidden(row):
        return say(lang, "brief.labelled", name=label, answer=say(lang, "state.suppressed"))
    n = int(row["n"])
    told = say(
        lang, "brief.told", value=as_share(lang, row["estimate"], n), interval=row_interval(lang, row), n=n
    )
    rule, method = str(row["base_rule"] or "answered"), said(str(row["method"]), lang)
    rule = "linked" if str(row["question"]).startswith("pressure.") else rule
    base = say(lang, f"base.{rule}") if f"base.{rule}" in catalogue(lang) else said(rule, lang)
    return say(lang, "brief.note", label=label, told=told, base=base, method=method)


def _table(shelf: Shelf, lang: str, rows: list[tuple[str, pd.Series]], caption: str) -> Table:
    lines = []
    for label, row in rows:
        n = as_whole(row["n"]) if is_number(row["n"]) else "–"
        if is_hidden(row):
            lines.append((label, say(lang, "state.suppressed"), "–", n))
        else:
            lines.append((label, as_share(lang, row["estimate"], int(row["n"])), row_interval(lang, row), n))
    head = tuple(say(lang, f"column.{key}") for key in ("value", "interval", "n"))
    return Table((say(lang, "brief.answer"), *head), tuple(lines), caption, (1, 3))


def _slide(
    shelf: Shelf,
    lang: str,
    chapter: str,
    key: str,
    claim: str,
    rows: list[tuple[str, pd.Series, str]],
    sentence: str,
    points: tuple[str, ...] = (),
    sure: str = "",
) -> Slide:
    """A slide of shares: a row of the chart each, the same as a table, and a note each."""
    bars = tuple(bar_of(lang, label, row, side) for label, row, side in rows)
    alone = [(label, row) for label, row, _ in rows]
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
    known = [int(row["n"]) for _, row in alone if is_number(row["n"])]
    n = "" if not known else say(lang, "brief.n", n=_span(known)) + " · " + say(lang, "base.answered")
    return Slide(
        chapter,
        key,
        claim,
        sentence,
        Chart(bars, "percent", 0.0, end_of(bars), words, (say(lang, "brief.share_of"),)),
        _table(shelf, lang, alone, claim),
        points,
        source_words(shelf, lang, n),
        tuple(note_row(shelf, lang, label, row) for label, row in alone),
        sure or _sure(lang, claim, bars, n),
    )


def _sure(lang: str, claim: str, bars: tuple[Bar, ...], n: str) -> str:
    """Limits and n of the answers or groups that a claim names; n alone where it names none, or many."""
    named = [f"{bar.label} {bar.brief}" for bar in bars if bar.label in claim and bar.value is not None]
    if not 0 < len(named) < _MANY:
        return n
    return say(lang, "brief.then").join(named) + " · " + say(lang, "base.answered")


def _span(known: list[int]) -> str:
    low, high = min(known), max(known)
    return as_whole(low) if low == high else f"{as_whole(low)}–{as_whole(high)}"


def tell_answers(shelf: Shelf, lang: str) -> list[Slide]:
    """The headlines: the first answer of each headline question, or the answer its contrast begins with."""
    claims, asked = shelf.claims(), {}
    rows = []
    for row in headline_rows(shelf):
        question, option = str(row["question"]), str(row["option"])
        mine = claims[
            (claims["question"] == question) & (claims["option"] == option) & (claims["stat"] == "share")
        ]
        if mine.empty:
            continue
        answer, name = shelf.label(lang, question, option), name_of(shelf, lang, question)
        is_named = f"figure.{question}" in catalogue(lang)
        label = say(lang, "brief.labelled", name=name, answer=answer) if is_named else answer
        rows.append((label, mine.iloc[0], "us" if row["stat"] == "difference" else "both"))
        asked[name if is_named else answer] = shelf.label(lang, question)
    if not rows:
        return []
    claim, interval = day_claim(shelf, lang)
    points = tuple(say(lang, "brief.wording", name=name, wording=words) for name, words in asked.items())
    return [_slide(shelf, lang, "what", "headlines", claim, rows, interval, points, interval)]


def tell_contrast(shelf: Shelf, lang: str) -> list[Slide]:
    """Each headline with two sides: all its answers, and whether the two sides can be told apart."""
    claims, slides = shelf.claims(), []
    for row in headline_rows(shelf):
        if row["stat"] != "difference":
            continue
        question, us, cn = str(row["question"]), str(row["option"]), str(row["against"])
        names = {"us": shelf.label(lang, question, us), "cn": shelf.label(lang, question, cn)}
        mine = claims[(claims["question"] == question) & (claims["stat"] == "share")].head(_MOST)
        sides = {us: "us", cn: "cn"}
        rows = [
            (shelf.label(lang, question, str(r["option"])), r, sides.get(str(r["option"]), ""))
            for _, r in mine.iterrows()
        ]
        claim, sentence = _contrast(lang, row, names)
        if is_hidden(row) and any(not is_hidden(one) for _, one, _ in rows):
            claim, sentence = answer_claim(Asked(shelf, question, "", "answered", ""), lang), claim
        wording = say(lang, "brief.asked", wording=shelf.label(lang, question))
        sure = "" if is_hidden(row) else sentence
        slides.append(
            _slide(shelf, lang, "what", f"contrast-{question}", claim, rows, sentence, (wording,), sure)
        )
    return slides


def _contrast(lang: str, row: pd.Series, names: dict[str, str]) -> tuple[str, str]:
    """How two answers of the same firms differ, no more firmly than the interval allows."""
    if is_hidden(row) or not (is_number(row["low"]) and is_number(row["high"])):
        return say(lang, "brief.contrast_hidden", **names), say(lang, "state.suppressed")
    if int(row["n"]) < NEVER:
        return say(lang, "brief.contrast_hidden", **names), say(lang, "state.low_base")
    level = say(lang, "unit.per_level", level=f"{100 * row['level']:g}")
    ends = {"low": f"{100 * row['low']:+.0f}", "high": f"{100 * row['high']:+.0f}"}
    ends = {key: text.replace("-", "−") for key, text in ends.items()}
    sentence = (
        say(lang, "interval.points", level=level, **ends) + f" · {say(lang, 'brief.n', n=int(row['n']))}"
    )
    if row["low"] <= 0 <= row["high"]:
        return say(lang, "brief.contrast_none", **names), sentence
    more, less = ("us", "cn") if row["estimate"] > 0 else ("cn", "us")
    points = round(100 * abs(row["estimate"]))
    return say(lang, "brief.contrast", more=names[more], less=names[less], points=points), sentence


def tell_doubt(shelf: Shelf, lang: str) -> list[Slide]:
    """How many answered each headline, what its interval covers, and how well the model tells firms apart."""
    returned = shelf.manifest.get("firms")
    rows = [row for row in headline_rows(shelf) if len(shelf.shares(str(row["question"])))]
    if not rows or not returned:
        return []
    bars, lines, shown = [], [], []
    for row in rows:
        question = str(row["question"])
        all_rows = shelf.shares(question, base_rule="answered")
        known = all_rows["n"].dropna()
        name = name_of(shelf, lang, question)
        if known.empty:
            words = say(lang, "state.suppressed")
            bars.append(Bar(name, words, words, "", None))
            continue
        n = int(known.max())
        words = say(lang, "unit.count", count=n, n=returned)
        bars.append(Bar(name, words, words, "", as_printed(n / returned, returned)))
        methods = [str(m) for m in dict.fromkeys(all_rows["method"].dropna()) if m]
        told = say(lang, "brief.listed").join(said(m, lang) for m in methods) or "–"
        lines.append((name, as_whole(n), as_whole(returned), told))
        shown.append(n)
    claim = say(lang, "brief.sure_hidden")
    if shown:
        key = "brief.sure_one" if min(shown) == max(shown) else "brief.sure_claim"
        claim = say(lang, key, low=min(shown), high=max(shown), returned=returned)
    head = tuple(say(lang, f"brief.{key}") for key in ("question", "answered", "returned", "method_of"))
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
    chart = Chart(tuple(bars), "percent", 0.0, 1.0, words, (say(lang, "brief.answered"),))
    points = [say(lang, "brief.meaning")]
    auc, events = shelf.model("auc"), shelf.model("events")
    if auc is not None and events is not None and is_number(auc["estimate"]) and is_number(auc["low"]):
        ends = {
            key: f"{auc[name]:.2f}" for key, name in (("value", "estimate"), ("low", "low"), ("high", "high"))
        }
        points.append(say(lang, "brief.auc", n=int(auc["n"]), events=int(events["estimate"]), **ends))
    if shelf.is_transported:
        points.append(shelf.transported(lang))
    table = Table(head, tuple(lines), claim, (1, 2))
    notes = tuple(" · ".join(part for part in line) for line in lines)
    source = source_words(shelf, lang, say(lang, "brief.n", n=returned), say(lang, "brief.base_returned"))
    sentence = say(lang, "brief.answered_of", returned=returned)
    return [Slide("sure", "bases", claim, sentence, chart, table, tuple(points), source, notes)]


def tell_sectors(shelf: Shelf, lang: str) -> list[Slide]:
    """The last headline by its first break, the largest groups first."""
    found = sectors_of(shelf, lang)
    if found is None:
        return []
    rows = [
        (shelf.label(lang, found.by, str(row["group"])), row, "both")
        for _, row in found.rows.head(_MOST).iterrows()
    ]
    words = {
        "question": shelf.label(lang, found.question),
        "option": shelf.label(lang, found.question, found.option),
    }
    n, by = int(found.rows["n"].fillna(0).sum()), shelf.label(lang, found.by)
    sentence = say(lang, "sector.sentence", n=n, by=by, **words)
    rest = len(found.rows) - len(rows)
    points = (say(lang, "brief.more", many=rest),) if rest > 0 else ()
    return [_slide(shelf, lang, "who", "sectors", found.title, rows, sentence, points)]
