"""A banner book as one web page that stands alone: no script, nothing fetched."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from dashboard.command.book_words import said
from dashboard.command.outputs import replace_file
from dashboard.command.sheets import Cell, Head, Line, Part, Sheet
from dashboard.straight import straight_text

__all__ = ["write_webpage"]

_STYLE = """
:root { --ink: #222; --quiet: #5c5f66; --line: #d4d7dc; --tint: #f1f4f8; --link: #1f5fa8; }
body { margin: 0 auto; padding: 1.5rem; max-width: 90rem; color: var(--ink); line-height: 1.45;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 0.25rem; }
a { color: var(--link); }
nav ol { columns: 22rem; padding-left: 1.5rem; }
.rule { color: var(--quiet); font-size: 0.85rem; margin: 0 0 0.5rem; }
.scroll { overflow-x: auto; margin: 0 0 0.75rem; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { background: var(--tint); vertical-align: bottom; min-width: 4.5rem; }
thead th[scope=col] { font-weight: 500; max-width: 9rem; overflow-wrap: break-word; hyphens: auto; }
thead th[scope=colgroup] { text-align: left; }
thead th[scope=colgroup] span { position: sticky; left: 10.5rem; }
th[scope=row], th.corner { text-align: left; position: sticky; left: 0; z-index: 1; background: #fff;
  min-width: 9rem; max-width: 22rem; font-weight: 400; }
th.corner { background: var(--tint); }
.edge { border-left: 1px solid var(--line); }
tr.net th, tr.net td { font-weight: 600; }
tr.base th, tr.base td { color: var(--quiet); font-size: 0.85rem; }
.letters { color: var(--link); font-weight: 600; padding-left: 0.35rem; }
.limits { display: block; color: var(--quiet); font-size: 0.75rem; font-weight: 400; white-space: nowrap; }
.count { font-style: italic; }
.made-up { color: #8f3a22; font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 0.5rem; max-width: 60rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { padding: 1rem; }
  th[scope=row], th.corner { min-width: 7rem; max-width: 9.5rem; }
  thead th[scope=col] { max-width: 7rem; }
}
@media print {
  .scroll { overflow: visible; } table { page-break-inside: avoid; font-size: 0.7rem; } nav { display: none; }
  h2, .rule { break-after: avoid; }
}
"""


def write_webpage(
    title: str,
    sheets: Sequence[Sheet],
    notes: Sequence[tuple[str, str]],
    out: Path,
    *,
    lang: str,
    is_synthetic: bool,
    source: str = "",
) -> None:
    """Write the book to an .html file, whole or not at all."""
    warning = f'<p class="made-up">{escape(said("synthetic", lang))}</p>' if is_synthetic else ""
    links = "".join(f'<li><a href="#q{at}">{escape(s.title)}</a></li>' for at, s in enumerate(sheets))
    listed = (
        f'<nav aria-label="{escape(said("contents", lang))}"><ol>{links}</ol></nav>' if sheets[1:] else ""
    )
    parts = [
        f'<!doctype html>\n<html lang="{escape(lang or "und")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>",
        f'<body><main><h1>{escape(title)}</h1><p class="rule">{escape(source)}</p>{warning}{listed}',
        *(_question(at, sheet, lang) for at, sheet in enumerate(sheets)),
        f"<h2>{escape(said('notes', lang))}</h2><dl>",
        *(f"<dt>{escape(head)}</dt><dd>{escape(text)}</dd>" for head, text in notes),
        f"</dl>{warning}</main></body></html>\n",
    ]
    page = straight_text("\n".join(parts))
    replace_file(out, lambda path: path.write_text(page, encoding="utf-8", newline=""))


def _question(at: int, sheet: Sheet, lang: str) -> str:
    """One question with its parts."""
    tables = "".join(_part(sheet, part, lang) for part in sheet.parts)
    return f'<section><h2 id="q{at}">{escape(sheet.title)}</h2>{tables}</section>'


def _part(sheet: Sheet, part: Part, lang: str) -> str:
    rule = f"{sheet.question} · {part.rule}: {said(part.rule, lang)}"
    body = "".join(_line(line, part.heads) for line in part.lines)
    return (
        f'<p class="rule">{escape(rule)}</p><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(sheet.title)}"><table><thead>{_heads(part, lang)}</thead>'
        f"<tbody>{_bases(part, lang)}{body}</tbody></table></div>"
    )


def _heads(part: Part, lang: str) -> str:
    """Rows of breaks, outer groups where there are any, and groups with letters."""
    tiers = part.tiers()
    corner = f'<th class="corner" rowspan="{len(tiers)}" scope="col">{escape(said("answer", lang))}</th>'
    scopes = ["colgroup"] * (len(tiers) - 1) + ["col"]
    rows = [
        "".join(
            f'<th class="edge" scope="{scope}" colspan="{width}"><span>{escape(text)}</span></th>'
            for text, width in tier
        )
        for scope, tier in zip(scopes, tiers, strict=True)
    ]
    return "".join(f"<tr>{'' if place else corner}{row}</tr>" for place, row in enumerate(rows))


def _bases(part: Part, lang: str) -> str:
    """Firms, weighted base where it differs, and notes where there are any."""
    rows = [("n", [f"{head.n:,}" for head in part.heads])]
    if part.is_weighted:
        rows.append(("base", [f"{head.base:,.1f}" for head in part.heads]))
    if any(head.note for head in part.heads):
        rows.append(("note", [said(head.note, lang) if head.note else "" for head in part.heads]))
    return "".join(
        f'<tr class="base"><th scope="row">{escape(said(key, lang))}</th>'
        + "".join(f'<td class="edge">{escape(text)}</td>' for text in texts)
        + "</tr>"
        for key, texts in rows
    )


def _line(line: Line, heads: Sequence[Head]) -> str:
    """One option over all columns."""
    cells = "".join(_cell(cell) for cell in line.cells)
    kind = ' class="net"' if line.is_net else ""
    return f'<tr{kind}><th scope="row">{escape(line.label)}</th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    """A number, its letters, under it its interval."""
    if cell.value != cell.value:
        return '<td class="edge"></td>'
    letters = f'<span class="letters">{escape(cell.letters)}</span>' if cell.letters else ""
    limits = f'<span class="limits">{escape(cell.limits)}</span>' if cell.limits else ""
    shown = f'<span class="count">{cell.shown}</span>' if cell.kind == "count" else cell.shown
    return f'<td class="edge">{shown}{letters}{limits}</td>'
