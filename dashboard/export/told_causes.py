"""Why, and what if: dependence behind the invoices, rules that collide, and scenarios."""

import pandas as pd

from dashboard.claims import collision_claim
from dashboard.export.scales import end_of
from dashboard.export.story import Bar, Chart, Slide, Table
from dashboard.export.told_answers import source_words
from dashboard.foreseen import MEASURED, Foreseen, foreseen_for, top_of
from dashboard.given_words import article_words
from dashboard.ruled import ruled_for
from dashboard.scenario_words import as_difference, digits_under, ends_words, limits_words, scenario_sentence
from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.supplied import Supplied, country_of, supplied_for
from dashboard.supply_words import as_part, country_name, say_dependence
from dashboard.theme import DIVISIONS
from dashboard.wording import as_date, as_index, as_whole, catalogue, is_number, say

__all__ = ["tell_collisions", "tell_dependence", "tell_scenarios"]

_MOST = 8


def tell_dependence(shelf: Shelf, view: View) -> list[Slide]:
    """Face value against look-through by country, the largest first."""
    lang = view.lang
    supplied = supplied_for(shelf, View(lang=lang, seed=view.seed))
    if supplied is None:
        return []
    claim, bound = say_dependence(supplied, lang)
    rows = supplied.rows.sort_values("exposure", ascending=False, kind="stable", na_position="last")
    is_rounded = shelf.audience != "internal"
    shown = rows[rows["exposure"].notna()].head(_MOST)
    hidden = int(rows["exposure"].isna().sum())
    bars = tuple(_part(lang, row, is_rounded) for _, row in shown.iterrows())
    if not bars:
        return [Slide("why", "dependence", claim, source=source_words(shelf, lang))]
    n = say(lang, "brief.n", n=supplied.n) if supplied.n else ""
    heads = [say(lang, f"suppliers.head_{key}") for key in ("country", "direct", "exposure", "high")]
    lines = tuple(
        (
            country_name(lang, country_of(str(row["seed"]))),
            *[as_part(lang, row[key], is_rounded=is_rounded) for key in ("direct", "exposure", "high")],
        )
        for _, row in shown.iterrows()
    )
    names = (say(lang, "suppliers.key_exposure"), say(lang, "suppliers.key_direct"))
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
    points = [say(lang, "suppliers.note_first"), say(lang, "suppliers.note_bound")]
    if supplied.named is not None:
        points.insert(0, say(lang, "suppliers.named", named=as_part(lang, supplied.named, is_rounded=True)))
    if hidden and is_rounded:
        points.append(say(lang, "brief.countries_hidden", many=hidden))
    chart = Chart(bars, "percent", 0.0, end_of(bars, 0.1), words, names)
    table = Table(tuple(heads), lines, claim, (1, 2, 3))
    notes = tuple(
        " · ".join(f"{head} {cell}" for head, cell in zip(heads, line, strict=True)) for line in lines
    )
    source = source_words(shelf, lang, n, say(lang, "base.linked"), _day(shelf, lang))
    return [
        Slide(
            "why", "dependence", claim, bound, chart, table, tuple(points), source, (*notes, *points), bound
        )
    ]


def _day(shelf: Shelf, lang: str) -> str:
    day = str(shelf.manifest.get("as_of") or "")
    return say(lang, "brief.day", day=as_date(lang, day)) if day else ""


def _part(lang: str, row: pd.Series, is_rounded: bool) -> Bar:
    seed = str(row["seed"])
    told = {key: as_part(lang, row[key], is_rounded=is_rounded) for key in ("direct", "exposure", "high")}
    digits = 2 if is_rounded else 3
    numbers = {
        key: round(float(row[key]), digits) if is_number(row[key]) else None
        for key in ("direct", "exposure", "high")
    }
    label = country_name(lang, country_of(seed))
    words = say(lang, "brief.dependence", **told)
    brief = f"{told['direct']} → {told['exposure']}"
    if is_number(row["high"]) and told["high"] != told["exposure"]:
        low = told["exposure"].rstrip("%％")
        brief = f"{told['direct']} → {say(lang, 'brief.range', low=low, high=told['high'])}"
    return Bar(label, words, brief, Supplied.side(seed), numbers["exposure"], was=numbers["direct"])


def _word(lang: str, kind: str, code: object) -> str:
    key = f"{kind}.{code}"
    return say(lang, key) if key in catalogue(lang) else str(code)


def tell_collisions(shelf: Shelf, view: View) -> list[Slide]:
    """Pairs of a duty and the clause that punishes it, those that most flows meet first; internal only."""
    lang = view.lang
    ruled = ruled_for(shelf, View(lang=lang))
    if ruled is None or ruled.matrix.empty:
        return []
    rows = ruled.matrix.sort_values(["lethal", "flows"], ascending=False, kind="stable").head(_MOST)
    head = tuple(say(lang, f"matrix.head_{key}") for key in ("duty", "clause", "status", "firms", "flows"))
    lines = tuple(
        (
            ruled.name(lang, str(row["duty"])),
            f"{ruled.name(lang, str(row['clause']))} {article_words(lang, str(row['article']))}".strip(),
            _word(lang, "status", row["status"]),
            as_whole(row["n"]),
            as_whole(row["flows"]),
        )
        for _, row in rows.iterrows()
    )
    rest = len(ruled.matrix) - len(rows)
    points = [say(lang, "brief.more_pairs", many=rest)] if rest > 0 else []
    claim = collision_claim(ruled, lang)
    statuses = dict.fromkeys(str(status) for status in rows["status"])
    meant = tuple(f"{_word(lang, 'status', s)}: {say(lang, f'matrix.means_{s}')}" for s in statuses)
    n = say(lang, "brief.n", n=int(shelf.manifest.get("firms") or 0))
    source = source_words(shelf, lang, n, say(lang, "base.linked"), say(lang, "brief.counted"))
    notes = (*meant, say(lang, "brief.counted"))
    sentence = say(lang, "brief.pairs")
    return [
        Slide(
            "why",
            "collisions",
            claim,
            sentence,
            None,
            Table(head, lines, claim, (3, 4)),
            (*meant, *points),
            source,
            notes,
            say(lang, "brief.counted"),
        )
    ]


def tell_scenarios(shelf: Shelf, view: View) -> list[Slide]:
    """Every scenario by its effect on all firms together; without numbers, what they are."""
    lang = view.lang
    found = foreseen_for(shelf, View(lang=lang, scenario=view.scenario, stat=view.stat))
    if found is None:
        return []
    rows = found.beside.dropna(subset=["estimate"]).head(_MOST)
    return [_named_alone(shelf, lang, found)] if rows.empty else [_effects(shelf, lang, found, rows)]


def _named_alone(shelf: Shelf, lang: str, found: Foreseen) -> Slide:
    head = (say(lang, "scenarios.head_scenario"), say(lang, "brief.about"))
    lines = tuple(
        (found.words(lang, "title", s), found.words(lang, "about", s)) for s in found.scenarios[:_MOST]
    )
    claim = say(lang, "brief.scenarios", many=len(found.scenarios))
    kept = say(lang, "brief.scenarios_kept", audience=say(lang, f"audience.{shelf.audience}"))
    return Slide(
        "if",
        "scenarios",
        claim,
        kept,
        None,
        Table(head, lines, claim),
        (),
        source_words(shelf, lang),
        (kept,),
        kept,
    )


def _effects(shelf: Shelf, lang: str, found: Foreseen, rows: pd.DataFrame) -> Slide:
    side = MEASURED[found.stat]
    bars, lines, digits = [], [], digits_under(top_of(rows))
    for _, row in rows.iterrows():
        title = found.words(lang, "title", str(row["scenario"]))
        limits = limits_words(lang, row["low"], row["high"], row["level"], digits)
        brief = as_difference(row["estimate"], digits)
        told = say(lang, "brief.told", value=brief, interval=limits, n=int(row["n"]))
        ends = [
            round(float(row[k]), digits) + 0.0 if is_number(row[k]) else None
            for k in ("estimate", "low", "high")
        ]
        short = ends_words(lang, row["low"], row["high"], digits) or say(lang, "interval.none")
        brief += f" · {short} · {say(lang, 'brief.n', n=int(row['n']))}"
        bars.append(Bar(title, told, brief, side, ends[0], ends[1], ends[2]))
        before, after = (as_index(row[key], digits) for key in ("before", "after"))
        lines.append(
            (title, before, after, as_difference(row["estimate"], digits), limits, as_whole(row["n"]))
        )
    known = [x for bar in bars for x in (bar.value, bar.low, bar.high) if x is not None]
    step = next((end for end in DIVISIONS if max(map(abs, known)) <= end * 0.98), 1.0)
    measure = say(lang, f"scenarios.measure_{found.stat}")
    claim = scenario_sentence(found, lang)
    keys = ("scenario", "before", "after", "difference", "interval", "n")
    head = tuple(say(lang, f"scenarios.head_{key}") for key in keys)
    words = say(lang, "brief.chart_of", claim=claim, rows="; ".join(f"{b.label}: {b.told}" for b in bars))
    from_ = -step if min(known) < 0 else 0.0
    name = say(lang, "brief.difference_in", measure=measure)
    sentence = say(lang, "scenarios.beside_sentence", n=int(rows["n"].max()))
    points = tuple(say(lang, f"scenarios.note_{key}") for key in ("paired", "exact", "frozen"))
    methods = dict.fromkeys(str(method) for method in rows["method"])
    own = next(
        (b for b, (_, r) in zip(bars, rows.iterrows(), strict=True) if r["scenario"] == found.scenario), None
    )
    found_sure = own.told if own is not None else sentence
    notes = [
        f"{line[0]}: {line[1]} → {line[2]}; {line[3]}; {line[4]}; {say(lang, 'brief.n', n=line[5])}"
        for line in lines
    ]
    return Slide(
        "if",
        "scenarios",
        claim,
        sentence,
        Chart(tuple(bars), "index", from_, step, words, (name,)),
        Table(head, tuple(lines), claim, (1, 2, 3, 5)),
        points,
        source_words(
            shelf,
            lang,
            say(lang, "brief.n", n=int(rows["n"].max())),
            say(lang, "base.linked"),
            _day(shelf, lang),
        ),
        (*notes, *[say(lang, "brief.drawn_by", method=method) for method in methods]),
        found_sure,
    )
