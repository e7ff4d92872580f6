"""The two tables of a comparison: answers beside those of others, and what would move the firm."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from dashboard.benchmark_words import place_words
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_interval, as_share, catalogue, say

__all__ = ["alike_table", "moves_table"]


def alike_table(shelf: Shelf, rows: Iterable[Mapping[str, Any]], lang: str) -> str:
    """Question by question the firm's own answer, and how many of the firms that answered say the same."""
    lines, last = [], ""
    kinds = shelf.tables.get("questions", pd.DataFrame({"question": [], "kind": []}))
    sets = set(kinds.loc[kinds["kind"] == "multiple", "question"])
    for row in rows:
        question, option = str(row["question"]), str(row["option"])
        words = shelf.label(lang, question, option)
        if question in sets:
            if question != last:
                title = escape(shelf.label(lang, question))
                lines.append(f'<tr class="group"><th scope="rowgroup" colspan="4">{title}</th></tr>')
            own = say(lang, "benchmark.yes" if row["own"] == "yes" else "benchmark.no")
            first = f'<th scope="row" class="of-set">{escape(words)}</th>'
        else:
            own, first = words, f'<th scope="row">{escape(shelf.label(lang, question))}</th>'
        last = question
        lines.append(f"<tr>{first}<td>{escape(own)}</td>{_share(row, lang)}</tr>")
    return _table(lang, "alike", ("question", "yours", "share", "interval"), lines)


def _share(row: Mapping[str, Any], lang: str) -> str:
    """Share and interval; the one look of everything that is hidden."""
    if row["flag"] == "suppressed" or row["estimate"] != row["estimate"]:
        return (
            f'<td colspan="2"><span class="hidden-value">{escape(say(lang, "state.suppressed"))}</span></td>'
        )
    n = int(row["n"])
    share = as_share(lang, float(row["estimate"]), n)
    level = float(row["level"])
    ends = as_interval(lang, float(row["low"]), float(row["high"]), level, str(row["method"]), n=n)
    base = escape(say(lang, "base.strip_n", n=n))
    return f'<td class="number">{escape(share)}</td><td>{escape(ends)} <span class="quiet">{base}</span></td>'


def moves_table(shelf: Shelf, moves: pd.DataFrame, lang: str) -> str:
    """What each measure would be without one flow, greatest change first."""
    if moves.empty:
        return f'<p class="sentence">{escape(say(lang, "benchmark.moves_none"))}</p>'
    lines = []
    known = catalogue(lang)
    for row in moves.to_dict(orient="records"):
        channel = known.get(f"channel.{row['channel']}", str(row["channel"]))
        change = f"{as_index(float(row['before']), 3)} → {as_index(float(row['after']), 3)}"
        place = place_words({str(k): v for k, v in row.items()}, lang)
        goods = str(row["what"]).replace("_", " ")
        flow = f"{goods} ({channel})" if goods else channel
        lines.append(
            f'<tr><th scope="row">{escape(shelf.label(lang, "pressure." + str(row["measure"])))}</th>'
            f"<td>{escape(flow)}</td><td>{escape(str(row['partner']))}</td>"
            f'<td class="number">{escape(change)}</td><td class="number">{escape(place)}</td>'
            f"<td><code>{escape(str(row['evidence']))}</code></td></tr>"
        )
    return _table(lang, "moves", ("measure", "flow", "partner", "change", "place", "rules"), lines)


def _table(lang: str, caption: str, heads: Sequence[str], lines: Iterable[str]) -> str:
    numbers = ("share", "change", "place")
    top = "".join(
        f'<th scope="col"{_number(head in numbers)}>{escape(say(lang, f"benchmark.head_{head}"))}</th>'
        for head in heads
    )
    name = escape(say(lang, f"benchmark.{caption}"))
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}">'
        f'<table class="{caption}-of-one">'
        f"<caption>{name}</caption><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
