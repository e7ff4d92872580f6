"""Tables as one web page that stands alone: no script, nothing fetched."""

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.outputs import SYNTHETIC, replace_file
from dashboard.command.sheets import PRINTED, decimals, notes_for, sheets_for

if TYPE_CHECKING:
    import pandas as pd

    from survey import Study, Wave

__all__ = ["write_webpage"]

_COUNTS = ("n", "base", "count")

_STYLE = """
body { margin: 2rem; color: #222;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
table { border-collapse: collapse; margin: 0 0 2rem; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid #ddd; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.banner { color: #8f3a22; font-weight: 600; }
"""


def write_webpage(estimates: "pd.DataFrame", wave: "Wave", study: "Study", out: Path) -> None:
    """Write the tables to an .html file, whole or not at all."""
    lang = study.languages[0] if study.languages else ""
    title = escape(study.title.get(lang) or study.id)
    banner = f'<p class="banner">{SYNTHETIC}</p>' if study.synthetic else ""
    parts = [
        f'<!doctype html>\n<html lang="{escape(lang or "und")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>",
        f"<body><main><h1>{title}</h1>{banner}",
        *(_table(sheet.question, sheet.title, sheet.table) for sheet in sheets_for(estimates, wave, lang)),
        "<h2>Notes</h2><dl>",
        *(
            f"<dt>{escape(head)}</dt><dd>{escape(text)}</dd>"
            for head, text in notes_for(estimates, wave, study)
        ),
        f"</dl>{banner}</main></body></html>\n",
    ]
    replace_file(out, lambda path: path.write_text("\n".join(parts), encoding="utf-8", newline=""))


def _table(question: str, title: str, table: "pd.DataFrame") -> str:
    """One question."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in PRINTED)
    rows = []
    for record in table.to_dict(orient="records"):
        digits = decimals(record["n"], record["stat"] == "share")
        cells = [_cell(record[name], 4 if name in _COUNTS else digits, name in _COUNTS) for name in PRINTED]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    said = f"{escape(question)}: {escape(title)}" if title != question else escape(question)
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f"<table><caption>{said}</caption>{body}</table>"


def _cell(value: object, digits: int, is_count: bool) -> str:
    """One cell: text, or a number to some digits; counts without needless zeros, undefined ones empty."""
    if isinstance(value, str):
        return f"<td>{escape(value)}</td>"
    number = float(value)  # type: ignore[arg-type]
    shown = "" if number != number else f"{number:.{digits}f}"
    if is_count and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f'<td class="number">{shown}</td>'
