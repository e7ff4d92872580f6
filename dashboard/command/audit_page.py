"""The audit of printed figures as a report to read and print: one page of HTML that fetches nothing."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.finding_words import say_finding
from dashboard.straight import straight_text
from dashboard.wording import catalogue, say

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Audit, Figures, Reason
    from survey import Finding

__all__ = ["page_of_audit"]

_STYLE = """
@page { size: A4; margin: 16mm 14mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
:root { --ink: #1A1C1F; --quiet: #565B63; --line: #D9DCE1; --ground: #FFFFFF; --mark: #8F3A22;
  color-scheme: light dark; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #ECEEF1; --quiet: #A9AFB8; --line: #3A3F47; --ground: #14161A; --mark: #F0A184; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; color: var(--ink); background: var(--ground);
  line-height: 1.45;
  font-family: Inter, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", sans-serif; }
h1 { font-size: 1.5rem; margin-bottom: .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; break-after: avoid; }
p { max-width: 72ch; margin: .4rem 0; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; width: 100%; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: break-word; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; border-bottom: 0; padding-top: .8rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.flag { font-weight: 600; color: var(--mark); }
.id { color: var(--quiet); font-size: .85em; overflow-wrap: anywhere; }
.by { white-space: nowrap; }
.wide { overflow-x: auto; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 8.5pt; } .wide { overflow: visible; }
  h1 { font-size: 15pt; margin-top: 0; } h2 { font-size: 11pt; } }
"""
_DASH = "–"


def page_of_audit(audit: "Audit", figures: "Figures", lang: str, floor: int) -> str:
    """The whole report as HTML in English or Japanese."""
    table = audit.table
    questions = table.drop_duplicates(["survey", "wave", "edition", "question_id"])
    title = say(lang, "audit.title")
    head = say(
        lang, "audit.subtitle", file=Path(audit.file).name, figures=len(table), questions=len(questions)
    )
    many = {
        "known": int(table["base"].notna().sum()),
        "open": int(table["flag"].str.contains("ambiguous|unknown").sum()),
        "clash": int(table["flag"].str.contains("stated base not").sum()),
        "cut": int(table["flag"].str.contains("cut, not").sum()),
        "small": len(audit.small),
        "floor": floor,
    }
    level = say(lang, "unit.per_level", level=f"{100 * audit.level:g}")
    words = _worded(figures, lang)
    parts = [
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1><p>{escape(head)}</p>",
        f"<p>{escape(say(lang, 'audit.summary', **many))}</p>",
        _section(lang, "figures", _figures(audit, words, lang, level)),
        _section(lang, "sources", _sources(audit, words, lang)),
        _section(lang, "contrasts", _contrasts(audit, lang, level), note="contrasts_note"),
        _section(lang, "changes", _changes(audit, lang, level), note="changes_note"),
        _section(lang, "small", _small(audit, words, lang)),
        _section(lang, "editions", _editions(audit, lang)),
        _section(lang, "findings", "".join(_finding(lang, one) for one in audit.findings)),
        f"<h2>{escape(say(lang, 'audit.how'))}</h2><p>{escape(say(lang, 'audit.how_text', level=level))}</p>",
        "</main></body></html>\n",
    ]
    return straight_text("\n".join(parts))


def _worded(figures: "Figures", lang: str) -> "pd.DataFrame":
    """Figures by row, with gists in the language of the report where the yearly survey has them."""
    words = figures.frame.set_index("row")
    if lang == "en":
        return words
    from analysis import usual_wordings

    told = usual_wordings(lang)
    ids, options = words["question_id"], words["option_id"]
    gists = {
        "question_gist": zip(ids, [""] * len(ids), strict=True),
        "option_gist": zip(ids, options, strict=True),
    }
    return words.assign(
        **{
            name: [told.get(k, g) for k, g in zip(keys, words[name], strict=True)]
            for name, keys in gists.items()
        }
    )


def _finding(lang: str, finding: "Finding") -> str:
    told = say_finding(lang, (finding.found, finding.meaning, finding.do), finding.where)
    return f'<p lang="{told.lang}">{escape(told.words)}</p>'


def _section(lang: str, key: str, body: str, note: str = "") -> str:
    said = f"<p>{escape(say(lang, f'audit.{note}'))}</p>" if note and body else ""
    shown = body or f"<p>{escape(say(lang, 'audit.none'))}</p>"
    return f"<h2>{escape(say(lang, f'audit.{key}'))}</h2>{said}{shown}"


def _table(lang: str, heads: Sequence[str], rows: Iterable[str], **words: str) -> str:
    body = "".join(rows)
    if not body:
        return ""
    top = "".join(f'<th scope="col">{escape(say(lang, f"audit.{h}", **words))}</th>' for h in heads)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(*cells: str, numbers: Sequence[int] = ()) -> str:
    made = (f'<td class="number">{c}</td>' if j in numbers else f"<td>{c}</td>" for j, c in enumerate(cells))
    return f"<tr>{''.join(made)}</tr>"


def _named(words: "pd.DataFrame", row: int, part: str) -> str:
    gist, name = str(words.loc[row, f"{part}_gist"]), str(words.loc[row, f"{part}_id"])
    return f'{escape(gist)} <span class="id">{escape(name)}</span>' if gist else escape(name)


def _flags(lang: str, flag: str) -> str:
    keys = (part.replace(",", "").replace(" ", "_") for part in flag.split(";") if part)
    return "; ".join(escape(say(lang, f"audit_flag.{key}")) for key in keys)


def _gates(words: "pd.DataFrame", lang: str) -> dict[str, str]:
    """Answers that lead to a question (`q = yes`), in the wording of the printed figures."""
    parts = words[["question_id", "option_id", "question_gist", "option_gist"]].drop_duplicates()
    return {
        f"{q} = {o}": say(lang, "audit.gate", question=question, option=option)
        for q, o, question, option in parts.itertuples(index=False)
        if question and option
    }


def _figures(audit: "Audit", words: "pd.DataFrame", lang: str, level: str) -> str:
    sentences = {
        k.removeprefix("audit_reason."): v
        for k, v in catalogue(lang).items()
        if k.startswith("audit_reason.")
    }
    gates = _gates(words, lang)
    rows: list[str] = []
    last: tuple[str, ...] = ()
    for figure in audit.table.to_dict(orient="records"):
        row, place = figure["row"], tuple(figure[k] for k in ("survey", "wave", "edition", "question_id"))
        if place != last:
            last = place
            named = " · ".join([*(escape(p) for p in place[:3] if p), _named(words, row, "question")])
            rows.append(f'<tr><th colspan="6" scope="rowgroup">{named}</th></tr>')
        rows.append(_figure(figure, audit.reasons[row], _named(words, row, "option"), lang, sentences, gates))
    heads = ("answer", "printed", "count", "interval", "rounding", "remark")
    return _table(lang, heads, rows, level=level)


def _figure(
    figure: "dict[Hashable, Any]",
    reasons: "tuple[Reason, ...]",
    named: str,
    lang: str,
    words: Mapping[str, str],
    gates: Mapping[str, str],
) -> str:
    """One printed percent: what is behind it, and why it is read so."""
    base = _blank(figure["base"])
    of = f"{_blank(figure['count']) or _DASH} / {base or figure['feasible_bases'] or _DASH}"
    digits = 0 if base and int(base) < 200 else 1
    low, high = figure["low"], figure["high"]
    interval = _DASH if low != low else f"{100 * low:.{digits}f}–{100 * high:.{digits}f}"
    told = [{k: gates.get(str(v), v) if k == "gate" else v for k, v in r.values.items()} for r in reasons]
    why = escape("; ".join(words[r.code].format(**given) for r, given in zip(reasons, told, strict=True)))
    by = say(lang, f"rounding.{figure['rounding'].replace(' ', '_')}") if figure["rounding"] else _DASH
    return _row(
        named,
        escape(figure["printed"]),
        escape(of),
        interval,
        f'<span class="by">{escape(by)}</span>',
        f'<span class="flag">{_flags(lang, figure["flag"])}</span> {why}',
        numbers=(1, 2, 3),
    )


def _blank(number: object) -> str:
    """A whole number as text, "" where it is missing."""
    return "" if str(number) in ("<NA>", "nan", "None") else str(number)


def _sources(audit: "Audit", words: "pd.DataFrame", lang: str) -> str:
    rows = (
        _row(
            f"{escape(str(words.loc[r, 'wave']))} · {_named(words, r, 'option')}",
            f"{escape(p)} <span class='id'>{escape(s)}</span>",
            f"{escape(q)} <span class='id'>{escape(t)}</span>",
            escape(say(lang, f"audit_flag.{a}")),
        )
        for r, _, a, p, q, s, t in audit.sources.itertuples(index=False, name=None)
    )
    return _table(lang, ("answer", "printed", "against", "is"), rows)


def _points(lang: str, estimate: float, low: float, high: float) -> str:
    parts = {"estimate": estimate, "low": low, "high": high}
    return escape(say(lang, "audit.points", **{k: f"{100 * v:+.1f}" for k, v in parts.items()}))


def _contrasts(audit: "Audit", lang: str, level: str) -> str:
    rows = (
        _row(
            escape(f"{c.wave} {c.edition}".strip()), escape(str(c.question_id)), escape(str(c.option_id)),
            escape(str(c.against)), str(c.n), _points(lang, c.estimate, c.low, c.high), numbers=(4, 5),
        )
        for c in audit.contrasts.itertuples()
    )  # fmt: skip
    return _table(lang, ("wave", "question", "answer", "against", "base", "difference"), rows, level=level)


def _changes(audit: "Audit", lang: str, level: str) -> str:
    rows = (
        _row(
            escape(c["question_id"]),
            escape(c["option_id"]),
            *(
                escape(
                    f"{c[f'{k}_wave']}: {say(lang, 'audit.of', count=c[f'{k}_count'], base=c[f'{k}_base'])}"
                )
                for k in ("from", "to")
            ),
            _points(lang, c["estimate"], c["low"], c["high"]),
            f"{100 * c['smallest']:.1f}",
            f"{_flags(lang, c['flag'])} {escape(c['break'])}".strip(),
            numbers=(4, 5),
        )
        for c in audit.changes.to_dict(orient="records")
    )
    heads = ("question", "answer", "from", "to", "difference", "smallest", "remark")
    return _table(lang, heads, rows, level=level)


def _small(audit: "Audit", words: "pd.DataFrame", lang: str) -> str:
    rows = (
        _row(
            f"{escape(str(words.loc[row, 'wave']))} · {_named(words, row, 'question')}",
            _named(words, row, "option"),
            escape(say(lang, "audit.gave" if cell == "gave it" else "audit.did_not")),
            escape(say(lang, "audit.of", count=firms, base=_blank(base) or "?")),
            escape(printed),
            numbers=(3, 4),
        )
        for row, cell, firms, base, printed in audit.small[
            ["row", "cell", "firms", "base", "printed"]
        ].itertuples(index=False, name=None)
    )
    return _table(lang, ("question", "answer", "cell", "count", "printed"), rows)


def _editions(audit: "Audit", lang: str) -> str:
    rows = []
    for e in audit.editions.to_dict(orient="records"):
        known = say(lang, "audit.added", added=e["added"])
        if e["fewest_edits"]:
            known = say(lang, "audit.edited", edits=e["fewest_edits"])
        elif e["exposed"]:
            known = say(lang, "audit.exposed", count=e["second_count"] - e["first_count"], added=e["added"])
        ends = (
            f"{e[k]}: {say(lang, 'audit.of', count=e[f'{k}_count'], base=e[f'{k}_base'])}"
            for k in ("first", "second")
        )
        rows.append(
            _row(*(escape(str(c)) for c in (e["wave"], e["question_id"], e["option_id"], *ends, known)))
        )
    return _table(lang, ("wave", "question", "answer", "from", "to", "remark"), rows)
