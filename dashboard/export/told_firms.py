"""Who stands between the two sides: firms on both scales, or bands where no firm may be shown."""

import pandas as pd

from dashboard.claims import band_claim, tier_claim
from dashboard.export.scales import end_of
from dashboard.export.story import Chart, Cross, Slide, Spot, Table
from dashboard.export.told_answers import bar_of, note_row, source_words
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.wording import as_date, as_index, is_number, say

__all__ = ["tell_firms"]

_MOST = 8
"""Firms named on a slide; fewer than the page has, because labels must not cover each other."""


def tell_firms(shelf: Shelf, view: View) -> list[Slide]:
    """Firms of an internal Release; bands of any other."""
    return _crossed(shelf, view) if shelf.has_firms else _bands(shelf, view.lang)


def _crossed(shelf: Shelf, view: View) -> list[Slide]:
    lang, firms = view.lang, shelf.chosen(view.compare, _MOST).head(_MOST)
    firms = firms[firms["us"].notna() & firms["cn"].notna()]
    if firms.empty:
        return []
    spots = tuple(_spot(shelf, lang, place, row) for place, (_, row) in enumerate(firms.iterrows(), 1))
    both, n = shelf.reached
    claim = say(lang, "quadrant.title", both=both, n=n)
    head = (say(lang, "column.firm"), *[say(lang, f"column.{key}") for key in ("us", "cn", "squeeze")])
    head += (say(lang, "column.p_choose"), say(lang, "column.tier"))
    rows = tuple(
        (
            f"{spot.mark} {spot.label}",
            *[_cell(lang, row, stat, shelf.digits) for stat in ("us", "cn", "squeeze")],
            _cell(lang, row, "p_choose", 2),
            f"{row['tier']:g}" if is_number(row["tier"]) else say(lang, "state.missing"),
        )
        for spot, (_, row) in zip(spots, firms.iterrows(), strict=True)
    )
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(" ".join(row[:3]) for row in rows))
    cross = Cross(spots, shelf.scale, say(lang, "quadrant.x"), say(lang, "quadrant.y"), words)
    level = firms["us_level"].dropna()
    told = say(
        lang, "brief.limits", level=say(lang, "unit.per_level", level=f"{100 * float(level.iloc[0]):g}")
    )
    key = "brief.firms_chosen" if view.compare else "brief.firms_most"
    methods = "; ".join(dict.fromkeys(str(m) for m in firms["p_choose_method"] if m))
    notes = [
        say(lang, "brief.firm_note", firm=row[0], us=row[1], cn=row[2], squeeze=row[3], p=row[4])
        for row in rows
    ]
    points = [tier_claim(shelf, lang), say(lang, "pressure.tiers_note")]
    if shelf.is_transported:
        points.append(shelf.transported(lang))
    return [
        Slide(
            "who",
            "firms",
            claim,
            say(lang, key, many=len(spots), n=n),
            cross,
            Table(head, rows, claim, (1, 2, 3, 4, 5)),
            tuple(points),
            source_words(shelf, lang, say(lang, "brief.n", n=n), say(lang, "base.linked"), told),
            (*notes, say(lang, "brief.drawn_by", method=methods)) if methods else tuple(notes),
            say(lang, "brief.counted"),
        )
    ]


def _spot(shelf: Shelf, lang: str, place: int, row: pd.Series) -> Spot:
    name = row["name_ja"] if lang == "ja" and row["name_ja"] else row["name"] or row["firm"]

    def three(stat: str) -> tuple[float, float, float]:
        value = float(row[stat])
        ends = [
            float(row[f"{stat}_{end}"]) if is_number(row[f"{stat}_{end}"]) else value
            for end in ("low", "high")
        ]
        low, middle, high = (round(one, shelf.digits) for one in (ends[0], value, ends[1]))
        return low, middle, high

    return Spot(str(place), str(name), three("us"), three("cn"))


def _cell(lang: str, row: pd.Series, stat: str, digits: int) -> str:
    if not is_number(row[stat]):
        return say(lang, "state.missing")
    value = as_index(row[stat], digits)
    if not (is_number(row[f"{stat}_low"]) and is_number(row[f"{stat}_high"])):
        return value
    low, high = (as_index(row[f"{stat}_{end}"], digits) for end in ("low", "high"))
    return value if low == high else f"{value} ({low}–{high})"


def _bands(shelf: Shelf, lang: str) -> list[Slide]:
    slides = []
    for name, side in (("squeeze", "both"), ("us", "us"), ("cn", "cn")):
        question = f"pressure.{name}"
        rows = shelf.shares(question)
        if rows.empty:
            continue
        claim, n = band_claim(shelf, lang, name, rows)
        order = {option: place for place, option in enumerate(shelf.options(question))}
        ordered = rows.assign(place=rows["option"].map(order)).sort_values("place", kind="stable")
        labelled = [(shelf.label(lang, question, str(row["option"])), row) for _, row in ordered.iterrows()]
        bars = tuple(bar_of(lang, label, row, side) for label, row in labelled)
        words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
        chart = Chart(bars, "percent", 0.0, end_of(bars), words, (say(lang, "brief.share_of"),))
        head = tuple(say(lang, f"column.{key}") for key in ("band", "value"))
        table = Table(head, tuple((bar.label, bar.told) for bar in bars), claim)
        day = as_date(lang, str(shelf.manifest.get("as_of") or ""))
        size = say(lang, "brief.n", n=n) if n else ""
        source = source_words(shelf, lang, size, say(lang, "base.linked"), say(lang, "brief.day", day=day))
        notes = tuple(note_row(shelf, lang, label, row) for label, row in labelled)
        sentence = say(lang, "brief.bands", n=n) if n else say(lang, "state.suppressed")
        if n and all("census" in str(method) for method in rows.loc[rows["estimate"].notna(), "method"]):
            sentence = say(lang, "brief.bands_counted", n=n)
        slides.append(
            Slide("who", f"bands-{name}", claim, sentence, chart, table, (), source, notes, sentence)
        )
    return slides
