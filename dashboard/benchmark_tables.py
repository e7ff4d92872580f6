"""The two tables of a comparison: answers beside those of others, and what would move the firm."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from dashboard.benchmark_words import place_words
from dashboard.given_words import product_words
from dashboard.named import name_rules, rule_names
from dashboard.shelf import Shelf
from dashboard.wording import as_index, as_interval, as_share, catalogue, say

__all__ = ["alike_table", "controls_table", "moves_table"]


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
    heads = _headed(lang, "question", "yours", "share", "interval")
    return _table("alike", say(lang, "benchmark.alike"), heads, lines)


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


def controls_table(rows: Iterable[Mapping[str, Any]], gains: Mapping[str, float], lang: str) -> str:
    """Control by control: the firm, how many of those that answered have it, the index with it in place."""
    lines = []
    for row in rows:
        name = escape(say(lang, f"control.{row['option']}"))
        own = escape(say(lang, f"readiness.{row['own']}"))
        gain = gains.get(str(row["option"]))
        after = "" if gain is None else as_index(gain)
        lines.append(
            f'<tr><th scope="row">{name}</th><td>{own}</td>{_share(row, lang)}'
            f'<td class="number">{after}</td></tr>'
        )
    heads = {
        "control": say(lang, "readiness.head_control"),
        "yours": say(lang, "benchmark.head_yours"),
        "share": say(lang, "benchmark.head_share"),
        "interval": say(lang, "benchmark.head_interval"),
        "change": say(lang, "readiness.head_if"),
    }
    return _table("alike", say(lang, "readiness.own_title"), heads, lines)


def moves_table(shelf: Shelf, moves: pd.DataFrame, lang: str) -> str:
    """What each measure would be without one flow, greatest change first."""
    if moves.empty:
        return f'<p class="sentence">{escape(say(lang, "benchmark.moves_none"))}</p>'
    lines = []
    known, names = catalogue(lang), rule_names(shelf, lang)
    for row in moves.to_dict(orient="records"):
        channel = known.get(f"channel.{row['channel']}", str(row["channel"]))
        change = f"{as_index(float(row['before']), 3)} → {as_index(float(row['after']), 3)}"
        place = place_words({str(k): v for k, v in row.items()}, lang)
        goods = product_words(lang, str(row["what"]))
        flow = say(lang, "benchmark.flow_of", goods=goods, channel=channel) if goods else channel
        rules = say(lang, "audit.listed").join(_rule(names, rule, lang) for rule in _rules(row["evidence"]))
        lines.append(
            f'<tr><th scope="row">{escape(shelf.label(lang, "pressure." + str(row["measure"])))}</th>'
            f"<td>{escape(flow)}</td><td>{escape(str(row['partner']))}</td>"
            f'<td class="number">{escape(change)}</td><td class="number">{escape(place)}</td>'
            f'<td class="rules-behind">{rules}</td></tr>'
        )
    heads = _headed(lang, "measure", "flow", "partner", "change", "place", "rules")
    return _table("moves", say(lang, "benchmark.moves"), heads, lines)


def _rules(evidence: object) -> list[str]:
    return str(evidence).split(", ")


def _rule(names: Mapping[str, str], rule: str, lang: str) -> str:
    """A rule by its name, its id small beside it, and what it asks for."""
    told = (
        f'{escape(words)} <span class="rule-id">{escape(one)}</span>' if one else escape(words)
        for words, one in name_rules(names, rule)
    )
    return _OUTCOME.sub(lambda found: escape(_outcome(found, lang)), "".join(told))


_OUTCOME = re.compile(r" \((\w+)\)")
"""What a rule asks for, behind its id."""


def _outcome(found: re.Match[str], lang: str) -> str:
    words = catalogue(lang).get(f"outcome.{found[1]}")
    return say(lang, "benchmark.rule_asks", outcome=words) if words else found[0]


def _headed(lang: str, *names: str) -> dict[str, str]:
    return {name: say(lang, f"benchmark.head_{name}") for name in names}


def _table(kind: str, name: str, heads: Mapping[str, str], lines: Iterable[str]) -> str:
    numbers = ("share", "change", "place")
    top = "".join(
        f'<th scope="col"{_number(head in numbers)}>{escape(words)}</th>' for head, words in heads.items()
    )
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<table class="{kind}-of-one"><caption>{escape(name)}</caption><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(_told_heads(line, list(heads.values())) for line in lines)}</tbody></table></div>"
    )


def _told_heads(line: str, heads: Sequence[str]) -> str:
    """A row whose cells each know the head of their column, for screens that show a row as a block."""
    head = iter(heads[1:])
    return _CELL.sub(lambda _: f'<td data-head="{escape(next(head))}"', line)


_CELL = re.compile("<td(?=[ >])")


def _number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
