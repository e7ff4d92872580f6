"""The Ledger as a page to print and sign, English and Japanese side by side; no script, nothing fetched."""

from html import escape
from typing import TYPE_CHECKING

from dashboard.command.ledger_parts import meanings_part, weights_part
from dashboard.command.ledger_words import (
    LEDGER_WORDS,
    both,
    drawn_table,
    heading_row,
    plain_both,
    reason_both,
)
from dashboard.straight import straight_text

if TYPE_CHECKING:
    import pandas as pd

    from survey import Ledger, Study, Wave

__all__ = ["MOST_CELLS", "page_of_ledger"]

MOST_CELLS = 400
"""Cells printed for one step; all of them stand in the JSON and the CSV."""

_ALWAYS = ("trim_text", "narrow_digits", "thousands")
"""Rules that run without being asked for."""

_STYLE = """
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-left { content: "FOOT"; font: 8pt sans-serif; color: #555; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #555; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; color: #222; background: #fff; line-height: 1.45;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
h2, h3, h2 + p { break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; break-inside: avoid; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #bbb; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
td.cell { overflow-wrap: anywhere; } td .ja { display: inline-block; }
.which th { font-weight: 400; font-size: .85em; color: #555; border: 0; }
th { border-bottom: 1px solid #222; font-weight: 600; }
th, code { overflow-wrap: normal; } td.cell { width: 38%; }
th.number, td.number { text-align: right; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.ja { color: #444; } th .ja { display: block; font-weight: 400; white-space: nowrap; }
.blank { color: #666; font-style: italic; }
.sign { display: flex; gap: 2rem; margin-top: 3rem; } .end { break-inside: avoid; }
.sign p { flex: 1; border-top: 1px solid #222; padding-top: .25rem; }
.banner { color: #8f3a22; font-weight: 600; }
.wide { overflow-x: auto; }
@media screen and (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }
  a { color: inherit; text-decoration: none; }
  h1 { font-size: 15pt; margin-top: 0; } h2 { margin-top: 1.3rem; font-size: 11.5pt; } p { margin: .4rem 0; }
  table { margin-bottom: .8rem; } .sign { margin-top: 2.5rem; } .wide { overflow: visible; } }
"""


def page_of_ledger(ledger: "Ledger", cells: "pd.DataFrame", study: "Study", wave: "Wave") -> str:
    """The whole page as HTML.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row a change, as `survey.ledger_cells` gives them.
    wave : Wave
        Cleaned, and weighed where the study weighs it.
    """
    title = " / ".join(dict.fromkeys(text for text in study.title.values() if text)) or study.id
    facts = {
        "study": title,
        "wave": ledger.wave,
        "file": ledger.file.replace("\\", "/").rpartition("/")[2],
        "sha256": ledger.sha256,
        "rows": str(ledger.rows),
        "left": str(len(wave)),
        "cells": str(sum(len(c) for c in ledger.changes if c.column and not _is_weight(c.rule))),
    }
    banner = f'<p class="banner">{both("synthetic")}</p>' if study.synthetic else ""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(LEDGER_WORDS['title'][0])}: {escape(title)}</title>"
        f"<style>{_STYLE.replace('FOOT', _foot(ledger, study))}</style></head>",
        f"<body><main><h1>{both('title')}</h1>{banner}<dl>",
        *(f"<dt>{both(key)}</dt><dd>{escape(text)}</dd>" for key, text in facts.items()),
        "</dl>",
        _steps(ledger) if ledger.changes else f"<p>{both('none')}</p>",
        meanings_part(ledger.meanings),
        weights_part(wave.weighted),
        *(
            _cells(step, table)
            for step, table in cells.groupby("step", sort=True)
            if not _is_weight(table["rule"].iloc[0])
        ),
        f'<div class="end">{banner}<div class="sign">',
        f"<p>{both('checked')}</p><p>{both('date')}</p></div></div>",
        "</main></body></html>\n",
    ]
    return straight_text("\n".join(parts))


def _is_weight(rule: str) -> bool:
    return rule.startswith("weights.")


def _foot(ledger: "Ledger", study: "Study") -> str:
    """What stands at the foot of each sheet: study, wave, checksum, and that respondents are made up."""
    parts = [study.id, ledger.wave, f"SHA-256 {ledger.sha256[:12]}"]
    parts += [plain_both("synthetic")] if study.synthetic else []
    plain = " · ".join(parts).replace("\\", "").replace('"', "").replace("<", "").replace("\n", " ")
    return plain


def _rule(name: str) -> str:
    return f"{both(name)}<br><code>{escape(name)}</code>" if name in LEDGER_WORDS else escape(name)


def _steps(ledger: "Ledger") -> str:
    """One row a change."""
    rows = []
    for number, change in enumerate(ledger.changes, start=1):
        column = _name(change.column) if change.column else both("whole")
        why = reason_both(change.rule, change.reason)
        if change.missing:
            why += f" ({both('missing')}: {both(change.missing)})"
        who = escape(change.who)
        if not who and (change.rule in _ALWAYS or _is_weight(change.rule)):
            who = both("always" if change.rule in _ALWAYS else "setting")
        number_cell = f"{number}" if _is_weight(change.rule) else f'<a href="#step-{number}">{number}</a>'
        rows.append(
            f'<tr><td class="number">{number_cell}</td><td>{_rule(change.rule)}</td>'
            f'<td>{column}</td><td class="number">{len(change)}</td><td>{why}</td><td>{who}</td></tr>'
        )
    head = heading_row("step", "rule", "column", "many", "why", "who", numbers=("step", "many"))
    return f"<h2>{both('steps')}</h2>{drawn_table(head, rows)}"


def _cells(step: object, table: "pd.DataFrame") -> str:
    """The cells of one change, the first of them where there are very many."""
    first = table.iloc[0]
    rows = [
        f'<tr><td class="number">{row}</td><td>{escape(firm)}</td>'
        f'<td class="cell">{_cell(before)}</td><td class="cell">{_cell(after)}</td></tr>'
        for row, firm, before, after in table[["row", "firm", "before", "after"]]
        .head(MOST_CELLS)
        .itertuples(index=False)
    ]
    more = len(table) - MOST_CELLS
    rest = f"<p>+ {more} {both('rest')}</p>" if more > 0 else ""
    column = f": {_name(str(first['column']))}" if first["column"] else ""
    head = heading_row("row", "firm", "before", "after", numbers=("row",))
    which = f"{step}. {escape(str(first['rule']))}{column}"
    head = head.replace("<thead>", f'<thead><tr class="which"><th colspan="4">{which}</th></tr>')
    why = reason_both(str(first["rule"]), str(first["reason"]))
    return (
        f'<h2 id="step-{step}">{step}. {both(str(first["rule"]))}{column}</h2>'
        f"<p>{why}</p>{drawn_table(head, rows)}{rest}"
    )


def _name(column: str) -> str:
    """The name of a column, which may break after an underscore."""
    return escape(column).replace("_", "_<wbr>")


def _cell(text: str) -> str:
    """A cell, its blanks said, spaces around it shown as ␣."""
    bare = text.strip()
    if text and bare != text:
        lead = len(text) - len(text.lstrip())
        text = "␣" * lead + bare + "␣" * (len(text) - lead - len(bare))
    return escape(text) if text else f'<span class="blank">{both("blank")}</span>'
