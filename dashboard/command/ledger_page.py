"""The Ledger as a page to print and sign, English and Japanese side by side; no script, nothing fetched."""

from html import escape
from typing import TYPE_CHECKING

from dashboard.command.outputs import SYNTHETIC

if TYPE_CHECKING:
    import pandas as pd

    from survey import Ledger, Study

__all__ = ["MOST_CELLS", "page_of_ledger"]

MOST_CELLS = 400
"""Cells printed for one step; all of them stand in the JSON and the CSV."""

_WORDS = {
    "title": ("Ledger of changes to the answers", "回答データの修正記録"),
    "study": ("Study", "調査"),
    "wave": ("Wave", "回"),
    "file": ("File as received", "受領ファイル"),
    "sha256": ("Checksum (SHA-256)", "チェックサム（SHA-256）"),
    "rows": ("Rows read", "読み込んだ行数"),
    "left": ("Rows after cleaning", "修正後の行数"),
    "cells": ("Cells changed", "修正したセル数"),
    "none": ("No answer was changed.", "回答の修正はありません。"),
    "steps": ("What was done", "実施した処理"),
    "step": ("Step", "順"),
    "rule": ("Rule", "規則"),
    "column": ("Column", "列"),
    "many": ("Cells", "件数"),
    "why": ("Reason", "理由"),
    "who": ("Decided by", "決定者"),
    "row": ("Row", "行"),
    "firm": ("Firm", "企業"),
    "before": ("Before", "修正前"),
    "after": ("After", "修正後"),
    "whole": ("whole row", "行全体"),
    "always": ("always runs", "常に実施"),
    "blank": ("blank", "空欄"),
    "missing": ("stands for", "区分"),
    "checked": ("Checked by", "確認者"),
    "date": ("Date", "日付"),
    "synthetic": (SYNTHETIC, "合成データ（架空の回答）"),
    "trim_text": ("spaces taken off", "空白の除去"),
    "narrow_digits": ("full-width digits made half-width", "全角数字の半角化"),
    "thousands": ("commas in numbers taken out", "桁区切りの除去"),
    "recode": ("codes exchanged", "コードの置き換え"),
    "set_missing": ("set missing, with its reason", "欠損理由の設定"),
    "merge_duplicates": ("rows of one firm merged", "重複回答の統合"),
    "harmonise_country": ("countries brought to codes", "国名の統一"),
    "harmonise_sector": ("sectors brought to codes", "業種の統一"),
    "harmonise_currency": ("amounts brought to one currency", "通貨の統一"),
    "winsorise": ("put on the limit", "外れ値の丸め（ウィンザー化）"),
    "drop": ("rows dropped", "行の除外"),
    "correct": ("corrected by hand", "個別訂正"),
}
_STYLE = """
@page { size: A4; margin: 18mm 15mm; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; color: #222; background: #fff; line-height: 1.45;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #bbb; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.ja { color: #444; } .blank { color: #666; font-style: italic; }
.sign { display: flex; gap: 2rem; margin-top: 3rem; break-inside: avoid; }
.sign p { flex: 1; border-top: 1px solid #222; padding-top: .25rem; }
.banner { color: #8f3a22; font-weight: 600; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; } }
"""


def page_of_ledger(ledger: "Ledger", cells: "pd.DataFrame", study: "Study", left: int) -> str:
    """The whole page as HTML.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row a change, as `survey.ledger_cells` gives them.
    left : int
        Rows of the cleaned wave.
    """
    title = " / ".join(dict.fromkeys(text for text in study.title.values() if text)) or study.id
    facts = {
        "study": title,
        "wave": ledger.wave,
        "file": ledger.file.replace("\\", "/").rpartition("/")[2],
        "sha256": ledger.sha256,
        "rows": str(ledger.rows),
        "left": str(left),
        "cells": str(len(cells)),
    }
    banner = f'<p class="banner">{_both("synthetic")}</p>' if study.synthetic else ""
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(_WORDS['title'][0])}: {escape(title)}</title><style>{_STYLE}</style></head>",
        f"<body><main><h1>{_both('title')}</h1>{banner}<dl>",
        *(f"<dt>{_both(key)}</dt><dd>{escape(text)}</dd>" for key, text in facts.items()),
        "</dl>",
        _steps(ledger) if ledger.changes else f"<p>{_both('none')}</p>",
        *(_cells(step, table) for step, table in cells.groupby("step", sort=True)),
        f'<div class="sign"><p>{_both("checked")}</p><p>{_both("date")}</p></div>',
        f"{banner}</main></body></html>\n",
    ]
    return "\n".join(parts)


def _both(key: str) -> str:
    """English, and Japanese marked as such."""
    english, japanese = _WORDS[key]
    return f'{escape(english)} <span class="ja" lang="ja">{escape(japanese)}</span>'


def _head(*keys: str) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col">{_both(key)}</th>' for key in keys) + "</tr></thead>"


def _rule(name: str) -> str:
    return f"{_both(name)}<br><code>{escape(name)}</code>" if name in _WORDS else escape(name)


def _steps(ledger: "Ledger") -> str:
    """One row a change."""
    rows = []
    for number, change in enumerate(ledger.changes, start=1):
        column = escape(change.column) if change.column else _both("whole")
        why = escape(change.reason) + (
            f" ({_both('missing')}: {escape(change.missing)})" if change.missing else ""
        )
        who = escape(change.who) or _both("always")
        if not change.who and change.rule not in ("trim_text", "narrow_digits", "thousands"):
            who = ""
        rows.append(
            f'<tr><td class="number"><a href="#step-{number}">{number}</a></td><td>{_rule(change.rule)}</td>'
            f'<td>{column}</td><td class="number">{len(change)}</td><td>{why}</td><td>{who}</td></tr>'
        )
    head = _head("step", "rule", "column", "many", "why", "who")
    return f"<h2>{_both('steps')}</h2><table>{head}<tbody>{''.join(rows)}</tbody></table>"


def _cells(step: object, table: "pd.DataFrame") -> str:
    """The cells of one change, the first of them where there are very many."""
    first = table.iloc[0]
    rows = [
        f'<tr><td class="number">{row}</td><td>{escape(firm)}</td>'
        f"<td>{_cell(before)}</td><td>{_cell(after)}</td></tr>"
        for row, firm, before, after in table[["row", "firm", "before", "after"]]
        .head(MOST_CELLS)
        .itertuples(index=False)
    ]
    more = len(table) - MOST_CELLS
    rest = f"<p>+ {more}: .json, .csv</p>" if more > 0 else ""
    column = f": {escape(str(first['column']))}" if first["column"] else ""
    head = _head("row", "firm", "before", "after")
    return (
        f'<h2 id="step-{step}">{step}. {_both(str(first["rule"]))}{column}</h2>'
        f"<p>{escape(str(first['reason']))}</p><table>{head}<tbody>{''.join(rows)}</tbody></table>{rest}"
    )


def _cell(text: str) -> str:
    """A cell, its blanks said, spaces around it shown as ␣."""
    bare = text.strip()
    if text and bare != text:
        lead = len(text) - len(text.lstrip())
        text = "␣" * lead + bare + "␣" * (len(text) - lead - len(bare))
    return escape(text) if text else f'<span class="blank">{_both("blank")}</span>'
